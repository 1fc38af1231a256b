/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/span_test.c - bytes as {pointer, length}.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <apr_general.h>

#include "text/span.h"

static spbe_span_t S(const char *text)
{
    return spbe_span_from(text);
}

static void assert_span(spbe_span_t got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    assert_memory_equal(got.ptr, expected, got.len);
}

static void span_slice(void **state)
{
    static const struct {
        const char *text;
        size_t from, to;
        const char *expected;
    } tests[] = {
        {"abcd", 1, 3, "bc"},
        {"abcd", 0, SPBE_NPOS, "abcd"},
        {"abcd", 3, 1, ""},
        {"abcd", 9, 12, ""},
        {"", 0, 1, ""},
        {"abcd", 4, 4, ""},
        {"abcd", SPBE_NPOS, 2, ""},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_span(
            spbe_span_slice(S(tests[i].text), tests[i].from, tests[i].to),
            tests[i].expected);
    }
}

static void span_trim(void **state)
{
    assert_span(spbe_span_trim(S(" \t\r\n a b\v\f ")), "a b");
    assert_span(spbe_span_trim(S("   ")), "");
    assert_span(spbe_span_trim(SPBE_SPAN_EMPTY), "");
    assert_span(spbe_span_trim(S("x")), "x");
}

static void span_cut(void **state)
{
    spbe_span_t rest = S("a,b,,c");

    assert_span(spbe_span_cut(&rest, ','), "a");
    assert_span(spbe_span_cut(&rest, ','), "b");
    assert_span(spbe_span_cut(&rest, ','), "");
    assert_span(spbe_span_cut(&rest, ','), "c");
    assert_int_equal(rest.len, 0);
    assert_span(spbe_span_cut(&rest, ','), "");
}

static void span_line(void **state)
{
    spbe_span_t rest = S("one\r\ntwo\n\nthree\r");

    assert_span(spbe_span_line(&rest), "one");
    assert_span(spbe_span_line(&rest), "two");
    assert_span(spbe_span_line(&rest), "");
    assert_span(spbe_span_line(&rest), "three");
    assert_int_equal(rest.len, 0);
}

static void span_compare(void **state)
{
    static const struct {
        const char *a, *b;
        int eq, ieq, starts, istarts, ends;
    } tests[] = {
        {"", "", 1, 1, 1, 1, 1},
        {"a", "", 0, 0, 1, 1, 1},
        {"", "a", 0, 0, 0, 0, 0},
        {"Abc", "aBC", 0, 1, 0, 1, 0},
        {"Abc", "Ab", 0, 0, 1, 1, 0},
        {"Abc", "bc", 0, 0, 0, 0, 1},
        {"Abc", "aB", 0, 0, 0, 1, 0},
        {"\xc4", "\xe4", 0, 0, 0, 0, 0}, /* only ASCII has case */
        {"[", "{", 0, 0, 0, 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t a = S(tests[i].a), b = S(tests[i].b);

        assert_int_equal(spbe_span_eq(a, b), tests[i].eq);
        assert_int_equal(spbe_span_ieq(a, b), tests[i].ieq);
        assert_int_equal(spbe_span_starts(a, b), tests[i].starts);
        assert_int_equal(spbe_span_istarts(a, b), tests[i].istarts);
        assert_int_equal(spbe_span_ends(a, b), tests[i].ends);
    }
}

static void span_find(void **state)
{
    static const struct {
        const char *text, *needle;
        size_t find, ifind;
    } tests[] = {
        {"hello", "l", 2, 2},
        {"hello", "", 0, 0},
        {"", "", 0, 0},
        {"", "x", SPBE_NPOS, SPBE_NPOS},
        {"hello", "LO", SPBE_NPOS, 3},
        {"hello", "hello!", SPBE_NPOS, SPBE_NPOS},
        {"aab", "ab", 1, 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(spbe_span_find(S(tests[i].text), S(tests[i].needle)),
                         tests[i].find);
        assert_int_equal(spbe_span_ifind(S(tests[i].text), S(tests[i].needle)),
                         tests[i].ifind);
    }
    assert_int_equal(spbe_span_chr(S("abca"), 'a'), 0);
    assert_int_equal(spbe_span_rchr(S("abca"), 'a'), 3);
    assert_int_equal(spbe_span_chr(S(""), 'a'), SPBE_NPOS);
    assert_int_equal(spbe_span_rchr(S("b"), 'a'), SPBE_NPOS);
}

static void span_nul(void **state)
{
    spbe_span_t text = {"a\0b", 3};
    apr_pool_t *pool;

    assert_int_equal(spbe_span_chr(text, '\0'), 1);
    assert_int_equal(spbe_span_find(text, (spbe_span_t){"\0b", 2}), 1);
    assert_false(spbe_span_eq(text, S("a")));
    assert_span(spbe_span_from(NULL), "");
    apr_initialize();
    apr_pool_create(&pool, NULL);
    assert_string_equal(spbe_span_dup(text, pool), "a?b");
    assert_string_equal(spbe_span_dup(SPBE_SPAN_EMPTY, pool), "");
    apr_pool_destroy(pool);
    apr_terminate();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(span_slice),   cmocka_unit_test(span_trim),
        cmocka_unit_test(span_cut),     cmocka_unit_test(span_line),
        cmocka_unit_test(span_compare), cmocka_unit_test(span_find),
        cmocka_unit_test(span_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
