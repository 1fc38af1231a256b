/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/hpke.c - hybrid public-key encryption. See hpke.h.
 *
 * Names are those of RFC 9180. Everything that its key schedule derives is no
 * longer than one SHA-256, so that HKDF-Expand (RFC 5869) is a single HMAC.
 */
#include "record/hpke_int.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define HASH 32
#define KEY 32
#define NONCE 12
#define INFO_MAX 128
/* "HPKE-v1", suite, label, and what is hashed or expanded. */
#define LABELED_MAX 256

/* "KEM" 0x0020; "HPKE" 0x0020 0x0001 0x0002. */
static const char kem_suite[] = "KEM\0\x20";
static const char hpke_suite[] = "HPKE\0\x20\0\x01\0\x02";
#define KEM_SUITE SPBE_SPAN(kem_suite)
#define HPKE_SUITE SPBE_SPAN(hpke_suite)

typedef struct schedule {
    unsigned char key[HASH], nonce[HASH]; /* the first KEY and NONCE bytes */
} schedule_t;

typedef struct text {
    unsigned char bytes[LABELED_MAX];
    size_t len;
} text_t;

static spbe_span_t span(const unsigned char *bytes, size_t len)
{
    return (spbe_span_t){(const char *)bytes, len};
}

/* Lengths are those of this file and INFO_MAX: they fit. */
static void add(text_t *text, spbe_span_t bytes)
{
    if (bytes.len > 0) {
        memcpy(text->bytes + text->len, bytes.ptr, bytes.len);
        text->len += bytes.len;
    }
}

static int hmac(spbe_span_t key, text_t *text, unsigned char out[HASH])
{
    unsigned len = 0;
    int ok = HMAC(EVP_sha256(), key.ptr, (int)key.len, text->bytes, text->len,
                  out, &len) != NULL &&
             len == HASH;

    OPENSSL_cleanse(text, sizeof(*text));
    return ok;
}

static int labeled_extract(spbe_span_t salt, spbe_span_t suite,
                           const char *label, spbe_span_t ikm,
                           unsigned char out[HASH])
{
    text_t text = {.len = 0};

    add(&text, SPBE_SPAN("HPKE-v1"));
    add(&text, suite);
    add(&text, spbe_span_from(label));
    add(&text, ikm);
    return hmac(salt, &text, out);
}

static int labeled_expand(const unsigned char prk[HASH], spbe_span_t suite,
                          const char *label, spbe_span_t info,
                          unsigned char length, unsigned char out[HASH])
{
    text_t text = {.bytes = {0, length}, .len = 2};

    add(&text, SPBE_SPAN("HPKE-v1"));
    add(&text, suite);
    add(&text, spbe_span_from(label));
    add(&text, info);
    add(&text, SPBE_SPAN("\x01"));
    return hmac(span(prk, HASH), &text, out);
}

static int dh(EVP_PKEY *own, const unsigned char peer[SPBE_HPKE_KEY],
              unsigned char out[SPBE_HPKE_KEY])
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, SPBE_HPKE_KEY);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
    size_t len = SPBE_HPKE_KEY;
    /* Fails where the result is zero: a point of low order. */
    int ok = key != NULL && ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
             EVP_PKEY_derive_set_peer(ctx, key) == 1 &&
             EVP_PKEY_derive(ctx, out, &len) == 1 && len == SPBE_HPKE_KEY;

    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return ok;
}

/* ExtractAndExpand of DHKEM. */
static int shared_secret(const unsigned char z[SPBE_HPKE_KEY],
                         const unsigned char enc[SPBE_HPKE_ENC],
                         const unsigned char pk[SPBE_HPKE_KEY],
                         unsigned char out[HASH])
{
    unsigned char context[SPBE_HPKE_ENC + SPBE_HPKE_KEY], prk[HASH];
    int ok;

    memcpy(context, enc, SPBE_HPKE_ENC);
    memcpy(context + SPBE_HPKE_ENC, pk, SPBE_HPKE_KEY);
    ok = labeled_extract(SPBE_SPAN_EMPTY, KEM_SUITE, "eae_prk",
                         span(z, SPBE_HPKE_KEY), prk) &&
         labeled_expand(prk, KEM_SUITE, "shared_secret",
                        span(context, sizeof(context)), HASH, out);
    OPENSSL_cleanse(prk, sizeof(prk));
    return ok;
}

/* KeySchedule in base mode: psk and psk_id are empty. */
static int make_schedule(const unsigned char shared[HASH], spbe_span_t info,
                         schedule_t *schedule)
{
    unsigned char context[1 + 2 * HASH] = {0}, secret[HASH];
    spbe_span_t all = span(context, sizeof(context));
    int ok =
        labeled_extract(SPBE_SPAN_EMPTY, HPKE_SUITE, "psk_id_hash",
                        SPBE_SPAN_EMPTY, context + 1) &&
        labeled_extract(SPBE_SPAN_EMPTY, HPKE_SUITE, "info_hash", info,
                        context + 1 + HASH) &&
        labeled_extract(span(shared, HASH), HPKE_SUITE, "secret",
                        SPBE_SPAN_EMPTY, secret) &&
        labeled_expand(secret, HPKE_SUITE, "key", all, KEY, schedule->key) &&
        labeled_expand(secret, HPKE_SUITE, "base_nonce", all, NONCE,
                       schedule->nonce);

    OPENSSL_cleanse(secret, sizeof(secret));
    return ok;
}

