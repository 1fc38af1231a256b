/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/complaint*.c: what a refused field is to a person, and to a
 * program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "failure/builtin.h"
#include "failure/complaint.h"
#include "failure/csp.h"
#include "input/format.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
#define BODY SPBE_WHERE_BODY
#define PARAMETER SPBE_WHERE_PARAMETER

static int setup(void **state)
{
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

static spbe_messages_t *messages(int english, apr_pool_t *pool)
{
    const char *name = english ? "messages/en.json" : "messages/id.json";
    const char *error = NULL;
    spbe_messages_t *m = spbe_messages_load(name, spbe_builtin_get(name),
                                            &error, pool);

    assert_null(error);
    return m;
}

static void sentences(void **state)
{
    static const struct {
        const char *keyword, *arg, *example, *id, *en;
    } rows[] = {
        { "required", "nik", NULL, "Harus diisi.", "This must be filled in." },
        { "required", NULL, NULL, "Harus diisi.", "This must be filled in." },
        { "dependentRequired", "b", NULL, "Harus diisi.",
          "This must be filled in." },
        { "minLength", "3", NULL, "Isi paling sedikit 3 huruf atau angka.",
          "Enter at least 3 characters." },
        { "minLength", "1", NULL, "Harus diisi.", "This must be filled in." },
        { "maxLength", "40", NULL,
          "Isi paling banyak 40 huruf atau angka, termasuk spasi.",
          "Enter at most 40 characters, spaces included." },
        { "maxLength", "1", NULL, "Isi satu huruf atau angka saja.",
          "Enter one character only." },
        { "maxLength", "0", NULL, "Harus dikosongkan.",
          "This must be left empty." },
        { "minimum", "17", NULL, "Paling kecil 17.",
          "The smallest allowed is 17." },
        { "maximum", "1.5", NULL, "Paling besar 1.5.",
          "The largest allowed is 1.5." },
        { "exclusiveMinimum", "0", NULL, "Harus lebih besar dari 0.",
          "Must be more than 0." },
        { "exclusiveMaximum", "9", NULL, "Harus lebih kecil dari 9.",
          "Must be less than 9." },
        { "multipleOf", "1000", NULL, "Harus kelipatan 1000.",
          "Must be a multiple of 1000." },
        { "enum", "usaha, bangunan", NULL,
          "Pilih salah satu: usaha, bangunan.",
          "Choose one of: usaha, bangunan." },
        { "enum", NULL, NULL, "Pilih salah satu dari pilihan yang tersedia.",
          "Choose one of the options that are offered." },
        { "enum", "%s%n, \x1b[2J", NULL, "Pilih salah satu: %s%n, \\x1b[2J.",
          "Choose one of: %s%n, \\x1b[2J." },
        { "const", "ya", NULL, "Harus diisi: ya.", "Must be: ya." },
        { "type", "integer", NULL,
          "Harus berupa bilangan bulat, tanpa koma atau titik.",
          "Must be a whole number, without a decimal point." },
        { "type", "integer, null", NULL,
          "Harus berupa bilangan bulat, tanpa koma atau titik.",
          "Must be a whole number, without a decimal point." },
        { "type", "boolean", NULL, "Harus ya atau tidak (true atau false).",
          "Must be yes or no (true or false)." },
        { "type", "<b>", NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "type", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "minItems", "2", NULL, "Isi atau pilih paling sedikit 2.",
          "Enter or choose at least 2." },
        { "minItems", "1", NULL, "Isi atau pilih paling sedikit satu.",
          "Enter or choose at least one." },
        { "maxItems", "3", NULL, "Isi atau pilih paling banyak 3.",
          "Enter or choose at most 3." },
        { "maxItems", "1", NULL, "Isi atau pilih satu saja.",
          "Enter or choose only one." },
        { "uniqueItems", NULL, NULL, "Tidak boleh ada yang sama.",
          "No two may be the same." },
        { "pattern", "^[A-Z]+$", NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "format", "nik", "1271", "Harus berupa NIK: 16 angka sesuai KTP "
                                   "atau KK. Contoh: 1271",
          "Must be an Indonesian national identity number (NIK): 16 digits, "
          "as on the identity card. Example: 1271" },
        { "format", "date", "1999-12-31",
          "Harus berupa tanggal: tahun-bulan-hari. Contoh: 1999-12-31",
          "Must be a date: year-month-day. Example: 1999-12-31" },
        { "format", "x-lain", NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "format", NULL, NULL,
          "Bentuk isian ini belum sesuai dengan yang diminta.",
          "This is not written in the expected form." },
        { "anyOf", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "limit", NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { NULL, NULL, NULL, "Isian ini belum sesuai dengan yang diminta.",
          "This entry is not as expected." },
        { "unknown", "<script>", NULL,
          "Ada isian yang bukan bagian dari formulir ini.",
          "There is an entry that does not belong to this form." },
        { "additionalProperties", "jahat", NULL,
          "Ada isian yang bukan bagian dari formulir ini.",
          "There is an entry that does not belong to this form." },
        { ">=", "tanggal_mulai", NULL,
          "Tidak boleh lebih awal atau lebih kecil daripada Tanggal mulai.",
          "Must not be earlier or smaller than Tanggal mulai." },
        { "==", "/akun/kataSandi", NULL, "Harus sama dengan Kata sandi.",
          "Must be the same as Kata sandi." },
        { "born", "nik", NULL, "Tidak cocok dengan tanggal lahir pada NIK.",
          "Does not agree with the date of birth in NIK." },
        { "<", NULL, NULL, "Tidak cocok dengan isian yang lain.",
          "Does not agree with another entry." },
        { "file-size", "2097152", NULL, "Ukuran berkas paling besar 2 MB.",
          "The file may be at most 2 MB." },
        { "file-size", "besar", NULL, "Berkas terlalu besar.",
          "The file is too large." },
        { "file-type", "application/pdf, image/jpeg, image/*, .odt", NULL,
          "Jenis berkas yang dapat diterima: PDF, JPG, gambar, ODT. Nama dan "
          "isi berkas harus sesuai.",
          "Kinds of files that can be accepted: PDF, JPG, pictures, ODT. Name "
          "and content must agree." },
        { "file-type", NULL, NULL, "Jenis berkas ini tidak dapat diterima.",
          "This kind of file cannot be accepted." },
        { "file-count", "3", NULL, "Pilih paling banyak 3 berkas.",
          "Choose at most 3 files." },
        { "file-count", "1", NULL, "Pilih satu berkas saja.",
          "Choose one file only." },
        { "file-count", NULL, NULL, "Berkas yang dipilih terlalu banyak.",
          "Too many files were chosen." },
        { "file-image", NULL, NULL,
          "Lebar atau tinggi gambar terlalu besar; perkecil gambarnya.",
          "The picture is too wide or too high; make it smaller." },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .keyword = rows[i].keyword, .arg = rows[i].arg,
                               .example = rows[i].example };

        assert_string_equal(spbe_complaint_expects(&c, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_expects(&c, m[1], 1, *state),
                            rows[i].en);
    }
}

/* Every keyword with an argument and a hint: the pattern is never said. */
static void hints(void **state)
{
    spbe_messages_t *m = messages(0, *state);
    spbe_complaint_t c = { .keyword = "pattern", .arg = "^[A-Z]{2}$",
                           .hint_id = " Dua huruf besar ", .hint_en = "Two" };
    static const struct {
        const char *keyword, *text;
    } rows[] = {
        { "pattern", "Dua huruf besar" },
        { "anyOf", "Dua huruf besar" },
        { "required", "Harus diisi." },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        c.keyword = rows[i].keyword;
        assert_string_equal(spbe_complaint_expects(&c, m, 0, *state),
                            rows[i].text);
    }
    c.keyword = "not";
    assert_string_equal(spbe_complaint_expects(&c, m, 1, *state), "Two");
    c.hint_en = NULL;
    assert_string_equal(spbe_complaint_expects(&c, m, 1, *state),
                        "Dua huruf besar");
}

static void labels(void **state)
{
    static const struct {
        const char *label_id, *label_en, *name, *pointer, *id, *en;
    } rows[] = {
        { "Nomor KTP", "ID number", "nik", NULL, "Nomor KTP", "ID number" },
        { "Nomor KTP", NULL, "nik", NULL, "Nomor KTP", "Nomor KTP" },
        { NULL, "ID number", "nik", NULL, "ID number", "ID number" },
        { NULL, NULL, "nik", NULL, "NIK", "NIK" },
        { NULL, NULL, "tanggal_lahir", NULL, "Tanggal lahir",
          "Tanggal lahir" },
        { NULL, NULL, "tanggalLahir", NULL, "Tanggal lahir",
          "Tanggal lahir" },
        { NULL, NULL, "no_kk", NULL, "No KK", "No KK" },
        { NULL, NULL, "noHP", NULL, "No HP", "No HP" },
        { NULL, NULL, "pemohon[nama]", NULL, "Pemohon nama", "Pemohon nama" },
        { NULL, NULL, "__a--b..c__", NULL, "A b c", "A b c" },
        { NULL, NULL, "<b>x</b>", NULL, "B x b", "B x b" },
        { NULL, NULL, "nama\xe2\x80\xae", NULL, "Nama\\u{202e}",
          "Nama\\u{202e}" },
        { NULL, NULL, "\xff", NULL, "\\xff", "\\xff" },
        { NULL, NULL, "", NULL, "", "" },
        { NULL, NULL, NULL, NULL, "", "" },
        { NULL, NULL, "/anak/0/nama", "/anak/0/nama", "Nama (ke-1)",
          "Nama (no. 1)" },
        { NULL, NULL, "/anak/11", "/anak/11", "Anak (ke-12)",
          "Anak (no. 12)" },
        { NULL, NULL, "/0", "/0", "", "" },
        { "Anak %s", NULL, "/anak/1", "/anak/1", "Anak %s (ke-2)",
          "Anak %s (no. 2)" },
        { " \t ", NULL, "x", NULL, "", "" },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    char longest[1000];
    spbe_complaint_t c = { .name = longest };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t row = { .label_id = rows[i].label_id,
                                 .label_en = rows[i].label_en,
                                 .name = rows[i].name,
                                 .pointer = rows[i].pointer };

        assert_string_equal(spbe_complaint_label(&row, m[0], 0, *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_label(&row, m[1], 1, *state),
                            rows[i].en);
    }
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(strlen(spbe_complaint_label(&c, m[0], 0, *state)), 124);
    c = (spbe_complaint_t){ .label_id = longest };
    assert_int_equal(strlen(spbe_complaint_label(&c, m[0], 0, *state)), 124);
}

static void pointers(void **state)
{
    static const struct {
        spbe_whereabouts_t where;
        const char *name, *pointer, *out;
    } rows[] = {
        { BODY, "nik", NULL, "#/nik" },
        { BODY, "a/b~c", NULL, "#/a~1b~0c" },
        { BODY, "a[b]", NULL, "#/a%5Bb%5D" },
        { BODY, "nama lengkap", NULL, "#/nama%20lengkap" },
        { BODY, "\xc3\xa9\"<", NULL, "#/%C3%A9%22%3C" },
        { BODY, "x", "/alamat/0/kota", "#/alamat/0/kota" },
        { BODY, NULL, "", "#" },
        { BODY, "x", "/a~1b/%", "#/a~1b/%25" },
        { BODY, NULL, NULL, NULL },
        { PARAMETER, "q", NULL, NULL },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .where = rows[i].where, .name = rows[i].name,
                               .pointer = rows[i].pointer };
        const char *out = spbe_complaint_pointer(&c, *state);

        if (rows[i].out == NULL) {
            assert_null(out);
        }
        else {
            assert_string_equal(out, rows[i].out);
        }
    }
}

static void sizes(void **state)
{
    static const struct {
        apr_uint64_t bytes;
        const char *id, *en;
    } rows[] = {
        { 0, "0 byte", "0 byte" },
        { 1023, "1023 byte", "1023 byte" },
        { 1024, "1 KB", "1 KB" },
        { 1536, "1,5 KB", "1.5 KB" },
        { 1048576, "1 MB", "1 MB" },
        { 1500000, "1,4 MB", "1.4 MB" },
        { 2097151, "1,9 MB", "1.9 MB" },
        { (apr_uint64_t)5 << 30, "5 GB", "5 GB" },
        { ~(apr_uint64_t)0, "16777215,9 TB", "16777215.9 TB" },
    };
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(spbe_complaint_size(rows[i].bytes, m[0], *state),
                            rows[i].id);
        assert_string_equal(spbe_complaint_size(rows[i].bytes, m[1], *state),
                            rows[i].en);
    }
}

/* A policy may name any of them. */
static void every_format(void **state)
{
    spbe_messages_t *m[2] = { messages(0, *state), messages(1, *state) };
    const spbe_format_t *format;
    int n = 0;

    for (format = spbe_formats(); format->name != NULL; format++, n++) {
        if (spbe_messages_text(m[0], "format", format->name) == NULL
            || spbe_messages_text(m[1], "format", format->name) == NULL) {
            fail_msg("no sentence for the format %s", format->name);
        }
    }
    assert_true(n > 20);
}

static apr_array_header_t *hostile(apr_pool_t *pool)
{
    static const spbe_complaint_t rows[] = {
        { .keyword = "required", .name = "nik", .label_id = "NIK <&\"'>" },
        { .keyword = "format", .arg = "nik", .name = "nik",
          .label_id = "NIK <&\"'>" },
        { .keyword = "minLength", .arg = "3", .name = "nama",
          .hint_en = "As on the card" },
        { .keyword = "maxLength", .arg = "9", .name = "nama",
          .hint_en = "As on the card" },
        { .keyword = "maxLength", .arg = "9", .name = "nama",
          .hint_en = "As on the card" },
        { .keyword = "enum", .arg = "<x>, \"y\"", .where = PARAMETER,
          .name = "urut" },
        { .keyword = "unknown", .arg = "<script>" },
        { .keyword = "type", .arg = "integer", .where = SPBE_WHERE_HEADER,
          .name = "X-Urut" },
        { .keyword = "minimum", .arg = "1", .name = "/anak/0/umur",
          .pointer = "/anak/0/umur" },
    };
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(rows[0]));
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        APR_ARRAY_PUSH(all, spbe_complaint_t) = rows[i];
    }
    return all;
}

