/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/seal.c - details become unreadable in the process that wrote them.
 * See seal.h.
 */
#include "record/seal_int.h"

#include <time.h>
#include <unistd.h>

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "record/locked.h"
#include "record/pack.h"
#include "record/wrapping.h"
#include "text/jsonout.h"
#include "text/stamp.h"

static apr_status_t release(void *data)
{
    spbe_sealer_t *sealer = data;

    EVP_CIPHER_free(sealer->cipher);
    pthread_mutex_destroy(&sealer->mutex);
    return APR_SUCCESS;
}

/* Copied, since the array may not live as long. */
static int take_recipients(spbe_sealer_t *sealer,
                           const apr_array_header_t *recipients,
                           apr_pool_t *pool)
{
    spbe_recipient_t *to = apr_pcalloc(pool, sizeof(*to) * SPBE_RECIPIENTS_MAX);
    int i;

    for (i = 0; i < recipients->nelts; i++) {
        const spbe_recipient_t *one =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        if (one->retired == NULL && sealer->recipients < SPBE_RECIPIENTS_MAX) {
            to[sealer->recipients++] = *one;
        }
    }
    sealer->to = to;
    return sealer->recipients > 0;
}

/* A signal handler of httpd ends a process from within whatever it was doing:
 * a record that is written then must not wait for its own thread. */
static void make_mutex(spbe_sealer_t *sealer)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&sealer->mutex, &attr);
    pthread_mutexattr_destroy(&attr);
}

spbe_sealer_t *spbe_sealer_create(const apr_array_header_t *recipients,
                                  const char *node, apr_pool_t *pool)
{
    spbe_sealer_t *sealer = apr_pcalloc(pool, sizeof(*sealer));

    if (!take_recipients(sealer, recipients, pool)) {
        return NULL;
    }
    sealer->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    sealer->content =
        spbe_locked_alloc(sizeof(spbe_content_t), &sealer->locked, pool);
    sealer->node = apr_pstrndup(pool, node, SPBE_SEAL_NODE_MAX);
    make_mutex(sealer);
    apr_pool_cleanup_register(pool, sealer, release, apr_pool_cleanup_null);
    return sealer->cipher == NULL || sealer->content == NULL ? NULL : sealer;
}

int spbe_sealer_locked(const spbe_sealer_t *sealer)
{
    return sealer->locked;
}

static void forget(spbe_sealer_t *sealer)
{
    OPENSSL_cleanse(sealer->content, sizeof(*sealer->content));
    sealer->announced = 0;
}

void spbe_sealer_child(spbe_sealer_t *sealer)
{
    /* Of the parent's threads none is here: whoever held it is gone. */
    make_mutex(sealer);
    forget(sealer);
    sealer->locked = spbe_locked_again(sealer->content, sizeof(spbe_content_t));
}

/* Goes on while the machine sleeps, and is never set. */
static apr_time_t steady(void)
{
    struct timespec t = {0, 0};

    clock_gettime(CLOCK_BOOTTIME, &t);
    return apr_time_from_sec(t.tv_sec) + t.tv_nsec / 1000;
}

/* Either clock ends the minute; one that was set back does so at once. */
static int is_over(const spbe_content_t *content, apr_time_t now)
{
    return now < content->made || now - content->made >= SPBE_SEAL_TIME ||
           steady() - content->started >= SPBE_SEAL_TIME;
}

static int keep(char *to, size_t size, spbe_buf_t *json)
{
    if (json->len >= size) {
        return 0;
    }
    memcpy(to, spbe_buf_cstr(json), json->len + 1);
    return 1;
}

static int write_d(spbe_sealer_t *sealer, apr_pool_t *pool)
{
    spbe_buf_t json;

    spbe_buf_init(&json, SPBE_SEAL_D_MAX, pool);
    return spbe_wrapping_write(&json, sealer->id, sealer->content->key,
                               sealer->to, sealer->recipients) == SPBE_OK &&
           keep(sealer->d, sizeof(sealer->d), &json);
}

static int write_h(spbe_sealer_t *sealer, apr_time_t now, apr_pool_t *pool)
{
    char ts[SPBE_STAMP_SIZE];
    spbe_buf_t json;

    spbe_stamp_write(now, ts);
    spbe_buf_init(&json, SPBE_SEAL_H_MAX, pool);
    spbe_buf_addc(&json, '{');
    spbe_jsonout_text(&json, "id", sealer->id);
    spbe_jsonout_text(&json, "ts", ts);
    spbe_jsonout_text(&json, "kind", "key");
    spbe_jsonout_text(&json, "key", sealer->id);
    spbe_jsonout_text(&json, "node", sealer->node);
    spbe_buf_addc(&json, '}');
    return keep(sealer->h, sizeof(sealer->h), &json);
}

