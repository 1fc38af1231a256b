/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_python.c - Python tracebacks and their pages.
 *
 * "Traceback (most recent call last):", frames 'File "F", line L, in f' with
 * the outermost first (turned around here), the exception below. Of a chain
 * the last traceback counts: it names what reached the top, and its frames
 * lead from the application to the fault. Django's, Werkzeug's and
 * Starlette's pages come down to the same lines once their tags are gone.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

/* Without " |" of exception groups and blanks in front. */
static spbe_span_t bare(spbe_span_t line)
{
    line = spbe_trace_ltrim(line);
    while (spbe_trace_skip(&line, "|") || spbe_trace_skip(&line, "+ ")) {
        line = spbe_trace_ltrim(line);
    }
    return line;
}

/* File "F", line L, in f   or, Starlette, File F, line L, in f */
static int frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t file, function = SPBE_SPAN_EMPTY;
    size_t at;
    long number;

    if (!spbe_trace_skip(&line, "File ")) {
        return 0;
    }
    at = spbe_trace_at(line, ", line ");
    if (at == SPBE_NPOS) {
        /* Django's old copy-and-paste view: File "F" in f, line behind */
        at = spbe_trace_at(line, "\" in ");
        if (at == SPBE_NPOS || line.ptr[0] != '"') {
            return 0;
        }
        spbe_trace_add(out, spbe_span_slice(line, 1, at), 0,
                       spbe_trace_from(line, at + 5), pool);
        return 1;
    }
    file = spbe_span_slice(line, 0, at);
    line = spbe_trace_from(line, at + 7);
    if (!spbe_trace_number(&line, &number)) {
        return 0;
    }
    if (spbe_trace_skip(&file, "\"") && file.len > 0) {
        file.len -= file.ptr[file.len - 1] == '"' ? 1 : 0;
    }
    at = spbe_trace_at(line, "in ");
    if (at != SPBE_NPOS && at < 4) {
        function = spbe_trace_from(line, at + 3);
        if (spbe_span_starts(function, SPBE_SPAN("\""))) {
            return 0; /* Mojolicious, a Perl framework */
        }
        function = spbe_span_slice(function, 0, spbe_span_chr(function, '\t'));
        function = spbe_span_slice(function, 0, spbe_span_chr(function, ' '));
    }
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* Exceptions that are lines of their own, without a message. */
static int is_exception(spbe_span_t line)
{
    spbe_span_t class, message;

    return line.len > 0 && !apr_isspace(line.ptr[0]) &&
           spbe_trace_head(line, &class, &message) &&
           (apr_isupper(class.ptr[0]) || spbe_trace_has(class, ".")) &&
           spbe_span_chr(class, '/') == SPBE_NPOS &&
           spbe_span_chr(class, '-') == SPBE_NPOS;
}

typedef struct state {
    spbe_span_t exception, message; /* of the last traceback */
    int frames;                     /* read since the last one began */
    int open;                       /* its exception has not been seen */
} state_t;

/* The rest of a message of several lines, up to an empty line. */
static spbe_span_t whole_message(spbe_span_t first, spbe_span_t rest)
{
    const char *end = first.ptr + first.len;
    int i;

    for (i = 0; i < 12 && rest.len > 0; i++) {
        spbe_span_t line = spbe_trace_line(&rest);

        if (spbe_span_trim(line).len == 0 ||
            spbe_trace_has(line, "Traceback (") ||
            spbe_trace_has(line, "+----") || line.ptr[0] == '[' ||
            spbe_trace_has(line, "+-+--") ||
            (line.ptr[0] != ' ' && is_exception(line))) {
            break;
        }
        end = line.ptr + line.len;
    }
    return (spbe_span_t){first.ptr, (size_t)(end - first.ptr)};
}

static void begin(state_t *state, spbe_trace_t *out)
{
    apr_array_clear(out->frames);
    state->frames = 0;
    state->open = 1;
}

