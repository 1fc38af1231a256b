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

typedef struct spbe_sealer spbe_sealer_t;

/* recipients: of spbe_recipients_read; those in use are sealed to. node: for
 * the key records. NULL when memory is short or cannot be locked at all (memory
 * that may not be locked is wiped all the same; see spbe_sealer_locked).
 * Wiped with the pool. */
spbe_sealer_t *spbe_sealer_create(const apr_array_header_t *recipients,
                                  const char *node, apr_pool_t *pool);
int spbe_sealer_locked(const spbe_sealer_t *sealer);

/*
 * In a process that was forked: forgets the key of the parent.
 */
void spbe_sealer_child(spbe_sealer_t *sealer);

/*
 * Seals encoded->d with encoded->h as associated data: sets encoded->key and
 * encoded->sealed, clears encoded->d. *fresh: a record that must be written
 * before this one, or fresh->id is NULL. Any thread, one short lock. SPBE_BAD:
 * nothing can be sealed; encoded->d is NULL then, the details are not kept.
 */
spbe_rc_t spbe_seal(spbe_sealer_t *sealer, spbe_encoded_t *encoded,
                    spbe_encoded_t *fresh, apr_time_t now, apr_pool_t *pool);

#endif
