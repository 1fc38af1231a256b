/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/cells_test.c - text/csv.c, text/html.c and text/syslog.c: text of
 * strangers in what other programs open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <apr_general.h>
#include "text/csv.h"
#include "text/html.h"
#include "text/syslog.h"
#include "text/utf8.h"

static apr_pool_t *pool;

typedef struct row {
    const char *name;
    spbe_span_t in;
    const char *out;
} row_t;

typedef void write_t(spbe_buf_t *buf, spbe_span_t text);

static void check(const row_t *rows, size_t n, write_t *write)
{
    size_t i;

    for (i = 0; i < n; i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 16, pool);
        write(&buf, rows[i].in);
        if (strcmp(spbe_buf_cstr(&buf), rows[i].out) != 0) {
            fail_msg("%s: %s", rows[i].name, spbe_buf_cstr(&buf));
        }
    }
}

static void write_cell(spbe_buf_t *buf, spbe_span_t text)
{
    spbe_csv_cell(buf, text, 1);
}

static void cells_csv(void **state)
{
    static const row_t rows[] = {
        {"plain", {"abc 1", 5}, "abc 1"},
        {"empty", {"", 0}, ""},
        {"comma", {"a,b", 3}, "\"a,b\""},
        {"semicolon", {"a;b", 3}, "\"a;b\""},
        {"quote", {"a\"b\"", 4}, "\"a\"\"b\"\"\""},
        {"one quote", {"\"", 1}, "\"\"\"\""},
        {"line end", {"a\nb", 3}, "\"a\nb\""},
        {"carriage return inside", {"a\rb", 3}, "a\\x0db"},
        {"equals", {"=1+2", 4}, "\"'=1+2\""},
        {"hyperlink",
         {"=HYPERLINK(\"http://x\")", 22},
         "\"'=HYPERLINK(\"\"http://x\"\")\""},
        {"plus", {"+1", 2}, "\"'+1\""},
        {"minus", {"-1", 2}, "\"'-1\""},
        {"at", {"@SUM(1)", 7}, "\"'@SUM(1)\""},
        {"tab", {"\t=1", 3}, "\"'    =1\""},
        {"return", {"\r=1", 3}, "\"'\\x0d=1\""},
        {"new line", {"\n=1", 3}, "\"'\n'=1\""},
        {"formula behind a semicolon", {"x;=1;y", 6}, "\"x;'=1;y\""},
        {"formula behind a comma", {"x,+1", 4}, "\"x,'+1\""},
        {"formula behind a line end", {"x\n@a", 4}, "\"x\n'@a\""},
        {"formula behind a bar", {"x|=1", 4}, "\"x|'=1\""},
        {"formula behind a tab", {"x\t=1", 4}, "x    =1"},
        {"formula behind quotes", {"x;\"=1", 5}, "\"x;'\"\"=1\""},
        {"formula behind blanks", {"x; =1", 5}, "\"x;' =1\""},
        {"semicolon at the end", {"x;", 2}, "\"x;\""},
        {"nul", {"\0=1", 3}, "\"'\\x00=1\""},
        {"full width",
         {"\xef\xbc\x9d"
          "1",
          4},
         "\"'\xef\xbc\x9d"
         "1\""},
        {"full width at", {"\xef\xbc\xa0x", 4}, "\"'\xef\xbc\xa0x\""},
        {"apostrophe stays", {"'=1", 3}, "\"'=1\""},
        {"minus inside", {"a-1", 3}, "a-1"},
        {"blank in front", {" a", 2}, "\" a\""},
        {"escape sequence", {"\x1b[31m", 5}, "\\x1b[31m"},
        {"turned",
         {"a\xe2\x80\xae"
          "b",
          5},
         "a\\u{202e}b"},
        {"no utf-8", {"a\xff", 2}, "a\\xff"},
    };
    spbe_buf_t buf;

    check(rows, sizeof(rows) / sizeof(rows[0]), write_cell);
    spbe_buf_init(&buf, 16, pool);
    spbe_csv_cell(&buf, SPBE_SPAN("a"), 1);
    spbe_csv_cell(&buf, SPBE_SPAN(""), 0);
    spbe_csv_cell(&buf, SPBE_SPAN("=c"), 0);
    spbe_csv_end(&buf);
    assert_string_equal(spbe_buf_cstr(&buf), "a,,\"'=c\"\r\n");
}

