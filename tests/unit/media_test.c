/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of text/media.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "text/media.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

static void parse(void **state)
{
    static const struct {
        const char *in, *type, *charset;
        spbe_media_kind_t kind;
    } rows[] = {
        { NULL, "", "", SPBE_MEDIA_TEXT },
        { "", "", "", SPBE_MEDIA_TEXT },
        { "  ", "", "", SPBE_MEDIA_TEXT },
        { "html", "html", "", SPBE_MEDIA_TEXT },
        { ";charset=utf-8", "", "utf-8", SPBE_MEDIA_TEXT },
        { "text/html", "text/html", "", SPBE_MEDIA_HTML },
        { "Text/HTML;Charset=UTF-8", "Text/HTML", "UTF-8", SPBE_MEDIA_HTML },
        { "text/html ; charset = \"utf-16\" ; x=1", "text/html", "utf-16",
          SPBE_MEDIA_HTML },
        { "text/html; x=\"a;charset=no\"; charset='latin1'", "text/html",
          "latin1", SPBE_MEDIA_HTML },
        { "text/html; x=\"a\\\";charset=no", "text/html", "",
          SPBE_MEDIA_HTML },
        { "text/html; charset=\"utf-8", "text/html", "utf-8",
          SPBE_MEDIA_HTML },
        { "text/html, text/html; charset=utf-8", "text/html", "utf-8",
          SPBE_MEDIA_HTML },
        { "text/html; charset", "text/html", "", SPBE_MEDIA_HTML },
        { "application/xhtml+xml", "application/xhtml+xml", "",
          SPBE_MEDIA_HTML },
        { "application/json", "application/json", "", SPBE_MEDIA_JSON },
        { "application/problem+json", "application/problem+json", "",
          SPBE_MEDIA_JSON },
        { "application/vnd.api+json;ext=1", "application/vnd.api+json", "",
          SPBE_MEDIA_JSON },
        { "application/x-ndjson", "application/x-ndjson", "",
          SPBE_MEDIA_JSON },
        { "text/xml", "text/xml", "", SPBE_MEDIA_XML },
        { "image/svg+xml", "image/svg+xml", "", SPBE_MEDIA_XML },
        { "application/soap+xml", "application/soap+xml", "",
          SPBE_MEDIA_XML },
        { "text/javascript", "text/javascript", "", SPBE_MEDIA_SCRIPT },
        { "application/x-javascript", "application/x-javascript", "",
          SPBE_MEDIA_SCRIPT },
        { "application/javascript", "application/javascript", "",
          SPBE_MEDIA_SCRIPT },
        { "text/plain", "text/plain", "", SPBE_MEDIA_TEXT },
        { "text/csv; header=present", "text/csv", "", SPBE_MEDIA_TEXT },
        { "application/x-www-form-urlencoded",
          "application/x-www-form-urlencoded", "", SPBE_MEDIA_TEXT },
        { "httpd/unix-directory", "httpd/unix-directory", "",
          SPBE_MEDIA_TEXT },
        { "application/x-httpd-php", "application/x-httpd-php", "",
          SPBE_MEDIA_TEXT },
        { "text/event-stream;charset=utf-8", "text/event-stream", "utf-8",
          SPBE_MEDIA_STREAM },
        { "multipart/x-mixed-replace;boundary=x",
          "multipart/x-mixed-replace", "", SPBE_MEDIA_STREAM },
        { "application/grpc", "application/grpc", "", SPBE_MEDIA_STREAM },
        { "application/grpc-web+proto", "application/grpc-web+proto", "",
          SPBE_MEDIA_STREAM },
        { "application/pdf", "application/pdf", "", SPBE_MEDIA_BINARY },
        { "image/png", "image/png", "", SPBE_MEDIA_BINARY },
        { "application/vnd.ms-excel", "application/vnd.ms-excel", "",
          SPBE_MEDIA_BINARY },
        { "application/octet-stream", "application/octet-stream", "",
          SPBE_MEDIA_BINARY },
        { "multipart/form-data; boundary=a", "multipart/form-data", "",
          SPBE_MEDIA_BINARY },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        spbe_media_t m = spbe_media_parse(rows[i].in);

        if (!spbe_span_eq(m.type, spbe_span_from(rows[i].type))
            || !spbe_span_eq(m.charset, spbe_span_from(rows[i].charset))
            || m.kind != rows[i].kind
            || spbe_media_kind(rows[i].in) != rows[i].kind) {
            print_error("%s: %.*s|%.*s|%d\n", rows[i].in, (int)m.type.len,
                        m.type.ptr, (int)m.charset.len, m.charset.ptr,
                        m.kind);
            fail();
        }
    }
}

