/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/decimal.h - numbers as JSON writes them, compared exactly.
 *
 * No floating point: 0.1, 1e400 and 9007199254740993 are what they say.
 * Allocates nothing; works on the text. Exponents are clamped to
 * +-1,000,000,000.
 */
#ifndef SPBE_TEXT_DECIMAL_H
#define SPBE_TEXT_DECIMAL_H

#include <stdint.h>

#include "text/span.h"

/* text: a number by the grammar of RFC 8259, else the results mean nothing. */
int spbe_decimal_valid(spbe_span_t text);
int spbe_decimal_is_integer(spbe_span_t text); /* 1.0 and 1e2 are */
/* <0, 0, >0 */
int spbe_decimal_compare(spbe_span_t a, spbe_span_t b);
/* divisor > 0. Work is bounded: a divisor of more than 18 significant digits
 * is cut to 18. */
int spbe_decimal_is_multiple(spbe_span_t a, spbe_span_t divisor);
/* A double holds it without overflow, without becoming 0, and - where it is
 * written as an integer, with neither fraction nor exponent - unchanged. */
int spbe_decimal_fits_double(spbe_span_t text);
/* Equal values have equal hashes. */
uint64_t spbe_decimal_hash(spbe_span_t text, const unsigned char key[16]);

#endif
