/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/leftover.h - what stands in a pipe that nobody reads any more is kept
 * in the spill folder.
 *
 * It is copied, not taken: a reader that wakes up later finds all of it, and
 * what comes twice is recognised by its numbers.
 */
#ifndef SPBE_RECORD_LEFTOVER_H
#define SPBE_RECORD_LEFTOVER_H

#include <apr_errno.h>
#include <apr_pools.h>

/* fd: the read end; writer: after whom the files are named. */
apr_status_t spbe_leftover_copy(int fd, const char *dir, const char *writer,
                                apr_pool_t *scratch);

#endif
