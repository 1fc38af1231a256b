/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/keeper.h - the process that httpd knows.
 *
 * Starts intake and index, starts each again when it dies, and ends when both
 * have. It waits for nothing but its children and holds nothing that they need,
 * so nothing holds it up.
 */
#ifndef SPBE_LOGGER_KEEPER_H
#define SPBE_LOGGER_KEEPER_H

#include "logger/options.h"
#include "logger/share.h"
#include "record/ledger.h"

/* What intake says when it ends by itself. */
#define SPBE_KEEPER_DONE 0  /* everything that came is kept */
#define SPBE_KEEPER_LOST 1  /* something could not be */
#define SPBE_KEEPER_AGAIN 2 /* it could not begin */

/* The exit code of the program. ledger, old: NULL where there is none. */
int spbe_keeper_run(const spbe_options_t *options, spbe_share_t *share,
                    spbe_ledger_t *ledger, spbe_ledger_t *old,
                    apr_pool_t *pool);

#endif
