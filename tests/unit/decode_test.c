/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/decode.c: every encoding in every cut, and every way in
 * which a body is not what it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <apr_strings.h>
#include <zlib.h>
#include "failure/decode.h"

#define GZIP (16 + MAX_WBITS)
#define ZLIB MAX_WBITS
#define RAW (-MAX_WBITS)

static const char page[] =
    "<html><body>Traceback (most recent call last):\n  File \"/srv/app.py\", "
    "line 3, in <module>\nValueError: data tidak ditemukan</body></html>\n";

typedef struct sink {
    char *data;
    size_t len, size;
    size_t calls;
    int discard;
} sink_t;

static void collect(void *baton, spbe_span_t text)
{
    sink_t *sink = baton;

    sink->calls++;
    if (sink->discard) {
        sink->len += text.len;
        return;
    }
    if (sink->len + text.len + 1 > sink->size) {
        sink->size = (sink->len + text.len + 1) * 2;
        sink->data = realloc(sink->data, sink->size);
        assert_non_null(sink->data);
    }
    memcpy(sink->data + sink->len, text.ptr, text.len);
    sink->len += text.len;
}

static spbe_span_t deflated(spbe_span_t in, int window, apr_pool_t *pool)
{
    z_stream z = { .next_in = (Bytef *)(uintptr_t)in.ptr,
                   .avail_in = (uInt)in.len };
    size_t size = in.len + in.len / 100 + 128;
    char *out = apr_palloc(pool, size);

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size -= z.avail_out;
    deflateEnd(&z);
    return (spbe_span_t){ out, size };
}

/* The page, and 80 MiB of NULs, as `brotli -q 11` makes them. */
static const unsigned char page_br[] = {
    0xa1, 0x38, 0x04, 0x00, 0x6f, 0x9c, 0x64, 0xea, 0xcf, 0x3a, 0x73, 0x1b,
    0xa5, 0x7a, 0x2c, 0x29, 0x88, 0x0b, 0x36, 0x11, 0x53, 0x1f, 0xac, 0x0c,
    0x41, 0x86, 0x1f, 0x98, 0x0a, 0x3a, 0x54, 0x50, 0x93, 0x03, 0xf6, 0xab,
    0xe4, 0x35, 0xb0, 0x00, 0x5b, 0x04, 0x01, 0x47, 0x18, 0xb8, 0xc9, 0x52,
    0xb6, 0xc9, 0xae, 0x81, 0x20, 0x33, 0x7e, 0xcf, 0xf8, 0xb6, 0x68, 0x55,
    0x94, 0x1b, 0x01, 0x26, 0x4e, 0x03, 0x0d, 0x15, 0x83, 0x60, 0xf3, 0x4f,
    0xbc, 0xd7, 0x63, 0x71, 0xcf, 0xfe, 0x29, 0x51, 0x34, 0x4b, 0x82, 0x4d,
    0xb4, 0x0e, 0xd9, 0x8d, 0xdb, 0x8e, 0x8e, 0x54, 0xfd, 0x45, 0x3f, 0xa6,
    0x32, 0xa0, 0xd8, 0x8e, 0x3b, 0x64, 0x02, 0x10,
};
static const unsigned char bomb_br[] = {
    0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7,
    0xfe, 0x9f, 0xff, 0xff, 0xff, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x01, 0x80,
    0xee, 0xfd, 0x3f, 0xff, 0xff, 0xff, 0xe1, 0x9f, 0x00, 0x88, 0xc3, 0x22,
    0x00, 0xdd, 0xfb, 0x7f, 0xfe, 0xff, 0xff, 0xc3, 0x3f, 0x01, 0x10, 0x87,
    0x05, 0x00, 0xba, 0xf7, 0xff, 0xfc, 0xff, 0xff, 0x87, 0x7f, 0x02, 0x20,
    0x0e, 0x0b, 0x00, 0x74, 0xef, 0xff, 0x07,
};

