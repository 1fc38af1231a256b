/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_node.c - V8's stack traces: Node, Deno, and what runs on them.
 *
 * "TypeError: msg" above frames "    at f (F:12:34)", "at F:12:34",
 * "at async f (file:///F:1:2)", "at new X (..)". The first trace is taken; its
 * exception is the nearest line above the frames that looks like one.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

#define MEMBER_LINES 60

/* F:line:column, as V8 writes it */
static int place(spbe_span_t s, spbe_span_t *file, long *line)
{
    spbe_span_t head = s;
    size_t colon = spbe_span_rchr(s, ':');

    if (colon == SPBE_NPOS) {
        return 0;
    }
    head = spbe_span_slice(s, 0, colon);
    colon = spbe_span_rchr(head, ':');
    if (colon == SPBE_NPOS || colon + 1 >= head.len ||
        !apr_isdigit(head.ptr[colon + 1])) {
        return 0;
    }
    s = spbe_trace_from(head, colon + 1);
    *file = spbe_span_slice(head, 0, colon);
    spbe_trace_skip(file, "file://");
    return spbe_trace_number(&s, line) && s.len == 0 && file->len > 0;
}

static int frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t file, function = SPBE_SPAN_EMPTY;
    size_t paren;
    long number = 0;

    if (!spbe_trace_skip(&line, "at ")) {
        return 0;
    }
    line = spbe_span_trim(line);
    /* a comma or quote behind it: the line is an element of a JSON array */
    while (line.len > 0 &&
           (line.ptr[line.len - 1] == ',' || line.ptr[line.len - 1] == '{')) {
        line = spbe_span_trim(spbe_span_slice(line, 0, line.len - 1));
    }
    spbe_trace_skip(&line, "async ");
    paren = spbe_trace_last(line, " (");
    if (paren != SPBE_NPOS) {
        function = spbe_span_slice(line, 0, paren);
        line = spbe_trace_from(line, paren + 2);
        line.len -= spbe_span_ends(line, SPBE_SPAN(")")) ? 1 : 0;
        if (spbe_span_eq(line, SPBE_SPAN("<anonymous>")) ||
            spbe_span_eq(line, SPBE_SPAN("native")) ||
            spbe_span_starts(line, SPBE_SPAN("index "))) {
            spbe_trace_add(out, line, 0, function, pool);
            return 1;
        }
    }
    if (!place(line, &file, &number)) {
        return 0;
    }
    spbe_trace_skip(&function, "new ");
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* "... TypeError: x" behind the words of a logger */
static int inside(spbe_span_t line, spbe_span_t *class, spbe_span_t *message)
{
    size_t at = spbe_trace_at(line, "Error: "), start;

    if (at == SPBE_NPOS) {
        return 0;
    }
    for (start = at; start > 0 && apr_isalnum(line.ptr[start - 1]); start--) {
    }
    *class = spbe_span_slice(line, start, at + 5);
    *message = spbe_trace_from(line, at + 7);
    return spbe_trace_is_class(*class);
}

/* "Uncaught TypeError: x", "Error [CODE]: x", "SomeError: x", "Error" */
static int name_in(spbe_span_t line, spbe_span_t *class, spbe_span_t *message)
{
    spbe_span_t code = SPBE_SPAN_EMPTY;
    size_t bracket;

    line = spbe_span_trim(line);
    if (spbe_trace_skip(&line, "[cause]: ") ||
        spbe_trace_skip(&line, "stack: ") ||
        spbe_trace_skip(&line, "Uncaught ")) {
        line = spbe_trace_ltrim(line);
    }
    bracket = spbe_trace_at(line, " [");
    if (bracket != SPBE_NPOS && spbe_trace_has(line, "]: ") &&
        spbe_trace_is_class(spbe_span_slice(line, 0, bracket))) {
        *class = spbe_span_slice(line, 0, bracket);
        code = spbe_trace_from(line, spbe_trace_at(line, "]: ") + 3);
        *message = code;
        return 1;
    }
    if (!spbe_trace_head(line, class, message) ||
        spbe_span_chr(*class, '/') != SPBE_NPOS) {
        return inside(line, class, message);
    }
    return message->len > 0 || spbe_span_ends(*class, SPBE_SPAN("Error")) ||
           spbe_span_ends(*class, SPBE_SPAN("Exception"));
}

/* Looks upwards from the first frame, over the lines of a long message. */
static void find_name(spbe_span_t before, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class, message, fallback = SPBE_SPAN_EMPTY;
    const char *end = before.ptr + before.len;
    size_t stop = before.len;
    int i;

    for (i = 0; i < 16 && stop > 0; i++) {
        size_t start = spbe_span_rchr(spbe_span_slice(before, 0, stop), '\n');
        spbe_span_t line;

        start = start == SPBE_NPOS ? 0 : start + 1;
        line = spbe_span_slice(before, start, stop);
        if (name_in(line, &class, &message)) {
            if (message.len > 0) {
                message.len = (size_t)(end - message.ptr);
            }
            spbe_trace_name(out, class, message, pool);
            spbe_trace_mark(out, line);
            return;
        }
        if (fallback.len == 0) {
            fallback = spbe_span_trim(line);
        }
        stop = start == 0 ? 0 : start - 1;
    }
    spbe_trace_name(out, SPBE_SPAN("Error"), fallback, pool);
}

static int no_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, "FATAL ERROR: ");
    spbe_span_t line;

    if (at == SPBE_NPOS || !spbe_trace_has(text, "JavaScript heap")) {
        return 0;
    }
    line = spbe_trace_from(text, at + 13);
    line = spbe_trace_line(&line);
    spbe_trace_name(out, SPBE_SPAN("FATAL ERROR"), line, pool);
    spbe_trace_mark(out, line);
    return SPBE_TRACE_STRONG;
}

/* What util.inspect() shows of the error besides: code, sql, parent ... */
static void mark_members(spbe_span_t rest, spbe_trace_t *out)
{
    int i;

    for (i = 0; i < MEMBER_LINES && rest.len > 0; i++) {
        spbe_span_t line = spbe_trace_line(&rest);

        if (line.len == 0 || (line.ptr[0] != ' ' && line.ptr[0] != '\t')) {
            return;
        }
        spbe_trace_mark(out, line);
    }
}

int spbe_trace_node(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text;
    int found = 0, strange = 0;

    out->language = "node";
    while (rest.len > 0 && strange < 2) {
        spbe_span_t whole = spbe_trace_line(&rest);

        if (!frame(spbe_trace_ltrim(whole), out, pool)) {
            strange += found > 0 ? 1 : 0;
            continue;
        }
        if (found == 0) {
            find_name(spbe_span_slice(text, 0, (size_t)(whole.ptr - text.ptr)),
                      out, pool);
        }
        found++;
        spbe_trace_mark(out, whole);
        if (spbe_span_ends(spbe_span_trim(whole), SPBE_SPAN("{"))) {
            mark_members(rest, out);
        }
    }
    return found > 0 ? found * SPBE_TRACE_STRONG : no_frames(text, out, pool);
}
