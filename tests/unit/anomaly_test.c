/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/anomaly_test.c - a verdict as a record: what it is called, what it
 * tells, and what it never tells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "record/anomaly.h"
#include "record/line.h"

#define NIK "3171012345678901"
#define WORD "R4hasia-Kanari"
#define TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrYW5hcmkifQ.c2lnbmF0dXJla2FuYXJp"

static apr_pool_t *pool;
static const spbe_about_t is_public = {.sensitivity = SPBE_SENS_PUBLIC};
static const spbe_about_t is_personal = {.sensitivity = SPBE_SENS_PERSONAL};
static const spbe_about_t is_secret = {.sensitivity = SPBE_SENS_SECRET};

static spbe_encoded_t encode(const spbe_verdict_t *verdict, int refused)
{
    spbe_record_t record = {.id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
                            .ts = apr_time_from_sec(1709540000),
                            .kind = "anomaly",
                            .hash_key = SPBE_SPAN("kunci")};

    spbe_anomaly_describe(&record, verdict, refused, pool);
    return spbe_record_encode(&record, spbe_redact_create(NULL, pool), 65536,
                              pool);
}

static spbe_encoded_t encode_one(const spbe_finding_t *finding, int refused)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);

    spbe_verdict_add(verdict, finding);
    return encode(verdict, refused);
}

static const char *text_of(const cJSON *json, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return text == NULL ? "" : text;
}

static cJSON *parse(const char *text)
{
    cJSON *json = cJSON_Parse(text);

    assert_non_null(json);
    return json;
}

