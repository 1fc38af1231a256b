/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/spill.h - where lines go that the pipe did not take: files in a folder
 * that the logger looks into.
 *
 * A writer appends whole lines to a file of its own and holds its lock
 * (flock) while it does; the logger takes a file away under the same lock,
 * also while the writer lives. A name that begins with a dot is not ready yet.
 */
#ifndef SPBE_RECORD_SPILL_H
#define SPBE_RECORD_SPILL_H

#include <apr_errno.h>
#include <apr_pools.h>
#include "text/span.h"

#define SPBE_SPILL_SUFFIX ".part"
#define SPBE_SPILL_FILE (1024 * 1024) /* bytes; then the next one begins */
#define SPBE_SPILL_PREFIX 136

typedef struct spbe_spill spbe_spill_t;

/* How the names of this writer's files begin; of no other's. */
void spbe_spill_prefix(const char *writer, char prefix[SPBE_SPILL_PREFIX]);

/* used: bytes in the folder as far as known, of all processes. */
spbe_spill_t *spbe_spill_create(const char *dir, const char *writer,
                                apr_uint64_t *used, apr_uint64_t limit,
                                apr_pool_t *pool);

/* All of the lines, or none: APR_ENOSPC beyond the limit or when the disk is
 * full. Any thread. */
apr_status_t spbe_spill_add(spbe_spill_t *spill, const spbe_span_t *lines,
                            int n);

/* No thread may use it any more. What is in its files stays. */
void spbe_spill_close(spbe_spill_t *spill);

/* In one process, now and then: sets *used to what is there. */
apr_status_t spbe_spill_measure(const char *dir, apr_uint64_t *used,
                                apr_pool_t *scratch);

#endif
