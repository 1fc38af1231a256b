/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/taker_int.h - what the files of intake share.
 */
#ifndef SPBE_LOGGER_TAKER_INT_H
#define SPBE_LOGGER_TAKER_INT_H

#include "logger/disk.h"
#include "logger/notice.h"
#include "logger/orders.h"
#include "logger/pipe.h"
#include "logger/recall.h"
#include "logger/reckon.h"
#include "logger/share.h"
#include "logger/shelf.h"
#include "logger/spilled.h"

typedef struct spbe_taker {
    const spbe_options_t *options;
    spbe_share_t *share;
    spbe_share_intake_t facts;
    spbe_ledger_t *ledger; /* or NULL */
    spbe_pipe_t *pipe;
    spbe_shelf_t shelf;
    spbe_seen_t *seen;
    spbe_intake_t *intake;
    spbe_notice_t *notice;
    spbe_recall_t *recall;
    spbe_spilled_t *spilled;
    spbe_orders_t *orders;
    spbe_disk_t disk;
    spbe_reckon_t *reckon, *old; /* the ledger, and what was left of others */
    apr_time_t next;             /* pass */
    apr_time_t state, saved, minute; /* when it was the last time */
    apr_time_t alone;       /* since when the pipe has no writers; 0: it has */
    pid_t index;            /* as noticed last */
    unsigned opened;        /* of the archive, as noticed last */
    int started;            /* the start has been recorded */
    int database_failed;    /* has been recorded */
    apr_uint64_t slot_lost; /* as the slots said last */
    apr_time_t slot_alarm;
    char pipe_error[256]; /* "" while it can be read */
    int at_end;           /* nothing more will come */
    int lost;             /* something could not be kept */
    apr_pool_t *scratch;
} spbe_taker_t;

/* duties.c */

/* NULL: not even the pipe can be read. */
spbe_taker_t *spbe_duties_begin(const spbe_options_t *options,
                                spbe_share_t *share, spbe_ledger_t *ledger,
                                spbe_ledger_t *old, apr_pool_t *pool);

/* A bit of what can wait, while the archive can be written; 1: there is more
 * of it. */
int spbe_duties_more(spbe_taker_t *taker);

/* Once a second. */
void spbe_duties_pass(spbe_taker_t *taker);

/* The last of it. */
void spbe_duties_end(spbe_taker_t *taker);

/* events.c: records of what becomes of the logger; nothing where there is
 * nothing new. */
void spbe_events_started(spbe_taker_t *taker);
void spbe_events_minute(spbe_taker_t *taker);
void spbe_events_sinks(spbe_taker_t *taker);
void spbe_events_stage(spbe_taker_t *taker, spbe_disk_stage_t before);
void spbe_events_ended(spbe_taker_t *taker);

/* tell.c: to the ledger, to the other processes, to state.json when it is
 * time or now. */
void spbe_tell_all(spbe_taker_t *taker, apr_time_t now, int at_once);

#endif
