/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database.c - opening the index, and transactions. See database.h.
 */
#include "store/database_int.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "store/counts.h"

#define FILE_NAME "guard.db"
#define PGSQL "pgsql:"

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

static apr_status_t prepare(spbe_database_t *database)
{
    int i, n = database->dialect->is_shared ? SPBE_STMT_ALL : SPBE_STMT_COUNT;
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; rv == APR_SUCCESS && i < n; i++) {
        rv = spbe_database_prepare(database, i);
    }
    return rv;
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
        database->node = "-";
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

    if (rv != APR_SUCCESS || database->node == NULL) {
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
    char before[sizeof(database->error)];

    memcpy(before, database->error, sizeof(before));
    spbe_database_run(database, "ROLLBACK");
    memcpy(database->error, before, sizeof(before));
}
