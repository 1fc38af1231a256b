/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/database_node.c - whose archive is indexed, and how far. See
 * database.h.
 *
 * The row of the node is locked for the whole transaction: two processes that
 * index the same archive take turns, those of other nodes do not wait.
 */
#include "store/database_int.h"

#include <string.h>
#include <apr_strings.h>

#define COLUMNS 8
#define SELECT                                                                 \
    "SELECT position, followed, tallied_to, head_group, head_hash, head_time," \
    " first_key, trouble FROM nodes WHERE node = %s"

void spbe_database_set_node(spbe_database_t *database, const char *node)
{
    database->node = apr_pstrdup(database->pool, node);
    database->has_node = 0;
}

const char *spbe_database_node(const spbe_database_t *database)
{
    return database->node;
}

static apr_uint64_t number(const char *text)
{
    return text == NULL ? 0 : (apr_uint64_t)apr_atoi64(text);
}

static apr_status_t read_state(spbe_database_t *database, int *found)
{
    const char *sql =
        apr_pstrcat(database->scratch, SELECT, database->dialect->lock, NULL);
    const char *v[COLUMNS];
    apr_status_t rv =
        spbe_database_one(database, sql, 1, &database->node, COLUMNS, v, found);

    if (rv == APR_SUCCESS && *found) {
        database->state =
            (spbe_node_state_t){.position = number(v[0]),
                                .followed = number(v[1]),
                                .tallied_to = number(v[2]),
                                .head_group = number(v[3]),
                                .head_hash = v[4],
                                .head_time = (apr_time_t)number(v[5]),
                                .first_key = v[6],
                                .trouble = v[7]};
    }
    return rv;
}

/* A role that writes takes a node that is nobody's; the owner has none. */
static apr_status_t take_node(spbe_database_t *database)
{
    int statement = database->mode == SPBE_DATABASE_OWN ? SPBE_STMT_LEAVE_NODE
                                                        : SPBE_STMT_CLAIM_NODE;
    const char *args[] = {database->node};
    apr_status_t rv;
    int rows;

    rv = spbe_database_exec(database, SPBE_STMT_ADD_NODE, 1, args, &rows);
    if (rv == APR_SUCCESS && database->dialect->is_shared) {
        rv = spbe_database_exec(database, statement, 1, args, &rows);
    }
    database->has_node = rv == APR_SUCCESS;
    return rv;
}

apr_status_t spbe_node_load(spbe_database_t *database)
{
    apr_status_t rv = database->has_node ? APR_SUCCESS : take_node(database);
    int found;

    database->state = (spbe_node_state_t){0};
    if (rv == APR_SUCCESS) {
        rv = read_state(database, &found);
    }
    if (rv != APR_SUCCESS || found) {
        return rv;
    }
    database->has_node = 0;
    return spbe_database_say(database, APR_EACCES,
                             "the node %s is written by another role: see "
                             "nodes.writer",
                             database->node);
}

apr_status_t spbe_node_save(spbe_database_t *database)
{
    const spbe_node_state_t *state = &database->state;
    const char *args[] = {
        spbe_database_digits(database, (apr_int64_t)state->position),
        spbe_database_digits(database, (apr_int64_t)state->followed),
        spbe_database_digits(database, (apr_int64_t)state->tallied_to),
        spbe_database_digits(database, (apr_int64_t)state->head_group),
        state->head_hash,
        spbe_database_digits(database, state->head_time),
        state->first_key,
        state->trouble,
        spbe_database_digits(database, apr_time_now()),
        database->node,
    };
    int rows;

    return spbe_database_exec(database, SPBE_STMT_SET_NODE,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

apr_status_t spbe_database_position(spbe_database_t *database,
                                    apr_uint64_t *position)
{
    *position = database->state.position;
    return APR_SUCCESS;
}

apr_status_t spbe_database_set_position(spbe_database_t *database,
                                        apr_uint64_t position)
{
    database->state.position = position;
    return spbe_node_save(database);
}

apr_status_t spbe_node_blame(spbe_database_t *database, const char *why)
{
    database->state.trouble = why;
    return spbe_node_save(database);
}

apr_status_t spbe_node_start_over(spbe_database_t *database, const char *why)
{
    apr_status_t rv;

    rv = spbe_database_change(database, "DELETE FROM tallies WHERE node = %s",
                              1, &database->node);
    if (rv == APR_SUCCESS) {
        rv = spbe_database_change(database,
                                  "DELETE FROM tallied WHERE node = %s", 1,
                                  &database->node);
    }
    database->state = (spbe_node_state_t){.trouble = why};
    return rv == APR_SUCCESS ? spbe_node_save(database) : rv;
}

const char *spbe_database_trouble(const spbe_database_t *database)
{
    return database->state.trouble;
}

apr_status_t spbe_database_empty(spbe_database_t *database)
{
    static const char *const tables[] = {
        "records",   "additions",     "keys",       "pieces",
        "anomalies", "tallies",       "tallied",    "heads",
        "purges",    "minute_counts", "day_counts", "groups"};
    int is_shared = database->dialect->is_shared;
    size_t i, n = sizeof(tables) / sizeof(tables[0]) - (is_shared ? 0 : 1);
    apr_status_t rv = APR_SUCCESS;
    apr_pool_t *pool = database->scratch;

    if (!is_shared) {
        rv = spbe_database_run(database, "DELETE FROM nodes");
        database->has_node = 0;
    }
    for (i = 0; rv == APR_SUCCESS && i < n; i++) {
        rv = is_shared
                 ? spbe_database_change(database,
                                        apr_pstrcat(pool, "DELETE FROM ",
                                                    tables[i],
                                                    " WHERE node = %s", NULL),
                                        1, &database->node)
                 : spbe_database_run(database, apr_pstrcat(pool, "DELETE FROM ",
                                                           tables[i], NULL));
    }
    if (rv == APR_SUCCESS && !is_shared) {
        rv = spbe_node_load(database);
    }
    database->state = (spbe_node_state_t){0};
    return rv == APR_SUCCESS ? spbe_node_save(database) : rv;
}