static void examinable(void **state)
{
    (void)state;
    assert_true(spbe_media_examinable(SPBE_MEDIA_TEXT));
    assert_true(spbe_media_examinable(SPBE_MEDIA_SCRIPT));
    assert_false(spbe_media_examinable(SPBE_MEDIA_STREAM));
    assert_false(spbe_media_examinable(SPBE_MEDIA_BINARY));
}

static void looks_like_text(void **state)
{
    static const struct {
        spbe_span_t in;
        int text;
    } rows[] = {
        { SPBE_SPAN(""), 0 },
        { SPBE_SPAN("<html>"), 1 },
        { SPBE_SPAN("\xef\xbb\xbf<html>"), 1 },
        { SPBE_SPAN("Fatal error: Uncaught"), 1 },
        { SPBE_SPAN("\n\n<br />\n<b>Warning</b>"), 1 },
        { SPBE_SPAN("\x1b[31mError\x1b[0m"), 1 },
        { SPBE_SPAN("d\xc3\xa9j\xc3\xa0 vu, cut in two: \xc3"), 1 },
        { SPBE_SPAN("d\xe9j\xe0 vu in Latin-1, mostly letters"), 1 },
        { SPBE_SPAN("\xff\xfe<\0h\0t\0"), 1 },
        { SPBE_SPAN("\xfe\xff\0<\0h\0t"), 1 },
        { SPBE_SPAN("\xff\xfe\x90\x44\0\0\0\0\0\0\0\0"), 0 },
        { SPBE_SPAN("MZ adalah singkatan"), 1 },
        { SPBE_SPAN("MZ\x90\0\3\0\0\0"), 0 },
        { SPBE_SPAN("%PDF-1.7\n%abc"), 0 },
        { SPBE_SPAN("%!PS-Adobe-3.0"), 0 },
        { SPBE_SPAN("PK\3\4\24\0\6\0"), 0 },
        { SPBE_SPAN("\x89PNG\r\n\x1a\n"), 0 },
        { SPBE_SPAN("GIF89a"), 0 },
        { SPBE_SPAN("\xff\xd8\xff\xe0\0\x10JFIF"), 0 },
        { SPBE_SPAN("RIFFxxxxWEBP"), 0 },
        { SPBE_SPAN("\x1f\x8b\x08"), 0 },
        { SPBE_SPAN("\x7f" "ELF\2\1\1"), 0 },
        { SPBE_SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 0 },
        { SPBE_SPAN("{\\rtf1\\ansi"), 0 },
        { SPBE_SPAN("SQLite format 3"), 0 },
        { SPBE_SPAN("a\0b"), 0 },
        { SPBE_SPAN("\x90\xa0\xb0\xc0\xd0\xe0\xf0\x91 abc"), 0 },
        /* A warning in front of the document it spoils. */
        { SPBE_SPAN("<br />\n<b>Warning</b>: fopen(/srv/a.php)\n%PDF-1.4\n"
                    "\0\1\2\3"), 1 },
        { SPBE_SPAN("PHP Warning:  mysqli_connect() failed\nPK\3\4\0\0"), 1 },
        { SPBE_SPAN("<a>\0\0"), 0 },
        { SPBE_SPAN("uploads/2026/11/laporan-tahunan.txt\0\0\0\0"), 0 },
        { SPBE_SPAN("<\xdd\x4b\x96\xa4H\xd2,\xe0\x39\xab`!\xc0^0\x9f\x32\xb0"
                    "s\x98\xd8\xf2K>!\xb2\xfa\xbf\x01"), 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        if (spbe_media_looks_like_text(rows[i].in) != rows[i].text) {
            print_error("row %zu: %.*s\n", i, (int)rows[i].in.len,
                        rows[i].in.ptr);
            fail();
        }
    }
}

static void matches(void **state)
{
    static const struct {
        const char *pattern, *type;
        int match;
    } rows[] = {
        { "text/html", "text/html", 1 },
        { "TEXT/html", "text/HTML; charset=utf-8", 1 },
        { "text/*", "text/csv", 1 },
        { "text/*", "application/json", 0 },
        { "application/*+json", "application/problem+json", 1 },
        { "application/*+json", "application/json", 0 },
        { "application/*+json", "application/+jso", 0 },
        { "*", "image/png", 1 },
        { "*/*", "image/png", 1 },
        { "*", NULL, 0 },
        { "*/*", "", 0 },
        { "unlabelled", NULL, 1 },
        { "Unlabelled", "", 1 },
        { "unlabelled", "text/plain", 0 },
        { " text/html ", "text/html", 1 },
        { "", "", 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        if (spbe_media_matches(rows[i].pattern, rows[i].type)
            != rows[i].match) {
            print_error("%s on %s\n", rows[i].pattern, rows[i].type);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse),
        cmocka_unit_test(examinable),
        cmocka_unit_test(looks_like_text),
        cmocka_unit_test(matches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
