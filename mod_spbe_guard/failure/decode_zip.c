/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode_zip.c - gzip, deflate and brotli as stages. See
 * decode_stage.h.
 *
 * A stage first finds out whether the body is what its label says: gzip by its
 * magic; deflate and brotli have none, so their first bytes are decoded on
 * trial. A gzip body may consist of several members.
 */
#include "failure/decode_codec.h"
#include "failure/decode_stage.h"
#include "text/media.h"

#include <string.h>

#define GZIP_MAGIC 4   /* with the flags, of which three must be 0 */
#define TRIAL_BYTES 256
#define SHORT_TEXT 32  /* a short stream may happen to be all letters */

typedef enum zip_state {
    ZIP_BEGIN = 0, /* of the body, or of a further gzip member */
    ZIP_RUN = 1,
    ZIP_AS_IS = 2
} zip_state_t;

typedef enum zip_verdict {
    ZIP_WAIT = 0,
    ZIP_YES = 1,
    ZIP_NO = 2
} zip_verdict_t;

typedef struct zip_stage {
    spbe_stage_t stage; /* first: the chain sees this part */
    spbe_codec_kind_t kind;
    zip_state_t state;
    unsigned members; /* complete streams so far, at least one or none */
    char head[TRIAL_BYTES];
    size_t head_len;
    spbe_codec_t codec;
} zip_stage_t;

static apr_status_t close_codec(void *stage)
{
    spbe_codec_close(&((zip_stage_t *)stage)->codec);
    return APR_SUCCESS;
}

static zip_verdict_t is_gzip(spbe_span_t head, int last)
{
    static const unsigned char magic[] = { 0x1f, 0x8b, 0x08 };
    size_t n = head.len < sizeof(magic) ? head.len : sizeof(magic);

    if (memcmp(head.ptr, magic, n) != 0
        || (head.len >= GZIP_MAGIC && (head.ptr[3] & 0xe0) != 0)) {
        return ZIP_NO;
    }
    if (head.len >= GZIP_MAGIC) {
        return ZIP_YES;
    }
    return last ? ZIP_NO : ZIP_WAIT;
}

/* text: the head reads as text, so only a stream that is complete and ends
 * with the body is believed. */
static int decodes(spbe_codec_kind_t kind, spbe_span_t head, int text,
                   int last)
{
    char out[SPBE_DECODE_BUFFER];
    spbe_codec_t codec = { .open = 0 };
    spbe_codec_step_t step;
    size_t got = 0;

    if (!spbe_codec_open(&codec, kind)) {
        return 0;
    }
    step = spbe_codec_step(&codec, &head, out, sizeof(out), &got);
    spbe_codec_close(&codec);
    if (step == SPBE_CODEC_END) {
        return !text || (last && head.len == 0);
    }
    return !text && (got > 0 || (step != SPBE_CODEC_DAMAGED && !last));
}

static int has_zlib_header(spbe_span_t head)
{
    unsigned cmf, flg;

    if (head.len < 2) {
        return 0;
    }
    cmf = (unsigned char)head.ptr[0];
    flg = (unsigned char)head.ptr[1];
    /* Method deflate, window at most 32 KiB, no dictionary. */
    return (cmf & 0x0f) == 8 && cmf <= 0x78 && (cmf << 8 | flg) % 31 == 0
           && (flg & 0x20) == 0;
}

/* Some text is valid compressed data for a while; compressed data is never
 * text for long. */
static zip_verdict_t is_headless(zip_stage_t *z, spbe_span_t head, int last)
{
    int text = spbe_media_looks_like_text(head);

    if (head.len < TRIAL_BYTES && !last) {
        return ZIP_WAIT;
    }
    if (text && head.len > SHORT_TEXT) {
        return ZIP_NO;
    }
    if (z->kind == SPBE_CODEC_BROTLI) {
        return decodes(z->kind, head, text, last) ? ZIP_YES : ZIP_NO;
    }
    if (has_zlib_header(head)
        && decodes(SPBE_CODEC_ZLIB, head, text, last)) {
        z->kind = SPBE_CODEC_ZLIB;
        return ZIP_YES;
    }
    z->kind = SPBE_CODEC_RAW;
    return decodes(SPBE_CODEC_RAW, head, text, last) ? ZIP_YES : ZIP_NO;
}

/* Moves bytes of *in to the head until it can be judged. */
static zip_verdict_t judge(zip_stage_t *z, spbe_span_t *in, int last)
{
    size_t want = z->kind == SPBE_CODEC_GZIP ? GZIP_MAGIC : TRIAL_BYTES;
    size_t take;
    spbe_span_t head;

    /* Between members there may be padding. */
    while (z->members > 0 && z->head_len == 0 && in->len > 0
           && in->ptr[0] == '\0') {
        *in = spbe_span_slice(*in, 1, in->len);
    }
    take = in->len < want - z->head_len ? in->len : want - z->head_len;
    memcpy(z->head + z->head_len, in->ptr, take);
    z->head_len += take;
    *in = spbe_span_slice(*in, take, in->len);
    if (z->head_len == 0) {
        return ZIP_WAIT;
    }
    last = last && in->len == 0;
    head = (spbe_span_t){ z->head, z->head_len };
    return z->kind == SPBE_CODEC_GZIP ? is_gzip(head, last)
                                      : is_headless(z, head, last);
}

