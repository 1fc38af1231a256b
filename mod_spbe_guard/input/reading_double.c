/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_double.c - text that was decoded once and would change into
 * something else if it were decoded again.
 *
 * Much that looks so is harmless: an address within an address has its own
 * encoding, and people write "10%dari" and "%02d". What no address needs and
 * nobody writes is refused.
 */
#include "input/reading_int.h"
#include "text/percent.h"
#include "text/utf8.h"

#include <string.h>

/* The byte that "XY" at s[i] stands for, or -1. */
static int pair_at(spbe_span_t s, size_t i)
{
    int high, low;

    if (i + 1 >= s.len) {
        return -1;
    }
    high = spbe_percent_hex(s.ptr[i]);
    low = spbe_percent_hex(s.ptr[i + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static int byte_at(spbe_span_t s, size_t i)
{
    return i < s.len && s.ptr[i] == '%' ? pair_at(s, i + 1) : -1;
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "10%dari", "%admin%": a lone pair of letters is no part of UTF-8. */
static int is_word(spbe_span_t s, size_t i)
{
    return is_letter(s.ptr[i + 1]) && is_letter(s.ptr[i + 2]) &&
           byte_at(s, i + 3) < 0 && (i < 3 || byte_at(s, i - 3) < 0);
}

/* The character of several bytes, encoded, at s[i]: its length there; 0 when
 * it is none. */
static size_t wide_at(spbe_span_t s, size_t i)
{
    char bytes[4];
    spbe_span_t some = {bytes, 0};
    unsigned long c;
    int byte;

    while (some.len < 4 && (byte = byte_at(s, i + 3 * some.len)) >= 0x80) {
        bytes[some.len++] = (char)byte;
    }
    c = some.len == 0 ? SPBE_UTF8_INVALID : spbe_utf8_next(&some);
    if (c == SPBE_UTF8_INVALID || c < 0xa0) {
        return 0;
    }
    return 3 * (size_t)(some.ptr - bytes);
}

/* "%02d" is a format, not a control character. */
static int is_format(spbe_span_t s, size_t i)
{
    return is_digit(s.ptr[i + 1]) && is_digit(s.ptr[i + 2]) &&
           s.ptr[i + 2] != '0' && i + 3 < s.len &&
           strchr("dixXusf", s.ptr[i + 3]) != NULL && s.ptr[i + 3] != '\0';
}

/* The byte behind any number of encoded '%': "%252527" is an apostrophe. */
static int innermost(spbe_span_t s, size_t i)
{
    int byte = byte_at(s, i), next;

    while (byte == '%') {
        i += 2;
        next = pair_at(s, i + 1);
        if (next < 0) {
            break;
        }
        byte = next;
    }
    return byte;
}

/* May an encoding of this character be left, within an address or not? */
static int may_remain(int byte, int address)
{
    if (!address) {
        return strchr(" %+,:@", byte) != NULL;
    }
    return byte != '.' && byte != '<' && byte != '>' && byte != '\\' &&
           byte != '`' && !is_letter((char)byte) && !is_digit((char)byte);
}

static const char *judge(spbe_span_t s, size_t i, int address, size_t *length)
{
    int byte = innermost(s, i);

    *length = 3;
    if (byte < ' ' || byte == 0x7f) {
        return byte != '\0' && is_format(s, i)
                   ? NULL
                   : "a control character behind a second decoding";
    }
    if (byte >= 0x80) {
        if (byte_at(s, i) != byte || is_word(s, i)) {
            return NULL;
        }
        *length = wide_at(s, i);
        return *length > 0 ? NULL : "invalid UTF-8 behind a second decoding";
    }
    return may_remain(byte, address)
               ? NULL
               : "a dangerous character behind a second decoding";
}

/* "%u0027": what old servers read as a character. */
static int is_u_form(spbe_span_t s, size_t i)
{
    return i + 1 < s.len && (s.ptr[i + 1] == 'u' || s.ptr[i + 1] == 'U') &&
           pair_at(s, i + 2) >= 0 && pair_at(s, i + 4) >= 0;
}

/* Does the rest of this word, from '?', look like the query of an address? */
static int query_begins(spbe_span_t s, size_t i)
{
    size_t end = i + 1;

    while (end < s.len && end < i + 64 &&
           (is_letter(s.ptr[end]) || is_digit(s.ptr[end]) ||
            strchr("_-.[]", s.ptr[end]) != NULL) &&
           s.ptr[end] != '\0') {
        end++;
    }
    return end > i + 1 && end < s.len && s.ptr[end] == '=';
}

const char *spbe_reading_double(spbe_span_t s)
{
    int address = 0;
    size_t i, length;

    if (spbe_span_chr(s, '%') == SPBE_NPOS) {
        return NULL;
    }
    for (i = 0; i < s.len; i += length) {
        const char *why = NULL;
        char c = s.ptr[i];

        length = 1;
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            address = 0;
        }
        else if ((c == ':' && spbe_span_starts(spbe_span_slice(s, i, i + 3),
                                               SPBE_SPAN("://"))) ||
                 (c == '?' && query_begins(s, i))) {
            address = 1;
        }
        else if (byte_at(s, i) >= 0) {
            why = judge(s, i, address, &length);
        }
        else if (c == '%' && is_u_form(s, i)) {
            why = "%u behind a second decoding";
        }
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}
