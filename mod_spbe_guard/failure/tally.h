/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/tally.h - from single finds to the list of leaks and the fatal one.
 *
 * Finds may come in any order; each carries its place in the order of the
 * response, and the result is that of the response read once from the front
 * up to the first find that makes it fatal.
 */
#ifndef SPBE_FAILURE_TALLY_H
#define SPBE_FAILURE_TALLY_H

#include <apr_tables.h>
#include "failure/leak.h"

/* Where in the response a literal was found: by end, then rule, then start. */
typedef struct spbe_hit {
    apr_uint64_t start, end;
    unsigned rule; /* index in the rule set */
} spbe_hit_t;

/* As for qsort. */
int spbe_hit_compare(const void *a, const void *b);

typedef struct spbe_mark {
    spbe_hit_t hit;
    spbe_leak_t leak;
} spbe_mark_t;

typedef struct spbe_tally {
    apr_array_header_t *notices; /* spbe_mark_t, by hit; at most one too many */
    apr_array_header_t *weak;    /* spbe_mark_t, by hit; one of a rule */
    spbe_mark_t strong;          /* leak.rule NULL: none */
    spbe_mark_t fatal;           /* leak.rule NULL: none */
    apr_array_header_t *leaks;   /* spbe_leak_t, the published list */
    const spbe_leak_t *published; /* the fatal one in it, or NULL */
} spbe_tally_t;

spbe_tally_t *spbe_tally_create(apr_pool_t *pool);

/* Of a rule with weight below 100 only its first find must be added. */
void spbe_tally_add(spbe_tally_t *tally, const spbe_hit_t *hit,
                    const spbe_leak_t *leak);

/* Does a find at hit come after what made the response fatal? */
int spbe_tally_over(const spbe_tally_t *tally, const spbe_hit_t *hit);

/* Makes leaks and published anew; call after adding. */
void spbe_tally_publish(spbe_tally_t *tally);

#endif