static void events(void **state)
{
    static const struct {
        const char *label;
        spbe_reason_t reason;
        const char *keyword;
        spbe_action_t action;
        const char *event, *severity;
    } rows[] = {
        {"malformed", SPBE_REASON_DUPLICATE, NULL, SPBE_ACTION_REJECT,
         "input_validation_fail", "warning"},
        {"malformed, only logged", SPBE_REASON_COOKIE, NULL, SPBE_ACTION_LOG,
         "input_validation_fail", "notice"},
        {"too short", SPBE_REASON_SCHEMA, "minLength", SPBE_ACTION_REJECT,
         "input_validation_fail", "warning"},
        {"not in the list", SPBE_REASON_SCHEMA, "enum", SPBE_ACTION_REJECT,
         "input_validation_discrete_fail", "error"},
        {"not the constant", SPBE_REASON_SCHEMA, "const", SPBE_ACTION_LOG,
         "input_validation_discrete_fail", "warning"},
        {"unknown field", SPBE_REASON_UNKNOWN, NULL, SPBE_ACTION_REJECT,
         "malicious_extraneous", "warning"},
        {"file's type", SPBE_REASON_FILE_TYPE, NULL, SPBE_ACTION_REJECT,
         "upload_validation", "warning"},
        {"file's name", SPBE_REASON_FILENAME, NULL, SPBE_ACTION_REJECT,
         "upload_validation", "warning"},
        {"the check failed", SPBE_REASON_ENGINE, NULL, SPBE_ACTION_REJECT,
         "input_validation_error", "critical"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_finding_t finding = {.reason = rows[i].reason,
                                  .keyword = rows[i].keyword,
                                  .action = rows[i].action,
                                  .place = SPBE_IN_FORM,
                                  .field = SPBE_SPAN("nama")};
        cJSON *h = parse(encode_one(&finding, 1).h);

        print_message("%s\n", rows[i].label);
        assert_string_equal(text_of(h, "event"), rows[i].event);
        assert_string_equal(text_of(h, "severity"), rows[i].severity);
        assert_string_equal(text_of(h, "reason"),
                            spbe_reason_name(rows[i].reason));
        assert_string_equal(text_of(h, "keyword"),
                            rows[i].keyword == NULL ? "" : rows[i].keyword);
        assert_string_equal(text_of(h, "place"), "form");
        assert_string_equal(text_of(h, "field"), "nama");
        assert_string_equal(text_of(h, "class"), "input");
        assert_string_equal(text_of(h, "action"), "refused");
        assert_string_equal(text_of(h, "wanted"),
                            rows[i].action == SPBE_ACTION_REJECT ? "reject"
                                                                 : "log");
        cJSON_Delete(h);
    }
}

/* What each sensitivity lets into the details. */
static void values(void **state)
{
    static const struct {
        const char *label, *field, *value;
        const spbe_about_t *about;
        spbe_place_t place;
        const char *masked, *text;
        int hash;
    } rows[] = {
        {"unknown: its form", "nama", "Budi 17", NULL, SPBE_IN_FORM, "Aaaa 99",
         "", 1},
        {"personal: its form", "nik", NIK, &is_personal, SPBE_IN_FORM,
         "9999999999999999", "", 1},
        {"public: the text", "kategori", "buku", &is_public, SPBE_IN_QUERY, "",
         "buku", 1},
        {"public, yet a NIK", "kategori", NIK, &is_public, SPBE_IN_QUERY, "",
         "[disamarkan]", 1},
        {"secret: nothing", "x", WORD, &is_secret, SPBE_IN_FORM, "", "", 0},
        {"secret by name", "password", WORD, NULL, SPBE_IN_FORM, "", "", 0},
        {"secret by name, said to be public", "password", WORD, &is_public,
         SPBE_IN_FORM, "", "", 0},
        {"cookies are keys", "tema", "gelap", NULL, SPBE_IN_COOKIE, "", "", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_finding_t finding = {.reason = SPBE_REASON_SCHEMA,
                                  .keyword = "maxLength",
                                  .arg = "3",
                                  .action = SPBE_ACTION_REJECT,
                                  .place = rows[i].place,
                                  .about = rows[i].about,
                                  .field = spbe_span_from(rows[i].field),
                                  .value = spbe_span_from(rows[i].value)};
        cJSON *d = parse(encode_one(&finding, 1).d);
        const cJSON *item =
            cJSON_GetArrayItem(cJSON_GetObjectItem(d, "findings"), 0);

        print_message("%s\n", rows[i].label);
        assert_non_null(item);
        assert_string_equal(text_of(item, "masked"), rows[i].masked);
        assert_string_equal(text_of(item, "text"), rows[i].text);
        assert_int_equal(strlen(text_of(item, "hash")), rows[i].hash ? 16 : 0);
        assert_int_equal(cJSON_GetObjectItem(item, "length")->valueint,
                         strlen(rows[i].value));
        assert_string_equal(text_of(item, "expected"), "3");
        cJSON_Delete(d);
    }
}

/* Bytes that an attacker chose, in every place that takes some. */
static const char *const hostile[] = {
    "'; DROP TABLE records; --",
    "a\r\n{\"v\":1,\"w\":\"palsu\"}\r\n",
    "\033[2J\033]0;judul\007",
    "a\xe2\x80\xa8"
    "b\xe2\x80\xae"
    "c",
    "\xff\xfe\xc0\xaf",
    "nik=" NIK,
    NIK,
    "password=" WORD,
    "token: " TOKEN,
    "\"}],\"x\":[{\"",
    "reject|schema|enum|form|lain",
};

static void check_line(spbe_encoded_t encoded)
{
    apr_array_header_t *lines = spbe_line_split(&encoded, "w:1:1", 1, pool);
    int i;

    assert_true(strlen(encoded.h) <= 1500);
    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t text = APR_ARRAY_IDX(lines, i, spbe_span_t);
        spbe_line_t line;
        const char *why = "";
        size_t j;

        assert_true(text.len <= SPBE_LINE_MAX);
        for (j = 0; j + 1 < text.len; j++) {
            assert_true((unsigned char)text.ptr[j] >= 0x20);
        }
        assert_int_equal(spbe_line_parse(spbe_span_slice(text, 0, text.len - 1),
                                         &line, &why, pool),
                         SPBE_OK);
    }
}

static void check_canaries(spbe_encoded_t encoded)
{
    static const char *const canaries[] = {
        NIK,   WORD, "c2lnbmF0dXJla2FuYXJp", "\xe2\x80\xa8", "\xe2\x80\xae",
        "\033"};
    size_t i;

    for (i = 0; i < sizeof(canaries) / sizeof(canaries[0]); i++) {
        assert_null(strstr(encoded.h, canaries[i]));
        assert_null(strstr(encoded.d, canaries[i]));
    }
}

static void hostile_bytes(void **state)
{
    static const spbe_about_t *const abouts[] = {NULL, &is_public, &is_personal,
                                                 &is_secret};
    size_t i, j;

    for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        for (j = 0; j < 4; j++) {
            spbe_span_t text = spbe_span_from(hostile[i]);
            spbe_verdict_t *verdict = spbe_verdict_create(pool);
            spbe_finding_t finding = {.reason = SPBE_REASON_UNKNOWN,
                                      .action = SPBE_ACTION_REJECT,
                                      .place = SPBE_IN_QUERY,
                                      .field = text,
                                      .pointer = hostile[i],
                                      .arg = hostile[i],
                                      .detail = hostile[i],
                                      .value = text,
                                      .about = abouts[j]};
            spbe_encoded_t encoded;
            cJSON *h, *d;

            spbe_verdict_add(verdict, &finding);
            finding.reason = SPBE_REASON_DUPLICATE;
            spbe_verdict_add(verdict, &finding);
            encoded = encode(verdict, 0);
            h = parse(encoded.h);
            d = parse(encoded.d);
            check_line(encoded);
            check_canaries(encoded);
            assert_string_equal(text_of(h, "action"), "logged");
            cJSON_Delete(h);
            cJSON_Delete(d);
        }
    }
}

