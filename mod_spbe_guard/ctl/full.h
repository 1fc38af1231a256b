/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/full.h - a record put together again: index part, details, and what
 * later "more" records added.
 */
#ifndef SPBE_CTL_FULL_H
#define SPBE_CTL_FULL_H

#include <cjson/cJSON.h>
#include "ctl/ctl.h"
#include "store/archive.h"
#include "store/query.h"

/* The files that a reading command needs. */
typedef struct spbe_ctl_store {
    spbe_database_t *database;
    spbe_archive_t *archive;   /* NULL: details cannot be read */
    const char *archive_error; /* why; NULL while it can */
} spbe_ctl_store_t;

/* SPBE_CTL_FINE, or a code when that has been said on stderr. */
int spbe_ctl_store_open(const spbe_ctl_t *ctl, spbe_ctl_store_t *store);

/*
 * One object with all names, absent ones null; "complete" is false when parts
 * are missing. Freed with pool.
 */
cJSON *spbe_ctl_full(const spbe_ctl_store_t *store, const spbe_row_t *row,
                     apr_pool_t *pool);

#endif
