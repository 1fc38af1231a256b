/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_php_frame.c - the frames of PHP's traces.
 *
 * "#0 F(L): call()" of PHP itself, and the numbered ones of Xdebug and Whoops.
 */
#include "failure/trace_int.h"

/* "F(12): call" "[internal function]: call" "{main}" behind the number. */
static int hash_frame(spbe_span_t s, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t call = SPBE_SPAN_EMPTY, file;
    size_t at = spbe_trace_at(s, "): ");
    long line = 0;

    if (spbe_trace_skip(&s, "{main}")) {
        return 2;
    }
    if (spbe_trace_skip(&s, "[internal function]: ")) {
        call = spbe_span_slice(s, 0, spbe_span_chr(s, '('));
        spbe_trace_add(out, SPBE_SPAN_EMPTY, 0, call, pool);
        return 1;
    }
    if (at != SPBE_NPOS) {
        call = spbe_trace_from(s, at + 3);
        call = spbe_span_slice(call, 0, spbe_span_chr(call, '('));
        s = spbe_span_slice(s, 0, at + 1);
    }
    if (!spbe_trace_place(s, &file, &line) ||
        (at == SPBE_NPOS && !spbe_trace_has(file, ".php"))) {
        return 0;
    }
    spbe_trace_add(out, file, line, call, pool);
    return 1;
}

/* Frames "#0 ..." of the first trace in text; stops where another begins. */
int spbe_trace_php_hash(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    long number, last = -1;
    int found = 0, strange = 0, kind;

    while (text.len > 0 && strange < 8) {
        spbe_span_t whole = spbe_trace_line(&text);
        spbe_span_t line = spbe_trace_ltrim(whole);

        if (!spbe_trace_skip(&line, "#") ||
            !spbe_trace_number(&line, &number) ||
            !spbe_trace_skip(&line, " ")) {
            strange += found > 0 ? 1 : 0;
            continue;
        }
        if (number <= last) {
            break;
        }
        kind = hash_frame(line, out, pool);
        if (kind > 0) {
            spbe_trace_mark(out, whole);
            last = number;
        }
        found += kind == 1 ? 1 : 0;
        if (kind == 2) {
            break;
        }
    }
    return found;
}

/* Xdebug in text begins its lines with seconds and bytes. */
static spbe_span_t without_times(spbe_span_t line)
{
    spbe_span_t s = line;
    long number;

    if (spbe_trace_number(&s, &number) && spbe_trace_skip(&s, ".") &&
        spbe_trace_number(&s, &number) && spbe_trace_skip(&s, " ")) {
        s = spbe_trace_ltrim(s);
        if (spbe_trace_number(&s, &number) && spbe_trace_skip(&s, " ")) {
            return spbe_trace_ltrim(s);
        }
    }
    return line;
}

/* Xdebug "1. {main}() F:0" (outermost first), Whoops "1. X->() F:12". */
int spbe_trace_php_numbered(spbe_span_t text, spbe_trace_t *out,
                            apr_pool_t *pool)
{
    int found = 0, outermost = 0;
    long number, at, last = 0;

    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text), file;
        spbe_span_t line = spbe_trace_ltrim(whole);
        size_t blank;

        spbe_trace_skip(&line, "PHP ");
        line = without_times(spbe_trace_ltrim(line));
        if (!spbe_trace_number(&line, &number) ||
            !(spbe_trace_skip(&line, ". ") || spbe_trace_skip(&line, "\t")) ||
            (found > 0 && number <= last)) {
            continue;
        }
        blank = spbe_trace_last(line, ") ");
        blank = blank == SPBE_NPOS ? spbe_trace_last(line, ")\t") : blank;
        if (blank == SPBE_NPOS ||
            !spbe_trace_place(spbe_trace_from(line, blank + 2), &file, &at) ||
            !spbe_trace_has(file, ".php")) {
            continue;
        }
        outermost |= found == 0 && spbe_trace_has(line, "{main}");
        line = spbe_span_slice(line, 0, spbe_span_chr(line, '('));
        /* Xdebug's table has time and memory before the name. */
        blank = spbe_span_rchr(line, '\t');
        line = blank == SPBE_NPOS ? line : spbe_trace_from(line, blank + 1);
        spbe_trace_add(out, file, at, line, pool);
        spbe_trace_mark(out, whole);
        last = number;
        found++;
    }
    if (outermost) {
        spbe_trace_reverse(out);
    }
    return found;
}
