/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/metrics.h - the handler spbe-guard-metrics (Prometheus text) and the
 * guard's part of mod_status's page.
 */
#ifndef SPBE_HTTPD_METRICS_H
#define SPBE_HTTPD_METRICS_H

#include <httpd.h>
#include <apr_pools.h>

#include "httpd/runtime.h"

/* How the log does, as of now. */
typedef struct spbe_log_health {
    int up;         /* it is open, and the logger stays up */
    int known;      /* the logger has spoken: the rest is its word */
    double age;     /* seconds since it last did */
    spbe_ledger_logger_t logger;
    apr_uint64_t waiting; /* bytes in the pipe and in the spill folder */
    apr_uint64_t spilled; /* ... of these in the folder */
    apr_uint64_t writers; /* processes that write */
} spbe_log_health_t;

void spbe_metrics_health(const spbe_runtime_t *runtime,
                         spbe_log_health_t *health);

/* Of mod_status, where that is loaded. */
void spbe_metrics_status_hook(void);

void spbe_metrics_hooks(apr_pool_t *p);

#endif
