/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/metrics.c - counters in the text format of Prometheus. Read from shared
 * memory without a lock; nothing in it names a visitor or an application.
 */
#include "httpd/metrics.h"

#include <http_config.h>
#include <http_protocol.h>

#include "httpd/conf.h"
#include "httpd/room.h"

static void describe(request_rec *r, const char *name, const char *type,
                     const char *help)
{
    ap_rprintf(r, "# HELP spbe_guard_%s %s\n# TYPE spbe_guard_%s %s\n", name,
               help, name, type);
}

static void put(request_rec *r, const char *name, const char *type,
                const char *help, apr_uint64_t value)
{
    describe(r, name, type, help);
    ap_rprintf(r, "spbe_guard_%s %" APR_UINT64_T_FMT "\n", name, value);
}

static void put_labelled(request_rec *r, const char *name, const char *label,
                         const char *which, apr_uint64_t value)
{
    ap_rprintf(r, "spbe_guard_%s{%s=\"%s\"} %" APR_UINT64_T_FMT "\n", name,
               label, which, value);
}

/* A logger that cannot start dies about once a second. */
static int is_up(const spbe_shm_t *shm)
{
    return shm->sink_ok
           && apr_time_now() - shm->shared->logger_died > apr_time_from_sec(10);
}

static apr_uint64_t count_writers(const spbe_ledger_t *ledger)
{
    apr_uint64_t n = 0;
    apr_uint32_t i;

    for (i = 0; i < ledger->slots; i++) {
        n += spbe_ledger_state(&ledger->slot[i]) == SPBE_LEDGER_LIVE;
    }
    return n;
}

void spbe_metrics_health(const spbe_runtime_t *runtime,
                         spbe_log_health_t *health)
{
    const spbe_pipe_t *pipe = runtime->sink->pipe;

    *health = (spbe_log_health_t){ .up = is_up(runtime->shm) };
    health->spilled =
        __atomic_load_n(&runtime->shm->shared->spill_used, __ATOMIC_RELAXED);
    health->waiting = health->spilled;
    if (pipe == NULL) {
        return;
    }
    health->waiting += (apr_uint64_t)spbe_pipe_waiting(pipe);
    if (pipe->ledger != NULL) {
        health->logger = *pipe->ledger->logger;
        health->known = health->logger.beat != 0;
        health->age = (double)(apr_time_now() - health->logger.beat)
                      / APR_USEC_PER_SEC;
        health->writers = count_writers(pipe->ledger);
    }
}

static void put_counters(request_rec *r, const spbe_counters_t *sum)
{
    int i;

#define X(name, text) put(r, #name "_total", "counter", text, sum->name);
    SPBE_COUNTERS(X)
#undef X
    describe(r, "refusals_total", "counter",
             "requests refused for their input, by the reason that decided");
    for (i = SPBE_REASON_NONE; i < SPBE_REASONS; i++) {
        const char *name = spbe_reason_name((spbe_reason_t)i);

        if (i != SPBE_REASON_NONE && i != SPBE_REASON_MALFORMED_END) {
            put_labelled(r, "refusals_total", "reason", name,
                         sum->refused_by[i]);
        }
    }
    describe(r, "leaks_total", "counter",
             "responses with a leak, by the class of its cause");
    for (i = 0; i <= SPBE_CLASS_RESOURCE; i++) {
        put_labelled(r, "leaks_total", "class",
                     spbe_class_name((spbe_class_t)i), sum->leaks_of[i]);
    }
}

static void put_logger(request_rec *r, const spbe_log_health_t *health)
{
    const spbe_ledger_logger_t *logger = &health->logger;

    describe(r, "logger_age_seconds", "gauge",
             "seconds since the logger's last sign of life");
    ap_rprintf(r, "spbe_guard_logger_age_seconds %.3f\n", health->age);
    put(r, "head_group", "gauge", "number of the last signed group",
        logger->group);
    put(r, "head_timestamp_seconds", "gauge", "when it was signed",
        (apr_uint64_t)apr_time_sec(logger->head));
    put(r, "disk_stage", "gauge",
        "of the archive's disk: 0 fine, 1 alarm, 2 index parts only, 3 counts "
        "only", logger->stage);
    put(r, "disk_free_bytes", "gauge", "on the archive's disk",
        logger->disk_free);
    put(r, "unindexed_bytes", "gauge",
        "bytes of the archive that are not in the database yet",
        logger->unindexed);
    put(r, "archived_lines_total", "counter", "lines that the logger took",
        logger->lines);
    put(r, "malformed_lines_total", "counter", "of these no records",
        logger->malformed);
    put(r, "duplicate_lines_total", "counter", "of these there already",
        logger->duplicates);
    put(r, "missing_records_total", "counter",
        "records that never reached the archive and are reported in it",
        logger->lost);
}

static void put_log(request_rec *r, const spbe_runtime_t *runtime)
{
    spbe_log_health_t health;

    spbe_metrics_health(runtime, &health);
    put(r, "log_up", "gauge",
        "1: the confidential log is open and the logger stays up",
        (apr_uint64_t)health.up);
    put(r, "writers", "gauge", "processes that write to the log",
        health.writers);
    put(r, "waiting_bytes", "gauge",
        "bytes that the logger has not taken yet, in the pipe and spilled",
        health.waiting);
    put(r, "spill_bytes", "gauge", "of these in the spill folder",
        health.spilled);
    if (health.known) {
        put_logger(r, &health);
    }
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
    put_counters(r, &sum);
    put(r, "crashes_total", "counter", "children that died",
        runtime->shm->shared->crashes);
    put(r, "logger_deaths_total", "counter",
        "times the logger ended and was started anew",
        runtime->shm->shared->logger_deaths);
    put(r, "spool_bytes", "gauge", "bytes of temporary bodies there are now",
        spbe_room_used(runtime->shm));
    put_log(r, runtime);
    return OK;
}

void spbe_metrics_hooks(apr_pool_t *p)
{
    ap_hook_handler(on_request, NULL, NULL, APR_HOOK_MIDDLE);
    spbe_metrics_status_hook();
}
