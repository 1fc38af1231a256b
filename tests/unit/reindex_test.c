/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/reindex_test.c - the rows are the same however the archive was
 * indexed: as it grew or at once, once or twice, in a file or in PostgreSQL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include "index_fill.h"
#include "pg_server.h"
#include "store/details.h"
#include "store/nodes.h"
#include "store/query.h"
#include "store/source_database.h"

static apr_pool_t *pool;
static char dir[64];
static const char *dsn; /* NULL: PostgreSQL is not installed */
static int made;        /* records */

/* What writers send. Two of them take turns, one has bytes that a database
 * may not like. */
static apr_array_header_t *make(int kind, int n)
{
    const char *id = fill_id(n, pool);
    const char *writer = n % 2 ? "web1:17:1" : "web1:18:5";
    const char *h;
    apr_uint64_t seq = (apr_uint64_t)n / 2 + 1;

    switch (kind) {
    case 0:
        h = apr_psprintf(
            pool,
            "{\"id\":\"%s\",\"ref\":\"R%d\",\"ts\":\"2026-03-04T05:%02d:00Z\","
            "\"kind\":\"error\",\"severity\":\"error\",\"class\":\"code\","
            "\"application\":\"Izin\",\"route\":\"/\\u0000\\ud800\\\"'%%s%%\","
            "\"status_in\":500,\"action\":\"replaced\"}",
            id, n, n % 60);
        return fill_lines(id, h, (size_t)(n % 5) * 4000, "key-1", writer, seq,
                          pool);
    case 1:
        h = apr_psprintf(pool,
                         "{\"id\":\"%s\",\"ts\":\"2026-03-04T05:%02d:00.5Z\","
                         "\"kind\":\"more\",\"status_out\":%d}",
                         fill_id(n - n % 7, pool), n % 60, 500 + n % 9);
        return fill_lines(fill_id(n - n % 7, pool), h, 5000, NULL, writer, seq,
                          pool);
    case 2:
        h = apr_psprintf(
            pool,
            "{\"id\":\"%s\",\"kind\":\"anomaly\",\"class\":\"input\","
            "\"ts\":\"2026-03-04T06:%02d:00Z\",\"reason\":\"schema\","
            "\"client\":\"192.0.2.%d\",\"wanted\":\"reject\",\"also\":"
            "[\"log|duplicate||query|a\",\"log|header|||b\"]}",
            id, n % 60, n % 250);
        return fill_lines(id, h, 100, NULL, writer, seq, pool);
    case 3:
        h = apr_psprintf(
            pool,
            "{\"id\":\"%s\",\"kind\":\"anomaly\",\"class\":\"input\","
            "\"of\":\"%s\",\"count\":%d,\"total\":%d,\"reason\":\"schema\"}",
            id, fill_id(n - n % 3 + (n % 2) * 3, pool), n % 17, n % 17 + 1);
        return fill_lines(id, h, 10, NULL, writer, seq, pool);
    case 4:
        h = apr_psprintf(
            pool,
            "{\"id\":\"%s\",\"kind\":\"tally\",\"day\":\"2026-03-04\","
            "\"ts\":\"2026-03-04T06:%02d:00Z\","
            "\"application\":\"Izin\",\"route\":\"/a\",\"received\":%d}",
            id, n % 60, n);
        return fill_lines(id, h, 0, NULL, writer, seq, pool);
    default:
        h = apr_psprintf(pool, "{\"id\":\"%s\",\"kind\":\"key\"}", id);
        return fill_lines(id, h, n % 3 ? 200 : 9000, NULL, writer, seq, pool);
    }
}

typedef struct files {
    apr_pool_t *own;
    spbe_archive_t *archive;
    spbe_database_t *database;
    spbe_index_t *index;
    spbe_index_counts_t counts;
} files_t;

static void open_index(files_t *f, const char *home, const char *where)
{
    if (spbe_database_open(&f->database, home, where,
                           where == NULL ? SPBE_DATABASE_WRITE
                                         : SPBE_DATABASE_OWN,
                           f->own) != APR_SUCCESS) {
        fail_msg("%s", spbe_database_error(f->database));
    }
    f->index = spbe_index_create(f->archive, f->database, f->own);
}

static void follow(files_t *f, long max, apr_time_t patience)
{
    int more;

    do {
        if (spbe_index_follow(f->index, max, patience, &more, &f->counts) !=
            APR_SUCCESS) {
            fail_msg("%s", spbe_database_error(f->database));
        }
    } while (more);
}

/* In what order lines come. */
typedef enum style {
    STYLE_PLAIN = 0,
    STYLE_SHUFFLED = 1, /* records end in the middle of others */
    STYLE_TWICE = 2,    /* a kill after each group: it is appended again */
    STYLE_LATE = 3      /* the end of every fifth comes at the end of all */
} style_t;

static const char *const style_names[] = {"plain", "shuffled", "twice", "late"};

static void check(apr_status_t rv)
{
    assert_int_equal(rv, APR_SUCCESS);
}

