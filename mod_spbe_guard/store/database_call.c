/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_call.c - everything that is said to a database. See
 * database_int.h.
 *
 * Parameters are bound as text; where a column is a number the statement says
 * so. Every answer is fetched whole: only so the drivers report errors.
 */
#include "store/database_int.h"

#include <string.h>
#include <apr_strings.h>
#include "store/watch.h"
#include "text/utf8.h"
#include "text/visible.h"

#define ARGS 40
/* Longer than the server's own limits, which leave the connection usable. */
#define WRITE_LIMIT apr_time_from_sec(15)
#define READ_LIMIT apr_time_from_sec(45)

static void begin_call(spbe_database_t *database)
{
    spbe_watch_begin(database->watch, database->mode == SPBE_DATABASE_READ
                                          ? READ_LIMIT
                                          : WRITE_LIMIT);
}

static apr_status_t end_call(spbe_database_t *database, int code)
{
    database->failed = database->failed || code != 0;
    if (spbe_watch_end(database->watch) && code != 0) {
        return spbe_database_say(database, APR_TIMEUP,
                                 "the server does not answer");
    }
    return code == 0 ? APR_SUCCESS
                     : spbe_database_failed(database, "query failed", code);
}

/* Names are the server's, for one connection. */
apr_status_t spbe_database_prepare(spbe_database_t *database, int statement)
{
    const char *name = apr_psprintf(database->pool, "spbe_%d", statement);

    begin_call(database);
    return end_call(database,
                    apr_dbd_prepare(database->driver, database->pool,
                                    database->handle,
                                    spbe_statement_sql(statement), name,
                                    &database->statements[statement]));
}

apr_status_t spbe_database_run(spbe_database_t *database, const char *sql)
{
    int rows;

    begin_call(database);
    return end_call(database, apr_dbd_query(database->driver, database->handle,
                                            &rows, sql));
}

/* Kept by its text: a driver frees what it has prepared with the connection
 * alone. */
static int prepared(spbe_database_t *database, const char *sql,
                    apr_dbd_prepared_t **statement)
{
    int code;

    if (database->asked == NULL) {
        database->asked = apr_hash_make(database->pool);
    }
    *statement = apr_hash_get(database->asked, sql, APR_HASH_KEY_STRING);
    if (*statement != NULL) {
        return 0;
    }
    code = apr_dbd_prepare(database->driver, database->pool, database->handle,
                           sql, NULL, statement);
    if (code == 0) {
        apr_hash_set(database->asked, apr_pstrdup(database->pool, sql),
                     APR_HASH_KEY_STRING, *statement);
    }
    return code;
}

apr_status_t spbe_database_ask(spbe_database_t *database, const char *sql,
                               int n, const char *const *given,
                               apr_dbd_results_t **results, apr_pool_t *pool)
{
    apr_dbd_prepared_t *statement = NULL;
    const char *args[ARGS];
    int code;

    *results = NULL;
    if (n > 0) {
        memcpy(args, given, (size_t)n * sizeof(args[0]));
    }
    begin_call(database);
    code = prepared(database, sql, &statement);
    if (code == 0) {
        code = apr_dbd_pselect(database->driver, pool, database->handle,
                               results, statement, 1, n, args);
    }
    return end_call(database, code);
}

/* apr_dbd_get_entry gives an empty text where PostgreSQL has none. */
const char *spbe_database_entry(spbe_database_t *database, apr_dbd_row_t *row,
                                int column)
{
    const char *text = NULL;

    return apr_dbd_datum_get(database->driver, row, column, APR_DBD_TYPE_STRING,
                             &text) == APR_SUCCESS
               ? text
               : NULL;
}

apr_status_t spbe_database_change(spbe_database_t *database, const char *sql,
                                  int n, const char *const *given)
{
    apr_dbd_prepared_t *statement = NULL;
    const char *args[ARGS];
    int code, rows;

    memcpy(args, given, (size_t)n * sizeof(args[0]));
    begin_call(database);
    code = prepared(database, sql, &statement);
    if (code == 0) {
        code = apr_dbd_pquery(database->driver, database->scratch,
                              database->handle, &rows, statement, n, args);
    }
    return end_call(database, code);
}

apr_status_t spbe_database_number(spbe_database_t *database, const char *sql,
                                  apr_int64_t *number)
{
    apr_dbd_results_t *results = NULL;
    apr_dbd_row_t *row = NULL;
    apr_pool_t *own;
    apr_status_t rv;
    int code;

    *number = 0;
    apr_pool_create(&own, database->scratch);
    begin_call(database);
    code = apr_dbd_select(database->driver, own, database->handle, &results,
                          sql, 1);
    rv = end_call(database, code);
    while (rv == APR_SUCCESS &&
           apr_dbd_get_row(database->driver, own, results, &row, -1) != -1) {
        const char *text = spbe_database_entry(database, row, 0);

        *number = text == NULL ? 0 : apr_atoi64(text);
    }
    apr_pool_destroy(own);
    return rv;
}

apr_status_t spbe_database_one(spbe_database_t *database, const char *sql,
                               int n, const char *const *args, int columns,
                               const char **values, int *found)
{
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    apr_pool_t *own;
    apr_status_t rv;
    int i;

    *found = 0;
    apr_pool_create(&own, database->scratch);
    rv = spbe_database_ask(database, sql, n, args, &results, own);
    while (rv == APR_SUCCESS &&
           apr_dbd_get_row(database->driver, own, results, &row, -1) != -1) {
        for (i = 0; i < columns; i++) {
            values[i] = apr_pstrdup(database->scratch,
                                    spbe_database_entry(database, row, i));
        }
        *found = 1;
    }
    apr_pool_destroy(own);
    return rv;
}

const char *spbe_database_digits(spbe_database_t *database, apr_int64_t value)
{
    return apr_psprintf(database->scratch, "%" APR_INT64_T_FMT, value);
}

/* One server takes any bytes, the other refuses them and with them all that
 * is behind. */
static const char *proper(spbe_database_t *database, const char *text)
{
    return text == NULL || spbe_utf8_valid(spbe_span_from(text))
               ? text
               : spbe_visible(text, database->scratch);
}

apr_status_t spbe_database_exec(spbe_database_t *database, int statement, int n,
                                const char **args, int *rows)
{
    const char *values[ARGS];
    int i;

    for (i = 0; i < n; i++) {
        values[i] = proper(database, args[i]);
    }
    *rows = 0;
    begin_call(database);
    return end_call(database,
                    apr_dbd_pquery(database->driver, database->scratch,
                                   database->handle, rows,
                                   database->statements[statement], n, values));
}