/* RFC 7932 with stored meta-blocks only: the encoder is not needed to test. */
static spbe_span_t brotlied(spbe_span_t in, apr_pool_t *pool)
{
    unsigned char *out = apr_palloc(pool, in.len + in.len / 1000 * 4 + 8);
    size_t at = 0, from, n;
    unsigned long bits;

    for (from = 0; from < in.len; from += n) {
        n = in.len - from < 1000 ? in.len - from : 1000;
        /* Window bits stand in front of the first block: one 0 bit. */
        bits = (unsigned long)(n - 1) << 3 | 1UL << 19;
        bits <<= from == 0;
        out[at++] = (unsigned char)bits;
        out[at++] = (unsigned char)(bits >> 8);
        out[at++] = (unsigned char)(bits >> 16);
        memcpy(out + at, in.ptr + from, n);
        at += n;
    }
    out[at++] = in.len == 0 ? 6 : 3;
    return (spbe_span_t){ (char *)out, at };
}

static spbe_span_t joined(spbe_span_t a, spbe_span_t b, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, a.len + b.len + 1);

    memcpy(out, a.ptr, a.len);
    memcpy(out + a.len, b.ptr, b.len);
    return (spbe_span_t){ out, a.len + b.len };
}

static spbe_span_t utf16(spbe_span_t in, int big, const char *mark,
                         apr_pool_t *pool)
{
    char *out = apr_palloc(pool, in.len * 2 + 2);
    size_t i, at = strlen(mark);

    memcpy(out, mark, at);
    for (i = 0; i < in.len; i++) {
        out[at++] = big ? '\0' : in.ptr[i];
        out[at++] = big ? in.ptr[i] : '\0';
    }
    return (spbe_span_t){ out, at };
}

/* step 0: everything at once, as the last piece. */
static spbe_rc_t run(const char *encoding, const char *charset,
                     spbe_span_t raw, size_t step, sink_t *sink,
                     apr_pool_t *pool)
{
    spbe_decode_t *dec = spbe_decode_create(encoding, charset, pool);
    spbe_rc_t rc = SPBE_OK;
    size_t at;

    assert_non_null(dec);
    if (step == 0) {
        return spbe_decode_feed(dec, raw, 1, collect, sink);
    }
    for (at = 0; at < raw.len; at += step) {
        rc = spbe_decode_feed(dec, spbe_span_slice(raw, at, at + step), 0,
                              collect, sink);
    }
    rc = spbe_decode_feed(dec, SPBE_SPAN_EMPTY, 1, collect, sink);
    return rc;
}

static void expect(const char *encoding, const char *charset, spbe_span_t raw,
                   spbe_rc_t rc, spbe_span_t text, apr_pool_t *pool)
{
    static const size_t steps[] = { 0, 1, 2, 3, 7, 64, 255, 256, 257, 4096 };
    size_t i;

    for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        sink_t sink = { .data = NULL };
        spbe_rc_t got = run(encoding, charset, raw, steps[i], &sink, pool);

        if (got != rc || sink.len != text.len
            || memcmp(sink.data == NULL ? "" : sink.data, text.ptr, text.len)
                   != 0) {
            print_error("%s %s step %zu: rc %d for %d, %zu bytes for %zu\n",
                        encoding, charset, steps[i], got, rc, sink.len,
                        text.len);
            fail();
        }
        free(sink.data);
    }
}

