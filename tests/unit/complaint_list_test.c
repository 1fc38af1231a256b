/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/complaint_list.c, and of the page of a refusal: all refused
 * fields, for people and for programs.
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

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
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
        "Isi paling banyak 9 huruf atau angka, termasuk spasi.<br>"
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
                           "most 9 characters, spaces included.\n  As on the "
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
          "Harus berupa NIK: 16 angka tanpa spasi, sesuai KTP atau KK." },
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

/* A hint behind an example is a sentence of its own; a choice that is missing
 * needs no more than to be made. */
static void endings(void **state)
{
    static const struct {
        const char *example, *hint, *json, *html;
    } rows[] = {
        { "a@contoh.example", "Milik sendiri.",
          "Contoh: a@contoh.example. Milik sendiri.",
          "Contoh: a@contoh.example<br>Milik sendiri.</li>" },
        { "S.Kom.", "Milik sendiri.", "Contoh: S.Kom. Milik sendiri.",
          "Contoh: S.Kom.<br>Milik sendiri.</li>" },
        { NULL, "Milik sendiri.", "alamat e-mail. Milik sendiri.",
          "alamat e-mail.<br>Milik sendiri.</li>" },
    };
    spbe_complaint_t chosen[] = {
        { .keyword = "enum", .name = "x", .arg = "a, b", .is_choice = 1 },
        { .keyword = "required", .name = "x", .is_choice = 1 },
    };
    spbe_messages_t *m = messages(0, *state);
    apr_array_header_t *all = apr_array_make(*state, 2, sizeof(chosen[0]));
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        spbe_complaint_t c = { .keyword = "format", .arg = "email",
                               .name = "e", .example = rows[i].example,
                               .hint_id = rows[i].hint };

        all->nelts = 0;
        APR_ARRAY_PUSH(all, spbe_complaint_t) = c;
        assert_non_null(
            strstr(spbe_span_dup(spbe_complaints_write(all, SPBE_PAGE_JSON, m,
                                                       0, *state), *state),
                   rows[i].json));
        assert_non_null(
            strstr(spbe_span_dup(spbe_complaints_write(all, SPBE_PAGE_HTML, m,
                                                       0, *state), *state),
                   rows[i].html));
    }
    all->nelts = 0;
    APR_ARRAY_PUSH(all, spbe_complaint_t) = chosen[0];
    APR_ARRAY_PUSH(all, spbe_complaint_t) = chosen[1];
    assert_string_equal(
        spbe_span_dup(spbe_complaints_write(all, SPBE_PAGE_TEXT, m, 0, *state),
                      *state),
        "- X: Harus dipilih.");
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
        cmocka_unit_test_setup_teardown(lists, setup, teardown),
        cmocka_unit_test_setup_teardown(programs, setup, teardown),
        cmocka_unit_test_setup_teardown(endings, setup, teardown),
        cmocka_unit_test_setup_teardown(pages, setup, teardown),
        cmocka_unit_test_setup_teardown(script, setup, teardown),
        cmocka_unit_test_setup_teardown(own_template, setup, teardown),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
