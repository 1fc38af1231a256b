/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain_escape.c - undoes the escapes of JSON strings and of httpd's
 * error log, and lays a JSON text out in lines. See plain.h.
 */
#include "text/plain.h"

#include <string.h>
#include "text/loose.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* n hexadecimal digits at s[i], or -1. */
static long hex_digits(spbe_span_t s, size_t i, size_t n)
{
    long value = 0;

    if (i + n > s.len) {
        return -1;
    }
    for (; n > 0; n--, i++) {
        if (hex(s.ptr[i]) < 0) {
            return -1;
        }
        value = value * 16 + hex(s.ptr[i]);
    }
    return value;
}

/* What the letter behind a backslash stands for, 0 for none of these. */
static char simple(char c)
{
    static const char FROM[] = "nrtbfv\\\"'/", TO[] = "\n\r\t\b\f\v\\\"'/";
    const char *at = c == '\0' ? NULL : strchr(FROM, c);

    return at == NULL ? '\0' : TO[at - FROM];
}

/* "\uXXXX" at s[i], with the second half of a pair; bytes taken, 0: none. */
static size_t unicode(spbe_span_t s, size_t i, char *to, size_t *len)
{
    long code = hex_digits(s, i + 2, 4), low;
    size_t taken = 6;

    if (code < 0) {
        return 0;
    }
    if (code >= 0xd800 && code < 0xdc00 && i + 12 <= s.len &&
        s.ptr[i + 6] == '\\' && s.ptr[i + 7] == 'u') {
        low = hex_digits(s, i + 8, 4);
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            taken = 12;
        }
    }
    *len += spbe_plain_utf8((unsigned long)code, to + *len);
    return taken;
}

/* One escape at s[i] == '\\'; returns the bytes taken, at least 1. */
static size_t unescape(spbe_span_t s, size_t i, char *to, size_t *len)
{
    char next = i + 1 < s.len ? s.ptr[i + 1] : '\0';
    size_t taken;
    long byte;

    if (next == 'u') {
        taken = unicode(s, i, to, len);
        if (taken > 0) {
            return taken;
        }
    }
    if (next == 'x') {
        byte = hex_digits(s, i + 2, 2);
        if (byte >= 0) {
            to[(*len)++] = byte == 0 ? '?' : (char)byte;
            return 4;
        }
    }
    if (simple(next) != '\0') {
        to[(*len)++] = simple(next);
        return 2;
    }
    to[(*len)++] = '\\';
    return 1;
}

spbe_span_t spbe_plain_json(spbe_span_t text, apr_pool_t *pool)
{
    char *to;
    size_t i = 0, len = 0;

    if (spbe_span_chr(text, '\\') == SPBE_NPOS) {
        return text;
    }
    to = apr_palloc(pool, text.len + 1);
    while (i < text.len) {
        if (text.ptr[i] == '\\') {
            i += unescape(text, i, to, &len);
        }
        else {
            to[len++] = text.ptr[i++];
        }
    }
    return (spbe_span_t){to, len};
}

spbe_span_t spbe_plain_log(spbe_span_t text, apr_pool_t *pool)
{
    /* httpd's escapes are a part of JSON's, plus \xHH, which both know here. */
    return spbe_plain_json(text, pool);
}

static void append(char *to, size_t *len, spbe_span_t s)
{
    memcpy(to + *len, s.ptr, s.len);
    *len += s.len;
}

/* "key: value" or, for a value of several lines, "key:" and the value. */
static spbe_span_t json_lines(spbe_span_t body, apr_pool_t *pool)
{
    /* Each token gives at most its own bytes and ": " in place of '":"'. */
    char *to = apr_palloc(pool, body.len * 2 + 4);
    spbe_loose_t loose = {body};
    spbe_loose_kind_t kind;
    spbe_span_t text;
    size_t len = 0;
    int member = 0;

    while ((kind = spbe_loose_next(&loose, &text)) != SPBE_LOOSE_END) {
        if (kind == SPBE_LOOSE_OPEN || kind == SPBE_LOOSE_CLOSE) {
            if (member) {
                to[len++] = '\n';
            }
            member = 0;
            continue;
        }
        text = spbe_plain_json(text, pool);
        if (member && spbe_span_chr(text, '\n') != SPBE_NPOS) {
            to[len - 1] = '\n';
        }
        append(to, &len, text);
        member = kind == SPBE_LOOSE_KEY;
        append(to, &len, member ? SPBE_SPAN(": ") : SPBE_SPAN("\n"));
    }
    return (spbe_span_t){to, len};
}

int spbe_plain_is_json(spbe_span_t text)
{
    spbe_span_t next;
    int object;

    text = spbe_span_trim(text);
    object = text.len > 1 && text.ptr[0] == '{';
    if (!object && (text.len < 2 || text.ptr[0] != '[')) {
        return 0;
    }
    /* "[Sat Nov 21 ..." begins a log line, "{closure}" a function. */
    next = spbe_span_trim(spbe_span_slice(text, 1, text.len));
    return next.len > 0 &&
           (next.ptr[0] == '"' ||
            (!object && (next.ptr[0] == '{' || next.ptr[0] == '[')));
}

spbe_span_t spbe_plain_text(spbe_span_t body, apr_pool_t *pool)
{
    if (spbe_plain_is_json(body)) {
        return json_lines(body, pool);
    }
    if (spbe_plain_is_xml(body)) {
        return spbe_plain_xml(body, pool);
    }
    return spbe_plain_is_html(body) ? spbe_plain_html(body, pool) : body;
}
