/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/ledger.c - who has given which numbers. See ledger.h.
 *
 * pid is taken by compare and swap before anything else of a slot is written,
 * and given back after everything else: whoever is killed in between leaves a
 * slot that is FREE and has the pid of a process that is gone.
 */
#include "record/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_file_io.h>
#include <apr_mmap.h>
#include <apr_pools.h>
#include <apr_portable.h>
#include <apr_strings.h>

#define MAGIC "SPBELDG1"
#define FRESH SPBE_LEDGER_FILE ".new"

/* The file. */
typedef struct mapping {
    char magic[8];
    apr_uint32_t slots;
    apr_uint32_t slot_size;
    apr_time_t made;
    spbe_ledger_logger_t logger;
    spbe_ledger_slot_t slot[];
} mapping_t;

static size_t size_of(apr_uint32_t slots)
{
    return sizeof(mapping_t) + slots * sizeof(spbe_ledger_slot_t);
}

/* Who may write in the folder can put another file in its place. */
static apr_status_t make_dir(const char *dir, apr_pool_t *pool)
{
    struct stat info;
    apr_status_t rv = apr_dir_make_recursive(
        dir,
        APR_FPROT_UREAD | APR_FPROT_UWRITE | APR_FPROT_UEXECUTE |
            APR_FPROT_GREAD | APR_FPROT_GEXECUTE | APR_FPROT_WREAD |
            APR_FPROT_WEXECUTE,
        pool);

    if (rv != APR_SUCCESS && !APR_STATUS_IS_EEXIST(rv)) {
        return rv;
    }
    if (lstat(dir, &info) != 0) {
        return errno;
    }
    return S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
                   (info.st_mode & (S_IWGRP | S_IWOTH)) == 0
               ? APR_SUCCESS
               : APR_EACCES;
}

/* By APR's own means: the pool may live longer than this code does. */
static apr_status_t map(mapping_t **mapping, int fd, size_t size,
                        apr_pool_t *pool)
{
    apr_file_t *file = NULL;
    apr_mmap_t *mapped;
    apr_status_t rv = apr_os_file_put(&file, &fd, 0, pool);

    if (rv == APR_SUCCESS) {
        rv = apr_mmap_create(&mapped, file, 0, size,
                             APR_MMAP_READ | APR_MMAP_WRITE, pool);
    }
    if (rv == APR_SUCCESS) {
        *mapping = mapped->mm;
    }
    return rv;
}

static spbe_ledger_t *handle(mapping_t *mapping, apr_uint32_t slots,
                             apr_pool_t *pool)
{
    spbe_ledger_t *ledger = apr_palloc(pool, sizeof(*ledger));

    ledger->slots = slots;
    ledger->logger = &mapping->logger;
    ledger->slot = mapping->slot;
    return ledger;
}

static int has_layout(const mapping_t *mapping, apr_uint32_t slots, off_t size)
{
    return memcmp(mapping->magic, MAGIC, sizeof(mapping->magic)) == 0 &&
           mapping->slot_size == sizeof(spbe_ledger_slot_t) &&
           mapping->slots == slots && (off_t)size_of(slots) == size;
}

static apr_status_t map_file(spbe_ledger_t **ledger, int fd, apr_pool_t *pool)
{
    struct stat info;
    mapping_t *mapping;
    apr_uint32_t slots;
    apr_status_t rv;

    if (fstat(fd, &info) != 0) {
        return errno;
    }
    if (!S_ISREG(info.st_mode) || info.st_size < (off_t)sizeof(*mapping) ||
        info.st_size > (off_t)size_of(SPBE_LEDGER_SLOTS)) {
        return APR_EINVAL;
    }
    slots = (apr_uint32_t)(((size_t)info.st_size - sizeof(*mapping)) /
                           sizeof(spbe_ledger_slot_t));
    rv = map(&mapping, fd, (size_t)info.st_size, pool);
    if (rv != APR_SUCCESS || !has_layout(mapping, slots, info.st_size)) {
        return rv != APR_SUCCESS ? rv : APR_EINVAL;
    }
    *ledger = handle(mapping, slots, pool);
    return APR_SUCCESS;
}

