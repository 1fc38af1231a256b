/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/watch.h - ends a conversation with a server that does not answer.
 *
 * The server's own time limits do not help when it is stopped or its machine
 * hangs, and the driver waits for ever. A thread shuts the socket down; the
 * driver then reports a lost connection.
 */
#ifndef SPBE_STORE_WATCH_H
#define SPBE_STORE_WATCH_H

#include <apr_pools.h>
#include <apr_time.h>

typedef struct spbe_watch spbe_watch_t;

/* NULL when there can be no thread. The thread ends with the pool; fd stays
 * the caller's and must be open as long. */
spbe_watch_t *spbe_watch_create(int fd, apr_pool_t *pool);

/* From here on it may take that long. watch may be NULL. */
void spbe_watch_begin(spbe_watch_t *watch, apr_interval_time_t limit);
/* 1: it took longer, and the socket was shut down. */
int spbe_watch_end(spbe_watch_t *watch);

#endif
