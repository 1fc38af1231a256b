/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/leak_test.c - the scanner: what it finds, and that it finds the
 * same however the response is cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "failure/leak.h"

#define RULE(id, severity, literals, more)                                     \
    "{\"id\":\"" id "\",\"runtime\":\"test\",\"kind\":\"trace\",\"severity\":" \
    "\"" severity "\",\"literals\":[" literals "],\"match\":[\"x\"],"          \
    "\"miss\":[\"x\"]" more "}"
#define RULES(list) "{\"version\":1,\"rules\":[" list "]}"

/* clang-format off */
/* One rule for each thing that can go wrong at an edge. */
static const char edge_rules[] = RULES(
    RULE("word", "notice", "\"WARN\"",
         ",\"back\":4,\"ahead\":12,\"regex\":\"\\\\bWARN(ING)?\\\\b\"") ","
    RULE("far", "notice", "\"from\"",
         ",\"back\":0,\"ahead\":20,\"regex\":\"from[^;]{0,16};\"") ","
    RULE("behind", "notice", "\"seen\"",
         ",\"back\":0,\"ahead\":4,\"regex\":\"(?<=un)seen(?!ly)\"") ","
    RULE("before", "notice", "\"tail\"",
         ",\"back\":30,\"ahead\":0,\"regex\":\"head.{0,20}?tail\"") ","
    RULE("start", "notice", "\"init\"",
         ",\"back\":6,\"ahead\":2,\"regex\":\"(?m)^ {0,4}init$\"") ","
    RULE("two", "notice", "\"once\",\"twice\"",
         ",\"nocase\":true,\"ahead\":40,"
         "\"regex\":\"(?i)once(.{0,9}?twice)?\"") ","
    RULE("cut", "notice", "\"value=\"",
         ",\"ahead\":16,\"regex\":\"value=(?<cut>[0-9]{1,8})\"") ","
    RULE("plain", "notice", "\"literal only\"", "") ","
    RULE("greedy", "notice", "\"<<<<\"",
         ",\"back\":8,\"ahead\":24,\"regex\":\"<+[a-z ]*>+\"") ","
    RULE("empty", "notice", "\"none\"", ",\"regex\":\"(?=none)\""));

/* The same, and rules that end the response. */
static const char fatal_rules[] = RULES(
    RULE("word", "notice", "\"WARN\"",
         ",\"back\":4,\"ahead\":12,\"regex\":\"\\\\bWARN(ING)?\\\\b\"") ","
    RULE("slow", "fatal", "\"from\"",
         ",\"back\":8,\"ahead\":60,\"regex\":\"from[^;]{0,50};;\"") ","
    RULE("fast", "fatal", "\"FATAL\"", "") ","
    RULE("weak-a", "fatal", "\"once\"", ",\"weight\":40") ","
    RULE("weak-b", "fatal", "\"twice\"", ",\"weight\":40,\"ahead\":9,"
         "\"regex\":\"twice[ a-z]{0,6}\"") ","
    RULE("weak-c", "fatal", "\"init\"", ",\"weight\":30") ","
    RULE("before", "notice", "\"tail\"",
         ",\"back\":30,\"ahead\":0,\"regex\":\"head.{0,20}?tail\""));
/* clang-format on */

static const char *const words[] = {
    "WARN",   "WARNING",    "WARN",   "ING",          "from",    ";",
    ";;",     "un",         "seen",   "ly",           "head",    "tail",
    "\n",     "  ",         "init",   "once",         "TWICE",   "twice",
    "value=", "1234",       "5",      "literal only", "literal", "<<<<",
    "<",      ">",          "abc",    "none",         " ",       "x",
    "\r\n",   "0123456789", "<code>", "</code>",      "FATAL",   "\xff",
};

typedef struct bench {
    apr_pool_t *pool;
    spbe_rules_t *rules;
    spbe_scratch_t *scratch;
} bench_t;

static bench_t open_bench(const char *json, int slow)
{
    bench_t b;
    const char *error;

    apr_pool_create(&b.pool, NULL);
    b.rules = spbe_rules_create(b.pool);
    error = spbe_rules_add(b.rules, "test", spbe_span_from(json));
    if (error != NULL) {
        fail_msg("%s", error);
    }
    assert_null(spbe_rules_compile(b.rules, slow));
    b.scratch = spbe_scratch_create(b.rules);
    assert_non_null(b.scratch);
    return b;
}

