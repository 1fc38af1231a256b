/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/replay.h - gives a body that was read early to whoever handles the
 * request, byte for byte, and then what has not been read yet.
 */
#ifndef SPBE_HTTPD_REPLAY_H
#define SPBE_HTTPD_REPLAY_H

#include "httpd/spool.h"

/* For r, unless it has one. httpd drops the filter at an internal redirect: the
 * request that follows gets its own, from the body's begin. */
void spbe_replay_insert(request_rec *r, spbe_spool_t *spool);

void spbe_replay_hooks(apr_pool_t *p);

#endif
