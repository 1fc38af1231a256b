/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/lines.c - lines of the error log of one request. See lines.h.
 */
#include "httpd/lines.h"

#include <stdlib.h>
#include <string.h>

static int make_room(spbe_lines_t *lines, size_t more)
{
    size_t size = lines->size == 0 ? 1024 : lines->size;
    char *text;

    if (lines->len + more <= lines->size) {
        return 1;
    }
    while (size < lines->len + more) {
        size *= 2;
    }
    if (size > 2 * SPBE_LINES_MAX) {
        return 0;
    }
    text = realloc(lines->text, size);
    if (text == NULL) {
        return 0;
    }
    lines->text = text;
    lines->size = size;
    return 1;
}

void spbe_lines_add(spbe_lines_t *lines, spbe_span_t line)
{
    if (lines->len + line.len + 1 > SPBE_LINES_MAX
        || !make_room(lines, line.len + 1)) {
        lines->dropped++;
        return;
    }
    memcpy(lines->text + lines->len, line.ptr, line.len);
    lines->len += line.len;
    lines->text[lines->len++] = '\n';
    lines->count++;
}

void spbe_lines_clear(spbe_lines_t *lines)
{
    lines->len = 0;
    lines->count = lines->dropped = 0;
}

void spbe_lines_free(spbe_lines_t *lines)
{
    free(lines->text);
    *lines = (spbe_lines_t){ NULL, 0, 0, 0, 0 };
}

spbe_span_t spbe_lines_text(const spbe_lines_t *lines)
{
    if (lines->len == 0) {
        return SPBE_SPAN_EMPTY;
    }
    return (spbe_span_t){ lines->text, lines->len };
}

void spbe_lines_append(const spbe_lines_t *lines, size_t from,
                       apr_array_header_t *out)
{
    spbe_span_t rest = spbe_lines_text(lines);

    rest = spbe_span_slice(rest, from, rest.len);
    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);

        APR_ARRAY_PUSH(out, const char *) = spbe_span_dup(line, out->pool);
    }
}
