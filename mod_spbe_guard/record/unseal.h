/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/unseal.h - opens what was sealed, with the private key of a recipient.
 *
 * For the operator's tool. Keys are wiped with the pool.
 */
#ifndef SPBE_RECORD_UNSEAL_H
#define SPBE_RECORD_UNSEAL_H

#include <apr_pools.h>
#include "record/recipients.h"

typedef struct spbe_unseal spbe_unseal_t;

spbe_unseal_t *spbe_unseal_create(apr_pool_t *pool);

/* Asks for the passphrase of a file; fills in at most size bytes, returns the
 * length or -1. */
typedef int spbe_unseal_ask_t(void *baton, const char *path, char *text,
                              size_t size);

/* A PEM file with an X25519 private key, plain or encrypted (PKCS #8). ask:
 * NULL when nobody can be asked. SPBE_BAD: *why names the file. */
spbe_rc_t spbe_unseal_add_key(spbe_unseal_t *unseal, const char *path,
                              spbe_unseal_ask_t *ask, void *baton,
                              const char **why);

/* How many private keys have been added. */
int spbe_unseal_keys(const spbe_unseal_t *unseal);

/* The ids of those that a record of kind "key" is sealed to, to be named where
 * it cannot be opened: const char *. Empty for what is no such thing. */
apr_array_header_t *spbe_unseal_recipients(spbe_span_t json, apr_pool_t *pool);

/* Details of a record of kind "key" (JSON), or a line of a rewrap file: learns
 * its content key if one of the private keys opens it. SPBE_NONE: sealed to
 * others. SPBE_BAD: no such thing, or altered. */
spbe_rc_t spbe_unseal_learn(spbe_unseal_t *unseal, spbe_span_t json);

/* Has the content key with this id been learned? */
int spbe_unseal_knows(const spbe_unseal_t *unseal, const char *key);

/* *d: the details (JSON) in pool. SPBE_NONE: the key is not known. SPBE_BAD:
 * altered, h included. */
spbe_rc_t spbe_unseal_open(const spbe_unseal_t *unseal, const char *key,
                           spbe_span_t h, spbe_span_t sealed, spbe_span_t *d,
                           apr_pool_t *pool);

/* The content key of a "key" record sealed once more, to another recipient: a
 * line of a rewrap file, without line end. SPBE_NONE as above. */
spbe_rc_t spbe_unseal_rewrap(spbe_unseal_t *unseal, spbe_span_t json,
                             const unsigned char to[SPBE_HPKE_KEY],
                             spbe_span_t *line, apr_pool_t *pool);

#endif
