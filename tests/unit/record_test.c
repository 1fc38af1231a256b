/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/record_test.c - a record as JSON, within its size.
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
#include "record/record.h"
#include "record/trigger.h"

static apr_pool_t *pool;

static spbe_encoded_t encode(const spbe_record_t *record, size_t limit)
{
    return spbe_record_encode(record, spbe_redact_create(NULL, pool), limit,
                              pool);
}

static char *fill(char c, size_t n)
{
    char *text = apr_palloc(pool, n + 1);

    memset(text, c, n);
    text[n] = '\0';
    return text;
}

static const char *get(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(json, name));
}

/* Fingerprints are no secrets, and none may be shortened. */
static void fingerprints_stay_whole(void **state)
{
    const char *sha = "9f86d081884c7d659a2feaa0c55ad015"
                      "a3bf4f1b2b0b822cd15d6c15b0f00a08";
    apr_array_header_t *facts = apr_array_make(pool, 2, sizeof(const char *));
    spbe_record_t record = {.id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
                            .kind = "notice",
                            .event = "sys_startup",
                            .title = fill('t', 2000),
                            .config = sha,
                            .rules = sha,
                            .policies = sha,
                            .facts = facts};
    spbe_encoded_t out;
    cJSON *h, *d;

    APR_ARRAY_PUSH(facts, const char *) =
        apr_pstrcat(pool, sha, "  /etc/a.json", NULL);
    APR_ARRAY_PUSH(facts, const char *) = "\"a\": input On";
    out = encode(&record, 4096);
    h = cJSON_Parse(out.h);
    d = cJSON_Parse(out.d);
    assert_string_equal(get(h, "config"), sha);
    assert_string_equal(get(h, "rules"), sha);
    assert_string_equal(get(h, "policies"), sha);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(
                            cJSON_GetObjectItem(d, "facts"), 0)),
                        APR_ARRAY_IDX(facts, 0, const char *));
    assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(
                            cJSON_GetObjectItem(d, "facts"), 1)),
                        "\"a\": input On");
    cJSON_Delete(h);
    cJSON_Delete(d);
}

static void record_names(void **state)
{
    spbe_record_t record = {
        .id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
        .ref = "7QF3-M2P9-XKC",
        .ts = apr_time_from_sec(1709540000) + 42,
        .kind = "error",
        .class_name = "code",
        .responsible = "Dev",
        .title = "gagal untuk ?",
        .status_in = 500,
        .status_out = 503,
        .client = "192.0.2.1",
        .message = "nik 3171012345678901",
        .route = "/a/3171012345678901",
        .host = "budi@batam.go.id",
        .trace = SPBE_SPAN("#0 /x.php(3): login('admin')"),
        .why = "kata: password=abc",
        .leak_sent = 17,
        .seams = 2,
    };
    spbe_encoded_t encoded = encode(&record, 65536);
    cJSON *h = cJSON_Parse(encoded.h), *d = cJSON_Parse(encoded.d);

    assert_string_equal(get(h, "ts"), "2024-03-04T08:13:20.000042Z");
    assert_string_equal(get(h, "class"), "code");
    assert_string_equal(get(h, "route"), "/a/[disamarkan]");
    assert_string_equal(get(h, "host"), "[disamarkan]");
    assert_int_equal(cJSON_GetObjectItem(h, "status_in")->valueint, 500);
    assert_int_equal(cJSON_GetObjectItem(h, "leak_sent")->valueint, 17);
    assert_null(cJSON_GetObjectItem(h, "exception"));
    assert_string_equal(get(d, "message"), "nik [disamarkan]");
    assert_string_equal(get(d, "trace"), "#0 /x.php(3): login('[disamarkan]')");
    assert_string_equal(get(d, "why"), "kata: password=[disamarkan]");
    assert_int_equal(cJSON_GetObjectItem(d, "seams")->valueint, 2);
    assert_null(cJSON_GetObjectItem(d, "cut"));
    cJSON_Delete(h);
    cJSON_Delete(d);
}

static void record_without_details(void **state)
{
    spbe_record_t record = {
        .id = "x", .kind = "access", .trace = SPBE_SPAN_EMPTY};

    assert_null(encode(&record, 1000).d);
}

/* Whatever a visitor sends as host, method or path: h stays small. */
static void record_h_size(void **state)
{
    static const char fillers[] = {'a', '"', '\x01', '\xff', '\xc3'};
    size_t i;

    for (i = 0; i < sizeof(fillers); i++) {
        char *text = fill(fillers[i], 5000);
        spbe_record_t record = {
            .id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
            .ref = "7QF3-M2P9-XKC",
            .ts = apr_time_now(),
            .kind = "error",
            .title = text,
            .host = text,
            .vhost = text,
            .route = text,
            .method = text,
            .exception = text,
            .frame = text,
            .node = text,
            .application = text,
            .client = text,
            .rule = text,
            .fingerprint = text,
            .action = text,
            .event = text,
        };
        spbe_encoded_t encoded = encode(&record, 65536);
        cJSON *h = cJSON_Parse(encoded.h);

        assert_non_null(h);
        assert_true(strlen(encoded.h) <= 1536);
        assert_string_equal(get(h, "id"), record.id);
        assert_string_equal(get(h, "ref"), record.ref);
        cJSON_Delete(h);
    }
}

static void record_limits(void **state)
{
    static const size_t limits[] = {0,    500,   1500,  2000,  3000,
                                    4096, 10000, 30000, 65536, 1000000};
    apr_array_header_t *frames = apr_array_make(pool, 64, sizeof(spbe_frame_t));
    apr_array_header_t *lines = apr_array_make(pool, 64, sizeof(const char *));
    char *query = fill('&', 3000);
    spbe_trigger_input_t input = {.method = "GET", .path = "/", .query = query};
    size_t i;

    for (i = 0; i < 64; i++) {
        spbe_frame_t frame = {"/var/www/app/X.php", "X->y", 3, 0};

        APR_ARRAY_PUSH(frames, spbe_frame_t) = frame;
        APR_ARRAY_PUSH(lines, const char *) = fill('l', 500);
    }
    for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        spbe_record_t record = {
            .id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
            .ts = apr_time_now(),
            .kind = "error",
            .message = fill('m', 3000),
            .frames = frames,
            .log_lines = lines,
            .why = "weil",
            .trace = {fill('\n', 40000), 40000},
        };
        size_t limit = limits[i] < 700 ? 700 : limits[i], size;
        spbe_encoded_t encoded;
        cJSON *d;

        record.input =
            spbe_trigger_json(spbe_redact_create(NULL, pool), &input, pool);
        encoded = encode(&record, limits[i]);
        size = strlen(encoded.h) + strlen(encoded.d);
        d = cJSON_Parse(encoded.d);
        assert_non_null(d);
        if (size > limit) {
            fail_msg("limit %zu: %zu", limits[i], size);
        }
        if (limits[i] < 100000) {
            assert_non_null(cJSON_GetObjectItem(d, "cut"));
            /* Not a limit used as a pretext: at least half of it is. */
            assert_true(limits[i] < 3000 || size > limits[i] / 2);
        }
        else {
            assert_null(cJSON_GetObjectItem(d, "cut"));
        }
        if (limits[i] >= 2000) {
            assert_string_equal(get(d, "why"), "weil");
        }
        cJSON_Delete(d);
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
        cmocka_unit_test(fingerprints_stay_whole),
        cmocka_unit_test(record_names),
        cmocka_unit_test(record_without_details),
        cmocka_unit_test(record_h_size),
        cmocka_unit_test(record_limits),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
