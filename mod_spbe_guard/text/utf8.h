/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/utf8.h - UTF-8 (RFC 3629) character by character.
 *
 * Overlong forms, surrogates and values above U+10FFFF are invalid.
 */
#ifndef SPBE_TEXT_UTF8_H
#define SPBE_TEXT_UTF8_H

#include "text/span.h"

#define SPBE_UTF8_INVALID 0xfffffffful

/*
 * Takes one character off the front of *rest. An invalid byte is taken alone
 * and gives SPBE_UTF8_INVALID. *rest must not be empty.
 */
unsigned long spbe_utf8_next(spbe_span_t *rest);

int spbe_utf8_valid(spbe_span_t s);

/* How many bytes at the front are printable ASCII, blanks among them. */
size_t spbe_utf8_plain(spbe_span_t s);

/* The first max bytes of s, less what would be half a character. */
spbe_span_t spbe_utf8_cut(spbe_span_t s, size_t max);

#endif
