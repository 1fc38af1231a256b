/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/line_test.c - records as lines on a pipe.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"

static apr_pool_t *pool;

#define ID "01a1ff81-1a3b-7fce-b924-bdd08d196330"

static void line_parse(void **state)
{
    static const struct {
        const char *text;
        const char *why; /* NULL: good */
    } tests[] = {
#define A "{\"v\":1,\"w\":\"n-1-1\",\"s\":7,\"id\":\"" ID "\","
        {A "\"p\":1,\"n\":1,\"k\":\"\",\"h\":{\"a\":[1,{}]},\"d\":\"\"}", NULL},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"e30\"}", NULL},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"h\":{},\"d\":\"\"}",
         "index part not in part 1"},
        {A "\"p\":1,\"n\":1,\"k\":\"\",\"d\":\"\"}",
         "index part not in part 1"},
        {A "\"p\":3,\"n\":2,\"k\":\"\",\"d\":\"\"}",
         "part number above the number of parts"},
        {A "\"p\":0,\"n\":2,\"k\":\"\",\"d\":\"\"}", "bad part number"},
        {A "\"p\":-1,\"n\":2,\"k\":\"\",\"d\":\"\"}", "bad part number"},
        {A "\"p\":1.0,\"n\":2,\"k\":\"\",\"d\":\"\"}", "bad part number"},
        {A "\"p\":\"1\",\"n\":2,\"k\":\"\",\"d\":\"\"}", "bad part number"},
        {A "\"p\":1,\"n\":99999,\"k\":\"\",\"d\":\"\"}", "bad number of parts"},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"=\"}",
         "details are not base64url"},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":1}", "details are not base64url"},
        {A "\"p\":2,\"n\":2,\"k\":\"a b\",\"d\":\"\"}", "bad key id"},
        {A "\"p\":2,\"n\":2,\"d\":\"\"}", "member missing"},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"\",\"x\":1}", "unknown member"},
        {A "\"p\":2,\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"\"}",
         "member stands twice"},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"\"}x", "not JSON"},
        {A "\"p\":2,\"n\":2,\"k\":\"\",\"d\":\"\"", "not JSON"},
        {A "\"p\":1,\"n\":1,\"k\":\"\",\"h\":[],\"d\":\"\"}",
         "index part is not an object"},
        {A "\"p\":1,\"n\":1,\"k\":\"\",\"h\":{\"a\":01},\"d\":\"\"}",
         "index part is not an object"},
#undef A
        {"{\"v\":2}", "version is not 1"},
        {"{\"w\":\"\"}", "bad writer"},
        {"{\"w\":\"a b\"}", "bad writer"},
        {"{\"s\":9223372036854775808}", "bad sequence number"},
        {"{\"id\":\"x\"}", "bad id"},
        {"{\"id\":\"01a1ff81-1a3b-7fce-b924-bdd08d19633g\"}", "bad id"},
        {"{\"v\":1", "not JSON"},
        {"[]", "not a JSON object"},
        {"", "not a JSON object"},
        {"nonsense", "not a JSON object"},
        {"{}", "member missing"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_line_t line;
        const char *why;
        spbe_rc_t rc =
            spbe_line_parse(spbe_span_from(tests[i].text), &line, &why, pool);

        if (tests[i].why == NULL) {
            assert_null(why);
            assert_int_equal(rc, SPBE_OK);
            assert_string_equal(line.writer, "n-1-1");
            assert_string_equal(line.id, ID);
            assert_int_equal(line.seq, 7);
        }
        else {
            assert_int_equal(rc, SPBE_BAD);
            if (why == NULL || strcmp(why, tests[i].why) != 0) {
                fail_msg("%s: %s", tests[i].text, why);
            }
        }
    }
}

static void line_too_long(void **state)
{
    char text[SPBE_LINE_MAX + 1];
    spbe_line_t line;
    const char *why;

    memset(text, ' ', sizeof(text));
    assert_int_equal(
        spbe_line_parse((spbe_span_t){text, sizeof(text)}, &line, &why, pool),
        SPBE_BAD);
    assert_string_equal(why, "longer than a line may be");
}

/* Whatever the sizes: every line fits, and together they give it all back. */
static void line_round_trip(void **state)
{
    static const size_t sizes[] = {0,    1,    2,     3,     1700,  1800,
                                   1900, 2000, 2100,  2900,  3000,  4096,
                                   6000, 8191, 20000, 65536, 300000};
    size_t i, k;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *d = apr_palloc(pool, sizes[i] + 1);
        char *back = apr_palloc(pool, sizes[i] + 1);
        spbe_encoded_t encoded = {.id = ID, .d = d};
        apr_array_header_t *lines;
        size_t got = 0;
        int n;

        for (k = 0; k < sizes[i]; k++) {
            d[k] = (char)(1 + k * 7 % 255);
        }
        d[sizes[i]] = '\0';
        encoded.h = apr_psprintf(pool, "{\"title\":\"%01400d\"}", 1);
        lines = spbe_line_split(&encoded, "node-12345-1709540000", 18446744ull,
                                pool);
        for (n = 0; n < lines->nelts; n++) {
            spbe_span_t text = APR_ARRAY_IDX(lines, n, spbe_span_t);
            spbe_line_t line;
            const char *why;

            assert_true(text.len <= SPBE_LINE_MAX);
            assert_int_equal(text.ptr[text.len - 1], '\n');
            assert_null(memchr(text.ptr, '\n', text.len - 1));
            text.len--;
            assert_int_equal(spbe_line_parse(text, &line, &why, pool), SPBE_OK);
            assert_int_equal(line.part, n + 1);
            assert_int_equal(line.parts, lines->nelts);
            if (n == 0) {
                assert_string_equal(line.h, encoded.h);
            }
            else {
                assert_null(line.h);
            }
            memcpy(back + got, line.d.ptr, line.d.len);
            got += line.d.len;
        }
        assert_int_equal(got, sizes[i]);
        assert_memory_equal(back, d, got);
    }
}

static void line_without_details(void **state)
{
    spbe_encoded_t encoded = {.id = ID, .h = "{}"};
    apr_array_header_t *lines = spbe_line_split(&encoded, "w", 1, pool);

    assert_int_equal(lines->nelts, 1);
    assert_string_equal(
        spbe_span_dup(APR_ARRAY_IDX(lines, 0, spbe_span_t), pool),
        "{\"v\":1,\"w\":\"w\",\"s\":1,\"id\":\"" ID
        "\",\"p\":1,\"n\":1,\"k\":\"\",\"h\":{},\"d\":\"\"}\n");
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
        cmocka_unit_test(line_parse),
        cmocka_unit_test(line_too_long),
        cmocka_unit_test(line_round_trip),
        cmocka_unit_test(line_without_details),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
