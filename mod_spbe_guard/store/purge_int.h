/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purge_int.h - what the files of purge share.
 */
#ifndef SPBE_STORE_PURGE_INT_H
#define SPBE_STORE_PURGE_INT_H

#include <apr_hash.h>
#include "record/line.h"
#include "store/archive_int.h"
#include "store/purge.h"

/* Which lines are of key records: a later part of one does not say so. */
typedef struct spbe_keylines {
    apr_hash_t *open; /* "writer seq" of those with more parts */
    apr_pool_t *pool;
} spbe_keylines_t;

void spbe_keylines_init(spbe_keylines_t *keys, apr_pool_t *pool);

/* Is it a line of a key record? line: parsed. */
int spbe_keylines_has(spbe_keylines_t *keys, const spbe_line_t *line);

/* Called for each line of a file; behind: the offset behind it. */
typedef apr_status_t spbe_purge_line_t(void *baton, spbe_span_t line);

apr_status_t spbe_purge_read(int fd, spbe_purge_line_t *take, void *baton,
                             apr_pool_t *pool);

/* Appends what must outlive the bodies of that segment. last: the range ends
 * with it. */
apr_status_t spbe_purge_keep(spbe_archive_t *archive, int fd, int last,
                             apr_pool_t *pool);

#endif