static apr_status_t open_named(spbe_ledger_t **ledger, const char *dir,
                               const char *name, apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, dir, "/", name, NULL);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    apr_status_t rv;

    if (fd < 0) {
        return errno;
    }
    rv = map_file(ledger, fd, pool);
    close(fd);
    return rv;
}

apr_status_t spbe_ledger_open(spbe_ledger_t **ledger, const char *dir,
                              apr_pool_t *pool)
{
    return open_named(ledger, dir, SPBE_LEDGER_FILE, pool);
}

apr_status_t spbe_ledger_open_old(spbe_ledger_t **ledger, const char *dir,
                                  apr_pool_t *pool)
{
    return open_named(ledger, dir, SPBE_LEDGER_OLD, pool);
}

static void write_head(mapping_t *mapping, apr_uint32_t slots)
{
    mapping->slots = slots;
    mapping->slot_size = sizeof(spbe_ledger_slot_t);
    mapping->made = apr_time_now();
    memcpy(mapping->magic, MAGIC, sizeof(mapping->magic));
}

/* Under another name until it is whole. All of its room is taken at once: a
 * write into a hole of a full disk would end the process. */
static apr_status_t make_file(spbe_ledger_t **ledger, const char *path,
                              apr_uint32_t slots, apr_pool_t *pool)
{
    size_t size = size_of(slots);
    mapping_t *mapping;
    apr_status_t rv;
    int fd;

    if (unlink(path) != 0 && errno != ENOENT) {
        return errno;
    }
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return errno;
    }
    rv = posix_fallocate(fd, 0, (off_t)size);
    if (rv == APR_SUCCESS) {
        rv = map(&mapping, fd, size, pool);
    }
    close(fd);
    if (rv != APR_SUCCESS) {
        unlink(path);
        return rv;
    }
    write_head(mapping, slots);
    *ledger = handle(mapping, slots, pool);
    return APR_SUCCESS;
}

static apr_uint32_t in_use(const spbe_ledger_t *ledger)
{
    apr_uint32_t i, n = 0;

    for (i = 0; ledger != NULL && i < ledger->slots; i++) {
        n += spbe_ledger_state(&ledger->slot[i]) != SPBE_LEDGER_FREE;
    }
    return n;
}

/* to: of a file that nobody else has mapped. */
static void carry(spbe_ledger_t *to, apr_uint32_t *at,
                  const spbe_ledger_t *from)
{
    apr_uint32_t i;

    for (i = 0; from != NULL && i < from->slots && *at < to->slots; i++) {
        if (spbe_ledger_state(&from->slot[i]) != SPBE_LEDGER_FREE) {
            to->slot[*at] = from->slot[i];
            to->slot[(*at)++].state = SPBE_LEDGER_DIED;
        }
    }
}

/* Both in one file; where that cannot be made, the last one as it is. */
static apr_status_t keep(const char *dir, const spbe_ledger_t *last,
                         const spbe_ledger_t *old, apr_pool_t *pool)
{
    const char *from = apr_pstrcat(pool, dir, "/" FRESH, NULL);
    apr_uint32_t at = 0, slots = in_use(last) + in_use(old);
    spbe_ledger_t *both;

    if (make_file(&both, from,
                  slots < SPBE_LEDGER_SLOTS ? slots : SPBE_LEDGER_SLOTS,
                  pool) == APR_SUCCESS) {
        carry(both, &at, last);
        carry(both, &at, old);
    }
    else {
        from = apr_pstrcat(pool, dir, "/" SPBE_LEDGER_FILE, NULL);
    }
    return rename(from, apr_pstrcat(pool, dir, "/" SPBE_LEDGER_OLD, NULL)) == 0
               ? APR_SUCCESS
               : errno;
}

/* Damaged ones say nothing that could be kept. */
static apr_status_t keep_old(const char *dir, apr_pool_t *pool)
{
    spbe_ledger_t *last = NULL, *old = NULL;

    if (spbe_ledger_open(&last, dir, pool) != APR_SUCCESS ||
        in_use(last) == 0) {
        return APR_SUCCESS;
    }
    if (spbe_ledger_open_old(&old, dir, pool) != APR_SUCCESS) {
        old = NULL;
    }
    return keep(dir, last, old, pool);
}

