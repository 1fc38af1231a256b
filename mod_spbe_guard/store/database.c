/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database.c - writing the index. See database.h.
 *
 * Parameters are bound as text; SQLite turns them into numbers where the
 * column is one.
 */
#include "store/database_int.h"

#include <errno.h>
#include <unistd.h>
#include <string.h>
#include <sys/stat.h>
#include <apr_strings.h>

#define FILE_NAME "guard.db"

const char *spbe_database_error(const spbe_database_t *database)
{
    return database == NULL ? "out of memory" : database->error;
}

apr_status_t spbe_database_failed(spbe_database_t *database, const char *what,
                                  int code)
{
    const char *said =
        database->handle == NULL
            ? NULL
            : apr_dbd_error(database->driver, database->handle, code);

    apr_snprintf(database->error, sizeof(database->error), "%s: %s", what,
                 said == NULL ? "no details" : said);
    return APR_EGENERAL;
}

apr_status_t spbe_database_run(spbe_database_t *database, const char *sql)
{
    int rows;
    int code = apr_dbd_query(database->driver, database->handle, &rows, sql);

    return code == 0 ? APR_SUCCESS
                     : spbe_database_failed(database, "query failed", code);
}

apr_status_t spbe_database_number(spbe_database_t *database, const char *sql,
                                  apr_int64_t *number)
{
    apr_dbd_results_t *results = NULL;
    apr_dbd_row_t *row = NULL;
    int code = apr_dbd_select(database->driver, database->scratch,
                              database->handle, &results, sql, 0);

    *number = 0;
    if (code != 0) {
        return spbe_database_failed(database, "query failed", code);
    }
    while (apr_dbd_get_row(database->driver, database->scratch, results, &row,
                           -1) != -1) {
        const char *text = apr_dbd_get_entry(database->driver, row, 0);

        *number = text == NULL ? 0 : apr_atoi64(text);
    }
    return APR_SUCCESS;
}

static apr_status_t prepare(spbe_database_t *database)
{
    int i;

    for (i = 0; i < SPBE_STMT_COUNT; i++) {
        int code = apr_dbd_prepare(database->driver, database->pool,
                                   database->handle, spbe_statement_sql(i),
                                   NULL, &database->statements[i]);

        if (code != 0) {
            return spbe_database_failed(database, "cannot prepare", code);
        }
    }
    return APR_SUCCESS;
}

static apr_uint64_t inode_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == -1 ? 0 : (apr_uint64_t)st.st_ino;
}

/* SQLite's own words; apr_dbd passes its codes on as a mere failure. */
int spbe_database_damaged(const spbe_database_t *database)
{
    return strstr(database->error, "not a database") != NULL ||
           strstr(database->error, "malformed") != NULL;
}

int spbe_database_gone(const spbe_database_t *database)
{
    return inode_of(database->path) != database->inode;
}

/*
 * A reader may not be allowed to write beside the file: without a journal
 * there, nobody is writing, and the file can be read as it is.
 */
static const char *open_name(spbe_database_t *database,
                             spbe_database_mode_t mode)
{
    const char *wal = apr_pstrcat(database->pool, database->path, "-wal", NULL);

    if (mode == SPBE_DATABASE_WRITE) {
        return database->path;
    }
    return apr_pstrcat(database->pool, "file:", database->path,
                       inode_of(wal) == 0 ? "?mode=ro&immutable=1" : "?mode=ro",
                       NULL);
}

static apr_status_t open_handle(spbe_database_t *database,
                                spbe_database_mode_t mode)
{
    const char *said = NULL;
    apr_status_t rv;

    rv = apr_dbd_get_driver(database->pool, "sqlite3", &database->driver);
    if (rv != APR_SUCCESS) {
        apr_snprintf(database->error, sizeof(database->error),
                     "the sqlite3 driver of apr_dbd is missing: install "
                     "libaprutil1-dbd-sqlite3");
        return rv;
    }
    if (mode == SPBE_DATABASE_READ && access(database->path, R_OK) != 0 &&
        errno == EACCES) {
        apr_snprintf(database->error, sizeof(database->error),
                     "%s may not be read by this user: try with sudo",
                     database->path);
        return APR_EACCES;
    }
    if (mode == SPBE_DATABASE_READ && inode_of(database->path) == 0) {
        apr_snprintf(database->error, sizeof(database->error),
                     "%s is not there", database->path);
        return APR_ENOENT;
    }
    rv = apr_dbd_open_ex(database->driver, database->pool,
                         open_name(database, mode), &database->handle, &said);
    if (rv != APR_SUCCESS) {
        database->handle = NULL;
        apr_snprintf(database->error, sizeof(database->error),
                     "cannot open %s: %s", database->path,
                     said == NULL ? "no details" : said);
    }
    return rv;
}

static apr_status_t set_up(spbe_database_t *database, spbe_database_mode_t mode)
{
    apr_int64_t answer;
    /* These answer with a row, which makes the driver fail a plain query. */
    apr_status_t rv =
        spbe_database_number(database, "PRAGMA busy_timeout = 2000", &answer);

    if (mode == SPBE_DATABASE_READ) {
        return rv == APR_SUCCESS ? spbe_schema_check(database) : rv;
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_database_number(database, "PRAGMA journal_mode = WAL",
                                  &answer);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_database_run(database, "PRAGMA synchronous = NORMAL");
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_schema_migrate(database);
    }
    return rv == APR_SUCCESS ? prepare(database) : rv;
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

apr_status_t spbe_database_open(spbe_database_t **result, const char *dir,
                                spbe_database_mode_t mode, apr_pool_t *pool)
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
    database->path = apr_pstrcat(own, dir, "/" FILE_NAME, NULL);
    *result = database;
    rv = open_handle(database, mode);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_cleanup_register(own, database, close_handle,
                              apr_pool_cleanup_null);
    rv = set_up(database, mode);
    database->inode = inode_of(database->path);
    return rv;
}

