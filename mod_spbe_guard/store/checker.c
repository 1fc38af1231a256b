/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/checker.c - is a signature that of a signer? See checker.h.
 */
#include "store/checker.h"

#include <openssl/evp.h>
#include <string.h>

struct spbe_checker {
    EVP_PKEY *key;
    unsigned char signer[SPBE_SIGNER_SIZE];
    EVP_MD_CTX *ctx;
};

static apr_status_t free_checker(void *data)
{
    spbe_checker_t *checker = data;

    EVP_PKEY_free(checker->key);
    EVP_MD_CTX_free(checker->ctx);
    return APR_SUCCESS;
}

spbe_checker_t *spbe_checker_create(apr_pool_t *pool)
{
    spbe_checker_t *checker = apr_pcalloc(pool, sizeof(*checker));

    checker->ctx = EVP_MD_CTX_new();
    if (checker->ctx == NULL) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, checker, free_checker,
                              apr_pool_cleanup_null);
    return checker;
}

static int use_signer(spbe_checker_t *checker,
                      const unsigned char signer[SPBE_SIGNER_SIZE])
{
    if (checker->key != NULL &&
        memcmp(signer, checker->signer, SPBE_SIGNER_SIZE) == 0) {
        return 1;
    }
    EVP_PKEY_free(checker->key);
    checker->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, signer,
                                               SPBE_SIGNER_SIZE);
    memcpy(checker->signer, signer, SPBE_SIGNER_SIZE);
    return checker->key != NULL;
}

int spbe_checker_check(spbe_checker_t *checker,
                       const unsigned char signer[SPBE_SIGNER_SIZE],
                       spbe_span_t message,
                       const unsigned char signature[SPBE_SIGNATURE_SIZE])
{
    if (!use_signer(checker, signer)) {
        return 0;
    }
    EVP_MD_CTX_reset(checker->ctx);
    return EVP_DigestVerifyInit(checker->ctx, NULL, NULL, NULL, checker->key) ==
               1 &&
           EVP_DigestVerify(checker->ctx, signature, SPBE_SIGNATURE_SIZE,
                            (const unsigned char *)message.ptr,
                            message.len) == 1;
}