static void close_bench(bench_t *b)
{
    spbe_scratch_destroy(b->scratch);
    apr_pool_destroy(b->pool);
}

/* The list as one line: "rule 3-7, rule 9-12!" */
static const char *describe(const spbe_scan_t *scan, apr_pool_t *pool)
{
    const char *out = "";
    const spbe_leak_t *leaks;
    size_t n, i;

    leaks = spbe_scan_leaks(scan, &n);
    for (i = 0; i < n; i++) {
        out = apr_psprintf(pool, "%s%s%s %d-%d%s", out, i ? ", " : "",
                           leaks[i].rule->id, (int)leaks[i].start,
                           (int)leaks[i].end,
                           &leaks[i] == spbe_scan_fatal(scan) ? "!" : "");
    }
    return out;
}

static const char *scan_whole(bench_t *b, int status, spbe_span_t text,
                              apr_pool_t *pool)
{
    spbe_scan_t *scan = spbe_scan_create(b->rules, status, pool);

    spbe_scan_feed(scan, b->scratch, text, 1);
    assert_int_equal(spbe_scan_safe(scan), text.len);
    return describe(scan, pool);
}

static void leak_table(void **state)
{
    static const struct {
        const char *json;
        int status;
        const char *text, *expected;
    } tests[] = {
        {edge_rules, 200, "", ""},
        {edge_rules, 200, "a WARNING b", "word 2-9"},
        {edge_rules, 200, "a WARNINGS b", ""},
        {edge_rules, 200, "aWARN", ""},
        {edge_rules, 200, "WARN", "word 0-4"},
        {edge_rules, 200, "from a;from b;", "far 0-7, far 7-14"},
        {edge_rules, 200, "from 01234567890123456;", ""},
        {edge_rules, 200, "unseen seen unseenly", "behind 2-6"},
        {edge_rules, 200, "head head tail tail", "before 0-14"},
        {edge_rules, 200, "  init\n xinit\n init", "start 0-6, start 14-19"},
        {edge_rules, 200, "ONCE Twice once", "two 0-10, two 11-15"},
        {edge_rules, 200, "twice", ""},
        {edge_rules, 200, "value=123456", "cut 6-12"},
        {edge_rules, 200, "a literal only", "plain 2-14"},
        {edge_rules, 200, "<<<<<<<>>", "greedy 0-9"},
        {edge_rules, 200, "none", ""},
        {edge_rules, 200, "from once;", "far 0-10"},
        {edge_rules, 200, "<code>WARN", ""},
        {edge_rules, 500, "<code>WARN", "word 6-10"},
        {edge_rules, 200, "<code>WARN</code>WARN", "word 17-21"},
        {fatal_rules, 200, "FATAL", "fast 0-5!"},
        {fatal_rules, 200, "WARN FATAL WARN FATAL", "word 0-4, fast 5-10!"},
        {fatal_rules, 200, "from FATAL;;", "slow 0-12!"},
        {fatal_rules, 200, "from FATAL;.", "fast 5-10!"},
        {fatal_rules, 200, "once twice", ""},
        {fatal_rules, 200, "once once once twice", ""},
        {fatal_rules, 200, "once twice init.", "weak-c 11-15!"},
        {fatal_rules, 200, "init twice once init", "weak-a 11-15!"},
        {RULES(RULE("late", "fatal", "\"fail\"", ",\"min_status\":400")), 399,
         "fail", ""},
        {RULES(RULE("late", "fatal", "\"fail\"", ",\"min_status\":400")), 400,
         "fail", "late 0-4!"},
        {RULES(RULE("a", "fatal", "\"abcd\"",
                    "") "," RULE("b", "notice", "\"cdef\"",
                                 "") "," RULE("c", "notice", "\"0abc\"", "")),
         200, "0abcdefg", "a 0-5!"},
        {RULES(RULE("a", "notice", "\"abcd\"", "") "," RULE("b", "notice",
                                                            "\"cdef\"", "")),
         200, "abcdefcdef", "a 0-6, b 6-10"},
        {RULES(RULE("q", "fatal", "\"abcd\"", ",\"quoted_counts\":true")), 200,
         "<code>abcd", "q 6-10!"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int slow;

        for (slow = 0; slow < 2; slow++) {
            bench_t b = open_bench(tests[i].json, slow);
            const char *got = scan_whole(&b, tests[i].status,
                                         spbe_span_from(tests[i].text), b.pool);

            if (strcmp(got, tests[i].expected) != 0) {
                fail_msg("\"%s\": \"%s\", not \"%s\"", tests[i].text, got,
                         tests[i].expected);
            }
            close_bench(&b);
        }
    }
}

/* Which bytes of [0, safe) are inside a listed leak. */
typedef struct promise {
    apr_uint64_t safe;
    spbe_leak_t leaks[SPBE_SCAN_LEAKS + 2];
    size_t n;
} promise_t;

static promise_t remember(const spbe_scan_t *scan)
{
    promise_t p = {.safe = spbe_scan_safe(scan)};
    const spbe_leak_t *leaks = spbe_scan_leaks(scan, &p.n);

    assert_true(p.n <= SPBE_SCAN_LEAKS + 2);
    if (p.n > 0) {
        memcpy(p.leaks, leaks, p.n * sizeof(leaks[0]));
    }
    return p;
}

static int listed(const promise_t *p, apr_uint64_t at)
{
    size_t i;

    for (i = 0; i < p->n; i++) {
        if (at >= p->leaks[i].start && at < p->leaks[i].end) {
            return 1;
        }
    }
    return 0;
}

/* What was called safe earlier was clean or listed then. */
static void check_promise(const promise_t *p, const spbe_scan_t *scan)
{
    const spbe_leak_t *leaks;
    apr_uint64_t at;
    size_t n, i;

    assert_true(spbe_scan_safe(scan) >= p->safe);
    leaks = spbe_scan_leaks(scan, &n);
    for (i = 0; i < n; i++) {
        for (at = leaks[i].start; at < leaks[i].end && at < p->safe; at++) {
            if (!listed(p, at)) {
                fail_msg("byte %d was called safe", (int)at);
            }
        }
    }
}

/* Pieces of step bytes; step 0: of random sizes. */
static const char *scan_cut(bench_t *b, spbe_span_t text, size_t step,
                            unsigned *seed, apr_pool_t *pool)
{
    spbe_scan_t *scan = spbe_scan_create(b->rules, 200, pool);
    promise_t promise = {.safe = 0}, now;
    spbe_span_t rest = text, piece;
    size_t n;

    while (rest.len > 0) {
        n = step ? step : (size_t)rand_r(seed) % (rest.len < 90 ? 30 : 5000);
        piece = spbe_span_slice(rest, 0, n);
        spbe_scan_feed(scan, b->scratch, piece, 0);
        rest = spbe_span_slice(rest, piece.len, rest.len);
        now = remember(scan);
        assert_true(now.safe <= text.len - rest.len);
        check_promise(&promise, scan);
        promise = now;
    }
    spbe_scan_feed(scan, b->scratch, SPBE_SPAN_EMPTY, 1);
    check_promise(&promise, scan);
    assert_int_equal(spbe_scan_safe(scan), text.len);
    return describe(scan, pool);
}

static const char *scan_halves(bench_t *b, spbe_span_t text, size_t at,
                               apr_pool_t *pool)
{
    spbe_scan_t *scan = spbe_scan_create(b->rules, 200, pool);
    promise_t promise;

    spbe_scan_feed(scan, b->scratch, spbe_span_slice(text, 0, at), 0);
    promise = remember(scan);
    spbe_scan_feed(scan, b->scratch, spbe_span_slice(text, at, text.len), 1);
    check_promise(&promise, scan);
    return describe(scan, pool);
}

static size_t soup(char *text, size_t size, unsigned *seed)
{
    size_t len = 0, n;
    const char *word;

    for (;;) {
        word = words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))];
        n = strlen(word);
        if (len + n > size) {
            return len;
        }
        memcpy(text + len, word, n);
        len += n;
    }
}

