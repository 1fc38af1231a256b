/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/made.c - records with known content. See made.h.
 */
#include "made.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include <openssl/sha.h>
#include "text/stamp.h"

#define HEX (2 * SHA256_DIGEST_LENGTH + 1)
#define BEGIN (apr_time_from_sec(1767225600)) /* 2026-01-01 */

static void hash_hex(const char *text, size_t len, char hex[HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[SHA256_DIGEST_LENGTH];
    int i;

    SHA256((const unsigned char *)text, len, hash);
    for (i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    hex[HEX - 1] = '\0';
}

static apr_uint64_t next_random(apr_uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Most records are small, some have a trace, few a long one. */
static size_t mixed_size(apr_uint64_t *state)
{
    apr_uint64_t draw = next_random(state);

    switch (draw % 10) {
    case 0:
        return 6000 + (draw >> 8) % 24000;
    case 1:
    case 2:
    case 3:
        return 1200 + (draw >> 8) % 4800;
    default:
        return 200 + (draw >> 8) % 1000;
    }
}

/* Letters that do not compress to nothing. */
static char *filler(apr_uint64_t *state, size_t size, apr_pool_t *pool)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
    char *text = apr_palloc(pool, size + 1);
    apr_uint64_t bits = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        if (i % 10 == 0) {
            bits = next_random(state);
        }
        text[i] = letters[bits & 63];
        bits >>= 6;
    }
    text[size] = '\0';
    return text;
}

/* UUIDv7: n where the time stands, then the hash of name and number.
 */
static const char *make_id(apr_uint64_t n, const char *hash, apr_pool_t *pool)
{
    apr_uint64_t ms = (apr_uint64_t)apr_time_as_msec(BEGIN) + n;

    return apr_psprintf(pool, "%08x-%04x-7%.3s-8%.3s-%.12s",
                        (unsigned)(ms >> 16), (unsigned)(ms & 0xffff), hash,
                        hash + 3, hash + 6);
}

spbe_encoded_t made_record(const char *writer, apr_uint64_t n, unsigned size,
                           apr_pool_t *pool)
{
    char name[HEX], body[HEX], ts[SPBE_STAMP_SIZE];
    spbe_encoded_t encoded = {0};
    apr_uint64_t state;
    const char *key, *text;
    size_t length;

    key = apr_psprintf(pool, "%s/%" APR_UINT64_T_FMT, writer, n);
    hash_hex(key, strlen(key), name);
    state = strtoull(apr_pstrmemdup(pool, name, 15), NULL, 16) | 1;
    length = size == 0 ? mixed_size(&state) : size;
    text = filler(&state, length, pool);
    hash_hex(text, length, body);
    spbe_stamp_write(BEGIN + (apr_time_t)n, ts);
    encoded.id = make_id(n, name, pool);
    encoded.h = apr_psprintf(
        pool,
        "{\"id\":\"%s\",\"ts\":\"%s\",\"kind\":\"error\",\"severity\":"
        "\"error\","
        "\"class\":\"code\",\"fingerprint\":\"%.16s\",\"title\":"
        "\"%" APR_UINT64_T_FMT " %s\","
        "\"application\":\"muat\",\"route\":\"/muat/{id}\",\"status_in\":500}",
        encoded.id, ts, body, n, body);
    encoded.d =
        apr_psprintf(pool, "{\"message\":\"%s\",\"trace\":\"%s\"}", body, text);
    return encoded;
}

apr_uint64_t made_nth(const char *h)
{
    static const char before[] = "\"title\":\"";
    const char *title = strstr(h, before);

    return title == NULL ? 0 : strtoull(title + sizeof(before) - 1, NULL, 10);
}
