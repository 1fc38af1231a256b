/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/nodes.c - whose archives the database knows, and their heads. See
 * nodes.h.
 */
#include "store/nodes.h"

#include <string.h>
#include <apr_strings.h>
#include "store/database_int.h"
#include "store/select.h"
#include "text/percent.h"
#include "text/stamp.h"

#define NODES "1000"
#define PAGE 1000

typedef struct asking {
    spbe_nodes_row_t *node;
    spbe_nodes_head_t *head;
    void *baton;
    apr_uint64_t last; /* group of the last head */
    long rows;
    int stopped;
} asking_t;

static apr_uint64_t number(const char *text)
{
    return text == NULL ? 0 : (apr_uint64_t)apr_atoi64(text);
}

static void read_head(spbe_head_t *head, const char *group, const char *hash,
                      const char *time)
{
    size_t i;

    *head =
        (spbe_head_t){.group = number(group), .time = (apr_time_t)number(time)};
    if (hash == NULL || strlen(hash) != 2 * sizeof(head->hash)) {
        return;
    }
    for (i = 0; i < sizeof(head->hash); i++) {
        head->hash[i] = (unsigned char)(spbe_percent_hex(hash[2 * i]) << 4 |
                                        spbe_percent_hex(hash[2 * i + 1]));
    }
}

static int on_node(void *baton, const char *const *v, apr_pool_t *pool)
{
    const asking_t *asking = baton;
    spbe_nodes_one_t node = {.node = v[0],
                             .first_key = v[1],
                             .position = number(v[2]),
                             .followed = number(v[3]),
                             .trouble = v[7],
                             .updated = (apr_time_t)number(v[8])};

    read_head(&node.head, v[4], v[5], v[6]);
    return asking->node(asking->baton, &node, pool);
}

apr_status_t spbe_nodes_read(spbe_database_t *database, spbe_nodes_row_t *row,
                             void *baton, apr_pool_t *pool)
{
    asking_t asking = {.node = row, .baton = baton};

    return spbe_select(database,
                       "SELECT node, first_key, position, followed,"
                       " head_group, head_hash, head_time, trouble, updated"
                       " FROM nodes ORDER BY node LIMIT " NODES,
                       0, NULL, 9, on_node, &asking, pool);
}

static int on_head(void *baton, const char *const *v, apr_pool_t *pool)
{
    asking_t *asking = baton;
    spbe_head_t head;

    read_head(&head, v[0], v[1], v[2]);
    asking->last = head.group;
    asking->rows++;
    asking->stopped = asking->head(asking->baton, &head, pool);
    return asking->stopped;
}

static apr_status_t last_head(spbe_database_t *database, const char *node,
                              asking_t *asking, apr_pool_t *pool)
{
    const char *args[] = {
        node, apr_psprintf(pool, "%" APR_UINT64_T_FMT, asking->last)};

    return spbe_select(database,
                       "SELECT head_group, head_hash, head_time FROM nodes"
                       " WHERE node = %s AND head_group > CAST(%s AS BIGINT)"
                       " LIMIT 1",
                       2, args, 3, on_head, asking, pool);
}

apr_status_t spbe_nodes_heads(spbe_database_t *database, const char *node,
                              apr_uint64_t since, spbe_nodes_head_t *row,
                              void *baton, apr_pool_t *pool)
{
    asking_t asking = {
        .head = row, .baton = baton, .last = since == 0 ? 0 : since - 1};
    apr_status_t rv;

    do {
        apr_pool_t *own;
        const char *args[2] = {node};

        apr_pool_create(&own, pool);
        args[1] = apr_psprintf(own, "%" APR_UINT64_T_FMT, asking.last);
        asking.rows = 0;
        rv = spbe_select(database,
                         "SELECT group_no, hash, ts FROM heads"
                         " WHERE node = %s AND group_no > CAST(%s AS BIGINT)"
                         " ORDER BY group_no LIMIT 1000",
                         2, args, 3, on_head, &asking, own);
        apr_pool_destroy(own);
    } while (rv == APR_SUCCESS && !asking.stopped && asking.rows == PAGE);
    return rv == APR_SUCCESS && !asking.stopped
               ? last_head(database, node, &asking, pool)
               : rv;
}

apr_status_t spbe_nodes_set_aside(spbe_database_t *database, const char *node,
                                  const char **name, apr_pool_t *pool)
{
    static const char *const tables[] = {
        "nodes",   "records", "additions", "keys",          "pieces",
        "tallies", "tallied", "anomalies", "minute_counts", "day_counts",
        "heads",   "purges",  "groups"};
    size_t i, n = sizeof(tables) / sizeof(tables[0]) -
                  (spbe_database_is_shared(database) ? 0 : 1);
    char stamp[SPBE_STAMP_SIZE];
    const char *args[2] = {NULL, node};
    apr_status_t rv = APR_SUCCESS;

    spbe_stamp_write(apr_time_now(), stamp);
    *name = apr_psprintf(pool, "%s (%s)", node, stamp);
    args[0] = *name;
    for (i = 0; rv == APR_SUCCESS && i < n; i++) {
        rv = spbe_database_change(database,
                                  apr_pstrcat(pool, "UPDATE ", tables[i],
                                              " SET node = %s WHERE node = %s",
                                              NULL),
                                  2, args);
    }
    database->has_node = 0; /* its row has gone with the others */
    return rv;
}