/* Fifty findings with names as long as they come: the index part keeps its
 * size, and names of others stand in it as long as there is room. */
static void index_part_keeps_its_size(void **state)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_encoded_t encoded;
    const cJSON *also;
    cJSON *h, *d;
    int i;

    for (i = 0; i < 60; i++) {
        char *name = apr_psprintf(pool, "%d%0500d", i, 0);
        spbe_finding_t finding = {.reason = SPBE_REASON_SCHEMA,
                                  .keyword = "additionalProperties",
                                  .action = SPBE_ACTION_REJECT,
                                  .place = SPBE_IN_JSON,
                                  .field = spbe_span_from(name),
                                  .pointer = name};

        memset(name + 2, i % 2 ? 'a' : '\001', strlen(name) - 2);
        spbe_verdict_add(verdict, &finding);
    }
    encoded = encode(verdict, 1);
    check_line(encoded);
    h = parse(encoded.h);
    d = parse(encoded.d);
    also = cJSON_GetObjectItem(h, "also");
    assert_true(cJSON_GetArraySize(also) >= 2);
    assert_non_null(strstr(cJSON_GetArrayItem(also, 0)->valuestring,
                           "reject|schema|additionalProperties|json|"));
    assert_true(strlen(text_of(h, "field")) <= 100);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(d, "findings")),
                     SPBE_FINDINGS_MAX);
    cJSON_Delete(h);
    cJSON_Delete(d);
}

static void the_one_that_decides(void **state)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_finding_t finding = {.reason = SPBE_REASON_UNKNOWN,
                              .action = SPBE_ACTION_LOG,
                              .place = SPBE_IN_QUERY,
                              .field = SPBE_SPAN("x")};
    cJSON *h;

    spbe_verdict_add(verdict, &finding);
    finding.reason = SPBE_REASON_SCHEMA;
    finding.action = SPBE_ACTION_REJECT;
    finding.keyword = "format";
    finding.field = SPBE_SPAN("nik");
    spbe_verdict_add(verdict, &finding);
    h = parse(encode(verdict, 1).h);
    assert_string_equal(text_of(h, "field"), "nik");
    assert_string_equal(text_of(h, "title"), "format: query nik");
    assert_string_equal(
        cJSON_GetArrayItem(cJSON_GetObjectItem(h, "also"), 0)->valuestring,
        "log|unknown-field||query|x");
    cJSON_Delete(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events),
        cmocka_unit_test(values),
        cmocka_unit_test(hostile_bytes),
        cmocka_unit_test(index_part_keeps_its_size),
        cmocka_unit_test(the_one_that_decides),
    };

    apr_initialize();
    apr_pool_create(&pool, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