/* From the private key of one side to the keys of the only message. */
static int agree(EVP_PKEY *own, const unsigned char peer[SPBE_HPKE_KEY],
                 const unsigned char enc[SPBE_HPKE_ENC],
                 const unsigned char pk[SPBE_HPKE_KEY], spbe_span_t info,
                 schedule_t *schedule)
{
    unsigned char z[SPBE_HPKE_KEY], shared[HASH];
    int ok = info.len <= INFO_MAX && dh(own, peer, z) &&
             shared_secret(z, enc, pk, shared) &&
             make_schedule(shared, info, schedule);

    OPENSSL_cleanse(z, sizeof(z));
    OPENSSL_cleanse(shared, sizeof(shared));
    return ok;
}

static int encrypt(const schedule_t *schedule, spbe_span_t aad,
                   spbe_span_t plain, unsigned char *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const unsigned char *in = (const unsigned char *)plain.ptr;
    int n = 0, m = 0;
    int ok = ctx != NULL && plain.len <= INT_MAX && aad.len <= INT_MAX &&
             EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, schedule->key,
                                schedule->nonce) == 1 &&
             EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *)aad.ptr,
                               (int)aad.len) == 1 &&
             EVP_EncryptUpdate(ctx, out, &n, in, (int)plain.len) == 1 &&
             EVP_EncryptFinal_ex(ctx, out + n, &m) == 1 &&
             EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SPBE_HPKE_TAG,
                                 out + plain.len) == 1;

    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

static int decrypt(const schedule_t *schedule, spbe_span_t aad,
                   spbe_span_t sealed, unsigned char *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const unsigned char *in = (const unsigned char *)sealed.ptr;
    size_t len = sealed.len - SPBE_HPKE_TAG;
    unsigned char tag[SPBE_HPKE_TAG];
    int n = 0, m = 0, ok;

    memcpy(tag, in + len, sizeof(tag));
    ok = ctx != NULL && len <= INT_MAX && aad.len <= INT_MAX &&
         EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, schedule->key,
                            schedule->nonce) == 1 &&
         EVP_DecryptUpdate(ctx, NULL, &n, (const unsigned char *)aad.ptr,
                           (int)aad.len) == 1 &&
         EVP_DecryptUpdate(ctx, out, &n, in, (int)len) == 1 &&
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) ==
             1 &&
         EVP_DecryptFinal_ex(ctx, out + n, &m) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        OPENSSL_cleanse(out, len);
    }
    return ok;
}

static int public_of(EVP_PKEY *key, unsigned char out[SPBE_HPKE_KEY])
{
    size_t len = SPBE_HPKE_KEY;

    return EVP_PKEY_get_raw_public_key(key, out, &len) == 1 &&
           len == SPBE_HPKE_KEY;
}

static EVP_PKEY *private_from(const unsigned char bytes[SPBE_HPKE_KEY])
{
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, bytes,
                                        SPBE_HPKE_KEY);
}

spbe_rc_t spbe_hpke_seal_from(const unsigned char ephemeral[SPBE_HPKE_KEY],
                              const unsigned char to[SPBE_HPKE_KEY],
                              spbe_span_t info, spbe_span_t aad,
                              spbe_span_t plain,
                              unsigned char enc[SPBE_HPKE_ENC],
                              unsigned char *out)
{
    EVP_PKEY *own = private_from(ephemeral);
    schedule_t schedule;
    int ok = own != NULL && public_of(own, enc) &&
             agree(own, to, enc, to, info, &schedule) &&
             encrypt(&schedule, aad, plain, out);

    OPENSSL_cleanse(&schedule, sizeof(schedule));
    EVP_PKEY_free(own);
    return ok ? SPBE_OK : SPBE_BAD;
}

spbe_rc_t spbe_hpke_seal(const unsigned char to[SPBE_HPKE_KEY],
                         spbe_span_t info, spbe_span_t aad, spbe_span_t plain,
                         unsigned char enc[SPBE_HPKE_ENC], unsigned char *out)
{
    unsigned char ephemeral[SPBE_HPKE_KEY];
    spbe_rc_t rc = SPBE_BAD;

    if (RAND_priv_bytes(ephemeral, sizeof(ephemeral)) == 1) {
        rc = spbe_hpke_seal_from(ephemeral, to, info, aad, plain, enc, out);
    }
    OPENSSL_cleanse(ephemeral, sizeof(ephemeral));
    return rc;
}

spbe_rc_t spbe_hpke_open(const unsigned char private_key[SPBE_HPKE_KEY],
                         const unsigned char enc[SPBE_HPKE_ENC],
                         spbe_span_t info, spbe_span_t aad, spbe_span_t sealed,
                         unsigned char *out)
{
    unsigned char pk[SPBE_HPKE_KEY];
    schedule_t schedule;
    EVP_PKEY *own;
    int ok;

    if (sealed.len < SPBE_HPKE_TAG) {
        return SPBE_BAD;
    }
    own = private_from(private_key);
    ok = own != NULL && public_of(own, pk) &&
         agree(own, enc, enc, pk, info, &schedule) &&
         decrypt(&schedule, aad, sealed, out);
    OPENSSL_cleanse(&schedule, sizeof(schedule));
    EVP_PKEY_free(own);
    return ok ? SPBE_OK : SPBE_BAD;
}

spbe_rc_t spbe_hpke_public(const unsigned char private_key[SPBE_HPKE_KEY],
                           unsigned char public_key[SPBE_HPKE_KEY])
{
    EVP_PKEY *own = private_from(private_key);
    int ok = own != NULL && public_of(own, public_key);

    EVP_PKEY_free(own);
    return ok ? SPBE_OK : SPBE_BAD;
}
