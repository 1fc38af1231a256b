/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errline_text.c - how httpd writes a message: escapes, the referer
 * behind it. See errline.h.
 */
#include "record/errline.h"

#include <string.h>

#include <apr_lib.h>

size_t spbe_errline_referer(spbe_span_t said)
{
    static const char *const leads[] = {", referer: ", ", referer "};
    size_t i, at, hit, end = 0;

    for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
        spbe_span_t lead = spbe_span_from(leads[i]);

        for (at = 0; (hit = spbe_span_find(spbe_span_slice(said, at, said.len),
                                           lead)) != SPBE_NPOS;
             at = end) {
            end = at + hit + lead.len;
            if (spbe_span_chr(spbe_span_slice(said, end, said.len), ' ') ==
                SPBE_NPOS) {
                return at + hit;
            }
        }
    }
    return said.len;
}

static int hex(char c)
{
    return apr_isdigit(c)    ? c - '0'
           : apr_isxdigit(c) ? apr_tolower(c) - 'a' + 10
                             : -1;
}

/* Of the escape at the front of s, one byte into *out; its length. */
static size_t one_escape(spbe_span_t s, char *out)
{
    static const char names[] = "ntrbvfa", bytes[] = "\n\t\r\b\v\f\a";
    const char *name = s.ptr[1] == '\0' ? NULL : strchr(names, s.ptr[1]);

    if (name != NULL) {
        *out = bytes[name - names];
        return 2;
    }
    if (s.ptr[1] == 'x' && s.len >= 4 && hex(s.ptr[2]) >= 0 &&
        hex(s.ptr[3]) >= 0) {
        *out = (char)(hex(s.ptr[2]) * 16 + hex(s.ptr[3]));
        return 4;
    }
    *out = s.ptr[1];
    return 2;
}

size_t spbe_errline_unescape(spbe_span_t said, char *out)
{
    size_t at = 0, n = 0;

    while (at < said.len) {
        if (said.ptr[at] != '\\' || at + 1 == said.len) {
            out[n++] = said.ptr[at++];
            continue;
        }
        at += one_escape(spbe_span_slice(said, at, said.len), &out[n++]);
    }
    return n;
}

spbe_span_t spbe_errline_texts(spbe_span_t messages, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, messages.len + 1);
    size_t n = 0;

    while (messages.len > 0) {
        spbe_errline_t line;

        spbe_errline_parse_message(spbe_span_line(&messages), &line);
        if (line.kind != SPBE_ERRLINE_OWN) {
            n += spbe_errline_unescape(line.said, text + n);
            text[n++] = '\n';
        }
    }
    return (spbe_span_t){text, n};
}
