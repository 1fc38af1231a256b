/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema.c - the schemas of one policy, and the question asked of them.
 */
#include "input/schema_run.h"

spbe_schemas_t *spbe_schemas_create(const spbe_schema_options_t *options,
                                    apr_pool_t *pool)
{
    spbe_schemas_t *schemas = apr_pcalloc(pool, sizeof(*schemas));

    schemas->options = *options;
    schemas->pool = pool;
    schemas->resources = apr_hash_make(pool);
    schemas->list = apr_array_make(pool, 8, sizeof(spbe_resource_t *));
    schemas->places = apr_hash_make(pool);
    schemas->compiled = apr_hash_make(pool);
    schemas->names = apr_array_make(pool, 4, sizeof(const char *));
    schemas->doubles = apr_array_make(pool, 4, sizeof(const spbe_node_t *));
    return schemas;
}

int spbe_schema_validate(const spbe_schema_t *schema, const spbe_node_t *node,
                         spbe_regex_scratch_t *scratch,
                         apr_array_header_t *faults, apr_pool_t *pool)
{
    spbe_path_t root = {NULL, node, 0, 0, schema};
    spbe_run_t run = {.faults = faults,
                      .pool = pool,
                      .scratch = scratch,
                      .steps = SPBE_SCHEMA_STEPS};
    int ok = spbe_schema_run(&run, schema, node, &root, NULL);

    if (run.limit) {
        return 0;
    }
    return run.failed ? -1 : ok;
}

unsigned spbe_schema_types(const spbe_schema_t *schema)
{
    return schema->joined;
}
