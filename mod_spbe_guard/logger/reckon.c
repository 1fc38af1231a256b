/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/reckon.c - what was given out, against what came. See reckon.h.
 */
#include "logger/reckon.h"

#include <apr_tables.h>

#define MISSING apr_time_from_sec(60)

/* What is known of a slot from one pass to the next. */
typedef struct mark {
    char writer[SPBE_LEDGER_WRITER];
    spbe_ledger_state_t state; /* FREE: about nobody */
    apr_time_t since;
    apr_uint64_t until;   /* bytes of the pipe that had come by then */
    apr_uint64_t empty;   /* of the spill folder, then */
    apr_uint64_t highest; /* then */
    int is_due;           /* its gaps are in the group */
} mark_t;

struct spbe_reckon {
    spbe_ledger_t *ledger; /* NULL: none */
    int is_old;
    apr_uint32_t slots;
    mark_t *mark; /* one for each slot */
};

typedef struct gap_baton {
    spbe_intake_t *intake;
    const char *why;
} gap_baton_t;

spbe_reckon_t *spbe_reckon_create(spbe_ledger_t *ledger, int is_old,
                                  apr_pool_t *pool)
{
    spbe_reckon_t *reckon = apr_pcalloc(pool, sizeof(*reckon));

    reckon->ledger = ledger;
    reckon->is_old = is_old;
    /* Read once: the mapping may say something else later. */
    reckon->slots = ledger == NULL ? 0 : ledger->slots;
    reckon->mark = apr_pcalloc(pool, reckon->slots * sizeof(mark_t) + 1);
    return reckon;
}

static int add_gap(void *data, spbe_span_t writer, apr_uint64_t from,
                   apr_uint64_t to)
{
    gap_baton_t *baton = data;

    spbe_intake_gap(baton->intake, writer, from, to, baton->why);
    return spbe_intake_pending(baton->intake) >= SPBE_INTAKE_GROUP;
}

/* 0: the group is full before the last of them. */
static int report(spbe_seen_t *seen, spbe_intake_t *intake, const char *writer,
                  apr_uint64_t upto, const char *why)
{
    gap_baton_t baton = {intake, why};

    if (upto > 0) {
        spbe_seen_gaps(seen, spbe_span_from(writer), upto, add_gap, &baton);
    }
    return spbe_intake_pending(intake) < SPBE_INTAKE_GROUP;
}

static apr_uint64_t larger(apr_uint64_t a, apr_uint64_t b)
{
    return a > b ? a : b;
}

/* JSON has no larger numbers. */
static apr_uint64_t given(const spbe_ledger_slot_t *slot)
{
    apr_uint64_t n = __atomic_load_n(&slot->given, __ATOMIC_RELAXED);

    return n > APR_INT64_MAX ? APR_INT64_MAX : n;
}

static int is_done(const mark_t *mark, const spbe_reckon_view_t *view)
{
    return view->at_end ||
           (view->consumed >= mark->until && view->empty > mark->empty);
}

static void judge_gone(const spbe_ledger_slot_t *slot, mark_t *mark,
                       const spbe_reckon_view_t *view, spbe_seen_t *seen,
                       spbe_intake_t *intake)
{
    spbe_span_t writer = spbe_span_from(mark->writer);

    if (!is_done(mark, view)) {
        return;
    }
    mark->is_due = report(seen, intake, mark->writer,
                          larger(given(slot), spbe_seen_highest(seen, writer)),
                          mark->state == SPBE_LEDGER_ENDED
                              ? "never came"
                              : "its process died, or was stopped, before it "
                                "had written them");
}

static void set_mark(mark_t *mark, const spbe_reckon_view_t *view,
                     const spbe_seen_t *seen)
{
    mark->since = view->now;
    mark->until = view->consumed + view->waiting;
    mark->empty = view->empty;
    mark->highest = spbe_seen_highest(seen, spbe_span_from(mark->writer));
}

static void judge_live(mark_t *mark, const spbe_reckon_view_t *view,
                       spbe_seen_t *seen, spbe_intake_t *intake)
{
    if (view->now - mark->since < MISSING || !is_done(mark, view)) {
        return;
    }
    report(seen, intake, mark->writer, mark->highest,
           "missing for a minute although later ones came");
    set_mark(mark, view, seen);
}

static void judge(const spbe_reckon_t *reckon, apr_uint32_t i,
                  const spbe_reckon_view_t *view, spbe_seen_t *seen,
                  spbe_intake_t *intake)
{
    const spbe_ledger_slot_t *slot = &reckon->ledger->slot[i];
    spbe_ledger_state_t state = spbe_ledger_state(slot);
    mark_t *mark = &reckon->mark[i];
    char writer[SPBE_LEDGER_WRITER];

    if (state == SPBE_LEDGER_FREE) {
        mark->state = state;
        return;
    }
    spbe_ledger_name(slot, writer);
    if (state != mark->state || strcmp(writer, mark->writer) != 0) {
        mark->state = state;
        strcpy(mark->writer, writer);
        set_mark(mark, view, seen);
    }
    if (state == SPBE_LEDGER_LIVE && !reckon->is_old && !view->at_end) {
        judge_live(mark, view, seen, intake);
    }
    else {
        judge_gone(slot, mark, view, seen, intake);
    }
}

void spbe_reckon_pass(spbe_reckon_t *reckon, const spbe_reckon_view_t *view,
                      spbe_seen_t *seen, spbe_intake_t *intake)
{
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        reckon->mark[i].is_due = 0;
    }
    for (i = 0;
         i < reckon->slots && spbe_intake_pending(intake) < SPBE_INTAKE_GROUP;
         i++) {
        judge(reckon, i, view, seen, intake);
    }
}

void spbe_reckon_done(spbe_reckon_t *reckon, spbe_seen_t *seen)
{
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        spbe_ledger_slot_t *slot = &reckon->ledger->slot[i];
        mark_t *mark = &reckon->mark[i];
        spbe_span_t writer = spbe_span_from(mark->writer);

        if (mark->state == SPBE_LEDGER_FREE) {
            continue;
        }
        slot->settled = spbe_seen_whole(seen, writer);
        if (mark->is_due) {
            spbe_seen_forget(seen, writer);
            spbe_ledger_release(slot);
            mark->state = SPBE_LEDGER_FREE;
            mark->is_due = 0;
        }
    }
}

void spbe_reckon_trust(const spbe_reckon_t *reckon, spbe_seen_t *seen)
{
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        const spbe_ledger_slot_t *slot = &reckon->ledger->slot[i];
        char writer[SPBE_LEDGER_WRITER];

        spbe_ledger_name(slot, writer);
        if (spbe_ledger_state(slot) != SPBE_LEDGER_FREE && slot->settled > 0) {
            spbe_seen_account(seen, spbe_span_from(writer), 1, slot->settled);
        }
    }
}

apr_uint64_t spbe_reckon_lost(const spbe_reckon_t *reckon)
{
    apr_uint64_t lost = 0;
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        if (spbe_ledger_state(&reckon->ledger->slot[i]) != SPBE_LEDGER_FREE) {
            lost += __atomic_load_n(&reckon->ledger->slot[i].lost,
                                    __ATOMIC_RELAXED);
        }
    }
    return lost;
}
