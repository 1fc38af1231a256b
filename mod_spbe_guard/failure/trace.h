/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace.h - read a stack trace out of text.
 *
 * Takes a failing response's body (already decoded; HTML is reduced to text
 * inside) or the lines a handler wrote to the error log, and finds exception,
 * message and frames of any known language. Tolerant: lines may be cut, joined,
 * escaped, mixed with other text. Judges nothing.
 */
#ifndef SPBE_FAILURE_TRACE_H
#define SPBE_FAILURE_TRACE_H

#include <apr_tables.h>
#include "text/span.h"

#define SPBE_TRACE_FRAMES 64

typedef struct spbe_frame {
    const char *file;     /* as printed; NULL when the trace names none */
    const char *function; /* with class or module; NULL when not known */
    long line;            /* 0 when not known */
    int vendor;           /* library or framework, not the application */
} spbe_frame_t;

typedef struct spbe_trace {
    const char *language;       /* "php" "python" "node" "java" "dotnet" "ruby"
                                   "perl" "go" "rust" "native" "lua" or NULL */
    const char *exception;      /* class, error code or level; NULL */
    const char *message;        /* not yet redacted; NULL */
    apr_array_header_t *frames; /* spbe_frame_t, where it was thrown first */
    spbe_span_t text; /* the part of the plain text that is the trace */
    int seams;        /* joints at which bytes are missing or suspected */
} spbe_trace_t;

/*
 * hint: the runtime that a leak rule named, or NULL. Returns 1 when at least
 * an exception or one frame was found, else 0 and *trace is empty (frames is
 * never NULL). All strings are in pool.
 */
int spbe_trace_parse(spbe_span_t body, const char *hint, spbe_trace_t *trace,
                     apr_pool_t *pool);

/*
 * 16 hexadecimal digits over exception class and the top application frames
 * (file and function, not line; generated names, ids, values, release
 * directories and hashes taken out); over the normalised message where there
 * is no frame. The same fault gives the same fingerprint.
 */
const char *spbe_trace_fingerprint(const spbe_trace_t *trace,
                                   const char *application, const char *route,
                                   apr_pool_t *pool);

/* The message with every literal (numbers, quoted strings, ids, paths' digits)
 * replaced by '?', at most 200 bytes: safe for an index. */
const char *spbe_trace_title(const spbe_trace_t *trace, apr_pool_t *pool);

#endif
