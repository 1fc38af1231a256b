/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/seal.h - details become unreadable in the process that wrote them.
 *
 * A process has a random content key for one minute. It is sealed to every
 * recipient in a record of kind "key", which goes out before the first record
 * that needs it; then only memory has it, locked, and after its minute nobody
 * but the recipients. See store/FORMAT.md, "Sealing".
 */
#ifndef SPBE_RECORD_SEAL_H
#define SPBE_RECORD_SEAL_H

#include <apr_tables.h>
#include <apr_time.h>
#include "record/record.h"
#include "text/rc.h"

#define SPBE_SEAL_TIME apr_time_from_sec(60)
/* Records of one key: a random nonce of 96 bits does not come twice. */
#define SPBE_SEAL_USES (1u << 20)
#define SPBE_SEAL_SUITE "X25519-SHA256-AES256GCM"
#define SPBE_SEAL_INFO "spbe-guard key 1" /* of HPKE */
#define SPBE_SEAL_KEY 32                  /* AES-256 */
#define SPBE_SEAL_NONCE 12
#define SPBE_SEAL_TAG 16

typedef struct spbe_sealer spbe_sealer_t;

/* recipients: of spbe_recipients_read; those in use are sealed to. node: for
 * the key records. NULL when memory is short or nobody is in use. Memory that
 * may not be locked is wiped all the same; see spbe_sealer_locked. Wiped with
 * the pool. */
spbe_sealer_t *spbe_sealer_create(const apr_array_header_t *recipients,
                                  const char *node, apr_pool_t *pool);
int spbe_sealer_locked(const spbe_sealer_t *sealer);

/*
 * In a process that was forked, before it has threads: forgets the key of the
 * parent, locks its own memory. Where it is forgotten, the first spbe_seal
 * still makes a key of its own.
 */
void spbe_sealer_child(spbe_sealer_t *sealer);

/*
 * Seals encoded->d with encoded->h as associated data: sets encoded->key and
 * encoded->sealed, clears encoded->d. A record without details is left as it
 * is. *fresh: a record that must be written before this one, or fresh->id is
 * NULL. Any thread, one short lock. SPBE_BAD: nothing can be sealed; encoded->d
 * is NULL then, the details are not kept.
 */
spbe_rc_t spbe_seal(spbe_sealer_t *sealer, spbe_encoded_t *encoded,
                    spbe_encoded_t *fresh, apr_time_t now, apr_pool_t *pool);

/* The key record has been written. Until this is said every spbe_seal gives it
 * once more: one that was lost would make a whole minute unreadable. */
void spbe_sealer_announced(spbe_sealer_t *sealer, const char *key);

/* Wipes a key whose minute is over; to be called every few seconds, so that an
 * idle process has none. Never waits: a key in use is looked at next time. */
void spbe_sealer_tick(spbe_sealer_t *sealer, apr_time_t now);

#endif
