/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/chain.c - who signs. See chain.h.
 */
#include "store/chain.h"

#include "store/firstkey.h"
#include "text/base64url.h"
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each slot in a block of its own: one torn write cannot reach the other. */
#define SLOTS 2
#define SLOT_AT 4096
#define MAGIC "spbe-guard signers 1\n"

typedef struct slot {
    char magic[sizeof(MAGIC) - 1];
    unsigned char turn[8]; /* big-endian; the higher one is newer */
    unsigned char signer[SPBE_SIGNER_SIZE];
    unsigned char next[SPBE_SIGNER_SIZE];
    unsigned char sum[SPBE_HASH_SIZE]; /* SHA-256 of what stands before */
} slot_t;

/* On a page of its own. */
typedef struct secret {
    slot_t slot;  /* in use */
    slot_t other; /* read, or to be written */
} secret_t;

struct spbe_chain {
    int fd;
    int is_new;
    secret_t *secret;
    EVP_PKEY *key; /* of slot.signer */
    unsigned char signer[SPBE_SIGNER_SIZE];
    unsigned char next[SPBE_SIGNER_SIZE];
};

static apr_status_t close_chain(void *data)
{
    spbe_chain_t *chain = data;

    if (chain->secret != NULL) {
        OPENSSL_cleanse(chain->secret, sizeof(*chain->secret));
        munmap(chain->secret, sizeof(*chain->secret));
        chain->secret = NULL;
    }
    EVP_PKEY_free(chain->key);
    chain->key = NULL;
    if (chain->fd != -1) {
        close(chain->fd);
        chain->fd = -1;
    }
    return APR_SUCCESS;
}

static secret_t *map_secret(void)
{
    void *page = mmap(NULL, sizeof(secret_t), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED) {
        return NULL;
    }
    /* Where memory may not be locked it is wiped all the same. */
    (void)mlock(page, sizeof(secret_t));
    (void)madvise(page, sizeof(secret_t), MADV_DONTDUMP);
    return page;
}

static int draw(unsigned char *out, size_t len)
{
    ssize_t n;

    do {
        n = getrandom(out, len, 0);
    } while (n == -1 && errno == EINTR);
    return n == (ssize_t)len;
}

static int sum_of(const slot_t *slot, unsigned char sum[SPBE_HASH_SIZE])
{
    return EVP_Digest(slot, offsetof(slot_t, sum), sum, NULL, EVP_sha256(),
                      NULL) == 1;
}

static int is_whole(const slot_t *slot)
{
    unsigned char sum[SPBE_HASH_SIZE];

    return memcmp(slot->magic, MAGIC, sizeof(slot->magic)) == 0 &&
           sum_of(slot, sum) && memcmp(sum, slot->sum, sizeof(sum)) == 0;
}

static apr_status_t write_slot(int fd, int i, const slot_t *slot)
{
    ssize_t n;

    do {
        n = pwrite(fd, slot, sizeof(*slot), (off_t)i * SLOT_AT);
    } while (n == -1 && errno == EINTR);
    if (n != (ssize_t)sizeof(*slot)) {
        return n == -1 ? errno : APR_ENOSPC;
    }
    return fdatasync(fd) == 0 ? APR_SUCCESS : errno;
}

/* The one behind the one in use first: killed in between, the first is whole;
 * then the first, so that the old seed is gone from both. */
static apr_status_t write_slots(int fd, const slot_t *slot)
{
    apr_status_t rv = write_slot(fd, 1, slot);

    return rv == APR_SUCCESS ? write_slot(fd, 0, slot) : rv;
}

static EVP_PKEY *key_of(const unsigned char seed[SPBE_SIGNER_SIZE],
                        unsigned char out[SPBE_SIGNER_SIZE])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
                                                 SPBE_SIGNER_SIZE);
    size_t len = SPBE_SIGNER_SIZE;

    if (key != NULL && EVP_PKEY_get_raw_public_key(key, out, &len) != 1) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

/* Takes what is in secret->slot. */
static apr_status_t use_slot(spbe_chain_t *chain)
{
    unsigned char signer[SPBE_SIGNER_SIZE], next[SPBE_SIGNER_SIZE];
    EVP_PKEY *key = key_of(chain->secret->slot.signer, signer);
    EVP_PKEY *other = key_of(chain->secret->slot.next, next);

    EVP_PKEY_free(other);
    if (key == NULL || other == NULL) {
        EVP_PKEY_free(key);
        return APR_ENOMEM;
    }
    EVP_PKEY_free(chain->key);
    chain->key = key;
    memcpy(chain->signer, signer, sizeof(signer));
    memcpy(chain->next, next, sizeof(next));
    return APR_SUCCESS;
}

static int finish_slot(slot_t *slot, apr_uint64_t turn)
{
    size_t i;

    memcpy(slot->magic, MAGIC, sizeof(slot->magic));
    for (i = 0; i < sizeof(slot->turn); i++) {
        slot->turn[i] = (unsigned char)(turn >> (56 - 8 * i));
    }
    return sum_of(slot, slot->sum);
}

static apr_uint64_t turn_of(const slot_t *slot)
{
    apr_uint64_t turn = 0;
    size_t i;

    for (i = 0; i < sizeof(slot->turn); i++) {
        turn = turn << 8 | slot->turn[i];
    }
    return turn;
}

