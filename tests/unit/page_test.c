/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/page.c with messages.c and contact.c: what a visitor reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "failure/builtin.h"
#include "failure/contact.h"
#include "failure/messages.h"
#include "failure/page.h"
#include "text/utf8.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))
#define TIME apr_time_from_sec(1795259142) /* 2026-11-21T11:05:42Z */

static int setup(void **state)
{
    setenv("TZ", "Asia/Jakarta", 1);
    tzset();
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

static spbe_pages_t *builtin(apr_pool_t *pool)
{
    const char *error = NULL;
    spbe_pages_t *pages = spbe_pages_create("built-in page", SPBE_SPAN_EMPTY,
                                            &error, pool);

    assert_null(error);
    assert_non_null(pages);
    return pages;
}

static spbe_page_data_t data_of(int status)
{
    return (spbe_page_data_t){ .status = status,
                               .reference = "7QF3-M2P9-XKC",
                               .time = TIME,
                               .contact = "Helpdesk <x> tel:+62778123456, "
                                          "mailto:a@contoh.go.id.",
                               .application = "Izin & \"Usaha\"" };
}

static spbe_page_t render(const char *accept, const char *language,
                          const spbe_page_data_t *data, apr_pool_t *pool)
{
    spbe_page_request_t request = { .accept = accept,
                                    .accept_language = language,
                                    .languages = "id en" };

    return spbe_page_render(builtin(pool), &request, data, pool);
}

static int holds(spbe_page_t page, const char *text)
{
    return spbe_span_find(page.body, spbe_span_from(text)) != SPBE_NPOS;
}

static void html(void **state)
{
    static const char *const wanted[] = {
        "<!DOCTYPE html>\n<html lang=\"id\">",
        "<title>Terjadi gangguan pada layanan ini · Izin &amp; "
        "&quot;Usaha&quot;</title>",
        "name=\"viewport\"", "noindex", "<h1 id=\"title\" tabindex=\"-1\">",
        "Nomor rujukan", ">7QF3-M2P9-XKC<",
        "tujuh Quebec Foxtrot tiga, Mike dua Papa sembilan, X-ray Kilo Charlie",
        "<time datetime=\"2026-11-21T18:05:42+07:00\">21 November 2026 18.05 "
        "WIB</time>",
        "Helpdesk &lt;x&gt; <a href=\"tel:+62778123456\">+62778123456</a>, "
        "<a href=\"mailto:a@contoh.go.id\">a@contoh.go.id</a>.",
        "lang=\"en\"", "Something went wrong with this service",
    };
    spbe_page_data_t data = data_of(500);
    spbe_page_t page = render("text/html", NULL, &data, *state);
    size_t i;

    for (i = 0; i < ROWS(wanted); i++) {
        if (!holds(page, wanted[i])) {
            print_error("not on the page: %s\n", wanted[i]);
            fail();
        }
    }
    assert_string_equal(page.content_type, "text/html; charset=utf-8");
    assert_string_equal(page.content_language, "id");
    assert_non_null(strstr(page.policy, "style-src 'sha256-"));
    assert_false(holds(page, "memastikan apakah data"));
    assert_false(holds(page, "{{"));
    assert_true(spbe_utf8_valid(page.body));
    /* Nothing is fetched from anywhere. */
    assert_false(holds(page, "src="));
    assert_false(holds(page, "url("));
    assert_false(holds(page, "http://"));
    assert_false(holds(page, "@import"));
}

static void uncertain(void **state)
{
    spbe_page_data_t data = data_of(502);
    spbe_page_t page;

    data.uncertain = 1;
    page = render("text/html", "id", &data, *state);
    assert_true(holds(page, "Kami belum dapat memastikan apakah data Anda "
                            "tersimpan"));
    assert_false(holds(page, "Silakan coba"));
    page = render("text/plain", "en", &data, *state);
    assert_true(holds(page, "We cannot yet tell whether your data was saved"));
    page = render("application/json", "id", &data, *state);
    assert_true(holds(page, "Kami belum dapat memastikan"));
}

static void bare(void **state)
{
    spbe_page_data_t data = { .status = 404, .reference = "7QF3-M2P9-XKC",
                              .time = TIME };
    spbe_page_t page = render("text/html", "en", &data, *state);

    assert_true(holds(page, "<title>Page not found</title>"));
    assert_false(holds(page, "<header"));
    assert_false(holds(page, ">Help<"));
    assert_true(holds(page, "21 November 2026 18:05 WIB"));
    assert_true(holds(page, "Halaman tidak ditemukan"));
    page = render("application/json", "en", &data, *state);
    assert_false(holds(page, "contact"));
    assert_false(holds(page, "retryAfter"));
}

static void json(void **state)
{
    spbe_page_data_t data = data_of(503);
    spbe_page_t page;
    cJSON *root;

    data.retry_after = 120;
    data.contact = "Kata \"kutip\" \\ \xff";
    page = render("application/json", NULL, &data, *state);
    assert_string_equal(page.content_type,
                        "application/problem+json; charset=utf-8");
    root = cJSON_ParseWithLength(page.body.ptr, page.body.len);
    assert_non_null(root);
    assert_string_equal(cJSON_GetObjectItem(root, "type")->valuestring,
                        "about:blank");
    assert_string_equal(cJSON_GetObjectItem(root, "instance")->valuestring,
                        "urn:spbe:ref:7QF3-M2P9-XKC");
    assert_string_equal(cJSON_GetObjectItem(root, "reference")->valuestring,
                        "7QF3-M2P9-XKC");
    assert_string_equal(cJSON_GetObjectItem(root, "time")->valuestring,
                        "2026-11-21T18:05:42+07:00");
    assert_int_equal(cJSON_GetObjectItem(root, "status")->valueint, 503);
    assert_int_equal(cJSON_GetObjectItem(root, "retryAfter")->valueint, 120);
    assert_string_equal(cJSON_GetObjectItem(root, "contact")->valuestring,
                        "Kata \"kutip\" \\ \xef\xbf\xbd");
    cJSON_Delete(root);
}

static void xml_and_text(void **state)
{
    spbe_page_data_t data = data_of(429);
    spbe_page_t page = render("text/xml", NULL, &data, *state);

    assert_string_equal(page.content_type, "application/xml; charset=utf-8");
    assert_true(holds(page, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<problem xmlns=\"urn:ietf:rfc:7807\" "
                            "xml:lang=\"id\">"));
    assert_true(holds(page, "<status>429</status>"));
    assert_true(holds(page, "Helpdesk &lt;x&gt; +62778123456"));
    data.retry_after = 90;
    page = render("text/plain", "id", &data, *state);
    assert_string_equal(page.content_type, "text/plain; charset=utf-8");
    assert_true(holds(page, "Nomor rujukan: 7QF3-M2P9-XKC\n"));
    assert_true(holds(page, "Silakan coba lagi dalam 90 detik.\n"));
    assert_false(holds(page, "\n\n\n"));
}

static void every_status(void **state)
{
    static const int own[] = { 400, 401, 403, 404, 405, 408, 410, 413, 414,
                               415, 422, 429, 431, 500, 501, 502, 503, 504 };
    static const char *const langs[] = { "messages/id.json",
                                         "messages/en.json" };
    size_t i, j;

    for (j = 0; j < ROWS(langs); j++) {
        const char *error;
        spbe_messages_t *m = spbe_messages_load(langs[j],
                                                spbe_builtin_get(langs[j]),
                                                &error, *state);

        assert_null(error);
        for (i = 0; i < ROWS(own); i++) {
            assert_int_equal(spbe_messages_status(m, own[i])->status, own[i]);
        }
        assert_int_equal(spbe_messages_status(m, 418)->status, 4);
        assert_int_equal(spbe_messages_status(m, 599)->status, 5);
        assert_int_equal(spbe_messages_status(m, 200)->status, 5);
    }
}

static void bad_messages(void **state)
{
    static const struct {
        const char *json, *error;
    } rows[] = {
        { "[]", "m.json: is not a JSON object" },
        { "{", "m.json: is not a JSON object" },
        { "{\"months\":[]}", "must have the members" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        const char *error = NULL;

        assert_null(spbe_messages_load("m.json", spbe_span_from(rows[i].json),
                                       &error, *state));
        assert_non_null(strstr(error, rows[i].error));
    }
}

static void times(void **state)
{
    static const struct {
        int offset;
        const char *text;
    } rows[] = {
        { 7 * 3600, "21 November 2026 18.05 WIB" },
        { 8 * 3600, "21 November 2026 19.05 WITA" },
        { 9 * 3600, "21 November 2026 20.05 WIT" },
        { 0, "21 November 2026 11.05 UTC" },
        { -3 * 3600 - 1800, "21 November 2026 07.35 UTC-03:30" },
        { 5 * 3600 + 2700, "21 November 2026 16.50 UTC+05:45" },
    };
    const char *error;
    spbe_messages_t *m = spbe_messages_load(
        "id", spbe_builtin_get("messages/id.json"), &error, *state);
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(spbe_messages_time_at(m, TIME, rows[i].offset,
                                                  *state), rows[i].text);
    }
    assert_string_equal(spbe_messages_retry(m, 1, *state),
                        "Silakan coba lagi dalam 1 detik.");
    assert_string_equal(spbe_messages_retry(m, 601, *state),
                        "Silakan coba lagi dalam kira-kira 11 menit.");
    assert_string_equal(spbe_messages_retry(m, 86400, *state),
                        "Silakan coba lagi dalam kira-kira 24 jam.");
    assert_null(spbe_messages_retry(m, 0, *state));
    assert_string_equal(spbe_messages_spell(m, "0A-Z*", *state),
                        "nol Alfa, Zulu *");
}

static void contacts(void **state)
{
    static const struct {
        const char *in, *html, *text;
    } rows[] = {
        { NULL, "", "" },
        { "Loket 3 & 4", "Loket 3 &amp; 4", "Loket 3 & 4" },
        { "mailto:", "mailto:", "mailto:" },
        { "MAILTO:a@b", "<a href=\"MAILTO:a@b\">a@b</a>", "a@b" },
        { "https://contoh.go.id/bantuan.",
          "<a href=\"https://contoh.go.id/bantuan\">contoh.go.id/bantuan</a>.",
          "https://contoh.go.id/bantuan." },
        { "javascript:alert(1)", "javascript:alert(1)",
          "javascript:alert(1)" },
        { "http://contoh.go.id", "http://contoh.go.id",
          "http://contoh.go.id" },
        { "tel:1\"onclick=x", "<a href=\"tel:1&quot;onclick=x\">"
                              "1&quot;onclick=x</a>", "1\"onclick=x" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_string_equal(
            spbe_span_dup(spbe_contact_html(rows[i].in, *state), *state),
            rows[i].html);
        assert_string_equal(
            spbe_span_dup(spbe_contact_text(rows[i].in, *state), *state),
            rows[i].text);
    }
}

static void own_template(void **state)
{
    spbe_page_request_t request = { .accept = "text/html",
                                    .languages = "en" };
    spbe_page_data_t data = data_of(500);
    const char *error = NULL;
    spbe_pages_t *pages;
    spbe_page_t page;

    pages = spbe_pages_create("/etc/own.html", SPBE_SPAN(
        "\xef\xbb\xbf<!DOCTYPE html><style>p{}</style><p>{{reference}}"),
        &error, *state);
    assert_non_null(pages);
    page = spbe_page_render(pages, &request, &data, *state);
    assert_true(spbe_span_eq(page.body, SPBE_SPAN(
        "<!DOCTYPE html><style>p{}</style><p>7QF3-M2P9-XKC")));
    assert_non_null(strstr(page.policy, "img-src 'self' data:"));
    assert_string_equal(page.content_language, "en");

    assert_null(spbe_pages_create("/etc/own.html", SPBE_SPAN("\n{{x}}"),
                                  &error, *state));
    assert_non_null(strstr(error, "/etc/own.html:2: {{x}} is not"));
    assert_non_null(strstr(error, "reference_hint"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(html, setup, teardown),
        cmocka_unit_test_setup_teardown(uncertain, setup, teardown),
        cmocka_unit_test_setup_teardown(bare, setup, teardown),
        cmocka_unit_test_setup_teardown(json, setup, teardown),
        cmocka_unit_test_setup_teardown(xml_and_text, setup, teardown),
        cmocka_unit_test_setup_teardown(every_status, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(times, setup, teardown),
        cmocka_unit_test_setup_teardown(contacts, setup, teardown),
        cmocka_unit_test_setup_teardown(own_template, setup, teardown),
    };

    apr_initialize();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
