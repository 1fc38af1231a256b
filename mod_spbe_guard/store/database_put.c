/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_put.c - rows of the index, and how far it has come. See
 * database.h.
 */
#include "store/database_int.h"

#include <apr_strings.h>

static const char *status(spbe_database_t *database, int value)
{
    return value == 0 ? NULL : spbe_database_digits(database, value);
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
