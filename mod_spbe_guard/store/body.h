/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/body.h - the hash of a group's entries.
 *
 * leaf = SHA-256("spbe-entry-1" SHA-256(entry without its hidden value)
 *                SHA-256(hidden value))
 * body = SHA-256("spbe-group-1" leaf leaf ...)
 * So a hidden value can be taken out and replaced by its hash, and the body's
 * hash stays the same. See spbe_entry_split and FORMAT.md.
 */
#ifndef SPBE_STORE_BODY_H
#define SPBE_STORE_BODY_H

#include "store/entry.h"
#include "store/group.h"

typedef struct spbe_body spbe_body_t;

/* NULL when memory is short. Lives as long as the pool. */
spbe_body_t *spbe_body_create(apr_pool_t *pool);

void spbe_body_start(spbe_body_t *body);

/* One entry, without line end. */
void spbe_body_add(spbe_body_t *body, spbe_span_t text);

/* Many, each with its line end. */
void spbe_body_add_all(spbe_body_t *body, spbe_span_t entries);

/* Entries since the start; of these: with a hidden value, and with one taken
 * out. */
apr_uint64_t spbe_body_entries(const spbe_body_t *body);
apr_uint64_t spbe_body_hidden(const spbe_body_t *body);
apr_uint64_t spbe_body_emptied(const spbe_body_t *body);

/* 1; 0 when memory was short. */
int spbe_body_end(spbe_body_t *body, unsigned char hash[SPBE_HASH_SIZE]);

/* The hash of a hidden value, as it stands in an entry instead of it. */
int spbe_body_hash_hidden(spbe_body_t *body, spbe_span_t hidden,
                          unsigned char hash[SPBE_HASH_SIZE]);

#endif
