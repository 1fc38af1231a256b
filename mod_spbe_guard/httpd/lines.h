/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/lines.h - lines of the error log that belong to one request.
 *
 * Outside of pools: the error_log hook must not allocate from a request's or
 * connection's pool. Bounded; what did not fit is counted.
 */
#ifndef SPBE_HTTPD_LINES_H
#define SPBE_HTTPD_LINES_H

#include <apr_tables.h>

#include "text/span.h"

#define SPBE_LINES_MAX (48 * 1024)

typedef struct spbe_lines {
    char *text; /* lines, each ending in '\n'; malloc */
    size_t len, size;
    unsigned count, dropped;
} spbe_lines_t;

void spbe_lines_add(spbe_lines_t *lines, spbe_span_t line);
void spbe_lines_clear(spbe_lines_t *lines); /* keeps the memory */
void spbe_lines_free(spbe_lines_t *lines);
spbe_span_t spbe_lines_text(const spbe_lines_t *lines);

/* The lines as const char *, appended to out; from: bytes to leave out. */
void spbe_lines_append(const spbe_lines_t *lines, size_t from,
                       apr_array_header_t *out);

#endif
