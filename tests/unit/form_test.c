/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/form_test.c - urlencoded pairs, cookies and percent encoding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include "text/cookie.h"
#include "text/form.h"
#include "text/percent.h"

static apr_pool_t *pool;

static void form_next(void **state)
{
    static const struct {
        const char *text;
        const char *pairs[8]; /* name, value ... NULL */
        spbe_rc_t end;
    } tests[] = {
        {"", {NULL}, SPBE_END},
        {"a=1&b=2", {"a", "1", "b", "2"}, SPBE_END},
        {"a", {"a", ""}, SPBE_END},
        {"=x", {"", "x"}, SPBE_END},
        {"a=b=c", {"a", "b=c"}, SPBE_END},
        {"a=1;b=2", {"a", "1;b=2"}, SPBE_END},
        {"&&", {"", "", "", ""}, SPBE_END},
        {"a=1&b=2&c=3&d=4", {"a", "1", "b", "2", "c", "3"}, SPBE_TOO_MANY},
        {"a%3D=%26", {"a%3D", "%26"}, SPBE_END},
    };
    size_t i, k;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_form_t form;
        spbe_pair_t pair;

        spbe_form_init(&form, spbe_span_from(tests[i].text), 3);
        for (k = 0; tests[i].pairs[k] != NULL; k += 2) {
            assert_int_equal(spbe_form_next(&form, &pair), SPBE_OK);
            assert_true(
                spbe_span_eq(pair.name, spbe_span_from(tests[i].pairs[k])));
            assert_true(spbe_span_eq(pair.value,
                                     spbe_span_from(tests[i].pairs[k + 1])));
        }
        assert_int_equal(spbe_form_next(&form, &pair), tests[i].end);
        assert_int_equal(pair.name.len + pair.value.len, 0);
    }
}

static void cookie_next(void **state)
{
    static const struct {
        const char *text;
        const char *pairs[8];
        spbe_rc_t end;
    } tests[] = {
        {"", {NULL}, SPBE_END},
        {"a=1; b=2", {"a", "1", "b", "2"}, SPBE_END},
        {" a = 1 ;; ; b=x=y ", {"a", "1", "b", "x=y"}, SPBE_END},
        {"lonely", {"", "lonely"}, SPBE_END},
        {"a=1;b=2;c=3;d=4", {"a", "1", "b", "2", "c", "3"}, SPBE_TOO_MANY},
    };
    size_t i, k;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_form_t cookies;
        spbe_pair_t pair;

        spbe_form_init(&cookies, spbe_span_from(tests[i].text), 3);
        for (k = 0; tests[i].pairs[k] != NULL; k += 2) {
            assert_int_equal(spbe_cookie_next(&cookies, &pair), SPBE_OK);
            assert_true(
                spbe_span_eq(pair.name, spbe_span_from(tests[i].pairs[k])));
            assert_true(spbe_span_eq(pair.value,
                                     spbe_span_from(tests[i].pairs[k + 1])));
        }
        assert_int_equal(spbe_cookie_next(&cookies, &pair), tests[i].end);
    }
}

static void percent_decode(void **state)
{
    static const struct {
        spbe_span_t text;
        int plus;
        spbe_rc_t rc;
        spbe_span_t want;
    } tests[] = {
        {SPBE_SPAN("abc"), 1, SPBE_OK, SPBE_SPAN("abc")},
        {SPBE_SPAN("a+b"), 1, SPBE_OK, SPBE_SPAN("a b")},
        {SPBE_SPAN("a+b"), 0, SPBE_OK, SPBE_SPAN("a+b")},
        {SPBE_SPAN("%41%2f%2B+"), 1, SPBE_OK, SPBE_SPAN("A/+ ")},
        {SPBE_SPAN("%2541"), 1, SPBE_OK, SPBE_SPAN("%41")},
        {SPBE_SPAN("%00x"), 1, SPBE_OK, SPBE_SPAN("\0x")},
        {SPBE_SPAN("%"), 1, SPBE_BAD, SPBE_SPAN("%")},
        {SPBE_SPAN("%4"), 1, SPBE_BAD, SPBE_SPAN("%4")},
        {SPBE_SPAN("%4g%41"), 1, SPBE_BAD, SPBE_SPAN("%4gA")},
        {SPBE_SPAN("%u0041"), 1, SPBE_BAD, SPBE_SPAN("%u0041")},
        {SPBE_SPAN("++*,+\xab+,+Jl.+A.+Yani+%2F+RT+03+++++"), 1, SPBE_OK,
         SPBE_SPAN("  *, \xab , Jl. A. Yani / RT 03     ")},
        {SPBE_SPAN("++*,+\xab+,+Jl.+A.+Yani+%2F+RT+03+++++"), 0, SPBE_OK,
         SPBE_SPAN("++*,+\xab+,+Jl.+A.+Yani+/+RT+03+++++")},
        {SPBE_SPAN("12345678%419"), 1, SPBE_OK, SPBE_SPAN("12345678A9")},
        {SPBE_SPAN("1234567%418"), 1, SPBE_OK, SPBE_SPAN("1234567A8")},
        {SPBE_SPAN("12345678+%"), 1, SPBE_BAD, SPBE_SPAN("12345678 %")},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t out;

        assert_int_equal(
            spbe_percent_decode(tests[i].text, tests[i].plus, &out, pool),
            tests[i].rc);
        assert_true(spbe_span_eq(out, tests[i].want));
    }
}

/* Every byte beside a '+', in whole words: only '+' is another one after. */
static void percent_words(void **state)
{
    char text[16], want[16];
    spbe_span_t out;
    int byte;

    for (byte = 0; byte < 256; byte++) {
        if (byte == '%') {
            continue;
        }
        memset(text, byte, sizeof(text));
        memset(want, byte == '+' ? ' ' : byte, sizeof(want));
        text[3] = text[9] = '+';
        want[3] = want[9] = ' ';
        assert_int_equal(spbe_percent_decode((spbe_span_t){text, sizeof(text)},
                                             1, &out, pool),
                         SPBE_OK);
        assert_memory_equal(out.ptr, want, sizeof(want));
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
        cmocka_unit_test(form_next),
        cmocka_unit_test(cookie_next),
        cmocka_unit_test(percent_decode),
        cmocka_unit_test(percent_words),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
