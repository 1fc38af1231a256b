/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/query.h - reading the index.
 *
 * Every query has an index and a limit; rows are fetched in pages, so that
 * the driver's lock is never held for long.
 */
#ifndef SPBE_STORE_QUERY_H
#define SPBE_STORE_QUERY_H

#include "store/database.h"

typedef struct spbe_filter {
    const char *id, *ref; /* each may be NULL: any */
    const char *kind, *class_name, *application, *fingerprint;
    apr_time_t since; /* 0: any */
    long limit;       /* 0: no limit */
    int folded;       /* of a flood only the first and the count */
    const char *node, *severity, *responsible, *route;
    apr_time_t until; /* not included; 0: any */
} spbe_filter_t;

/* 0 goes on, anything else ends the query. The row is valid during the call;
 * pool is cleared after it. */
typedef int spbe_query_row_t(void *baton, const spbe_row_t *row,
                             apr_pool_t *pool);

/* Newest first. */
apr_status_t spbe_query_records(spbe_database_t *database,
                                const spbe_filter_t *filter,
                                spbe_query_row_t *row, void *baton,
                                apr_pool_t *pool);

/* The "more" records of one id, in the order of their time. */
apr_status_t spbe_query_more(spbe_database_t *database, const char *id,
                             spbe_query_row_t *row, void *baton,
                             apr_pool_t *pool);

/* Where records of a key are: rows of kind "key", those that stand last first.
 * Anybody may have written one under this id: what opens is the right one. */
apr_status_t spbe_query_key(spbe_database_t *database, const char *node,
                            const char *key, spbe_query_row_t *row, void *baton,
                            apr_pool_t *pool);

apr_status_t spbe_query_count(spbe_database_t *database, long *count,
                              apr_pool_t *pool);

#endif
