/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/indexer.h - the process that keeps the database up to date.
 *
 * Reads the archive like any other reader. Whatever becomes of the database,
 * this process waits and tries again; nobody waits for it.
 */
#ifndef SPBE_LOGGER_INDEXER_H
#define SPBE_LOGGER_INDEXER_H

#include "logger/options.h"
#include "logger/share.h"

/* Until intake has ended and everything is indexed: 0. */
int spbe_indexer_run(const spbe_options_t *options, spbe_share_t *share,
                     apr_pool_t *pool);

#endif
