/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/intake_test.c - from lines to groups of the archive, whatever
 * comes and whatever fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/intake.h"
#include "store/order.h"

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

#define ID "01a1ff81-1a3b-7fce-b924-bdd08d196330"
#define LINE_OF(w, s, p, n, h, d)                                              \
    "{\"v\":1,\"w\":\"" w "\",\"s\":" s ",\"id\":\"" ID "\",\"p\":" p          \
    ",\"n\":" n ",\"k\":\"\"" h ",\"d\":\"" d "\"}"
#define GOOD LINE_OF("n:1:1", "7", "1", "1", ",\"h\":{}", "")
#define NUMBER(s) LINE_OF("n:1:1", s, "1", "1", ",\"h\":{}", "QUJD")
#define KEY LINE_OF("n:1:1", "1", "1", "1", ",\"h\":{\"kind\":\"key\"}", "QUJD")

/* An archive, what is seen in it, and what goes into it. */
typedef struct bench {
    apr_pool_t *pool;
    spbe_archive_t *archive;
    spbe_seen_t *seen;
    spbe_intake_t *intake;
} bench_t;

static void begin(bench_t *bench)
{
    new_dir();
    apr_pool_create(&bench->pool, pool);
    assert_int_equal(spbe_archive_open(&bench->archive, dir, SPBE_ARCHIVE_WRITE,
                                       bench->pool),
                     APR_SUCCESS);
    bench->seen = spbe_seen_create(bench->pool);
    bench->intake = spbe_intake_create(bench->seen, bench->pool);
}

static void end(bench_t *bench)
{
    apr_pool_destroy(bench->pool);
    remove_dir();
}

/* A letter for each entry, and of a line its details. */
static const char *kinds(const bench_t *bench, const char *good)
{
    spbe_archive_reader_t *reader =
        spbe_archive_reader(bench->archive, 0, bench->pool);
    spbe_entry_t entry;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
        spbe_buf_addc(&buf, "lbx"[entry.kind]);
        if (entry.kind == SPBE_ENTRY_LINE && good != NULL) {
            assert_string_equal(spbe_span_dup(entry.line, pool), good);
        }
    }
    return spbe_buf_cstr(&buf);
}

/* Given in pieces, as a pipe gives them: what is left comes again. */
static void feed(bench_t *bench, spbe_intake_from_t from, spbe_span_t text,
                 size_t piece)
{
    size_t have = piece;

    while (text.len > 0) {
        int last = have >= text.len;
        size_t n = spbe_intake_take(bench->intake, from,
                                    spbe_span_slice(text, 0, have), last);

        assert_int_equal(spbe_intake_commit(bench->intake, bench->archive),
                         APR_SUCCESS);
        text = spbe_span_slice(text, n, text.len);
        have = have - n + piece;
        if (n == 0 && last) {
            break;
        }
    }
}

static const char *repeat(char c, size_t n)
{
    char *text = apr_palloc(pool, n + 1);

    memset(text, c, n);
    text[n] = '\0';
    return text;
}

static void intake_feed(void **state)
{
    const char *garbage = repeat('x', 9999);
    const struct {
        const char *text, *want;
    } tests[] = {
        {"", ""},
        {"\n\n", ""},
        {GOOD "\n", "l"},
        {GOOD "\n" GOOD "\n", "ll"},
        {GOOD, "b"},
        {"nonsense\n" GOOD "\n", "bl"},
        {"\n\n" GOOD "\n", "l"},
        {apr_pstrcat(pool, garbage, "\n" GOOD "\n", NULL), "bbbl"},
        {apr_pstrcat(pool, garbage, GOOD "\n" GOOD "\n", NULL), "bbbl"},
        {"\xff\xfe\n", "b"},
        {"{}\n[]\n\"\"\n" GOOD "\n", "bbbl"},
    };
    size_t i, piece;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        for (piece = 1; piece < 6000; piece = piece * 7 + 1) {
            bench_t bench;

            begin(&bench);
            feed(&bench, SPBE_INTAKE_PIPE, spbe_span_from(tests[i].text),
                 piece);
            assert_string_equal(kinds(&bench, GOOD), tests[i].want);
            assert_int_equal(spbe_intake_counts(bench.intake).lines,
                             strlen(tests[i].want));
            assert_int_equal(spbe_intake_pending(bench.intake), 0);
            end(&bench);
        }
    }
}

