/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/tallies.h - counts per application, route and day, in memory that
 * processes share.
 *
 * Anybody may add at any time; one process takes out what has been added and
 * writes it down. No locks, no pointers, no allocation. Routes that no policy
 * names are bounded: what is beyond counts under SPBE_TALLIES_OTHER. Whoever
 * was killed in the middle costs one row until it was looked at a few times.
 * What lies in the shared memory may be changed by whoever has it mapped: a lie
 * costs counts, no more.
 */
#ifndef SPBE_RECORD_TALLIES_H
#define SPBE_RECORD_TALLIES_H

#include <apr_time.h>
#include <stddef.h>

/* X(name, what the procedure calls it) */
#define SPBE_TALLIES_COUNTS(X)                                                 \
    X(received, "Isian Formulir")                                              \
    X(client_pages, "Formulir Tervalidasi")                                    \
    X(valid, "Hasil Verifikasi: valid")                                        \
    X(refused, "Hasil Verifikasi: ditolak")                                    \
    X(logged, "Hasil Verifikasi: hanya dicatat")

#define SPBE_TALLIES_OTHER "(lain)"
#define SPBE_TALLIES_APPLICATION 80 /* bytes with NUL; longer ones are cut */
#define SPBE_TALLIES_ROUTE 200

typedef struct spbe_tallies_counts {
#define X(name, text) apr_uint64_t name;
    SPBE_TALLIES_COUNTS(X)
#undef X
} spbe_tallies_counts_t;

typedef struct spbe_tallies_row {
    char application[SPBE_TALLIES_APPLICATION];
    char route[SPBE_TALLIES_ROUTE];
    apr_int64_t day; /* since 1970-01-01, in the caller's time zone */
    spbe_tallies_counts_t counts;
} spbe_tallies_row_t;

/* How to get at the table; in the memory of the process. */
typedef struct spbe_tallies {
    unsigned rows;
    struct spbe_tallies_shared *shared;
} spbe_tallies_t;

/* Bytes of a table with so many rows, a power of two, 4 or more. */
size_t spbe_tallies_size(unsigned rows);
/* memory: so many zero bytes, aligned for a pointer. */
void spbe_tallies_init(spbe_tallies_t *tallies, void *memory, unsigned rows);

/* named: the route comes from a policy. */
void spbe_tallies_add(spbe_tallies_t *tallies, const char *application,
                      const char *route, int named, apr_int64_t day,
                      const spbe_tallies_counts_t *counts);

/*
 * For one process: the next row from *at on to which something was added,
 * taken out. Rows to which nothing came since they were last looked at are
 * given up. 0: none left; *at is 0 again.
 */
int spbe_tallies_take(spbe_tallies_t *tallies, unsigned *at,
                      spbe_tallies_row_t *row);

/* What was added where there was no room at all, since this was last asked. */
apr_uint64_t spbe_tallies_missed(spbe_tallies_t *tallies);

#endif
