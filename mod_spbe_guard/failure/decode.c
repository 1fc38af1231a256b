/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode.c - the chain of decoders of one response. See decode.h.
 *
 * Each stage undoes one encoding and pushes its output into the next; the last
 * one pushes into the caller's sink. The stages are in decode_zip.c and
 * decode_utf16.c.
 */
#include "failure/decode.h"
#include "failure/decode_stage.h"

#include <string.h>

typedef spbe_stage_t *stage_make_t(apr_pool_t *pool);

/* What cannot be undone here. Any other word that is not known ("utf-8",
 * "none") is a mistake that browsers ignore, and so do we. */
static const char *const cannot[] = {
    "zstd", "compress", "x-compress", "pack200-gzip", "exi", "dcb", "dcz",
    "aes128gcm", "lzma", "xz", "x-xz", "bzip2", "x-bzip2", "sdch", "lz4",
    "snappy",
};

static const struct {
    const char *name;
    stage_make_t *make;
} known[] = {
    { "gzip", spbe_stage_gzip },
    { "x-gzip", spbe_stage_gzip },
    { "deflate", spbe_stage_deflate },
    { "br", spbe_stage_brotli },
};

struct spbe_decode {
    spbe_stage_t *stages[SPBE_DECODE_STAGES + 1]; /* and one for UTF-16 */
    size_t count;
    apr_uint64_t raw; /* bytes fed */
    spbe_rc_t rc;     /* the worst so far; stays */
    spbe_decode_sink_t *sink;
    void *baton;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static stage_make_t *find_known(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < COUNT(known); i++) {
        if (spbe_span_ieq(word, spbe_span_from(known[i].name))) {
            return known[i].make;
        }
    }
    return NULL;
}

static int is_impossible(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < COUNT(cannot); i++) {
        if (spbe_span_ieq(word, spbe_span_from(cannot[i]))) {
            return 1;
        }
    }
    return 0;
}

int spbe_decode_unknown(const char *encoding)
{
    spbe_span_t rest = spbe_span_from(encoding);
    unsigned layers = 0;

    while (rest.len > 0) {
        spbe_span_t word = spbe_span_trim(spbe_span_cut(&rest, ','));

        if (is_impossible(word)) {
            return 1;
        }
        layers += find_known(word) != NULL;
    }
    return layers > SPBE_DECODE_STAGES;
}

int spbe_decode_is_utf16(spbe_span_t s)
{
    /* FF FE 00 00 is UTF-32. */
    if (spbe_span_starts(s, SPBE_SPAN("\xff\xfe"))) {
        return !spbe_span_starts(s, SPBE_SPAN("\xff\xfe\0\0"));
    }
    return spbe_span_starts(s, SPBE_SPAN("\xfe\xff"));
}

/* The list names the encodings in the order they were applied. */
static void add_encodings(spbe_decode_t *dec, const char *encoding,
                          apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(encoding);

    while (rest.len > 0) {
        size_t comma = spbe_span_rchr(rest, ',');
        size_t from = comma == SPBE_NPOS ? 0 : comma + 1;
        stage_make_t *make =
            find_known(spbe_span_trim(spbe_span_slice(rest, from, rest.len)));

        if (make != NULL) {
            dec->stages[dec->count++] = make(pool);
        }
        rest = spbe_span_slice(rest, 0, from == 0 ? 0 : comma);
    }
}

static void add_charset(spbe_decode_t *dec, const char *charset,
                        apr_pool_t *pool)
{
    spbe_span_t name = spbe_span_trim(spbe_span_from(charset));

    if (spbe_span_ieq(name, SPBE_SPAN("utf-16be"))) {
        dec->stages[dec->count++] = spbe_stage_utf16(1, pool);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("utf-16"))
             || spbe_span_ieq(name, SPBE_SPAN("utf-16le"))
             || spbe_span_ieq(name, SPBE_SPAN("ucs-2"))
             || spbe_span_ieq(name, SPBE_SPAN("iso-10646-ucs-2"))
             || spbe_span_ieq(name, SPBE_SPAN("unicode"))) {
        dec->stages[dec->count++] = spbe_stage_utf16(0, pool);
    }
}

spbe_decode_t *spbe_decode_create(const char *encoding, const char *charset,
                                  apr_pool_t *pool)
{
    spbe_decode_t *dec;

    if (spbe_decode_unknown(encoding)) {
        return NULL;
    }
    dec = apr_pcalloc(pool, sizeof(*dec));
    add_encodings(dec, encoding, pool);
    add_charset(dec, charset, pool);
    return dec->count == 0 ? NULL : dec;
}

/* Keeps the first thing that went wrong; a bomb outweighs damage. */
static void note(spbe_decode_t *dec, spbe_rc_t rc)
{
    if (rc == SPBE_TOO_BIG || (rc != SPBE_OK && dec->rc == SPBE_OK)) {
        dec->rc = rc;
    }
}

static int is_bomb(const spbe_decode_t *dec, const spbe_stage_t *stage)
{
    return stage->produced > SPBE_DECODE_FREE
           && stage->produced / SPBE_DECODE_MAX_RATIO > dec->raw;
}

static void run_stage(spbe_decode_t *dec, size_t i, spbe_span_t in, int last)
{
    spbe_stage_t *stage;

    if (dec->rc == SPBE_TOO_BIG) {
        return;
    }
    if (i == dec->count) {
        if (in.len > 0) {
            dec->sink(dec->baton, in);
        }
        return;
    }
    stage = dec->stages[i];
    note(dec, stage->feed(stage, in, last, dec, i));
    if (last) {
        run_stage(dec, i + 1, SPBE_SPAN_EMPTY, 1);
    }
}

spbe_rc_t spbe_stage_push(spbe_decode_t *dec, size_t i, spbe_span_t out)
{
    spbe_stage_t *stage = dec->stages[i];

    stage->produced += out.len;
    if (is_bomb(dec, stage)) {
        dec->rc = SPBE_TOO_BIG;
    }
    else if (out.len > 0) {
        run_stage(dec, i + 1, out, 0);
    }
    return dec->rc == SPBE_TOO_BIG ? SPBE_TOO_BIG : SPBE_OK;
}

spbe_rc_t spbe_decode_feed(spbe_decode_t *dec, spbe_span_t raw, int last,
                           spbe_decode_sink_t *sink, void *baton)
{
    dec->sink = sink;
    dec->baton = baton;
    dec->raw += raw.len;
    run_stage(dec, 0, raw, last);
    return dec->rc;
}
