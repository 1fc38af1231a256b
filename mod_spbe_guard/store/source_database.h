/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/source_database.h - an archive read from the shared database, from any
 * machine.
 */
#ifndef SPBE_STORE_SOURCE_DATABASE_H
#define SPBE_STORE_SOURCE_DATABASE_H

#include "store/database.h"
#include "store/source.h"

/*
 * That of one node. The database must be shared (APR_ENOTIMPL else) and live
 * as long; when next or seek fail, spbe_database_error says why. APR_ENOENT:
 * nothing of that node is there.
 */
apr_status_t spbe_source_database(spbe_source_t *source,
                                  spbe_database_t *database, const char *node,
                                  apr_pool_t *pool);

#endif