static void cells_html(void **state)
{
    static const row_t rows[] = {
        {"plain", {"abc", 3}, "abc"},
        {"element",
         {"<script>alert(1)</script>", 25},
         "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"attribute", {"\" onload='x'", 12}, "&quot; onload=&#39;x&#39;"},
        {"reference", {"&lt;", 4}, "&amp;lt;"},
        {"line end", {"a\nb", 3}, "a\nb"},
        {"control", {"a\0b\x1b", 4}, "a\\x00b\\x1b"},
        {"turned", {"\xe2\x80\xae", 3}, "\\u{202e}"},
        {"no utf-8", {"\xc0\xbcscript", 8}, "\\xc0\\xbcscript"},
        {"utf-8", {"\xc3\xa9", 2}, "\xc3\xa9"},
    };

    check(rows, sizeof(rows) / sizeof(rows[0]), spbe_html_add);
}

static void write_param(spbe_buf_t *buf, spbe_span_t text)
{
    spbe_syslog_param(buf, "n", spbe_span_dup(text, pool));
}

static void cells_syslog(void **state)
{
    static const row_t rows[] = {
        {"plain", {"abc", 3}, " n=\"abc\""},
        {"empty", {"", 0}, ""},
        {"end of element", {"a] [x", 5}, " n=\"a\\] [x\""},
        {"quote", {"a\"b", 3}, " n=\"a\\\"b\""},
        {"backslash", {"a\\b", 3}, " n=\"a\\\\b\""},
        {"line end", {"a\nb", 3}, " n=\"a\\\\x0ab\""},
        {"no utf-8", {"\xff", 1}, " n=\"\\\\xff\""},
    };
    static const struct {
        const char *name, *host, *app, *msgid, *out;
    } heads[] = {
        {"whole", "kota1", "spbe", "error",
         "<83>1 2024-03-04T08:13:20.000000Z kota1 spbe - error "},
        {"nothing", NULL, "", NULL,
         "<83>1 2024-03-04T08:13:20.000000Z - - - - "},
        {"blanks and more", "a b\n", "\xc3\xa9", "x\x7f",
         "<83>1 2024-03-04T08:13:20.000000Z a?b? ?? - x? "},
        {"too long", NULL, NULL, "0123456789012345678901234567890123456789",
         "<83>1 2024-03-04T08:13:20.000000Z - - - "
         "01234567890123456789012345678901 "},
    };
    size_t i;

    check(rows, sizeof(rows) / sizeof(rows[0]), write_param);
    for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        spbe_buf_t buf;

        spbe_buf_init(&buf, 16, pool);
        spbe_syslog_begin(&buf, SPBE_SYSLOG_ERROR,
                          apr_time_from_sec(1709540000), heads[i].host,
                          heads[i].app, heads[i].msgid);
        if (strcmp(spbe_buf_cstr(&buf), heads[i].out) != 0) {
            fail_msg("%s: %s", heads[i].name, spbe_buf_cstr(&buf));
        }
    }
}

/* A message has an end, and not inside a character. */
static void cells_syslog_text(void **state)
{
    char *text = apr_palloc(pool, 20000);
    spbe_buf_t buf;
    size_t i, shift;

    for (i = 0; i < 20000; i += 2) {
        memcpy(text + i, "\xc3\xa9", 2);
    }
    for (shift = 0; shift < 4; shift++) {
        size_t from;

        spbe_buf_init(&buf, 16, pool);
        spbe_buf_adds(&buf, "line before\n");
        from = buf.len;
        for (i = 0; i <= shift; i++) {
            spbe_buf_addc(&buf, '-');
        }
        spbe_syslog_text(&buf, (spbe_span_t){text, 20000}, from);
        assert_true(buf.len - from <= SPBE_SYSLOG_MAX);
        assert_true(buf.len - from > SPBE_SYSLOG_MAX - 2);
        assert_true(spbe_utf8_valid(spbe_buf_span(&buf)));
    }
    spbe_buf_init(&buf, 16, pool);
    spbe_syslog_element(&buf, "x@1");
    spbe_syslog_param(&buf, "a", "1");
    spbe_syslog_element_end(&buf);
    spbe_syslog_text(&buf, SPBE_SPAN("a\nb"), 0);
    assert_string_equal(spbe_buf_cstr(&buf), "[x@1 a=\"1\"] \xef\xbb\xbf"
                                             "a\\x0ab");
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
        cmocka_unit_test(cells_csv),
        cmocka_unit_test(cells_html),
        cmocka_unit_test(cells_syslog),
        cmocka_unit_test(cells_syslog_text),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