static const char *written(spbe_page_format_t format, int english,
                           apr_pool_t *pool)
{
    return spbe_span_dup(spbe_complaints_write(hostile(pool), format,
                                               messages(english, pool),
                                               english, pool), pool);
}

static void lists(void **state)
{
    assert_string_equal(
        written(SPBE_PAGE_HTML, 0, *state),
        "<ul>\n"
        "<li><strong>NIK &lt;&amp;&quot;&#39;&gt;</strong> Harus diisi.</li>\n"
        "<li><strong>Nama</strong> Isi paling sedikit 3 huruf atau angka. "
        "Isi paling banyak 9 huruf atau angka, termasuk spasi. "
        "<span lang=\"en\">As on the card</span></li>\n"
        "<li><strong>Urut</strong> Pilih salah satu: &lt;x&gt;, "
        "&quot;y&quot;.</li>\n"
        "<li>Ada isian yang bukan bagian dari formulir ini.</li>\n"
        "<li><strong>X-Urut</strong> Harus berupa bilangan bulat, tanpa koma "
        "atau titik.</li>\n"
        "<li><strong>Umur (ke-1)</strong> Paling kecil 1.</li>\n"
        "</ul>");
    assert_non_null(strstr(written(SPBE_PAGE_HTML, 1, *state),
                           "<strong><span lang=\"id\">NIK &lt;"));
    assert_non_null(strstr(written(SPBE_PAGE_TEXT, 1, *state),
                           "\n- Nama: Enter at least 3 characters. Enter at "
                           "most 9 characters, spaces included. As on the "
                           "card\n- "));
    assert_non_null(strstr(written(SPBE_PAGE_XML, 0, *state),
                           "<i><detail>Paling kecil 1.</detail><pointer>"
                           "#/anak/0/umur</pointer></i>"));
    assert_non_null(strstr(written(SPBE_PAGE_XML, 0, *state),
                           "<parameter>urut</parameter></i>"));
    assert_null(strstr(written(SPBE_PAGE_XML, 0, *state), "<script>"));
    assert_int_equal(spbe_complaints_write(NULL, SPBE_PAGE_JSON,
                                           messages(0, *state), 0, *state).len,
                     0);
}