static int setup(void **state)
{
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

static spbe_span_t long_text(apr_pool_t *pool)
{
    char *out = apr_palloc(pool, 60000);
    size_t i;

    srand(1);
    for (i = 0; i < 60000; i++) {
        out[i] = (char)("<p class=x>abc \n"[(unsigned)rand() % 16]);
    }
    return (spbe_span_t){ out, 60000 };
}

static void encodings(void **state)
{
    apr_pool_t *pool = *state;
    const spbe_span_t texts[] = { spbe_span_from(page), long_text(pool),
                                  SPBE_SPAN("x"), SPBE_SPAN("") };
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        spbe_span_t t = texts[i];
        spbe_span_t gz = deflated(t, GZIP, pool);

        expect("gzip", NULL, gz, SPBE_OK, t, pool);
        expect("X-GZip", NULL, gz, SPBE_OK, t, pool);
        expect("deflate", NULL, deflated(t, ZLIB, pool), SPBE_OK, t, pool);
        expect("deflate", NULL, deflated(t, RAW, pool), SPBE_OK, t, pool);
        expect("br", NULL, brotlied(t, pool), SPBE_OK, t, pool);
        expect("br, gzip", NULL, deflated(brotlied(t, pool), GZIP, pool),
               SPBE_OK, t, pool);
        expect("gzip, br", NULL, brotlied(gz, pool), SPBE_OK, t, pool);
        expect("identity,gzip , identity", NULL, gz, SPBE_OK, t, pool);
        expect("deflate, gzip, br", NULL,
               brotlied(deflated(deflated(t, RAW, pool), GZIP, pool), pool),
               SPBE_OK, t, pool);
    }
}

static void real_brotli(void **state)
{
    spbe_span_t br = { (const char *)page_br, sizeof(page_br) };

    expect("br", NULL, br, SPBE_OK, spbe_span_from(page), *state);
    expect("br", "utf-8", br, SPBE_OK, spbe_span_from(page), *state);
}

static void empty_bodies(void **state)
{
    static const char *const names[] = { "gzip", "deflate", "br" };
    size_t i;

    for (i = 0; i < 3; i++) {
        expect(names[i], NULL, SPBE_SPAN_EMPTY, SPBE_OK, SPBE_SPAN_EMPTY,
               *state);
    }
}

static void gzip_members(void **state)
{
    apr_pool_t *pool = *state;
    spbe_span_t a = SPBE_SPAN("Traceback (most "), b = SPBE_SPAN("recent)\n");
    spbe_span_t two = joined(deflated(a, GZIP, pool), deflated(b, GZIP, pool),
                             pool);
    spbe_span_t both = joined(a, b, pool);
    spbe_span_t gap = joined(deflated(a, GZIP, pool),
                             joined(SPBE_SPAN("\0\0\0"),
                                    deflated(b, GZIP, pool), pool), pool);
    spbe_span_t named = SPBE_SPAN("\x1f\x8b\x08\x1c\0\0\0\0\0\3"
                                  "\3\0abc" "name\0" "comment\0"
                                  "\x4b\4\0\x43\xbe\xb7\xe8\1\0\0\0");

    expect("gzip", NULL, two, SPBE_OK, both, pool);
    expect("gzip", NULL, gap, SPBE_OK, both, pool);
    expect("gzip", NULL, joined(two, SPBE_SPAN("\0\0"), pool), SPBE_OK, both,
           pool);
    /* All header fields that RFC 1952 knows. */
    expect("gzip", NULL, named, SPBE_OK, SPBE_SPAN("a"), pool);
    /* What a runtime appends in clear is still seen. */
    expect("gzip", NULL, joined(two, SPBE_SPAN("Fatal error: x"), pool),
           SPBE_BAD, joined(both, SPBE_SPAN("Fatal error: x"), pool), pool);
    expect("br", NULL, joined(brotlied(a, pool), b, pool), SPBE_BAD, both,
           pool);
    expect("deflate", NULL, joined(deflated(a, ZLIB, pool), b, pool),
           SPBE_BAD, both, pool);
}

