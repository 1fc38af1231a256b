/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/lines.h - lines out of pieces that are cut anywhere.
 *
 * Copies only what a cut goes through. A line longer than any entry comes in
 * pieces that are marked.
 */
#ifndef SPBE_STORE_LINES_H
#define SPBE_STORE_LINES_H

#include "text/span.h"
#include <apr_pools.h>

typedef struct spbe_lines spbe_lines_t;

spbe_lines_t *spbe_lines_create(apr_pool_t *pool);

/* The next piece; what was fed before has been taken with spbe_lines_next.
 * offset: address of its first byte. */
void spbe_lines_feed(spbe_lines_t *lines, spbe_span_t bytes,
                     apr_uint64_t offset);

/* 1 and a line without its end, valid until the next call of either; 0: feed
 * more. *offset: its address. *whole: 0 for a piece of too long a line. */
int spbe_lines_next(spbe_lines_t *lines, spbe_span_t *line,
                    apr_uint64_t *offset, int *whole);

/* What has no line end yet: its length, and it is forgotten. */
size_t spbe_lines_cut(spbe_lines_t *lines);

#endif
