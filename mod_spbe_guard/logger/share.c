/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/share.c - what the processes know of each other. See share.h.
 *
 * A turn is odd while its part is written. A writer that was killed leaves it
 * odd, and the one after it makes it even again.
 */
#include "logger/share.h"

#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRIES 1000

spbe_share_t *spbe_share_create(void)
{
    spbe_share_t *share = mmap(NULL, sizeof(*share), PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (share == MAP_FAILED) {
        return NULL;
    }
    share->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (share->wake == -1) {
        munmap(share, sizeof(*share));
        return NULL;
    }
    if (gethostname(share->node, sizeof(share->node)) != 0) {
        strcpy(share->node, "unknown");
    }
    share->node[sizeof(share->node) - 1] = '\0';
    return share;
}

static void put(apr_uint32_t *turn, void *to, const void *from, size_t size)
{
    apr_uint32_t now = __atomic_load_n(turn, __ATOMIC_RELAXED) | 1;

    __atomic_store_n(turn, now, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    memcpy(to, from, size);
    __atomic_store_n(turn, now + 1, __ATOMIC_SEQ_CST);
}

static void get(const apr_uint32_t *turn, void *to, const void *from,
                size_t size)
{
    int i;

    for (i = 0; i < TRIES; i++) {
        apr_uint32_t before = __atomic_load_n(turn, __ATOMIC_SEQ_CST);

        memcpy(to, from, size);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (before % 2 == 0 &&
            __atomic_load_n(turn, __ATOMIC_SEQ_CST) == before) {
            return;
        }
    }
}

void spbe_share_put_intake(spbe_share_t *share, const spbe_share_intake_t *in)
{
    put(&share->intake_turn, &share->intake, in, sizeof(*in));
}

void spbe_share_put_index(spbe_share_t *share, const spbe_share_index_t *in)
{
    put(&share->index_turn, &share->index, in, sizeof(*in));
}

void spbe_share_put_keeper(spbe_share_t *share, const spbe_share_keeper_t *in)
{
    put(&share->keeper_turn, &share->keeper, in, sizeof(*in));
}

void spbe_share_get_intake(const spbe_share_t *share, spbe_share_intake_t *out)
{
    get(&share->intake_turn, out, &share->intake, sizeof(*out));
}

void spbe_share_get_index(const spbe_share_t *share, spbe_share_index_t *out)
{
    get(&share->index_turn, out, &share->index, sizeof(*out));
}

void spbe_share_get_keeper(const spbe_share_t *share, spbe_share_keeper_t *out)
{
    get(&share->keeper_turn, out, &share->keeper, sizeof(*out));
}

void spbe_share_wake(const spbe_share_t *share)
{
    uint64_t one = 1;

    /* A full counter is a wake-up that has not been taken yet. */
    if (write(share->wake, &one, sizeof(one)) == -1) {
        return;
    }
}
