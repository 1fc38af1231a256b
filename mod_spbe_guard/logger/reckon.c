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
    apr_uint64_t until;         /* bytes of the pipe that had come by then */
    apr_uint64_t empty, rounds; /* of the spill folder, then */
    apr_uint64_t highest;       /* then */
    int is_due;                 /* its gaps are in the group */
    int is_false;               /* it is to go, and nothing is said of it */
} mark_t;

struct spbe_reckon {
    spbe_ledger_t *ledger; /* NULL: none */
    const char *node;
    int is_old;
    const struct spbe_reckon *other; /* or NULL */
    apr_uint64_t n_false;
    apr_uint32_t slots;
    mark_t *mark; /* one for each slot */
};

typedef struct gap_baton {
    spbe_intake_t *intake;
    const char *why;
} gap_baton_t;

spbe_reckon_t *spbe_reckon_create(spbe_ledger_t *ledger, const char *node,
                                  int is_old, apr_pool_t *pool)
{
    spbe_reckon_t *reckon = apr_pcalloc(pool, sizeof(*reckon));

    reckon->ledger = ledger;
    reckon->is_old = is_old;
    reckon->node = node;
    reckon->slots = ledger == NULL ? 0 : ledger->slots;
    reckon->mark = apr_pcalloc(pool, reckon->slots * sizeof(mark_t) + 1);
    return reckon;
}

void spbe_reckon_pair(spbe_reckon_t *one, spbe_reckon_t *other)
{
    one->other = other;
    other->other = one;
}

static int is_number(spbe_span_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
    }
    return text.len > 0;
}

/* NODE:PID:START of this node, and so neither the logger's nor the tool's. */
static int is_writer(const spbe_reckon_t *reckon, const char *name)
{
    spbe_span_t rest = spbe_span_from(name);
    spbe_span_t node = spbe_span_from(reckon->node), pid;

    if (!spbe_span_starts(rest, node) || rest.len == node.len ||
        rest.ptr[node.len] != ':') {
        return 0;
    }
    rest = spbe_span_slice(rest, node.len + 1, rest.len);
    pid = spbe_span_cut(&rest, ':');
    return is_number(pid) && is_number(rest);
}

static int has_name(const spbe_reckon_t *reckon, const char *name,
                    const spbe_ledger_slot_t *but)
{
    char writer[SPBE_LEDGER_WRITER];
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        const spbe_ledger_slot_t *slot = &reckon->ledger->slot[i];

        if (slot == but || spbe_ledger_state(slot) == SPBE_LEDGER_FREE) {
            continue;
        }
        spbe_ledger_name(slot, writer);
        if (strcmp(writer, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* As long as another slot has the name its numbers are not to be judged by
 * this one. */
static int is_false(const spbe_reckon_t *reckon, const spbe_ledger_slot_t *slot,
                    const char *name)
{
    return !is_writer(reckon, name) || has_name(reckon, name, slot) ||
           (reckon->other != NULL && has_name(reckon->other, name, slot));
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

static apr_uint64_t smaller(apr_uint64_t a, apr_uint64_t b)
{
    return a < b ? a : b;
}

/* JSON has no larger numbers. */
static apr_uint64_t given(const spbe_ledger_slot_t *slot)
{
    apr_uint64_t n = __atomic_load_n(&slot->given, __ATOMIC_RELAXED);

    return n > APR_INT64_MAX ? APR_INT64_MAX : n;
}

/* A file that somebody holds in the spill folder is waited for only so long. */
static int is_done(const mark_t *mark, const spbe_reckon_view_t *view)
{
    return view->at_end || (view->consumed >= mark->until &&
                            (view->empty > mark->empty ||
                             (view->rounds > mark->rounds + 1 &&
                              view->now - mark->since >= MISSING)));
}

static void judge_gone(const spbe_reckon_t *reckon,
                       const spbe_ledger_slot_t *slot, mark_t *mark,
                       const spbe_reckon_view_t *view, spbe_seen_t *seen,
                       spbe_intake_t *intake)
{
    if (!is_done(mark, view)) {
        return;
    }
    if (is_false(reckon, slot, mark->writer)) {
        mark->is_false = 1;
        return;
    }
    /* Of what may have come, and was forgotten, nothing can be said. */
    mark->is_due = !spbe_seen_pin(seen, spbe_span_from(mark->writer)) ||
                   report(seen, intake, mark->writer, given(slot),
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
    mark->rounds = view->rounds;
    mark->highest = spbe_seen_highest(seen, spbe_span_from(mark->writer));
}

static void judge_live(const spbe_ledger_slot_t *slot, mark_t *mark,
                       const spbe_reckon_view_t *view, spbe_seen_t *seen,
                       spbe_intake_t *intake)
{
    if (view->now - mark->since < MISSING || !is_done(mark, view)) {
        return;
    }
    report(seen, intake, mark->writer, smaller(mark->highest, given(slot)),
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
    if (state != SPBE_LEDGER_LIVE || reckon->is_old || view->at_end) {
        judge_gone(reckon, slot, mark, view, seen, intake);
    }
    else if (is_writer(reckon, writer) &&
             spbe_seen_pin(seen, spbe_span_from(writer))) {
        judge_live(slot, mark, view, seen, intake);
    }
}

void spbe_reckon_pass(spbe_reckon_t *reckon, const spbe_reckon_view_t *view,
                      spbe_seen_t *seen, spbe_intake_t *intake)
{
    apr_uint32_t i;

    for (i = 0; i < reckon->slots; i++) {
        reckon->mark[i].is_due = reckon->mark[i].is_false = 0;
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
        }
        reckon->n_false += (apr_uint64_t)mark->is_false;
        if (mark->is_due || mark->is_false) {
            spbe_ledger_release(slot);
            mark->state = SPBE_LEDGER_FREE;
            mark->is_due = mark->is_false = 0;
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
        if (spbe_ledger_state(slot) != SPBE_LEDGER_FREE && slot->settled > 0 &&
            slot->settled <= given(slot) && is_writer(reckon, writer)) {
            spbe_seen_account(seen, spbe_span_from(writer), 1, slot->settled);
        }
    }
}

apr_uint64_t spbe_reckon_false(const spbe_reckon_t *reckon)
{
    return reckon->n_false;
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
