/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of failure/negotiate.c: what real clients send, and what they get.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "failure/negotiate.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

#define FIREFOX "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#define CHROME "text/html,application/xhtml+xml,application/xml;q=0.9," \
               "image/avif,image/webp,image/apng,*/*;q=0.8," \
               "application/signed-exchange;v=b3;q=0.7"
#define LYNX "text/html, text/plain, text/sgml, */*;q=0.01"

static void formats(void **state)
{
    static const struct {
        spbe_page_request_t request;
        spbe_page_format_t format;
    } rows[] = {
        /* Nothing said. */
        { { .accept = NULL }, SPBE_PAGE_HTML },
        { { .accept = "" }, SPBE_PAGE_HTML },
        { { .accept = "*/*" }, SPBE_PAGE_HTML },
        { { .path = "/api/v1/warga" }, SPBE_PAGE_JSON },
        { { .path = "/layanan/api/x", .accept = "*/*" }, SPBE_PAGE_JSON },
        { { .path = "/apis/x" }, SPBE_PAGE_HTML },
        { { .path = "/data/warga.json" }, SPBE_PAGE_JSON },
        { { .path = "/sitemap.xml" }, SPBE_PAGE_XML },
        { { .requested_with = "XMLHttpRequest" }, SPBE_PAGE_JSON },
        { { .requested_with = "xmlhttprequest", .accept = "*/*" },
          SPBE_PAGE_JSON },
        { { .requested_with = "com.android.browser" }, SPBE_PAGE_HTML },
        { { .fetch_dest = "empty", .accept = "*/*" }, SPBE_PAGE_JSON },
        { { .fetch_dest = "document", .accept = "*/*" }, SPBE_PAGE_HTML },
        { { .request_type = "application/json" }, SPBE_PAGE_JSON },
        { { .request_type = "application/vnd.api+json; x=1" },
          SPBE_PAGE_JSON },
        { { .request_type = "text/xml; charset=utf-8" }, SPBE_PAGE_XML },
        { { .request_type = "application/soap+xml", .accept = "*/*" },
          SPBE_PAGE_XML },
        { { .request_type = "application/x-www-form-urlencoded" },
          SPBE_PAGE_HTML },
        { { .response_type = "application/json", .accept = "*/*" },
          SPBE_PAGE_JSON },
        { { .response_type = "application/json" }, SPBE_PAGE_JSON },
        { { .response_type = "application/xml" }, SPBE_PAGE_XML },
        { { .response_type = "text/plain;charset=utf-8", .accept = "*/*" },
          SPBE_PAGE_TEXT },
        { { .response_type = "text/html", .accept = "*/*" },
          SPBE_PAGE_HTML },
        { { .response_type = "text/html",
            .requested_with = "XMLHttpRequest" }, SPBE_PAGE_JSON },
        /* Browsers. */
        { { .accept = FIREFOX }, SPBE_PAGE_HTML },
        { { .accept = CHROME }, SPBE_PAGE_HTML },
        { { .accept = LYNX }, SPBE_PAGE_HTML },
        { { .accept = FIREFOX, .path = "/api/x" }, SPBE_PAGE_HTML },
        { { .accept = CHROME, .response_type = "application/json" },
          SPBE_PAGE_HTML },
        { { .accept = "image/avif,image/webp,*/*;q=0.8" }, SPBE_PAGE_HTML },
        { { .accept = "text/html, */*", .requested_with = "XMLHttpRequest" },
          SPBE_PAGE_HTML },
        /* Scripts and programs. */
        { { .accept = "application/json, text/plain, */*" },
          SPBE_PAGE_JSON },
        { { .accept = "application/json, text/javascript, */*; q=0.01" },
          SPBE_PAGE_JSON },
        { { .accept = "Application/Problem+JSON" }, SPBE_PAGE_JSON },
        { { .accept = "application/vnd.api+json" }, SPBE_PAGE_JSON },
        { { .accept = "application/*" }, SPBE_PAGE_JSON },
        { { .accept = "text/plain" }, SPBE_PAGE_TEXT },
        { { .accept = "text/*;q=0.5, text/plain" }, SPBE_PAGE_TEXT },
        { { .accept = "application/xml" }, SPBE_PAGE_XML },
        { { .accept = "text/xml, application/json;q=0.5" }, SPBE_PAGE_XML },
        { { .accept = "application/pdf" }, SPBE_PAGE_JSON },
        { { .accept = "application/pdf", .response_type = "text/plain" },
          SPBE_PAGE_TEXT },
        /* Weights. */
        { { .accept = "text/html;q=0.1, application/json;q=0.2" },
          SPBE_PAGE_JSON },
        { { .accept = "text/html;q=0, */*" , .path = "/x" },
          SPBE_PAGE_HTML },
        { { .accept = "text/html;q=0, application/xhtml+xml;q=0, "
                      "application/json" }, SPBE_PAGE_JSON },
        { { .accept = "text/html;level=1;q=0.3, application/xml;q=0.4" },
          SPBE_PAGE_XML },
        { { .accept = "text/html , application/json",
            .response_type = "application/json" }, SPBE_PAGE_JSON },
        /* Broken. */
        { { .accept = ",;q=,,;;" }, SPBE_PAGE_JSON },
        { { .accept = "text/html;q=x" }, SPBE_PAGE_HTML },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        spbe_page_format_t got = spbe_negotiate_format(&rows[i].request);

        if (got != rows[i].format) {
            print_error("row %zu (%s): %d for %d\n", i,
                        rows[i].request.accept, got, rows[i].format);
            fail();
        }
    }
}

