/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_put.c - rows of the index. See database.h.
 *
 * A row is inserted once. Only one that was not complete is changed, by lines
 * that come late; whatever the order, the row is the same in the end.
 */
#include "store/counts.h"
#include "store/database_int.h"

#include <apr_strings.h>

#define EXEC(database, statement, args, rows)                                  \
    spbe_database_exec(database, statement, sizeof(args) / sizeof((args)[0]),  \
                       args, rows)

static const char *status(spbe_database_t *database, int value)
{
    return value == 0 ? NULL : spbe_database_digits(database, value);
}

static const char *number(spbe_database_t *database, apr_uint64_t value)
{
    return spbe_database_digits(database, (apr_int64_t)value);
}

static apr_status_t refresh(spbe_database_t *database, const char *id)
{
    const char *args[] = {database->node, id, database->node, id,
                          database->node, id};
    int rows;

    return EXEC(database, SPBE_STMT_REFRESH, args, &rows);
}

/* The stretch in which the details are looked for. */
static apr_status_t widen(spbe_database_t *database, int statement,
                          const spbe_row_t *row, int *changed)
{
    const char *place = number(database, row->offset);
    const char *end = number(database, row->offset + row->length);
    const char *args[] = {
        end,
        end,
        place,
        place,
        place,
        place,
        row->complete ? "1" : "0",
        database->node,
        row->id,
        row->writer,
        number(database, row->seq),
    };

    return EXEC(database, statement, args, changed);
}

static apr_status_t insert(spbe_database_t *database, const spbe_row_t *row,
                           int *added)
{
    const char *args[] = {
        database->node,
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
        number(database, row->leak_sent),
        row->h,
        row->writer,
        number(database, row->seq),
        number(database, row->offset),
        number(database, row->length),
        row->complete ? "1" : "0",
        row->key,
        spbe_database_digits(database, row->purged),
    };

    return EXEC(database, SPBE_STMT_PUT, args, added);
}

apr_status_t spbe_database_put(spbe_database_t *database, const spbe_row_t *row,
                               int *added)
{
    apr_status_t rv = insert(database, row, added);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (*added == 0) {
        return widen(database, SPBE_STMT_WIDEN, row, added);
    }
    spbe_counts_add(database, row);
    return refresh(database, row->id);
}

apr_status_t spbe_database_put_more(spbe_database_t *database,
                                    const spbe_row_t *row, int *added)
{
    const char *args[] = {
        database->node,
        row->writer,
        number(database, row->seq),
        row->id,
        spbe_database_digits(database, row->ts),
        status(database, row->status_out),
        row->h,
        number(database, row->offset),
        number(database, row->length),
        row->complete ? "1" : "0",
        row->key,
        spbe_database_digits(database, row->purged),
    };
    apr_status_t rv = EXEC(database, SPBE_STMT_PUT_MORE, args, added);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    return *added == 0 ? widen(database, SPBE_STMT_WIDEN_MORE, row, added)
                       : refresh(database, row->id);
}

apr_status_t spbe_database_put_key(spbe_database_t *database,
                                   const spbe_row_t *row, int *added)
{
    const char *args[] = {
        database->node,
        row->id,
        spbe_database_digits(database, row->ts),
        row->writer,
        number(database, row->seq),
        number(database, row->offset),
        number(database, row->length),
    };

    *added = 0;
    return row->complete ? EXEC(database, SPBE_STMT_PUT_KEY, args, added)
                         : APR_SUCCESS;
}