static void mislabelled(void **state)
{
    static const char *const texts[] = {
        page, "x^2", "HK", "b", "Kesalahan", "{\"error\":1}", "[]", "\n",
        "SQLSTATE[HY000] [2002] Connection refused", "kkkkkkkkkkkkkkkkkk",
        "#!/usr/bin/perl\nprint 1; # rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr",
    };
    static const char *const names[] = { "gzip", "deflate", "br",
                                         "gzip, br" };
    size_t i, j;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
            expect(names[j], NULL, spbe_span_from(texts[i]), SPBE_OK,
                   spbe_span_from(texts[i]), *state);
        }
    }
    /* One label too many. */
    expect("gzip, gzip", NULL, deflated(spbe_span_from(page), GZIP, *state),
           SPBE_OK, spbe_span_from(page), *state);
    expect("gzip", NULL, SPBE_SPAN("\x1f\x8b"), SPBE_OK,
           SPBE_SPAN("\x1f\x8b"), *state);
    expect("gzip", NULL, SPBE_SPAN("\x1f\x8b\x08\xe0 zzzz"), SPBE_OK,
           SPBE_SPAN("\x1f\x8b\x08\xe0 zzzz"), *state);
}

static void truncated(void **state)
{
    apr_pool_t *pool = *state;
    spbe_span_t text = long_text(pool);
    const struct {
        const char *name;
        spbe_span_t data;
    } rows[] = {
        { "gzip", deflated(text, GZIP, pool) },
        { "deflate", deflated(text, ZLIB, pool) },
        { "deflate", deflated(text, RAW, pool) },
        { "br", brotlied(text, pool) },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sink_t sink = { .data = NULL };
        spbe_span_t half = spbe_span_slice(rows[i].data, 0,
                                           rows[i].data.len / 2);

        assert_int_equal(run(rows[i].name, NULL, half, 100, &sink, pool),
                         SPBE_BAD);
        assert_in_range(sink.len, text.len / 4, text.len);
        assert_memory_equal(sink.data, text.ptr, sink.len);
        free(sink.data);
    }
}

static void damaged(void **state)
{
    apr_pool_t *pool = *state;
    spbe_span_t text = long_text(pool);
    spbe_span_t gz = deflated(text, GZIP, pool);
    char *copy = apr_pmemdup(pool, gz.ptr, gz.len);
    sink_t sink = { .data = NULL };
    spbe_decode_t *dec = spbe_decode_create("gzip", NULL, pool);

    memset(copy + gz.len / 2, 0xff, 600);
    assert_int_equal(spbe_decode_feed(dec, (spbe_span_t){ copy, gz.len }, 0,
                                      collect, &sink), SPBE_BAD);
    assert_true(sink.len > text.len / 4);
    assert_memory_equal(sink.data, text.ptr, text.len / 4);
    /* The rest goes on as it is. */
    sink.len = 0;
    assert_int_equal(spbe_decode_feed(dec, SPBE_SPAN("tail"), 1, collect,
                                      &sink), SPBE_BAD);
    assert_memory_equal(sink.data, "tail", 4);
    assert_int_equal(sink.len, 4);
    free(sink.data);
}

static void bombs(void **state)
{
    apr_pool_t *pool = *state;
    size_t size = (size_t)80 << 20;
    char *zeros = calloc(1, size);
    const struct {
        const char *name;
        spbe_span_t data;
    } rows[] = {
        { "gzip", deflated((spbe_span_t){ zeros, size }, GZIP, pool) },
        { "br", { (const char *)bomb_br, sizeof(bomb_br) } },
        { "gzip, gzip", deflated(deflated((spbe_span_t){ zeros, size }, GZIP,
                                          pool), GZIP, pool) },
    };
    size_t i;

    assert_non_null(zeros);
    free(zeros);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sink_t sink = { .discard = 1 };

        assert_int_equal(run(rows[i].name, NULL, rows[i].data, 0, &sink,
                             pool), SPBE_TOO_BIG);
        assert_in_range(sink.len, 1, SPBE_DECODE_FREE);
    }
}