apr_status_t spbe_ledger_create(spbe_ledger_t **ledger, const char *dir,
                                apr_uint32_t slots, apr_pool_t *pool)
{
    const char *fresh = apr_pstrcat(pool, dir, "/" FRESH, NULL);
    const char *path = apr_pstrcat(pool, dir, "/" SPBE_LEDGER_FILE, NULL);
    apr_pool_t *scratch;
    apr_status_t rv = make_dir(dir, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_create(&scratch, pool);
    rv = keep_old(dir, scratch);
    apr_pool_destroy(scratch);
    if (rv == APR_SUCCESS) {
        rv = make_file(ledger, fresh,
                       slots < SPBE_LEDGER_SLOTS ? slots : SPBE_LEDGER_SLOTS,
                       pool);
    }
    if (rv == APR_SUCCESS && rename(fresh, path) != 0) {
        rv = errno;
    }
    return rv;
}

spbe_ledger_state_t spbe_ledger_state(const spbe_ledger_slot_t *slot)
{
    return (spbe_ledger_state_t)__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
}

static int is_gone(apr_uint32_t pid)
{
    return pid != 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static int take(spbe_ledger_slot_t *slot, apr_uint32_t pid)
{
    apr_uint32_t owner;

    if (spbe_ledger_state(slot) != SPBE_LEDGER_FREE) {
        return 0;
    }
    owner = __atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE);
    /* Killed in a claim or a release. */
    return (owner == 0 || is_gone(owner)) &&
           __atomic_compare_exchange_n(&slot->pid, &owner, pid, 0,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

spbe_ledger_slot_t *spbe_ledger_claim(spbe_ledger_t *ledger, apr_uint32_t pid,
                                      const char *writer, apr_time_t start)
{
    spbe_ledger_slot_t *slot;
    apr_uint32_t i;

    for (i = 0; i < ledger->slots; i++) {
        slot = &ledger->slot[i];
        if (take(slot, pid)) {
            slot->start = start;
            slot->given = slot->written = slot->spilled = slot->lost = 0;
            slot->settled = 0;
            apr_cpystrn(slot->writer, writer, sizeof(slot->writer));
            __atomic_store_n(&slot->state, SPBE_LEDGER_LIVE, __ATOMIC_RELEASE);
            return slot;
        }
    }
    return NULL;
}

static void go_from_live(spbe_ledger_slot_t *slot, apr_uint32_t to)
{
    apr_uint32_t live = SPBE_LEDGER_LIVE;

    __atomic_compare_exchange_n(&slot->state, &live, to, 0, __ATOMIC_ACQ_REL,
                                __ATOMIC_RELAXED);
}

void spbe_ledger_end(spbe_ledger_slot_t *slot)
{
    go_from_live(slot, SPBE_LEDGER_ENDED);
}

void spbe_ledger_bury(spbe_ledger_t *ledger, apr_uint32_t pid)
{
    apr_uint32_t i;

    for (i = 0; i < ledger->slots; i++) {
        spbe_ledger_slot_t *slot = &ledger->slot[i];

        if (__atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE) == pid) {
            go_from_live(slot, SPBE_LEDGER_DIED);
        }
    }
}

void spbe_ledger_bury_gone(spbe_ledger_t *ledger)
{
    apr_uint32_t i;

    for (i = 0; i < ledger->slots; i++) {
        spbe_ledger_slot_t *slot = &ledger->slot[i];

        if (spbe_ledger_state(slot) == SPBE_LEDGER_LIVE &&
            is_gone(__atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE))) {
            go_from_live(slot, SPBE_LEDGER_DIED);
        }
    }
}

void spbe_ledger_name(const spbe_ledger_slot_t *slot,
                      char name[SPBE_LEDGER_WRITER])
{
    memcpy(name, slot->writer, SPBE_LEDGER_WRITER - 1);
    name[SPBE_LEDGER_WRITER - 1] = '\0';
}

void spbe_ledger_release(spbe_ledger_slot_t *slot)
{
    apr_uint32_t owner = __atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE);

    slot->writer[0] = '\0';
    __atomic_store_n(&slot->state, SPBE_LEDGER_FREE, __ATOMIC_RELEASE);
    /* The next one may have it already: its owner is gone. */
    __atomic_compare_exchange_n(&slot->pid, &owner, 0, 0, __ATOMIC_ACQ_REL,
                                __ATOMIC_RELAXED);
}