static void programs(void **state)
{
    static const struct {
        const char *member, *target, *detail;
    } rows[] = {
        { "pointer", "#/nik", "Harus diisi." },
        { "pointer", "#/nik",
          "Harus berupa NIK: 16 angka sesuai KTP atau KK." },
        { "pointer", "#/nama",
          "Isi paling sedikit 3 huruf atau angka. As on the card" },
        { "pointer", "#/nama", NULL },
        { "pointer", "#/nama", NULL },
        { "parameter", "urut", "Pilih salah satu: <x>, \"y\"." },
        { NULL, NULL, "Ada isian yang bukan bagian dari formulir ini." },
        { "header", "X-Urut", NULL },
        { "pointer", "#/anak/0/umur", "Paling kecil 1." },
    };
    cJSON *root = cJSON_Parse(written(SPBE_PAGE_JSON, 0, *state));
    size_t i;

    assert_int_equal(cJSON_GetArraySize(root), ROWS(rows));
    for (i = 0; i < ROWS(rows); i++) {
        cJSON *entry = cJSON_GetArrayItem(root, (int)i);

        assert_int_equal(cJSON_GetArraySize(entry),
                         rows[i].member == NULL ? 1 : 2);
        if (rows[i].member != NULL) {
            assert_string_equal(
                cJSON_GetObjectItem(entry, rows[i].member)->valuestring,
                rows[i].target);
        }
        if (rows[i].detail != NULL) {
            assert_string_equal(
                cJSON_GetObjectItem(entry, "detail")->valuestring,
                rows[i].detail);
        }
    }
    cJSON_Delete(root);
}

