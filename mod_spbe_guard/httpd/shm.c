/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/shm.c - what all processes of one httpd share. See shm.h.
 */
#include "httpd/shm.h"

#include <signal.h>
#include <string.h>
#include <sys/random.h>

#include <ap_mpm.h>
#include <apr_shm.h>
#include <http_log.h>

#include "httpd/room.h"

APLOG_USE_MODULE(spbe_guard);

/* With the number of the layout: a graceful restart may bring a new module. */
#define KEY "spbe_guard:shm:7"
#define ANOMALIES 2048
#define ACCESS 1024
#define ERRORS 1024
#define TALLIES 1024
#define SLOTS_MIN 64
#define SLOTS_MAX 8192
#define LEASES 4096

static apr_uint32_t slots_wanted(void)
{
    int daemons = 0, threads = 0, n;

    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &daemons);
    ap_mpm_query(AP_MPMQ_HARD_LIMIT_THREADS, &threads);
    /* Twice: HTTP/2 has worker threads of its own. */
    n = 2 * (daemons > 0 ? daemons : 1) * (threads > 0 ? threads : 1);
    return n < SLOTS_MIN ? SLOTS_MIN : n > SLOTS_MAX ? SLOTS_MAX : n;
}

static apr_size_t aligned(apr_size_t size)
{
    return APR_ALIGN(size, 64);
}

/* The next part of the memory; only its address is counted while there is none:
 * base is NULL. */
static void *part(char *base, apr_size_t *at, apr_size_t size)
{
    void *here = base == NULL ? NULL : base + *at;

    *at = aligned(*at + size);
    return here;
}

/* Where everything lies; the size of the whole. */
static apr_size_t lay_out(spbe_shm_t *shm, char *base)
{
    apr_size_t at = 0;

    shm->shared = part(base, &at, sizeof(*shm->shared));
    shm->slot = part(base, &at, shm->slots * sizeof(*shm->slot));
    shm->lease = part(base, &at, shm->leases * sizeof(*shm->lease));
    spbe_flood_init(&shm->anomalies,
                    part(base, &at, spbe_flood_size(ANOMALIES)), ANOMALIES);
    spbe_flood_init(&shm->access, part(base, &at, spbe_flood_size(ACCESS)),
                    ACCESS);
    spbe_flood_init(&shm->errors, part(base, &at, spbe_flood_size(ERRORS)),
                    ERRORS);
    spbe_tallies_init(&shm->tallies,
                      part(base, &at, spbe_tallies_size(TALLIES)), TALLIES);
    return at;
}

spbe_flood_t *spbe_shm_anomalies(spbe_shm_t *shm)
{
    return &shm->anomalies;
}

spbe_flood_t *spbe_shm_access(spbe_shm_t *shm)
{
    return &shm->access;
}

spbe_flood_t *spbe_shm_errors(spbe_shm_t *shm)
{
    return &shm->errors;
}

spbe_tallies_t *spbe_shm_tallies(spbe_shm_t *shm)
{
    return &shm->tallies;
}

/* Without random bytes the key stays zero and no hash is written. */
static void make_key(spbe_shm_t *shm)
{
    if (getrandom(shm->key, sizeof(shm->key), 0)
        != (ssize_t)sizeof(shm->key)) {
        memset(shm->key, 0, sizeof(shm->key));
    }
}

static spbe_shm_t *make(apr_pool_t *pool)
{
    spbe_shm_t *shm = apr_pcalloc(pool, sizeof(*shm));
    apr_shm_t *segment;
    apr_size_t size;
    char *base;

    shm->slots = slots_wanted();
    shm->leases = LEASES;
    size = lay_out(shm, NULL);
    if (apr_shm_create(&segment, size, NULL, pool) != APR_SUCCESS) {
        return NULL;
    }
    base = apr_shm_baseaddr_get(segment);
    memset(base, 0, size);
    lay_out(shm, base);
    make_key(shm);
    return shm;
}

spbe_shm_t *spbe_shm_get(server_rec *s)
{
    apr_pool_t *pool = s->process->pool;
    void *found = NULL;
    spbe_shm_t *shm;

    apr_pool_userdata_get(&found, KEY, pool);
    if (found != NULL) {
        return found;
    }
    shm = make(pool);
    if (shm != NULL) {
        /* Not setn: the key's text goes away with the module at a restart. */
        apr_pool_userdata_set(shm, KEY, NULL, pool);
    }
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
    spbe_room_free(shm, pid);
}

static int in_range(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

void spbe_shm_read(const spbe_slot_t *slot, spbe_slot_t *copy)
{
    memcpy(copy, slot, sizeof(*copy));
    copy->depth = in_range(copy->depth, SPBE_SLOT_STACK);
    copy->signal = in_range(copy->signal, NSIG - 1);
    copy->ref.id[sizeof(copy->ref.id) - 1] = '\0';
    copy->ref.ref[sizeof(copy->ref.ref) - 1] = '\0';
    copy->method[sizeof(copy->method) - 1] = '\0';
    copy->route[sizeof(copy->route) - 1] = '\0';
    copy->host[sizeof(copy->host) - 1] = '\0';
    copy->application[sizeof(copy->application) - 1] = '\0';
}

void spbe_shm_sum(const spbe_shm_t *shm, spbe_counters_t *sum)
{
    apr_uint64_t *to = (apr_uint64_t *)sum;
    apr_uint32_t i;
    size_t n;

    memset(sum, 0, sizeof(*sum));
    for (i = 0; i < shm->slots; i++) {
        const apr_uint64_t *from = (const apr_uint64_t *)&shm->slot[i].count;

        for (n = 0; n < sizeof(*sum) / sizeof(*to); n++) {
            to[n] += __atomic_load_n(&from[n], __ATOMIC_RELAXED);
        }
    }
}
