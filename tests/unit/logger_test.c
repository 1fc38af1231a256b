/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/logger_test.c - spbe-guardlog as a program: signals, kills,
 * faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "record/line.h"
#include "record/record.h"
#include "store/query.h"

static apr_pool_t *pool;

#define PROGRAM "build/spbe-guardlog"

typedef struct logger {
    pid_t pid;
    int in;       /* write end of its pipe */
    int read_end; /* kept open, as httpd does, to start it again on */
} logger_t;

static char dir[64];
static spbe_redact_t *redact;

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void new_dir(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    redact = spbe_redact_create(NULL, pool);
}

static void remove_dir(void)
{
    assert_int_equal(
        system(apr_pstrcat(pool, "rm -rf ", dir, " ", dir, ".err", NULL)), 0);
}

static void run(logger_t *logger, uid_t user)
{
    logger->pid = fork();
    if (logger->pid == 0) {
        int err = open(apr_pstrcat(pool, dir, ".err", NULL),
                       O_WRONLY | O_CREAT | O_APPEND, 0666);

        dup2(logger->read_end, 0);
        dup2(err, 2);
        close(logger->in);
        close(logger->read_end);
        if (user != 0 && setuid(user) != 0) {
            _exit(99);
        }
        execl(PROGRAM, PROGRAM, "--home", dir, (char *)NULL);
        _exit(98);
    }
}

static void start_as(logger_t *logger, uid_t user)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    logger->read_end = ends[0];
    logger->in = ends[1];
    run(logger, user);
}

static void start(logger_t *logger)
{
    start_as(logger, 0);
}

/* Ends its pipe; the exit code. */
static int stop(logger_t *logger)
{
    int status;

    close(logger->in);
    close(logger->read_end);
    assert_int_equal(waitpid(logger->pid, &status, 0), logger->pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static apr_array_header_t *make_lines(apr_uint64_t seq, size_t size)
{
    spbe_ref_t ref;
    char *trace = apr_palloc(pool, size + 1);
    spbe_record_t record = {.ts = apr_time_now(),
                            .kind = "error",
                            .class_name = "code",
                            .status_in = 500};
    spbe_encoded_t encoded;

    spbe_ref_make(&ref, apr_time_now());
    memset(trace, 't', size);
    record.id = ref.id;
    record.ref = ref.ref;
    record.trace = (spbe_span_t){trace, size};
    encoded = spbe_record_encode(&record, redact, 65536, pool);
    return spbe_line_split(&encoded, "n-1-1", seq, pool);
}

static void send_text(logger_t *logger, spbe_span_t text)
{
    assert_int_equal(write(logger->in, text.ptr, text.len), text.len);
}

static void send_records(logger_t *logger, int from, int n, size_t size)
{
    int i, k;

    for (i = 0; i < n; i++) {
        apr_array_header_t *lines = make_lines((apr_uint64_t)(from + i), size);

        for (k = 0; k < lines->nelts; k++) {
            send_text(logger, APR_ARRAY_IDX(lines, k, spbe_span_t));
        }
    }
}

/* -1 while the database cannot be read. */
static long count_records(void)
{
    spbe_database_t *database;
    apr_pool_t *own;
    long n = -1;

    apr_pool_create(&own, pool);
    if (spbe_database_open(&database, dir, NULL, SPBE_DATABASE_READ, own) ==
        APR_SUCCESS) {
        spbe_query_count(database, &n, own);
    }
    apr_pool_destroy(own);
    return n;
}

/* Waits until the database has so many records; how long that took. */
static apr_time_t wait_for(long n, int seconds)
{
    apr_time_t begin = apr_time_now();

    while (count_records() != n) {
        if (apr_time_now() - begin > apr_time_from_sec(seconds)) {
            fail_msg("%ld records, not %ld", count_records(), n);
        }
        usleep(20000);
    }
    return apr_time_now() - begin;
}

static const char *slurp(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    size_t n = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);

    text[n] = '\0';
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static int times_said(const char *what)
{
    const char *text = slurp(apr_pstrcat(pool, dir, ".err", NULL));
    int n = 0;

    while ((text = strstr(text, what)) != NULL) {
        text += strlen(what);
        n++;
    }
    return n;
}

static double state_number(const char *name)
{
    cJSON *json = cJSON_Parse(slurp(path_of("state.json")));
    cJSON *item = cJSON_GetObjectItem(json, name);
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;

    cJSON_Delete(json);
    return value;
}

static void logger_keeps(void **state)
{
    logger_t logger;

    new_dir();
    start(&logger);
    send_records(&logger, 1, 1, 100);
    /* Seen within about a second; the machine may be busy. */
    assert_true(wait_for(1, 10) < apr_time_from_sec(5));
    send_records(&logger, 2, 150, 5000);
    wait_for(151, 10);
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(state_number("records"), 151);
    assert_int_equal(state_number("malformed"), 0);
    assert_int_equal(state_number("indexed_bytes"),
                     state_number("archive_bytes"));
    assert_int_equal(times_said("spbe-guardlog"), 0);
    remove_dir();
}

/* httpd sends these at restarts while its children still write. */
static void logger_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGUSR1};
    logger_t logger;
    size_t i;

    new_dir();
    start(&logger);
    send_records(&logger, 1, 1, 10);
    wait_for(1, 10);
    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        kill(logger.pid, signals[i]);
    }
    send_records(&logger, 2, 1, 10);
    wait_for(2, 10);
    assert_int_equal(stop(&logger), 0);
    remove_dir();
}

/* Killed and started again on the same pipe: what is in the archive is in the
 * index, and nothing twice. */
