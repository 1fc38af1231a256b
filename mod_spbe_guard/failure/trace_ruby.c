/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_ruby.c - Ruby's backtraces, and Rails', Rack's and Sinatra's.
 *
 * Frames are "F:12:in `m'" (from 3.4 on "in 'C#m'"), innermost first, with
 * "from " or without. The exception stands in "F:12:in `m': msg (Class)",
 * "Class (msg):", "Class: msg", "Class in X#y" or "Class at /path".
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

/* F:12:in `m'<behind> */
static int split(spbe_span_t line, spbe_span_t *file, long *number,
                 spbe_span_t *function, spbe_span_t *behind)
{
    size_t at = spbe_trace_at(line, ":in `"), end;
    spbe_span_t digits;

    at = at == SPBE_NPOS ? spbe_trace_at(line, ":in '") : at;
    if (at == SPBE_NPOS) {
        return 0;
    }
    *function = spbe_trace_from(line, at + 5);
    end = spbe_span_chr(*function, '\'');
    *behind = end == SPBE_NPOS ? SPBE_SPAN_EMPTY
                               : spbe_trace_from(*function, end + 1);
    *function = spbe_span_slice(*function, 0, end);
    line = spbe_span_slice(line, 0, at);
    at = spbe_span_rchr(line, ':');
    if (at == SPBE_NPOS) {
        return 0;
    }
    *file = spbe_span_trim(spbe_span_slice(line, 0, at));
    digits = spbe_trace_from(line, at + 1);
    at = spbe_span_rchr(*file, '\t');
    *file = at == SPBE_NPOS ? *file : spbe_trace_from(*file, at + 1);
    return spbe_trace_number(&digits, number) && digits.len == 0 &&
           file->len > 0;
}

static int is_name(spbe_span_t s)
{
    return spbe_trace_is_class(s) && apr_isupper(s.ptr[0]) &&
           spbe_span_chr(s, '.') == SPBE_NPOS &&
           spbe_span_chr(s, '/') == SPBE_NPOS;
}

/* "msg (Class)" behind the first frame */
static int name_behind(spbe_span_t behind, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class;
    size_t open;

    if (!spbe_trace_skip(&behind, ": ")) {
        return 0;
    }
    open = spbe_trace_last(behind, " (");
    if (open == SPBE_NPOS) {
        spbe_trace_name(out, SPBE_SPAN("RuntimeError"), behind, pool);
        return 1;
    }
    class = spbe_trace_from(behind, open + 2);
    class = spbe_span_slice(class, 0, spbe_span_chr(class, ')'));
    spbe_trace_name(out, class, spbe_span_slice(behind, 0, open), pool);
    return is_name(class);
}

/* A line above the frames */
static int name_above(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class, message;
    size_t open = spbe_trace_at(line, " ("), in;

    line = spbe_span_trim(line);
    if (open != SPBE_NPOS && is_name(spbe_span_slice(line, 0, open)) &&
        spbe_span_ends(line, SPBE_SPAN("):"))) {
        spbe_trace_name(out, spbe_span_slice(line, 0, open),
                        spbe_span_slice(line, open + 2, line.len - 2), pool);
        return 1;
    }
    if (open != SPBE_NPOS && !spbe_span_ends(line, SPBE_SPAN(")")) &&
        is_name(spbe_span_slice(line, 0, open)) &&
        spbe_trace_has(spbe_span_slice(line, 0, open), "::")) {
        /* a message of several lines */
        spbe_trace_name(out, spbe_span_slice(line, 0, open),
                        spbe_trace_from(line, open + 2), pool);
        return 1;
    }
    open = spbe_trace_last(line, " (");
    if (open != SPBE_NPOS && spbe_span_ends(line, SPBE_SPAN(")"))) {
        class = spbe_span_slice(line, open + 2, line.len - 1);
        if (is_name(class) && spbe_trace_has(class, "Err")) {
            message = spbe_span_slice(line, 0, open);
            spbe_trace_skip(&message, "Puma caught this error: ");
            spbe_trace_name(out, class, message, pool);
            return 1;
        }
    }
    if (spbe_trace_skip(&line, "exception: #<")) {
        line = spbe_span_slice(line, 0, spbe_span_rchr(line, '>'));
    }
    /* a logger's words in front: "2026-11-21 18:00:00 - X - msg:" (Sinatra) */
    in = spbe_trace_at(line, " - ");
    if (in != SPBE_NPOS && apr_isdigit(line.ptr[0])) {
        line = spbe_trace_from(line, in + 3);
        in = spbe_trace_at(line, " - ");
        if (in != SPBE_NPOS && is_name(spbe_span_slice(line, 0, in))) {
            message = spbe_trace_from(line, in + 3);
            message.len -= spbe_span_ends(message, SPBE_SPAN(":")) ? 1 : 0;
            spbe_trace_name(out, spbe_span_slice(line, 0, in), message, pool);
            return 1;
        }
    }
    if (spbe_trace_head(line, &class, &message) && is_name(class) &&
        message.len > 0 &&
        (spbe_trace_has(class, "Err") || spbe_trace_has(class, "::") ||
         spbe_trace_has(class, "Exception"))) {
        spbe_trace_name(out, class, message, pool);
        return 1;
    }
    return 0;
}

