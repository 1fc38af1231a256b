/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/seen.h - which numbers of which writer are in the archive.
 *
 * Records of one writer come nearly in order: threads overtake each other, a
 * spill file comes late, a line may come twice. Keeps for each writer how far
 * everything is there, and what is missing below the highest number.
 */
#ifndef SPBE_STORE_SEEN_H
#define SPBE_STORE_SEEN_H

#include <apr_errno.h>
#include "record/line.h"

#define SPBE_SEEN_WRITERS                                                      \
    65536                    /* beyond, the one longest quiet is forgotten     \
                              */
#define SPBE_SEEN_OPEN 65536 /* numbers missing or unfinished, per writer */
#define SPBE_SEEN_ALL 131072 /* ... of all together */

typedef struct spbe_seen spbe_seen_t;

spbe_seen_t *spbe_seen_create(apr_pool_t *pool);

/* 1: new; 0: this part of this number was there already. Lines of a number that
 * was accounted for as lost are new. Beyond SPBE_SEEN_OPEN a number is not
 * remembered: it counts as missing. */
int spbe_seen_add(spbe_seen_t *seen, const spbe_line_t *line);

/* This writer is in the ledger: it is not forgotten for want of room. It stays
 * so until spbe_seen_forget. 0: it may have been forgotten before. */
int spbe_seen_pin(spbe_seen_t *seen, spbe_span_t writer);

/* An entry of the archive says that these are lost: no gap any more. */
void spbe_seen_account(spbe_seen_t *seen, spbe_span_t writer, apr_uint64_t from,
                       apr_uint64_t to);

/* The highest number up to which nothing of it is missing; 0: nothing. */
apr_uint64_t spbe_seen_whole(const spbe_seen_t *seen, spbe_span_t writer);

/* Is all of this number there, or accounted for? */
int spbe_seen_has(const spbe_seen_t *seen, spbe_span_t writer,
                  apr_uint64_t seq);

/* The highest number that came or was accounted for; 0: none. */
apr_uint64_t spbe_seen_highest(const spbe_seen_t *seen, spbe_span_t writer);

/* Called for each stretch of numbers 1..upto that is missing or unfinished
 * and not accounted for. upto 0: up to the highest number seen. Nonzero ends
 * it. */
typedef int spbe_seen_gap_t(void *baton, spbe_span_t writer, apr_uint64_t from,
                            apr_uint64_t to);
void spbe_seen_gaps(const spbe_seen_t *seen, spbe_span_t writer,
                    apr_uint64_t upto, spbe_seen_gap_t *gap, void *baton);

/* The same for every writer there is. */
void spbe_seen_all_gaps(const spbe_seen_t *seen, spbe_seen_gap_t *gap,
                        void *baton);

/* Called before a writer is forgotten for want of room; changes nothing. */
typedef void spbe_seen_drop_t(void *baton, const spbe_seen_t *seen,
                              spbe_span_t writer);
void spbe_seen_on_drop(spbe_seen_t *seen, spbe_seen_drop_t *drop, void *baton);

/* A writer that has ended and is accounted for. */
void spbe_seen_forget(spbe_seen_t *seen, spbe_span_t writer);

/* Everything is. */
void spbe_seen_empty(spbe_seen_t *seen);

apr_uint64_t spbe_seen_duplicates(const spbe_seen_t *seen);

/* To go on after a restart without reading the whole archive: a file of text,
 * renamed into place, with the offset up to which it speaks. Reading:
 * APR_ENOENT none; APR_EINVAL damaged (then the archive is read from its
 * beginning). */
apr_status_t spbe_seen_save(const spbe_seen_t *seen, const char *path,
                            apr_uint64_t offset, apr_pool_t *scratch);
apr_status_t spbe_seen_load(spbe_seen_t *seen, const char *path,
                            apr_uint64_t *offset, apr_pool_t *scratch);

#endif
