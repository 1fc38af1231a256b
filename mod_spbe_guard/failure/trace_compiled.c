/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_compiled.c - panics of Go and Rust.
 */
#include "failure/trace_int.h"

#include <string.h>

/* "panic: msg", "fatal error: msg", "http: panic serving A: msg" */
static size_t go_name(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    static const char *const SIGNS[] = {
        "panic serving ",
        "panic: ", "panic recovered:", "fatal error: ", "runtime error: "};
    size_t i, at = SPBE_NPOS, end;
    spbe_span_t line, exception = SPBE_SPAN("panic");

    for (i = 0; i < sizeof(SIGNS) / sizeof(*SIGNS) && at == SPBE_NPOS; i++) {
        at = spbe_trace_at(text, SIGNS[i]);
        end = at + strlen(SIGNS[i]);
    }
    if (at == SPBE_NPOS) {
        return 0;
    }
    line = spbe_trace_from(text, end);
    spbe_trace_mark(out, spbe_trace_from(spbe_span_slice(text, 0, end), at));
    if (i == 1) {
        /* the client's address first */
        at = spbe_trace_at(line, ": ");
        line =
            at == SPBE_NPOS || at > 64 ? line : spbe_trace_from(line, at + 2);
    }
    line = spbe_trace_ltrim(line);
    line = spbe_trace_line(&line);
    if (i == 4) {
        exception = SPBE_SPAN("fatal error");
    }
    else if (i == 5 || spbe_trace_skip(&line, "runtime error: ")) {
        exception = SPBE_SPAN("runtime error");
    }
    at = spbe_trace_at(line, " [recovered]");
    spbe_trace_name(out, exception, spbe_span_slice(line, 0, at), pool);
    return 1;
}

/* "\tF:12 +0x1d" or, gin, "F:12 (0x..)" */
static int go_place(spbe_span_t line, spbe_span_t *file, long *number)
{
    size_t at = spbe_trace_at(line, ".go:"), end;
    spbe_span_t digits;

    if (at == SPBE_NPOS) {
        return 0;
    }
    *file = spbe_trace_ltrim(spbe_span_slice(line, 0, at + 3));
    if (spbe_span_chr(*file, ' ') != SPBE_NPOS) {
        return 0;
    }
    digits = spbe_trace_from(line, at + 4);
    end = digits.len;
    return spbe_trace_number(&digits, number) && end > 0 &&
           (digits.len == 0 || digits.ptr[0] == ' ');
}

/* "main.(*T).handler(0x.., 0x..)", "created by net/http.(*Server).Serve" */
static spbe_span_t go_function(spbe_span_t line)
{
    size_t open;

    line = spbe_span_trim(line);
    open = spbe_span_rchr(line, '(');
    if (open != SPBE_NPOS && open > 0 && spbe_span_ends(line, SPBE_SPAN(")"))) {
        line = spbe_span_slice(line, 0, open);
    }
    return spbe_span_slice(line, 0, spbe_trace_at(line, " in goroutine"));
}

static int go_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t previous = SPBE_SPAN_EMPTY;
    int found = 0;

    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text), file, function;
        long number;

        if (spbe_span_starts(whole, SPBE_SPAN("goroutine ")) && found > 0) {
            break;
        }
        if (!go_place(whole, &file, &number)) {
            previous = whole;
            continue;
        }
        function = go_function(previous);
        if (spbe_trace_has(whole, " (0x")) {
            /* gin: the function stands below, "main.f: code" */
            spbe_span_t rest = text, below = spbe_trace_line(&rest);

            below = spbe_trace_ltrim(below);
            function = spbe_span_slice(below, 0, spbe_trace_at(below, ": "));
        }
        spbe_trace_add(out, file, number, function, pool);
        spbe_trace_mark(out, whole);
        found++;
    }
    return found;
}

int spbe_trace_go(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int named, found;

    out->language = "go";
    if (!spbe_trace_has(text, "goroutine ") && !spbe_trace_has(text, ".go:")) {
        return 0;
    }
    named = (int)go_name(text, out, pool);
    found = go_frames(text, out, pool);
    if (found == 0 && !spbe_trace_has(text, "goroutine ")) {
        return 0;
    }
    return found * SPBE_TRACE_STRONG + (named ? SPBE_TRACE_STRONG : 0);
}

/* old: panicked at 'msg', F:12:5    new: panicked at F:12:5:\nmsg */
static int rust_name(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, " panicked at "), quote;
    spbe_span_t line, file = SPBE_SPAN_EMPTY, rest, message = SPBE_SPAN_EMPTY;
    long number = 0;

    if (at == SPBE_NPOS) {
        return 0;
    }
    rest = spbe_trace_from(text, at + 13);
    line = spbe_trace_line(&rest);
    quote = spbe_trace_last(line, "', ");
    if (spbe_trace_skip(&line, "'") && quote != SPBE_NPOS && quote > 0) {
        message = spbe_span_slice(line, 0, quote - 1);
        spbe_trace_place(spbe_trace_from(line, quote + 2), &file, &number);
    }
    else {
        line.len -= spbe_span_ends(line, SPBE_SPAN(":")) ? 1 : 0;
        spbe_trace_place(line, &file, &number);
        message = spbe_trace_line(&rest);
    }
    spbe_trace_name(out, SPBE_SPAN("panic"), message, pool);
    spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
    spbe_trace_mark(out, line);
    spbe_trace_mark(out, message.len > 0 ? message : line);
    return 1;
}

/* "   4: app::f" and below "             at F:12:5" */
static int rust_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t function = SPBE_SPAN_EMPTY;
    int found = 0;

    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text), file;
        spbe_span_t line = spbe_trace_ltrim(whole);
        long number;
        size_t dash;

        if (spbe_trace_skip(&line, "at ")) {
            if (spbe_trace_place(line, &file, &number)) {
                spbe_trace_add(out, file, number, function, pool);
                function = SPBE_SPAN_EMPTY;
                found++;
            }
            continue;
        }
        if (function.len > 0) {
            spbe_trace_add(out, SPBE_SPAN_EMPTY, 0, function, pool);
            function = SPBE_SPAN_EMPTY;
            found++;
        }
        if (!spbe_trace_number(&line, &number) ||
            !spbe_trace_skip(&line, ": ")) {
            break;
        }
        dash = spbe_trace_at(line, " - ");
        function = spbe_trace_ltrim(line);
        if (dash != SPBE_NPOS && spbe_trace_skip(&line, "0x")) {
            function = spbe_trace_from(function, dash + 3);
        }
        spbe_trace_mark(out, whole);
    }
    return found;
}

int spbe_trace_rust(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, "stack backtrace:");
    int named = rust_name(text, out, pool), found = 0;

    out->language = "rust";
    if (at != SPBE_NPOS) {
        text = spbe_trace_from(text, at);
        spbe_trace_line(&text);
        found = rust_frames(text, out, pool);
    }
    return (found + 2 * named) * SPBE_TRACE_STRONG;
}
