/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/database_test.c - the index as a database: opening, filters,
 * faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/redact.h"
#include "store/query.h"

static apr_pool_t *pool;

static char dir[64];

static const char *new_dir(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void remove_dir(void)
{
    const char *command = apr_pstrcat(pool, "rm -rf ", dir, NULL);

    assert_int_equal(system(command), 0);
}

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static spbe_database_t *open_database(spbe_database_mode_t mode)
{
    spbe_database_t *database;

    if (spbe_database_open(&database, dir, NULL, mode, pool) != APR_SUCCESS) {
        fail_msg("%s", spbe_database_error(database));
    }
    return database;
}

static void put(spbe_database_t *database, int n, const char *kind,
                const char *application)
{
    spbe_row_t row = {
        .id = apr_psprintf(pool, "id-%04d", n),
        .ref = apr_psprintf(pool, "ref-%d", n),
        .ts = 1000 + n / 2,
        .kind = kind,
        .class_name = n % 2 ? "code" : NULL,
        .application = application,
        .h = "{\"x\":\"it's 100%s\"}",
        .writer = "w",
        .seq = (apr_uint64_t)n,
        .offset = 5,
        .length = 6,
        .complete = 1,
    };
    int added;

    assert_int_equal(spbe_database_put(database, &row, &added), APR_SUCCESS);
    assert_int_equal(added, 1);
}

typedef struct got {
    int n;
    char ids[4096];
    char last[64];
} got_t;

static int take(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    got_t *got = baton;

    if (got->n < 5) {
        strcat(got->ids, row->id);
        strcat(got->ids, " ");
    }
    assert_true(got->n == 0 || strcmp(row->id, got->last) < 0);
    strcpy(got->last, row->id);
    assert_string_equal(row->h, "{\"x\":\"it's 100%s\"}");
    got->n++;
    return 0;
}

static void database_filters(void **state)
{
    static const struct {
        spbe_filter_t filter;
        int n;
        const char *first; /* at most five */
    } tests[] = {
        {{.limit = 0}, 1000, "id-0999 id-0998 id-0997 id-0996 id-0995 "},
        {{.limit = 2}, 2, "id-0999 id-0998 "},
        {{.limit = 201}, 201, "id-0999 id-0998 id-0997 id-0996 id-0995 "},
        {{.kind = "crash"}, 10, "id-0900 id-0800 id-0700 id-0600 id-0500 "},
        {{.class_name = "code", .limit = 3}, 3, "id-0999 id-0997 id-0995 "},
        {{.application = "perizinan", .kind = "error", .limit = 1},
         1,
         "id-0999 "},
        {{.since = 1499}, 2, "id-0999 id-0998 "},
        {{.id = "id-0007"}, 1, "id-0007 "},
        {{.ref = "ref-8"}, 1, "id-0008 "},
        {{.ref = "x' OR '1'='1"}, 0, ""},
        {{.fingerprint = "f"}, 0, ""},
    };
    spbe_database_t *database;
    size_t i;
    int n;
    long count;

    new_dir();
    database = open_database(SPBE_DATABASE_WRITE);
    assert_int_equal(spbe_database_begin(database), APR_SUCCESS);
    for (n = 0; n < 1000; n++) {
        put(database, n, n % 100 == 0 ? "crash" : "error",
            n % 3 ? "kasir" : "perizinan");
    }
    assert_int_equal(spbe_database_commit(database), APR_SUCCESS);
    assert_int_equal(spbe_query_count(database, &count, pool), APR_SUCCESS);
    assert_int_equal(count, 1000);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        got_t got = {0};

        if (spbe_query_records(database, &tests[i].filter, take, &got, pool) !=
            APR_SUCCESS) {
            fail_msg("row %zu: %s", i, spbe_database_error(database));
        }
        assert_int_equal(got.n, tests[i].n);
        assert_string_equal(got.ids, tests[i].first);
    }
    spbe_database_close(database);
    remove_dir();
}

