/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/select.c - one query with bound arguments. See select.h.
 */
#include "store/select.h"

#include <string.h>
#include "store/database_int.h"

#define ARGS 16

static apr_dbd_results_t *run(spbe_database_t *db, const char *sql, int n,
                              const char *const *given, apr_pool_t *pool,
                              int *code)
{
    apr_dbd_prepared_t *statement = NULL;
    apr_dbd_results_t *results = NULL;
    const char *args[ARGS];

    memcpy(args, given, (size_t)n * sizeof(args[0]));
    *code =
        apr_dbd_prepare(db->driver, pool, db->handle, sql, NULL, &statement);
    if (*code == 0) {
        *code = apr_dbd_pselect(db->driver, pool, db->handle, &results,
                                statement, 0, n, args);
    }
    return results;
}

apr_status_t spbe_select(spbe_database_t *database, const char *sql, int n,
                         const char *const *args, int columns,
                         spbe_select_row_t *row, void *baton, apr_pool_t *pool)
{
    apr_dbd_results_t *results;
    apr_dbd_row_t *found = NULL;
    apr_pool_t *own, *scratch;
    int code, i, stopped = 0;

    apr_pool_create(&own, pool);
    results = run(database, sql, n, args, own, &code);
    if (code != 0) {
        apr_pool_destroy(own);
        return spbe_database_failed(database, "query failed", code);
    }
    apr_pool_create(&scratch, own);
    /* The driver wants every row read. */
    while (apr_dbd_get_row(database->driver, own, results, &found, -1) != -1) {
        const char *values[SPBE_SELECT_COLUMNS] = {NULL};

        for (i = 0; i < columns; i++) {
            values[i] = apr_dbd_get_entry(database->driver, found, i);
        }
        stopped = stopped || row(baton, values, scratch);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(own);
    return APR_SUCCESS;
}