static apr_status_t read_slot(int fd, int i, slot_t *slot)
{
    ssize_t n;

    do {
        n = pread(fd, slot, sizeof(*slot), (off_t)i * SLOT_AT);
    } while (n == -1 && errno == EINTR);
    if (n != (ssize_t)sizeof(*slot)) {
        memset(slot, 0, sizeof(*slot));
    }
    return n == -1 ? errno : APR_SUCCESS;
}

/* Both slots; where they differ a write was torn, and is done again. */
static apr_status_t load(spbe_chain_t *chain)
{
    slot_t *slot = &chain->secret->slot, *other = &chain->secret->other;
    apr_status_t rv = read_slot(chain->fd, 0, slot);

    if (rv == APR_SUCCESS) {
        rv = read_slot(chain->fd, 1, other);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!is_whole(slot) && !is_whole(other)) {
        return APR_EINVAL;
    }
    if (!is_whole(slot) ||
        (is_whole(other) && turn_of(other) > turn_of(slot))) {
        *slot = *other;
    }
    rv = use_slot(chain);
    return rv == APR_SUCCESS ? write_slots(chain->fd, slot) : rv;
}

/* A first signer whose check symbol can be read out. */
static apr_status_t draw_first(spbe_chain_t *chain)
{
    slot_t *slot = &chain->secret->slot;
    apr_status_t rv;

    do {
        if (!draw(slot->signer, sizeof(slot->signer)) ||
            !draw(slot->next, sizeof(slot->next))) {
            return APR_ENOTENOUGHENTROPY;
        }
        rv = use_slot(chain);
    } while (rv == APR_SUCCESS && !spbe_firstkey_is_plain(chain->signer));
    if (rv == APR_SUCCESS && !finish_slot(slot, 1)) {
        rv = APR_ENOMEM;
    }
    return rv;
}

static apr_status_t sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;

    if (fd == -1 || fsync(fd) == -1) {
        error = errno;
    }
    if (fd != -1) {
        close(fd);
    }
    return error;
}

/* Under another name until it is whole. */
static apr_status_t make(spbe_chain_t *chain, const char *dir, const char *path,
                         apr_pool_t *pool)
{
    const char *new = apr_pstrcat(pool, path, ".new", NULL);
    apr_status_t rv = draw_first(chain);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    unlink(new);
    chain->fd =
        open(new, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (chain->fd == -1) {
        return errno;
    }
    rv = write_slots(chain->fd, &chain->secret->slot);
    if (rv == APR_SUCCESS) {
        rv = rename(new, path) == 0 ? sync_dir(dir) : errno;
    }
    chain->is_new = 1;
    return rv;
}

static apr_status_t open_or_make(spbe_chain_t *chain, const char *dir,
                                 apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, dir, "/" SPBE_CHAIN_FILE, NULL);
    struct stat st;

    chain->secret = map_secret();
    if (chain->secret == NULL) {
        return APR_ENOMEM;
    }
    chain->fd =
        open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (chain->fd == -1) {
        return errno == ENOENT ? make(chain, dir, path, pool) : errno;
    }
    if (fstat(chain->fd, &st) == -1) {
        return errno;
    }
    return S_ISREG(st.st_mode) ? load(chain) : APR_EINVAL;
}

apr_status_t spbe_chain_open(spbe_chain_t **result, const char *dir,
                             apr_pool_t *pool)
{
    spbe_chain_t *chain = apr_pcalloc(pool, sizeof(*chain));
    apr_status_t rv;

    *result = NULL;
    chain->fd = -1;
    rv = open_or_make(chain, dir, pool);
    if (rv != APR_SUCCESS) {
        close_chain(chain);
        return rv;
    }
    apr_pool_cleanup_register(pool, chain, close_chain, apr_pool_cleanup_null);
    *result = chain;
    return APR_SUCCESS;
}

int spbe_chain_is_new(const spbe_chain_t *chain)
{
    return chain->is_new;
}

const unsigned char *spbe_chain_signer(const spbe_chain_t *chain)
{
    return chain->signer;
}

const unsigned char *spbe_chain_next(const spbe_chain_t *chain)
{
    return chain->next;
}

apr_status_t spbe_chain_turn(spbe_chain_t *chain)
{
    slot_t *slot = &chain->secret->slot, *next = &chain->secret->other;
    apr_status_t rv;

    *next = *slot;
    memcpy(next->signer, slot->next, sizeof(next->signer));
    if (!draw(next->next, sizeof(next->next)) ||
        !finish_slot(next, turn_of(slot) + 1)) {
        return APR_ENOTENOUGHENTROPY;
    }
    rv = write_slots(chain->fd, next);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *slot = *next;
    return use_slot(chain);
}

int spbe_chain_sign(spbe_chain_t *chain, spbe_span_t message,
                    unsigned char signature[SPBE_SIGNATURE_SIZE])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = SPBE_SIGNATURE_SIZE;
    int done =
        ctx != NULL &&
        EVP_DigestSignInit(ctx, NULL, NULL, NULL, chain->key) == 1 &&
        EVP_DigestSign(ctx, signature, &len, (const unsigned char *)message.ptr,
                       message.len) == 1;

    EVP_MD_CTX_free(ctx);
    return done;
}