static spbe_rc_t as_is(zip_stage_t *z, spbe_rc_t rc)
{
    spbe_codec_close(&z->codec);
    z->state = ZIP_AS_IS;
    return rc;
}

/* After a stream: another gzip member may follow; anything else is no part of
 * the encoding and goes on as it is. */
static spbe_rc_t end_stream(zip_stage_t *z)
{
    z->members = 1;
    z->head_len = 0;
    if (z->kind != SPBE_CODEC_GZIP) {
        return as_is(z, SPBE_OK);
    }
    spbe_codec_close(&z->codec);
    z->state = ZIP_BEGIN;
    return SPBE_OK;
}

static spbe_rc_t decode(zip_stage_t *z, spbe_span_t *in, spbe_decode_t *dec,
                        size_t i)
{
    char out[SPBE_DECODE_BUFFER];
    spbe_codec_step_t step;
    size_t got;

    do {
        got = 0;
        step = spbe_codec_step(&z->codec, in, out, sizeof(out), &got);
        if (spbe_stage_push(dec, i, (spbe_span_t){ out, got }) != SPBE_OK) {
            return SPBE_TOO_BIG;
        }
    } while (step == SPBE_CODEC_FULL);
    if (step == SPBE_CODEC_END) {
        return end_stream(z);
    }
    return step == SPBE_CODEC_DAMAGED ? as_is(z, SPBE_BAD) : SPBE_OK;
}

static spbe_rc_t begin(zip_stage_t *z, spbe_span_t *in, int last,
                       spbe_decode_t *dec, size_t i)
{
    zip_verdict_t verdict = judge(z, in, last);
    spbe_span_t head = { z->head, z->head_len };
    spbe_rc_t rc;

    if (verdict == ZIP_WAIT) {
        return SPBE_OK;
    }
    if (verdict == ZIP_YES && spbe_codec_open(&z->codec, z->kind)) {
        z->state = ZIP_RUN;
        rc = decode(z, &head, dec, i);
    }
    else {
        rc = as_is(z, z->members > 0 ? SPBE_BAD : SPBE_OK);
    }
    if (z->state == ZIP_AS_IS && rc != SPBE_TOO_BIG && head.len > 0) {
        spbe_rc_t push = spbe_stage_push(dec, i, head);

        return push != SPBE_OK ? push : z->members > 0 ? SPBE_BAD : rc;
    }
    return rc;
}

static spbe_rc_t feed_some(zip_stage_t *z, spbe_span_t *in, int last,
                           spbe_decode_t *dec, size_t i)
{
    spbe_span_t rest = *in;

    switch (z->state) {
    case ZIP_BEGIN:
        return begin(z, in, last, dec, i);
    case ZIP_RUN:
        return decode(z, in, dec, i);
    default:
        *in = SPBE_SPAN_EMPTY;
        if (spbe_stage_push(dec, i, rest) != SPBE_OK) {
            return SPBE_TOO_BIG;
        }
        /* Bytes after the end of a stream. */
        return z->members > 0 && rest.len > 0 ? SPBE_BAD : SPBE_OK;
    }
}

static spbe_rc_t feed(spbe_stage_t *stage, spbe_span_t in, int last,
                      spbe_decode_t *dec, size_t i)
{
    zip_stage_t *z = (zip_stage_t *)stage;
    spbe_rc_t rc, worst = SPBE_OK;

    do {
        rc = feed_some(z, &in, last, dec, i);
        if (rc == SPBE_TOO_BIG) {
            spbe_codec_close(&z->codec);
            z->state = ZIP_AS_IS;
            return rc;
        }
        worst = rc == SPBE_OK ? worst : rc;
    } while (in.len > 0);
    /* The stream broke off. */
    return last && z->state == ZIP_RUN ? SPBE_BAD : worst;
}

static spbe_stage_t *make(spbe_codec_kind_t kind, apr_pool_t *pool)
{
    zip_stage_t *z = apr_pcalloc(pool, sizeof(*z));

    z->stage.feed = feed;
    z->kind = kind;
    apr_pool_cleanup_register(pool, z, close_codec, apr_pool_cleanup_null);
    return &z->stage;
}

spbe_stage_t *spbe_stage_gzip(apr_pool_t *pool)
{
    return make(SPBE_CODEC_GZIP, pool);
}

spbe_stage_t *spbe_stage_deflate(apr_pool_t *pool)
{
    return make(SPBE_CODEC_RAW, pool);
}

spbe_stage_t *spbe_stage_brotli(apr_pool_t *pool)
{
    return make(SPBE_CODEC_BROTLI, pool);
}
