/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/shm.c - what all processes of one httpd share. See shm.h.
 */
#include "httpd/shm.h"

#include <string.h>

#include <ap_mpm.h>
#include <apr_shm.h>
#include <http_log.h>

APLOG_USE_MODULE(spbe_guard);

#define KEY "spbe_guard:shm"
#define SLOTS_MIN 64
#define SLOTS_MAX 8192

static apr_uint32_t slots_wanted(void)
{
    int daemons = 0, threads = 0, n;

    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &daemons);
    ap_mpm_query(AP_MPMQ_HARD_LIMIT_THREADS, &threads);
    /* Twice: HTTP/2 has worker threads of its own. */
    n = 2 * (daemons > 0 ? daemons : 1) * (threads > 0 ? threads : 1);
    return n < SLOTS_MIN ? SLOTS_MIN : n > SLOTS_MAX ? SLOTS_MAX : n;
}

spbe_shm_t *spbe_shm_get(server_rec *s)
{
    apr_pool_t *pool = s->process->pool;
    apr_uint32_t slots = slots_wanted();
    apr_shm_t *segment;
    spbe_shm_t *shm;
    void *found = NULL;
    apr_size_t size = sizeof(*shm) + slots * sizeof(spbe_slot_t);

    apr_pool_userdata_get(&found, KEY, pool);
    if (found != NULL) {
        return found;
    }
    if (apr_shm_create(&segment, size, NULL, pool) != APR_SUCCESS) {
        return NULL;
    }
    shm = apr_shm_baseaddr_get(segment);
    memset(shm, 0, size);
    shm->slots = slots;
    /* Not setn: the key's text goes away with the module at a restart. */
    apr_pool_userdata_set(shm, KEY, NULL, pool);
    return shm;
}

spbe_slot_t *spbe_shm_claim(spbe_shm_t *shm, apr_uint32_t pid)
{
    apr_uint32_t i, nobody;

    for (i = 0; i < shm->slots; i++) {
        nobody = 0;
        if (__atomic_compare_exchange_n(&shm->slot[i].pid, &nobody, pid, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            return &shm->slot[i];
        }
    }
    return NULL;
}

void spbe_shm_free(spbe_shm_t *shm, apr_uint32_t pid)
{
    apr_uint32_t i;

    for (i = 0; i < shm->slots; i++) {
        spbe_slot_t *slot = &shm->slot[i];

        if (__atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE) == pid) {
            slot->busy = 0;
            slot->signal = 0;
            __atomic_store_n(&slot->pid, 0, __ATOMIC_RELEASE);
        }
    }
}

void spbe_shm_sum(const spbe_shm_t *shm, spbe_counters_t *sum)
{
    apr_uint32_t i;

    memset(sum, 0, sizeof(*sum));
    for (i = 0; i < shm->slots; i++) {
#define X(name, text)                                                        \
    sum->name += __atomic_load_n(&shm->slot[i].count.name, __ATOMIC_RELAXED);
        SPBE_COUNTERS(X)
#undef X
    }
}
