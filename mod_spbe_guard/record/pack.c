/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/pack.c - details are made smaller. See pack.h.
 */
#define ZLIB_CONST
#include "record/pack.h"

#include <zlib.h>

/* Details are short: a window of their size takes some ten KiB of memory that
 * has to be cleared, the usual one takes 256. */
#define BITS_MIN 9
#define LEVEL 3

static int window_bits(size_t len)
{
    int bits = BITS_MIN;

    while (bits < MAX_WBITS && (size_t)1 << bits < len) {
        bits++;
    }
    return bits;
}

size_t spbe_pack_bound(size_t len)
{
    /* deflateBound for any window, without a stream to ask. */
    return len + (len >> 3) + (len >> 6) + 64;
}

spbe_rc_t spbe_pack(spbe_span_t text, unsigned char *out, size_t *len)
{
    int bits = window_bits(text.len);
    z_stream z = {.next_in = (const Bytef *)text.ptr,
                  .avail_in = (uInt)text.len,
                  .next_out = out,
                  .avail_out = (uInt)spbe_pack_bound(text.len)};
    int rc;

    if (text.len > SPBE_PACK_MAX ||
        deflateInit2(&z, LEVEL, Z_DEFLATED, bits, bits - 7 > 0 ? bits - 7 : 1,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return SPBE_BAD;
    }
    rc = deflate(&z, Z_FINISH);
    *len = z.total_out;
    deflateEnd(&z);
    return rc == Z_STREAM_END ? SPBE_OK : SPBE_BAD;
}

/* Twice the room, with what is there already. */
static unsigned char *widen(const unsigned char *old, size_t *size,
                            apr_pool_t *pool)
{
    unsigned char *room = apr_palloc(pool, 2 * *size);

    memcpy(room, old, *size);
    *size *= 2;
    return room;
}

spbe_rc_t spbe_unpack(spbe_span_t packed, spbe_span_t *text, apr_pool_t *pool)
{
    size_t size = 8192;
    unsigned char *out = apr_palloc(pool, size);
    z_stream z = {.next_in = (const Bytef *)packed.ptr,
                  .avail_in = (uInt)packed.len};
    int rc = Z_OK, whole;

    if (packed.len > spbe_pack_bound(SPBE_PACK_MAX) ||
        inflateInit(&z) != Z_OK) {
        return SPBE_BAD;
    }
    while (rc == Z_OK && z.total_out <= SPBE_PACK_MAX) {
        if (z.total_out == size) {
            out = widen(out, &size, pool);
        }
        z.next_out = out + z.total_out;
        z.avail_out = (uInt)(size - z.total_out);
        rc = inflate(&z, Z_NO_FLUSH);
    }
    whole = rc == Z_STREAM_END && z.avail_in == 0;
    *text = (spbe_span_t){(const char *)out, z.total_out};
    inflateEnd(&z);
    if (text->len > SPBE_PACK_MAX) {
        return SPBE_TOO_BIG;
    }
    return whole ? SPBE_OK : SPBE_BAD;
}
