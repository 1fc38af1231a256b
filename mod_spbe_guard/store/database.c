/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database.c - opening the index, transactions, statements. See
 * database.h.
 *
 * Parameters are bound as text; where a column is a number the statement says
 * so. Every answer is fetched whole: only so the drivers report errors.
 */
#include "store/database_int.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "store/counts.h"
#include "store/watch.h"
#include "text/utf8.h"
#include "text/visible.h"

#define FILE_NAME "guard.db"
#define PGSQL "pgsql:"
#define ARGS 40
/* Longer than the server's own limits, which leave the connection usable. */
#define WRITE_LIMIT apr_time_from_sec(15)
#define READ_LIMIT apr_time_from_sec(45)

const char *spbe_database_error(const spbe_database_t *database)
{
    return database == NULL ? "out of memory" : database->error;
}

const char *spbe_database_name(const spbe_database_t *database)
{
    return database == NULL ? "-" : database->name;
}

int spbe_database_is_shared(const spbe_database_t *database)
{
    return database->dialect->is_shared;
}

apr_status_t spbe_database_say(spbe_database_t *database, apr_status_t rv,
                               const char *format, ...)
{
    va_list args;

    va_start(args, format);
    apr_vsnprintf(database->error, sizeof(database->error), format, args);
    va_end(args);
    return rv;
}

/* The first line of what a driver said, without its line end. */
static const char *first_line(const char *said, apr_pool_t *pool)
{
    size_t len = said == NULL ? 0 : strcspn(said, "\n");

    return len == 0 ? "no details" : apr_pstrmemdup(pool, said, len);
}

apr_status_t spbe_database_failed(spbe_database_t *database, const char *what,
                                  int code)
{
    const char *said =
        database->handle == NULL
            ? NULL
            : apr_dbd_error(database->driver, database->handle, code);

    return spbe_database_say(database, APR_EGENERAL, "%s: %s", what,
                             first_line(said, database->scratch));
}

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

