/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_policy.c - OpenAPI documents. The bytes are an
 * administrator's, perhaps one who was sent the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "input/policy.h"
#include "input/publicrules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A policy is usable just when nothing is wrong with it. */
static void check_problems(const spbe_problems_t *problems,
                           const spbe_policy_t *policy, apr_pool_t *pool)
{
    if ((policy == NULL) != (problems->errors > 0) ||
        (problems->errors > 0) !=
            (spbe_problems_first_error(problems, pool) != NULL)) {
        abort();
    }
}

/* Every operation is found by its own route, and told as JSON. */
static void check_operations(const spbe_policy_t *policy, apr_pool_t *pool)
{
    const apr_array_header_t *operations = spbe_policy_operations(policy);
    spbe_json_report_t report;
    const char *rules;
    int i;

    for (i = 0; i < operations->nelts; i++) {
        const spbe_operation_t *operation =
            APR_ARRAY_IDX(operations, i, const spbe_operation_t *);
        spbe_match_t match =
            spbe_policy_match(policy, spbe_span_from(operation->method),
                              spbe_span_from(operation->route), 0, pool);

        if (match.operation != NULL && match.route == NULL) {
            abort();
        }
    }
    rules = spbe_public_rules(policy, NULL, SPBE_SPAN("/"), pool);
    if (spbe_json_tree(spbe_span_from(rules), NULL, &report, pool) == NULL &&
        report.fault != SPBE_JSON_TOO_DEEP &&
        report.fault != SPBE_JSON_TOO_MANY) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_problems_t *problems;
    spbe_policy_t *policy;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    problems = spbe_problems_create(
        "fuzz.json", (spbe_span_t){(const char *)data, size}, pool);
    policy = spbe_policy_read(problems, pool);
    check_problems(problems, policy, pool);
    if (policy != NULL) {
        check_operations(policy, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
