/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/anomaly_same_test.c - which values and which verdicts count as the
 * same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <apr_general.h>
#include "record/anomaly.h"

#define NIK "3171012345678901"

static apr_pool_t *pool;

static void hashes(void **state)
{
    spbe_span_t key = SPBE_SPAN("kunci"), other = SPBE_SPAN("kuncj");
    spbe_span_t value = SPBE_SPAN(NIK);
    const char *a = spbe_anomaly_hash(key, value, pool);

    assert_string_equal(a, spbe_anomaly_hash(key, value, pool));
    assert_string_not_equal(a, spbe_anomaly_hash(other, value, pool));
    assert_string_not_equal(a, spbe_anomaly_hash(key, SPBE_SPAN("x"), pool));
    assert_null(spbe_anomaly_hash(SPBE_SPAN_EMPTY, value, pool));
}

static void signatures(void **state)
{
    spbe_finding_t a = {.reason = SPBE_REASON_SCHEMA,
                        .action = SPBE_ACTION_REJECT,
                        .place = SPBE_IN_FORM,
                        .keyword = "format",
                        .field = SPBE_SPAN("nik"),
                        .value = SPBE_SPAN("1")};
    const struct {
        const char *label;
        spbe_finding_t finding;
        int same;
    } rows[] = {
        {"another value",
         {.reason = a.reason,
          .action = a.action,
          .place = a.place,
          .keyword = "format",
          .field = SPBE_SPAN("nik"),
          .value = SPBE_SPAN("2")},
         1},
        {"another field",
         {.reason = a.reason,
          .action = a.action,
          .place = a.place,
          .keyword = "format",
          .field = SPBE_SPAN("nip")},
         0},
        {"another keyword",
         {.reason = a.reason,
          .action = a.action,
          .place = a.place,
          .keyword = "type",
          .field = SPBE_SPAN("nik")},
         0},
        {"another place",
         {.reason = a.reason,
          .action = a.action,
          .place = SPBE_IN_QUERY,
          .keyword = "format",
          .field = SPBE_SPAN("nik")},
         0},
        {"only logged",
         {.reason = a.reason,
          .action = SPBE_ACTION_LOG,
          .place = a.place,
          .keyword = "format",
          .field = SPBE_SPAN("nik")},
         0},
    };
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_buf_t first, second;
    size_t i;

    spbe_verdict_add(verdict, &a);
    spbe_buf_init(&first, 64, pool);
    spbe_anomaly_signature(&first, verdict);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        verdict = spbe_verdict_create(pool);
        spbe_verdict_add(verdict, &rows[i].finding);
        spbe_buf_init(&second, 64, pool);
        spbe_anomaly_signature(&second, verdict);
        print_message("%s\n", rows[i].label);
        assert_int_equal(
            spbe_span_eq(spbe_buf_span(&first), spbe_buf_span(&second)),
            rows[i].same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(signatures),
    };

    apr_initialize();
    apr_pool_create(&pool, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
