/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/unseal.c - opens what was sealed. See unseal.h.
 *
 * Anybody can seal a key of his own under the id of another: all keys that an
 * id came with are kept, and each is tried.
 */
#include "record/unseal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "record/locked.h"
#include "record/pack.h"
#include "record/wrapping.h"

#define OWN_MAX SPBE_RECIPIENTS_MAX
#define SAME_MAX 16384 /* keys under one id */
#define CHUNK 512      /* content keys in one piece of locked memory */

typedef struct own {
    unsigned char private_key[SPBE_HPKE_KEY];
    char id[SPBE_RECIPIENT_ID];
} own_t;

typedef struct content content_t;
struct content {
    const unsigned char *key;
    content_t *next; /* of the same id */
};

struct spbe_unseal {
    apr_pool_t *pool;
    own_t *own; /* in locked memory */
    int owns;
    apr_hash_t *contents; /* id to content_t */
    unsigned char *chunk;
    int left; /* of chunk */
};

spbe_unseal_t *spbe_unseal_create(apr_pool_t *pool)
{
    spbe_unseal_t *unseal = apr_pcalloc(pool, sizeof(*unseal));

    unseal->pool = pool;
    unseal->own = spbe_locked_alloc(sizeof(own_t) * OWN_MAX, NULL, pool);
    unseal->contents = apr_hash_make(pool);
    return unseal->own == NULL ? NULL : unseal;
}

int spbe_unseal_keys(const spbe_unseal_t *unseal)
{
    return unseal->owns;
}

typedef struct asking {
    spbe_unseal_ask_t *ask;
    void *baton;
    const char *path;
    int asked;
} asking_t;

static int on_passphrase(char *text, int size, int writing, void *data)
{
    asking_t *asking = data;

    asking->asked = 1;
    return asking->ask == NULL || size <= 0
               ? -1
               : asking->ask(asking->baton, asking->path, text, (size_t)size);
}

static const char *why_not(const asking_t *asking)
{
    if (!asking->asked) {
        return "no private key in PEM";
    }
    return asking->ask == NULL ? "it has a passphrase and nobody can be asked"
                               : "the passphrase does not open it";
}

static const char *add_key(spbe_unseal_t *unseal, EVP_PKEY *key)
{
    own_t *own = &unseal->own[unseal->owns];
    unsigned char public_key[SPBE_HPKE_KEY];
    size_t len = SPBE_HPKE_KEY;

    if (unseal->owns == OWN_MAX) {
        return "more private keys than there can be recipients";
    }
    if (EVP_PKEY_get_id(key) != EVP_PKEY_X25519 ||
        EVP_PKEY_get_raw_private_key(key, own->private_key, &len) != 1 ||
        spbe_hpke_public(own->private_key, public_key) != SPBE_OK) {
        return "no X25519 key";
    }
    spbe_recipient_id(public_key, own->id);
    unseal->owns++;
    return NULL;
}

spbe_rc_t spbe_unseal_add_key(spbe_unseal_t *unseal, const char *path,
                              spbe_unseal_ask_t *ask, void *baton,
                              const char **why)
{
    asking_t asking = {ask, baton, path, 0};
    FILE *file = fopen(path, "re");
    const char *what;
    EVP_PKEY *key;

    if (file == NULL) {
        *why = apr_psprintf(unseal->pool, "%s: %s", path, strerror(errno));
        return SPBE_BAD;
    }
    key = PEM_read_PrivateKey(file, NULL, on_passphrase, &asking);
    fclose(file);
    ERR_clear_error();
    what = key == NULL ? why_not(&asking) : add_key(unseal, key);
    EVP_PKEY_free(key);
    *why =
        what == NULL ? NULL : apr_pstrcat(unseal->pool, path, ": ", what, NULL);
    return what == NULL ? SPBE_OK : SPBE_BAD;
}

apr_array_header_t *spbe_unseal_recipients(spbe_span_t json, apr_pool_t *pool)
{
    apr_array_header_t *ids = apr_array_make(pool, 4, sizeof(const char *));
    spbe_wrapping_t wrapping;
    const spbe_node_t *one;

    if (spbe_wrapping_read(json, &wrapping, pool) != SPBE_OK) {
        return ids;
    }
    for (one = wrapping.to->first; one != NULL; one = one->next) {
        spbe_span_t r = spbe_wrapping_recipient(one);

        if (r.len > 0) {
            APR_ARRAY_PUSH(ids, const char *) = spbe_span_dup(r, pool);
        }
    }
    return ids;
}

static const own_t *find_own(const spbe_unseal_t *unseal, spbe_span_t id)
{
    int i;

    for (i = 0; i < unseal->owns; i++) {
        if (spbe_span_eq(id, spbe_span_from(unseal->own[i].id))) {
            return &unseal->own[i];
        }
    }
    return NULL;
}

/* The content key, for one of the private keys. */
static spbe_rc_t unwrap(const spbe_unseal_t *unseal,
                        const spbe_wrapping_t *wrapping,
                        unsigned char key[SPBE_SEAL_KEY], apr_pool_t *pool)
{
    spbe_rc_t rc = SPBE_NONE;
    const spbe_node_t *one;

    for (one = wrapping->to->first; one != NULL && rc != SPBE_OK;
         one = one->next) {
        const own_t *own = find_own(unseal, spbe_wrapping_recipient(one));

        if (own != NULL) {
            rc = spbe_wrapping_open(wrapping, one, own->private_key, key, pool);
        }
    }
    return rc;
}

/* A place for one more content key. */
static unsigned char *take_place(spbe_unseal_t *unseal)
{
    if (unseal->left == 0) {
        unseal->chunk =
            spbe_locked_alloc(SPBE_SEAL_KEY * CHUNK, NULL, unseal->pool);
        if (unseal->chunk == NULL) {
            return NULL;
        }
        unseal->left = CHUNK;
    }
    return unseal->chunk + SPBE_SEAL_KEY * --unseal->left;
}

