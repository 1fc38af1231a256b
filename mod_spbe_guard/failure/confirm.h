/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/confirm.h - a literal was found: is the rule's text really there?
 *
 * Runs one rule's expression over the region around one hit. The answer
 * depends on the bytes of that region (and the few before it that lookbehind
 * sees) alone, or it is MORE: never on how much else is in memory.
 */
#ifndef SPBE_FAILURE_CONFIRM_H
#define SPBE_FAILURE_CONFIRM_H

#include "failure/ruleset.h"

typedef enum spbe_answer {
    SPBE_ANSWER_NO = 0,
    SPBE_ANSWER_YES = 1,
    SPBE_ANSWER_MORE = 2 /* bytes to come can change it */
} spbe_answer_t;

/* Offsets are in text. */
typedef struct spbe_region {
    spbe_span_t text;
    int last;     /* text ends where the response ends */
    int brief;    /* with a small limit: the rule has failed here often */
    size_t floor; /* no match begins before this */
    size_t start; /* the hit is [start, end) */
    size_t end;
} spbe_region_t;

typedef struct spbe_found {
    size_t start, end;         /* what is a leak */
    size_t whole_start, whole; /* start and end of all that matched */
} spbe_found_t;

/*
 * YES: *found is set, and what matched overlaps the hit. An expression that
 * goes over its limits is never skipped: the hit's own bytes are then found.
 */
spbe_answer_t spbe_confirm(const spbe_pattern_t *pattern,
                           spbe_scratch_t *scratch, const spbe_region_t *region,
                           spbe_found_t *found);

#endif
