/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/groups.h - the groups of an archive, followed one by one.
 *
 * Each must be the one that the group before announced: an archive that was
 * cut, rolled back or exchanged is noticed by what the database knows of it. A
 * shared database takes every group as it was signed, so that the archive can
 * be read and verified from there; see store/source.h.
 */
#ifndef SPBE_STORE_GROUPS_H
#define SPBE_STORE_GROUPS_H

#include "store/database.h"

typedef struct spbe_groups spbe_groups_t;

/* Of the archive in dir. */
spbe_groups_t *spbe_groups_create(spbe_database_t *database, const char *dir,
                                  apr_pool_t *pool);

/*
 * Reads from the archive whose it is and names the database's node after it.
 * APR_EOF: there is no archive yet. Not within a transaction.
 */
apr_status_t spbe_groups_learn(spbe_groups_t *groups);

/*
 * Within a transaction: follows the groups until that address is behind one,
 * or all that are there. size: of the archive now. What it has read is on the
 * disk when it returns. *fits 0: the archive is not the one that the database
 * knows, and spbe_database_error says why.
 */
apr_status_t spbe_groups_follow(spbe_groups_t *groups, apr_uint64_t upto,
                                apr_uint64_t size, int *fits);

#endif
