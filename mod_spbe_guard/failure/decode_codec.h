/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode_codec.h - zlib and brotli behind one step function.
 *
 * Private to decode*.c. A codec undoes one stream of compressed data; what
 * stands before and after that stream is the business of decode_zip.c.
 */
#ifndef SPBE_FAILURE_DECODE_CODEC_H
#define SPBE_FAILURE_DECODE_CODEC_H

#include <brotli/decode.h>
#include <zlib.h>
#include "text/span.h"

typedef enum spbe_codec_kind {
    SPBE_CODEC_GZIP = 0,
    SPBE_CODEC_ZLIB = 1,
    SPBE_CODEC_RAW = 2, /* deflate without a header */
    SPBE_CODEC_BROTLI = 3
} spbe_codec_kind_t;

typedef struct spbe_codec {
    spbe_codec_kind_t kind;
    int open;
    z_stream zlib;
    BrotliDecoderState *brotli;
} spbe_codec_t;

typedef enum spbe_codec_step {
    SPBE_CODEC_MORE = 0,   /* in is used up */
    SPBE_CODEC_FULL = 1,   /* out is full: call again */
    SPBE_CODEC_END = 2,    /* the stream is complete; in is what follows */
    SPBE_CODEC_DAMAGED = 3 /* in begins near the damage */
} spbe_codec_step_t;

/* 0 when memory is short. Nothing is allocated in a pool. */
int spbe_codec_open(spbe_codec_t *codec, spbe_codec_kind_t kind);
void spbe_codec_close(spbe_codec_t *codec);

/* Takes from *in, writes at most size bytes, their number to *got. */
spbe_codec_step_t spbe_codec_step(spbe_codec_t *codec, spbe_span_t *in,
                                  char *out, size_t size, size_t *got);

#endif
