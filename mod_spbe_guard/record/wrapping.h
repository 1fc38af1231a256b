/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/wrapping.h - a content key, sealed to recipients, as JSON:
 *
 * {"key":ID,"suite":"X25519-SHA256-AES256GCM",
 *  "to":[{"r":recipient,"enc":base64url,"ct":base64url}]}
 *
 * The details of a record of kind "key", and a line of a rewrap file.
 */
#ifndef SPBE_RECORD_WRAPPING_H
#define SPBE_RECORD_WRAPPING_H

#include "record/recipients.h"
#include "record/seal.h"
#include "text/buf.h"
#include "text/jsontree.h"

typedef struct spbe_wrapping {
    const char *id;
    const spbe_node_t *to; /* array; its elements are not checked */
} spbe_wrapping_t;

/* SPBE_BAD: to one of them nothing can be sealed. */
spbe_rc_t spbe_wrapping_write(spbe_buf_t *json, const char *id,
                              const unsigned char key[SPBE_SEAL_KEY],
                              const spbe_recipient_t *to, int recipients);

/* From anyone. SPBE_BAD: no such thing. */
spbe_rc_t spbe_wrapping_read(spbe_span_t json, spbe_wrapping_t *wrapping,
                             apr_pool_t *pool);

/* The recipient of an element, or the empty span. */
spbe_span_t spbe_wrapping_recipient(const spbe_node_t *one);

/* The content key in an element. SPBE_BAD: not for this private key, or
 * altered. */
spbe_rc_t spbe_wrapping_open(const spbe_wrapping_t *wrapping,
                             const spbe_node_t *one,
                             const unsigned char private_key[SPBE_HPKE_KEY],
                             unsigned char key[SPBE_SEAL_KEY],
                             apr_pool_t *pool);

#endif