/* Rails and Sinatra: the page begins "X in C#a" or "X at /path", then msg */
static void name_of_page(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int i;

    for (i = 0; i < 40 && text.len > 0; i++) {
        spbe_span_t line = spbe_span_trim(spbe_trace_line(&text));
        spbe_span_t class = line;

        class = spbe_span_cut(&class, ' ');
        if (is_name(class) &&
            (spbe_trace_has(class, "Err") || spbe_trace_has(class, "::") ||
             spbe_trace_has(class, "Exception"))) {
            while (text.len > 0) {
                spbe_span_t next = spbe_span_trim(spbe_trace_line(&text));

                if (next.len > 0 && !spbe_span_starts(next, class)) {
                    spbe_trace_name(out, class, next, pool);
                    return;
                }
            }
            spbe_trace_name(out, class, SPBE_SPAN_EMPTY, pool);
            return;
        }
    }
}

static int find_name(spbe_span_t before, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t stop = before.len;
    int i;

    for (i = 0; i < 24 && stop > 0; i++) {
        size_t start = spbe_span_rchr(spbe_span_slice(before, 0, stop), '\n');

        start = start == SPBE_NPOS ? 0 : start + 1;
        if (name_above(spbe_span_slice(before, start, stop), out, pool)) {
            spbe_trace_mark(out, spbe_span_slice(before, start, stop));
            return 1;
        }
        stop = start == 0 ? 0 : start - 1;
    }
    return 0;
}

/* Syntax errors and missing files have no frame: "F:3: syntax error, .." */
static int no_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, ".rb:");
    spbe_span_t line, file;
    size_t start;
    long number = 0;

    if (at == SPBE_NPOS) {
        return 0;
    }
    start = spbe_span_rchr(spbe_span_slice(text, 0, at), '\n');
    line = spbe_trace_from(text, start == SPBE_NPOS ? 0 : start + 1);
    line = spbe_span_trim(spbe_trace_line(&line));
    at = spbe_trace_at(line, ".rb:");
    file = spbe_span_slice(line, 0, at + 3);
    line = spbe_trace_from(line, at + 4);
    if (!spbe_trace_number(&line, &number) || !spbe_trace_skip(&line, ": ") ||
        !spbe_trace_is_path(file)) {
        return 0;
    }
    name_behind((spbe_span_t){line.ptr - 2, line.len + 2}, out, pool);
    spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
    spbe_trace_mark(out, line);
    return SPBE_TRACE_STRONG;
}

/* Rack's page: "F.rb in" and on the next line the method, no number; above
 * them "file:", "location:", "line:" of the place where it was raised. */
static int page_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    long number = 0;
    int found = 0;
    size_t at = spbe_trace_at(text, "\nline:");

    if (!spbe_trace_has(text, ".rb in")) {
        return 0;
    }
    if (at != SPBE_NPOS) { /* else the page's head is not there */
        text = spbe_trace_ltrim(spbe_trace_from(text, at + 6));
        spbe_trace_number(&text, &number);
    }
    while (text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_trace_line(&text));

        if (!spbe_span_ends(line, SPBE_SPAN(".rb in"))) {
            continue;
        }
        text = spbe_trace_ltrim(text);
        spbe_trace_add(out, spbe_span_slice(line, 0, line.len - 3),
                       found == 0 ? number : 0,
                       spbe_span_trim(spbe_trace_line(&text)), pool);
        spbe_trace_mark(out, line);
        found++;
    }
    return found;
}

int spbe_trace_ruby(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text, file, function, behind;
    int found = 0, strange = 0;
    long number;

    out->language = "ruby";
    while (rest.len > 0 && strange < 12) {
        spbe_span_t whole = spbe_trace_line(&rest);
        spbe_span_t line = spbe_trace_ltrim(whole);

        spbe_trace_skip(&line, "from ");
        spbe_trace_skip(&line, "trace: ");
        if (!split(line, &file, &number, &function, &behind)) {
            strange += found > 0 ? 1 : 0;
            continue;
        }
        if (found++ == 0 && !name_behind(behind, out, pool) &&
            !find_name(spbe_span_slice(text, 0, (size_t)(whole.ptr - text.ptr)),
                       out, pool)) {
            name_of_page(text, out, pool);
        }
        spbe_trace_add(out, file, number, function, pool);
        spbe_trace_mark(out, whole);
    }
    if (found == 0) {
        found = page_frames(text, out, pool);
        if (found > 0) {
            name_of_page(text, out, pool);
        }
    }
    return found > 0 ? found * SPBE_TRACE_STRONG : no_frames(text, out, pool);
}
