/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/logger_test.c - spbe-guardlog as a program: signals, kills,
 * faults. As root it becomes nobody.
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
#include <sys/resource.h>
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
#define CONFINED "build/tools/confined"

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

#define WORDS 16

/* more: further options, or NULL. */
static void make_words(const char *words[WORDS], const char *const *more)
{
    int n = 0;

    words[n++] = PROGRAM;
    words[n++] = "--home";
    words[n++] = dir;
    words[n++] = "--no-syslog";
    if (geteuid() == 0) {
        words[n++] = "--user";
        words[n++] = "nobody";
    }
    while (more != NULL && *more != NULL) {
        words[n++] = *more++;
    }
    words[n] = NULL;
}

/* file_size: of its files, as long as nobody lifts that; 0: no limit. */
static void run_with(logger_t *logger, const char *const *more,
                     rlim_t file_size)
{
    const char *words[WORDS];
    struct rlimit limit = {file_size, RLIM_INFINITY};

    make_words(words, more);
    logger->pid = fork();
    if (logger->pid == 0) {
        int err = open(apr_pstrcat(pool, dir, ".err", NULL),
                       O_WRONLY | O_CREAT | O_APPEND, 0666);

        dup2(logger->read_end, 0);
        dup2(err, 2);
        close(logger->in);
        close(logger->read_end);
        signal(SIGXFSZ, SIG_IGN);
        if (file_size != 0) {
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        execv(PROGRAM, (char *const *)words);
        _exit(98);
    }
}

static void run(logger_t *logger)
{
    run_with(logger, NULL, 0);
}

static void make_pipe(logger_t *logger)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    logger->read_end = ends[0];
    logger->in = ends[1];
}

static void start_with(logger_t *logger, const char *const *more,
                       rlim_t file_size)
{
    make_pipe(logger);
    run_with(logger, more, file_size);
}

/* A disk that is nearly full is another test's business. */
static const char *const no_reserve[] = {"--reserve", "0", NULL};

