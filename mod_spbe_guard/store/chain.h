/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/chain.h - who signs: the seeds of this minute and of the next.
 *
 * dir/sign.key holds two seeds, of the signer in use and of the one that comes
 * after it, twice, so that a torn write leaves one of the two. A turn makes
 * the second the first and draws a new second; the old seed is overwritten,
 * synced, before anything is signed with the new one. Nobody can sign again
 * what was signed before the last turn. Seeds are in locked memory that is in
 * no core dump.
 */
#ifndef SPBE_STORE_CHAIN_H
#define SPBE_STORE_CHAIN_H

#include "store/group.h"
#include <apr_errno.h>

#define SPBE_CHAIN_FILE "sign.key"

typedef struct spbe_chain spbe_chain_t;

/* From dir, or a new one (0600). APR_EINVAL: what is there is damaged. Wiped
 * with the pool. */
apr_status_t spbe_chain_open(spbe_chain_t **chain, const char *dir,
                             apr_pool_t *pool);

/* Was it made by opening? */
int spbe_chain_is_new(const spbe_chain_t *chain);

/* Public keys: of the signer, and of the one that comes after it. */
const unsigned char *spbe_chain_signer(const spbe_chain_t *chain);
const unsigned char *spbe_chain_next(const spbe_chain_t *chain);

/* The next one is the signer now. On failure the signer is as before. */
apr_status_t spbe_chain_turn(spbe_chain_t *chain);

/* 1; 0 when memory is short. */
int spbe_chain_sign(spbe_chain_t *chain, spbe_span_t message,
                    unsigned char signature[SPBE_SIGNATURE_SIZE]);

#endif
