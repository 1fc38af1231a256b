/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/select.c - one query with bound arguments. See select.h.
 */
#include "store/select.h"

#include "store/database_int.h"

apr_status_t spbe_select(spbe_database_t *database, const char *sql, int n,
                         const char *const *args, int columns,
                         spbe_select_row_t *row, void *baton, apr_pool_t *pool)
{
    apr_dbd_results_t *results;
    apr_dbd_row_t *found = NULL;
    apr_pool_t *own, *scratch;
    apr_status_t rv;
    int i, stopped = 0;

    apr_pool_create(&own, pool);
    rv = spbe_database_ask(database, sql, n, args, &results, own);
    if (rv != APR_SUCCESS) {
        apr_pool_destroy(own);
        return rv;
    }
    apr_pool_create(&scratch, own);
    /* The driver wants every row read. */
    while (apr_dbd_get_row(database->driver, own, results, &found, -1) != -1) {
        const char *values[SPBE_SELECT_COLUMNS] = {NULL};

        for (i = 0; i < columns; i++) {
            values[i] = spbe_database_entry(database, found, i);
        }
        stopped = stopped || row(baton, values, scratch);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(own);
    return APR_SUCCESS;
}