static spbe_rc_t add_content(spbe_unseal_t *unseal, const char *id,
                             const unsigned char key[SPBE_SEAL_KEY])
{
    content_t *first = apr_hash_get(unseal->contents, id, APR_HASH_KEY_STRING);
    content_t *content;
    unsigned char *place;
    int n = 0;

    for (content = first; content != NULL; content = content->next) {
        if (memcmp(content->key, key, SPBE_SEAL_KEY) == 0) {
            return SPBE_OK;
        }
        n++;
    }
    place = n < SAME_MAX ? take_place(unseal) : NULL;
    if (place == NULL) {
        return SPBE_BAD;
    }
    memcpy(place, key, SPBE_SEAL_KEY);
    content = apr_palloc(unseal->pool, sizeof(*content));
    content->key = place;
    content->next = first;
    apr_hash_set(unseal->contents,
                 first == NULL ? apr_pstrdup(unseal->pool, id) : id,
                 APR_HASH_KEY_STRING, content);
    return SPBE_OK;
}

static spbe_rc_t learn(spbe_unseal_t *unseal, spbe_span_t json,
                       spbe_wrapping_t *wrapping,
                       unsigned char key[SPBE_SEAL_KEY], apr_pool_t *pool)
{
    spbe_rc_t rc = spbe_wrapping_read(json, wrapping, pool);

    if (rc == SPBE_OK) {
        rc = unwrap(unseal, wrapping, key, pool);
    }
    return rc == SPBE_OK ? add_content(unseal, wrapping->id, key) : rc;
}

spbe_rc_t spbe_unseal_learn(spbe_unseal_t *unseal, spbe_span_t json)
{
    unsigned char key[SPBE_SEAL_KEY];
    spbe_wrapping_t wrapping;
    apr_pool_t *pool;
    spbe_rc_t rc;

    apr_pool_create(&pool, unseal->pool);
    rc = learn(unseal, json, &wrapping, key, pool);
    OPENSSL_cleanse(key, sizeof(key));
    apr_pool_destroy(pool);
    return rc;
}

spbe_rc_t spbe_unseal_rewrap(spbe_unseal_t *unseal, spbe_span_t json,
                             const unsigned char to[SPBE_HPKE_KEY],
                             spbe_span_t *line, apr_pool_t *pool)
{
    unsigned char key[SPBE_SEAL_KEY];
    spbe_recipient_t recipient = {.name = ""};
    spbe_wrapping_t wrapping;
    spbe_buf_t text;
    spbe_rc_t rc = learn(unseal, json, &wrapping, key, pool);

    *line = SPBE_SPAN_EMPTY;
    if (rc == SPBE_OK) {
        memcpy(recipient.key, to, SPBE_HPKE_KEY);
        spbe_recipient_id(to, recipient.id);
        spbe_buf_init(&text, 512, pool);
        rc = spbe_wrapping_write(&text, wrapping.id, key, &recipient, 1);
    }
    OPENSSL_cleanse(key, sizeof(key));
    if (rc == SPBE_OK) {
        *line = spbe_buf_span(&text);
    }
    return rc;
}

int spbe_unseal_knows(const spbe_unseal_t *unseal, const char *key)
{
    return apr_hash_get(unseal->contents, key, APR_HASH_KEY_STRING) != NULL;
}

/* text: as long as what stands between nonce and tag. */
static int decrypt(const unsigned char key[SPBE_SEAL_KEY], spbe_span_t h,
                   spbe_span_t sealed, unsigned char *text)
{
    const unsigned char *nonce = (const unsigned char *)sealed.ptr;
    const unsigned char *in = nonce + SPBE_SEAL_NONCE;
    size_t len = sealed.len - SPBE_SEAL_NONCE - SPBE_SEAL_TAG;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char tag[SPBE_SEAL_TAG];
    int n = 0, m = 0, ok;

    memcpy(tag, in + len, sizeof(tag));
    ok = ctx != NULL &&
         EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
         EVP_DecryptUpdate(ctx, NULL, &n, (const unsigned char *)h.ptr,
                           (int)h.len) == 1 &&
         EVP_DecryptUpdate(ctx, text, &n, in, (int)len) == 1 &&
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) ==
             1 &&
         EVP_DecryptFinal_ex(ctx, text + n, &m) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

spbe_rc_t spbe_unseal_open(const spbe_unseal_t *unseal, const char *key,
                           spbe_span_t h, spbe_span_t sealed, spbe_span_t *d,
                           apr_pool_t *pool)
{
    const content_t *content =
        apr_hash_get(unseal->contents, key, APR_HASH_KEY_STRING);
    unsigned char *text;
    size_t len;

    *d = SPBE_SPAN_EMPTY;
    if (content == NULL) {
        return SPBE_NONE;
    }
    if (sealed.len < SPBE_SEAL_NONCE + SPBE_SEAL_TAG ||
        sealed.len > 2 * SPBE_PACK_MAX || h.len > SPBE_PACK_MAX) {
        return SPBE_BAD;
    }
    len = sealed.len - SPBE_SEAL_NONCE - SPBE_SEAL_TAG;
    text = apr_palloc(pool, len + 1);
    while (content != NULL && !decrypt(content->key, h, sealed, text)) {
        content = content->next;
    }
    if (content == NULL || spbe_unpack((spbe_span_t){(const char *)text, len},
                                       d, pool) != SPBE_OK) {
        *d = SPBE_SPAN_EMPTY;
        return SPBE_BAD;
    }
    return SPBE_OK;
}