/* --- the page --- */

static spbe_page_t page_of(int status, const char *accept, const char *lang,
                           const char *own, apr_pool_t *pool)
{
    spbe_page_request_t request = { .accept = accept, .accept_language = lang,
                                    .languages = "id en" };
    spbe_page_data_t data = { .status = status, .reference = "7QF3-M2P9-XKC",
                              .refused = 1,
                              .unsaved = status != 405,
                              .complaints = status == 422 ? hostile(pool)
                                                          : NULL,
                              .limit = status == 413 ? 1048576 : 0 };
    const char *error = NULL;
    spbe_pages_t *pages = spbe_pages_create("p.html", spbe_span_from(own),
                                            &error, pool);

    assert_null(error);
    return spbe_page_render(pages, &request, &data, pool);
}

static void pages(void **state)
{
    static const struct {
        int status;
        const char *accept, *lang;
        const char *has[4], *hasnt[4];
    } rows[] = {
        { 422, "text/html", "id",
          { "<strong>Data Anda belum disimpan.</strong> Tekan tombol Kembali",
            "<h2 id=\"fix\">Yang perlu diperbaiki</h2>\n<ul>\n<li>",
            "hidden><button type=\"button\">Kembali ke formulir</button>",
            "Your data has not been saved." },
          { "{{", "Berkas yang tadi", "jahat", NULL } },
        { 422, "text/html", "en",
          { "Your data has not been saved.", "What needs to be corrected",
            "history.back()", "<html lang=\"en\">" },
          { "<script>\"", NULL } },
        { 422, "text/plain", "id",
          { "Yang perlu diperbaiki:\n- NIK <&\"'>: Harus diisi.\n",
            "\n\nData Anda belum disimpan.\nTekan tombol", NULL },
          { "\n\n\n", NULL } },
        { 422, "application/json", "id",
          { "\"errors\":[{\"detail\":\"Harus diisi.\",\"pointer\":\"#/nik\"},",
            "\"status\":422", "Data Anda belum disimpan.\"", NULL },
          { NULL } },
        { 422, "application/xml", "id",
          { "  <errors>\n<i><detail>", "</i>\n  </errors>", NULL },
          { NULL } },
        { 413, "text/html", "id",
          { "Ukuran terbesar yang dapat diterima: 1 MB.",
            "Data Anda belum disimpan.", NULL },
          { "Yang perlu diperbaiki", "<ul>", NULL } },
        { 413, "application/json", "en",
          { "The largest size that can be accepted: 1 MB.", NULL },
          { "errors", NULL } },
        { 400, "text/html", "id",
          { "Permintaan tidak dapat dipahami", "ketik ulang",
            "Data Anda belum disimpan.", NULL },
          { "<ul>", NULL } },
        { 415, "text/html", "id",
          { "Jenis data tidak dapat diterima", NULL }, { "<ul>", NULL } },
        { 503, "text/html", "id",
          { "Isian belum dapat diperiksa", NULL },
          { "memastikan apakah", NULL } },
        { 405, "text/html", "id",
          { "Cara membuka halaman ini tidak sesuai", NULL },
          { "belum disimpan", "<script", "id=\"back\"", NULL } },
    };
    size_t i, k;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_page_t page = page_of(rows[i].status, rows[i].accept,
                                   rows[i].lang, NULL, *state);
        const char *body = spbe_span_dup(page.body, *state);

        for (k = 0; k < 4 && rows[i].has[k] != NULL; k++) {
            if (strstr(body, rows[i].has[k]) == NULL) {
                fail_msg("row %d: no %s", (int)i, rows[i].has[k]);
            }
        }
        for (k = 0; k < 4 && rows[i].hasnt[k] != NULL; k++) {
            if (strstr(body, rows[i].hasnt[k]) != NULL) {
                fail_msg("row %d: has %s", (int)i, rows[i].hasnt[k]);
            }
        }
    }
}

