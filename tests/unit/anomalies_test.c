/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/anomalies_test.c - the Database Log in the index: rows made from
 * what writers say, sums that stay right however often lines are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "pg_server.h"
#include "record/line.h"
#include "store/anomalies.h"
#include "store/index.h"
#include "store/query.h"
#include "store/review.h"

#define T0 apr_time_from_sec(1772600000) /* 2026-03-04 */

static apr_pool_t *pool;
static char dir[64];

static spbe_row_t row_of(const char *kind, const char *h)
{
    return (spbe_row_t){.id = "id-1",
                        .kind = kind,
                        .ts = T0,
                        .application = "Izin",
                        .route = "/a",
                        .class_name = "input",
                        .status_in = 422,
                        .h = h};
}

static const char *or_dash(const char *text)
{
    return text == NULL ? "-" : text;
}

/* "n part_of reason keyword place field wanted action client" of each. */
static const char *as_text(const apr_array_header_t *rows)
{
    const char *out = "";
    int i;

    for (i = 0; i < rows->nelts; i++) {
        const spbe_anomaly_row_t *r =
            &APR_ARRAY_IDX(rows, i, spbe_anomaly_row_t);

        assert_int_equal(r->part, i);
        out = apr_psprintf(
            pool, "%s%s%" APR_INT64_T_FMT " %s %s %s %s %s %s %s %s", out,
            i > 0 ? "\n" : "", r->n, or_dash(r->part_of), or_dash(r->reason),
            or_dash(r->keyword), or_dash(r->place), or_dash(r->field),
            or_dash(r->wanted), or_dash(r->action), or_dash(r->client));
    }
    return out;
}

