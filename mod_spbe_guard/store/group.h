/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/group.h - the line that ends a group of entries and signs it.
 *
 * {"g":number,"t":time,"up":usec,"boot":id,"n":entries,"b":hash of them,
 *  "p":hash of the group before,"k":signer,"x":next signer,"s":signature}
 * Each signature line is bound to the one before and names who may sign the
 * next. Who is trusted is decided in verify.c. See FORMAT.md.
 */
#ifndef SPBE_STORE_GROUP_H
#define SPBE_STORE_GROUP_H

#include "text/buf.h"
#include "text/rc.h"
#include <apr_time.h>

#define SPBE_HASH_SIZE 32      /* SHA-256 */
#define SPBE_SIGNER_SIZE 32    /* an Ed25519 public key, and a seed */
#define SPBE_SIGNATURE_SIZE 64 /* Ed25519 */
#define SPBE_BOOT_SIZE 9       /* 8 hexadecimal digits and a NUL */
#define SPBE_GROUP_LINE 640    /* more than any signature line has */

typedef struct spbe_group {
    apr_uint64_t number;       /* from 1 */
    apr_time_t time;           /* of the wall clock, when it was signed */
    apr_uint64_t up;           /* microseconds since the machine was started */
    char boot[SPBE_BOOT_SIZE]; /* which start of the machine */
    apr_uint64_t entries;
    unsigned char body[SPBE_HASH_SIZE]; /* see store/body.h */
    unsigned char before[SPBE_HASH_SIZE];
    unsigned char signer[SPBE_SIGNER_SIZE];
    unsigned char next[SPBE_SIGNER_SIZE];
    unsigned char signature[SPBE_SIGNATURE_SIZE];
} spbe_group_t;

/* Does the line end a group? What begins so is no entry. */
int spbe_group_is(spbe_span_t line);

/* Adds the line up to its signature. */
void spbe_group_add(spbe_buf_t *buf, const spbe_group_t *group);
/* Adds the signature, without the line end. */
void spbe_group_add_signature(
    spbe_buf_t *buf, const unsigned char signature[SPBE_SIGNATURE_SIZE]);

/* line: without line end. SPBE_OK or SPBE_BAD. */
spbe_rc_t spbe_group_parse(spbe_span_t line, spbe_group_t *group);

/* What the signature is over: a fixed text and the line up to the signature. */
void spbe_group_add_message(spbe_buf_t *buf, spbe_span_t line);

/* SHA-256 of the whole line without line end: names the group for ever. 1; 0
 * when memory is short. */
int spbe_group_hash(spbe_span_t line, unsigned char hash[SPBE_HASH_SIZE]);

#endif
