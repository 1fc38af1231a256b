/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/sensitive_test.c - of a field that the policy calls secret not
 * even the form is written down, however its name is composed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include "record/anomaly.h"
#include "record/trigger.h"

static apr_pool_t *pool;

static const char document[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"1\"},"
    "\"paths\":{\"/a\":{\"post\":{\"parameters\":[{\"name\":\"kunci\","
    "\"in\":\"query\",\"schema\":{\"type\":\"string\",\"maxLength\":9,"
    "\"x-spbe-sensitivity\":\"secret\"}}],\"requestBody\":{\"content\":{"
    "\"application/x-www-form-urlencoded\":{\"schema\":{\"type\":\"object\","
    "\"properties\":{\"frasa\":{\"type\":\"string\",\"maxLength\":99,"
    "\"x-spbe-sensitivity\":\"secret\"},\"nik\":{\"type\":\"string\","
    "\"format\":\"nik\",\"x-spbe-sensitivity\":\"personal\"},"
    "\"nama\":{\"type\":\"string\",\"maxLength\":99}}}},"
    "\"application/json\":{\"schema\":{\"type\":\"object\",\"properties\":{"
    "\"akun\":{\"type\":\"object\",\"properties\":{\"isi\":{\"type\":"
    "\"string\",\"maxLength\":9,\"x-spbe-sensitivity\":\"secret\"},"
    "\"nama\":{\"type\":\"string\",\"maxLength\":9}}},"
    "\"daftar\":{\"type\":\"array\",\"maxItems\":9,\"items\":{"
    "\"type\":\"object\",\"properties\":{\"kode\":{\"type\":\"string\","
    "\"maxLength\":9,\"x-spbe-sensitivity\":\"secret\"}}}},"
    "\"semua\":{\"type\":\"object\",\"x-spbe-sensitivity\":\"secret\","
    "\"properties\":{\"dalam\":{\"type\":\"string\",\"maxLength\":9}}}"
    "}}}}},\"responses\":{\"200\":{\"description\":\"ok\"}}}}}}";

static spbe_sensitive_t read_policy(void)
{
    spbe_problems_t *problems =
        spbe_problems_create("kebijakan.json", SPBE_SPAN(document), pool);
    spbe_policy_t *policy = spbe_policy_read(problems, pool);
    spbe_sensitive_t sensitive = {.pool = pool};

    assert_non_null(policy);
    sensitive.operation =
        spbe_policy_match(policy, SPBE_SPAN("POST"), SPBE_SPAN("/a"), 0, pool)
            .operation;
    assert_non_null(sensitive.operation);
    return sensitive;
}

static void names(void **state)
{
    static const struct {
        const char *name;
        int secret;
    } rows[] = {
        {"kunci", 1},
        {"frasa", 1},
        {"frasa[]", 1},
        {"frasa[x]", 1},
        {"nik", 0},
        {"nama", 0},
        {"akun.isi", 1},
        {"akun[isi]", 1},
        {"/akun/isi", 1},
        {"akun.nama", 0},
        {"akun", 0},
        {"isi", 0},
        {"daftar[0].kode", 1},
        {"/daftar/17/kode", 1},
        {"daftar[0]", 0},
        {"semua.dalam", 1},
        {"semua.lain", 1},
        {"lain", 0},
        {"", 0},
        {"....", 0},
        {"/", 0},
    };
    spbe_sensitive_t sensitive = read_policy();
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("'%s'\n", rows[i].name);
        assert_int_equal(
            spbe_sensitive_is_secret(&sensitive, spbe_span_from(rows[i].name)),
            rows[i].secret);
    }
    assert_int_equal(spbe_sensitive_is_secret(NULL, SPBE_SPAN("kunci")), 0);
}

static void parameter_lines(void **state)
{
    spbe_param_lines_t *lines = spbe_param_lines_create(pool);
    char name[] = "pin2", type[] = "string", secret[] = "sensitivity=secret",
         most[] = "maxlen=9";
    char *const words[] = {name, type, secret, most};
    spbe_sensitive_t sensitive = {.pool = pool};
    const char *error = NULL;

    assert_null(spbe_param_lines_add(lines, 4, words));
    sensitive.params = spbe_param_lines_compile(lines, &error, pool);
    assert_non_null(sensitive.params);
    assert_int_equal(spbe_sensitive_is_secret(&sensitive, SPBE_SPAN("pin2")),
                     1);
    assert_int_equal(spbe_sensitive_is_secret(&sensitive, SPBE_SPAN("pin3")),
                     0);
}

static void known_names(void **state)
{
    static const struct {
        const char *name;
        int known;
    } rows[] = {
        {"kunci", 1}, {"lain", 0},  {"kunc", 0},
        {"", 0},      {"KUNCI", 0}, {"kunci[x]", 0},
    };
    spbe_sensitive_t sensitive = read_policy();
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("'%s'\n", rows[i].name);
        assert_int_equal(
            spbe_sensitive_knows(&sensitive, spbe_span_from(rows[i].name)),
            rows[i].known);
    }
    assert_int_equal(spbe_sensitive_knows(NULL, SPBE_SPAN("kunci")), 0);
}

/* Neither the triggering input nor the finding tells the form. */
static void records(void **state)
{
    spbe_sensitive_t sensitive = read_policy();
    spbe_redact_t *redact = spbe_redact_create(NULL, pool);
    spbe_trigger_input_t input = {
        .method = "POST",
        .path = "/a",
        .query = "kunci=77123&nama=55",
        .content_type = "application/json",
        .body = SPBE_SPAN("{\"akun\":{\"isi\":\"88123\"},\"daftar\":"
                          "[{\"kode\":\"66123\"}],\"x\":\"9\"}"),
        .body_length = 55,
        .sensitive = &sensitive,
    };
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_finding_t finding = {.reason = SPBE_REASON_DUPLICATE,
                              .action = SPBE_ACTION_REJECT,
                              .place = SPBE_IN_FORM,
                              .field = SPBE_SPAN("frasa"),
                              .value = SPBE_SPAN("77123")};
    spbe_record_t record = {.id = "x",
                            .kind = "anomaly",
                            .sensitive = &sensitive,
                            .hash_key = SPBE_SPAN("kunci")};
    const char *text = spbe_trigger_json(redact, &input, pool);

    assert_null(strstr(text, "99999"));
    assert_non_null(strstr(text, "\"masked\":\"99\""));
    assert_non_null(strstr(text, "\"masked\":\"9\""));
    spbe_verdict_add(verdict, &finding);
    spbe_anomaly_describe(&record, verdict, 1, pool);
    text = spbe_record_encode(&record, redact, 65536, pool).d;
    assert_null(strstr(text, "masked"));
    assert_null(strstr(text, "hash"));
    assert_non_null(strstr(text, "\"length\":5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(parameter_lines),
        cmocka_unit_test(known_names),
        cmocka_unit_test(records),
    };

    apr_initialize();
    apr_pool_create(&pool, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
