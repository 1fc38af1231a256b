/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/body.c - the hash of a group's entries. See body.h.
 */
#include "store/body.h"

#include <openssl/evp.h>

#define LEAF "spbe-entry-1"
#define BODY "spbe-group-1"

struct spbe_body {
    EVP_MD *md; /* fetched once: a fetch costs more than a short hash */
    EVP_MD_CTX *all, *one;
    apr_uint64_t entries, hidden, emptied;
    int failed;
};

static apr_status_t free_body(void *data)
{
    spbe_body_t *body = data;

    EVP_MD_CTX_free(body->all);
    EVP_MD_CTX_free(body->one);
    EVP_MD_free(body->md);
    return APR_SUCCESS;
}

spbe_body_t *spbe_body_create(apr_pool_t *pool)
{
    spbe_body_t *body = apr_pcalloc(pool, sizeof(*body));

    body->md = EVP_MD_fetch(NULL, "SHA256", NULL);
    body->all = EVP_MD_CTX_new();
    body->one = EVP_MD_CTX_new();
    if (body->md == NULL || body->all == NULL || body->one == NULL) {
        free_body(body);
        return NULL;
    }
    apr_pool_cleanup_register(pool, body, free_body, apr_pool_cleanup_null);
    spbe_body_start(body);
    return body;
}

static void add(spbe_body_t *body, EVP_MD_CTX *ctx, const void *ptr, size_t len)
{
    body->failed |= len > 0 && EVP_DigestUpdate(ctx, ptr, len) != 1;
}

static void begin(spbe_body_t *body, EVP_MD_CTX *ctx, const char *domain)
{
    body->failed |= EVP_DigestInit_ex2(ctx, body->md, NULL) != 1;
    add(body, ctx, domain, strlen(domain));
}

static void end(spbe_body_t *body, EVP_MD_CTX *ctx, unsigned char *hash)
{
    body->failed |= EVP_DigestFinal_ex(ctx, hash, NULL) != 1;
}

void spbe_body_start(spbe_body_t *body)
{
    body->entries = 0;
    body->hidden = 0;
    body->emptied = 0;
    body->failed = 0;
    begin(body, body->all, BODY);
}

static void hash_hidden(spbe_body_t *body, const spbe_entry_split_t *split,
                        unsigned char hash[SPBE_HASH_SIZE])
{
    if (split->is_emptied) {
        memcpy(hash, split->hash, SPBE_HASH_SIZE);
        body->emptied++;
        return;
    }
    begin(body, body->one, "");
    add(body, body->one, split->hidden.ptr, split->hidden.len);
    end(body, body->one, hash);
    body->hidden += split->hidden.len > 0;
}

void spbe_body_add(spbe_body_t *body, spbe_span_t text)
{
    unsigned char open[SPBE_HASH_SIZE], hidden[SPBE_HASH_SIZE];
    spbe_entry_split_t split;

    spbe_entry_split(text, &split);
    begin(body, body->one, "");
    add(body, body->one, split.front.ptr, split.front.len);
    add(body, body->one, split.middle.ptr, split.middle.len);
    add(body, body->one, split.back.ptr, split.back.len);
    end(body, body->one, open);
    hash_hidden(body, &split, hidden);
    begin(body, body->one, LEAF);
    add(body, body->one, open, sizeof(open));
    add(body, body->one, hidden, sizeof(hidden));
    end(body, body->one, open);
    add(body, body->all, open, sizeof(open));
    body->entries++;
}

void spbe_body_add_all(spbe_body_t *body, spbe_span_t entries)
{
    while (entries.len > 0) {
        spbe_body_add(body, spbe_span_cut(&entries, '\n'));
    }
}

apr_uint64_t spbe_body_entries(const spbe_body_t *body)
{
    return body->entries;
}

apr_uint64_t spbe_body_hidden(const spbe_body_t *body)
{
    return body->hidden;
}

apr_uint64_t spbe_body_emptied(const spbe_body_t *body)
{
    return body->emptied;
}

int spbe_body_end(spbe_body_t *body, unsigned char hash[SPBE_HASH_SIZE])
{
    end(body, body->all, hash);
    return !body->failed;
}

int spbe_body_hash_hidden(spbe_body_t *body, spbe_span_t hidden,
                          unsigned char hash[SPBE_HASH_SIZE])
{
    int failed = body->failed;

    body->failed = 0;
    begin(body, body->one, "");
    add(body, body->one, hidden.ptr, hidden.len);
    end(body, body->one, hash);
    failed |= body->failed;
    body->failed = failed;
    return !failed;
}
