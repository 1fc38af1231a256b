/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/text_test.c - small text helpers: UTF-8, base64url, time,
 * terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <apr_general.h>
#include "text/base64url.h"
#include "text/stamp.h"
#include "text/utf8.h"
#include "text/visible.h"

static apr_pool_t *pool;

static void utf8_valid(void **state)
{
    static const struct {
        const char *text;
        int valid;
    } tests[] = {
        {"", 1},
        {"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 1},
        {"\x80", 0},
        {"\xc0\xaf", 0},
        {"\xc1\xbf", 0},
        {"\xe0\x80\xaf", 0},
        {"\xed\xa0\x80", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xf5\x80\x80\x80", 0},
        {"\xf0\x80\x80\xaf", 0},
        {"\xc3", 0},
        {"\xe2\x82", 0},
        {"\xc3(", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_utf8_valid(spbe_span_from(tests[i].text)) != tests[i].valid) {
            fail_msg("row %zu", i);
        }
    }
}

/* Every byte at every place of several words. */
static void utf8_plain(void **state)
{
    char text[24];
    size_t at, len;
    int byte;

    for (byte = 0; byte < 256; byte++) {
        int plain = byte >= ' ' && byte <= '~';

        for (at = 0; at < sizeof(text); at++) {
            memset(text, at % 2 == 0 ? 'a' : '~', sizeof(text));
            text[at] = (char)byte;
            for (len = at; len <= sizeof(text); len++) {
                size_t want = plain || at >= len ? len : at;

                if (spbe_utf8_plain((spbe_span_t){text, len}) != want) {
                    fail_msg("byte %d at %zu of %zu", byte, at, len);
                }
            }
            assert_int_equal(spbe_utf8_valid((spbe_span_t){text, sizeof(text)}),
                             byte < 128);
        }
    }
    assert_int_equal(spbe_utf8_plain(SPBE_SPAN("\x1f\x7f\x80 a")), 0);
}

static void utf8_cut(void **state)
{
    static const struct {
        const char *text;
        size_t max, want;
    } tests[] = {
        {"abc", 5, 3},
        {"abc", 2, 2},
        {"a\xc3\xa9z", 2, 1},
        {"a\xc3\xa9z", 3, 3},
        {"\xf0\x9f\x98\x80", 3, 0},
        {"\xf0\x9f\x98\x80", 0, 0},
        {"\x80\x80\x80\x80\x80\x80", 5, 5},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(
            spbe_utf8_cut(spbe_span_from(tests[i].text), tests[i].max).len,
            tests[i].want);
    }
}

static void base64url(void **state)
{
    static const struct {
        const char *bytes, *text;
    } tests[] = {
        {"", ""},
        {"f", "Zg"},
        {"fo", "Zm8"},
        {"foo", "Zm9v"},
        {"\xff\xfe\xfd", "__79"},
        {"foobar", "Zm9vYmFy"},
    };
    static const char *const bad[] = {
        "Z", "Zh", "Zm9", "Zg==", "Z g", "+/+/", "Zm9vY"};
    spbe_span_t bytes;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 1, pool);
        spbe_base64url_encode(&buf, spbe_span_from(tests[i].bytes));
        assert_string_equal(spbe_buf_cstr(&buf), tests[i].text);
        assert_int_equal(
            spbe_base64url_decode(spbe_span_from(tests[i].text), &bytes, pool),
            SPBE_OK);
        assert_true(spbe_span_eq(bytes, spbe_span_from(tests[i].bytes)));
    }
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(
            spbe_base64url_decode(spbe_span_from(bad[i]), &bytes, pool),
            SPBE_BAD);
    }
}

