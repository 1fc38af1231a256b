/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/seen_int.h - what seen.c and seen_file.c share.
 */
#ifndef SPBE_STORE_SEEN_INT_H
#define SPBE_STORE_SEEN_INT_H

#include <apr_hash.h>
#include "store/seen.h"
#include "store/stretch.h"

/* A number of which some lines came. */
typedef struct spbe_seen_partial {
    struct spbe_seen_partial *older, *newer; /* of all writers */
    struct spbe_seen_writer *writer;
    apr_uint64_t seq;
    unsigned parts, got;
    unsigned char bit[]; /* one per part */
} spbe_seen_partial_t;

typedef struct spbe_seen_writer {
    struct spbe_seen_writer *older, *newer; /* by their last line */
    spbe_stretches_t there;                 /* whole, or accounted for */
    spbe_stretches_t lost;                  /* of these: accounted for */
    spbe_seen_partial_t **partial;          /* by number */
    size_t partials, partial_room;
    apr_uint64_t highest;
    int is_pinned, is_doubtful;
    size_t name_len;
    char name[];
} spbe_seen_writer_t;

struct spbe_seen {
    apr_hash_t *writers;
    spbe_seen_writer_t *oldest, *newest;
    spbe_seen_partial_t *oldest_partial, *newest_partial;
    size_t stretches; /* of all writers */
    size_t units;     /* of all partials: a word of bits each, and one more */
    unsigned n;
    apr_uint64_t duplicates;
    int has_forgotten; /* somebody, for want of room */
    spbe_seen_drop_t *drop;
    void *baton; /* of drop */
    apr_pool_t *pool;
};

#define SPBE_SEEN_BYTES(parts) (((parts) + 7) / 8)

/* Found or made, and the newest from now on. NULL: memory is short. */
spbe_seen_writer_t *spbe_seen_writer(spbe_seen_t *seen, spbe_span_t name);

/* Found or made. NULL: too many, or memory is short. */
spbe_seen_partial_t *spbe_seen_partial(spbe_seen_t *seen,
                                       spbe_seen_writer_t *writer,
                                       apr_uint64_t seq, unsigned parts);

/* Those of from..to are no longer needed; all of a writer that goes. */
void spbe_seen_drop_partials(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                             apr_uint64_t from, apr_uint64_t to);
void spbe_seen_free_partials(spbe_seen_t *seen, spbe_seen_writer_t *writer);

/* set: there or lost of that writer. 0: no room for it. */
int spbe_seen_stretch(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                      spbe_stretches_t *set, apr_uint64_t from,
                      apr_uint64_t to);

#endif
