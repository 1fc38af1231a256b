/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/matcher.h - find many literals in one pass over a text.
 *
 * Two engines with the same result: Vectorscan, and a portable one (a table
 * of four-byte beginnings) for processors that Vectorscan does not support.
 * Reports every occurrence of every literal, overlapping ones too. Knows
 * nothing of rules; a matcher is immutable once made.
 */
#ifndef SPBE_FAILURE_MATCHER_H
#define SPBE_FAILURE_MATCHER_H

#include "text/span.h"

#define SPBE_LITERAL_MIN 4
#define SPBE_LITERAL_MAX 64

typedef struct spbe_literal {
    spbe_span_t text;
    int nocase;     /* ASCII case */
    unsigned owner; /* the caller's; not used here */
} spbe_literal_t;

typedef struct spbe_matcher spbe_matcher_t;
typedef struct spbe_matcher_scratch spbe_matcher_scratch_t;

/* literal: its index; end: offset after its last byte. */
typedef void spbe_matcher_hit_t(void *baton, unsigned literal, size_t end);

/*
 * literals must stay as they are as long as pool lives. force_slow: without
 * Vectorscan. Never fails: what Vectorscan does not take, the other one does.
 */
spbe_matcher_t *spbe_matcher_create(const spbe_literal_t *literals, size_t n,
                                    int force_slow, apr_pool_t *pool);

/* "vectorscan" or "portable" */
const char *spbe_matcher_name(const spbe_matcher_t *matcher);

/* Of one thread, by malloc. NULL when memory is short. */
spbe_matcher_scratch_t *
spbe_matcher_scratch_create(const spbe_matcher_t *matcher);
void spbe_matcher_scratch_destroy(spbe_matcher_scratch_t *scratch);

/* Calls hit for each occurrence, in no particular order. */
void spbe_matcher_run(const spbe_matcher_t *matcher,
                      spbe_matcher_scratch_t *scratch, spbe_span_t text,
                      spbe_matcher_hit_t *hit, void *baton);

#endif