static void rows_from_h(void **state)
{
    static const struct {
        const char *label, *kind, *h, *rows; /* NULL: none */
    } tests[] = {
        {"one finding", "anomaly",
         "{\"id\":\"id-1\",\"of\":\"id-1\",\"reason\":\"duplicate\","
         "\"place\":\"query\",\"field\":\"x\",\"wanted\":\"reject\","
         "\"action\":\"refused\",\"client\":\"192.0.2.1\"}",
         "1 - duplicate - query x reject refused 192.0.2.1"},
        {"with others", "anomaly",
         "{\"reason\":\"schema\",\"keyword\":\"format\",\"action\":\"logged\","
         "\"also\":[\"log|unknown-field||query|a|b\",\"x\",\"\"]}",
         "1 - schema format - - - logged -\n"
         "1 - unknown-field - query a|b log logged -\n"
         "1 - - - - - x logged -\n1 - - - - - - logged -"},
        {"one of a flood", "access",
         "{\"of\":\"id-0\",\"reason\":\"http-403\"}",
         "1 id-0 http-403 - - - - - -"},
        {"a window", "anomaly",
         "{\"of\":\"id-0\",\"count\":29,\"total\":30,\"reason\":\"json-"
         "syntax\"}",
         "29 id-0 json-syntax - - - - - -"},
        {"a window all of which has lines", "anomaly",
         "{\"of\":\"id-0\",\"count\":0,\"total\":30}", "0 id-0 - - - - - - -"},
        {"members of other types", "anomaly",
         "{\"reason\":7,\"field\":{\"a\":[1]},\"also\":[7,{\"x\":[]},\"l|r\"],"
         "\"total\":\"30\",\"count\":-1,\"action\":null}",
         "1 - - - - - - - -\n1 - r - - - l - -"},
        {"not to be counted", "anomaly",
         "{\"count\":99999999999999999999,\"total\":5}", "0 - - - - - - - -"},
        {"also is no array", "anomaly", "{\"also\":\"x\"}",
         "1 - - - - - - - -"},
        {"cut off", "anomaly", "{\"reason\":\"x\",\"also\":[\"a|b",
         "1 - x - - - - - -"},
        {"no object", "anomaly", "[1]", "1 - - - - - - - -"},
        {"empty", "anomaly", "{}", "1 - - - - - - - -"},
        {"another kind", "error", "{\"reason\":\"x\"}", NULL},
        {"a tally is none", "tally", "{}", NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_row_t row = row_of(tests[i].kind, tests[i].h);
        apr_array_header_t *rows = spbe_anomalies_read(&row, pool);

        print_message("%s\n", tests[i].label);
        if (tests[i].rows == NULL) {
            assert_null(rows);
        }
        else {
            assert_string_equal(as_text(rows), tests[i].rows);
        }
    }
}

static void tallies_from_h(void **state)
{
    static const struct {
        const char *label, *kind, *h;
        int ok;
        apr_uint64_t received, logged;
    } tests[] = {
        {"all", "tally", "{\"day\":\"2026-03-04\",\"received\":5,\"logged\":2}",
         1, 5, 2},
        {"nothing counted", "tally", "{\"day\":\"2026-03-04\"}", 1, 0, 0},
        {"no day", "tally", "{\"received\":5}", 0, 0, 0},
        {"a day that is none", "tally", "{\"day\":\"2026-3-04'\"}", 0, 0, 0},
        {"a day too long", "tally", "{\"day\":\"2026-03-04x\"}", 0, 0, 0},
        {"negative", "tally", "{\"day\":\"2026-03-04\",\"received\":-5}", 1, 0,
         0},
        {"another kind", "anomaly", "{\"day\":\"2026-03-04\"}", 0, 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_row_t row = row_of(tests[i].kind, tests[i].h);
        spbe_tally_row_t tally;

        print_message("%s\n", tests[i].label);
        assert_int_equal(spbe_anomalies_read_tally(&row, &tally, pool),
                         tests[i].ok);
        if (tests[i].ok) {
            assert_int_equal(tally.counts.received, tests[i].received);
            assert_int_equal(tally.counts.logged, tests[i].logged);
        }
    }
}

/* --- through archive and index ------------------------------------------- */

static apr_uint64_t seq;

static void append(spbe_archive_t *archive, spbe_record_t *record)
{
    spbe_encoded_t encoded;
    apr_array_header_t *lines;
    spbe_ref_t *own = apr_palloc(pool, sizeof(*own));
    spbe_buf_t buf;
    int i;

    spbe_ref_make(own, T0);
    record->id = record->id == NULL ? own->id : record->id;
    record->ts = record->ts == 0 ? T0 + (apr_time_t)++seq : record->ts;
    encoded =
        spbe_record_encode(record, spbe_redact_create(NULL, pool), 4096, pool);
    lines = spbe_line_split(&encoded, "n-1-1", ++seq, pool);
    spbe_buf_init(&buf, 1024, pool);
    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        spbe_entry_add_line(&buf, T0, spbe_span_slice(line, 0, line.len - 1));
    }
    assert_int_equal(spbe_archive_append(archive, spbe_buf_span(&buf)),
                     APR_SUCCESS);
}

static spbe_record_t anomaly(const char *client, const char *field)
{
    return (spbe_record_t){.kind = "anomaly",
                           .class_name = "input",
                           .application = "Izin",
                           .route = "/a",
                           .reason = "schema",
                           .keyword = "maxLength",
                           .place = "form",
                           .field = field,
                           .wanted = "reject",
                           .action = "logged",
                           .client = client,
                           .status_in = 422};
}

static void index_all(spbe_archive_t *archive, spbe_database_t *database)
{
    spbe_index_counts_t counts = {0};
    int more = 1;

    while (more) {
        assert_int_equal(
            spbe_index_follow(spbe_index_create(archive, database, pool), 1000,
                              0, &more, &counts),
            APR_SUCCESS);
    }
}

static void fill(spbe_archive_t *archive)
{
    static const char *const hostile = "x'); DROP TABLE anomalies; --";
    apr_array_header_t *also = apr_array_make(pool, 1, sizeof(const char *));
    spbe_record_t first = anomaly("192.0.2.1", "nama"), r;
    spbe_tallies_counts_t counts = {.received = 50, .logged = 40, .valid = 10};
    int i;

    APR_ARRAY_PUSH(also, const char *) = "log|unknown-field||query|lain";
    first.id = "01a1ff81-1a3b-7fce-b924-bdd08d196330";
    first.also = also;
    append(archive, &first);
    r = anomaly("192.0.2.1", "nama");
    r.of = first.id;
    r.count = 29;
    r.total = 30;
    append(archive, &r);
    r = anomaly("192.0.2.2", "nama");
    append(archive, &r);
    /* Another one under the id of the first changes nothing of it. */
    r = anomaly("198.51.100.7", "palsu");
    r.id = first.id;
    append(archive, &r);
    /* In every field what would be SQL if it were not an argument. */
    r = anomaly(hostile, hostile);
    r.application = r.route = r.keyword = r.reason = r.place = hostile;
    r.wanted = r.action = r.event = r.of = hostile;
    append(archive, &r);
    /* One who looks for other things than a citizen does. */
    r = anomaly("203.0.113.9", "nama");
    append(archive, &r);
    r = (spbe_record_t){.kind = "anomaly",
                        .event = "malicious_direct_reference",
                        .client = "203.0.113.9"};
    append(archive, &r);
    for (i = 0; i < 2; i++) {
        r = (spbe_record_t){.kind = "tally",
                            .application = "Izin",
                            .route = "/a",
                            .day = "2026-03-04",
                            .tally = &counts};
        append(archive, &r);
    }
    r = (spbe_record_t){.kind = "tally",
                        .application = hostile,
                        .route = hostile,
                        .day = "2026-03-05",
                        .tally = &counts};
    append(archive, &r);
}

typedef struct seen {
    apr_int64_t requests, refused, clients, attackers, rows, others;
    spbe_review_sum_t sum;
    spbe_tallies_counts_t counts;
    apr_int64_t days;
} seen_t;

static int see_row(void *baton, const spbe_review_row_t *row, apr_pool_t *p)
{
    seen_t *seen = baton;

    seen->rows++;
    if (row->field != NULL && strcmp(row->field, "nama") == 0) {
        seen->requests += row->requests;
        seen->refused += row->refused;
        seen->clients += row->clients;
        seen->attackers += row->attackers;
        assert_string_equal(row->keyword, "maxLength");
        assert_non_null(row->example);
    }
    if (row->field != NULL && strcmp(row->field, "lain") == 0) {
        seen->others += row->requests;
        assert_string_equal(row->wanted, "log");
    }
    return 0;
}

static int see_sum(void *baton, const spbe_review_sum_t *sum, apr_pool_t *p)
{
    seen_t *seen = baton;

    if (strcmp(sum->application, "Izin") == 0) {
        seen->sum = *sum;
    }
    return 0;
}

static int see_tally(void *baton, const spbe_review_tally_t *tally,
                     apr_pool_t *p)
{
    seen_t *seen = baton;

    if (strcmp(tally->application, "Izin") == 0) {
        seen->counts = tally->counts;
        seen->days = tally->days;
    }
    return 0;
}

static void check_sums(spbe_database_t *database)
{
    seen_t seen = {0};
    int behind = -1;

    assert_int_equal(spbe_review_behind(database, T0 - 1, &behind, pool),
                     APR_SUCCESS);
    assert_int_equal(behind, 0);
    if (spbe_review_rows(database, NULL, T0 - 1, see_row, &seen, pool) !=
        APR_SUCCESS) {
        fail_msg("%s", spbe_database_error(database));
    }
    assert_int_equal(
        spbe_review_sums(database, NULL, T0 - 1, see_sum, &seen, pool),
        APR_SUCCESS);
    assert_int_equal(spbe_review_tallies(database, NULL, "2026-03-01", 0,
                                         see_tally, &seen, pool),
                     APR_SUCCESS);
    assert_int_equal(seen.rows, 3);
    assert_int_equal(seen.requests, 32);
    assert_int_equal(seen.refused, 0);
    assert_int_equal(seen.clients, 3);
    assert_int_equal(seen.attackers, 1);
    assert_int_equal(seen.others, 30);
    assert_int_equal(seen.sum.reject, 32);
    assert_int_equal(seen.sum.attackers, 1);
    assert_int_equal(seen.sum.clients, 2);
    assert_int_equal(seen.counts.received, 100);
    assert_int_equal(seen.counts.logged, 80);
    assert_int_equal(seen.days, 1);
}

static spbe_database_t *open_database(const char *dsn)
{
    spbe_database_t *database;

    assert_int_equal(
        spbe_database_open(&database, dir, dsn, SPBE_DATABASE_OWN, pool),
        APR_SUCCESS);
    return database;
}

static void sums_in(const char *dsn)
{
    spbe_archive_t *archive;
    spbe_database_t *database;
    seen_t seen = {0};

    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(spbe_archive_open(&archive, dir, SPBE_ARCHIVE_WRITE, pool),
                     APR_SUCCESS);
    database = open_database(dsn);
    fill(archive);
    index_all(archive, database);
    check_sums(database);
    /* Once more from the front: what is there is not added again. */
    assert_int_equal(spbe_database_begin(database), APR_SUCCESS);
    assert_int_equal(spbe_database_set_position(database, 0), APR_SUCCESS);
    assert_int_equal(spbe_database_commit(database), APR_SUCCESS);
    index_all(archive, database);
    check_sums(database);
    /* From nothing. */
    assert_int_equal(spbe_database_begin(database), APR_SUCCESS);
    assert_int_equal(spbe_database_empty(database), APR_SUCCESS);
    assert_int_equal(spbe_database_commit(database), APR_SUCCESS);
    assert_int_equal(spbe_review_rows(database, NULL, 0, see_row, &seen, pool),
                     APR_SUCCESS);
    assert_int_equal(seen.rows, 0);
    index_all(archive, database);
    check_sums(database);
    /* Of one application, and later ones only. */
    seen = (seen_t){0};
    assert_int_equal(spbe_review_rows(database, "x'); DROP TABLE anomalies; --",
                                      0, see_row, &seen, pool),
                     APR_SUCCESS);
    assert_int_equal(seen.rows, 1);
    seen = (seen_t){0};
    assert_int_equal(
        spbe_review_rows(database, "Izin", T0 + 1000, see_row, &seen, pool),
        APR_SUCCESS);
    assert_int_equal(seen.rows, 0);
    spbe_database_close(database);
    assert_int_equal(system(apr_pstrcat(pool, "rm -rf ", dir, NULL)), 0);
}

static void sums_stay_right(void **state)
{
    sums_in(NULL);
}

/* A server of its own. */
static void sums_in_postgresql(void **state)
{
    char home[] = "/tmp/spbe-test-XXXXXX";
    int code;

    assert_non_null(mkdtemp(home));
    chmod(home, 0755);
    code = pg_do("start", apr_pstrcat(pool, home, "/a", NULL), "", pool);
    if (code != 77) {
        assert_int_equal(code, 0);
        sums_in(apr_psprintf(
            pool, "pgsql:host=%s/a dbname=postgres user=postgres", home));
        pg_do("stop", apr_pstrcat(pool, home, "/a", NULL), "immediate", pool);
    }
    assert_int_equal(pg_run(apr_pstrcat(pool, "rm -rf ", home, NULL)), 0);
    if (code == 77) {
        print_message("PostgreSQL is not installed\n");
        skip();
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
    /* No apr_terminate: it would unload libpq and all that comes with it,
     * which the leak checker does not survive. */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_from_h),
        cmocka_unit_test(tallies_from_h),
        cmocka_unit_test(sums_stay_right),
        cmocka_unit_test(sums_in_postgresql),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
