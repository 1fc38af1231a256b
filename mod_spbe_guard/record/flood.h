/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/flood.h - many of the same are one record and a number.
 *
 * A table of windows in memory that processes share. The first of a kind opens
 * a window and is written in full; what comes within SPBE_FLOOD_WINDOW is
 * counted. No locks, no pointers, no allocation; whoever was killed in the
 * middle costs one entry until the next sweep. Every hit is in exactly one
 * window, or in the number of those that found no room. What lies in the shared
 * memory may be changed by whoever has it mapped: a lie costs counts, no more.
 */
#ifndef SPBE_RECORD_FLOOD_H
#define SPBE_RECORD_FLOOD_H

#include <apr_time.h>
#include <stddef.h>

#define SPBE_FLOOD_WINDOW apr_time_from_sec(60)
/* Lines of their own for references that were shown: so many at once, and so
 * many a second in the long run. */
#define SPBE_FLOOD_BURST 1000
#define SPBE_FLOOD_RATE 50
/* What the record of a whole window needs; the caller's own structure. */
#define SPBE_FLOOD_NOTE 1024

/* How to get at the table; in the memory of the process. */
typedef struct spbe_flood {
    unsigned windows;
    struct spbe_flood_shared *shared;
} spbe_flood_t;

typedef enum spbe_flood_answer {
    SPBE_FLOOD_FIRST = 0,   /* opens a window: write it in full */
    SPBE_FLOOD_LINE = 1,    /* counted; a line that points to the first */
    SPBE_FLOOD_COUNTED = 2, /* counted; write nothing */
    SPBE_FLOOD_ALONE = 3,   /* no room in the table: a line of its own */
    SPBE_FLOOD_DROPPED = 4  /* no room, and too many lines: only a number */
} spbe_flood_answer_t;

typedef struct spbe_flood_closed {
    int any;              /* there is something to be written */
    apr_uint64_t total;   /* in the window, the first one too */
    apr_uint64_t counted; /* of these without a line of their own */
    apr_time_t first, last;
    unsigned char note[SPBE_FLOOD_NOTE];
    /* Of the hit itself: which one in its window; 0: it is in none. */
    apr_uint64_t nth;
} spbe_flood_closed_t;

/* Bytes of a table with so many windows, a power of two. */
size_t spbe_flood_size(unsigned windows);
/* memory: so many zero bytes, aligned for a pointer. */
void spbe_flood_init(spbe_flood_t *table, void *memory, unsigned windows);

/*
 * One more of a kind. wants_line: its reference was shown. note: kept with a
 * new window; at LINE and COUNTED it is overwritten by that of the first.
 * closed->any: a window ended here, the caller writes it.
 */
spbe_flood_answer_t spbe_flood_hit(spbe_flood_t *table, apr_uint64_t key,
                                   apr_time_t now, int wants_line,
                                   unsigned char note[SPBE_FLOOD_NOTE],
                                   spbe_flood_closed_t *closed);

/*
 * For one process that looks through the table now and then: the next window
 * from *at on that has ended (all: any) and counted something. 0: none left;
 * *at is 0 again.
 */
int spbe_flood_sweep(spbe_flood_t *table, apr_time_t now, int all, unsigned *at,
                     spbe_flood_closed_t *closed);

/* How many were dropped since this was last asked. */
apr_uint64_t spbe_flood_dropped(spbe_flood_t *table);

#endif
