/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/metrics.h - the handler spbe-guard-metrics: Prometheus text.
 */
#ifndef SPBE_HTTPD_METRICS_H
#define SPBE_HTTPD_METRICS_H

#include <apr_pools.h>

void spbe_metrics_hooks(apr_pool_t *p);

#endif
