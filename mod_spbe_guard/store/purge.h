/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purge.h - takes details, or whole bodies, out of segments that an
 * operator ordered to be purged. Signatures stay, and verify still passes.
 *
 * Called by the writer, when the order itself is in the archive. One segment
 * at a time, so that the writer need not stand still. Killed anywhere, the
 * same order is carried out again from its beginning, which is harmless.
 */
#ifndef SPBE_STORE_PURGE_H
#define SPBE_STORE_PURGE_H

#include "store/archive.h"
#include "store/order.h"

/* Key records received so late in a range are kept: what was sealed with them
 * may stand behind it. */
#define SPBE_PURGE_KEYS apr_time_from_sec(10 * 60)

typedef struct spbe_purge_counts {
    apr_uint64_t segments; /* rewritten */
    apr_uint64_t bytes;    /* given free */
} spbe_purge_counts_t;

typedef struct spbe_purge spbe_purge_t;

/* The archive must be open to write and live as long, as must the order, which
 * is a SPBE_ORDER_PURGE. */
spbe_purge_t *spbe_purge_create(spbe_archive_t *archive,
                                const spbe_order_t *order, apr_pool_t *pool);

/*
 * The next segment. APR_EOF: all are done. APR_EINVAL: a segment is not as the
 * order says (other groups, or the one that is being written to); it and what
 * is behind it stay as they are.
 *
 * Of a segment that loses its bodies the numbers of its records, orders, and
 * late keys are appended to the archive first.
 */
apr_status_t spbe_purge_step(spbe_purge_t *purge, spbe_purge_counts_t *counts);

#endif