/* live: indexed as it grows, and given up where something is missing. */
static void grow(files_t *f, style_t style, int n, int live)
{
    apr_array_header_t *late =
        apr_array_make(pool, 16, sizeof(apr_array_header_t *));
    apr_array_header_t *before = NULL;
    int i;

    for (i = 0; i < n; i++) {
        apr_array_header_t *lines = make(made % 6, made);
        int half = lines->nelts / 2;

        made++;
        if (style == STYLE_LATE && i % 5 == 0 && lines->nelts > 1) {
            check(fill_append(f->archive, lines, half, half + 1, pool));
            APR_ARRAY_PUSH(late, apr_array_header_t *) = lines;
        }
        else if (style == STYLE_SHUFFLED && lines->nelts > 1) {
            check(fill_append(f->archive, lines, half, lines->nelts, pool));
            if (before != NULL) {
                check(fill_append(f->archive, before, 0, before->nelts / 2,
                                  pool));
            }
            before = lines;
        }
        else {
            check(fill_append(f->archive, lines, 0, lines->nelts, pool));
        }
        if (style == STYLE_TWICE) {
            check(fill_append(f->archive, lines, half, lines->nelts, pool));
        }
        if (live && i % 3 == 0) {
            follow(f, 1 + i % 7, apr_time_now() + 1);
        }
    }
    for (i = 0; i < late->nelts; i++) {
        check(fill_append(f->archive,
                          APR_ARRAY_IDX(late, i, apr_array_header_t *), 0, 99,
                          pool));
    }
    if (before != NULL) {
        check(fill_append(f->archive, before, 0, before->nelts / 2, pool));
    }
}

static void empty(files_t *f)
{
    check(spbe_database_begin(f->database));
    check(spbe_database_empty(f->database));
    check(spbe_database_commit(f->database));
}

static void must_be(const char *what, const char *is, const char *was)
{
    const char *differ = fill_differ(is, was, pool);

    if (differ != NULL) {
        fail_msg("%s: %s", what, differ);
    }
}

static void same_rows(style_t style, const char *where, const char *home)
{
    const char *live, *again, *once;
    files_t f = {0};
    int rows;

    made = 0;
    apr_pool_create(&f.own, pool);
    assert_int_equal(mkdir(home, 0700), 0);
    check(spbe_archive_open(&f.archive, home, SPBE_ARCHIVE_WRITE, f.own));
    spbe_archive_limits(f.archive, 40000, apr_time_from_sec(86400));
    spbe_archive_node(f.archive, style_names[style]);
    open_index(&f, home, where);
    grow(&f, style, 90, 1);
    follow(&f, 5, apr_time_now() + 1);
    live = fill_dump(f.database, where != NULL, &rows, pool);
    assert_true(rows > 150);
    /* Read once more, by another process. */
    check(spbe_database_begin(f.database));
    check(spbe_database_set_position(f.database, 0));
    check(spbe_database_commit(f.database));
    follow(&f, 50, apr_time_now() + 1);
    again = fill_dump(f.database, where != NULL, NULL, pool);
    must_be("again", again, live);
    empty(&f);
    fill_dump(f.database, where != NULL, &rows, pool);
    follow(&f, 20, apr_time_now() + 1);
    once = fill_dump(f.database, where != NULL, NULL, pool);
    must_be("from nothing", once, live);
    if (where == NULL && dsn != NULL) {
        const char *there;

        open_index(&f, home, dsn);
        empty(&f);
        follow(&f, 1000, apr_time_now() + 1);
        there = fill_dump(f.database, 0, NULL, pool);
        must_be("in PostgreSQL", there, once);
        empty(&f);
    }
    apr_pool_destroy(f.own);
}

static void rows_are_the_same(void **state)
{
    int style, i;

    for (style = 0; style < 4; style++) {
        const char *const places[] = {NULL, dsn};

        for (i = 0; i < 2; i++) {
            print_message("%s, %s\n", style_names[style],
                          i == 0 ? "a file" : "PostgreSQL");
            if (i == 0 || dsn != NULL) {
                same_rows((style_t)style, places[i],
                          apr_psprintf(pool, "%s/home-%d-%d", dir, style, i));
                if (dsn != NULL && i == 1) {
                    pg_sql(apr_pstrcat(pool, dir, "/a", NULL), "postgres",
                           "DROP SCHEMA spbe_guard CASCADE", pool);
                }
            }
        }
    }
}

static int setup(void **state)
{
    int code;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    chmod(dir, 0755);
    code = pg_do("start", apr_pstrcat(pool, dir, "/a", NULL), "", pool);
    if (code == 77) {
        print_message("PostgreSQL is not installed: files alone\n");
        return 0;
    }
    dsn = apr_psprintf(pool, "pgsql:host=%s/a dbname=postgres user=postgres",
                       dir);
    return code;
}

static int teardown(void **state)
{
    if (dsn != NULL) {
        pg_do("stop", apr_pstrcat(pool, dir, "/a", NULL), "immediate", pool);
    }
    pg_run(apr_pstrcat(pool, "rm -rf ", dir, NULL));
    apr_pool_destroy(pool);
    /* No apr_terminate: it would unload libpq and all that comes with it,
     * which the leak checker does not survive. */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