apr_status_t spbe_database_run(spbe_database_t *database, const char *sql)
{
    int rows;

    begin_call(database);
    return end_call(database, apr_dbd_query(database->driver, database->handle,
                                            &rows, sql));
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
    code = apr_dbd_prepare(database->driver, pool, database->handle, sql, NULL,
                           &statement);
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
    code = apr_dbd_prepare(database->driver, database->scratch,
                           database->handle, sql, NULL, &statement);
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

/* Names are the server's, for one connection. */
static apr_status_t prepare(spbe_database_t *database)
{
    int i, statements =
               database->dialect->is_shared ? SPBE_STMT_ALL : SPBE_STMT_COUNT;

    for (i = 0; i < statements; i++) {
        const char *name = apr_psprintf(database->pool, "spbe_%d", i);
        apr_status_t rv;

        begin_call(database);
        rv = end_call(database,
                      apr_dbd_prepare(database->driver, database->pool,
                                      database->handle, spbe_statement_sql(i),
                                      name, &database->statements[i]));
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    return APR_SUCCESS;
}

int spbe_database_damaged(const spbe_database_t *database)
{
    return database->dialect->is_damaged(database);
}

int spbe_database_gone(const spbe_database_t *database)
{
    return database->dialect->is_gone(database);
}

static apr_status_t open_handle(spbe_database_t *database)
{
    apr_status_t rv;
    const char *said = NULL, *target;

    rv = apr_dbd_get_driver(database->pool, database->dialect->driver,
                            &database->driver);
    if (rv != APR_SUCCESS) {
        return spbe_database_say(database, rv,
                                 "the %s driver of apr_dbd is missing: "
                                 "install %s",
                                 database->dialect->driver,
                                 database->dialect->package);
    }
    target = database->dialect->target(database, &rv);
    if (target == NULL) {
        return rv;
    }
    rv = apr_dbd_open_ex(database->driver, database->pool, target,
                         &database->handle, &said);
    if (rv != APR_SUCCESS) {
        database->handle = NULL;
        return spbe_database_say(database, rv, "cannot open %s: %s",
                                 database->name,
                                 first_line(said, database->pool));
    }
    return rv;
}

static apr_status_t set_up(spbe_database_t *database)
{
    int may_make = database->mode == SPBE_DATABASE_OWN ||
                   (database->mode == SPBE_DATABASE_WRITE &&
                    !database->dialect->is_shared);
    apr_status_t rv = database->dialect->set_up(database);

    if (rv == APR_SUCCESS) {
        rv = may_make ? spbe_schema_migrate(database)
                      : spbe_schema_check(database);
    }
    return rv == APR_SUCCESS && database->mode != SPBE_DATABASE_READ
               ? prepare(database)
               : rv;
}

static apr_status_t close_handle(void *data)
{
    spbe_database_t *database = data;

    if (database->handle != NULL) {
        apr_dbd_close(database->driver, database->handle);
        database->handle = NULL;
    }
    return APR_SUCCESS;
}

void spbe_database_close(spbe_database_t *database)
{
    apr_pool_destroy(database->pool);
}

/* A connection string may hold a password. */
static void choose_dialect(spbe_database_t *database, const char *dsn)
{
    if (dsn == NULL) {
        database->dialect = &spbe_dialect_sqlite3;
        database->path =
            apr_pstrcat(database->pool, database->dir, "/" FILE_NAME, NULL);
        database->name = database->path;
        return;
    }
    database->dialect = &spbe_dialect_pgsql;
    database->dsn = apr_pstrdup(database->pool, dsn + sizeof(PGSQL) - 1);
    database->name = "the PostgreSQL database";
}

static int is_dsn(const char *dsn)
{
    return dsn == NULL || strncmp(dsn, PGSQL, sizeof(PGSQL) - 1) == 0;
}

apr_status_t spbe_database_open(spbe_database_t **result, const char *dir,
                                const char *dsn, spbe_database_mode_t mode,
                                apr_pool_t *pool)
{
    spbe_database_t *database;
    apr_pool_t *own;
    apr_status_t rv;

    *result = NULL;
    rv = apr_dbd_init(pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_create(&own, pool);
    database = apr_pcalloc(own, sizeof(*database));
    database->pool = own;
    apr_pool_create(&database->scratch, own);
    database->dir = apr_pstrdup(own, dir);
    database->mode = mode;
    database->node = "-";
    choose_dialect(database, is_dsn(dsn) ? dsn : NULL);
    *result = database;
    if (!is_dsn(dsn)) {
        return spbe_database_say(database, APR_EINVAL,
                                 "a database is named " PGSQL
                                 "CONNECTION STRING, or not at all");
    }
    rv = open_handle(database);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_cleanup_register(own, database, close_handle,
                              apr_pool_cleanup_null);
    return set_up(database);
}

apr_status_t spbe_database_begin_any(spbe_database_t *database)
{
    apr_pool_clear(database->scratch);
    database->counts = NULL;
    database->failed = 0;
    return spbe_database_run(database, database->dialect->begin);
}

apr_status_t spbe_database_begin(spbe_database_t *database)
{
    apr_status_t rv = spbe_database_begin_any(database);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = spbe_node_load(database);
    if (rv != APR_SUCCESS) {
        spbe_database_rollback(database);
    }
    return rv;
}

/* After a failure PostgreSQL answers a commit with success, and rolls back. */
apr_status_t spbe_database_commit(spbe_database_t *database)
{
    apr_status_t rv =
        database->failed ? APR_EGENERAL : spbe_counts_flush(database);

    if (rv == APR_SUCCESS) {
        rv = spbe_database_run(database, "COMMIT");
    }
    if (rv != APR_SUCCESS) {
        spbe_database_rollback(database);
    }
    return rv;
}

/* Says nothing: what went wrong before is what counts. */
void spbe_database_rollback(spbe_database_t *database)
{
    int rows;

    begin_call(database);
    apr_dbd_query(database->driver, database->handle, &rows, "ROLLBACK");
    spbe_watch_end(database->watch);
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
