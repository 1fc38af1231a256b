/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/room.c - who has how much of SpbeGuardSpoolLimit. See room.h.
 */
#include "httpd/room.h"

#include <unistd.h>

#include <http_core.h>

#include "httpd/conf.h"
#include "httpd/thread.h"

#define TAKE_AT_ONCE (1024 * 1024)

/* FNV-1a, behind the key: the address cannot be told from it. */
static apr_uint64_t hash(const spbe_shm_t *shm, const unsigned char *bytes,
                         size_t len)
{
    apr_uint64_t h = 0xcbf29ce484222325ULL;
    size_t i;

    for (i = 0; i < sizeof(shm->key) + len; i++) {
        h ^= i < sizeof(shm->key) ? shm->key[i] : bytes[i - sizeof(shm->key)];
        h *= 0x100000001b3ULL;
    }
    return h;
}

/* Whose bodies are counted together: an IPv4 address, or the /64 of an IPv6
 * one; what has neither is one client. */
static apr_uint64_t client_of(const spbe_shm_t *shm,
                              const apr_sockaddr_t *address)
{
    const unsigned char *bytes;

    if (address == NULL) {
        return 0;
    }
    bytes = address->ipaddr_ptr;
#if APR_HAVE_IPV6
    if (address->family == APR_INET6) {
        const struct in6_addr *six = address->ipaddr_ptr;

        return IN6_IS_ADDR_V4MAPPED(six) ? hash(shm, bytes + 12, 4)
                                         : hash(shm, bytes, 8);
    }
#endif
    return address->family == APR_INET ? hash(shm, bytes, 4) : 0;
}

static spbe_lease_t *find_lease(const spbe_shm_t *shm, apr_uint64_t client)
{
    apr_uint32_t i, nobody, pid = (apr_uint32_t)getpid();

    for (i = 0; i < shm->leases; i++) {
        spbe_lease_t *lease = &shm->lease[i];

        nobody = 0;
        if (__atomic_load_n(&lease->pid, __ATOMIC_RELAXED) == 0 &&
            __atomic_compare_exchange_n(&lease->pid, &nobody, pid, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            __atomic_store_n(&lease->client, client, __ATOMIC_SEQ_CST);
            return lease;
        }
    }
    return NULL;
}

static void end_lease(spbe_lease_t *lease, apr_uint32_t pid)
{
    if (__atomic_load_n(&lease->pid, __ATOMIC_ACQUIRE) == pid) {
        __atomic_store_n(&lease->bytes, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&lease->pid, 0, __ATOMIC_RELEASE);
    }
}

static apr_uint64_t used_by(const spbe_shm_t *shm, apr_uint64_t client)
{
    apr_uint64_t sum = 0;
    apr_uint32_t i;

    for (i = 0; i < shm->leases; i++) {
        const spbe_lease_t *lease = &shm->lease[i];

        if (__atomic_load_n(&lease->client, __ATOMIC_SEQ_CST) == client) {
            sum += __atomic_load_n(&lease->bytes, __ATOMIC_SEQ_CST);
        }
    }
    return sum;
}

static apr_uint64_t limit_of(const request_rec *r)
{
    const spbe_server_conf_t *conf = spbe_conf_server(r->server);

    return conf->spool_limit == SPBE_UNSET ? SPBE_SPOOL_LIMIT_DEFAULT
                                           : (apr_uint64_t)conf->spool_limit;
}

/* One client may have a quarter of the limit, or one body as large as any may
 * be here, but never more than half: others remain served. */
static apr_uint64_t share_of(const request_rec *r, apr_uint64_t limit)
{
    apr_off_t one = ap_get_limit_req_body(r);

    if (one <= 0 || (apr_uint64_t)one > limit / 2) {
        return limit / 2;
    }
    return (apr_uint64_t)one > limit / 4 ? (apr_uint64_t)one : limit / 4;
}

/* First taken, then counted: two that come at once may both be refused, never
 * both be let in. */
static const char *take(spbe_room_t *room, const request_rec *r,
                        apr_uint64_t bytes)
{
    const spbe_shm_t *shm = spbe_thread_shm();
    apr_uint64_t limit = limit_of(r);
    const char *why = NULL;

    __atomic_fetch_add(&room->lease->bytes, bytes, __ATOMIC_SEQ_CST);
    if (spbe_room_used(shm) > limit) {
        why = "SpbeGuardSpoolLimit is reached";
    }
    else if (used_by(shm, room->lease->client) > share_of(r, limit)) {
        why = "one client's share of SpbeGuardSpoolLimit is reached";
    }
    if (why != NULL) {
        __atomic_fetch_sub(&room->lease->bytes, bytes, __ATOMIC_SEQ_CST);
        return why;
    }
    room->bytes += bytes;
    return NULL;
}

const char *spbe_room_take(spbe_room_t *room, const request_rec *r,
                           apr_uint64_t bytes)
{
    const spbe_shm_t *shm = spbe_thread_shm();

    if (shm == NULL || bytes <= room->bytes) {
        return NULL;
    }
    if (room->lease == NULL) {
        room->lease = find_lease(shm, client_of(shm, r->useragent_addr));
    }
    if (room->lease == NULL) {
        return "there are too many temporary bodies";
    }
    bytes -= room->bytes;
    if (bytes < TAKE_AT_ONCE && take(room, r, TAKE_AT_ONCE) == NULL) {
        return NULL;
    }
    return take(room, r, bytes);
}

void spbe_room_give(spbe_room_t *room)
{
    if (room->lease != NULL) {
        end_lease(room->lease, (apr_uint32_t)getpid());
    }
    *room = (spbe_room_t){0};
}

apr_uint64_t spbe_room_used(const spbe_shm_t *shm)
{
    apr_uint64_t sum = 0;
    apr_uint32_t i;

    for (i = 0; i < shm->leases; i++) {
        sum += __atomic_load_n(&shm->lease[i].bytes, __ATOMIC_SEQ_CST);
    }
    return sum;
}

void spbe_room_free(spbe_shm_t *shm, apr_uint32_t pid)
{
    apr_uint32_t i;

    for (i = 0; i < shm->leases; i++) {
        end_lease(&shm->lease[i], pid);
    }
}
