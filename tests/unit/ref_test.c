/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ref_test.c - ids and references.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/ref.h"

static apr_pool_t *pool;

static void ref_parse(void **state)
{
    static const struct {
        const char *typed, *want;
    } tests[] = {
        {"0000-0000-000", "0000-0000-000"},
        {"00000000000", "0000-0000-000"},
        {" 0000 0000 000 ", "0000-0000-000"},
        {"oooo-OOOO-0o0", "0000-0000-000"},
        {"0000000001=", NULL},
        {"0000-0000-011", "0000-0000-011"},
        {"0000-0000-0il", "0000-0000-011"},
        {"0000-0000-0LI", "0000-0000-011"},
        {"0000-0000-0Z-Z", "0000-0000-0ZZ"},
        {"0000-0000-10*", "0000-0000-10*"}, /* 32 */
        {"0000-0000-11~", "0000-0000-11~"},
        {"0000-0000-12$", "0000-0000-12$"},
        {"0000-0000-13=", "0000-0000-13="},
        {"0000-0000-14u", "0000-0000-14U"},
        {"0000-0000-150", "0000-0000-150"}, /* 37 */
        {"0000-0000-012", NULL},
        {"0000-0000-00", NULL},
        {"0000-0000-0000", NULL},
        {"U000-0000-000", NULL},
        {"*000-0000-000", NULL},
        {"0000-0000-0\xc3\xa9", NULL},
        {"", NULL},
        {"-- --", NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        char out[SPBE_REF_SIZE];
        int got = spbe_ref_parse(spbe_span_from(tests[i].typed), out);

        if (got != (tests[i].want != NULL)) {
            fail_msg("%s: %d", tests[i].typed, got);
        }
        assert_string_equal(out, tests[i].want ? tests[i].want : "");
    }
    /* NUL is no end of the text. */
    {
        char out[SPBE_REF_SIZE];

        assert_false(
            spbe_ref_parse((spbe_span_t){"0000-0000-000\0x", 15}, out));
    }
}

/* One wrong symbol, or two neighbours exchanged, is always found. */
static void ref_typing_mistakes(void **state)
{
    static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    spbe_ref_t ref;
    char out[SPBE_REF_SIZE];
    size_t i, k;

    assert_true(spbe_ref_make(&ref, apr_time_now()));
    for (i = 0; ref.ref[i] != '\0'; i++) {
        char typed[SPBE_REF_SIZE];

        for (k = 0; ref.ref[i] != '-' && k < 32; k++) {
            memcpy(typed, ref.ref, sizeof(typed));
            typed[i] = symbols[k];
            assert_int_equal(spbe_ref_parse(spbe_span_from(typed), out),
                             typed[i] == ref.ref[i]);
        }
        memcpy(typed, ref.ref, sizeof(typed));
        if (ref.ref[i + 1] != '\0' && ref.ref[i] != '-' &&
            ref.ref[i + 1] != '-' && ref.ref[i] != ref.ref[i + 1]) {
            typed[i] = ref.ref[i + 1];
            typed[i + 1] = ref.ref[i];
            assert_false(spbe_ref_parse(spbe_span_from(typed), out));
        }
    }
}

static void ref_make(void **state)
{
    apr_time_t now = apr_time_now();
    spbe_ref_t a, b;
    char out[SPBE_REF_SIZE];
    int i;

    for (i = 0; i < 500; i++) {
        assert_true(spbe_ref_make(&a, now));
        assert_int_equal(strlen(a.id), 36);
        assert_int_equal(strlen(a.ref), 13);
        assert_true(spbe_ref_parse(spbe_span_from(a.ref), out));
        assert_string_equal(out, a.ref);
        /* Only letters and digits: it is read out and typed. */
        assert_int_equal(strcspn(a.ref, "*~$=U"), 13);
        assert_int_equal(a.id[14], '7');
        assert_non_null(strchr("89ab", a.id[19]));
    }
    spbe_ref_make(&a, now);
    spbe_ref_make(&b, now + apr_time_from_sec(1));
    assert_true(strcmp(a.id, b.id) < 0);
    /* The first 48 bits are the time in milliseconds. */
    memmove(a.id + 8, a.id + 9, 4);
    a.id[12] = '\0';
    assert_true(strtoull(a.id, NULL, 16) == (unsigned long long)now / 1000);
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
        cmocka_unit_test(ref_parse),
        cmocka_unit_test(ref_typing_mistakes),
        cmocka_unit_test(ref_make),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
