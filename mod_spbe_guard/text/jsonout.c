/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsonout.c - write JSON that any reader accepts. See jsonout.h.
 */
#include "text/jsonout.h"

#include <stdio.h>
#include <apr_strings.h>
#include "text/utf8.h"

/* The letter of a short escape, or 0. */
static char short_escape(unsigned long c)
{
    switch (c) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

/* The line and paragraph separators end a line for JavaScript. */
static int needs_code(unsigned long c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
           c == SPBE_UTF8_INVALID;
}

static void add_code(spbe_buf_t *buf, unsigned long c)
{
    char text[8];

    snprintf(text, sizeof(text), "\\u%04x",
             (unsigned)(c == SPBE_UTF8_INVALID ? 0xfffd : c) & 0xffff);
    spbe_buf_adds(buf, text);
}

void spbe_jsonout_string(spbe_buf_t *buf, spbe_span_t s)
{
    spbe_buf_addc(buf, '"');
    while (s.len > 0) {
        const char *at = s.ptr;
        unsigned long c = spbe_utf8_next(&s);
        char letter = short_escape(c);

        if (letter != 0) {
            spbe_buf_addc(buf, '\\');
            spbe_buf_addc(buf, letter);
        }
        else if (needs_code(c)) {
            add_code(buf, c);
        }
        else {
            spbe_buf_add(buf, (spbe_span_t){at, (size_t)(s.ptr - at)});
        }
    }
    spbe_buf_addc(buf, '"');
}

/* Takes one character off the front; the bytes it needs when written. */
static size_t next_length(spbe_span_t *rest)
{
    const char *at = rest->ptr;
    unsigned long c = spbe_utf8_next(rest);

    if (short_escape(c) != 0) {
        return 2;
    }
    return needs_code(c) ? 6 : (size_t)(rest->ptr - at);
}

size_t spbe_jsonout_length(spbe_span_t s)
{
    size_t length = 2;

    while (s.len > 0) {
        length += next_length(&s);
    }
    return length;
}

spbe_span_t spbe_jsonout_fit(spbe_span_t s, size_t max)
{
    spbe_span_t rest = s;
    size_t length = 2;

    while (rest.len > 0) {
        const char *at = rest.ptr;

        length += next_length(&rest);
        if (length > max) {
            return spbe_span_slice(s, 0, (size_t)(at - s.ptr));
        }
    }
    return s;
}

void spbe_jsonout_comma(spbe_buf_t *buf)
{
    char last = buf->len == 0 ? '{' : buf->ptr[buf->len - 1];

    if (last != '{' && last != '[' && last != ':') {
        spbe_buf_addc(buf, ',');
    }
}

void spbe_jsonout_name(spbe_buf_t *buf, const char *name)
{
    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '"');
    spbe_buf_adds(buf, name);
    spbe_buf_adds(buf, "\":");
}

void spbe_jsonout_text(spbe_buf_t *buf, const char *name, const char *value)
{
    if (value != NULL) {
        spbe_jsonout_span(buf, name, spbe_span_from(value));
    }
}

void spbe_jsonout_span(spbe_buf_t *buf, const char *name, spbe_span_t value)
{
    spbe_jsonout_name(buf, name);
    spbe_jsonout_string(buf, value);
}

void spbe_jsonout_number(spbe_buf_t *buf, const char *name, apr_int64_t value)
{
    spbe_jsonout_name(buf, name);
    spbe_buf_adds(buf, apr_psprintf(buf->pool, "%" APR_INT64_T_FMT, value));
}

void spbe_jsonout_raw(spbe_buf_t *buf, const char *name, const char *value)
{
    if (value != NULL) {
        spbe_jsonout_name(buf, name);
        spbe_buf_adds(buf, value);
    }
}
