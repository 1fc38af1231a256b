/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_schema.c - input/schema*.c: [schema, instance].
 * The schema is an administrator's, the instance a visitor's.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "input/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is said of a schema must agree with what it accepts. */
static void check_valid(const spbe_schema_t *schema, const spbe_node_t *node)
{
    unsigned type = 1u << node->type;
    const spbe_node_t *member;

    type |= type == SPBE_TYPE_NUMBER ? SPBE_TYPE_INTEGER : 0;
    if (!(spbe_schema_types(schema) & type)) {
        abort();
    }
    for (member = node->first; node->type == SPBE_NODE_OBJECT && member != NULL;
         member = member->next) {
        if (spbe_schema_forbids(schema, member->name)) {
            abort();
        }
        spbe_schema_property(schema, member->name);
    }
}

static void ask(const spbe_schema_t *schema, spbe_problems_t *problems,
                apr_pool_t *pool)
{
    spbe_flat_t flat;

    spbe_schema_flatten(schema, &flat, pool);
    if (flat.about == NULL || flat.source == NULL) {
        abort();
    }
    spbe_schema_items(schema);
    spbe_schema_property_names(schema, pool);
    spbe_schema_lint(schema, problems);
}

/* The same answer with and without a list; faults if, and only if, not valid
 * or given up. */
static void judge(const spbe_schema_t *schema, const spbe_node_t *node,
                  apr_pool_t *pool)
{
    apr_array_header_t *faults = apr_array_make(pool, 4, sizeof(spbe_fault_t));
    int told = spbe_schema_validate(schema, node, NULL, faults, pool);
    int quiet = spbe_schema_validate(schema, node, NULL, NULL, pool);

    if ((told == 1) != (quiet == 1) || (told == 0 && faults->nelts == 0) ||
        (told == 1 && faults->nelts > 0) || faults->nelts > SPBE_FAULTS_MAX) {
        abort();
    }
    if (told == 1) {
        check_valid(schema, node);
    }
}

static void run(const spbe_node_t *pair, spbe_span_t text, int strict,
                apr_pool_t *pool)
{
    spbe_schema_options_t options = {strict, strict, strict};
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    spbe_problems_t *problems = spbe_problems_create("f", text, pool);
    const spbe_schema_t *schema;

    spbe_schemas_add(schemas, "file:///f", pair->first);
    schema = spbe_schema_compile(schemas, "file:///f", pair->first, problems);
    if ((schema == NULL) != (problems->errors > 0)) {
        abort();
    }
    if (schema != NULL) {
        ask(schema, problems, pool);
        judge(schema, pair->last, pool);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    spbe_json_limits_t limits = {0, 0};
    spbe_json_report_t report;
    const spbe_node_t *pair;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    pair = spbe_json_tree(text, &limits, &report, pool);
    if (pair != NULL && pair->type == SPBE_NODE_ARRAY && pair->count == 2) {
        run(pair, text, 1, pool);
        run(pair, text, 0, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
