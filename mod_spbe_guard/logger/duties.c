/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/duties.c - what intake does besides the pipe. See taker_int.h.
 */
#include <unistd.h>
#include <apr_strings.h>

#include "logger/taker_int.h"

#define SAVE_TIME apr_time_from_sec(10)
#define MINUTE apr_time_from_sec(60)
/* At the end: how long a file may be held by who does nothing with it. */
#define LOCK_TIME apr_time_from_sec(2)
/* ... and all of it: who fills the folder for ever is not waited for. */
#define REST_TIME apr_time_from_sec(120)
#define LOCK_PAUSE 20000 /* microseconds */
#define ALARM_TIME apr_time_from_sec(600)

static void name_troubles(spbe_share_intake_t *facts)
{
    facts->disk.what = "disk";
    facts->state.what = "state.json";
    facts->other.what = "intake";
    facts->sandbox.what = "sandbox";
}

/* One that goes on where the one before it was killed. */
static void take_over(spbe_taker_t *taker)
{
    spbe_intake_counts_t counts = {0};

    spbe_share_get_intake(taker->share, &taker->facts);
    taker->facts.pid = getpid();
    name_troubles(&taker->facts);
    counts.lines = taker->facts.lines;
    counts.malformed = taker->facts.malformed;
    counts.lost = taker->facts.lost;
    counts.gaps = taker->facts.gaps;
    spbe_intake_start(taker->intake, &counts);
    taker->shelf.torn = taker->facts.torn;
    taker->disk.stage = (spbe_disk_stage_t)taker->facts.stage;
}

spbe_taker_t *spbe_duties_begin(const spbe_options_t *options,
                                spbe_share_t *share, spbe_ledger_t *ledger,
                                spbe_ledger_t *old, apr_pool_t *pool)
{
    spbe_taker_t *taker = apr_pcalloc(pool, sizeof(*taker));

    taker->options = options;
    taker->share = share;
    taker->ledger = ledger;
    taker->disk.reserve = options->reserve;
    taker->seen = spbe_seen_create(pool);
    taker->intake = spbe_intake_create(taker->seen, pool);
    taker->notice = spbe_notice_create(share->node, pool);
    taker->recall = spbe_recall_create(options->home, taker->seen, pool);
    taker->spilled = spbe_spilled_create(options->spill, pool);
    taker->orders = spbe_orders_create(options->home, pool);
    taker->reckon = spbe_reckon_create(ledger, share->node, 0, pool);
    taker->old = spbe_reckon_create(old, share->node, 1, pool);
    spbe_reckon_pair(taker->reckon, taker->old);
    apr_pool_create(&taker->scratch, pool);
    spbe_shelf_init(&taker->shelf, options, pool);
    take_over(taker);
    return spbe_pipe_create(&taker->pipe, STDIN_FILENO, pool) == APR_SUCCESS
               ? taker
               : NULL;
}

/* Everything that was in the archive is known from here on. */
static void begin_reckoning(spbe_taker_t *taker)
{
    taker->started = 1;
    taker->minute = apr_time_now();
    if (spbe_recall_from_start(taker->recall)) {
        spbe_reckon_trust(taker->reckon, taker->seen);
        spbe_reckon_trust(taker->old, taker->seen);
    }
    spbe_events_started(taker);
}

int spbe_duties_more(spbe_taker_t *taker)
{
    if (taker->opened != taker->shelf.opened) {
        taker->opened = taker->shelf.opened;
        spbe_recall_archive(taker->recall, taker->shelf.archive);
    }
    if (spbe_recall_step(taker->recall)) {
        return 1;
    }
    if (!taker->started) {
        begin_reckoning(taker);
    }
    return spbe_spilled_take(taker->spilled, taker->intake, &taker->shelf) |
           spbe_orders_step(taker->orders, &taker->shelf);
}

static void look_at_disk(spbe_taker_t *taker)
{
    spbe_disk_stage_t before = taker->disk.stage;
    const char *words;

    if (spbe_disk_look(&taker->disk, taker->options->home)) {
        spbe_events_stage(taker, before);
    }
    words = spbe_disk_words(taker->disk.stage);
    if (words == NULL) {
        spbe_trouble_end(&taker->facts.disk);
    }
    else {
        spbe_trouble_begin(&taker->facts.disk, words);
    }
    spbe_intake_keep(taker->intake,
                     taker->disk.stage >= SPBE_DISK_COUNTS  ? SPBE_INTAKE_COUNTS
                     : taker->disk.stage == SPBE_DISK_INDEX ? SPBE_INTAKE_INDEX
                                                            : SPBE_INTAKE_ALL);
    spbe_shelf_close(&taker->shelf, taker->disk.stage == SPBE_DISK_FULL);
}

/* Nobody can write any more, and nothing of what they wrote is left? */
static int is_over(const spbe_taker_t *taker)
{
    return taker->at_end && spbe_spilled_left(taker->spilled) == 0;
}

