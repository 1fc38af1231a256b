/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_php_frame.c - the frames of PHP's traces.
 *
 * "#0 F(L): call()" of PHP itself, the numbered ones of Xdebug and Whoops, and
 * what print_r() and its kin make of debug_backtrace().
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_strings.h>

/* "F(12): call" "[internal function]: call" "{main}" behind the number. */
static int hash_frame(spbe_span_t s, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t call = SPBE_SPAN_EMPTY, file;
    size_t at = spbe_trace_at(s, "): ");
    size_t called = spbe_trace_at(s, ") called at [");
    long line = 0;

    if (spbe_trace_skip(&s, "{main}")) {
        return 2;
    }
    if (spbe_trace_skip(&s, "[internal function]: ")) {
        call = spbe_span_slice(s, 0, spbe_span_chr(s, '('));
        spbe_trace_add(out, SPBE_SPAN_EMPTY, 0, call, pool);
        return 1;
    }
    if (called != SPBE_NPOS) {
        /* debug_print_backtrace() before PHP 8.1 */
        call = spbe_span_slice(s, 0, spbe_span_chr(s, '('));
        s = spbe_trace_from(s, called + 13);
        s = spbe_span_slice(s, 0, spbe_span_rchr(s, ']'));
    }
    else if (at != SPBE_NPOS) {
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

/* "[key] => value"  "'key' => 'value',"  "["key"]=>" with the value below */
static int member(spbe_span_t line, spbe_span_t *rest, spbe_span_t *key,
                  spbe_span_t *value)
{
    size_t arrow = spbe_trace_at(line, "=>");

    if (arrow == SPBE_NPOS || arrow > 16) {
        return 0;
    }
    *key = spbe_span_trim(spbe_span_slice(line, 0, arrow));
    while (key->len > 0 && memchr("[\"'", key->ptr[0], 3) != NULL) {
        *key = spbe_trace_from(*key, 1);
    }
    while (key->len > 0 && memchr("]\"'", key->ptr[key->len - 1], 3) != NULL) {
        key->len--;
    }
    *value = spbe_span_trim(spbe_trace_from(line, arrow + 2));
    if (value->len == 0) {
        size_t open;

        *value = spbe_span_trim(spbe_trace_line(rest));
        open = spbe_span_chr(*value, '(');
        if (spbe_span_starts(*value, SPBE_SPAN("string("))) {
            open = spbe_span_chr(*value, ' ');
        }
        *value = spbe_trace_from(*value, open == SPBE_NPOS ? 0 : open + 1);
    }
    while (value->len > 0 && memchr("\"'", value->ptr[0], 2) != NULL) {
        *value = spbe_trace_from(*value, 1);
    }
    while (value->len > 0 &&
           memchr("\"',)", value->ptr[value->len - 1], 4) != NULL) {
        value->len--;
    }
    return 1;
}

typedef struct dumped {
    spbe_span_t file, function, class;
    long line;
} dumped_t;

static int put_dumped(dumped_t *frame, spbe_trace_t *out, apr_pool_t *pool)
{
    const char *call = NULL;
    int whole = frame->file.len > 0 && frame->line > 0;

    if (whole) {
        call = apr_pstrcat(pool, spbe_span_dup(frame->class, pool),
                           frame->class.len > 0 ? "->" : "",
                           spbe_span_dup(frame->function, pool), NULL);
        spbe_trace_add(out, frame->file, frame->line, spbe_span_from(call),
                       pool);
    }
    *frame = (dumped_t){SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, 0};
    return whole;
}

int spbe_trace_php_dump(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    dumped_t frame = {SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, 0};
    spbe_span_t key, value;
    int found = 0;

    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text);

        if (!member(spbe_trace_ltrim(whole), &text, &key, &value)) {
            continue;
        }
        if (spbe_span_eq(key, SPBE_SPAN("file")) &&
            spbe_trace_is_path(value)) {
            found += put_dumped(&frame, out, pool);
            frame.file = value;
            spbe_trace_mark(out, whole);
        }
        else if (spbe_span_eq(key, SPBE_SPAN("line"))) {
            spbe_trace_number(&value, &frame.line);
            spbe_trace_mark(out, whole);
        }
        else if (spbe_span_eq(key, SPBE_SPAN("function"))) {
            frame.function = value;
        }
        else if (spbe_span_eq(key, SPBE_SPAN("class"))) {
            frame.class = value;
        }
    }
    return found + put_dumped(&frame, out, pool);
}
