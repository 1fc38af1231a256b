/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/mime_test.c - header field values with parameters, strictly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <apr_general.h>
#include <apr_strings.h>
#include "text/mime.h"

static apr_pool_t *pool;

static const struct {
    const char *value;
    const char *read; /* "type|name=value|...|END", quoted ones in quotes */
} rows[] = {
    {"text/plain", "text/plain|END"},
    {" text/plain ", "text/plain|END"},
    {"text/plain;", "text/plain|END"},
    {"text/plain; ; a=b", "text/plain|a=b|END"},
    {"text/plain;a=b ; c=\"d\"", "text/plain|a=b|c=\"d\"|END"},
    {"a/b;x=\"\"", "a/b|x=\"\"|END"},
    {"a/b;x=\"c;d, e\"", "a/b|x=\"c;d, e\"|END"},
    {"a/b;x=\"\xc3\xa9\"", "a/b|x=\"\xc3\xa9\"|END"},
    {"a/b;x=\"c\\\"d\"", "a/b|x=\\\"c\\\"d\"|END"},
    {"a/b+c;x*=y", "a/b+c|x*=y|END"},
    {"a/b;x=", "a/b|BAD"},
    {"a/b;x", "a/b|BAD"},
    {"a/b;=x", "a/b|BAD"},
    {"a/b;x =y", "a/b|BAD"},
    {"a/b;x= y", "a/b|BAD"},
    {"a/b;x=\"y", "a/b|BAD"},
    {"a/b;x=\"y\\", "a/b|BAD"},
    {"a/b;x=\"y\\\"", "a/b|BAD"},
    {"a/b;x=\"\x01\"", "a/b|BAD"},
    {"a/b;x=y z", "a/b|x=y|BAD"},
    {"a/b;x=\"y\"z", "a/b|x=\"y\"|BAD"},
    {"a/b, c/d", "a/b|BAD"},
    {"a/b x=y", "a/b|BAD"},
    {"a/b;x=\xc3", "a/b|BAD"},
    {"a", "BAD"},
    {"a/", "BAD"},
    {"/b", "BAD"},
    {"", "BAD"},
    {"\"a/b\"", "BAD"},
};

static const char *read_all(spbe_span_t rest)
{
    spbe_mime_param_t param;
    spbe_span_t type;
    const char *text;
    spbe_rc_t rc;

    if (spbe_mime_type(&rest, &type) != SPBE_OK) {
        return "BAD";
    }
    text = spbe_span_dup(type, pool);
    while ((rc = spbe_mime_param(&rest, &param)) == SPBE_OK) {
        const char *mark = param.quoted ? "\"" : "";

        text = apr_pstrcat(pool, text, "|", spbe_span_dup(param.name, pool),
                           "=", param.escaped ? "\\" : "", mark,
                           spbe_span_dup(param.value, pool), mark, NULL);
    }
    return apr_pstrcat(pool, text, rc == SPBE_END ? "|END" : "|BAD", NULL);
}

static void mime_values(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(read_all(spbe_span_from(rows[i].value)),
                            rows[i].read);
    }
}

static void mime_words(void **state)
{
    spbe_span_t rest = SPBE_SPAN(" form-data; name=\"a\""), word;

    assert_int_equal(spbe_mime_word(&rest, &word), SPBE_OK);
    assert_string_equal(spbe_span_dup(word, pool), "form-data");
    assert_string_equal(spbe_span_dup(rest, pool), "; name=\"a\"");
    rest = SPBE_SPAN("; a");
    assert_int_equal(spbe_mime_word(&rest, &word), SPBE_BAD);
    assert_true(spbe_mime_is_token(SPBE_SPAN("X-A_b.c~!")));
    assert_false(spbe_mime_is_token(SPBE_SPAN("")));
    assert_false(spbe_mime_is_token(SPBE_SPAN("a b")));
    assert_false(spbe_mime_is_token(SPBE_SPAN("a\0")));
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
        cmocka_unit_test(mime_values),
        cmocka_unit_test(mime_words),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
