/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/review.h - sums over the Database Log: what was found, where, in how
 * many requests, from how many clients.
 *
 * A client is taken for an attacker, not for a citizen, when it asked for a
 * hidden file, or for 20 different pages that are not there, or when what it
 * sent was found in three or more places to be of a kind that no browser
 * sends (spbe_review_is_attack).
 */
#ifndef SPBE_STORE_REVIEW_H
#define SPBE_STORE_REVIEW_H

#include "record/tallies.h"
#include "store/database.h"

typedef struct spbe_review_row {
    const char *application, *route, *place, *field, *reason, *keyword;
    const char *wanted; /* under On: "reject" or "log" */
    apr_int64_t requests;
    apr_int64_t refused;   /* of them: the others were only recorded */
    apr_int64_t attackers; /* of them: from clients that look like it */
    apr_int64_t clients;
    apr_time_t first, last;
    const char *example; /* id of a record with details, or NULL */
} spbe_review_row_t;

/* All findings of an application together; each request counts once. */
typedef struct spbe_review_sum {
    const char *application;
    apr_int64_t reject;    /* requests that On refuses or refused */
    apr_int64_t refused;   /* of these: were refused */
    apr_int64_t attackers; /* of reject: from such clients */
    apr_int64_t clients;   /* of reject, but for attackers */
    apr_int64_t log;       /* requests that On records only */
} spbe_review_sum_t;

typedef struct spbe_review_tally {
    const char *day; /* NULL where days are added up */
    const char *application, *route;
    apr_int64_t days;
    spbe_tallies_counts_t counts;
} spbe_review_tally_t;

typedef int spbe_review_row_fn(void *baton, const spbe_review_row_t *row,
                               apr_pool_t *pool);
typedef int spbe_review_sum_fn(void *baton, const spbe_review_sum_t *sum,
                               apr_pool_t *pool);
typedef int spbe_review_tally_fn(void *baton, const spbe_review_tally_t *tally,
                                 apr_pool_t *pool);

/* application: NULL for all. By application, most requests first. */
apr_status_t spbe_review_rows(spbe_database_t *database,
                              const char *application, apr_time_t since,
                              spbe_review_row_fn *fn, void *baton,
                              apr_pool_t *pool);
apr_status_t spbe_review_sums(spbe_database_t *database,
                              const char *application, apr_time_t since,
                              spbe_review_sum_fn *fn, void *baton,
                              apr_pool_t *pool);

/* since_day: "2026-03-04". by_day: a row for each day, else all days added up.
 */
apr_status_t spbe_review_tallies(spbe_database_t *database,
                                 const char *application, const char *since_day,
                                 int by_day, spbe_review_tally_fn *fn,
                                 void *baton, apr_pool_t *pool);

/* *behind: something was found since then that is not counted yet. */
apr_status_t spbe_review_behind(spbe_database_t *database, apr_time_t since,
                                int *behind, apr_pool_t *pool);

/* A reason that no browser and no human being brings about? */
int spbe_review_is_attack(const char *reason);

#endif
