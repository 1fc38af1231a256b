/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode_utf16.c - UTF-16 to UTF-8, in pieces. See decode_stage.h.
 *
 * A byte order mark outweighs the label, as in browsers. A body that has no
 * NUL among its first bytes is not UTF-16, whatever the label says.
 */
#include "failure/decode_stage.h"

#include <string.h>

#define HEAD 64 /* bytes looked at before deciding */

typedef enum utf16_state {
    UTF16_BEGIN = 0,
    UTF16_CONVERT = 1,
    UTF16_AS_IS = 2
} utf16_state_t;

typedef struct utf16_stage {
    spbe_stage_t stage; /* first: the chain sees this part */
    utf16_state_t state;
    int big_endian;
    char head[HEAD];
    size_t head_len;
    int odd;          /* half a unit waits in half */
    unsigned char half;
    unsigned high;    /* first half of a surrogate pair, or 0 */
} utf16_stage_t;

typedef struct utf16_out {
    char buf[SPBE_DECODE_BUFFER];
    size_t len;
    spbe_decode_t *dec;
    size_t i;
    spbe_rc_t rc;
} utf16_out_t;

static void flush(utf16_out_t *out)
{
    if (out->len > 0 && out->rc == SPBE_OK) {
        out->rc = spbe_stage_push(out->dec, out->i,
                                  (spbe_span_t){ out->buf, out->len });
    }
    out->len = 0;
}

static void put(utf16_out_t *out, unsigned c)
{
    char *p;

    if (out->len + 4 > sizeof(out->buf)) {
        flush(out);
    }
    p = out->buf + out->len;
    if (c < 0x80) {
        *p++ = (char)c;
    }
    else if (c < 0x800) {
        *p++ = (char)(0xc0 | (c >> 6));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    else if (c < 0x10000) {
        *p++ = (char)(0xe0 | (c >> 12));
        *p++ = (char)(0x80 | ((c >> 6) & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    else {
        *p++ = (char)(0xf0 | (c >> 18));
        *p++ = (char)(0x80 | ((c >> 12) & 0x3f));
        *p++ = (char)(0x80 | ((c >> 6) & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    out->len = (size_t)(p - out->buf);
}

static void put_unit(utf16_stage_t *u, utf16_out_t *out, unsigned unit)
{
    if (u->high != 0) {
        unsigned high = u->high;

        u->high = 0;
        if (unit >= 0xdc00 && unit <= 0xdfff) {
            put(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
            return;
        }
        put(out, 0xfffd);
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
        u->high = unit;
    }
    else {
        put(out, unit >= 0xdc00 && unit <= 0xdfff ? 0xfffd : unit);
    }
}

static spbe_rc_t convert(utf16_stage_t *u, spbe_span_t in, int last,
                         spbe_decode_t *dec, size_t i)
{
    utf16_out_t out = { .len = 0, .dec = dec, .i = i, .rc = SPBE_OK };
    int damaged = 0;
    size_t at;

    for (at = 0; at < in.len && out.rc == SPBE_OK; at++) {
        unsigned char c = (unsigned char)in.ptr[at];

        if (!u->odd) {
            u->half = c;
            u->odd = 1;
            continue;
        }
        u->odd = 0;
        put_unit(u, &out, u->big_endian ? (unsigned)u->half << 8 | c
                                        : (unsigned)c << 8 | u->half);
    }
    if (last && (u->odd || u->high != 0)) {
        put(&out, 0xfffd);
        damaged = 1;
        u->odd = 0;
        u->high = 0;
    }
    flush(&out);
    return out.rc == SPBE_OK && damaged ? SPBE_BAD : out.rc;
}

/* Sets the state by the first bytes; returns how many of them are the mark. */
static size_t decide(utf16_stage_t *u, spbe_span_t head)
{
    u->state = UTF16_CONVERT;
    if (spbe_decode_is_utf16(head)) {
        u->big_endian = (unsigned char)head.ptr[0] == 0xfe;
        return 2;
    }
    if (spbe_span_chr(head, '\0') == SPBE_NPOS) {
        u->state = UTF16_AS_IS;
    }
    else if (head.len >= 2 && (head.ptr[0] == '\0') != (head.ptr[1] == '\0')) {
        u->big_endian = head.ptr[0] == '\0';
    }
    return 0;
}

static spbe_rc_t go_on(utf16_stage_t *u, spbe_span_t in, int last,
                       spbe_decode_t *dec, size_t i)
{
    if (u->state == UTF16_AS_IS) {
        return spbe_stage_push(dec, i, in);
    }
    return convert(u, in, last, dec, i);
}

static spbe_rc_t feed(spbe_stage_t *stage, spbe_span_t in, int last,
                      spbe_decode_t *dec, size_t i)
{
    utf16_stage_t *u = (utf16_stage_t *)stage;
    spbe_span_t head;
    size_t take, mark;
    spbe_rc_t rc;

    if (u->state != UTF16_BEGIN) {
        return go_on(u, in, last, dec, i);
    }
    take = in.len < HEAD - u->head_len ? in.len : HEAD - u->head_len;
    memcpy(u->head + u->head_len, in.ptr, take);
    u->head_len += take;
    head = (spbe_span_t){ u->head, u->head_len };
    /* A mark decides at once; four bytes tell it from that of UTF-32. */
    if (!last && head.len < HEAD
        && !(head.len >= 4 && spbe_decode_is_utf16(head))) {
        return SPBE_OK;
    }
    mark = decide(u, head);
    in = spbe_span_slice(in, take, in.len);
    rc = go_on(u, spbe_span_slice(head, mark, head.len), last && in.len == 0,
               dec, i);
    return rc == SPBE_OK && in.len > 0 ? go_on(u, in, last, dec, i) : rc;
}

spbe_stage_t *spbe_stage_utf16(int big_endian, apr_pool_t *pool)
{
    utf16_stage_t *u = apr_pcalloc(pool, sizeof(*u));

    u->stage.feed = feed;
    u->big_endian = big_endian;
    return &u->stage;
}
