/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purges.c - what an operator's order to purge means for the index. See
 * purges.h.
 *
 * What is purged grows shorter, and what is behind it in the same segment
 * moves to the front: rows are given their new places.
 */
#include "store/purges.h"

#include <string.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "record/line.h"
#include "store/assemble.h"
#include "store/database_int.h"
#include "store/order.h"
#include "store/row.h"
#include "store/select.h"
#include "store/walk.h"

#define ORDERS "100"

typedef struct purge {
    const char *id;
    int whole; /* not only details */
    apr_uint64_t first, behind;
} purge_t;

static const char *number(spbe_database_t *database, apr_uint64_t value)
{
    return spbe_database_digits(database, (apr_int64_t)value);
}

static apr_status_t remember(spbe_database_t *database, const spbe_row_t *row,
                             const spbe_order_t *order)
{
    const char *args[] = {
        database->node,
        row->id,
        spbe_database_digits(database, row->ts),
        order->all ? "1" : "0",
        number(database, order->first),
        number(database, order->behind),
    };
    int rows;

    return spbe_database_exec(database, SPBE_STMT_ADD_PURGE,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

apr_status_t spbe_purges_note(spbe_database_t *database, const spbe_row_t *row,
                              apr_pool_t *scratch)
{
    spbe_order_t order;
    const char *why;

    if (strcmp(row->kind, "action") != 0 ||
        spbe_order_parse(spbe_span_from(row->h), &order, &why, scratch) !=
            SPBE_OK ||
        order.what != SPBE_ORDER_PURGE) {
        return APR_SUCCESS;
    }
    return remember(database, row, &order);
}

/* The next line in the range; APR_EOF: there is none. Everything in scratch,
 * which is cleared. */
static apr_status_t next_line(spbe_walk_t *walk, const purge_t *purge,
                              spbe_entry_t *entry, spbe_line_t *line,
                              apr_pool_t *scratch)
{
    const char *why;

    for (;;) {
        apr_status_t rv = spbe_walk_next(walk, entry);

        if (rv != APR_SUCCESS || entry->offset >= purge->behind) {
            return rv == APR_SUCCESS ? APR_EOF : rv;
        }
        apr_pool_clear(scratch);
        if (entry->kind == SPBE_ENTRY_LINE &&
            spbe_line_parse(entry->line, line, &why, scratch) == SPBE_OK) {
            return APR_SUCCESS;
        }
    }
}

/* Details of keys stay, so they say nothing; in lines that are not the first
 * it cannot be seen whose they are. */
static int says_nothing(const spbe_line_t *line)
{
    return line->h == NULL || line->d.len == 0 ||
           strstr(line->h, "\"kind\":\"key\"") != NULL;
}

static apr_status_t is_carried_out(spbe_walk_t *walk, const purge_t *purge,
                                   int *done, apr_pool_t *scratch)
{
    spbe_entry_t entry;
    spbe_line_t line;
    apr_status_t rv = spbe_walk_seek(walk, purge->first);

    *done = 1;
    while (rv == APR_SUCCESS) {
        rv = next_line(walk, purge, &entry, &line, scratch);
        if (rv == APR_SUCCESS && entry.is_emptied && !purge->whole) {
            return APR_SUCCESS;
        }
        if (rv == APR_SUCCESS && (purge->whole || !says_nothing(&line))) {
            *done = 0;
            return APR_SUCCESS;
        }
    }
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

/* What ends behind the range ends where it did. */
static apr_status_t move(spbe_database_t *database, int statement,
                         const purge_t *purge, const spbe_whole_t *whole)
{
    const char *place = number(database, whole->offset);
    const char *behind = number(database, purge->behind);
    const char *args[] = {
        behind,
        place,
        number(database, whole->next - whole->offset),
        place,
        database->node,
        whole->id,
        whole->writer,
        number(database, whole->seq),
        number(database, purge->first),
        behind,
    };
    int rows;

    return spbe_database_exec(database, statement,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

static apr_status_t mark(spbe_database_t *database, int statement,
                         const spbe_whole_t *whole)
{
    const char *args[] = {database->node, whole->id, whole->writer,
                          number(database, whole->seq)};
    int rows;

    return whole->purged != 1
               ? APR_SUCCESS
               : spbe_database_exec(database, statement, 4, args, &rows);
}

/* One that ends behind the range is not whole here. */
static apr_status_t move_key(spbe_database_t *database, const purge_t *purge,
                             const spbe_whole_t *whole)
{
    const char *place = number(database, whole->offset);
    const char *args[] = {
        place,
        place,
        database->node,
        whole->id,
        whole->writer,
        number(database, whole->seq),
        number(database, purge->first),
        number(database, purge->behind),
        number(database, purge->behind),
    };

    return spbe_database_change(
        database,
        "UPDATE OR REPLACE keys SET length = place + length"
        " - CAST(%s AS BIGINT), place = CAST(%s AS BIGINT) WHERE node = %s"
        " AND key_id = %s AND writer = %s AND seq = CAST(%s AS BIGINT)"
        " AND place >= CAST(%s AS BIGINT) AND place < CAST(%s AS BIGINT)"
        " AND place + length > CAST(%s AS BIGINT)",
        sizeof(args) / sizeof(args[0]), args);
}

/* Their old places were taken out before. */
static apr_status_t put_key(spbe_database_t *database, const purge_t *purge,
                            const spbe_whole_t *whole)
{
    spbe_row_t row;
    int added;

    if (!whole->complete) {
        return move_key(database, purge, whole);
    }
    spbe_row_from_whole(&row, whole, database->scratch);
    return strcmp(row.kind, "key") == 0
               ? spbe_database_put_key(database, &row, &added)
               : APR_SUCCESS;
}

static apr_status_t take_out_keys(spbe_database_t *database,
                                  const purge_t *purge)
{
    const char *args[] = {database->node, number(database, purge->first),
                          number(database, purge->behind)};

    return spbe_database_change(database,
                                "DELETE FROM keys WHERE node = %s"
                                " AND place >= CAST(%s AS BIGINT)"
                                " AND place + length <= CAST(%s AS BIGINT)",
                                3, args);
}

static apr_status_t move_all(spbe_database_t *database, const purge_t *purge,
                             const spbe_whole_t *whole)
{
    apr_status_t rv = move(database, SPBE_STMT_MOVE, purge, whole);

    if (rv == APR_SUCCESS) {
        rv = move(database, SPBE_STMT_MOVE_MORE, purge, whole);
    }
    if (rv == APR_SUCCESS) {
        rv = put_key(database, purge, whole);
    }
    if (rv == APR_SUCCESS) {
        rv = mark(database, SPBE_STMT_MARK, whole);
    }
    return rv == APR_SUCCESS ? mark(database, SPBE_STMT_MARK_MORE, whole) : rv;
}

static apr_status_t expire(spbe_database_t *database, const purge_t *purge,
                           spbe_assemble_t *assemble, apr_time_t before,
                           apr_pool_t *pool)
{
    spbe_whole_t whole;
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS &&
           spbe_assemble_expire(assemble, before, &whole, pool)) {
        rv = move_all(database, purge, &whole);
    }
    return rv;
}

static apr_status_t follow_details(spbe_database_t *database, spbe_walk_t *walk,
                                   const purge_t *purge, apr_pool_t *pool,
                                   apr_pool_t *scratch)
{
    spbe_assemble_t *assemble = spbe_assemble_create(pool);
    spbe_entry_t entry;
    spbe_whole_t whole;
    spbe_line_t line;
    apr_status_t rv = take_out_keys(database, purge);

    if (rv == APR_SUCCESS) {
        rv = spbe_walk_seek(walk, purge->first);
    }
    while (rv == APR_SUCCESS) {
        rv = next_line(walk, purge, &entry, &line, scratch);
        if (rv == APR_SUCCESS &&
            spbe_assemble_add(assemble, &line, &entry, &whole, scratch)) {
            rv = move_all(database, purge, &whole);
        }
        if (rv == APR_SUCCESS) {
            rv = expire(database, purge, assemble, 0, scratch);
        }
    }
    return rv == APR_EOF
               ? expire(database, purge, assemble, APR_INT64_MAX, scratch)
               : rv;
}

static apr_status_t take_out(spbe_database_t *database, const purge_t *purge)
{
    static const char *const sql[] = {
        "DELETE FROM anomalies WHERE node = %s AND id IN (SELECT id FROM"
        " records WHERE node = %s AND place >= CAST(%s AS BIGINT)"
        " AND place < CAST(%s AS BIGINT))",
        "DELETE FROM records WHERE node = %s AND place >= CAST(%s AS BIGINT)"
        " AND place < CAST(%s AS BIGINT)",
        "DELETE FROM additions WHERE node = %s AND place >= CAST(%s AS BIGINT)"
        " AND place < CAST(%s AS BIGINT)",
        "DELETE FROM keys WHERE node = %s AND place >= CAST(%s AS BIGINT)"
        " AND place < CAST(%s AS BIGINT)",
        "DELETE FROM pieces WHERE node = %s AND place >= CAST(%s AS BIGINT)"
        " AND place < CAST(%s AS BIGINT)",
    };
    const char *args[] = {database->node, database->node,
                          number(database, purge->first),
                          number(database, purge->behind)};
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    for (i = 0; rv == APR_SUCCESS && i < sizeof(sql) / sizeof(sql[0]); i++) {
        rv = i == 0 ? spbe_database_change(database, sql[i], 4, args)
                    : spbe_database_change(database, sql[i], 3, args + 1);
    }
    return rv;
}

static apr_status_t follow(spbe_database_t *database, spbe_walk_t *walk,
                           const purge_t *purge, apr_pool_t *pool,
                           apr_pool_t *scratch)
{
    const char *args[] = {NULL, purge->id};
    apr_status_t rv = spbe_database_begin(database);
    int rows;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = purge->whole ? take_out(database, purge)
                      : follow_details(database, walk, purge, pool, scratch);
    args[0] = database->node;
    if (rv == APR_SUCCESS) {
        rv = spbe_database_exec(database, SPBE_STMT_END_PURGE, 2, args, &rows);
    }
    if (rv == APR_SUCCESS) {
        return spbe_database_commit(database);
    }
    spbe_database_rollback(database);
    return rv;
}

typedef struct orders {
    apr_array_header_t *all; /* purge_t */
    apr_pool_t *pool;
} orders_t;

static int on_order(void *baton, const char *const *v, apr_pool_t *pool)
{
    orders_t *orders = baton;
    purge_t purge = {.id = apr_pstrdup(orders->pool, v[0]),
                     .whole = strcmp(v[1], "1") == 0,
                     .first = (apr_uint64_t)apr_atoi64(v[2]),
                     .behind = (apr_uint64_t)apr_atoi64(v[3])};

    APR_ARRAY_PUSH(orders->all, purge_t) = purge;
    return 0;
}

static apr_status_t look_for(spbe_database_t *database, spbe_walk_t *walk,
                             const purge_t *purge, apr_pool_t *pool)
{
    apr_pool_t *own, *scratch;
    apr_status_t rv;
    int done;

    apr_pool_create(&own, pool);
    apr_pool_create(&scratch, own);
    rv = is_carried_out(walk, purge, &done, scratch);
    if (rv == APR_SUCCESS && done) {
        rv = follow(database, walk, purge, own, scratch);
    }
    apr_pool_destroy(own);
    return rv;
}

apr_status_t spbe_purges_look(spbe_database_t *database, const char *dir,
                              apr_pool_t *pool)
{
    orders_t orders = {apr_array_make(pool, 4, sizeof(purge_t)), pool};
    spbe_source_t source;
    spbe_walk_t *walk;
    apr_status_t rv;
    int i;

    if (spbe_database_is_shared(database)) {
        return APR_SUCCESS;
    }
    rv = spbe_select(database,
                     "SELECT id, whole, place, behind FROM purges"
                     " WHERE node = %s AND done = 0 ORDER BY ts, id"
                     " LIMIT " ORDERS,
                     1, &database->node, 4, on_order, &orders, pool);
    if (rv != APR_SUCCESS || orders.all->nelts == 0) {
        return rv;
    }
    rv = spbe_source_folder(&source, dir, pool);
    walk = spbe_walk_create(&source, pool);
    for (i = 0; rv == APR_SUCCESS && i < orders.all->nelts; i++) {
        rv = look_for(database, walk, &APR_ARRAY_IDX(orders.all, i, purge_t),
                      pool);
    }
    return rv;
}
