/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/flush.c - the parent writes down what was counted. See flush.h.
 *
 * httpd calls monitor about every ten seconds. Children only count, so nothing
 * is lost with one of them.
 */
#include "httpd/flush.h"

#include <unistd.h>

#include <http_config.h>
#include <mpm_common.h>

#include "httpd/collapse.h"
#include "httpd/runtime.h"
#include "httpd/shorten.h"
#include "httpd/tally.h"

#define TALLY_EVERY apr_time_from_sec(60)

typedef struct parent {
    server_rec *s;
    pid_t pid;
} parent_t;

/* Asked for here, since localtime() takes a lock. */
static void note_zone(spbe_shm_t *shm)
{
    apr_time_exp_t now;

    if (apr_time_exp_lt(&now, apr_time_now()) == APR_SUCCESS) {
        __atomic_store_n(&shm->shared->utc_offset, now.tm_gmtoff, __ATOMIC_RELAXED);
    }
}

static void flush(server_rec *s, int all)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);
    spbe_shm_t *shm = runtime == NULL ? NULL : runtime->shm;
    apr_time_t now = apr_time_now();
    apr_pool_t *pool;

    if (shm == NULL) {
        return;
    }
    apr_pool_create(&pool, NULL);
    spbe_collapse_sweep(s, all, pool);
    spbe_shorten_sweep(shm);
    if (all || now - shm->tallied >= TALLY_EVERY || now < shm->tallied) {
        shm->tallied = now;
        spbe_tally_write(s, pool);
    }
    note_zone(shm);
    apr_pool_destroy(pool);
}

static int on_monitor(apr_pool_t *p, server_rec *s)
{
    flush(s, 0);
    return DECLINED;
}

/* At a stop and at each restart; children have copies of the pool. */
static apr_status_t on_end(void *data)
{
    const parent_t *parent = data;

    if (parent->pid == getpid()) {
        flush(parent->s, 1);
    }
    return APR_SUCCESS;
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                       server_rec *s)
{
    spbe_runtime_t *runtime = spbe_runtime_get(s);
    parent_t *parent;

    if (runtime == NULL || runtime->shm == NULL) {
        return OK;
    }
    note_zone(runtime->shm);
    parent = apr_palloc(pconf, sizeof(*parent));
    parent->s = s;
    parent->pid = getpid();
    apr_pool_cleanup_register(pconf, parent, on_end, apr_pool_cleanup_null);
    return OK;
}

void spbe_flush_hooks(apr_pool_t *p)
{
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_LAST);
    ap_hook_monitor(on_monitor, NULL, NULL, APR_HOOK_MIDDLE);
}