static void database_duplicate(void **state)
{
    spbe_database_t *database;
    spbe_row_t row = {.id = "a",
                      .ts = 1,
                      .kind = "error",
                      .h = "{}",
                      .writer = "w",
                      .complete = 1};
    int added;

    new_dir();
    database = open_database(SPBE_DATABASE_WRITE);
    spbe_database_begin(database);
    assert_int_equal(spbe_database_put(database, &row, &added), APR_SUCCESS);
    assert_int_equal(added, 1);
    row.kind = "crash";
    assert_int_equal(spbe_database_put(database, &row, &added), APR_SUCCESS);
    assert_int_equal(added, 0);
    spbe_database_rollback(database);
    spbe_database_close(database);
    remove_dir();
}

static void database_position(void **state)
{
    spbe_database_t *database;
    apr_uint64_t position;

    new_dir();
    database = open_database(SPBE_DATABASE_WRITE);
    spbe_database_begin(database);
    assert_int_equal(spbe_database_position(database, &position), APR_SUCCESS);
    assert_int_equal(position, 0);
    spbe_database_set_position(database, (apr_uint64_t)1 << 40);
    spbe_database_commit(database);
    spbe_database_close(database);
    /* Opening again migrates nothing and keeps everything. */
    database = open_database(SPBE_DATABASE_WRITE);
    spbe_database_begin(database);
    spbe_database_position(database, &position);
    assert_int_equal(position, (apr_uint64_t)1 << 40);
    assert_int_equal(spbe_database_empty(database), APR_SUCCESS);
    spbe_database_position(database, &position);
    assert_int_equal(position, 0);
    spbe_database_rollback(database);
    spbe_database_close(database);
    remove_dir();
}