/* A new key and its record; none of both when something fails. */
static int renew(spbe_sealer_t *sealer, apr_time_t now, apr_pool_t *pool)
{
    spbe_content_t *content = sealer->content;
    spbe_ref_t ref;

    forget(sealer);
    if (!spbe_ref_make(&ref, now)) {
        return 0;
    }
    apr_cpystrn(sealer->id, ref.id, sizeof(sealer->id));
    if (RAND_priv_bytes(content->key, SPBE_SEAL_KEY) != 1 ||
        !write_h(sealer, now, pool) || !write_d(sealer, pool)) {
        forget(sealer);
        return 0;
    }
    content->made = now;
    content->started = steady();
    content->pid = getpid();
    return 1;
}

static int is_ready(spbe_sealer_t *sealer, apr_time_t now, apr_pool_t *pool)
{
    const spbe_content_t *content = sealer->content;

    return (content->pid == getpid() && content->uses < SPBE_SEAL_USES &&
            !is_over(content, now)) ||
           renew(sealer, now, pool);
}

/* Takes the key, as it is now, into ctx: the only part under the lock. */
static int take_key(spbe_sealer_t *sealer, EVP_CIPHER_CTX *ctx,
                    const unsigned char *nonce, spbe_encoded_t *encoded,
                    spbe_encoded_t *fresh, apr_time_t now, apr_pool_t *pool)
{
    int ok;

    if (pthread_mutex_lock(&sealer->mutex) != 0) {
        return 0;
    }
    ok = is_ready(sealer, now, pool) &&
         EVP_EncryptInit_ex2(ctx, sealer->cipher, sealer->content->key, nonce,
                             NULL) == 1;
    if (ok) {
        sealer->content->uses++;
        encoded->key = apr_pstrdup(pool, sealer->id);
    }
    if (ok && !sealer->announced) {
        fresh->id = encoded->key;
        fresh->h = apr_pstrdup(pool, sealer->h);
        fresh->d = apr_pstrdup(pool, sealer->d);
    }
    pthread_mutex_unlock(&sealer->mutex);
    return ok;
}

/* text: where the packed details stand, encrypted in place; the tag behind. */
static int encrypt(EVP_CIPHER_CTX *ctx, const char *h, unsigned char *text,
                   size_t len)
{
    int n = 0, m = 0;

    return EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *)h,
                             (int)strlen(h)) == 1 &&
           EVP_EncryptUpdate(ctx, text, &n, text, (int)len) == 1 &&
           EVP_EncryptFinal_ex(ctx, text + n, &m) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SPBE_SEAL_TAG,
                               text + len) == 1;
}

spbe_rc_t spbe_seal(spbe_sealer_t *sealer, spbe_encoded_t *encoded,
                    spbe_encoded_t *fresh, apr_time_t now, apr_pool_t *pool)
{
    spbe_span_t d = spbe_span_from(encoded->d);
    unsigned char *out, *text;
    EVP_CIPHER_CTX *ctx;
    size_t len = 0;
    int ok;

    *fresh = (spbe_encoded_t){.id = NULL};
    if (encoded->d == NULL) {
        return SPBE_OK;
    }
    encoded->d = NULL;
    out = apr_palloc(pool,
                     SPBE_SEAL_NONCE + spbe_pack_bound(d.len) + SPBE_SEAL_TAG);
    text = out + SPBE_SEAL_NONCE;
    ctx = EVP_CIPHER_CTX_new();
    ok = ctx != NULL && spbe_pack(d, text, &len) == SPBE_OK &&
         RAND_bytes(out, SPBE_SEAL_NONCE) == 1 &&
         take_key(sealer, ctx, out, encoded, fresh, now, pool) &&
         encrypt(ctx, encoded->h, text, len);
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        encoded->key = NULL;
        return SPBE_BAD;
    }
    encoded->sealed =
        (spbe_span_t){(const char *)out, SPBE_SEAL_NONCE + len + SPBE_SEAL_TAG};
    return SPBE_OK;
}

void spbe_sealer_announced(spbe_sealer_t *sealer, const char *key)
{
    if (pthread_mutex_lock(&sealer->mutex) != 0) {
        return;
    }
    if (strcmp(sealer->id, key) == 0) {
        sealer->announced = 1;
    }
    pthread_mutex_unlock(&sealer->mutex);
}

void spbe_sealer_tick(spbe_sealer_t *sealer, apr_time_t now)
{
    if (pthread_mutex_trylock(&sealer->mutex) != 0) {
        return;
    }
    if (sealer->content->pid != 0 && is_over(sealer->content, now)) {
        forget(sealer);
    }
    pthread_mutex_unlock(&sealer->mutex);
}
