/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_decode.c - failure/decode.c. The body comes from an
 * application, in the worst case one that an attacker has taken over.
 *
 * First byte: encoding, charset and piece size. The result must not depend on
 * how the body is cut; but what brotli decoded right before a damage it keeps
 * for itself, more or less of it by the pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "failure/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct sum {
    size_t len;
    uint64_t hash;
    spbe_rc_t rc;
} sum_t;

static void count(void *baton, spbe_span_t text)
{
    sum_t *sum = baton;
    size_t i;

    for (i = 0; i < text.len; i++) {
        sum->hash = (sum->hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    }
    sum->len += text.len;
}

static sum_t run(const char *encoding, const char *charset, spbe_span_t body,
                 size_t step, apr_pool_t *pool)
{
    spbe_decode_t *dec = spbe_decode_create(encoding, charset, pool);
    sum_t sum = { 0, 0xcbf29ce484222325, SPBE_OK };
    size_t at;

    if (dec == NULL) {
        return sum;
    }
    for (at = 0; at < body.len; at += step) {
        sum.rc = spbe_decode_feed(dec, spbe_span_slice(body, at, at + step),
                                  at + step >= body.len, count, &sum);
        if (sum.rc == SPBE_TOO_BIG) {
            break;
        }
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {
        "gzip", "deflate", "br", "gzip, br", "deflate, gzip, br", NULL,
        "br, gzip", "gzip, gzip, gzip",
    };
    static const char *const charsets[] = { NULL, "utf-16", "utf-16be",
                                            "utf-8" };
    static const size_t steps[] = { 1, 2, 3, 255, 256, 257, 1000, 40000 };
    const char *encoding;
    apr_pool_t *pool;
    sum_t whole, cut;
    spbe_span_t body;

    if (size == 0) {
        return 0;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    body = (spbe_span_t){ (const char *)data + 1, size - 1 };
    whole = run(encodings[data[0] & 7], charsets[data[0] >> 3 & 3], body,
                size, pool);
    cut = run(encodings[data[0] & 7], charsets[data[0] >> 3 & 3], body,
              steps[data[0] >> 5], pool);
    encoding = encodings[data[0] & 7];
    if ((whole.len != cut.len || whole.hash != cut.hash)
        && !(encoding != NULL && strstr(encoding, "br") != NULL
             && (whole.rc == SPBE_BAD || cut.rc == SPBE_BAD))) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
