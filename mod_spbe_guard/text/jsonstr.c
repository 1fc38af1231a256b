/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsonstr.c - the values of JSON strings and numbers. See json.h.
 */
#include "text/json.h"

#include "text/percent.h"

static char plain_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* The four digits behind "\u" at s[i]; SPBE_NPOS when it is no such escape. */
static unsigned long code_at(spbe_span_t s, size_t i)
{
    unsigned long code = 0;
    size_t k;

    if (i + 6 > s.len || s.ptr[i] != '\\' || s.ptr[i + 1] != 'u') {
        return SPBE_NPOS;
    }
    for (k = i + 2; k < i + 6; k++) {
        int digit = spbe_percent_hex(s.ptr[k]);

        if (digit < 0) {
            return SPBE_NPOS;
        }
        code = code * 16 + (unsigned long)digit;
    }
    return code;
}

static size_t put_utf8(char *out, unsigned long c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Writes the character of the escape at s[*i] and moves *i behind it. */
static size_t put_escape(spbe_span_t s, size_t *i, char *out)
{
    unsigned long high = code_at(s, *i), low;

    if (high == SPBE_NPOS) {
        out[0] = plain_escape(*i + 1 < s.len ? s.ptr[*i + 1] : '\\');
        *i += 2;
        return 1;
    }
    *i += 6;
    if (high < 0xd800 || high > 0xdfff) {
        return put_utf8(out, high);
    }
    low = code_at(s, *i);
    if (high > 0xdbff || low == SPBE_NPOS || low < 0xdc00 || low > 0xdfff) {
        return put_utf8(out, 0xfffd);
    }
    *i += 6;
    return put_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
}

spbe_span_t spbe_json_unescape(spbe_span_t text, apr_pool_t *pool)
{
    size_t i = 0, n = 0;
    char *copy;

    if (spbe_span_chr(text, '\\') == SPBE_NPOS) {
        return text;
    }
    /* No escape is shorter than the UTF-8 it stands for. */
    copy = apr_palloc(pool, text.len);
    while (i < text.len) {
        if (text.ptr[i] == '\\') {
            n += put_escape(text, &i, copy + n);
        }
        else {
            copy[n++] = text.ptr[i++];
        }
    }
    return (spbe_span_t){copy, n};
}

size_t spbe_json_lone(spbe_span_t text)
{
    size_t i = 0;

    while (i < text.len) {
        unsigned long high, low;

        if (text.ptr[i] != '\\') {
            i++;
            continue;
        }
        high = code_at(text, i);
        if (high == SPBE_NPOS || high < 0xd800 || high > 0xdfff) {
            i += high == SPBE_NPOS ? 2 : 6;
            continue;
        }
        low = code_at(text, i + 6);
        if (high > 0xdbff || low == SPBE_NPOS || low < 0xdc00 || low > 0xdfff) {
            return i;
        }
        i += 12;
    }
    return SPBE_NPOS;
}

int spbe_json_unsigned(spbe_span_t text, unsigned long long max,
                       unsigned long long *value)
{
    size_t i;

    *value = 0;
    for (i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';

        if (digit > 9 || *value > (max - digit) / 10) {
            return 0;
        }
        *value = *value * 10 + digit;
    }
    return text.len > 0 && *value <= max;
}
