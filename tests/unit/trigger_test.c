/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/trigger_test.c - Input Pemicu Error and routes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <apr_general.h>
#include <cjson/cJSON.h>
#include "record/trigger.h"

static apr_pool_t *pool;

static spbe_redact_t *redact_get(void)
{
    return spbe_redact_create(NULL, pool);
}

/* "in name type length masked" of each field, one per line. */
static const char *summary(const cJSON *json)
{
    const cJSON *field;
    char *text = apr_pcalloc(pool, 8192);

    cJSON_ArrayForEach(field, cJSON_GetObjectItem(json, "fields"))
    {
        const char *masked =
            cJSON_GetStringValue(cJSON_GetObjectItem(field, "masked"));

        sprintf(text + strlen(text), "%s %s %s %d %s\n",
                cJSON_GetStringValue(cJSON_GetObjectItem(field, "in")),
                cJSON_GetStringValue(cJSON_GetObjectItem(field, "name")),
                cJSON_GetStringValue(cJSON_GetObjectItem(field, "type")),
                cJSON_GetObjectItem(field, "length")->valueint,
                masked == NULL ? "-" : masked);
    }
    return text;
}

static void trigger_fields(void **state)
{
    static const struct {
        const char *query, *type, *cookie, *body;
        size_t more; /* bytes of the body that are not there */
        int complete;
        const char *want;
    } tests[] = {
        {"nik=3171012345678901&token=abc&x", NULL, NULL, "", 0, 1,
         "query nik integer 16 9999999999999999\n"
         "query token text 3 -\n"
         "query a empty 0 \n"},
        {NULL, "application/x-www-form-urlencoded; charset=utf-8", NULL,
         "nama=Budi+S%2E&e=a%40b.id&ok=true&d=2026-03-04&g=1.5", 0, 1,
         "form nama text 7 Aaaa A.\n"
         "form e email 6 a@a.aa\n"
         "form ok boolean 4 aaaa\n"
         "form d date 10 9999-99-99\n"
         "form g decimal 3 9.9\n"},
        {NULL, "application/x-www-form-urlencoded", NULL, "a=1&pass", 5, 0,
         "form a integer 1 9\nform aaaa empty 0 \n"},
        {NULL, "application/json", NULL,
         "{\"nama\":\"Budi\",\"alamat\":{\"kota\":\"Batam\",\"rt\":3},"
         "\"items\":[{\"n\":\"a\"},{\"n\":null},[true]],\"password\":\"x\","
         "\"sandi\":{\"a\":\"b\"},\"u\":\"\\u0041\"}",
         0, 1,
         "json nama string 4 Aaaa\n"
         "json alamat.kota string 5 Aaaaa\n"
         "json alamat.rt number 1 9\n"
         "json items[0].n string 1 a\n"
         "json items[1].n null 4 aaaa\n"
         "json items[2][0] boolean 4 aaaa\n"
         "json password string 1 -\n"
         "json sandi.a string 1 -\n"
         "json u string 1 A\n"},
        {NULL, "application/problem+json", NULL, "{\"a\":1,\"b\":", 9, 0,
         "json a number 1 9\n"},
        {NULL, "application/json", NULL, "\"x\"", 0, 1, "json  string 1 a\n"},
        {NULL, "application/json", NULL, "{nonsense", 0, 0, ""},
        {NULL, "multipart/form-data; boundary=B", NULL,
         "--B\r\nContent-Disposition: form-data; name=\"nik\"\r\n\r\n"
         "3171\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; "
         "filename=\"ktp budi.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
         "xxxx\r\n--B--",
         0, 1, "form nik integer 4 9999\nfile f image/jpeg 4 -\n"},
        {NULL, "multipart/form-data; boundary=B", NULL,
         "--B\r\nContent-Disposition: form-data; name=\"nik\"\r\n\r\n31", 50, 0,
         "form nik integer 2 99\n"},
        {NULL, "text/plain", NULL, "nik=3171012345678901", 0, 1, ""},
        {NULL, NULL, "PHPSESSID=abcdef; tema=gelap", "", 0, 1,
         "cookie PHPSESSID text 6 -\ncookie tema text 5 -\n"},
        /* A name may be a value: it is treated as text. */
        {"3171012345678901=1", NULL, NULL, "", 0, 1,
         "query [disamarkan] integer 1 9\n"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_trigger_input_t input = {
            .method = "POST",
            .path = "/x",
            .query = tests[i].query,
            .content_type = tests[i].type,
            .cookie = tests[i].cookie,
            .body = spbe_span_from(tests[i].body),
            .body_length = strlen(tests[i].body) + tests[i].more,
        };
        const char *text = spbe_trigger_json(redact_get(), &input, pool);
        cJSON *json = cJSON_Parse(text);

        assert_non_null(json);
        assert_string_equal(summary(json), tests[i].want);
        assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(json, "complete")),
                         tests[i].complete);
        cJSON_Delete(json);
    }
}

