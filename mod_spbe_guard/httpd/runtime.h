/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/runtime.h - what post_config makes: shared memory and the sink.
 */
#ifndef SPBE_HTTPD_RUNTIME_H
#define SPBE_HTTPD_RUNTIME_H

#include <httpd.h>

#include "httpd/shm.h"
#include "httpd/sink.h"

typedef struct spbe_runtime {
    spbe_shm_t *shm;
    spbe_sink_t *sink;
} spbe_runtime_t;

/* NULL before the second post_config, and when nothing is guarded. */
spbe_runtime_t *spbe_runtime_get(const server_rec *s);

void spbe_runtime_hooks(apr_pool_t *p);

#endif
