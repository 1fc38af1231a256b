/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/recipients.h - who can read the details: a file of public keys.
 *
 * PEM as "openssl pkey -pubout" writes X25519 keys, one or more; a line
 * "# name: TEXT" before a block names it, "# retired: DATE" says that nothing
 * new is sealed to it. Everything else outside the blocks is for people.
 */
#ifndef SPBE_RECORD_RECIPIENTS_H
#define SPBE_RECORD_RECIPIENTS_H

#include <apr_tables.h>
#include "record/hpke.h"

#define SPBE_RECIPIENTS_MAX 16
#define SPBE_RECIPIENTS_FILE "/etc/spbe-guard/recipients.pem"
#define SPBE_RECIPIENT_ID 17 /* 16 hexadecimal digits and a NUL */

typedef struct spbe_recipient {
    char id[SPBE_RECIPIENT_ID]; /* the first 8 bytes of SHA-256 of the key */
    const char *name;           /* "" when it has none */
    const char *retired;        /* NULL while it is in use */
    unsigned char key[SPBE_HPKE_KEY];
} spbe_recipient_t;

/* The id of a raw public key. */
void spbe_recipient_id(const unsigned char key[SPBE_HPKE_KEY],
                       char id[SPBE_RECIPIENT_ID]);

/* *recipients: spbe_recipient_t, in the order of the file. SPBE_BAD: *why names
 * line and reason (no X25519 key, the same key twice, a private key in it, too
 * many, none). */
spbe_rc_t spbe_recipients_parse(spbe_span_t text,
                                apr_array_header_t **recipients,
                                const char **why, apr_pool_t *pool);

/* The same from a file; *why names it. */
spbe_rc_t spbe_recipients_read(const char *path,
                               apr_array_header_t **recipients,
                               const char **why, apr_pool_t *pool);

/* How many have not retired. */
int spbe_recipients_in_use(const apr_array_header_t *recipients);

#endif
