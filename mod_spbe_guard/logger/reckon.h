/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/reckon.h - what was given out, against what came.
 *
 * A writer that is gone is judged when everything that it can have written has
 * been taken: what was in the pipe, and in the spill folder. What is missing
 * then is reported as lost, with its numbers, and its slot is free again. Of a
 * writer that lives, what has been missing for a minute although higher numbers
 * came is reported.
 */
#ifndef SPBE_LOGGER_RECKON_H
#define SPBE_LOGGER_RECKON_H

#include "record/ledger.h"
#include "store/intake.h"

typedef struct spbe_reckon spbe_reckon_t;

/* The ledger is what an untrusted peer says; NULL: none. node: writers are
 * named NODE:PID:START. is_old: everybody in it is gone, whatever it says. */
spbe_reckon_t *spbe_reckon_create(spbe_ledger_t *ledger, const char *node,
                                  int is_old, apr_pool_t *pool);

/* Two ledgers that may have the same writer. */
void spbe_reckon_pair(spbe_reckon_t *one, spbe_reckon_t *other);

/* How far intake is. */
typedef struct spbe_reckon_view {
    apr_time_t now;
    apr_uint64_t consumed; /* bytes of the pipe */
    apr_uint64_t waiting;  /* bytes that stand in it */
    apr_uint64_t empty;  /* how often the spill folder was, or became, empty */
    apr_uint64_t rounds; /* how often all that was in it was tried */
    int at_end;          /* nothing can come any more */
} spbe_reckon_view_t;

/* Adds gaps to the group. */
void spbe_reckon_pass(spbe_reckon_t *reckon, const spbe_reckon_view_t *view,
                      spbe_seen_t *seen, spbe_intake_t *intake);

/* The group of the last pass is in the archive. */
void spbe_reckon_done(spbe_reckon_t *reckon, spbe_seen_t *seen);

/* Where the check-point of `seen` is lost: what had been settled before is
 * taken for accounted, since its bodies may have been purged. */
void spbe_reckon_trust(const spbe_reckon_t *reckon, spbe_seen_t *seen);

/* Slots that were not judged: their names are nobody's, or another's. */
apr_uint64_t spbe_reckon_false(const spbe_reckon_t *reckon);

/* Records that the writers say went nowhere, of slots in use. */
apr_uint64_t spbe_reckon_lost(const spbe_reckon_t *reckon);

#endif