/* The script of the page is the one that its policy allows, and no other. */
static void script(void **state)
{
    spbe_page_t page = page_of(422, "text/html", "id", NULL, *state);
    const char *error = NULL, *body = spbe_span_dup(page.body, *state);
    const char *begin = strstr(body, "<script>");
    const char *end = strstr(body, "</script>");
    const char *alone, *source;

    assert_non_null(begin);
    assert_non_null(end);
    alone = spbe_csp_build("x", (spbe_span_t){ begin, (size_t)(end - begin)
                                                          + 9 },
                           0, &error, *state);
    source = strstr(alone, "script-src 'sha256-");
    assert_non_null(source);
    assert_non_null(strstr(page.policy, apr_pstrmemdup(*state, source, 63)));
    assert_null(strstr(page.policy, "unsafe"));
    assert_null(strstr(end + 1, "<script"));
}

static void own_template(void **state)
{
    spbe_page_t page = page_of(422, "text/html", "id",
                               "{{#if fields}}<h2>{{fields_title}}</h2>"
                               "{{fields}}{{/if}}{{saved}} {{back}}", *state);

    assert_non_null(strstr(spbe_span_dup(page.body, *state),
                           "<h2>Yang perlu diperbaiki</h2><ul>\n<li><strong>"
                           "NIK &lt;"));
    /* One that knows nothing of fields. */
    page = page_of(422, "text/html", "id", "<p>{{message}} {{status}}",
                   *state);
    assert_non_null(strstr(spbe_span_dup(page.body, *state), " 422"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sentences, setup, teardown),
        cmocka_unit_test_setup_teardown(hints, setup, teardown),
        cmocka_unit_test_setup_teardown(labels, setup, teardown),
        cmocka_unit_test_setup_teardown(pointers, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes, setup, teardown),
        cmocka_unit_test_setup_teardown(every_format, setup, teardown),
        cmocka_unit_test_setup_teardown(lists, setup, teardown),
        cmocka_unit_test_setup_teardown(programs, setup, teardown),
        cmocka_unit_test_setup_teardown(pages, setup, teardown),
        cmocka_unit_test_setup_teardown(script, setup, teardown),
        cmocka_unit_test_setup_teardown(own_template, setup, teardown),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