static void utf16_texts(void **state)
{
    apr_pool_t *pool = *state;
    spbe_span_t t = spbe_span_from(page);
    spbe_span_t le = utf16(t, 0, "", pool), be = utf16(t, 1, "", pool);
    spbe_span_t le_mark = utf16(t, 0, "\xff\xfe", pool);
    spbe_span_t be_mark = utf16(t, 1, "\xfe\xff", pool);

    expect(NULL, "UTF-16LE", le, SPBE_OK, t, pool);
    expect(NULL, "utf-16be", be, SPBE_OK, t, pool);
    expect(NULL, "utf-16", le, SPBE_OK, t, pool);
    expect(NULL, "utf-16", be, SPBE_OK, t, pool);
    expect(NULL, "utf-16", le_mark, SPBE_OK, t, pool);
    expect(NULL, "utf-16", be_mark, SPBE_OK, t, pool);
    /* The mark outweighs the label, as in browsers. */
    expect(NULL, "utf-16be", le_mark, SPBE_OK, t, pool);
    expect(NULL, "utf-16", t, SPBE_OK, t, pool);
    expect(NULL, "utf-16le", SPBE_SPAN("\xe9\0A\0"), SPBE_OK,
           SPBE_SPAN("\xc3\xa9" "A"), pool);
    expect(NULL, "utf-16le", SPBE_SPAN("\x3d\xd8\x00\xde<\0"), SPBE_OK,
           SPBE_SPAN("\xf0\x9f\x98\x80<"), pool);
    expect(NULL, "utf-16le", SPBE_SPAN("\x3d\xd8<\0\x00\xde"), SPBE_OK,
           SPBE_SPAN("\xef\xbf\xbd<\xef\xbf\xbd"), pool);
    expect(NULL, "utf-16le", SPBE_SPAN("<\0p\0x"), SPBE_BAD,
           SPBE_SPAN("<p\xef\xbf\xbd"), pool);
    expect("gzip", "utf-16", deflated(le_mark, GZIP, pool), SPBE_OK, t, pool);
}

static void nothing_to_undo(void **state)
{
    static const struct {
        const char *encoding, *charset;
        int null, unknown;
    } rows[] = {
        { NULL, NULL, 1, 0 },
        { "", "", 1, 0 },
        { "identity", "utf-8", 1, 0 },
        { "utf-8", "iso-8859-1", 1, 0 },
        { "zstd", NULL, 1, 1 },
        { "gzip, ZSTD", NULL, 1, 1 },
        { "gzip,gzip,gzip,gzip", NULL, 1, 1 },
        { "gzip,gzip,gzip", NULL, 0, 0 },
        { "none, gzip", NULL, 0, 0 },
        { NULL, "utf-16", 0, 0 },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(spbe_decode_create(rows[i].encoding, rows[i].charset,
                                            *state) == NULL, rows[i].null);
        assert_int_equal(spbe_decode_unknown(rows[i].encoding),
                         rows[i].unknown);
    }
}

static void marks(void **state)
{
    (void)state;
    assert_true(spbe_decode_is_utf16(SPBE_SPAN("\xff\xfe<\0")));
    assert_true(spbe_decode_is_utf16(SPBE_SPAN("\xfe\xff\0<")));
    assert_false(spbe_decode_is_utf16(SPBE_SPAN("\xff\xfe\0\0")));
    assert_false(spbe_decode_is_utf16(SPBE_SPAN("\xef\xbb\xbf<")));
    assert_false(spbe_decode_is_utf16(SPBE_SPAN("\xff")));
    assert_false(spbe_decode_is_utf16(SPBE_SPAN_EMPTY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(encodings, setup, teardown),
        cmocka_unit_test_setup_teardown(real_brotli, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_bodies, setup, teardown),
        cmocka_unit_test_setup_teardown(gzip_members, setup, teardown),
        cmocka_unit_test_setup_teardown(mislabelled, setup, teardown),
        cmocka_unit_test_setup_teardown(truncated, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(bombs, setup, teardown),
        cmocka_unit_test_setup_teardown(utf16_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_to_undo, setup, teardown),
        cmocka_unit_test(marks),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
