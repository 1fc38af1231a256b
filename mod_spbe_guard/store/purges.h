/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purges.h - what an operator's order to purge means for the index.
 *
 * The order stands in the archive before it is carried out, and it may be
 * refused: so what it names is looked at until it is found purged. Where the
 * details went the rows stay, marked; where everything went they go too. A
 * shared database keeps what it has until its owner purges it.
 */
#ifndef SPBE_STORE_PURGES_H
#define SPBE_STORE_PURGES_H

#include "store/database.h"

/* Remembers the order when the row is one. Within a transaction. */
apr_status_t spbe_purges_note(spbe_database_t *database, const spbe_row_t *row,
                              apr_pool_t *scratch);

/*
 * Looks in the archive in dir for what is not done yet, and follows it. Not
 * within a transaction. In a shared database: nothing.
 */
apr_status_t spbe_purges_look(spbe_database_t *database, const char *dir,
                              apr_pool_t *pool);

#endif
