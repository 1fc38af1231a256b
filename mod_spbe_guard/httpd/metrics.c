/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/metrics.c - counters in the text format of Prometheus. Read from shared
 * memory without a lock; nothing in it names a visitor or an application.
 */
#include "httpd/metrics.h"

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

#include "httpd/conf.h"
#include "httpd/room.h"
#include "httpd/runtime.h"

static void put(request_rec *r, const char *name, const char *type,
                const char *help, apr_uint64_t value)
{
    ap_rprintf(r,
               "# HELP spbe_guard_%s %s\n# TYPE spbe_guard_%s %s\n"
               "spbe_guard_%s %" APR_UINT64_T_FMT "\n",
               name, help, name, type, name, value);
}

/* A logger that cannot start dies about once a second. */
static apr_uint64_t is_up(const spbe_shm_t *shm)
{
    return shm->sink_ok
           && apr_time_now() - shm->logger_died > apr_time_from_sec(10);
}

static int on_request(request_rec *r)
{
    const spbe_runtime_t *runtime = spbe_runtime_get(r->server);
    spbe_counters_t sum;

    if (r->handler == NULL || strcmp(r->handler, "spbe-guard-metrics") != 0) {
        return DECLINED;
    }
    if (r->method_number != M_GET) {
        r->allowed |= AP_METHOD_BIT << M_GET;
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (runtime == NULL || runtime->shm == NULL) {
        return HTTP_SERVICE_UNAVAILABLE;
    }
    spbe_shm_sum(runtime->shm, &sum);
    ap_set_content_type(r, "text/plain; version=0.0.4; charset=utf-8");
#define X(name, text) put(r, #name "_total", "counter", text, sum.name);
    SPBE_COUNTERS(X)
#undef X
    put(r, "crashes_total", "counter", "children that died",
        runtime->shm->crashes);
    put(r, "logger_deaths_total", "counter",
        "times the logger ended and was started anew",
        runtime->shm->logger_deaths);
    put(r, "spool_bytes", "gauge", "bytes of temporary bodies there are now",
        spbe_room_used(runtime->shm));
    put(r, "log_up", "gauge",
        "1: the confidential log is open and the logger stays up",
        is_up(runtime->shm));
    return OK;
}

void spbe_metrics_hooks(apr_pool_t *p)
{
    ap_hook_handler(on_request, NULL, NULL, APR_HOOK_MIDDLE);
}
