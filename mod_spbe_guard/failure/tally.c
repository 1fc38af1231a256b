/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/tally.c - from single finds to the list of leaks. See tally.h.
 */
#include "failure/tally.h"

#include <stdlib.h>
#include <string.h>

#define ENOUGH 100 /* the sum of weights that is fatal */

static int compare_numbers(apr_uint64_t a, apr_uint64_t b)
{
    return a < b ? -1 : a > b;
}

int spbe_hit_compare(const void *a, const void *b)
{
    const spbe_hit_t *x = a, *y = b;

    if (x->end != y->end) {
        return compare_numbers(x->end, y->end);
    }
    if (x->rule != y->rule) {
        return compare_numbers(x->rule, y->rule);
    }
    return compare_numbers(x->start, y->start);
}

static spbe_mark_t *mark_at(const apr_array_header_t *marks, int i)
{
    return &APR_ARRAY_IDX(marks, i, spbe_mark_t);
}

spbe_tally_t *spbe_tally_create(apr_pool_t *pool)
{
    spbe_tally_t *tally = apr_pcalloc(pool, sizeof(*tally));

    tally->notices = apr_array_make(pool, 4, sizeof(spbe_mark_t));
    tally->weak = apr_array_make(pool, 4, sizeof(spbe_mark_t));
    tally->leaks = apr_array_make(pool, 4, sizeof(spbe_leak_t));
    return tally;
}

/* Keeps the first `most` of the list. */
static void insert(apr_array_header_t *marks, const spbe_mark_t *mark, int most)
{
    int i;

    apr_array_push(marks);
    for (i = marks->nelts - 1; i > 0; i--) {
        if (spbe_hit_compare(&mark_at(marks, i - 1)->hit, &mark->hit) <= 0) {
            break;
        }
        *mark_at(marks, i) = *mark_at(marks, i - 1);
    }
    *mark_at(marks, i) = *mark;
    if (marks->nelts > most) {
        marks->nelts = most;
    }
}

static void first_of(spbe_mark_t *first, const spbe_mark_t *mark)
{
    if (first->leak.rule == NULL ||
        spbe_hit_compare(&mark->hit, &first->hit) < 0) {
        *first = *mark;
    }
}

/* The weak find with which the sum reaches what is fatal, or NULL. */
static const spbe_mark_t *weak_enough(const spbe_tally_t *tally)
{
    unsigned sum = 0;
    int i;

    for (i = 0; i < tally->weak->nelts; i++) {
        sum += mark_at(tally->weak, i)->leak.rule->weight;
        if (sum >= ENOUGH) {
            return mark_at(tally->weak, i);
        }
    }
    return NULL;
}

static void decide_fatal(spbe_tally_t *tally)
{
    const spbe_mark_t *mark = weak_enough(tally);

    tally->fatal = tally->strong;
    if (mark != NULL) {
        first_of(&tally->fatal, mark);
    }
    if (tally->notices->nelts > SPBE_SCAN_LEAKS) {
        first_of(&tally->fatal, mark_at(tally->notices, SPBE_SCAN_LEAKS));
    }
}

void spbe_tally_add(spbe_tally_t *tally, const spbe_hit_t *hit,
                    const spbe_leak_t *leak)
{
    spbe_mark_t mark = {*hit, *leak};

    if (leak->rule->weight < ENOUGH) {
        insert(tally->weak, &mark, ENOUGH);
    }
    else if (leak->rule->severity == SPBE_SEV_NOTICE) {
        insert(tally->notices, &mark, SPBE_SCAN_LEAKS + 1);
    }
    else {
        first_of(&tally->strong, &mark);
    }
    decide_fatal(tally);
}

int spbe_tally_over(const spbe_tally_t *tally, const spbe_hit_t *hit)
{
    return tally->fatal.leak.rule != NULL &&
           spbe_hit_compare(hit, &tally->fatal.hit) > 0;
}

static int compare_leaks(const void *a, const void *b)
{
    const spbe_mark_t *x = a, *y = b;

    if (x->leak.start != y->leak.start) {
        return compare_numbers(x->leak.start, y->leak.start);
    }
    return spbe_hit_compare(&x->hit, &y->hit);
}

/* Adds a leak whose start is not before those in the list. */
static void merge(spbe_tally_t *tally, const spbe_mark_t *mark, int fatal)
{
    spbe_leak_t *top = NULL;

    if (tally->leaks->nelts > 0) {
        top =
            &APR_ARRAY_IDX(tally->leaks, tally->leaks->nelts - 1, spbe_leak_t);
    }
    if (top == NULL || mark->leak.start >= top->end) {
        top = apr_array_push(tally->leaks);
        *top = mark->leak;
    }
    else if (mark->leak.end > top->end) {
        top->end = mark->leak.end;
    }
    if (fatal) {
        top->rule = mark->leak.rule;
    }
}

/* Writes what counts to all and returns how many: notices, then the fatal. */
static int collect(const spbe_tally_t *tally, spbe_mark_t *all)
{
    int i, n = 0;

    for (i = 0; i < tally->notices->nelts && i < SPBE_SCAN_LEAKS; i++) {
        const spbe_mark_t *mark = mark_at(tally->notices, i);

        if (!spbe_tally_over(tally, &mark->hit)) {
            all[n++] = *mark;
        }
    }
    if (tally->fatal.leak.rule != NULL) {
        all[n++] = tally->fatal;
    }
    return n;
}

static const spbe_leak_t *holding(const apr_array_header_t *leaks,
                                  apr_uint64_t offset)
{
    const spbe_leak_t *leak = (const void *)leaks->elts;

    while (leak->end <= offset) {
        leak++;
    }
    return leak;
}

void spbe_tally_publish(spbe_tally_t *tally)
{
    spbe_mark_t all[SPBE_SCAN_LEAKS + 1];
    int n = collect(tally, all), i;
    const spbe_leak_t *fatal = &tally->fatal.leak;

    qsort(all, (size_t)n, sizeof(all[0]), compare_leaks);
    apr_array_clear(tally->leaks);
    for (i = 0; i < n; i++) {
        merge(tally, &all[i],
              fatal->rule != NULL &&
                  spbe_hit_compare(&all[i].hit, &tally->fatal.hit) == 0);
    }
    tally->published =
        fatal->rule == NULL ? NULL : holding(tally->leaks, fatal->start);
}