static void database_faults(void **state)
{
    static const struct {
        const char *content; /* NULL: no file */
        spbe_database_mode_t mode;
        int damaged;
        const char *says;
    } tests[] = {
        {NULL, SPBE_DATABASE_READ, 0, "is not there"},
        {"", SPBE_DATABASE_READ, 0, "not made yet"},
        {"this is no database, it is only a text that is long enough to be "
         "looked at as one, with more than a hundred bytes in it............",
         SPBE_DATABASE_WRITE, 1, "not a database"},
        {"this is no database, it is only a text that is long enough to be "
         "looked at as one, with more than a hundred bytes in it............",
         SPBE_DATABASE_READ, 1, "not a database"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_database_t *database;
        int fd;

        new_dir();
        if (tests[i].content != NULL) {
            fd = open(path_of("guard.db"), O_WRONLY | O_CREAT, 0600);
            assert_int_equal(
                write(fd, tests[i].content, strlen(tests[i].content)),
                strlen(tests[i].content));
            close(fd);
        }
        assert_int_not_equal(
            spbe_database_open(&database, dir, NULL, tests[i].mode, pool),
            APR_SUCCESS);
        if (strstr(spbe_database_error(database), tests[i].says) == NULL) {
            fail_msg("row %zu: %s", i, spbe_database_error(database));
        }
        assert_int_equal(spbe_database_damaged(database), tests[i].damaged);
        spbe_database_close(database);
        remove_dir();
    }
}

static void database_newer(void **state)
{
    spbe_database_t *database;

    new_dir();
    spbe_database_close(open_database(SPBE_DATABASE_WRITE));
    assert_int_equal(system(apr_psprintf(pool,
                                         "printf '\\143' | dd of=%s/guard.db "
                                         "bs=1 seek=63 conv=notrunc "
                                         "2>/dev/null",
                                         dir)),
                     0);
    assert_int_not_equal(
        spbe_database_open(&database, dir, NULL, SPBE_DATABASE_WRITE, pool),
        APR_SUCCESS);
    assert_non_null(strstr(spbe_database_error(database), "newer version"));
    spbe_database_close(database);
    remove_dir();
}

/* A reader who may not write in the folder. */
static void database_read_only(void **state)
{
    spbe_database_t *database;
    pid_t child;
    int status;

    new_dir();
    database = open_database(SPBE_DATABASE_WRITE);
    spbe_database_begin(database);
    put(database, 1, "error", "kasir");
    spbe_database_commit(database);
    spbe_database_close(database);
    chmod(dir, 0755);
    chmod(path_of("guard.db"), 0644);
    child = fork();
    if (child == 0) {
        spbe_filter_t all = {0};
        got_t got = {0};

        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        if (spbe_database_open(&database, dir, NULL, SPBE_DATABASE_READ,
                               pool) != APR_SUCCESS ||
            spbe_query_records(database, &all, take, &got, pool) !=
                APR_SUCCESS) {
            print_error("%s\n", spbe_database_error(database));
            _exit(1);
        }
        _exit(got.n == 1 ? 0 : 3);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    remove_dir();
}

/* Another process writes: waited for, but not for ever. */
static void database_locked(void **state)
{
    spbe_database_t *a, *b;
    apr_time_t begin;

    new_dir();
    a = open_database(SPBE_DATABASE_WRITE);
    b = open_database(SPBE_DATABASE_WRITE);
    assert_int_equal(spbe_database_begin(a), APR_SUCCESS);
    put(a, 1, "error", "kasir");
    begin = apr_time_now();
    assert_int_not_equal(spbe_database_begin(b), APR_SUCCESS);
    assert_in_range(apr_time_now() - begin, apr_time_from_sec(1),
                    apr_time_from_sec(8));
    assert_non_null(strstr(spbe_database_error(b), "locked"));
    assert_int_equal(spbe_database_commit(a), APR_SUCCESS);
    assert_int_equal(spbe_database_begin(b), APR_SUCCESS);
    put(b, 2, "error", "kasir");
    assert_int_equal(spbe_database_commit(b), APR_SUCCESS);
    spbe_database_close(a);
    spbe_database_close(b);
    remove_dir();
}

static apr_status_t put_many(spbe_database_t *database)
{
    apr_status_t rv = spbe_database_begin(database);
    int n, added;

    for (n = 0; rv == APR_SUCCESS && n < 2000; n++) {
        spbe_row_t row = {.id = apr_psprintf(pool, "id-%04d", n),
                          .ts = n,
                          .kind = "error",
                          .h = "{\"x\":\"it's 100%s\"}",
                          .writer = "w",
                          .complete = 1,
                          .n = 1};

        rv = spbe_database_put(database, &row, &added);
    }
    if (rv == APR_SUCCESS) {
        return spbe_database_commit(database);
    }
    spbe_database_rollback(database);
    return rv;
}

static int fill_up(void)
{
    struct rlimit small = {200000, RLIM_INFINITY},
                  large = {RLIM_INFINITY, RLIM_INFINITY};
    spbe_database_t *database = open_database(SPBE_DATABASE_WRITE);
    long n;

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    if (put_many(database) == APR_SUCCESS) {
        return 1;
    }
    print_message("%s\n", spbe_database_error(database));
    spbe_database_close(database);
    setrlimit(RLIMIT_FSIZE, &large);
    database = open_database(SPBE_DATABASE_WRITE);
    if (spbe_query_count(database, &n, pool) != APR_SUCCESS || n != 0) {
        return 2;
    }
    if (put_many(database) != APR_SUCCESS ||
        spbe_query_count(database, &n, pool) != APR_SUCCESS || n != 2000) {
        return 3;
    }
    return 0;
}

static int may_not_write(void)
{
    spbe_database_t *database;

    chmod(path_of("guard.db"), 0444);
    chmod(dir, 0555);
    if (geteuid() == 0 && setuid(65534) != 0) {
        return 2;
    }
    if (spbe_database_open(&database, dir, NULL, SPBE_DATABASE_WRITE, pool) ==
        APR_SUCCESS) {
        return 1;
    }
    print_message("%s\n", spbe_database_error(database));
    return spbe_database_error(database)[0] == '\0';
}

/* In a process of its own: limits and users do not come back. */
static void database_no_room(void **state)
{
    static int (*const tests[])(void) = {fill_up, may_not_write};
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        pid_t child;
        int status;

        new_dir();
        spbe_database_close(open_database(SPBE_DATABASE_WRITE));
        child = fork();
        if (child == 0) {
            _exit(tests[i]());
        }
        waitpid(child, &status, 0);
        chmod(dir, 0700);
        assert_int_equal(status, 0);
        remove_dir();
    }
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
        cmocka_unit_test(database_filters),
        cmocka_unit_test(database_duplicate),
        cmocka_unit_test(database_position),
        cmocka_unit_test(database_faults),
        cmocka_unit_test(database_newer),
        cmocka_unit_test(database_read_only),
        cmocka_unit_test(database_locked),
        cmocka_unit_test(database_no_room),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
