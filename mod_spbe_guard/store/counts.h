/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/counts.h - how many requests of which kind, by minute and by day.
 *
 * For pages that must answer at once. Kept in the same transaction as the
 * records, each of which is counted once. Minutes and days are those of UTC,
 * numbered since 1970.
 */
#ifndef SPBE_STORE_COUNTS_H
#define SPBE_STORE_COUNTS_H

#include "store/database.h"

/* A record that is new in the database. */
void spbe_counts_add(spbe_database_t *database, const spbe_row_t *row);

/* Writes what was added since begin. */
apr_status_t spbe_counts_flush(spbe_database_t *database);

typedef struct spbe_counts_filter {
    int by_day;          /* else by minute */
    apr_time_t from, to; /* to: not included; 0: any */
    const char *node;    /* NULL: all */
    const char *application, *kind;
    long limit; /* 0: 10000 */
} spbe_counts_filter_t;

typedef struct spbe_count {
    apr_time_t from; /* of the minute or the day */
    const char *application, *kind, *class_name, *action, *severity; /* or "" */
    apr_int64_t n;
} spbe_count_t;

typedef int spbe_counts_row_t(void *baton, const spbe_count_t *count,
                              apr_pool_t *pool);

/* Newest first; nodes added up. Nonzero from row ends it. */
apr_status_t spbe_counts_read(spbe_database_t *database,
                              const spbe_counts_filter_t *filter,
                              spbe_counts_row_t *row, void *baton,
                              apr_pool_t *pool);

#endif
