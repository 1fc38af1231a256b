/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/nameless_test.c - what stands without a name is a value: no record
 * has it in clear where names stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/anomaly.h"
#include "record/nameless.h"
#include "record/trigger.h"

#define SECRET "KANARI900Zq7"
#define FORM "AAAAAA999Aa9"

static apr_pool_t *pool;

static void pieces(void **state)
{
    static const struct {
        const char *text;
        int n; /* how many have no name */
    } rows[] = {
        {SECRET, 1},
        {"nik=1&password=a&" SECRET, 1},
        {"a=1&" SECRET "&b=2&" SECRET "x", 2},
        {SECRET "=", 1},
        {SECRET "==", 1},
        {"a=1&" SECRET "==", 1},
        {"nama=&alamat=", 0},
        {"a=1&b=2", 0},
        {"a==&b=c", 1},
        {"=" SECRET, 0},
        {"", 0},
        {"&&", 0},
        {"=", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_span_t text = spbe_span_from(rows[i].text);
        spbe_form_t form;
        spbe_pair_t pair;
        int n = 0;

        print_message("'%s'\n", rows[i].text);
        spbe_form_init(&form, text, 100);
        while (spbe_form_next(&form, &pair) == SPBE_OK) {
            n += spbe_nameless_is(&pair, text);
        }
        assert_int_equal(n, rows[i].n);
    }
}

/* A policy with one parameter line. */
static const spbe_sensitive_t *knows(const char *name)
{
    spbe_param_lines_t *lines = spbe_param_lines_create(pool);
    char type[] = "string", most[] = "maxlen=9";
    char *const words[] = {apr_pstrdup(pool, name), type, most};
    spbe_sensitive_t *sensitive = apr_pcalloc(pool, sizeof(*sensitive));
    const char *error = NULL;

    assert_null(spbe_param_lines_add(lines, 3, words));
    sensitive->pool = pool;
    sensitive->params = spbe_param_lines_compile(lines, &error, pool);
    assert_non_null(sensitive->params);
    return sensitive;
}

static void findings(void **state)
{
    static const struct {
        const char *label, *query, *field, *shown;
        spbe_place_t place;
    } rows[] = {
        {"a lone value", SECRET, SECRET, FORM, SPBE_IN_QUERY},
        {"encoded", "K%41NARI900Zq7", SECRET, FORM, SPBE_IN_QUERY},
        {"the rest of a password", "password=a&" SECRET, SECRET, FORM,
         SPBE_IN_FORM},
        {"base64", SECRET "==", SECRET, FORM, SPBE_IN_QUERY},
        {"known to the policy", "cetak", "cetak", "cetak", SPBE_IN_QUERY},
        {"another field", SECRET "&nik=1", "nik", "nik", SPBE_IN_QUERY},
        {"a header of that name", "accept", "accept", "accept", SPBE_IN_HEADER},
        {"none", "", "", "", SPBE_IN_REQUEST},
    };
    const spbe_redact_t *redact = spbe_redact_create(NULL, pool);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_nameless_t *nameless = spbe_nameless_create(pool);
        spbe_verdict_t *verdict = spbe_verdict_create(pool);
        spbe_finding_t finding = {.reason = SPBE_REASON_UNKNOWN,
                                  .action = SPBE_ACTION_REJECT,
                                  .place = rows[i].place,
                                  .field = spbe_span_from(rows[i].field)};
        const spbe_verdict_t *veiled;
        spbe_span_t field;

        print_message("%s\n", rows[i].label);
        spbe_verdict_add(verdict, &finding);
        spbe_nameless_read(nameless, spbe_span_from(rows[i].query), 100);
        veiled =
            spbe_nameless_veil(nameless, verdict, redact, knows("cetak"), pool);
        field = APR_ARRAY_IDX(veiled->findings, 0, spbe_finding_t).field;
        assert_string_equal(spbe_span_dup(field, pool), rows[i].shown);
        field = APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t).field;
        assert_string_equal(spbe_span_dup(field, pool), rows[i].field);
    }
}

/* No part of a record, whichever finding is the main one. */
static void whole_records(void **state)
{
    static const char *const queries[] = {SECRET, "nik=1&" SECRET};
    const spbe_redact_t *redact = spbe_redact_create(NULL, pool);
    size_t i;

    for (i = 0; i < 2; i++) {
        spbe_nameless_t *nameless = spbe_nameless_create(pool);
        spbe_verdict_t *verdict = spbe_verdict_create(pool);
        spbe_record_t record = {.id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
                                .kind = "anomaly"};
        spbe_finding_t finding = {.reason = SPBE_REASON_UNKNOWN,
                                  .action = SPBE_ACTION_REJECT,
                                  .place = SPBE_IN_QUERY,
                                  .field = spbe_span_from("nik")};
        spbe_encoded_t encoded;

        if (i > 0) {
            spbe_verdict_add(verdict, &finding);
        }
        finding.field = spbe_span_from(SECRET);
        finding.value = finding.field;
        spbe_verdict_add(verdict, &finding);
        spbe_nameless_read(nameless, spbe_span_from(queries[i]), 100);
        spbe_anomaly_describe(
            &record, spbe_nameless_veil(nameless, verdict, redact, NULL, pool),
            1, pool);
        encoded = spbe_record_encode(&record, redact, 65536, pool);
        assert_null(strstr(encoded.h, SECRET));
        assert_null(strstr(encoded.d, SECRET));
        assert_non_null(strstr(encoded.h, FORM));
    }
}

static void triggering_input(void **state)
{
    static const struct {
        const char *query, *body, *has;
    } rows[] = {
        {SECRET, "", "\"name\":\"" FORM "\""},
        {"a=1&" SECRET, "", "\"name\":\"" FORM "\""},
        {"a=1", "password=x&" SECRET, "\"name\":\"" FORM "\""},
        {"cetak", "", "\"name\":\"cetak\""},
        {"nama=", "", "\"name\":\"aaaa\""},
        {"nama=&b=", "", "\"name\":\"nama\""},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_trigger_input_t input = {.method = "POST",
                                      .path = "/",
                                      .query = rows[i].query,
                                      .content_type =
                                          "application/x-www-form-urlencoded",
                                      .body = spbe_span_from(rows[i].body),
                                      .body_length = strlen(rows[i].body),
                                      .sensitive = knows("cetak")};
        const char *json =
            spbe_trigger_json(spbe_redact_create(NULL, pool), &input, pool);

        print_message("%s\n", json);
        assert_null(strstr(json, SECRET));
        assert_non_null(strstr(json, rows[i].has));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces),
        cmocka_unit_test(findings),
        cmocka_unit_test(whole_records),
        cmocka_unit_test(triggering_input),
    };

    apr_initialize();
    apr_pool_create(&pool, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
