/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/decimal.c - numbers as JSON writes them. See decimal.h.
 *
 * A number is read as 0.d1d2d3... times a power of ten, d1 and the last digit
 * not being zero: then equal values have equal parts, and the digits stay where
 * they stand in the text.
 */
#include "text/decimal.h"

#include <apr_siphash.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json.h"

#define EXPONENT_MAX 1000000000L
#define DIVISOR_DIGITS 18
/* Enough to tell a double from its neighbour at either end of its range. */
#define EDGE_DIGITS 64

typedef struct decimal {
    int negative;
    const char *digits; /* from the first that is not zero */
    const char *dot;    /* NULL when there is none behind it */
    size_t count;       /* of digits; 0: the number is zero */
    long exponent;
} decimal_t;

static char digit_at(const decimal_t *d, size_t i)
{
    const char *p = d->digits + i;

    return d->dot != NULL && p >= d->dot ? p[1] : p[0];
}

static size_t digits_end(spbe_span_t s, size_t i)
{
    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9') {
        i++;
    }
    return i;
}

int spbe_decimal_valid(spbe_span_t s)
{
    size_t i = s.len > 0 && s.ptr[0] == '-' ? 1 : 0, end = digits_end(s, i);

    if (end == i || (s.ptr[i] == '0' && end > i + 1)) {
        return 0;
    }
    if (end < s.len && s.ptr[end] == '.') {
        i = end + 1;
        end = digits_end(s, i);
        if (end == i) {
            return 0;
        }
    }
    if (end < s.len && (s.ptr[end] == 'e' || s.ptr[end] == 'E')) {
        i = end + 1;
        i += i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-') ? 1 : 0;
        end = digits_end(s, i);
        if (end == i) {
            return 0;
        }
    }
    return end == s.len;
}

/* i: behind the 'e'. */
static long read_exponent(spbe_span_t s, size_t i)
{
    int negative = i < s.len && s.ptr[i] == '-';
    long value = 0;

    i += i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-') ? 1 : 0;
    for (; i < s.len && value < EXPONENT_MAX; i++) {
        value = value * 10 + (s.ptr[i] - '0');
    }
    value = value > EXPONENT_MAX ? EXPONENT_MAX : value;
    return negative ? -value : value;
}

/* Leading and trailing zeros away; digits and count hold them still. */
static void trim_zeros(decimal_t *d)
{
    while (d->count > 0 && digit_at(d, 0) == '0') {
        d->digits++;
        d->digits += d->digits == d->dot ? 1 : 0;
        d->dot = d->dot != NULL && d->digits > d->dot ? NULL : d->dot;
        d->count--;
        d->exponent--;
    }
    while (d->count > 0 && digit_at(d, d->count - 1) == '0') {
        d->count--;
    }
}

static decimal_t read_decimal(spbe_span_t s)
{
    decimal_t d = {0};
    size_t i = s.len > 0 && s.ptr[0] == '-' ? 1 : 0, end;

    d.negative = i == 1;
    d.digits = s.ptr + i;
    end = digits_end(s, i);
    d.count = end - i;
    d.exponent = (long)d.count;
    if (end < s.len && s.ptr[end] == '.') {
        d.dot = s.ptr + end;
        i = end + 1;
        end = digits_end(s, i);
        d.count += end - i;
    }
    if (end < s.len) {
        d.exponent += read_exponent(s, end + 1);
    }
    trim_zeros(&d);
    if (d.count == 0) {
        d.negative = 0;
        d.exponent = 0;
    }
    return d;
}

int spbe_decimal_is_integer(spbe_span_t text)
{
    decimal_t d = read_decimal(text);

    return d.count == 0 || d.exponent >= (long)d.count;
}

/* Without regard to the sign; neither is zero. */
static int compare_size(const decimal_t *a, const decimal_t *b)
{
    size_t i;

    if (a->exponent != b->exponent) {
        return a->exponent < b->exponent ? -1 : 1;
    }
    for (i = 0; i < a->count && i < b->count; i++) {
        if (digit_at(a, i) != digit_at(b, i)) {
            return digit_at(a, i) < digit_at(b, i) ? -1 : 1;
        }
    }
    return a->count == b->count ? 0 : a->count < b->count ? -1 : 1;
}

static int sign(const decimal_t *d)
{
    return d->count == 0 ? 0 : d->negative ? -1 : 1;
}

