/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/pem.h - keys of operators as PEM, and where private ones lie about.
 *
 * A private key is PKCS #8; under a passphrase PBES2 with PBKDF2-HMAC-SHA256
 * and AES-256-CBC, which both openssl and WebCrypto open.
 */
#ifndef SPBE_CTL_PEM_H
#define SPBE_CTL_PEM_H

#include <apr_tables.h>
#include "record/recipients.h"

#define SPBE_PEM_ITERATIONS 600000

/* A new pair of keys. *pem: the private one with a comment before it that names
 * the recipient, wiped with the pool. passphrase empty: none. */
spbe_rc_t spbe_pem_make(spbe_span_t passphrase, const char *name,
                        unsigned char public_key[SPBE_HPKE_KEY],
                        const char **pem, apr_pool_t *pool);

/* The public key as a block of PEM. NULL when memory is short. */
const char *spbe_pem_public(const unsigned char public_key[SPBE_HPKE_KEY],
                            apr_pool_t *pool);

/* A private key that somebody can read on this machine. */
typedef struct spbe_pem_found {
    const char *path;
    char id[SPBE_RECIPIENT_ID]; /* "": under a passphrase and not named */
    int wrapped;                /* under a passphrase */
} spbe_pem_found_t;

/* Adds to found what is a private X25519 key in that file, or in the folder and
 * the folders in it, so many deep (at most 4096 files). */
void spbe_pem_search(const char *path, int deep, apr_array_header_t *found,
                     apr_pool_t *pool);

#endif
