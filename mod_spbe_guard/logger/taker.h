/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/taker.h - the process that takes records in: intake.
 *
 * Pipe, spill folder and drop folder to the archive, and nothing else: it has
 * no network, starts nothing, and waits for nobody but the disk.
 */
#ifndef SPBE_LOGGER_TAKER_H
#define SPBE_LOGGER_TAKER_H

#include "logger/options.h"
#include "logger/share.h"
#include "record/ledger.h"

/* Until the end of the pipe: SPBE_KEEPER_DONE or SPBE_KEEPER_LOST. */
int spbe_taker_run(const spbe_options_t *options, spbe_share_t *share,
                   spbe_ledger_t *ledger, spbe_ledger_t *old, apr_pool_t *pool);

#endif