int spbe_decimal_compare(spbe_span_t left, spbe_span_t right)
{
    decimal_t a = read_decimal(left), b = read_decimal(right);

    if (sign(&a) != sign(&b)) {
        return sign(&a) < sign(&b) ? -1 : 1;
    }
    return a.count == 0 ? 0 : sign(&a) * compare_size(&a, &b);
}

static uint64_t multiply(uint64_t a, uint64_t b, uint64_t modulus)
{
    return (uint64_t)((unsigned __int128)a * b % modulus);
}

static uint64_t power_of_ten(long exponent, uint64_t modulus)
{
    uint64_t result = 1 % modulus, base = 10 % modulus;

    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1) {
            result = multiply(result, base, modulus);
        }
        base = multiply(base, base, modulus);
    }
    return result;
}

int spbe_decimal_is_multiple(spbe_span_t text, spbe_span_t divisor)
{
    decimal_t a = read_decimal(text), d = read_decimal(divisor);
    uint64_t modulus = 0, rest = 0;
    long shift;
    size_t i;

    if (a.count == 0 || d.count == 0) {
        return a.count == 0;
    }
    d.count = d.count > DIVISOR_DIGITS ? DIVISOR_DIGITS : d.count;
    for (i = 0; i < d.count; i++) {
        modulus = modulus * 10 + (uint64_t)(digit_at(&d, i) - '0');
    }
    /* Both as whole numbers, a without a zero at its end: if it must take up
     * powers of ten that the divisor has, it cannot. */
    shift = (a.exponent - (long)a.count) - (d.exponent - (long)d.count);
    if (shift < 0) {
        return 0;
    }
    for (i = 0; i < a.count; i++) {
        rest =
            (multiply(rest, 10, modulus) + (uint64_t)(digit_at(&a, i) - '0')) %
            modulus;
    }
    return multiply(rest, power_of_ten(shift, modulus), modulus) == 0;
}

/* text: digits with or without '-'. */
static int integer_unchanged(spbe_span_t text)
{
    char sent[320], back[400];
    unsigned long long value;

    if (spbe_json_unsigned(spbe_span_slice(text, text.ptr[0] == '-', text.len),
                           1ull << 62, &value)) {
        return (unsigned long long)(double)value == value;
    }
    if (text.len >= sizeof(sent)) {
        return 0; /* no double has that many digits */
    }
    memcpy(sent, text.ptr, text.len);
    sent[text.len] = '\0';
    snprintf(back, sizeof(back), "%.0f", strtod(sent, NULL));
    return strcmp(sent, back) == 0;
}

/* Near the ends of a double's range; written without a point, which depends on
 * the locale. */
static int in_range(const decimal_t *d)
{
    char text[EDGE_DIGITS + 32];
    size_t i, n = d->count > EDGE_DIGITS ? EDGE_DIGITS : d->count;
    double value;

    for (i = 0; i < n; i++) {
        text[i] = digit_at(d, i);
    }
    snprintf(text + n, sizeof(text) - n, "e%ld", d->exponent - (long)n);
    value = strtod(text, NULL);
    return value != 0 && value <= 1.7976931348623157e308;
}

int spbe_decimal_fits_double(spbe_span_t text)
{
    decimal_t d;

    if (digits_end(text, text.len > 0 && text.ptr[0] == '-') == text.len) {
        return text.len <= 15 || integer_unchanged(text);
    }
    d = read_decimal(text);
    if (d.count == 0 || (d.exponent > -300 && d.exponent < 300)) {
        return 1;
    }
    if (d.exponent > 310 || d.exponent < -330) {
        return 0;
    }
    return in_range(&d);
}

uint64_t spbe_decimal_hash(spbe_span_t text, const unsigned char key[16])
{
    decimal_t d = read_decimal(text);
    struct {
        uint64_t before;
        int64_t exponent;
        char digits[48];
    } block = {(uint64_t)d.negative, d.exponent, {0}};
    size_t i, n = 0;

    for (i = 0; i < d.count; i++) {
        block.digits[n++] = digit_at(&d, i);
        if (n == sizeof(block.digits)) {
            block.before = apr_siphash24(&block, sizeof(block), key);
            n = 0;
        }
    }
    memset(block.digits + n, 0, sizeof(block.digits) - n);
    return apr_siphash24(&block, sizeof(block), key);
}
