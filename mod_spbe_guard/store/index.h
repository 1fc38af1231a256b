/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/index.h - keeps the database up to date with the archive.
 *
 * Follows the archive from where the database says it is, in batches of one
 * transaction each. Two processes may do so at once: each reads the place
 * inside its transaction. Where the database is down nothing is lost; the next
 * call goes on.
 */
#ifndef SPBE_STORE_INDEX_H
#define SPBE_STORE_INDEX_H

#include "store/archive.h"
#include "store/database.h"

typedef struct spbe_index_counts {
    apr_uint64_t records;    /* added */
    apr_uint64_t duplicates; /* there already */
    apr_uint64_t incomplete; /* given up */
    apr_uint64_t malformed;  /* entries that are no lines */
    apr_uint64_t lost;       /* lines that the logger could not keep */
} spbe_index_counts_t;

typedef struct spbe_index spbe_index_t;

/* The archive and the database must live as long as the index. */
spbe_index_t *spbe_index_create(spbe_archive_t *archive,
                                spbe_database_t *database, apr_pool_t *pool);

/*
 * Indexes at most max entries. patience: an unfinished record whose first line
 * came before that time is given up. *more: entries are left. *counts is added
 * to, only when the batch is in.
 */
apr_status_t spbe_index_follow(spbe_index_t *index, long max,
                               apr_time_t patience, int *more,
                               spbe_index_counts_t *counts);

/* How far the archive is in the database, as of the last call. */
apr_uint64_t spbe_index_position(const spbe_index_t *index);

/* Where it reads: moves with every batch that finds something. */
apr_uint64_t spbe_index_reads(const spbe_index_t *index);

/* Are unfinished records waiting for their lines? */
int spbe_index_waiting(const spbe_index_t *index);

#endif
