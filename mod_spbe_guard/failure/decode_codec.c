/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode_codec.c - zlib and brotli behind one step function. See
 * decode_codec.h.
 */
#include "failure/decode_codec.h"

#include <limits.h>
#include <string.h>

int spbe_codec_open(spbe_codec_t *codec, spbe_codec_kind_t kind)
{
    static const int window[] = { 16 + MAX_WBITS, MAX_WBITS, -MAX_WBITS };

    spbe_codec_close(codec);
    codec->kind = kind;
    if (kind == SPBE_CODEC_BROTLI) {
        codec->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
        codec->open = codec->brotli != NULL;
        return codec->open;
    }
    memset(&codec->zlib, 0, sizeof(codec->zlib));
    codec->open = inflateInit2(&codec->zlib, window[kind]) == Z_OK;
    return codec->open;
}

void spbe_codec_close(spbe_codec_t *codec)
{
    if (!codec->open) {
        return;
    }
    codec->open = 0;
    if (codec->kind == SPBE_CODEC_BROTLI) {
        BrotliDecoderDestroyInstance(codec->brotli);
    }
    else {
        inflateEnd(&codec->zlib);
    }
}

static spbe_codec_step_t step_zlib(z_stream *z, spbe_span_t *in, char *out,
                                   size_t size, size_t *got)
{
    uInt offered = in->len > UINT_MAX ? UINT_MAX : (uInt)in->len;
    int rc;

    z->next_in = (z_const Bytef *)in->ptr;
    z->avail_in = offered;
    z->next_out = (Bytef *)out;
    z->avail_out = (uInt)size;
    rc = inflate(z, Z_NO_FLUSH);
    *in = spbe_span_slice(*in, offered - z->avail_in, in->len);
    *got = size - z->avail_out;
    if (rc == Z_STREAM_END) {
        return SPBE_CODEC_END;
    }
    /* Z_BUF_ERROR: nothing to do without more input, which is no error. */
    if (rc != Z_OK && rc != Z_BUF_ERROR) {
        return SPBE_CODEC_DAMAGED;
    }
    return z->avail_out == 0 || in->len > 0 ? SPBE_CODEC_FULL
                                            : SPBE_CODEC_MORE;
}

/*
 * When brotli meets damage it keeps back what it has decoded and not handed
 * out, which it does at the end of its input: so little is offered at a time
 * that little can be lost to the search.
 */
#define BROTLI_STEP 64

static spbe_codec_step_t step_brotli(BrotliDecoderState *state,
                                     spbe_span_t *in, char *out, size_t size,
                                     size_t *got)
{
    size_t offered = in->len < BROTLI_STEP ? in->len : BROTLI_STEP;
    size_t avail_in = offered, avail_out = size;
    const uint8_t *next_in = (const uint8_t *)in->ptr;
    uint8_t *next_out = (uint8_t *)out;
    BrotliDecoderResult rc;

    rc = BrotliDecoderDecompressStream(state, &avail_in, &next_in, &avail_out,
                                       &next_out, NULL);
    *in = spbe_span_slice(*in, offered - avail_in, in->len);
    *got = size - avail_out;
    if (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT && in->len > 0) {
        return SPBE_CODEC_FULL; /* there is more: call again */
    }
    switch (rc) {
    case BROTLI_DECODER_RESULT_SUCCESS:
        return SPBE_CODEC_END;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return SPBE_CODEC_MORE;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return SPBE_CODEC_FULL;
    default:
        return SPBE_CODEC_DAMAGED;
    }
}

spbe_codec_step_t spbe_codec_step(spbe_codec_t *codec, spbe_span_t *in,
                                  char *out, size_t size, size_t *got)
{
    if (codec->kind == SPBE_CODEC_BROTLI) {
        return step_brotli(codec->brotli, in, out, size, got);
    }
    return step_zlib(&codec->zlib, in, out, size, got);
}
