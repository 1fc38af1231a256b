/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/ref.h - identities: the record id (UUIDv7, RFC 9562), never shown to a
 * visitor, and the public reference, shown to visitors and read over the
 * telephone. Both are random (getrandom); the reference carries no information.
 */
#ifndef SPBE_RECORD_REF_H
#define SPBE_RECORD_REF_H

#include <apr_time.h>
#include "text/span.h"

#define SPBE_ID_SIZE 37  /* 36 characters and NUL */
#define SPBE_REF_SIZE 14 /* "7QF3-M2P9-XKD": 13 characters and NUL */

typedef struct spbe_ref {
    char id[SPBE_ID_SIZE];
    char ref[SPBE_REF_SIZE];
} spbe_ref_t;

/* 1; 0 when the kernel gives no random bytes (then both are empty). */
int spbe_ref_make(spbe_ref_t *ref, apr_time_t now);

/*
 * What a person typed: case, spaces and hyphens do not matter; I L O are read
 * as 1 1 0. 1 and the canonical form in out when the check symbol agrees (ten
 * symbols of Crockford base32 and one check symbol: their value modulo 37);
 * '*' '~' '$' '=' 'U' are possible check symbols and accepted.
 */
int spbe_ref_parse(spbe_span_t typed, char out[SPBE_REF_SIZE]);

#endif