static void logger_killed(void **state)
{
    logger_t logger;
    int i, status;
    long n;

    new_dir();
    start(&logger);
    for (i = 0; i < 5; i++) {
        send_records(&logger, i * 20 + 1, 20, 9000);
        usleep(30000);
        kill(logger.pid, SIGKILL);
        waitpid(logger.pid, &status, 0);
        run(&logger, 0);
    }
    send_records(&logger, 1001, 1, 10);
    assert_int_equal(stop(&logger), 0);
    n = count_records();
    assert_true(n > 20 && n <= 101);
    assert_int_equal(state_number("indexed_bytes"),
                     state_number("archive_bytes"));
    remove_dir();
}

static void logger_malformed(void **state)
{
    logger_t logger;

    new_dir();
    start(&logger);
    send_text(&logger, SPBE_SPAN("nonsense\n{\"v\":9}\n"));
    send_records(&logger, 1, 1, 10);
    send_text(&logger, SPBE_SPAN("half a line"));
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(state_number("malformed"), 3);
    assert_int_equal(state_number("lines"), 4);
    assert_int_equal(count_records(), 1);
    assert_non_null(strstr(slurp(path_of("archive.jsonl")), "nonsense"));
    assert_non_null(strstr(slurp(path_of("archive.jsonl")), "half a line"));
    remove_dir();
}

/* A database that cannot be opened delays the index and nothing else. */
static void logger_database_down(void **state)
{
    logger_t logger;

    new_dir();
    assert_int_equal(mkdir(path_of("guard.db"), 0700), 0);
    start(&logger);
    send_records(&logger, 1, 30, 10);
    sleep(3);
    assert_int_equal(times_said("database: "), 1);
    assert_int_equal(rmdir(path_of("guard.db")), 0);
    wait_for(30, 10);
    /* Taken away while running. */
    unlink(path_of("guard.db"));
    unlink(path_of("guard.db-wal"));
    unlink(path_of("guard.db-shm"));
    send_records(&logger, 31, 1, 10);
    wait_for(31, 10);
    assert_int_equal(stop(&logger), 0);
    remove_dir();
}

static void logger_disk_full(void **state)
{
    logger_t logger;

    new_dir();
    assert_int_equal(symlink("/dev/full", path_of("archive.jsonl")), 0);
    start(&logger);
    send_records(&logger, 1, 30, 10);
    sleep(3);
    assert_int_equal(times_said("archive: "), 1);
    assert_int_equal(times_said("No space left"), 1);
    unlink(path_of("archive.jsonl"));
    wait_for(30, 10);
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(state_number("lost"), 0);
    remove_dir();
}

/* A folder in which nothing can be written: it reads on, says so and exits
 * with 1 at the end. */
static void logger_read_only(void **state)
{
    logger_t logger;

    new_dir();
    chmod(dir, 0555);
    close(open(apr_pstrcat(pool, dir, ".err", NULL), O_CREAT, 0666));
    chmod(apr_pstrcat(pool, dir, ".err", NULL), 0666);
    start_as(&logger, geteuid() == 0 ? 65534 : 0);
    send_records(&logger, 1, 100, 3000);
    sleep(2);
    assert_int_equal(times_said("archive: "), 1);
    assert_int_equal(stop(&logger), 1);
    remove_dir();
}

static void logger_makes_home(void **state)
{
    logger_t logger;
    struct stat st;

    new_dir();
    rmdir(dir);
    start(&logger);
    send_records(&logger, 1, 1, 10);
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(count_records(), 1);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 02750);
    assert_int_equal(stat(path_of("archive.jsonl"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    remove_dir();
}

/* The rest of the record never comes. */
static void logger_unfinished(void **state)
{
    apr_array_header_t *lines;
    logger_t logger;

    new_dir();
    start(&logger);
    lines = make_lines(1, 20000);
    send_text(&logger, APR_ARRAY_IDX(lines, 0, spbe_span_t));
    send_records(&logger, 2, 1, 10);
    wait_for(1, 10);
    assert_true(wait_for(2, 20) > apr_time_from_sec(2));
    lines = make_lines(3, 20000);
    send_text(&logger, APR_ARRAY_IDX(lines, 1, spbe_span_t));
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(count_records(), 3);
    assert_int_equal(state_number("incomplete"), 2);
    remove_dir();
}

/* A second one waits for the first to end and takes over. */
static void logger_two(void **state)
{
    logger_t one, two;

    new_dir();
    start(&one);
    send_records(&one, 1, 1, 10);
    wait_for(1, 10);
    start(&two);
    send_records(&two, 1000, 1, 10);
    sleep(2);
    assert_int_equal(count_records(), 1);
    assert_int_equal(times_said("another spbe-guardlog"), 1);
    assert_int_equal(stop(&one), 0);
    wait_for(2, 10);
    assert_int_equal(stop(&two), 0);
    remove_dir();
}

static void logger_options(void **state)
{
    assert_int_equal(system(PROGRAM " --help >/dev/null"), 0);
    assert_int_equal(system(PROGRAM " --version >/dev/null"), 0);
    assert_int_equal(WEXITSTATUS(system(PROGRAM " --what 2>/dev/null")), 2);
    assert_int_equal(WEXITSTATUS(system(PROGRAM " --home 2>/dev/null")), 2);
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logger_keeps),
        cmocka_unit_test(logger_signals),
        cmocka_unit_test(logger_killed),
        cmocka_unit_test(logger_malformed),
        cmocka_unit_test(logger_database_down),
        cmocka_unit_test(logger_disk_full),
        cmocka_unit_test(logger_read_only),
        cmocka_unit_test(logger_makes_home),
        cmocka_unit_test(logger_unfinished),
        cmocka_unit_test(logger_two),
        cmocka_unit_test(logger_options),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
