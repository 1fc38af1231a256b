/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/tally.h - what of each writer is in an archive, number by
 * number, held against what the writer itself counted.
 */
#ifndef SPBE_TESTS_TALLY_H
#define SPBE_TESTS_TALLY_H

#include <apr_hash.h>
#include "record/line.h"
#include "record/unseal.h"
#include "store/entry.h"
#include "truth.h"

/* Of a writer: each may have made one more than it began to write. */
#define TALLY_THREADS 64

typedef struct tally_number {
    apr_uint32_t parts, seen;
    spbe_span_t *line; /* of each part, NULL until one came */
    int lost;          /* reported lost */
    int indexed;       /* in the database, complete */
} tally_number_t;

typedef struct tally_writer {
    const char *name;
    const truth_writer_t *truth; /* NULL: it counted nothing itself */
    tally_number_t *number;      /* number[seq] */
    char *made; /* made[n]: the nth record of this writer was found */
    apr_uint64_t size, highest;
} tally_writer_t;

typedef struct tally_counts {
    apr_uint64_t accepted, found, duplicate, spilled, lost, missing, altered;
    apr_uint64_t both; /* found, and reported lost as well */
    apr_uint64_t malformed, unnumbered;
    apr_uint64_t indexed, unindexed;
    apr_uint64_t unread;  /* references that no record has */
    apr_uint64_t thin;    /* found, but details were left out: a full disk */
    apr_uint64_t longest; /* microseconds that a record took to be written */
} tally_counts_t;

typedef struct tally {
    apr_hash_t *writers; /* by name */
    apr_hash_t *refs;    /* of every part 1 with a reference */
    spbe_unseal_t *unseal;
    tally_counts_t counts;
    int wants_index;
    apr_pool_t *pool, *scratch;
} tally_t;

/* unseal: with the private key, or NULL where details are not sealed. */
tally_t *tally_create(spbe_unseal_t *unseal, apr_pool_t *pool);

/* Those that wrote, before the entries are added. */
void tally_truth(tally_t *tally, const truth_t *truth);

void tally_entry(tally_t *tally, const spbe_entry_t *entry);

/* A row of the index: every one of ours is wanted there from now on. */
void tally_row(tally_t *tally, const char *writer, apr_uint64_t seq);

/* A reference that somebody has read, after the entries. */
void tally_ref(tally_t *tally, const char *ref);

/* Everything counted, the first difference of each kind said. */
void tally_finish(tally_t *tally);

#endif
