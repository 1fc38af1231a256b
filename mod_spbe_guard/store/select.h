/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/select.h - one query with bound arguments, row by row.
 */
#ifndef SPBE_STORE_SELECT_H
#define SPBE_STORE_SELECT_H

#include "store/database.h"

#define SPBE_SELECT_COLUMNS 24

/* values: text of each column, NULL where there is none; valid during the
 * call, as is what is in pool. 0 goes on, anything else ends the query. */
typedef int spbe_select_row_t(void *baton, const char *const *values,
                              apr_pool_t *pool);

/* sql: with %s for each argument, %% for a percent sign, and a LIMIT. */
apr_status_t spbe_select(spbe_database_t *database, const char *sql, int n,
                         const char *const *args, int columns,
                         spbe_select_row_t *row, void *baton, apr_pool_t *pool);

#endif
