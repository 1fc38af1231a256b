/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/nodes.h - whose archives the database knows, and their heads.
 */
#ifndef SPBE_STORE_NODES_H
#define SPBE_STORE_NODES_H

#include "store/database.h"
#include "store/head.h"

typedef struct spbe_nodes_one {
    const char *node;
    const char *first_key; /* hexadecimal, or NULL */
    apr_uint64_t position; /* how far its records are in */
    apr_uint64_t followed; /* how far its groups are known */
    spbe_head_t head;      /* the last of these */
    const char *trouble;   /* NULL: none */
    apr_time_t updated;
} spbe_nodes_one_t;

/* Nonzero ends the query; what is given is valid during the call. */
typedef int spbe_nodes_row_t(void *baton, const spbe_nodes_one_t *node,
                             apr_pool_t *pool);
typedef int spbe_nodes_head_t(void *baton, const spbe_head_t *head,
                              apr_pool_t *pool);

/* By name. */
apr_status_t spbe_nodes_read(spbe_database_t *database, spbe_nodes_row_t *row,
                             void *baton, apr_pool_t *pool);

/*
 * The heads that were seen: of each minute the last, from that group on,
 * oldest first, and then the last of all. Each must be a group of the archive.
 */
apr_status_t spbe_nodes_heads(spbe_database_t *database, const char *node,
                              apr_uint64_t since, spbe_nodes_head_t *row,
                              void *baton, apr_pool_t *pool);

/*
 * What the database holds of a node that has another archive now is put under
 * another name, "NODE (TIME)", and the node begins anew. As the owner of a
 * shared database; within a transaction.
 */
apr_status_t spbe_nodes_set_aside(spbe_database_t *database, const char *node,
                                  const char **name, apr_pool_t *pool);

#endif
