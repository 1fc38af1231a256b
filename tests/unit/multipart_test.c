/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/multipart_test.c - multipart/form-data bodies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include "text/multipart.h"

static apr_pool_t *pool;

#define TYPE "multipart/form-data; boundary=B"

static void multipart_init(void **state)
{
    static const struct {
        const char *type, *body;
        spbe_rc_t rc;
    } tests[] = {
        {TYPE, "--B\r\n", SPBE_OK},
        {"Multipart/Form-Data;boundary=\"B\"", "--B\r\n", SPBE_OK},
        {"multipart/form-data; charset=x; BOUNDARY=B ", "--B\r\n", SPBE_OK},
        {"multipart/form-data; boundary=\"a b\"", "--a b\r\n", SPBE_OK},
        {"multipart/mixed; boundary=B", "--B\r\n", SPBE_NONE},
        {"text/plain", "--B\r\n", SPBE_NONE},
        {"", "", SPBE_NONE},
        {"multipart/form-data", "--B\r\n", SPBE_BAD},
        {"multipart/form-data; boundary=", "--B\r\n", SPBE_BAD},
        {"multipart/form-data; boundary=\"\"", "--\r\n", SPBE_BAD},
        {"multipart/form-data; boundary=\"a\rb\"", "--B\r\n", SPBE_BAD},
        {"multipart/form-data; boundary="
         "12345678901234567890123456789012345678901234567890123456789012345678"
         "901",
         "--B", SPBE_BAD},
        {TYPE, "preamble\r\n--B\r\n", SPBE_BAD},
        {TYPE, "", SPBE_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_multipart_t mp;
        spbe_rc_t rc = spbe_multipart_init(&mp, spbe_span_from(tests[i].type),
                                           spbe_span_from(tests[i].body), 9);

        if (rc != tests[i].rc) {
            fail_msg("%s: %d", tests[i].type, rc);
        }
    }
}

typedef struct row {
    const char *body;
    struct {
        const char *name, *filename, *type, *data;
        int is_file, complete;
    } parts[3];
    spbe_rc_t end;
} row_t;

static void multipart_next(void **state)
{
#define CD "Content-Disposition: form-data; "
    static const row_t tests[] = {
        {"--B--", {{0}}, SPBE_END},
        {"--B\r\n" CD "name=\"a\"\r\n\r\nx\r\n--B--\r\n",
         {{"a", "", "", "x", 0, 1}},
         SPBE_END},
        {"--B\r\n" CD "name=a\r\n\r\nx\r\ny\r\n--B  \r\n" CD
         "name=\"b\"; filename=\"\"\r\nContent-Type: text/plain\r\n\r\n"
         "\r\n--B--",
         {{"a", "", "", "x\r\ny", 0, 1}, {"b", "", "text/plain", "", 1, 1}},
         SPBE_END},
        {"--B\r\n" CD "filename=\"a;b\\\"c\"; name=\"n\"\r\n\r\nx\r\n--B--",
         {{"n", "a;b\\\"c", "", "x", 1, 1}},
         SPBE_END},
        {"--B\r\n" CD "name=\"a\"\r\n\r\nx--B--\r\n--Bx",
         {{"a", "", "", "x--B--", 0, 1}},
         SPBE_BAD},
        {"--B\r\n" CD "name=\"a\"\r\n\r\nhalf",
         {{"a", "", "", "half", 0, 0}},
         SPBE_END},
        {"--B\r\n" CD "name=\"a\"\r\n", {{0}}, SPBE_BAD},
        {"--B\r\nX: y\r\n\r\nz\r\n--B--", {{"", "", "", "z", 0, 1}}, SPBE_END},
        {"--B\r\n\r\nz\r\n--B--", {{"", "", "", "z", 0, 1}}, SPBE_END},
    };
    size_t i, k;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_multipart_t mp;
        spbe_part_t part;

        assert_int_equal(spbe_multipart_init(&mp, SPBE_SPAN(TYPE),
                                             spbe_span_from(tests[i].body), 9),
                         SPBE_OK);
        for (k = 0; k < 3 && tests[i].parts[k].name != NULL; k++) {
            assert_int_equal(spbe_multipart_next(&mp, &part), SPBE_OK);
            assert_string_equal(spbe_span_dup(part.name, pool),
                                tests[i].parts[k].name);
            assert_string_equal(spbe_span_dup(part.filename, pool),
                                tests[i].parts[k].filename);
            assert_string_equal(spbe_span_dup(part.type, pool),
                                tests[i].parts[k].type);
            assert_string_equal(spbe_span_dup(part.data, pool),
                                tests[i].parts[k].data);
            assert_int_equal(part.is_file, tests[i].parts[k].is_file);
            assert_int_equal(part.complete, tests[i].parts[k].complete);
        }
        assert_int_equal(spbe_multipart_next(&mp, &part), tests[i].end);
    }
}

static void multipart_too_many(void **state)
{
    spbe_multipart_t mp;
    spbe_part_t part;

    spbe_multipart_init(&mp, SPBE_SPAN(TYPE),
                        SPBE_SPAN("--B\r\n\r\n1\r\n--B\r\n\r\n2\r\n--B--"), 1);
    assert_int_equal(spbe_multipart_next(&mp, &part), SPBE_OK);
    assert_int_equal(spbe_multipart_next(&mp, &part), SPBE_TOO_MANY);
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
        cmocka_unit_test(multipart_init),
        cmocka_unit_test(multipart_next),
        cmocka_unit_test(multipart_too_many),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