apr_status_t spbe_database_begin(spbe_database_t *database)
{
    apr_pool_clear(database->scratch);
    return spbe_database_run(database, "BEGIN IMMEDIATE");
}

apr_status_t spbe_database_commit(spbe_database_t *database)
{
    return spbe_database_run(database, "COMMIT");
}

void spbe_database_rollback(spbe_database_t *database)
{
    int rows;

    apr_dbd_query(database->driver, database->handle, &rows, "ROLLBACK");
}

const char *spbe_database_digits(spbe_database_t *database, apr_int64_t value)
{
    return apr_psprintf(database->scratch, "%" APR_INT64_T_FMT, value);
}

static const char *status(spbe_database_t *database, int value)
{
    return value == 0 ? NULL : spbe_database_digits(database, value);
}

apr_status_t spbe_database_exec(spbe_database_t *database, int statement, int n,
                                const char **args, int *rows)
{
    int code =
        apr_dbd_pquery(database->driver, database->scratch, database->handle,
                       rows, database->statements[statement], n, args);

    return code == 0 ? APR_SUCCESS
                     : spbe_database_failed(database, "query failed", code);
}

static apr_status_t refresh(spbe_database_t *database, const char *id)
{
    const char *args[] = {id};
    int rows;

    return spbe_database_exec(database, SPBE_STMT_REFRESH, 1, args, &rows);
}

/* Lines that come late widen the stretch in which the details are looked for,
 * whichever of them brought the index part. */
static apr_status_t extend(spbe_database_t *database, const spbe_row_t *row)
{
    const char *place =
        spbe_database_digits(database, (apr_int64_t)row->offset);
    const char *args[] = {
        place,
        spbe_database_digits(database,
                             (apr_int64_t)(row->offset + row->length)),
        place,
        row->id,
        row->writer,
        spbe_database_digits(database, (apr_int64_t)row->seq),
    };
    int rows;

    return spbe_database_exec(database, SPBE_STMT_EXTEND,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

apr_status_t spbe_database_put(spbe_database_t *database, const spbe_row_t *row,
                               int *added)
{
    const char *args[] = {
        row->id,
        row->ref,
        spbe_database_digits(database, row->ts),
        row->kind,
        row->severity,
        row->class_name,
        row->responsible,
        row->application,
        row->route,
        row->fingerprint,
        status(database, row->status_in),
        status(database, row->status_out),
        spbe_database_digits(database, (apr_int64_t)row->leak_sent),
        row->h,
        row->writer,
        spbe_database_digits(database, (apr_int64_t)row->seq),
        spbe_database_digits(database, (apr_int64_t)row->offset),
        spbe_database_digits(database, (apr_int64_t)row->length),
        row->complete ? "1" : "0",
    };
    apr_status_t rv = spbe_database_exec(
        database, SPBE_STMT_PUT, sizeof(args) / sizeof(args[0]), args, added);

    if (rv == APR_SUCCESS && !row->complete) {
        rv = extend(database, row);
    }
    return rv == APR_SUCCESS ? refresh(database, row->id) : rv;
}

apr_status_t spbe_database_put_more(spbe_database_t *database,
                                    const spbe_row_t *row, int *added)
{
    const char *args[] = {
        row->writer,
        spbe_database_digits(database, (apr_int64_t)row->seq),
        row->id,
        spbe_database_digits(database, row->ts),
        status(database, row->status_out),
        row->h,
        spbe_database_digits(database, (apr_int64_t)row->offset),
        spbe_database_digits(database, (apr_int64_t)row->length),
        row->complete ? "1" : "0",
    };
    apr_status_t rv =
        spbe_database_exec(database, SPBE_STMT_PUT_MORE,
                           sizeof(args) / sizeof(args[0]), args, added);

    return rv == APR_SUCCESS ? refresh(database, row->id) : rv;
}

apr_status_t spbe_database_position(spbe_database_t *database,
                                    apr_uint64_t *position)
{
    apr_int64_t value;
    apr_status_t rv = spbe_database_number(
        database, "SELECT value FROM meta WHERE name = 'position'", &value);

    *position = rv == APR_SUCCESS ? (apr_uint64_t)value : 0;
    return rv;
}

apr_status_t spbe_database_set_position(spbe_database_t *database,
                                        apr_uint64_t position)
{
    const char *args[] = {
        spbe_database_digits(database, (apr_int64_t)position)};
    int rows;

    return spbe_database_exec(database, SPBE_STMT_SET_POSITION, 1, args, &rows);
}

apr_status_t spbe_database_empty(spbe_database_t *database)
{
    static const char *const tables[] = {"records", "additions", "anomalies",
                                         "tallies", "tallied"};
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    for (i = 0; rv == APR_SUCCESS && i < sizeof(tables) / sizeof(tables[0]);
         i++) {
        rv = spbe_database_run(
            database,
            apr_pstrcat(database->scratch, "DELETE FROM ", tables[i], NULL));
    }
    return rv == APR_SUCCESS ? spbe_database_set_position(database, 0) : rv;
}