static void same(const char *got, const char *expected, spbe_span_t text)
{
    if (strcmp(got, expected) != 0) {
        fail_msg("%.*s\n%s\nnot\n%s", (int)(text.len > 300 ? 300 : text.len),
                 text.ptr, got, expected);
    }
}

static void check_cuts(bench_t *fast, bench_t *slow, spbe_span_t text,
                       unsigned *seed)
{
    apr_pool_t *pool;
    const char *expected;
    size_t at;

    apr_pool_create(&pool, NULL);
    expected = scan_whole(fast, 200, text, pool);
    same(scan_whole(slow, 200, text, pool), expected, text);
    for (at = 0; at <= text.len; at++) {
        same(scan_halves(fast, text, at, pool), expected, text);
    }
    same(scan_cut(fast, text, 1, seed, pool), expected, text);
    same(scan_cut(slow, text, 1, seed, pool), expected, text);
    same(scan_cut(slow, text, 7, seed, pool), expected, text);
    same(scan_cut(fast, text, 0, seed, pool), expected, text);
    apr_pool_destroy(pool);
}

static void leak_cuts(void **state)
{
    const char *const sets[] = {edge_rules, fatal_rules};
    unsigned seed = 65, round, i;
    char text[400];

    for (i = 0; i < 2; i++) {
        bench_t fast = open_bench(sets[i], 0), slow = open_bench(sets[i], 1);

        for (round = 0; round < 300; round++) {
            size_t len = soup(text, 20 + round, &seed);
            char *exact = malloc(len + 1); /* for the sanitizer */

            memcpy(exact, text, len);
            check_cuts(&fast, &slow, (spbe_span_t){exact, len}, &seed);
            free(exact);
        }
        close_bench(&fast);
        close_bench(&slow);
    }
}

