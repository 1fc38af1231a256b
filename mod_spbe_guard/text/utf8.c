/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/utf8.c - UTF-8 character by character. See utf8.h.
 */
#include "text/utf8.h"
#include "text/word.h"

static unsigned long take(spbe_span_t *rest, size_t len, unsigned long value)
{
    rest->ptr += len;
    rest->len -= len;
    return value;
}

/* Length by the first byte, no ASCII; 0 for a byte that begins no character. */
static size_t length_of(unsigned char c)
{
    if (c >= 0xc2 && c <= 0xdf) {
        return 2;
    }
    if (c >= 0xe0 && c <= 0xef) {
        return 3;
    }
    return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static int in_range(unsigned long value, size_t len)
{
    switch (len) {
    case 3:
        return value >= 0x800 && (value < 0xd800 || value > 0xdfff);
    case 4:
        return value >= 0x10000 && value <= 0x10ffff;
    default:
        return 1;
    }
}

unsigned long spbe_utf8_next(spbe_span_t *rest)
{
    static const unsigned char bits[] = {0, 0, 0x1f, 0x0f, 0x07};
    unsigned char first = (unsigned char)rest->ptr[0];
    size_t len, i;
    unsigned long value;

    if (first < 0x80) {
        return take(rest, 1, first);
    }
    len = length_of(first);
    if (len == 0 || len > rest->len) {
        return take(rest, 1, SPBE_UTF8_INVALID);
    }
    value = first & bits[len];
    for (i = 1; i < len; i++) {
        unsigned char c = (unsigned char)rest->ptr[i];

        if ((c & 0xc0) != 0x80) {
            return take(rest, 1, SPBE_UTF8_INVALID);
        }
        value = value << 6 | (c & 0x3f);
    }
    if (!in_range(value, len)) {
        return take(rest, 1, SPBE_UTF8_INVALID);
    }
    return take(rest, len, value);
}

/* Eight bytes at a time while they are ASCII. */
static spbe_span_t behind_ascii(spbe_span_t s)
{
    while (s.len >= SPBE_WORD && !spbe_word_wide(spbe_word_load(s.ptr))) {
        s.ptr += SPBE_WORD;
        s.len -= SPBE_WORD;
    }
    return s;
}

size_t spbe_utf8_plain(spbe_span_t s)
{
    size_t i;

    for (i = 0; i + SPBE_WORD <= s.len; i += SPBE_WORD) {
        uint64_t word = spbe_word_load(s.ptr + i);
        uint64_t mask = spbe_word_wide(word) | spbe_word_below(word, ' ') |
                        spbe_word_is(word, 0x7f);

        if (mask != 0) {
            return i + spbe_word_first(mask);
        }
    }
    while (i < s.len && s.ptr[i] >= ' ' && s.ptr[i] < 0x7f) {
        i++;
    }
    return i;
}

int spbe_utf8_valid(spbe_span_t s)
{
    while ((s = behind_ascii(s)).len > 0) {
        if (spbe_utf8_next(&s) == SPBE_UTF8_INVALID) {
            return 0;
        }
    }
    return 1;
}

spbe_span_t spbe_utf8_cut(spbe_span_t s, size_t max)
{
    size_t back = 0;

    if (s.len <= max) {
        return s;
    }
    /* More than three continuation bytes in a row are no character at all. */
    while (back < 3 && back < max &&
           ((unsigned char)s.ptr[max - back] & 0xc0) == 0x80) {
        back++;
    }
    if (((unsigned char)s.ptr[max - back] & 0xc0) == 0x80) {
        back = 0;
    }
    return spbe_span_slice(s, 0, max - back);
}