static void start(logger_t *logger)
{
    start_with(logger, no_reserve, 0);
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

static int count_row(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    /* What the logger says of itself is none of those that were sent. */
    *(long *)baton += strcmp(row->kind, "notice") != 0;
    return 0;
}

/* -1 while the database cannot be read. */
static long count_records(void)
{
    const spbe_filter_t all = {0};
    spbe_database_t *database;
    apr_pool_t *own;
    long n = -1;

    apr_pool_create(&own, pool);
    if (spbe_database_open(&database, dir, NULL, SPBE_DATABASE_READ, own) ==
        APR_SUCCESS) {
        n = 0;
        spbe_query_records(database, &all, count_row, &n, own);
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

/* Does the first segment have that text? */
static int is_archived(const char *text)
{
    return strstr(slurp(path_of("archive/00000000000000000000.jsonl")), text) !=
           NULL;
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
    assert_int_equal(state_number("lines"), 1 + 2 * 150);
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
        run(&logger);
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
    assert_true(is_archived("nonsense"));
    assert_true(is_archived("half a line"));
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

static void lift_limit(pid_t pid)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

    if (prlimit(pid, RLIMIT_FSIZE, &limit, NULL) == -1) {
        fail_msg("%d: %s", (int)pid, strerror(errno));
    }
}

/* Limits are lifted by the same user only. */
static const char *const as_root[] = {"--reserve", "0", "--user", "root", NULL};

/* The archive can be opened, and then not written. What comes meanwhile waits
 * in the pipe. */
static void logger_disk_full(void **state)
{
    logger_t logger;

    new_dir();
    start_with(&logger, as_root, 16384);
    send_records(&logger, 1, 30, 700);
    sleep(3);
    assert_int_equal(times_said("archive: "), 1);
    assert_int_equal(times_said("File too large"), 1);
    lift_limit(logger.pid);
    lift_limit((pid_t)state_number("intake"));
    lift_limit((pid_t)state_number("index"));
    wait_for(30, 20);
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(state_number("lost"), 0);
    assert_true(is_archived("sys_sink_failure"));
    assert_true(is_archived("sys_sink_recovered"));
    remove_dir();
}

/* A folder in which nothing can be written: it says so, waits, and exits with 1
 * some seconds after the end. */
static void logger_read_only(void **state)
{
    logger_t logger;

    new_dir();
    chmod(dir, 0555);
    start(&logger);
    send_records(&logger, 1, 5, 3000);
    sleep(2);
    assert_int_equal(times_said("archive: "), 1);
    assert_int_equal(stop(&logger), 1);
    chmod(dir, 0755);
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
    assert_int_equal(stat(path_of("archive"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
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
    /* Of the last one the first line is missing, and so what it is. */
    assert_int_equal(count_records(), 2);
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

/* Waits until state.json names another process. */
static pid_t wait_for_other(const char *name, pid_t before)
{
    apr_time_t begin = apr_time_now();
    pid_t pid;

    do {
        usleep(50000);
        pid = (pid_t)state_number(name);
    } while ((pid <= 0 || pid == before) &&
             apr_time_now() - begin < apr_time_from_sec(20));
    return pid;
}

/* -1: the status of the process does not say. */
static long status_of(pid_t pid, const char *name)
{
    const char *text = slurp(apr_psprintf(pool, "/proc/%d/status", (int)pid));
    const char *hit = strstr(text, apr_pstrcat(pool, "\n", name, ":", NULL));

    return hit == NULL ? -1 : strtol(hit + strlen(name) + 2, NULL, 16);
}

/* What the filter refuses is tried by a program of its own: this one is built
 * with ASan. */
static void logger_confined(void **state)
{
    logger_t logger;
    pid_t intake, index;

    new_dir();
    start(&logger);
    send_records(&logger, 1, 1, 10);
    wait_for(1, 10);
    intake = wait_for_other("intake", 0);
    index = wait_for_other("index", 0);
    assert_int_equal(status_of(intake, "Seccomp"), 2);
    assert_int_equal(status_of(intake, "NoNewPrivs"), 1);
    assert_int_equal(status_of(index, "NoNewPrivs"), 1);
    assert_int_equal(status_of(logger.pid, "NoNewPrivs"), 1);
    assert_int_equal(status_of(intake, "CapEff"), 0);
    assert_int_equal(status_of(index, "CapEff"), 0);
    if (geteuid() == 0) {
        assert_int_not_equal(status_of(intake, "Uid"), 0);
        assert_int_not_equal(status_of(index, "Uid"), 0);
        assert_int_not_equal(status_of(logger.pid, "Uid"), 0);
    }
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(system(CONFINED " >/dev/null"), 0);
    remove_dir();
}

/* Either of its children is started again, and nothing is lost. */
static void logger_children_killed(void **state)
{
    static const char *const names[] = {"intake", "index"};
    pid_t pid[2] = {0, 0};
    logger_t logger;
    int i, k;

    new_dir();
    start(&logger);
    for (i = 0; i < 3; i++) {
        for (k = 0; k < 2; k++) {
            pid[k] = wait_for_other(names[k], pid[k]);
            assert_int_equal(kill(pid[k], SIGKILL), 0);
            send_records(&logger, (2 * i + k) * 5 + 1, 5, 100);
        }
    }
    wait_for(30, 20);
    assert_int_equal(stop(&logger), 0);
    assert_int_equal(times_said("ended by signal 9; started again"), 6);
    remove_dir();
}

static void logger_options(void **state)
{
    assert_int_equal(system(PROGRAM " --help >/dev/null"), 0);
    assert_int_equal(system(PROGRAM " --version >/dev/null"), 0);
    assert_int_equal(WEXITSTATUS(system(PROGRAM " --what 2>/dev/null")), 2);
    assert_int_equal(WEXITSTATUS(system(PROGRAM " --home 2>/dev/null")), 2);
    assert_int_equal(WEXITSTATUS(system(PROGRAM " --reserve 1X 2>/dev/null")),
                     2);
    assert_int_equal(
        WEXITSTATUS(system(PROGRAM " --segment-age 0 2>/dev/null")), 2);
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
        cmocka_unit_test(logger_confined),
        cmocka_unit_test(logger_children_killed),
        cmocka_unit_test(logger_options),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