/* More than the window, with something now and then. */
static void leak_cuts_large(void **state)
{
    size_t size = 700 * 1024, len, round;
    char *text = malloc(size);
    unsigned seed = 7;
    bench_t b = open_bench(edge_rules, 0);

    for (round = 0; round < 6; round++) {
        const char *expected;
        apr_pool_t *pool;
        size_t i;

        apr_pool_create(&pool, NULL);
        memset(text, '.', size);
        for (i = 0; i < 40; i++) {
            soup(text + (size_t)rand_r(&seed) % (size - 100), 100, &seed);
        }
        len = size - round;
        expected = scan_whole(&b, 200, (spbe_span_t){text, len}, pool);
        same(scan_cut(&b, (spbe_span_t){text, len}, 0, &seed, pool), expected,
             SPBE_SPAN("large, random"));
        same(scan_cut(&b, (spbe_span_t){text, len}, 8000, &seed, pool),
             expected, SPBE_SPAN("large, 8000"));
        same(scan_cut(&b, (spbe_span_t){text, len}, 300000, &seed, pool),
             expected, SPBE_SPAN("large, 300000"));
        apr_pool_destroy(pool);
    }
    free(text);
    close_bench(&b);
}

static void leak_window(void **state)
{
    bench_t b = open_bench(fatal_rules, 0);
    spbe_scan_t *scan = spbe_scan_create(b.rules, 200, b.pool);
    char *dots = malloc(50000);
    spbe_span_t piece = {dots, 50000}, text;
    apr_uint64_t offset;
    int i;

    memset(dots, '.', 50000);
    for (i = 0; i < 5; i++) {
        spbe_scan_feed(scan, b.scratch, piece, 0);
        assert_true(spbe_scan_safe(scan) + 300 > 50000u * (unsigned)(i + 1));
    }
    text = spbe_scan_text(scan, &offset);
    assert_int_equal(offset + text.len, 250000);
    assert_int_equal(text.len, SPBE_SCAN_WINDOW);
    spbe_scan_feed(scan, b.scratch, SPBE_SPAN("from here FATAL"), 0);
    assert_int_equal(spbe_scan_fatal(scan)->start, 250010);
    assert_int_equal(spbe_scan_safe(scan), 250000 - 8);
    for (i = 0; i < 5; i++) {
        spbe_scan_feed(scan, b.scratch, piece, i == 4);
    }
    text = spbe_scan_text(scan, &offset);
    assert_int_equal(text.len, SPBE_SCAN_WINDOW);
    assert_true(offset <= 250010 && offset > 240000);
    assert_memory_equal(text.ptr + (250010 - offset), "FATAL", 5);
    assert_int_equal(spbe_scan_safe(scan), 500015);
    free(dots);
    close_bench(&b);
}

