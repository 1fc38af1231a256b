/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/template.c, and of the policy in failure/csp.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "failure/csp.h"
#include "failure/template.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = { "a", "b", "empty", "html" };

static int setup(void **state)
{
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

static const char *render(const char *text, spbe_page_format_t format,
                          apr_pool_t *pool)
{
    static const spbe_value_t values[] = {
        { SPBE_SPAN("<A&\"'>"), 0 },
        { SPBE_SPAN("b\n\x01"), 0 },
        { SPBE_SPAN(""), 0 },
        { SPBE_SPAN("<i>"), 1 },
    };
    const char *error = NULL;
    spbe_template_t *template =
        spbe_template_compile("t.html", spbe_span_from(text), names, 4,
                              &error, pool);
    spbe_buf_t out;

    if (template == NULL) {
        return error;
    }
    assert_null(error);
    spbe_buf_init(&out, 16, pool);
    spbe_template_render(template, format, values, &out);
    return spbe_buf_cstr(&out);
}

static void renders(void **state)
{
    static const struct {
        spbe_page_format_t format;
        const char *in, *out;
    } rows[] = {
        { SPBE_PAGE_HTML, "", "" },
        { SPBE_PAGE_HTML, "x { y } {z}", "x { y } {z}" },
        { SPBE_PAGE_HTML, "x{{a}}y", "x&lt;A&amp;&quot;&#39;&gt;y" },
        { SPBE_PAGE_HTML, "{{ a }}{{empty}}", "&lt;A&amp;&quot;&#39;&gt;" },
        { SPBE_PAGE_HTML, "{{html}}", "<i>" },
        { SPBE_PAGE_XML, "{{b}}", "b\n?" },
        { SPBE_PAGE_TEXT, "{{a}}", "<A&\"'>" },
        { SPBE_PAGE_JSON, "[{{b}}]", "[\"b\\n\\u0001\"]" },
        { SPBE_PAGE_HTML, "{{#if a}}1{{/if}}2", "12" },
        { SPBE_PAGE_HTML, "{{#if empty}}1{{/if}}2", "2" },
        { SPBE_PAGE_HTML, "{{#if a}}1{{#if empty}}2{{/if}}3{{/if}}4", "134" },
        { SPBE_PAGE_HTML, "{{#if empty}}1{{#if a}}2{{/if}}3{{/if}}4", "4" },
        /* Alone on a line: the line goes. */
        { SPBE_PAGE_TEXT, "1\n{{#if a}}\n2\n{{/if}}\n3\n", "1\n2\n3\n" },
        { SPBE_PAGE_TEXT, "1\n  {{#if empty}} \r\n2\n\t{{/if}}\n3", "1\n3" },
        { SPBE_PAGE_TEXT, "1 {{#if a}}\n2\n{{/if}} 3", "1 \n2\n 3" },
        { SPBE_PAGE_TEXT, "{{#if a}}\n{{#if a}}\n2\n{{/if}}\n{{/if}}\n",
          "2\n" },
        { SPBE_PAGE_TEXT, "1\n{{empty}}\n2", "1\n\n2" },
        { SPBE_PAGE_TEXT, "{{#if a}}\n", "t.html:2: {{#if name}} without its "
                                         "{{/if}}" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(render(rows[i].in, rows[i].format, *state),
                            rows[i].out);
    }
}

static void errors(void **state)
{
    static const struct {
        const char *in, *begins, *holds;
    } rows[] = {
        { "x\n\n{{foo}}", "t.html:3: {{foo}}", "a, b, empty, html" },
        { "{{#if foo}}x{{/if}}", "t.html:1: {{foo}}", "allowed are" },
        { "\n{{A}}", "t.html:2: {{A}}", "allowed are" },
        { "{{}}", "t.html:1: {{}}", "allowed are" },
        { "{{exec a}}", "t.html:1: {{exec a}}", "allowed are" },
        { "a{{", "t.html:1: ", "without }}" },
        { "\n{{a}", "t.html:2: ", "without }}" },
        { "{{/if}}", "t.html:1: ", "without an {{#if" },
        { "\n{{#if a}}x", "t.html:2: ", "without its {{/if}}" },
        { "a\n\xff", "t.html:2: ", "not UTF-8" },
        { "{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}"
          "{{#if a}}{{#if a}}", "t.html:1: ", "at most 8" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        const char *got = render(rows[i].in, SPBE_PAGE_HTML, *state);

        if (strncmp(got, rows[i].begins, strlen(rows[i].begins)) != 0
            || strstr(got, rows[i].holds) == NULL) {
            print_error("%s: %s\n", rows[i].in, got);
            fail();
        }
    }
}

/* The hashes come from `printf %s ... | openssl dgst -sha256 -binary |
 * base64`. */
#define TAIL "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define EMPTY_HASH "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
#define P_HASH "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"

static void policies(void **state)
{
    static const struct {
        const char *html;
        int images;
        const char *policy; /* or the error */
    } rows[] = {
        { "<p>x", 0, "default-src 'none'; " TAIL },
        { "<p>x", 1, "default-src 'none'; img-src 'self' data:; " TAIL },
        { "<style></style>", 0,
          "default-src 'none'; style-src " EMPTY_HASH "; " TAIL },
        { "<STYLE media=print>p{}</STYLE>\n<style\n></style >", 0,
          "default-src 'none'; style-src " P_HASH " " EMPTY_HASH "; " TAIL },
        { "<styled>", 0, "default-src 'none'; " TAIL },
        { "\n<style>p{{a}}</style>", 0,
          "x.html:2: a variable inside <style>: the page's security policy "
          "allows a style only by the hash of its text" },
        { "<style>", 0, "x.html:1: <style> without </style>" },
        { "<style>p{}\r\n</style>", 0,
          "x.html:1: <style> has Windows line ends (CRLF); save the file with "
          "plain ones (LF)" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        const char *error;
        const char *policy = spbe_csp_build("x.html",
                                            spbe_span_from(rows[i].html),
                                            rows[i].images, &error, *state);

        assert_true((policy == NULL) != (error == NULL));
        assert_string_equal(policy == NULL ? error : policy, rows[i].policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(renders, setup, teardown),
        cmocka_unit_test_setup_teardown(errors, setup, teardown),
        cmocka_unit_test_setup_teardown(policies, setup, teardown),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