static void stamp_parse(void **state)
{
    static const struct {
        const char *text, *want; /* NULL: not accepted */
    } tests[] = {
        {"2026-03-04T10:22:33.123456Z", "2026-03-04T10:22:33.123456Z"},
        {"2026-03-04T10:22:33Z", "2026-03-04T10:22:33.000000Z"},
        {"2026-03-04t10:22:33.5z", "2026-03-04T10:22:33.500000Z"},
        {"2026-03-04T17:22:33+07:00", "2026-03-04T10:22:33.000000Z"},
        {"2026-03-04 10:22", "2026-03-04T10:22:00.000000Z"},
        {"2026-03-04", "2026-03-04T00:00:00.000000Z"},
        {"2026-03-04T10:22:33.123456789Z", "2026-03-04T10:22:33.123456Z"},
        {"2026-13-04", NULL},
        {"2026-03-04T25:00:00Z", NULL},
        {"2026-03-04T10:22:33.Z", NULL},
        {"2026-03-04T10:22:33Zx", NULL},
        {"2026-03-04T10:22:33+7", NULL},
        {"04-03-2026", NULL},
        {"", NULL},
        {"gestern", NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        char out[SPBE_STAMP_SIZE];
        apr_time_t time;
        int got = spbe_stamp_parse(spbe_span_from(tests[i].text), &time);

        if (got != (tests[i].want != NULL)) {
            fail_msg("%s: %d", tests[i].text, got);
        }
        if (got) {
            spbe_stamp_write(time, out);
            assert_string_equal(out, tests[i].want);
        }
    }
}

static void stamp_since(void **state)
{
    static const struct {
        const char *text;
        long ago; /* seconds; -1: not accepted */
    } tests[] = {
        {"90s", 90}, {"15m", 900}, {"2h", 7200}, {"3d", 259200}, {"2w", -1},
        {"h", -1},   {"-2h", -1},  {"2 h", -1},  {"", -1},
    };
    apr_time_t now = apr_time_from_sec(1709540000), time;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int got = spbe_stamp_since(spbe_span_from(tests[i].text), now, &time);

        assert_int_equal(got, tests[i].ago >= 0);
        if (got) {
            assert_int_equal(apr_time_sec(now - time), tests[i].ago);
        }
    }
}

static void stamp_local(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        {"2026-11-22", "2026-11-21T17:00:00.000000Z"},
        {"2026-11-22T06:30", "2026-11-21T23:30:00.000000Z"},
        {"2026-11-22 06:30:05.5", "2026-11-21T23:30:05.500000Z"},
        {"2026-11-22T06:30Z", "2026-11-22T06:30:00.000000Z"},
        {"2026-11-22T06:30+01:00", "2026-11-22T05:30:00.000000Z"},
    };
    char out[SPBE_STAMP_SIZE];
    apr_time_t time;
    size_t i;

    setenv("TZ", "WIB-7", 1);
    tzset();
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_true(
            spbe_stamp_since(spbe_span_from(tests[i].text), 0, &time));
        spbe_stamp_write(time, out);
        assert_string_equal(out, tests[i].want);
    }
    time = apr_time_from_sec(1709540000);
    spbe_stamp_plain(time, out);
    assert_string_equal(out, "2024-03-04T15:13:20");
    spbe_stamp_day(spbe_stamp_midnight(time, 27), out);
    assert_string_equal(out, "2024-03-31");
    spbe_stamp_write(spbe_stamp_midnight(time, -4), out);
    assert_string_equal(out, "2024-02-28T17:00:00.000000Z");
    spbe_stamp_local(apr_time_from_sec(1709540000), out);
    assert_string_equal(out, "04-03-2024 15:13:20 WIB");
}

static void visible(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        {"abc \xc3\xa9", "abc \xc3\xa9"},
        {"\x1b[31mred", "\\x1b[31mred"},
        {"a\r\nb\t\a", "a\\x0d\\x0ab\\x09\\x07"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xc2\x9b"
         "31m",
         "\\u{009b}31m"},
        {"\xe2\x80\xae"
         "abc",
         "\\u{202e}abc"},
        {"\xe2\x81\xa6"
         "abc",
         "\\u{2066}abc"},
        {"\xe2\x80\x8b", "\\u{200b}"},
        {"\xef\xbb\xbf", "\\u{feff}"},
        {"\x7f", "\\x7f"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_string_equal(spbe_visible(tests[i].text, pool), tests[i].want);
    }
    assert_string_equal(spbe_visible_fit("abcdefgh", 8, pool), "abcdefgh");
    assert_string_equal(spbe_visible_fit("abcdefghi", 8, pool), "abcde...");
    assert_string_equal(
        spbe_visible_fit("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 4, pool),
        "\xc3\xa9...");
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
        cmocka_unit_test(utf8_valid),  cmocka_unit_test(utf8_plain),
        cmocka_unit_test(utf8_cut),    cmocka_unit_test(base64url),
        cmocka_unit_test(stamp_parse), cmocka_unit_test(stamp_since),
        cmocka_unit_test(stamp_local), cmocka_unit_test(visible),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
