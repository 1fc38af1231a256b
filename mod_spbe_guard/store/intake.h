/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/intake.h - from the pipe to the archive.
 *
 * Cuts what comes in into lines and appends them. While the archive cannot be
 * written (disk full, folder gone) lines wait in memory; beyond
 * SPBE_INTAKE_WAITING bytes they are counted and dropped, and the number is
 * written to the archive as soon as it takes something again.
 */
#ifndef SPBE_STORE_INTAKE_H
#define SPBE_STORE_INTAKE_H

#include <apr_errno.h>
#include "store/archive.h"

#define SPBE_INTAKE_WAITING ((size_t)8 << 20)

typedef struct spbe_intake_counts {
    apr_uint64_t lines; /* came in, malformed ones as well */
    apr_uint64_t malformed;
    apr_uint64_t lost; /* dropped */
    size_t waiting;    /* bytes in memory */
} spbe_intake_counts_t;

typedef struct spbe_intake spbe_intake_t;

spbe_intake_t *spbe_intake_create(apr_pool_t *pool);

/* Bytes as read from the pipe, in any pieces. */
void spbe_intake_feed(spbe_intake_t *intake, spbe_span_t bytes);

/* No more will come: what has no line end is a malformed line. */
void spbe_intake_end(spbe_intake_t *intake);

/*
 * Appends what waits. archive: NULL while there is none. APR_SUCCESS when
 * nothing waits any more.
 */
apr_status_t spbe_intake_flush(spbe_intake_t *intake, spbe_archive_t *archive);

spbe_intake_counts_t spbe_intake_counts(const spbe_intake_t *intake);

#endif
