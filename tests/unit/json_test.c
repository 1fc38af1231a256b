/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/json_test.c - text/json.c and text/jsonout.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "text/json.h"
#include "text/jsonout.h"

static apr_pool_t *pool;

/* The tokens of a text as letters; what follows them tells how it ended. */
static const char *walk(spbe_span_t text)
{
    static const char letters[] = "{}[]nsdtf0";
    spbe_json_t json;
    spbe_json_token_t token;
    spbe_buf_t buf;
    spbe_rc_t rc;

    spbe_buf_init(&buf, 16, pool);
    spbe_json_init(&json, text);
    while ((rc = spbe_json_next(&json, &token)) == SPBE_OK) {
        spbe_buf_addc(&buf, letters[token.type]);
    }
    assert_int_equal(spbe_json_next(&json, &token), rc);
    spbe_buf_addc(&buf, rc == SPBE_END ? '.' : rc == SPBE_NONE ? '?' : '!');
    return spbe_buf_cstr(&buf);
}

static void json_walk(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        {"{}", "{}."},
        {"[]", "[]."},
        {" { \"a\" : 1 , \"b\" : [ true , false , null , \"x\" ] } ",
         "{ndn[tf0s]}."},
        {"\"x\"", "s."},
        {"12", "d."},
        {"-0.5e+3", "d."},
        {"[1,2]", "[dd]."},
        {"[01]", "[!"},
        {"[1.]", "[!"},
        {"[.5]", "[!"},
        {"[1e]", "[!"},
        {"[+1]", "[!"},
        {"[1,]", "[d!"},
        {"[,1]", "[!"},
        {"{\"a\":1,}", "{nd!"},
        {"{a:1}", "{!"},
        {"{'a':1}", "{!"},
        {"{\"a\" 1}", "{!"},
        {"{\"a\":}", "{n!"},
        {"{\"a\":1 \"b\":2}", "{nd!"},
        {"[1}", "[d!"},
        {"{\"a\":1]", "{nd!"},
        {"{} {}", "{}!"},
        {"\"\\x\"", "!"},
        {"\"\\u12g4\"", "!"},
        {"\"a\nb\"", "!"},
        {"\"\xff\"", "!"},
        {"\"\xc0\xaf\"", "!"},
        {"NaN", "!"},
        {"nulll", "0!"},
        {"/**/1", "!"},
        {"\xef\xbb\xbf{}", "!"},
        {"", "?"},
        {"{", "{?"},
        {"{\"a", "{?"},
        {"{\"a\"", "{?"},
        {"{\"a\":", "{n?"},
        {"{\"a\":1", "{n?"},
        {"{\"a\":tr", "{n?"},
        {"[\"a\\", "[?"},
        {"[\"a\\u00", "[?"},
        {"[1", "[?"},
        {"[1,", "[d?"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *got = walk(spbe_span_from(tests[i].text));

        if (strcmp(got, tests[i].want) != 0) {
            fail_msg("%s: %s, not %s", tests[i].text, got, tests[i].want);
        }
    }
    assert_string_equal(walk((spbe_span_t){"\"\0\"", 3}), "!");
}

/* Every byte at every place of a string that fills several words. */
static void json_bytes(void **state)
{
    char text[26];
    size_t at;
    int byte;

    for (byte = 0; byte < 128; byte++) {
        const char *want = byte == '"'                   ? "s!"
                           : byte < ' ' || byte == '\\' ? "!"
                                                         : "s.";

        for (at = 1; at + 2 < sizeof(text); at++) {
            memset(text, at % 2 == 0 ? '!' : ']', sizeof(text));
            text[0] = text[sizeof(text) - 1] = '"';
            text[at] = (char)byte;
            if (strcmp(walk((spbe_span_t){text, sizeof(text)}), want) != 0) {
                fail_msg("byte %d at %zu", byte, at);
            }
        }
    }
}

static void json_depth(void **state)
{
    char text[SPBE_JSON_DEPTH + 2];
    spbe_json_t json;
    spbe_json_token_t token;
    int n = 0;

    memset(text, '[', sizeof(text));
    spbe_json_init(&json, (spbe_span_t){text, sizeof(text)});
    while (spbe_json_next(&json, &token) == SPBE_OK) {
        n++;
    }
    assert_int_equal(n, SPBE_JSON_DEPTH);
    assert_int_equal(spbe_json_next(&json, &token), SPBE_BAD);
}

static void json_unescape(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        {"abc", "abc"},
        {"a\\n\\t\\r\\b\\f\\\"\\\\\\/", "a\n\t\r\b\f\"\\/"},
        {"\\u0041\\u00e9\\u20ac", "A\xc3\xa9\xe2\x82\xac"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83dx", "\xef\xbf\xbdx"},
        {"\\ude00", "\xef\xbf\xbd"},
        {"\\ud83d\\u0041", "\xef\xbf\xbd"
                           "A"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_string_equal(
            spbe_span_dup(
                spbe_json_unescape(spbe_span_from(tests[i].text), pool), pool),
            tests[i].want);
    }
}

static void json_unsigned(void **state)
{
    static const struct {
        const char *text;
        unsigned long long max;
        int good;
        unsigned long long value;
    } tests[] = {
        {"0", 10, 1, 0},
        {"10", 10, 1, 10},
        {"11", 10, 0, 0},
        {"9", 5, 0, 0},
        {"18446744073709551615", 18446744073709551615ull, 1,
         18446744073709551615ull},
        {"18446744073709551616", 18446744073709551615ull, 0, 0},
        {"-1", 10, 0, 0},
        {"1.0", 10, 0, 0},
        {"", 10, 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        unsigned long long value;
        int good = spbe_json_unsigned(spbe_span_from(tests[i].text),
                                      tests[i].max, &value);

        assert_int_equal(good, tests[i].good);
        if (good) {
            assert_true(value == tests[i].value);
        }
    }
}

static void jsonout_string(void **state)
{
    static const struct {
        spbe_span_t text;
        const char *want;
    } tests[] = {
        {SPBE_SPAN("abc"), "\"abc\""},
        {SPBE_SPAN("a\"b\\c/"), "\"a\\\"b\\\\c/\""},
        {SPBE_SPAN("\n\r\t\b\x1b\0"), "\"\\n\\r\\t\\u0008\\u001b\\u0000\""},
        {SPBE_SPAN("\xc3\xa9\xff\xc3"), "\"\xc3\xa9\\ufffd\\ufffd\""},
        {SPBE_SPAN("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\""},
        {SPBE_SPAN("\xe2\x80\xa8\x7f\xc2\x85"), "\"\\u2028\\u007f\\u0085\""},
        {SPBE_SPAN("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\""},
    };
    size_t i, max;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 1, pool);
        spbe_jsonout_string(&buf, tests[i].text);
        assert_string_equal(spbe_buf_cstr(&buf), tests[i].want);
        assert_int_equal(spbe_jsonout_length(tests[i].text), buf.len);
        assert_string_equal(walk(spbe_buf_span(&buf)), "s.");
        for (max = 2; max < 40; max++) {
            spbe_span_t fit = spbe_jsonout_fit(tests[i].text, max);

            assert_true(spbe_jsonout_length(fit) <= max);
            assert_true(fit.len == tests[i].text.len || max < buf.len);
        }
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
        cmocka_unit_test(json_walk),      cmocka_unit_test(json_depth),
        cmocka_unit_test(json_bytes),
        cmocka_unit_test(json_unescape),  cmocka_unit_test(json_unsigned),
        cmocka_unit_test(jsonout_string),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
