/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/locked.h - memory for keys.
 *
 * Pages of their own: never swapped out, not in a core dump, empty in a forked
 * process - each as far as the kernel allows it - and wiped with the pool.
 */
#ifndef SPBE_RECORD_LOCKED_H
#define SPBE_RECORD_LOCKED_H

#include <stddef.h>
#include <apr_pools.h>

/* Zeros, or NULL when memory is short. *locked (may be NULL): it cannot be
 * swapped out. */
void *spbe_locked_alloc(size_t size, int *locked, apr_pool_t *pool);

/* Locks do not pass to a forked process: once more. 1 when it is locked. */
int spbe_locked_again(void *memory, size_t size);

#endif
