/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/quoted_test.c - samples in manuals, and real failures.
 *
 * '@' in a row marks the place that is asked about; it is taken out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "failure/quoted.h"

static int ask(const char *row, size_t padding)
{
    size_t len = strlen(row), at = strcspn(row, "@");
    char *text = malloc(padding + len);
    int answer;

    assert_true(at < len);
    memset(text, 'x', padding);
    memcpy(text + padding, row, at);
    memcpy(text + padding + at, row + at + 1, len - at - 1);
    answer = spbe_quoted((spbe_span_t){text, padding + len - 1}, padding + at);
    free(text);
    return answer;
}

static void quoted_html(void **state)
{
    static const struct {
        const char *text;
        int quoted;
    } tests[] = {
        {"<p>see <code>@Traceback</code>", 1},
        {"<p>see <code>x</code> @Traceback", 0},
        {"<CODE class=x>@T</CODE>", 1},
        {"<samp>@T", 1},
        {"<kbd>@T", 1},
        {"<blockquote><p>He wrote: @T", 1},
        {"<blockquote><p>He wrote</p></blockquote>@T", 0},
        {"<pre>@T", 0},
        {"<pre class=\"error\">@T", 0},
        {"<pre><code>@T", 1},
        {"<code><pre>@T", 0},
        {"<code>\r\n<pre>\r\n@[NullReferenceException", 0},
        {"<pre class=\"prettyprint linenums\">@T", 1},
        {"<pre class='brush: php; gutter: false'>@T", 1},
        {"<pre class=hljs>@T", 1},
        {"<pre\nclass=\"programlisting\">@T", 1},
        {"<pre class=\"screen\">@T", 1},
        {"<div class=\"screen\">@T", 0},
        {"<div class=\"console\">@T", 0},
        {"<pre lang=\"php\">@T", 1},
        {"<pre data-lang=php>@T", 1},
        {"<div class=\"highlight\"><div>a</div><pre>@T", 1},
        {"<div class=\"highlight\"><div>a</div><pre>x</pre></div>@T", 0},
        {"<div class=\"highlight-source-php\"><pre>@T", 1},
        {"<div class=\"content\"><div class=\"row\"><pre>@T", 0},
        {"<td class=\"blob-code blob-code-inner\">@T", 1},
        {"<td class=\"error\">@T", 0},
        {"<table class='xdebug-error xe-fatal-error'><tr><td>@T", 0},
        {"<span class=\"pl-s\">a</span><span class=\"hljs-string\">@T", 1},
        {"<figure class=\"wp-block-code\"><table><td>@T", 1},
        {"<div class=\"example-contents screen\"><div class=\"cdata\"><pre>@T",
         1},
        {"<body class=\"code\">@T", 0},
        {"<div class=\"highlight\"><code>forgotten</div>@T", 0},
        {"<textarea name=q>@Traceback", 1},
        {"<textarea name=q>@<br />\n<b>Warning</b>", 0},
        {"<textarea name=q>a</textarea>@Traceback", 0},
        {"<textarea name=q><code></textarea>@Traceback", 0},
        {"<script>var a = '<code>';</script>@T", 0},
        {"<script>var a = '<code>@T", 0},
        {"<!-- <code> --><p>@T", 0},
        {"<p title=\"<code\">@T", 0},
        {"a <code unfinished @T", 0},
        {"<code/>@T", 0},
        {"1 < 2 @T", 0},
        {"&lt;code&gt;@T", 0},
        {"@T", 0},
        {"</code></div>@T", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (ask(tests[i].text, 0) != tests[i].quoted ||
            ask(tests[i].text, 40000) != tests[i].quoted) {
            fail_msg("%s: not %d", tests[i].text, tests[i].quoted);
        }
    }
}

static void quoted_json(void **state)
{
    static const struct {
        const char *text;
        int quoted;
    } tests[] = {
        {"{\"html\":\"<pre class=\\\"brush: php\\\">@T", 1},
        {"{\"html\":\"\\u003Cpre\\u003E\\u003Ccode\\u003E@T", 1},
        {"{\"html\":\"<code>a<\\/code> @T", 0},
        {"{\"q\":\"<code>\",\"error\":\"@SQLSTATE", 0},
        {"{\"q\":\"<code\",\"error\":\"a > b @SQLSTATE", 0},
        {"[\"<code class=\\\"a\\\">\\\"@T", 1},
        {"{\"md\":\"see\\n```php\\n@T", 1},
        {"{\"md\":\"see\\n```php\\nx\\n```\\n@T", 0},
        {"{\"md\":\"```\\n@T", 1},
        {"{\"q\":\"```php\\n\",\"error\":\"@T", 0},
        {"{\"q\":\"a ```php\\n@T", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (ask(tests[i].text, 0) != tests[i].quoted) {
            fail_msg("%s: not %d", tests[i].text, tests[i].quoted);
        }
    }
}

static void quoted_markdown(void **state)
{
    static const struct {
        const char *text;
        size_t padding;
        int quoted;
    } tests[] = {
        {"# Title\n```python\n@Traceback", 0, 1},
        {"# Title\n```\n@Traceback", 0, 1},
        {"> ```\n> @Traceback", 0, 1},
        {"# Title\n```\nx\n```\n@Traceback", 0, 0},
        {"text ```\n@Traceback", 0, 0},
        {"<div>a</div>\n```\n@T", 0, 0},
        {"<!DOCTYPE html>\n```php\n@T", 0, 0},
        {"\n```\n@T", 40000, 0},
        {"\n```php\n@T", 40000, 1},
        {"\n```\n```php\nx\n```\n@T", 40000, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (ask(tests[i].text, tests[i].padding) != tests[i].quoted) {
            fail_msg("%s: not %d", tests[i].text, tests[i].quoted);
        }
    }
}

static void quoted_far(void **state)
{
    char *text = malloc(2 * SPBE_QUOTED_BACK);

    memset(text, 'x', 2 * SPBE_QUOTED_BACK);
    memcpy(text, "<code>", 6);
    assert_true(spbe_quoted((spbe_span_t){text, 2 * SPBE_QUOTED_BACK},
                            SPBE_QUOTED_BACK));
    assert_false(spbe_quoted((spbe_span_t){text, 2 * SPBE_QUOTED_BACK},
                             SPBE_QUOTED_BACK + 1));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_html),
        cmocka_unit_test(quoted_json),
        cmocka_unit_test(quoted_markdown),
        cmocka_unit_test(quoted_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
