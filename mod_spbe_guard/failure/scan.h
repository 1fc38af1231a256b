/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/scan.h - the inside of a scan, for leak.c, which finds hits, and
 * answer.c, which decides them. Everybody else uses failure/leak.h.
 */
#ifndef SPBE_FAILURE_SCAN_H
#define SPBE_FAILURE_SCAN_H

#include "failure/leak.h"
#include "failure/ruleset.h"
#include "failure/tally.h"
#include "failure/window.h"

typedef struct spbe_pending {
    spbe_hit_t hit;
    apr_uint64_t next_try; /* not before so many bytes were seen */
    unsigned tries;
} spbe_pending_t;

/* What is known of one rule in this response. */
typedef struct spbe_state {
    apr_uint64_t covered; /* end of its last match */
    apr_uint64_t failed;  /* end of its last hit that was nothing */
    unsigned fails;
    unsigned pass; /* in which one of its hits had to wait */
    int counted;   /* a weak rule counts once */
} spbe_state_t;

struct spbe_scan {
    const spbe_rules_t *rules;
    apr_pool_t *pool;
    unsigned status;
    unsigned pass;
    int in_place, finished;
    int manual;           /* by its begin the response quotes messages */
    apr_uint64_t seen;    /* bytes fed */
    apr_uint64_t scanned; /* bytes looked through for literals */
    spbe_span_t text;     /* in_place: the caller's */
    spbe_window_t window; /* else */
    /* NULL until the first hit: */
    apr_array_header_t *pending; /* spbe_pending_t, by hit */
    spbe_state_t *states;        /* of each rule */
    spbe_tally_t *tally;
};

/*
 * Decides every waiting hit that can be decided. text: what is at hand,
 * beginning at offset of the response; last: it ends where the response ends.
 */
void spbe_answer_all(spbe_scan_t *scan, spbe_scratch_t *scratch,
                     spbe_span_t text, apr_uint64_t offset, int last);

#endif
