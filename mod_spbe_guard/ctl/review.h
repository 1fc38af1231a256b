/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/review.h - from DetectOnly to On: what "review" gathers of an
 * application, and how it is judged and shown. Private to review*.c.
 */
#ifndef SPBE_CTL_REVIEW_H
#define SPBE_CTL_REVIEW_H

#include <apr_hash.h>
#include <apr_tables.h>
#include <cjson/cJSON.h>
#include "ctl/full.h"
#include "store/review.h"

/* So many requests must have been examined before anything can be said. */
#define SPBE_REVIEW_ENOUGH 100

/* So many findings of an application are shown to people, the most frequent
 * ones first: a scan leaves thousands. */
#define SPBE_REVIEW_SHOWN 50

typedef struct spbe_review_item {
    spbe_review_row_t row;
    apr_int64_t received; /* by its route, since review->since; 0: not known */
    const char *example;  /* a value's form, or NULL */
    const char *location; /* line that opens the section, or NULL */
    const char *line;     /* what allows it, or enforces it */
    const char *block;    /* both, and the line that closes the section, as
                             they are put into a configuration; or NULL */
    const char *effect;   /* of line: "allow", "reject"; NULL: neither */
    const char *policy;   /* what to change in the policy instead, or NULL */
} spbe_review_item_t;

typedef enum spbe_review_verdict {
    SPBE_REVIEW_TOO_FEW = 0,
    SPBE_REVIEW_NOT_READY = 1,
    SPBE_REVIEW_READY = 2,
    SPBE_REVIEW_ON = 3 /* some place refuses already */
} spbe_review_verdict_t;

/* Requests that came: on all days, and on those that began at or behind
 * review->since. */
typedef struct spbe_review_route {
    apr_int64_t all, whole;
} spbe_review_route_t;

typedef struct spbe_review_app {
    const char *name;
    apr_array_header_t *items; /* spbe_review_item_t */
    apr_hash_t *routes;        /* route -> spbe_review_route_t */
    spbe_tallies_counts_t counts;
    apr_int64_t received; /* of counts, on the whole days alone */
    apr_int64_t days;     /* whole ones, on which anything came, at most */
    spbe_review_sum_t sum;
} spbe_review_app_t;

typedef struct spbe_review {
    spbe_ctl_store_t store;
    apr_time_t since, now;
    int behind; /* the newest findings are not counted yet */
    apr_hash_t *by_name;
    apr_array_header_t *apps; /* spbe_review_app_t *, by name */
    apr_pool_t *pool;
} spbe_review_t;

spbe_review_verdict_t spbe_review_judge(const spbe_review_app_t *app);
/* "ready", "not-ready", "too-few", "on" */
const char *spbe_review_word(spbe_review_verdict_t verdict);
/* One sentence for people. */
const char *spbe_review_sentence(const spbe_review_app_t *app,
                                 apr_pool_t *pool);

/* Does the first day that was counted begin before review->since? */
int spbe_review_is_partial(const spbe_review_t *review);

/* item->location, line, block, effect and policy. Names come from visitors: one
 * that could be anything but a name is left out of the line. */
void spbe_review_advise(spbe_review_item_t *item, apr_pool_t *pool);

/* The form of a value, from the details of item->row.example. */
const char *spbe_review_example(const spbe_review_t *review,
                                const spbe_review_row_t *row, apr_pool_t *pool);

void spbe_review_print(const spbe_review_t *review);
/* The caller deletes it. */
cJSON *spbe_review_json(const spbe_review_t *review);

#endif
