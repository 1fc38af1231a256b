/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/walk.h - the entries of an archive, wherever it is read from. What
 * only the archive itself needs (signatures, heads of segments) is left out.
 */
#ifndef SPBE_STORE_WALK_H
#define SPBE_STORE_WALK_H

#include "store/entry.h"
#include "store/source.h"

typedef struct spbe_walk spbe_walk_t;

/* The source must live as long. Begins where the source stands. */
spbe_walk_t *spbe_walk_create(const spbe_source_t *source, apr_pool_t *pool);

/* From this address on. */
apr_status_t spbe_walk_seek(spbe_walk_t *walk, apr_uint64_t offset);

/* Its spans are valid until the next call. APR_EOF at the end. What is no entry
 * is returned as SPBE_ENTRY_BAD. */
apr_status_t spbe_walk_next(spbe_walk_t *walk, spbe_entry_t *entry);

#endif