static void trigger_path_and_headers(void **state)
{
    apr_table_t *headers = apr_table_make(pool, 2);
    spbe_trigger_input_t input = {.method = "GET",
                                  .path = "/a/3171012345678901/b/12",
                                  .headers = headers};
    const char *text;
    cJSON *json;

    apr_table_set(headers, "X-Nik", "3171012345678901");
    text = spbe_trigger_json(redact_get(), &input, pool);
    json = cJSON_Parse(text);
    assert_string_equal(summary(json), "path 2 integer 16 9999999999999999\n"
                                       "path 4 integer 2 99\n"
                                       "header X-Nik text 16 -\n");
    assert_null(strstr(text, "3171012345678901"));
    cJSON_Delete(json);
}

static void trigger_too_many(void **state)
{
    char query[4000];
    spbe_trigger_input_t input = {.method = "GET", .path = "/", .query = query};
    cJSON *json;
    int i;

    query[0] = '\0';
    for (i = 0; i < SPBE_TRIGGER_FIELDS + 30; i++) {
        sprintf(query + strlen(query), "&a%d=%d" + (i == 0), i, i);
    }
    json = cJSON_Parse(spbe_trigger_json(redact_get(), &input, pool));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(json, "fields")),
                     SPBE_TRIGGER_FIELDS);
    assert_int_equal(cJSON_GetObjectItem(json, "dropped")->valueint, 30);
    cJSON_Delete(json);
}

static void trigger_route(void **state)
{
    static const struct {
        const char *path, *want;
    } tests[] = {
        {"/", "/"},
        {"", ""},
        {"/pegawai/daftar", "/pegawai/daftar"},
        {"/pegawai/123/edit", "/pegawai/{id}/edit"},
        {"/pegawai/123", "/pegawai/{id}"},
        {"/pegawai/123/", "/pegawai/{id}/"},
        {"/a/018f2c3a-1234-7123-8123-123456789012", "/a/{id}"},
        {"/a/9e107d9d372bb6826bd81d3542a419d6", "/a/{id}"},
        {"/api/v2/kota", "/api/v2/kota"},
        {"/unduh/12345.pdf", "/unduh/{id}.pdf"},
        {"/berita/2024/05/judul-berita", "/berita/{id}/{id}/judul-berita"},
        {"/index.php?x=1", "/index.php"},
        {"/surat/SK-00012345-B", "/surat/{id}"},
        {"/reset/aB3dE5fG7hI9jK1lM3nO5p", "/reset/{id}"},
        {"/deadbeef", "/deadbeef"},
        {"/face/cafe", "/face/cafe"},
        {"/error500.php", "/error500.php"},
        {"//a//1", "//a//{id}"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_string_equal(spbe_trigger_route(tests[i].path, pool),
                            tests[i].want);
    }
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trigger_fields),
        cmocka_unit_test(trigger_path_and_headers),
        cmocka_unit_test(trigger_too_many),
        cmocka_unit_test(trigger_route),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
