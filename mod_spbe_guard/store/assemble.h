/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/assemble.h - from lines to records.
 *
 * A record's lines come in order from one writer, but those of other writers
 * stand between them, a spill file brings some late, and a writer that died
 * never sends the rest. Keeps the index part and the places; the details stay
 * in the archive.
 */
#ifndef SPBE_STORE_ASSEMBLE_H
#define SPBE_STORE_ASSEMBLE_H

#include <apr_time.h>
#include "record/line.h"
#include "store/entry.h"

#define SPBE_ASSEMBLE_OPEN 1024 /* unfinished records at a time */

typedef struct spbe_whole {
    const char *id, *writer;
    apr_uint64_t seq;
    const char *h;       /* NULL when part 1 never came */
    apr_uint64_t offset; /* of its first entry in the archive */
    apr_uint64_t next;   /* behind its last one */
    apr_time_t received; /* of the first entry */
    int complete;
    const char *key; /* that the details are sealed with, or NULL */
    unsigned parts;
    const unsigned char *seen; /* a bit per part */
    int purged; /* 1: details by order; 2: they were never kept */
} spbe_whole_t;

/* Of such a row of bits. */
#define SPBE_ASSEMBLE_BYTES(parts) (((size_t)(parts) + 7) / 8)

typedef struct spbe_assemble spbe_assemble_t;

spbe_assemble_t *spbe_assemble_create(apr_pool_t *pool);

/*
 * Takes one line. 1 and *whole (in pool) when that made a record complete. A
 * part that is there already is ignored.
 */
int spbe_assemble_add(spbe_assemble_t *assemble, const spbe_line_t *line,
                      const spbe_entry_t *entry, spbe_whole_t *whole,
                      apr_pool_t *pool);

/*
 * Gives up one record whose first line came before that time, or any when too
 * many are open: 1 and *whole, not complete; 0 when there is none.
 */
int spbe_assemble_expire(spbe_assemble_t *assemble, apr_time_t before,
                         spbe_whole_t *whole, apr_pool_t *pool);

/* The offset of the oldest line of an unfinished record, or otherwise. */
apr_uint64_t spbe_assemble_oldest(const spbe_assemble_t *assemble,
                                  apr_uint64_t otherwise);

/* Forgets what is unfinished. */
void spbe_assemble_clear(spbe_assemble_t *assemble);

#endif