/* Keeps the innermost of a recursion's many frames. */
static void make_room(spbe_trace_t *out)
{
    spbe_frame_t *f = (spbe_frame_t *)out->frames->elts;
    int i;

    if (out->frames->nelts < SPBE_TRACE_FRAMES) {
        return;
    }
    for (i = 1; i < out->frames->nelts; i++) {
        f[i - 1] = f[i];
    }
    out->frames->nelts--;
}

static void read_lines(spbe_span_t text, state_t *state, spbe_trace_t *out,
                       apr_pool_t *pool)
{
    int complete = 0;

    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text), line = bare(whole);

        if (spbe_trace_has(line, "Traceback (most recent call last)")) {
            /* A page may repeat a finished trace: the first one is enough. */
            begin(state, out);
            spbe_trace_mark(out, whole);
            complete = 0;
            continue;
        }
        if (complete == 0 && spbe_span_starts(line, SPBE_SPAN("File "))) {
            make_room(out);
            if (frame(line, out, pool)) {
                spbe_trace_mark(out, whole);
                state->frames++;
                state->open = 1;
            }
            continue;
        }
        if (state->open && state->frames > 0 &&
            (whole.len == line.len || whole.ptr[0] != ' ' ||
             spbe_trace_has(whole, " | ")) &&
            is_exception(line)) {
            spbe_trace_head(line, &state->exception, &state->message);
            if (state->message.len > 0) {
                state->message = whole_message(state->message, text);
            }
            spbe_trace_mark(out, whole);
            state->open = 0;
            complete = 1;
        }
    }
}

/* Django: "OperationalError at /path", "Exception Type: X" ... */
static void read_fields(spbe_span_t text, state_t *state, spbe_trace_t *out)
{
    while (text.len > 0) {
        spbe_span_t whole = spbe_trace_line(&text);
        spbe_span_t line = spbe_trace_ltrim(whole), *into = NULL;

        if (spbe_trace_skip(&line, "Exception Type:")) {
            into = &state->exception;
        }
        else if (spbe_trace_skip(&line, "Exception Value:")) {
            into = &state->message;
        }
        if (into == NULL || into->len > 0) {
            continue;
        }
        line = spbe_span_trim(line);
        if (line.len == 0) {
            line = spbe_span_trim(spbe_trace_line(&text));
        }
        *into = into == &state->exception
                    ? spbe_span_slice(line, 0, spbe_trace_at(line, " at /"))
                    : line;
        spbe_trace_mark(out, whole);
    }
}

/* Werkzeug and Starlette: the page's first lines are "X", "X: msg". */
static void read_title(spbe_span_t text, state_t *state)
{
    int lines = 0, server_error = 0;

    while (lines < 12 && text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_trace_line(&text));

        lines += line.len > 0 ? 1 : 0; /* templates leave many empty */
        if (spbe_trace_has(line, "Error: ") || spbe_trace_has(line, "ion: ") ||
            server_error) {
            if (spbe_trace_head(line, &state->exception, &state->message)) {
                return;
            }
        }
        if (line.len > 0) {
            server_error = spbe_span_eq(line, SPBE_SPAN("500 Server Error"));
        }
    }
}

int spbe_trace_python(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    state_t state = {SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, 0, 0};
    int traceback = spbe_trace_has(text, "Traceback");

    out->language = "python";
    if (!traceback && !spbe_trace_has(text, "File ") &&
        !spbe_trace_has(text, "Exception Type:")) {
        return 0;
    }
    read_lines(text, &state, out, pool);
    if (spbe_trace_has(text, "Exception Type:")) {
        /* Django: what stands below its traceback is no exception. */
        state.exception = state.message = SPBE_SPAN_EMPTY;
        read_fields(text, &state, out);
    }
    if (state.exception.len == 0 && out->frames->nelts > 0) {
        read_title(text, &state);
    }
    spbe_trace_name(out, state.exception, state.message, pool);
    spbe_trace_reverse(out);
    if (out->frames->nelts == 0) {
        return state.exception.len > 0 && !traceback ? SPBE_TRACE_STRONG : 0;
    }
    return (out->frames->nelts + (traceback ? 1 : 0)) * SPBE_TRACE_STRONG;
}
