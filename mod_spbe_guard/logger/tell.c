/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/tell.c - what intake tells the others. See taker_int.h.
 */
#include <unistd.h>

#include "logger/state.h"
#include "logger/taker_int.h"

#define STATE_TIME apr_time_from_sec(5)

static void collect(spbe_taker_t *taker, apr_time_t now)
{
    spbe_intake_counts_t counts = spbe_intake_counts(taker->intake);
    spbe_share_intake_t *facts = &taker->facts;

    facts->beat = now;
    facts->lines = counts.lines;
    facts->malformed = counts.malformed;
    facts->lost = counts.lost;
    facts->gaps = counts.gaps;
    facts->duplicates = spbe_seen_duplicates(taker->seen);
    facts->torn = taker->shelf.torn;
    facts->waiting = spbe_pipe_waiting(taker->pipe);
    facts->spill = spbe_spilled_bytes(taker->spilled);
    facts->disk_free = taker->disk.free;
    facts->disk_total = taker->disk.total;
    facts->stage = taker->disk.stage;
    facts->archive = taker->shelf.trouble;
    facts->chain = taker->shelf.chain;
    facts->signer = taker->shelf.signer;
    facts->old = taker->shelf.old;
    spbe_orders_results(taker->orders, facts->actions, sizeof(facts->actions));
    if (taker->shelf.archive != NULL) {
        facts->end = spbe_archive_end(taker->shelf.archive);
        spbe_archive_head(taker->shelf.archive, &facts->head);
    }
}

static void fill_ledger(const spbe_taker_t *taker)
{
    const spbe_share_intake_t *facts = &taker->facts;
    spbe_ledger_logger_t *logger = taker->ledger->logger;
    apr_uint64_t indexed =
        __atomic_load_n(&taker->share->index.position, __ATOMIC_RELAXED);

    logger->pid = (apr_uint32_t)getppid();
    logger->stage = (apr_uint32_t)facts->stage;
    logger->group = facts->head.group;
    memcpy(logger->hash, facts->head.hash, sizeof(logger->hash));
    logger->head = facts->head.time;
    logger->lines = facts->lines;
    logger->malformed = facts->malformed;
    logger->duplicates = facts->duplicates;
    logger->lost = facts->lost;
    logger->waiting = facts->waiting + facts->spill;
    logger->unindexed = facts->end > indexed ? facts->end - indexed : 0;
    logger->disk_free = facts->disk_free;
    __atomic_store_n(&logger->beat, facts->beat, __ATOMIC_RELEASE);
}

/* Who looks for it need not wait. */
static int has_new_process(spbe_taker_t *taker)
{
    pid_t index = __atomic_load_n(&taker->share->index.pid, __ATOMIC_RELAXED);
    int is_new = index != taker->index;

    taker->index = index;
    return is_new;
}

void spbe_tell_all(spbe_taker_t *taker, apr_time_t now, int at_once)
{
    char reason[160];
    apr_status_t rv;

    collect(taker, now);
    if (taker->ledger != NULL) {
        fill_ledger(taker);
    }
    spbe_share_put_intake(taker->share, &taker->facts);
    if (!at_once && now - taker->state < STATE_TIME &&
        !has_new_process(taker)) {
        return;
    }
    taker->state = now;
    rv =
        spbe_state_write(taker->share, taker->options->home, 1, taker->scratch);
    if (rv == APR_SUCCESS) {
        spbe_trouble_end(&taker->facts.state);
    }
    else {
        spbe_trouble_begin(&taker->facts.state,
                           apr_strerror(rv, reason, sizeof(reason)));
    }
}
