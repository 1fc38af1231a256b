/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/decimal_test.c - text/decimal.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "text/decimal.h"

static const unsigned char key[16] = "0123456789abcde";

static void decimal_valid(void **state)
{
    static const struct {
        const char *text;
        int valid, integer, fits;
    } tests[] = {
        {"0", 1, 1, 1},
        {"-0", 1, 1, 1},
        {"0.0", 1, 1, 1},
        {"-0.0e5", 1, 1, 1},
        {"1", 1, 1, 1},
        {"1.0", 1, 1, 1},
        {"1.50", 1, 0, 1},
        {"1.5e1", 1, 1, 1},
        {"1e2", 1, 1, 1},
        {"1E+2", 1, 1, 1},
        {"100e-2", 1, 1, 1},
        {"100e-3", 1, 0, 1},
        {"0.001e3", 1, 1, 1},
        {"0.1", 1, 0, 1},
        {"9007199254740992", 1, 1, 1},
        {"9007199254740993", 1, 1, 0},
        {"-9007199254740993", 1, 1, 0},
        {"9007199254740993.0", 1, 1, 1},
        {"9007199254740994", 1, 1, 1},
        {"3173010101900001", 1, 1, 1},
        {"18446744073709551615", 1, 1, 0},
        {"18446744073709551616", 1, 1, 1},
        {"100000000000000000000", 1, 1, 1},
        {"100000000000000000000000", 1, 1, 0},
        {"99999999999999999999999999999999999999999", 1, 1, 0},
        {"1e308", 1, 1, 1},
        {"1.7976931348623157e308", 1, 1, 1},
        {"1.7976931348623158e308", 1, 1, 1},
        {"1.7976931348623159e308", 1, 1, 0},
        {"-1.8e308", 1, 1, 0},
        {"1e309", 1, 1, 0},
        {"1e400", 1, 1, 0},
        {"0.00001e313", 1, 1, 1},
        {"5e-324", 1, 0, 1},
        {"2e-324", 1, 0, 0},
        {"1e-400", 1, 0, 0},
        {"123.456e-789", 1, 0, 0},
        {"0e99999999999999999999", 1, 1, 1},
        {"1e99999999999999999999", 1, 1, 0},
        {"1e-99999999999999999999", 1, 0, 0},
        {"", 0, -1, -1},
        {"-", 0, -1, -1},
        {"+1", 0, -1, -1},
        {"01", 0, -1, -1},
        {"-01", 0, -1, -1},
        {".5", 0, -1, -1},
        {"1.", 0, -1, -1},
        {"1.e1", 0, -1, -1},
        {"1e", 0, -1, -1},
        {"1e+", 0, -1, -1},
        {"1e1.5", 0, -1, -1},
        {"1 ", 0, -1, -1},
        {" 1", 0, -1, -1},
        {"0x1", 0, -1, -1},
        {"1,5", 0, -1, -1},
        {"NaN", 0, -1, -1},
        {"--1", 0, -1, -1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t text = spbe_span_from(tests[i].text);

        if (spbe_decimal_valid(text) != tests[i].valid) {
            fail_msg("%s: valid or not", tests[i].text);
        }
        if (!tests[i].valid) {
            continue;
        }
        if (spbe_decimal_is_integer(text) != tests[i].integer) {
            fail_msg("%s: an integer or not", tests[i].text);
        }
        if (spbe_decimal_fits_double(text) != tests[i].fits) {
            fail_msg("%s: fits or not", tests[i].text);
        }
    }
}

static void decimal_compare(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } tests[] = {
        {"0", "-0", 0},
        {"0", "0.00e9", 0},
        {"1", "1.0", 0},
        {"1", "1e0", 0},
        {"100", "1e2", 0},
        {"1e2", "0.01E4", 0},
        {"-1.50", "-15e-1", 0},
        {"12345678910111213141516171819202122232425262728293031",
         "12345678910111213141516171819202122232425262728293031.0", 0},
        {"1", "2", -1},
        {"-1", "1", -1},
        {"-1", "-2", 1},
        {"0", "-1", 1},
        {"0", "1e-400", -1},
        {"10", "9", 1},
        {"0.1", "0.09", 1},
        {"1.1", "1.10001", -1},
        {"123", "12.3e1", 0},
        {"9007199254740993", "9007199254740992", 1},
        {"18446744073709551600", "18446744073709551615", -1},
        {"9.727837981879871e26", "9.727837981879871e+26", 0},
        {"1e400", "1e399", 1},
        {"-1e400", "1e399", -1},
        {"0.1", "0.1000000000000000055511151231257827", -1},
        {"1.05", "1.5", -1},
        {"10.5", "105e-1", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t a = spbe_span_from(tests[i].a);
        spbe_span_t b = spbe_span_from(tests[i].b);
        int forth = spbe_decimal_compare(a, b);
        int back = spbe_decimal_compare(b, a);

        if ((forth > 0) - (forth < 0) != tests[i].order ||
            (back > 0) - (back < 0) != -tests[i].order) {
            fail_msg("%s and %s: %d, %d", tests[i].a, tests[i].b, forth, back);
        }
        if ((spbe_decimal_hash(a, key) == spbe_decimal_hash(b, key)) !=
            (tests[i].order == 0)) {
            fail_msg("%s and %s: hashes", tests[i].a, tests[i].b);
        }
    }
}

static void decimal_multiple(void **state)
{
    static const struct {
        const char *a, *divisor;
        int yes;
    } tests[] = {
        {"10", "2", 1},
        {"7", "2", 0},
        {"0", "1.5", 1},
        {"-0.0", "7", 1},
        {"4.5", "1.5", 1},
        {"-4.5", "1.5", 1},
        {"35", "1.5", 0},
        {"0.0075", "0.0001", 1},
        {"0.00751", "0.0001", 0},
        {"1e308", "0.123456789", 0},
        {"1e308", "0.5", 1},
        {"12391239123", "1e-8", 1},
        {"0.3", "0.1", 1},
        {"19.99", "0.01", 1},
        {"19.999", "0.01", 0},
        {"1", "10", 0},
        {"100", "10", 1},
        {"1e1000000", "3", 0},
        {"3e1000000", "3", 1},
        {"15", "1e1", 0},
        {"9007199254740993", "2", 0},
        {"9007199254740994", "2", 1},
        {"123456789012345678901234567890", "10", 1},
        {"123456789012345678901234567891", "7", 0},
        {"999999999999999999999", "999999999999999999", 0},
        {"999999999999999999000", "999999999999999999", 1},
        {"250000", "25e4", 1},
        {"0.25", "5e-2", 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_decimal_is_multiple(spbe_span_from(tests[i].a),
                                     spbe_span_from(tests[i].divisor)) !=
            tests[i].yes) {
            fail_msg("%s of %s", tests[i].a, tests[i].divisor);
        }
    }
}

/* As long as a request may be: digits beyond the first ones count as well. */
static void decimal_long(void **state)
{
    enum { LEN = 100000 };
    static char a[LEN], b[LEN];

    memset(a, '7', LEN);
    memset(b, '7', LEN);
    b[LEN - 1] = '8';
    assert_true(
        spbe_decimal_compare((spbe_span_t){a, LEN}, (spbe_span_t){b, LEN}) < 0);
    assert_int_not_equal(spbe_decimal_hash((spbe_span_t){a, LEN}, key),
                         spbe_decimal_hash((spbe_span_t){b, LEN}, key));
    assert_true(
        spbe_decimal_is_multiple((spbe_span_t){a, LEN}, SPBE_SPAN("7")));
    assert_false(
        spbe_decimal_is_multiple((spbe_span_t){b, LEN}, SPBE_SPAN("7")));
    assert_false(spbe_decimal_fits_double((spbe_span_t){a, LEN}));
    a[1] = '.';
    assert_true(spbe_decimal_fits_double((spbe_span_t){a, LEN}));
    assert_false(spbe_decimal_is_integer((spbe_span_t){a, LEN}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_valid),
        cmocka_unit_test(decimal_compare),
        cmocka_unit_test(decimal_multiple),
        cmocka_unit_test(decimal_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
