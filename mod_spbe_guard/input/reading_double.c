/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_double.c - text that was decoded once and would change into
 * something else if it were decoded again.
 *
 * Much that looks so is harmless: an address, a serialized form or a "data:"
 * within a field has its own encoding, and people write "10%dari" and "%02d".
 * What makes a path climb, ends a line or a text, or opens a quote or a tag
 * where no such thing is around it, is refused.
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

/* "%02d", "%05.2f" are formats, not control characters. */
static int is_format(spbe_span_t s, size_t i)
{
    size_t n = i + 3;

    if (!is_digit(s.ptr[i + 1]) || !is_digit(s.ptr[i + 2]) ||
        s.ptr[i + 2] == '0') {
        return 0;
    }
    if (n < s.len && s.ptr[n] == '.') {
        for (n++; n < s.len && is_digit(s.ptr[n]); n++) {
        }
    }
    return n < s.len && s.ptr[n] != '\0' &&
           strchr("dixXusfeEgGo", s.ptr[n]) != NULL;
}

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* "naik 5%10 dari": a percentage and the number behind it. */
static int is_amount(spbe_span_t s, size_t i)
{
    return i > 0 && is_digit(s.ptr[i - 1]) && is_digit(s.ptr[i + 1]) &&
           is_digit(s.ptr[i + 2]) && (i + 3 == s.len || is_blank(s.ptr[i + 3]));
}

/* The byte behind any number of encoded '%': "%252527" is an apostrophe. */
static int innermost(spbe_span_t s, size_t i, size_t *length)
{
    int byte = byte_at(s, i), next;

    *length = 3;
    while (byte == '%') {
        next = pair_at(s, i + *length);
        if (next < 0) {
            break;
        }
        byte = next;
        *length += 2;
    }
    return byte;
}

/* The character at s[i] when all is decoded; -1 behind the end. */
static int shown_at(spbe_span_t s, size_t i)
{
    size_t length;
    int byte;

    if (i >= s.len) {
        return -1;
    }
    byte = innermost(s, i, &length);
    return byte >= 0 ? byte : (unsigned char)s.ptr[i];
}

/* What is around the place where we are. */
typedef enum around {
    PLAIN,
    ADDRESS, /* "https://...", "/..." */
    QUERY,   /* behind its '?' */
    FORM,    /* "a=1&b=2", or JSON: the whole value */
    DATA     /* "data:image/svg+xml,...": the whole value */
} around_t;

/* Text up to i, and from next on: "..", "%2e%2e". */
static int climbs(spbe_span_t s, size_t i, size_t next)
{
    size_t length;

    if (i >= 2 && s.ptr[i - 1] == '.' && s.ptr[i - 2] == '.') {
        return 1;
    }
    if (shown_at(s, next) != '.') {
        return 0;
    }
    length = s.ptr[next] == '.' ? 1 : (innermost(s, next, &length), length);
    return shown_at(s, next + length) == '.';
}

static int opens_tag(int next)
{
    return next == '/' || next == '!' || next == '?' ||
           (next > 0 && is_letter((char)next));
}

/* "Nur%27aini". */
static int is_within_word(spbe_span_t s, size_t i, size_t next)
{
    return i > 0 && next < s.len && is_letter(s.ptr[i - 1]) &&
           is_letter(s.ptr[next]);
}

/* "v1%2E2". */
static int is_inner_dot(spbe_span_t s, size_t i, size_t next)
{
    return i > 0 && next < s.len &&
           (is_letter(s.ptr[i - 1]) || is_digit(s.ptr[i - 1])) &&
           (is_letter(s.ptr[next]) || is_digit(s.ptr[next]));
}

/* May this character be left at s[i], what follows being at s[next]? */
static int may_remain(spbe_span_t s, size_t i, size_t next, int byte,
                      around_t around)
{
    switch (byte) {
    case '.':
        return around != PLAIN && is_inner_dot(s, i, next);
    case '/':
        return !climbs(s, i, next);
    case '\\':
    case '`':
        return 0;
    case '<':
        return around == FORM || around == DATA ||
               !opens_tag(shown_at(s, next));
    case '>':
        return around == FORM || around == DATA || around == QUERY;
    case '\'':
        return around == FORM ? is_within_word(s, i, next) : around != PLAIN;
    case '"':
    case ';':
    case '|':
        return around != PLAIN;
    default:
        return !is_letter((char)byte) && !is_digit((char)byte);
    }
}

