/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/base64url.c - base64 with the URL-safe alphabet. See base64url.h.
 */
#include "text/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789-_";

void spbe_base64url_encode(spbe_buf_t *buf, spbe_span_t bytes)
{
    unsigned long bits = 0;
    unsigned have = 0;
    size_t i;

    for (i = 0; i < bytes.len; i++) {
        bits = (bits << 8 | (unsigned char)bytes.ptr[i]) & 0xffff;
        for (have += 8; have >= 6; have -= 6) {
            spbe_buf_addc(buf, alphabet[bits >> (have - 6) & 63]);
        }
    }
    if (have > 0) {
        spbe_buf_addc(buf, alphabet[bits << (6 - have) & 63]);
    }
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* out: text.len / 4 * 3 + 3 bytes; *n: how many they are. */
static spbe_rc_t decode(spbe_span_t text, unsigned char *out, size_t *n)
{
    unsigned long bits = 0;
    unsigned have = 0;
    size_t i;

    *n = 0;
    for (i = 0; i < text.len; i++) {
        int value = value_of(text.ptr[i]);

        if (value < 0) {
            return SPBE_BAD;
        }
        bits = (bits << 6 | (unsigned long)value) & 0xffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[(*n)++] = (unsigned char)(bits >> have & 0xff);
        }
    }
    return have == 6 || (bits & ((1ul << have) - 1)) != 0 ? SPBE_BAD : SPBE_OK;
}

spbe_rc_t spbe_base64url_decode(spbe_span_t text, spbe_span_t *bytes,
                                apr_pool_t *pool)
{
    unsigned char *out = apr_palloc(pool, text.len / 4 * 3 + 3);
    size_t n;

    *bytes = SPBE_SPAN_EMPTY;
    if (decode(text, out, &n) != SPBE_OK) {
        return SPBE_BAD;
    }
    *bytes = (spbe_span_t){(const char *)out, n};
    return SPBE_OK;
}

spbe_rc_t spbe_base64url_exact(spbe_span_t text, void *out, size_t len)
{
    size_t n;

    /* So many characters stand for so many bytes, and no others do. */
    if (text.len != len / 3 * 4 + (len % 3 == 0 ? 0 : len % 3 + 1)) {
        return SPBE_BAD;
    }
    return decode(text, out, &n);
}
