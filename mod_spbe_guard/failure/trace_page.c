/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_page.c - debug pages that say in their title what was thrown.
 *
 * "ZeroDivisionError at /x" (Rack, Phoenix), then the message; Rack's frames
 * are "/srv/a.rb: in m", the first once more with ", line 2" behind it. Play
 * has a headline, the detail, and "In /srv/a.scala:14".
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

#define HEAD_LINES 24

static spbe_span_t next_line(spbe_span_t *rest)
{
    spbe_span_t line = SPBE_SPAN_EMPTY;

    while (rest->len > 0 && line.len == 0) {
        line = spbe_span_trim(spbe_trace_line(rest));
    }
    return line;
}

static int is_name(spbe_span_t class)
{
    return spbe_trace_is_class(class) && apr_isupper(class.ptr[0]) &&
           spbe_span_chr(class, '/') == SPBE_NPOS &&
           (spbe_trace_has(class, "Err") || spbe_trace_has(class, "::") ||
            spbe_trace_has(class, "Exception"));
}

/* "X at /path", "X at GET /path" */
static int title(spbe_span_t line, spbe_span_t *class)
{
    size_t at = spbe_trace_at(line, " at ");
    spbe_span_t path;

    if (at == SPBE_NPOS) {
        return 0;
    }
    *class = spbe_span_slice(line, 0, at);
    path = spbe_trace_from(line, at + 4);
    while (path.len > 0 && apr_isupper(path.ptr[0])) {
        path = spbe_trace_from(path, 1);
    }
    spbe_trace_skip(&path, " ");
    return spbe_span_starts(path, SPBE_SPAN("/")) && is_name(*class);
}

/* "/srv/a.rb: in m", "/srv/a.rb: in m, line 2" */
static int rack_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, ".rb: in "), comma, cell;
    spbe_span_t file, function, digits;
    long number = 0;

    if (at == SPBE_NPOS) {
        return 0;
    }
    file = spbe_span_slice(line, 0, at + 3);
    cell = spbe_span_rchr(file, '\t');
    file = cell == SPBE_NPOS ? file : spbe_trace_from(file, cell + 1);
    function = spbe_trace_from(line, at + 8);
    comma = spbe_trace_at(function, ", line ");
    if (comma != SPBE_NPOS) {
        digits = spbe_trace_from(function, comma + 7);
        spbe_trace_number(&digits, &number);
        function = spbe_span_slice(function, 0, comma);
    }
    if (!spbe_trace_is_path(file)) {
        return 0;
    }
    spbe_trace_add(out, file, number, function, pool);
    return number > 0 ? 2 : 1;
}

static int rack_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int found = 0, placed = 0;

    while (text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_trace_line(&text));
        int kind;

        /* The head has the innermost with its number: not twice. */
        if (placed == 1 && spbe_trace_has(line, ".rb: in ")) {
            placed = 2;
            continue;
        }
        kind = rack_frame(line, out, pool);
        placed = kind == 2 && placed == 0 ? 1 : placed;
        found += kind > 0 ? 1 : 0;
    }
    return found;
}

static int titled(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text, class;
    int i;

    for (i = 0; i < HEAD_LINES && rest.len > 0; i++) {
        spbe_span_t line = next_line(&rest), message;

        if (!title(line, &class)) {
            continue;
        }
        message = next_line(&rest);
        while (message.len > 0 && spbe_span_starts(message, class)) {
            message = next_line(&rest);
        }
        spbe_trace_name(out, class, message, pool);
        spbe_trace_mark(out, line);
        spbe_trace_mark(out, message);
        return SPBE_TRACE_WEAK + SPBE_TRACE_STRONG * rack_frames(rest, out,
                                                                 pool);
    }
    return 0;
}

/* "[NullPointerException: null]" is what was thrown, else the headline. */
static void name(spbe_span_t head, spbe_span_t detail, spbe_trace_t *out,
                 apr_pool_t *pool)
{
    spbe_span_t class, message, inner = detail;

    if (spbe_trace_skip(&inner, "[") &&
        spbe_trace_head(spbe_span_slice(inner, 0, spbe_span_rchr(inner, ']')),
                        &class, &message)) {
        spbe_trace_name(out, class, message, pool);
        return;
    }
    spbe_trace_name(out, head, detail, pool);
}

/* Headline, detail, "In F:12 (around line 12)" */
static int play(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t head = SPBE_SPAN_EMPTY, detail = SPBE_SPAN_EMPTY, file;
    long number;
    int i;

    for (i = 0; i < HEAD_LINES && text.len > 0; i++) {
        spbe_span_t line = next_line(&text), place = line;

        if (detail.len > 0 && spbe_trace_skip(&place, "In /")) {
            place = (spbe_span_t){place.ptr - 1, place.len + 1};
            place = spbe_span_slice(place, 0, spbe_trace_at(place, " ("));
            if (spbe_trace_place(place, &file, &number)) {
                name(head, detail, out, pool);
                spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
                spbe_trace_mark(out, head);
                spbe_trace_mark(out, line);
                return SPBE_TRACE_STRONG;
            }
        }
        if (!spbe_span_eq(line, detail)) {
            head = detail;
            detail = line;
        }
    }
    return 0;
}

int spbe_trace_page(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int score = titled(text, out, pool);

    if (score > 0) {
        out->language = out->frames->nelts > 0 ? "ruby" : NULL;
        return score;
    }
    return play(text, out, pool);
}
