/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_unseal.c - record/wrapping.c and record/pack.c. Key records
 * and details come from the archive, where any process of the server could
 * write.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/pack.h"
#include "record/unseal.h"
#include "record/wrapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the recipient in the seeds. */
static const unsigned char private_key[SPBE_HPKE_KEY] = {
    0x66, 0x5d, 0x06, 0x98, 0xdb, 0xc8, 0xfb, 0x95, 0xaf, 0xc2, 0x5c,
    0x3a, 0x4d, 0x9c, 0xf2, 0x80, 0xd8, 0x7a, 0x58, 0x5b, 0x79, 0x99,
    0x24, 0x3c, 0xa6, 0x00, 0x8f, 0xd0, 0x32, 0x58, 0x97, 0x5f};

/* What was opened can be sealed again, and opened again. */
static void use_key(const spbe_wrapping_t *wrapping, const unsigned char *key,
                    apr_pool_t *pool)
{
    unsigned char again[SPBE_SEAL_KEY];
    spbe_recipient_t to = {.name = ""};
    spbe_wrapping_t read;
    spbe_buf_t json;

    spbe_buf_init(&json, 512, pool);
    if (spbe_hpke_public(private_key, to.key) != SPBE_OK ||
        spbe_wrapping_write(&json, wrapping->id, key, &to, 1) != SPBE_OK ||
        spbe_wrapping_read(spbe_buf_span(&json), &read, pool) != SPBE_OK ||
        spbe_wrapping_open(&read, read.to->first, private_key, again, pool) !=
            SPBE_OK ||
        memcmp(again, key, sizeof(again)) != 0) {
        abort();
    }
}

static void read_key(spbe_span_t text, apr_pool_t *pool)
{
    unsigned char key[SPBE_SEAL_KEY];
    spbe_wrapping_t wrapping;
    const spbe_node_t *one;

    if (spbe_wrapping_read(text, &wrapping, pool) != SPBE_OK) {
        return;
    }
    for (one = wrapping.to->first; one != NULL; one = one->next) {
        if (spbe_wrapping_recipient(one).len > 64) {
            abort();
        }
        if (spbe_wrapping_open(&wrapping, one, private_key, key, pool) ==
            SPBE_OK) {
            use_key(&wrapping, key, pool);
        }
    }
    spbe_unseal_recipients(text, pool);
}

static void read_packed(spbe_span_t packed, apr_pool_t *pool)
{
    spbe_span_t text, again;
    unsigned char *out;
    size_t len;

    if (spbe_unpack(packed, &text, pool) != SPBE_OK) {
        return;
    }
    out = apr_palloc(pool, spbe_pack_bound(text.len));
    if (text.len > SPBE_PACK_MAX || spbe_pack(text, out, &len) != SPBE_OK ||
        len > spbe_pack_bound(text.len) ||
        spbe_unpack((spbe_span_t){(const char *)out, len}, &again, pool) !=
            SPBE_OK ||
        !spbe_span_eq(text, again)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t input = {(const char *)data, size};
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    read_key(input, pool);
    read_packed(input, pool);
    apr_pool_destroy(pool);
    return 0;
}