static void leak_flushable(void **state)
{
    static const struct {
        const char *text;
        unsigned flushable;
    } tests[] = {
        {"", 0},
        {"no end", 0},
        {"a line\nand ", 7},
        {"<p>a<br>x", 8},
        {"a line\nfrom <b>", 0}, /* waits; back is 8 */
        {"a long line\nfrom <b>", 4},
        {"a line\nfrom .................................................."
         "........\n",
         71},
        {"a line\n FATAL\n", 8},
    };
    bench_t b = open_bench(fatal_rules, 0);
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_scan_t *scan = spbe_scan_create(b.rules, 200, b.pool);

        spbe_scan_feed(scan, b.scratch, spbe_span_from(tests[i].text), 0);
        assert_int_equal(spbe_scan_flushable(scan), tests[i].flushable);
    }
    close_bench(&b);
}

static void leak_in_place(void **state)
{
    bench_t b = open_bench(fatal_rules, 0);
    spbe_scan_t *scan = spbe_scan_create(b.rules, 200, b.pool);
    spbe_span_t page = SPBE_SPAN("a clean page"), text;
    apr_uint64_t offset;

    spbe_scan_feed(scan, b.scratch, page, 1);
    text = spbe_scan_text(scan, &offset);
    assert_ptr_equal(text.ptr, page.ptr);
    assert_int_equal(text.len, page.len);
    assert_int_equal(offset, 0);
    assert_null(spbe_scan_fatal(scan));
    close_bench(&b);
}

static void leak_too_many(void **state)
{
    bench_t b = open_bench(edge_rules, 0);
    char text[(SPBE_SCAN_LEAKS + 1) * 5];
    spbe_scan_t *scan;
    size_t i, n;

    for (i = 0; i <= SPBE_SCAN_LEAKS; i++) {
        memcpy(text + i * 5, "WARN ", 5);
    }
    scan = spbe_scan_create(b.rules, 200, b.pool);
    spbe_scan_feed(scan, b.scratch, (spbe_span_t){text, sizeof(text) - 5}, 1);
    spbe_scan_leaks(scan, &n);
    assert_int_equal(n, SPBE_SCAN_LEAKS);
    assert_null(spbe_scan_fatal(scan));
    scan = spbe_scan_create(b.rules, 200, b.pool);
    spbe_scan_feed(scan, b.scratch, (spbe_span_t){text, sizeof(text)}, 1);
    assert_non_null(spbe_scan_fatal(scan));
    assert_int_equal(spbe_scan_fatal(scan)->start, SPBE_SCAN_LEAKS * 5);
    close_bench(&b);
}

/* An expression without end is not skipped, and takes no time without end. */
static void leak_limit(void **state)
{
    static const char json[] =
        RULES(RULE("deep", "fatal", "\"begin\"",
                   ",\"ahead\":32768,\"regex\":\"begin(a|aa|a[a])*(a|"
                   "b)*c\"") "," RULE("more", "notice", "\"start\"",
                                      ",\"ahead\":32768,\"regex\":"
                                      "\"start(a|aa|a[a])*(a|b)*c\""));
    bench_t b = open_bench(json, 0);
    char *text = malloc(30000);

    memset(text, 'a', 30000);
    memcpy(text + 29998, "xc", 2);
    memcpy(text, "begin", 5);
    assert_string_equal(scan_whole(&b, 200, (spbe_span_t){text, 30000}, b.pool),
                        "deep 0-5!");
    memcpy(text, "start", 5);
    assert_string_equal(scan_whole(&b, 200, (spbe_span_t){text, 30000}, b.pool),
                        "more 0-5");
    free(text);
    close_bench(&b);
}

