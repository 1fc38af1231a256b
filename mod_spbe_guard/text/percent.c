/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/percent.c - undo percent encoding. See percent.h.
 */
#include "text/percent.h"
#include "text/word.h"

int spbe_percent_hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that "%XY" at s[i] stands for, or -1. */
static int byte_at(spbe_span_t s, size_t i)
{
    int high, low;

    if (i + 2 >= s.len) {
        return -1;
    }
    high = spbe_percent_hex(s.ptr[i + 1]);
    low = spbe_percent_hex(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Copies what begins s up to a '%', whole words only: how many bytes. */
static size_t copy_words(spbe_span_t s, int plus, char *to)
{
    size_t i;

    for (i = 0; i + SPBE_WORD <= s.len; i += SPBE_WORD) {
        uint64_t word = spbe_word_load(s.ptr + i);

        if (spbe_word_is(word, '%')) {
            break;
        }
        spbe_word_store(to + i, plus ? spbe_word_swap(word, '+', ' ') : word);
    }
    return i;
}

spbe_rc_t spbe_percent_decode(spbe_span_t s, int plus, spbe_span_t *out,
                              apr_pool_t *pool)
{
    spbe_rc_t rc = SPBE_OK;
    size_t i, n;
    char *copy;

    *out = s;
    if (spbe_span_chr(s, '%') == SPBE_NPOS &&
        (!plus || spbe_span_chr(s, '+') == SPBE_NPOS)) {
        return SPBE_OK;
    }
    copy = apr_palloc(pool, s.len);
    i = n = copy_words(s, plus, copy);
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        int byte;

        if (c == '%') {
            byte = byte_at(s, i);
            if (byte < 0) {
                rc = SPBE_BAD;
            }
            else {
                c = (char)byte;
                i += 2;
            }
        }
        else if (c == '+' && plus) {
            c = ' ';
        }
        copy[n++] = c;
    }
    *out = (spbe_span_t){copy, n};
    return rc;
}
