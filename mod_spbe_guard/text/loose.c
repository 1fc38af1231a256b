/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/loose.c - tolerant JSON tokens. See loose.h.
 */
#include "text/loose.h"

#include <string.h>

static void advance(spbe_loose_t *loose, size_t n)
{
    loose->rest = spbe_span_slice(loose->rest, n, loose->rest.len);
}

static void skip(spbe_loose_t *loose, const char *chars)
{
    size_t n = 0;

    while (n < loose->rest.len && loose->rest.ptr[n] != '\0' &&
           strchr(chars, loose->rest.ptr[n]) != NULL) {
        n++;
    }
    advance(loose, n);
}

static spbe_loose_kind_t string(spbe_loose_t *loose, spbe_span_t *text)
{
    spbe_span_t s = loose->rest;
    size_t i = 1;

    while (i < s.len && s.ptr[i] != '"') {
        i += s.ptr[i] == '\\' ? 2 : 1;
    }
    *text = spbe_span_slice(s, 1, i);
    advance(loose, i + 1);
    skip(loose, " \t\r\n");
    if (loose->rest.len > 0 && loose->rest.ptr[0] == ':') {
        advance(loose, 1);
        return SPBE_LOOSE_KEY;
    }
    return SPBE_LOOSE_STRING;
}

spbe_loose_kind_t spbe_loose_next(spbe_loose_t *loose, spbe_span_t *text)
{
    size_t n = 0;

    *text = SPBE_SPAN_EMPTY;
    skip(loose, " \t\r\n,:");
    if (loose->rest.len == 0) {
        return SPBE_LOOSE_END;
    }
    *text = spbe_span_slice(loose->rest, 0, 1);
    switch (loose->rest.ptr[0]) {
    case '{':
    case '[':
        advance(loose, 1);
        return SPBE_LOOSE_OPEN;
    case '}':
    case ']':
        advance(loose, 1);
        return SPBE_LOOSE_CLOSE;
    case '"':
        return string(loose, text);
    default:
        break;
    }
    while (n < loose->rest.len &&
           memchr(" \t\r\n,:{}[]\"", loose->rest.ptr[n], 11) == NULL) {
        n++;
    }
    *text = spbe_span_slice(loose->rest, 0, n);
    advance(loose, n);
    return SPBE_LOOSE_WORD;
}
