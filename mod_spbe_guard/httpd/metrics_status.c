/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/metrics_status.c - the guard's part of mod_status's page. See
 * metrics.h.
 *
 * The page is for whoever may see it by the administrator's word: numbers only.
 */
#include "httpd/metrics.h"

#include <apr_optional_hooks.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <mod_status.h>

#include "httpd/conf.h"

/* One page, in either form. */
typedef struct page {
    request_rec *r;
    int machine; /* ?auto */
} page_t;

static void row(const page_t *page, const char *name, const char *words,
                const char *value)
{
    if (page->machine) {
        ap_rprintf(page->r, "SpbeGuard%s: %s\n", name, value);
    }
    else {
        ap_rprintf(page->r, "<dt>%s: %s</dt>\n", words, value);
    }
}

static void number(const page_t *page, const char *name, const char *words,
                   apr_uint64_t value)
{
    row(page, name, words,
        apr_psprintf(page->r->pool, "%" APR_UINT64_T_FMT, value));
}

static void put_counters(const page_t *page, const spbe_counters_t *sum)
{
    number(page, "Judged", "Requests whose input was examined", sum->judged);
    number(page, "Refused", "... refused", sum->refused);
    number(page, "Errors", "Failures hidden", sum->errors);
    number(page, "LeaksFatal", "Responses with a fatal leak",
           sum->leaks_fatal);
    number(page, "LeaksNotice", "Responses with a notice", sum->leaks_notice);
    number(page, "Records", "Records written", sum->records);
    number(page, "Waited", "... that had to wait", sum->waited);
    number(page, "Spilled", "... spilled", sum->spilled);
    number(page, "Lost", "... lost", sum->lost);
    number(page, "Sealed", "... sealed", sum->sealed);
    number(page, "Unsealed", "... with details in clear", sum->unsealed);
}

static void put_logger(const page_t *page, const spbe_log_health_t *health)
{
    static const char *const stages[] = { "fine", "alarm", "index parts only",
                                          "counts only" };
    apr_pool_t *pool = page->r->pool;
    apr_uint32_t stage = health->logger.stage;

    row(page, "LoggerAge", "Logger's last sign of life, seconds ago",
        apr_psprintf(pool, "%.1f", health->age));
    number(page, "HeadGroup", "Last signed group", health->logger.group);
    row(page, "DiskStage", "Archive's disk",
        page->machine ? apr_psprintf(pool, "%u", stage)
                      : stages[stage < 4 ? stage : 3]);
    number(page, "Unindexed", "Bytes not in the database yet",
           health->logger.unindexed);
    number(page, "Missing", "Records reported missing", health->logger.lost);
}

static void put_log(const page_t *page, const spbe_runtime_t *runtime)
{
    spbe_log_health_t health;

    spbe_metrics_health(runtime, &health);
    row(page, "LogUp", "Confidential log",
        page->machine ? (health.up ? "1" : "0")
                      : (health.up ? "open" : "NOT WRITTEN TO"));
    number(page, "Waiting", "Bytes waiting for the logger", health.waiting);
    if (health.known) {
        put_logger(page, &health);
    }
}

static int on_status(request_rec *r, int flags)
{
    const spbe_runtime_t *runtime = spbe_runtime_get(r->server);
    page_t page = { r, (flags & AP_STATUS_SHORT) != 0 };
    spbe_counters_t sum;

    if (runtime == NULL || runtime->shm == NULL) {
        return DECLINED;
    }
    spbe_shm_sum(runtime->shm, &sum);
    if (!page.machine) {
        ap_rputs("<hr />\n<h2>SPBE Guard</h2>\n<dl>\n", r);
    }
    put_counters(&page, &sum);
    put_log(&page, runtime);
    if (!page.machine) {
        ap_rputs("</dl>\n", r);
    }
    return OK;
}

void spbe_metrics_status_hook(void)
{
    APR_OPTIONAL_HOOK(ap, status_hook, on_status, NULL, NULL, APR_HOOK_MIDDLE);
}