/* 1: there was more than there is room for in a group. */
static int reckon_one(spbe_taker_t *taker, spbe_reckon_t *reckon)
{
    spbe_reckon_view_t view = {.now = apr_time_now(),
                               .consumed = spbe_pipe_consumed(taker->pipe),
                               .waiting = spbe_pipe_waiting(taker->pipe),
                               .empty = spbe_spilled_empty(taker->spilled),
                               .rounds = spbe_spilled_rounds(taker->spilled),
                               .at_end = is_over(taker)};
    int is_full;

    if (!spbe_shelf_ready(&taker->shelf, view.now)) {
        return 0;
    }
    spbe_reckon_pass(reckon, &view, taker->seen, taker->intake);
    is_full = spbe_intake_pending(taker->intake) >= SPBE_INTAKE_GROUP;
    if (!spbe_shelf_commit(&taker->shelf, taker->intake)) {
        return 0;
    }
    spbe_reckon_done(reckon, taker->seen);
    return is_full;
}

static void reckon_all(spbe_taker_t *taker)
{
    while (reckon_one(taker, taker->reckon)) {
        continue;
    }
    while (reckon_one(taker, taker->old)) {
        continue;
    }
}

/* What the writers themselves say that they could put nowhere. */
static void look_at_losses(spbe_taker_t *taker, apr_time_t now)
{
    apr_uint64_t lost = spbe_reckon_lost(taker->reckon);
    const char *words = spbe_spilled_trouble(taker->spilled);

    if (lost > taker->slot_lost) {
        taker->slot_alarm = now;
    }
    taker->slot_lost = lost;
    if (taker->slot_alarm != 0 && now - taker->slot_alarm < ALARM_TIME) {
        words = "records are being lost: neither the pipe nor the spill "
                "folder takes them";
    }
    if (spbe_reckon_false(taker->reckon) > 0) {
        words = "the ledger had slots with names that are no writer's, or "
                "another's";
    }
    if (taker->pipe_error[0] != '\0') {
        words = taker->pipe_error;
    }
    if (words == NULL) {
        spbe_trouble_end(&taker->facts.other);
    }
    else {
        spbe_trouble_begin(&taker->facts.other, words);
    }
}

static void every_minute(spbe_taker_t *taker, apr_time_t now)
{
    if (now - taker->minute < MINUTE || taker->shelf.archive == NULL) {
        return;
    }
    taker->minute = now;
    spbe_shelf_turn(&taker->shelf);
    spbe_events_minute(taker);
}

static void save(spbe_taker_t *taker, apr_time_t now, int at_once)
{
    if (taker->shelf.archive == NULL ||
        (!at_once && now - taker->saved < SAVE_TIME)) {
        return;
    }
    taker->saved = now;
    /* Without it the next start takes longer, and nothing else. */
    spbe_recall_save(taker->recall, taker->shelf.archive);
}

void spbe_duties_pass(spbe_taker_t *taker)
{
    apr_time_t now = apr_time_now();

    spbe_shelf_check(&taker->shelf);
    look_at_disk(taker);
    spbe_spilled_look(taker->spilled);
    look_at_losses(taker, now);
    if (taker->started) {
        reckon_all(taker);
        spbe_events_sinks(taker);
        every_minute(taker, now);
    }
    if (spbe_shelf_ready(&taker->shelf, now)) {
        spbe_orders_pass(taker->orders, taker->intake, &taker->shelf);
        spbe_notice_write(taker->notice, taker->intake, &taker->shelf);
        save(taker, now, 0);
    }
    spbe_tell_all(taker, now, 0);
    apr_pool_clear(taker->scratch);
}

static void take_all(spbe_taker_t *taker)
{
    while (spbe_shelf_ready(&taker->shelf, apr_time_now()) &&
           spbe_duties_more(taker)) {
        continue;
    }
}

/* Writers that are still ending hold the lock of their file for a moment, and
 * what they write then is not in the list that was in hand. */
static void take_the_rest(spbe_taker_t *taker)
{
    apr_time_t begin = apr_time_now(), since = begin;

    do {
        int had = spbe_spilled_left(taker->spilled);

        take_all(taker);
        spbe_spilled_look(taker->spilled);
        if (spbe_spilled_left(taker->spilled) == 0) {
            return;
        }
        if (spbe_spilled_taken(taker->spilled)) {
            since = apr_time_now();
        }
        else if (had > 0) {
            usleep(LOCK_PAUSE);
        }
    } while (apr_time_now() - since < LOCK_TIME &&
             apr_time_now() - begin < REST_TIME &&
             spbe_shelf_ready(&taker->shelf, apr_time_now()));
}

void spbe_duties_end(spbe_taker_t *taker)
{
    apr_time_t now;

    take_the_rest(taker);
    now = apr_time_now();
    if (spbe_shelf_ready(&taker->shelf, now) && taker->started) {
        reckon_all(taker);
        spbe_events_sinks(taker);
        spbe_events_ended(taker);
        spbe_notice_write(taker->notice, taker->intake, &taker->shelf);
        spbe_shelf_turn(&taker->shelf);
        save(taker, now, 1);
    }
    spbe_tell_all(taker, now, 1);
    apr_pool_clear(taker->scratch);
}