/* Who may say what. */
static void intake_from(void **state)
{
    spbe_order_t hold = {.what = SPBE_ORDER_HOLD,
                         .id = ID,
                         .ts = 1,
                         .node = "n",
                         .by = "admin",
                         .text = "why"};
    const char *order =
        spbe_span_dup(spbe_order_lines(&hold, "n:ctl-1:1", 1, pool), pool);
    const char *forged =
        spbe_span_dup(spbe_order_lines(&hold, "n:1:1", 1, pool), pool);
    const struct {
        const char *label;
        spbe_intake_from_t from;
        const char *text, *want;
    } tests[] = {
        {"a record", SPBE_INTAKE_PIPE, GOOD "\n", "l"},
        {"an order by the pipe", SPBE_INTAKE_PIPE, order, "b"},
        {"an order by the pipe, as a writer", SPBE_INTAKE_PIPE, forged, "b"},
        {"in the name of the logger", SPBE_INTAKE_PIPE,
         LINE_OF("n:log-1:1", "1", "1", "1", ",\"h\":{}", "") "\n", "b"},
        {"in the name of the tool", SPBE_INTAKE_PIPE,
         LINE_OF("n:ctl-1:1", "1", "1", "1", ",\"h\":{}", "") "\n", "b"},
        {"an order by the tool", SPBE_INTAKE_TOOL, order, "l"},
        {"an order by a writer", SPBE_INTAKE_TOOL, forged, "b"},
        {"a record by the tool", SPBE_INTAKE_TOOL,
         LINE_OF("n:ctl-1:1", "1", "1", "1", ",\"h\":{}", "") "\n", "b"},
        {"the logger", SPBE_INTAKE_OWN,
         LINE_OF("n:log-1:1", "1", "1", "1", ",\"h\":{}", "") "\n", "l"},
        {"details before the rest", SPBE_INTAKE_PIPE,
         "{\"d\":\"QUJD\",\"v\":1,\"w\":\"n:1:1\",\"s\":7,\"id\":\"" ID
         "\",\"p\":1,\"n\":1,\"k\":\"\",\"h\":{}}\n",
         "b"},
        {"details before the key", SPBE_INTAKE_PIPE,
         "{\"v\":1,\"w\":\"n:1:1\",\"s\":7,\"id\":\"" ID
         "\",\"p\":1,\"n\":1,\"h\":{},\"d\":\"QUJD\",\"k\":\"\"}\n",
         "b"},
        {"white space behind details", SPBE_INTAKE_PIPE,
         "{\"v\":1,\"w\":\"n:1:1\",\"s\":7,\"id\":\"" ID
         "\",\"p\":1,\"n\":1,\"k\":\"\",\"h\":{},\"d\":\"QUJD\" }\n",
         "b"},
        {"a carriage return", SPBE_INTAKE_PIPE, GOOD "\r\n", "b"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        bench_t bench;

        begin(&bench);
        feed(&bench, tests[i].from, spbe_span_from(tests[i].text), 65536);
        if (strcmp(kinds(&bench, NULL), tests[i].want) != 0) {
            fail_msg("%s: %s", tests[i].label, kinds(&bench, NULL));
        }
        end(&bench);
    }
}

static const char *lines_of(const bench_t *bench)
{
    spbe_archive_reader_t *reader =
        spbe_archive_reader(bench->archive, 0, bench->pool);
    spbe_entry_t entry;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    while (spbe_archive_next(reader, &entry) == APR_SUCCESS) {
        if (entry.kind == SPBE_ENTRY_LINE) {
            if (entry.thin > 0) {
                spbe_buf_printf(&buf, "-%" APR_UINT64_T_FMT " ", entry.thin);
            }
            spbe_buf_add(&buf, entry.line);
        }
        else if (entry.writer.len > 0) {
            spbe_buf_printf(
                &buf, "%.*s %" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT,
                (int)entry.writer.len, entry.writer.ptr, entry.from, entry.to);
        }
        else {
            spbe_buf_printf(&buf, "%c%" APR_UINT64_T_FMT, "lbx"[entry.kind],
                            entry.lost);
        }
        spbe_buf_addc(&buf, '\n');
    }
    return spbe_buf_cstr(&buf);
}

/* What the archive has, and what it knows, when the disk is short. */
static void intake_short(void **state)
{
    const struct {
        const char *label;
        spbe_intake_keep_t keep;
        const char *text, *want;
        apr_uint64_t lost, left_out;
    } tests[] = {
        {"all", SPBE_INTAKE_ALL, NUMBER("1") "\nx\n", NUMBER("1") "\nb0\n", 0,
         0},
        {"the index part", SPBE_INTAKE_INDEX, NUMBER("1") "\n",
         "-4 " LINE_OF("n:1:1", "1", "1", "1", ",\"h\":{}", "") "\n", 0, 4},
        {"of a later line", SPBE_INTAKE_INDEX,
         LINE_OF("n:1:1", "1", "2", "2", "", "QUJD") "\n",
         "-4 " LINE_OF("n:1:1", "1", "2", "2", "", "") "\n", 0, 4},
        {"without details", SPBE_INTAKE_INDEX, GOOD "\n", GOOD "\n", 0, 0},
        {"a key", SPBE_INTAKE_INDEX, KEY "\n", KEY "\n", 0, 0},
        {"a key in two lines", SPBE_INTAKE_INDEX,
         KEY "\n" LINE_OF("n:1:1", "1", "2", "2", "", "QUJD") "\n",
         KEY "\n" LINE_OF("n:1:1", "1", "2", "2", "", "QUJD") "\n", 0, 0},
        {"counts", SPBE_INTAKE_COUNTS,
         NUMBER("1") "\n" NUMBER("2") "\n" NUMBER("4") "\n",
         "n:1:1 1-2\nn:1:1 4-4\n", 3, 0},
        {"counts, twice the same", SPBE_INTAKE_COUNTS,
         NUMBER("3") "\n" NUMBER("3") "\n", "n:1:1 3-3\n", 1, 0},
        {"counts of what is no line", SPBE_INTAKE_COUNTS, "x\ny\n", "x2\n", 2,
         0},
        {"counts without a number", SPBE_INTAKE_COUNTS, NUMBER("0") "\n",
         "x1\n", 1, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_intake_counts_t counts;
        bench_t bench;

        begin(&bench);
        spbe_intake_keep(bench.intake, tests[i].keep);
        feed(&bench, SPBE_INTAKE_PIPE, spbe_span_from(tests[i].text), 65536);
        counts = spbe_intake_counts(bench.intake);
        if (strcmp(lines_of(&bench), tests[i].want) != 0 ||
            counts.lost != tests[i].lost ||
            counts.left_out != tests[i].left_out) {
            fail_msg("%s: %s(lost %" APR_UINT64_T_FMT
                     ", left out %" APR_UINT64_T_FMT ")",
                     tests[i].label, lines_of(&bench), counts.lost,
                     counts.left_out);
        }
        end(&bench);
    }
}

/* What is in the archive whole is not lost because it comes once more. */
static void intake_short_again(void **state)
{
    bench_t bench;

    begin(&bench);
    feed(&bench, SPBE_INTAKE_PIPE, SPBE_SPAN(NUMBER("1") "\n"), 65536);
    spbe_intake_keep(bench.intake, SPBE_INTAKE_COUNTS);
    feed(&bench, SPBE_INTAKE_PIPE, SPBE_SPAN(NUMBER("1") "\n" NUMBER("2") "\n"),
         65536);
    assert_string_equal(lines_of(&bench), NUMBER("1") "\nn:1:1 2-2\n");
    assert_int_equal(spbe_seen_whole(bench.seen, SPBE_SPAN("n:1:1")), 2);
    end(&bench);
}

static void limit_files(rlim_t size)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Nothing counts until it is in the archive; afterwards all of it does. */
static void intake_disk_full(void **state)
{
    spbe_span_t text = SPBE_SPAN(NUMBER("1") "\n" NUMBER("2") "\nx\n");
    spbe_span_t writer = SPBE_SPAN("n:1:1");
    bench_t bench;

    begin(&bench);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(16);
    assert_int_equal(spbe_intake_take(bench.intake, SPBE_INTAKE_PIPE, text, 0),
                     text.len);
    assert_int_not_equal(spbe_intake_commit(bench.intake, bench.archive),
                         APR_SUCCESS);
    assert_int_equal(spbe_seen_whole(bench.seen, writer), 0);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 0);
    spbe_intake_undo(bench.intake);
    assert_int_equal(spbe_intake_pending(bench.intake), 0);
    assert_int_equal(spbe_intake_take(bench.intake, SPBE_INTAKE_PIPE, text, 0),
                     text.len);
    assert_int_equal(spbe_intake_commit(bench.intake, NULL), APR_ENOENT);
    limit_files(RLIM_INFINITY);
    assert_int_equal(spbe_intake_commit(bench.intake, bench.archive),
                     APR_SUCCESS);
    assert_int_equal(spbe_seen_whole(bench.seen, writer), 2);
    assert_int_equal(spbe_intake_counts(bench.intake).lines, 3);
    assert_int_equal(spbe_intake_counts(bench.intake).malformed, 1);
    assert_string_equal(kinds(&bench, NULL), "llb");
    end(&bench);
}

static void intake_gap(void **state)
{
    spbe_span_t writer = SPBE_SPAN("n:1:1");
    bench_t bench;

    begin(&bench);
    feed(&bench, SPBE_INTAKE_PIPE, SPBE_SPAN(NUMBER("1") "\n" NUMBER("5") "\n"),
         65536);
    spbe_intake_gap(bench.intake, writer, 2, 4, "why");
    spbe_intake_undo(bench.intake);
    assert_int_equal(spbe_seen_whole(bench.seen, writer), 1);
    spbe_intake_gap(bench.intake, writer, 2, 4, "why");
    assert_int_equal(spbe_intake_commit(bench.intake, bench.archive),
                     APR_SUCCESS);
    assert_int_equal(spbe_seen_whole(bench.seen, writer), 5);
    assert_int_equal(spbe_intake_counts(bench.intake).lost, 3);
    assert_int_equal(spbe_intake_counts(bench.intake).gaps, 1);
    end(&bench);
}

/* A group has an end, and nothing is forgotten there. */
static void intake_group(void **state)
{
    const char *line = apr_pstrcat(pool, repeat('x', 4000), "\n", NULL);
    apr_uint64_t n = 0, want = 2 * SPBE_INTAKE_GROUP / 4001;
    spbe_buf_t text;
    bench_t bench;
    size_t taken;

    spbe_buf_init(&text, 1024, pool);
    while (n < want) {
        spbe_buf_adds(&text, line);
        n++;
    }
    begin(&bench);
    taken = spbe_intake_take(bench.intake, SPBE_INTAKE_PIPE,
                             spbe_buf_span(&text), 1);
    assert_true(taken < text.len);
    assert_true(spbe_intake_pending(bench.intake) <
                SPBE_INTAKE_GROUP + SPBE_ENTRY_MAX);
    spbe_intake_undo(bench.intake);
    feed(&bench, SPBE_INTAKE_PIPE, spbe_buf_span(&text), text.len);
    assert_int_equal(spbe_intake_counts(bench.intake).malformed, n);
    end(&bench);
}

/* What one source left half-way is nothing to the others. */
static void intake_sources(void **state)
{
    spbe_span_t half = spbe_span_from(repeat('x', 5000));
    bench_t bench;

    begin(&bench);
    spbe_intake_take(bench.intake, SPBE_INTAKE_PIPE, half, 0);
    spbe_intake_take(bench.intake, SPBE_INTAKE_SPILL, SPBE_SPAN(GOOD "\n"), 1);
    spbe_intake_take(bench.intake, SPBE_INTAKE_SPILL, half, 1);
    spbe_intake_take(bench.intake, SPBE_INTAKE_SPILL, SPBE_SPAN(GOOD "\n"), 1);
    spbe_intake_take(bench.intake, SPBE_INTAKE_PIPE,
                     SPBE_SPAN(GOOD "\n" GOOD "\n"), 0);
    assert_int_equal(spbe_intake_commit(bench.intake, bench.archive),
                     APR_SUCCESS);
    assert_string_equal(kinds(&bench, GOOD), "blbblbl");
    end(&bench);
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
        cmocka_unit_test(intake_feed),
        cmocka_unit_test(intake_from),
        cmocka_unit_test(intake_short),
        cmocka_unit_test(intake_short_again),
        cmocka_unit_test(intake_disk_full),
        cmocka_unit_test(intake_gap),
        cmocka_unit_test(intake_group),
        cmocka_unit_test(intake_sources),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
