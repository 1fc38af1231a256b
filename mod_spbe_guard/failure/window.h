/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/window.h - the last bytes of a response, in one piece.
 *
 * By malloc, because a pool gives nothing back before the request ends.
 * Grows by doubling up to its limit; the caller says what may be dropped.
 */
#ifndef SPBE_FAILURE_WINDOW_H
#define SPBE_FAILURE_WINDOW_H

#include <apr.h>
#include "text/span.h"

typedef struct spbe_window {
    char *bytes;
    size_t len, size;
    apr_uint64_t offset; /* in the response, of bytes[0] */
    apr_pool_t *pool;    /* its end frees bytes */
} spbe_window_t;

void spbe_window_init(spbe_window_t *window, apr_pool_t *pool);

/* Without memory it does what the pool does without memory. */
void spbe_window_append(spbe_window_t *window, spbe_span_t more);

/* Drops everything before the offset. */
void spbe_window_drop(spbe_window_t *window, apr_uint64_t before);

#endif
