/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/plain_test.c - HTML, JSON and error-log escapes to plain text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>

#include "text/loose.h"
#include "text/plain.h"

static apr_pool_t *pool;

typedef struct row {
    const char *in, *out;
} row_t;

typedef spbe_span_t convert_t(spbe_span_t text, apr_pool_t *p);

static void run(const row_t *rows, size_t n, convert_t *convert)
{
    size_t i;

    for (i = 0; i < n; i++) {
        spbe_span_t out = convert(spbe_span_from(rows[i].in), pool);

        if (!spbe_span_eq(out, spbe_span_from(rows[i].out))) {
            fail_msg("row %zu: [%.*s]", i, (int)out.len, out.ptr);
        }
    }
}

#define RUN(rows, convert) run(rows, sizeof(rows) / sizeof(*rows), convert)

static void test_html(void **state)
{
    static const row_t rows[] = {
        {"", ""},
        {"a<b>b</b>c", "abc"},
        {"a<br>b<br/>c<BR />d", "a\nb\nc\nd"},
        {"<p>a</p><p>b</p>", "a\nb\n"},
        {"<tr><td>a</td><td>b</td></tr>", "a\tb\t\n"},
        {"<script>if (a < b) x();</script>y", "y"},
        {"<style>p{}</style>y<script>", "y"},
        {"a<!-- x &amp; y\nz -->b", "a\n x & y\nz \nb"},
        {"<!doctype html>a", "a"},
        {"<a title=\"x > y\" href=z>q</a>", "q"},
        {"<a title=\"x>q", "q"},
        /* what only looks like a tag */
        {"in <module>", "in <module>"},
        {"at Object.<anonymous> (x)", "at Object.<anonymous> (x)"},
        {"in `<main>'", "in `<main>'"},
        {"a < b and c > d", "a < b and c > d"},
        {"<frozen os>", "<frozen os>"},
        {"<my-element>x</my-element>", "x"},
        /* entities */
        {"&lt;&gt;&amp;&quot;&apos;", "<>&\"'"},
        {"&#39;&#x27;&#039;", "'''"},
        {"a&nbspb&nbsp", "a b "},
        {"a&nbsp;&#160;\xc2\xa0"
         "b",
         "a   b"},
        {"&mdash;&#8212;", "\xe2\x80\x94\xe2\x80\x94"},
        {"&unknown; & &;&#;&#x;", "&unknown; & &;&#;&#x;"},
        {"&#0;&#xd800;&#x110000;", "???"},
        {"&amp", "&amp"},
        {"<", "<"},
        {"<b", ""},
        {"</", "</"},
        {"<!--", ""},
        {"File \"x\",\n      line 3", "File \"x\", line 3"},
    };

    (void)state;
    RUN(rows, spbe_plain_html);
}

static void test_json(void **state)
{
    static const row_t rows[] = {
        {"plain", "plain"},
        {"a\\nb\\tc", "a\nb\tc"},
        {"\\\"x\\\" \\/ \\\\", "\"x\" / \\"},
        {"\\u003Cb\\u003e", "<b>"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83d", "?"},
        {"\\u12", "\\u12"},
        {"\\q\\", "\\q\\"},
        {"\\x41\\xZZ", "A\\xZZ"},
    };

    (void)state;
    RUN(rows, spbe_plain_json);
}

static void test_log(void **state)
{
    static const row_t rows[] = {
        {"in /a.php:3\\nStack trace:\\n#0 {main}",
         "in /a.php:3\nStack trace:\n#0 {main}"},
        {"C:\\\\new\\\\x", "C:\\new\\x"},
        {"caf\\xc3\\xa9", "caf\xc3\xa9"},
        {"\\\"q\\\"", "\"q\""},
    };

    (void)state;
    RUN(rows, spbe_plain_log);
}

static void test_text(void **state)
{
    static const row_t rows[] = {
        {"just text < 3", "just text < 3"},
        {"<html><p>x</p>", "x\n"},
        {"{\"message\":\"a \\\"b\\\"\",\"line\":3}",
         "message: a \"b\"\nline: 3\n"},
        {"{\"stack\":\"Error: x\\n    at f\"}", "stack:\nError: x\n    at f\n"},
        {"[\"a\",\"b\"]", "a\nb\n"},
        {"[Sat Nov 21 \"x\"]", "[Sat Nov 21 \"x\"]"},
        {"{main}", "{main}"},
        {"{\"cut\":\"in the mi", "cut: in the mi\n"},
    };

    (void)state;
    RUN(rows, spbe_plain_text);
}

static void test_loose(void **state)
{
    static const struct {
        spbe_loose_kind_t kind;
        const char *text;
    } rows[] = {
        {SPBE_LOOSE_OPEN, "{"},       {SPBE_LOOSE_KEY, "a"},
        {SPBE_LOOSE_WORD, "1"},       {SPBE_LOOSE_KEY, "b"},
        {SPBE_LOOSE_OPEN, "["},       {SPBE_LOOSE_STRING, "x\\\"y"},
        {SPBE_LOOSE_WORD, "null"},    {SPBE_LOOSE_CLOSE, "]"},
        {SPBE_LOOSE_STRING, "cut\\"}, {SPBE_LOOSE_END, ""},
    };
    spbe_loose_t loose = {
        SPBE_SPAN("{\"a\" : 1, \"b\":[\"x\\\"y\" null] \"cut\\")};
    spbe_span_t text;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_equal(spbe_loose_next(&loose, &text), rows[i].kind);
        if (!spbe_span_eq(text, spbe_span_from(rows[i].text))) {
            fail_msg("row %zu: [%.*s]", i, (int)text.len, text.ptr);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),  cmocka_unit_test(test_json),
        cmocka_unit_test(test_log),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_loose),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
