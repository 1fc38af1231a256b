/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/answer.c - decide the hits that wait.
 *
 * A hit waits until its rule's expression can be answered for good
 * (confirm.c); hits of one rule are answered in order, those of different
 * rules as soon as possible (tally.c puts them in order again).
 */
#include "failure/scan.h"

#include "failure/confirm.h"
#include "failure/genre.h"
#include "failure/quoted.h"

#define MANY_FAILS 64
#define FAR_TOO_MANY_FAILS 512
#define AT_ONCE 16
#define TRY_AGAIN 64 /* bytes */
#define FAILURE 500  /* no manual is sent with such a status */

static apr_uint64_t minus(apr_uint64_t a, apr_uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Only what stands before the find may excuse it, however the response was
 * cut into pieces. */
static int is_in_manual(const spbe_scan_t *scan, spbe_span_t text,
                        apr_uint64_t offset, size_t start)
{
    return offset > 0 ? scan->manual
                      : spbe_genre_quotes(spbe_span_slice(text, 0, start));
}

static void take(spbe_scan_t *scan, const spbe_hit_t *hit, spbe_span_t text,
                 apr_uint64_t offset, const spbe_found_t *found)
{
    const spbe_rule_t *rule = spbe_rules_at(scan->rules, hit->rule);
    spbe_state_t *state = &scan->states[hit->rule];
    spbe_leak_t leak = {rule, offset + found->start, offset + found->end};

    state->covered = offset + found->whole;
    if (!rule->quoted_counts && scan->status < FAILURE
        && (spbe_quoted(text, found->whole_start)
            || is_in_manual(scan, text, offset, found->whole_start))) {
        return;
    }
    state->counted = 1;
    spbe_tally_add(scan->tally, hit, &leak);
}

/*
 * A page full of a rule's literal that never is its text: after many fails
 * a match is no longer looked for where the fail before has looked, so that
 * each byte is tried once and not again for every hit around it. After far
 * too many an expression that is also slow counts as found.
 */
static apr_uint64_t floor_of(const spbe_state_t *state)
{
    if (state->fails >= MANY_FAILS && state->failed > state->covered) {
        return state->failed;
    }
    return state->covered;
}

/* 0: answered. 1: it must wait. */
static int answer(spbe_scan_t *scan, spbe_scratch_t *scratch, spbe_pending_t *p,
                  spbe_span_t text, apr_uint64_t offset, int last)
{
    spbe_pattern_t *pattern = spbe_ruleset_at(scan->rules, p->hit.rule);
    spbe_state_t *state = &scan->states[p->hit.rule];
    spbe_region_t region = {.text = text, .last = last};
    spbe_found_t found;

    if (p->hit.end <= state->covered ||
        (pattern->rule.weight < 100 && state->counted)) {
        return 0;
    }
    region.brief = state->fails >= FAR_TOO_MANY_FAILS;
    region.floor = (size_t)minus(floor_of(state), offset);
    region.start = (size_t)(p->hit.start - offset);
    region.end = (size_t)(p->hit.end - offset);
    switch (spbe_confirm(pattern, scratch, &region, &found)) {
    case SPBE_ANSWER_YES:
        take(scan, &p->hit, text, offset, &found);
        return 0;
    case SPBE_ANSWER_NO:
        state->fails++;
        state->failed = p->hit.end;
        return 0;
    default:
        return 1;
    }
}

/*
 * The first times at once, since a handler that flushes waits for the answer.
 * Then trying at every byte would read a slow response again and again: a
 * little more must have come, the more the longer it has been waiting.
 */
static void try_later(const spbe_scan_t *scan, spbe_pending_t *p)
{
    if (++p->tries > AT_ONCE) {
        p->next_try =
            scan->scanned + TRY_AGAIN + minus(scan->scanned, p->hit.end) / 8;
    }
}

static int may_try(const spbe_scan_t *scan, const spbe_pending_t *p, int last)
{
    const spbe_rule_t *rule = spbe_rules_at(scan->rules, p->hit.rule);

    return last || scan->scanned >= p->next_try ||
           p->hit.end + rule->ahead <= scan->scanned;
}

static int must_wait(spbe_scan_t *scan, spbe_scratch_t *scratch,
                     spbe_pending_t *p, spbe_span_t text, apr_uint64_t offset,
                     int last)
{
    spbe_state_t *state = &scan->states[p->hit.rule];

    if (spbe_tally_over(scan->tally, &p->hit)) {
        return 0;
    }
    if (state->pass == scan->pass) {
        return 1;
    }
    if (may_try(scan, p, last)) {
        if (!answer(scan, scratch, p, text, offset, last)) {
            return 0;
        }
        try_later(scan, p);
    }
    state->pass = scan->pass;
    return 1;
}

void spbe_answer_all(spbe_scan_t *scan, spbe_scratch_t *scratch,
                     spbe_span_t text, apr_uint64_t offset, int last)
{
    spbe_pending_t *p;
    int i, kept = 0;

    if (scan->pending == NULL || scan->pending->nelts == 0) {
        return;
    }
    p = (spbe_pending_t *)(void *)scan->pending->elts;
    scan->pass++;
    for (i = 0; i < scan->pending->nelts; i++) {
        if (must_wait(scan, scratch, &p[i], text, offset, last)) {
            p[kept++] = p[i];
        }
    }
    scan->pending->nelts = kept;
    spbe_tally_publish(scan->tally);
}
