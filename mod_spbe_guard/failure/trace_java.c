/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_java.c - traces of the JVM.
 *
 * "x.y.ZException: msg" above "at a.B.c(B.java:12)", with "Caused by:" below.
 * Exception and message are the first that are named: that is what people
 * look for. Frames are those of the root cause, the last "Caused by" of the
 * first trace, because there the fault is; where it has no frame of the
 * application, the first trace that has one is taken.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

/* [at ][module/]a.B.c(B.java:12) ~[some.jar:1.0] */
static int frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t function, place, file, layer;
    size_t open, close;
    long number = 0;
    int bare, native;

    bare = !spbe_trace_skip(&line, "at ");
    open = spbe_span_chr(line, '(');
    close = spbe_span_chr(line, ')');
    if (open == SPBE_NPOS || close == SPBE_NPOS || close < open || open == 0 ||
        line.ptr[open - 1] == ' ') {
        return 0;
    }
    function = spbe_span_slice(line, 0, open);
    place = spbe_span_slice(line, open + 1, close);
    file = spbe_span_cut(&place, ':');
    spbe_trace_number(&place, &number);
    /* Tomcat's page leaves "at" out: then nothing else may be missing. */
    native = spbe_span_eq(file, SPBE_SPAN("Native Method"));
    if (bare && (!(native || (number > 0 && spbe_trace_has(file, "."))) ||
                 spbe_span_chr(function, ' ') != SPBE_NPOS ||
                 spbe_span_chr(function, '.') == SPBE_NPOS)) {
        return 0;
    }
    /* JavaScript writes paths here, .NET types of arguments. */
    if (spbe_span_chr(file, '/') != SPBE_NPOS ||
        spbe_span_chr(file, ',') != SPBE_NPOS ||
        !(number > 0 || spbe_span_ends(file, SPBE_SPAN(".java")) ||
          spbe_span_ends(file, SPBE_SPAN("Source")) ||
          spbe_span_ends(file, SPBE_SPAN("Method")) ||
          spbe_span_ends(file, SPBE_SPAN(">")))) {
        return 0;
    }
    layer = function;
    spbe_span_cut(&layer, '/');
    while (layer.len > 0 && spbe_span_chr(layer, '/') != SPBE_NPOS) {
        spbe_span_cut(&layer, '/');
    }
    spbe_trace_skip(&layer, "/");
    spbe_trace_add(out, file, number, layer.len > 0 ? layer : function, pool);
    return 1;
}

static int is_name(spbe_span_t class)
{
    return spbe_trace_is_class(class) &&
           spbe_span_chr(class, '.') != SPBE_NPOS &&
           spbe_span_chr(class, '/') == SPBE_NPOS &&
           (spbe_trace_has(class, "Exception") ||
            spbe_trace_has(class, "Error") ||
            spbe_trace_has(class, "Throwable") ||
            spbe_trace_has(class, "Fail"));
}

/* The last word of what stands before ": " that is an exception's name. */
static int name_in(spbe_span_t line, spbe_span_t *class, spbe_span_t *message)
{
    spbe_span_t head = spbe_span_trim(line);
    size_t at = spbe_trace_at(head, ": "), blank;

    *message = SPBE_SPAN_EMPTY;
    while (1) {
        *class = spbe_span_slice(head, 0, at);
        blank = spbe_span_rchr(*class, ' ');
        if (blank != SPBE_NPOS) {
            *class = spbe_trace_from(*class, blank + 1);
        }
        if (spbe_span_ends(*class, SPBE_SPAN(":"))) {
            class->len--;
        }
        if (is_name(*class)) {
            *message = at == SPBE_NPOS ? SPBE_SPAN_EMPTY
                                       : spbe_trace_from(head, at + 2);
            return 1;
        }
        if (at == SPBE_NPOS) {
            return 0;
        }
        head = spbe_trace_from(head, at + 2);
        at = spbe_trace_at(head, ": ");
    }
}

static int own_frames(const spbe_trace_t *trace)
{
    const spbe_frame_t *f = (const spbe_frame_t *)trace->frames->elts;
    int i, own = 0;

    for (i = 0; i < trace->frames->nelts; i++) {
        own += f[i].vendor ? 0 : 1;
    }
    return own;
}

static int find_name(spbe_span_t before, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class, message;
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
            return 1;
        }
        stop = start == 0 ? 0 : start - 1;
    }
    return 0;
}

/* Swaps in the frames of the cause just read if they serve better. */
static void settle(spbe_trace_t *out, const spbe_trace_t *cause)
{
    if (cause->frames->nelts > 0 &&
        (own_frames(cause) > 0 || own_frames(out) == 0)) {
        out->frames = cause->frames;
    }
}

static int ends_trace(spbe_span_t line)
{
    spbe_span_t class, message;

    return spbe_span_trim(line).len > 0 &&
           !spbe_span_starts(line, SPBE_SPAN("...")) &&
           !spbe_span_starts(line, SPBE_SPAN("Suppressed:")) &&
           name_in(line, &class, &message);
}

/* A trace without frames: exceptions pages name, "Exception in thread" */
static int no_frames(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    static const char *const PREFIX[] = {"java.", "javax.", "jakarta.", "org.",
                                         "com."};
    spbe_span_t class, message;
    size_t i;

    while (text.len > 0) {
        spbe_span_t line = spbe_trace_line(&text);

        if (!name_in(line, &class, &message)) {
            continue;
        }
        for (i = 0; i < sizeof(PREFIX) / sizeof(*PREFIX); i++) {
            if (spbe_span_starts(class, spbe_span_from(PREFIX[i]))) {
                spbe_trace_name(out, class, message, pool);
                spbe_trace_mark(out, line);
                return SPBE_TRACE_WEAK;
            }
        }
    }
    return 0;
}

int spbe_trace_java(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_trace_t cause = *out;
    spbe_span_t rest = text;
    int found = 0, after = 0;

    out->language = "java";
    cause.frames = apr_array_make(pool, 16, sizeof(spbe_frame_t));
    while (rest.len > 0) {
        spbe_span_t whole = spbe_trace_line(&rest);
        spbe_span_t line = spbe_trace_ltrim(whole);

        if (frame(line, &cause, pool)) {
            if (found++ == 0) {
                find_name(
                    spbe_span_slice(text, 0, (size_t)(whole.ptr - text.ptr)),
                    out, pool);
            }
            spbe_trace_mark(out, whole);
            after = 0;
        }
        else if (found > 0 && (spbe_span_starts(line, SPBE_SPAN("Caused by")) ||
                               spbe_span_starts(line, SPBE_SPAN("Root Ca")) ||
                               spbe_span_starts(line, SPBE_SPAN("Suppr")) ||
                               (after < 3 && ends_trace(line)))) {
            settle(out, &cause);
            cause.frames = apr_array_make(pool, 16, sizeof(spbe_frame_t));
        }
        else if (found > 0 && ++after > 60) {
            break;
        }
    }
    settle(out, &cause);
    return found > 0 ? found * SPBE_TRACE_STRONG : no_frames(text, out, pool);
}