/* A page full of a literal that is never the rule's text, then a real one. */
static void leak_many_fails(void **state)
{
    static const char json[] =
        RULES(RULE("err", "fatal", "\"Error\"",
                   ",\"back\":8192,\"ahead\":32768,"
                   "\"regex\":\"<pre>[^<]{0,4000}Error[^<]{0,4000}</pre>\""));
    bench_t b = open_bench(json, 0);
    size_t size = 400 * 1024, i;
    char *text = malloc(size);
    unsigned seed = 1;
    const char *expected;

    for (i = 0; i + 8 <= size; i += 8) {
        memcpy(text + i, "Error < ", 8);
    }
    memcpy(text + size - 1024, "<pre>Error</pre>", 16);
    expected = scan_whole(&b, 200, (spbe_span_t){text, size}, b.pool);
    assert_string_equal(expected, "err 408576-408592!");
    same(scan_cut(&b, (spbe_span_t){text, size}, 0, &seed, b.pool), expected,
         SPBE_SPAN("many fails"));
    free(text);
    close_bench(&b);
}

/* The same with a slow expression: the time is bounded, by an alarm. */
static void leak_far_too_many_fails(void **state)
{
    static const char json[] =
        RULES(RULE("slow", "fatal", "\"Error\"",
                   ",\"regex\":\"Error([^~]){0,150}?([^~]){0,150}?~!\""));
    bench_t b = open_bench(json, 0);
    size_t size = 200 * 600, i;
    char *text = malloc(size);
    unsigned seed = 3;
    const char *expected;

    memset(text, '!', size);
    for (i = 0; i < size; i += 200) {
        memcpy(text + i, "Error", 5);
    }
    expected = scan_whole(&b, 200, (spbe_span_t){text, size}, b.pool);
    assert_string_equal(expected, "slow 102400-102405!");
    same(scan_cut(&b, (spbe_span_t){text, size}, 0, &seed, b.pool), expected,
         SPBE_SPAN("far too many fails"));
    free(text);
    close_bench(&b);
}

static void leak_once(void **state)
{
    bench_t b = open_bench(fatal_rules, 0);

    assert_null(spbe_scan_once(b.rules, b.scratch, 200, SPBE_SPAN("")));
    assert_null(spbe_scan_once(b.rules, b.scratch, 200, SPBE_SPAN("WARN")));
    assert_string_equal(
        spbe_scan_once(b.rules, b.scratch, 200, SPBE_SPAN("a FATAL b"))->id,
        "fast");
    close_bench(&b);
}

/* Feeding nothing, feeding on after the end, no rules. */
static void leak_nothing(void **state)
{
    bench_t b = open_bench(RULES(""), 0);
    spbe_scan_t *scan = spbe_scan_create(b.rules, 200, b.pool);
    apr_uint64_t offset;
    size_t n;

    spbe_scan_feed(scan, b.scratch, SPBE_SPAN_EMPTY, 0);
    assert_int_equal(spbe_scan_safe(scan), 0);
    assert_int_equal(spbe_scan_text(scan, &offset).len, 0);
    spbe_scan_feed(scan, b.scratch, SPBE_SPAN("text"), 0);
    assert_int_equal(spbe_scan_safe(scan), 4);
    spbe_scan_feed(scan, b.scratch, SPBE_SPAN_EMPTY, 1);
    spbe_scan_feed(scan, b.scratch, SPBE_SPAN("more"), 1);
    assert_int_equal(spbe_scan_safe(scan), 4);
    assert_null(spbe_scan_fatal(scan));
    spbe_scan_leaks(scan, &n);
    assert_int_equal(n, 0);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leak_table),
        cmocka_unit_test(leak_cuts),
        cmocka_unit_test(leak_cuts_large),
        cmocka_unit_test(leak_window),
        cmocka_unit_test(leak_in_place),
        cmocka_unit_test(leak_flushable),
        cmocka_unit_test(leak_too_many),
        cmocka_unit_test(leak_limit),
        cmocka_unit_test(leak_many_fails),
        cmocka_unit_test(leak_far_too_many_fails),
        cmocka_unit_test(leak_once),
        cmocka_unit_test(leak_nothing),
    };
    int failed;

    apr_initialize();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_terminate();
    return failed;
}
