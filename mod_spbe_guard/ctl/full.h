/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/full.h - a record put together again: index part, details, and what
 * later "more" records added.
 */
#ifndef SPBE_CTL_FULL_H
#define SPBE_CTL_FULL_H

#include <apr_hash.h>
#include <cjson/cJSON.h>
#include "ctl/ctl.h"
#include "ctl/opening.h"
#include "ctl/survey.h"
#include "store/order.h"
#include "store/query.h"

/* What a reading command works with. */
typedef struct spbe_ctl_store {
    spbe_database_t *database; /* NULL: the archive itself is searched */
    spbe_survey_t *survey;     /* then */
    spbe_source_t source;
    const char *archive_error; /* why it cannot be read; NULL while it can */
    spbe_opening_t *opening;
    apr_hash_t *sources;        /* of a shared database: node to its archive */
    const char *recipients;     /* file that names them, or NULL */
    int asked;                  /* a private key was given */
    apr_array_header_t *purges; /* spbe_order_t, newest first; see below */
    apr_pool_t *pool;
} spbe_ctl_store_t;

/* --key (may be repeated), --rewrap, --passphrase-file, --recipients. */
typedef struct spbe_ctl_keys {
    apr_array_header_t *files; /* const char * */
    const char *rewrap, *passphrase_file, *recipients;
} spbe_ctl_keys_t;

/* keys: NULL when the command opens nothing. SPBE_CTL_FINE, or a code when that
 * has been said on stderr. */
int spbe_ctl_store_open(const spbe_ctl_t *ctl, spbe_ctl_store_t *store,
                        const spbe_ctl_keys_t *keys);

/* The private keys and rewrapped keys alone. NULL in *unseal without any. */
int spbe_ctl_unseal(const spbe_ctl_t *ctl, const spbe_ctl_keys_t *keys,
                    spbe_unseal_t **unseal);

/* Newest first, from the database or from the archive itself. */
apr_status_t spbe_ctl_query(const spbe_ctl_store_t *store,
                            const spbe_filter_t *filter, spbe_query_row_t *row,
                            void *baton, apr_pool_t *pool);
const char *spbe_ctl_store_error(const spbe_ctl_store_t *store);

/*
 * One object with all names, absent ones null; "complete" is false when parts
 * are missing; "details" says whether they could be read, see opening.h, and
 * "sealed_to" who could, "purged" by which order they went. Freed with pool.
 */
cJSON *spbe_ctl_full(spbe_ctl_store_t *store, const spbe_row_t *row,
                     apr_pool_t *pool);

/* The same as a sentence for people, Indonesian first; NULL when there is
 * nothing to say. */
const char *spbe_ctl_sealed(spbe_ctl_store_t *store, const cJSON *record,
                            apr_pool_t *pool);

/* The order by which what stood there was purged, or NULL. */
const spbe_order_t *spbe_ctl_purge_of(spbe_ctl_store_t *store,
                                      const spbe_row_t *row, apr_pool_t *pool);

/* Worse than "sealed": a key was given, or the archive should be readable, and
 * yet the details are not to be had. */
int spbe_ctl_failed(const spbe_ctl_store_t *store, const cJSON *record);

#endif