static void weights(void **state)
{
    static const struct {
        const char *accept, *type;
        int weight, specific;
    } rows[] = {
        { "text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html", 700, 3 },
        { "text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/plain", 300, 2 },
        { "text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "image/png", 500, 1 },
        { "text/html;q=0.123", "text/html", 123, 3 },
        { "text/html;q=1.000", "text/html", 1000, 3 },
        { "text/html;q=0", "text/html", 0, 3 },
        { "text/html;Q=0.5", "text/html", 500, 3 },
        { "text/html;q=0.1239", "text/html", 123, 3 },
        { "text/html;q=-1", "text/html", 1000, 3 },
        { "text/html;q=.5", "text/html", 1000, 3 },
        { "texts/*", "text/html", 0, 0 },
        { "", "text/html", 0, 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        int specific, place;

        assert_int_equal(spbe_negotiate_weight(rows[i].accept, rows[i].type,
                                               &specific, &place),
                         rows[i].weight);
        assert_int_equal(specific, rows[i].specific);
    }
}

static void languages(void **state)
{
    static const struct {
        const char *header, *listed, *main, *other;
    } rows[] = {
        { NULL, "id en", "id", "en" },
        { "", "id en", "id", "en" },
        { "*", "id en", "id", "en" },
        { "en-US,en;q=0.9", "id en", "en", "id" },
        { "en-US,en;q=0.9,id;q=0.1", "id en", "id", "en" },
        { "ID-id", "id en", "id", "en" },
        { "in-ID", "id en", "id", "en" },
        { "en, id;q=0", "id en", "en", "id" },
        { "fr", "id en", "en", "id" },
        { "zh-CN", "id", "id", NULL },
        { "en", "id", "id", NULL },
        { "id", "en", "en", NULL },
        { "id", "en id", "id", "en" },
        { "id, en;q=0.5", "en id", "en", "id" },
        { "fr", "en id", "en", "id" },
        { NULL, "en id", "en", "id" },
        { NULL, NULL, "id", NULL },
        { NULL, "xx", "id", NULL },
        { "idx", "id en", "en", "id" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < ROWS(rows); i++) {
        spbe_languages_t got = spbe_negotiate_language(rows[i].header,
                                                       rows[i].listed);

        if (strcmp(got.main, rows[i].main) != 0
            || (got.other == NULL) != (rows[i].other == NULL)
            || (got.other != NULL && strcmp(got.other, rows[i].other) != 0)) {
            print_error("%s of %s: %s %s\n", rows[i].header, rows[i].listed,
                        got.main, got.other);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),
        cmocka_unit_test(weights),
        cmocka_unit_test(languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
