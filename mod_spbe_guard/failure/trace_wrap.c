/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_wrap.c - the cause that a container's exception wraps.
 *
 * Where what was thrown only says that something else was thrown, the name and
 * the message of that are taken: from "Caused by:", "Root Cause", " ---> ",
 * "nested exception is", or from a message that is a name and a message.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>

#define DEPTH 8

/* 2: it may say something itself, unless its message names another. */
static int wraps(spbe_span_t class)
{
    static const char *const ALWAYS[] = {
        "JasperException",      "ServletException",
        "NestedServletException", "InvocationTargetException",
        "UndeclaredThrowableException", "ExecutionException",
        "CompletionException",  "ExceptionInInitializerError",
        "FacesException",       "PrivilegedActionException",
        "TargetInvocationException", "AggregateException",
        "HttpUnhandledException", "TypeInitializationException",
    };
    size_t dot = spbe_span_rchr(class, '.'), i;

    class = spbe_trace_from(class, dot == SPBE_NPOS ? 0 : dot + 1);
    for (i = 0; i < sizeof(ALWAYS) / sizeof(*ALWAYS); i++) {
        if (spbe_span_eq(class, spbe_span_from(ALWAYS[i]))) {
            return 1;
        }
    }
    return spbe_span_eq(class, SPBE_SPAN("RuntimeException")) ? 2 : 0;
}

/* "a.b.XException: msg" at the front of s */
static int head(spbe_span_t s, spbe_span_t *class, spbe_span_t *message)
{
    s = spbe_span_slice(s, 0, spbe_trace_at(s, " ---> "));
    if (!spbe_trace_head(s, class, message)) {
        return 0;
    }
    return spbe_span_chr(*class, '.') != SPBE_NPOS &&
           spbe_span_chr(*class, '/') == SPBE_NPOS &&
           (spbe_trace_has(*class, "Exception") ||
            spbe_trace_has(*class, "Error"));
}

/* What is wrapped and named in the message itself. */
static int in_message(spbe_span_t message, spbe_span_t *class,
                      spbe_span_t *inner)
{
    size_t at = spbe_trace_at(message, "nested exception is ");

    if (at != SPBE_NPOS) {
        message = spbe_trace_from(message, at + 20);
    }
    message = spbe_span_slice(message, 0, spbe_span_chr(message, '\n'));
    return head(message, class, inner);
}

/* The next cause below; *rest is behind it. */
static int below(spbe_span_t *rest, spbe_span_t *class, spbe_span_t *message)
{
    while (rest->len > 0) {
        spbe_span_t line = spbe_trace_line(rest);
        size_t at = spbe_trace_at(line, "---> ");

        if (at != SPBE_NPOS) {
            line = spbe_trace_from(line, at + 5);
            spbe_trace_skip(&line, "(Inner Exception #0) ");
        }
        else {
            line = spbe_trace_ltrim(line);
            if (spbe_span_starts(line, SPBE_SPAN("Root Cause")) ||
                spbe_span_starts(line, SPBE_SPAN("Root cause"))) {
                do {
                    line = spbe_span_trim(spbe_trace_line(rest));
                } while (line.len == 0 && rest->len > 0);
            }
            else if (!spbe_trace_skip(&line, "Caused by: ")) {
                continue;
            }
        }
        if (head(line, class, message)) {
            return 1;
        }
    }
    return 0;
}

void spbe_trace_unwrap(spbe_trace_t *trace, apr_pool_t *pool)
{
    spbe_span_t rest = trace->text, class, message;
    int i;

    /* Several inner ones: which of them counts is not known. */
    if (trace->exception == NULL ||
        spbe_trace_has(rest, "(Inner Exception #1)")) {
        return;
    }
    for (i = 0; i < DEPTH; i++) {
        int kind = wraps(spbe_span_from(trace->exception));
        spbe_span_t own = trace->message == NULL
                              ? SPBE_SPAN_EMPTY
                              : spbe_span_from(trace->message);

        if (kind == 0 || !(in_message(own, &class, &message) ||
                           (kind == 1 && below(&rest, &class, &message)))) {
            return;
        }
        trace->exception = NULL;
        trace->message = NULL;
        spbe_trace_name(trace, class, message, pool);
    }
}