static int may_control(spbe_span_t s, size_t i, int byte, around_t around)
{
    if (byte == '\t' || byte == '\r' || byte == '\n') {
        return around >= QUERY || is_amount(s, i);
    }
    return is_amount(s, i) || (byte != '\0' && is_format(s, i));
}

static const char *judge(spbe_span_t s, size_t i, around_t around,
                         size_t *length)
{
    int byte = innermost(s, i, length);

    if (byte < ' ' || byte == 0x7f) {
        return may_control(s, i, byte, around)
                   ? NULL
                   : "a control character behind a second decoding";
    }
    if (byte >= 0x80) {
        *length = 3;
        if (byte_at(s, i) != byte || is_word(s, i)) {
            return NULL;
        }
        *length = wide_at(s, i);
        return *length > 0 ? NULL : "invalid UTF-8 behind a second decoding";
    }
    return may_remain(s, i, i + *length, byte, around)
               ? NULL
               : "a dangerous character behind a second decoding";
}

/* "%u0027": what old servers read as a character. */
static int is_u_form(spbe_span_t s, size_t i)
{
    return i + 1 < s.len && (s.ptr[i + 1] == 'u' || s.ptr[i + 1] == 'U') &&
           pair_at(s, i + 2) >= 0 && pair_at(s, i + 4) >= 0;
}

/* Does "name=" stand at i? */
static int pair_begins(spbe_span_t s, size_t i)
{
    size_t end = i;

    while (end < s.len && end < i + 64 &&
           (is_letter(s.ptr[end]) || is_digit(s.ptr[end]) ||
            strchr("_-.[]%", s.ptr[end]) != NULL) &&
           s.ptr[end] != '\0') {
        end++;
    }
    return end > i && end < s.len && s.ptr[end] == '=';
}

static int is_form(spbe_span_t s)
{
    size_t at = spbe_span_chr(s, '&');

    return at != SPBE_NPOS && pair_begins(s, 0) && pair_begins(s, at + 1);
}

/* JSON that was encoded before it was put into a form. */
static int is_json(spbe_span_t s)
{
    return spbe_span_istarts(s, SPBE_SPAN("%7B%22")) ||
           spbe_span_istarts(s, SPBE_SPAN("%5B%7B")) ||
           spbe_span_istarts(s, SPBE_SPAN("%5B%22"));
}

static around_t around_all(spbe_span_t s)
{
    if (is_form(s) || is_json(s)) {
        return FORM;
    }
    if (spbe_span_istarts(s, SPBE_SPAN("data:")) &&
        spbe_span_chr(s, ',') != SPBE_NPOS) {
        return DATA;
    }
    return spbe_span_starts(s, SPBE_SPAN("/")) ? ADDRESS : PLAIN;
}

static around_t around_next(around_t around, spbe_span_t s, size_t i)
{
    char c = s.ptr[i];

    if (around == FORM || around == DATA) {
        return around;
    }
    if (is_blank(c)) {
        return PLAIN;
    }
    if (c == '?' && pair_begins(s, i + 1)) {
        return QUERY;
    }
    if (c == ':' && around != QUERY &&
        spbe_span_starts(spbe_span_slice(s, i, i + 3), SPBE_SPAN("://"))) {
        return ADDRESS;
    }
    return around;
}

const char *spbe_reading_double(spbe_span_t s)
{
    around_t around;
    size_t i, length;

    if (spbe_span_chr(s, '%') == SPBE_NPOS) {
        return NULL;
    }
    around = around_all(s);
    for (i = 0; i < s.len; i += length) {
        const char *why = NULL;

        length = 1;
        around = around_next(around, s, i);
        if (byte_at(s, i) >= 0) {
            why = judge(s, i, around, &length);
        }
        else if (s.ptr[i] == '%' && is_u_form(s, i)) {
            why = "%u behind a second decoding";
        }
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}
