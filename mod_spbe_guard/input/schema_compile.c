/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_compile.c - from the JSON of a schema to rules.
 *
 * Schemas are filled from a queue, so neither the depth of a document nor a
 * chain of references costs stack.
 */
#include "input/schema_build.h"

#include <stdarg.h>

#include <apr_strings.h>

void spbe_schema_compile_error(spbe_build_t *build, const spbe_node_t *node,
                               const char *format, ...)
{
    apr_pool_t *pool = build->schemas->pool;
    va_list args;

    va_start(args, format);
    spbe_problem_error(build->problems, node, "%s",
                       apr_pvsprintf(pool, format, args));
    va_end(args);
    build->broken = 1;
}

spbe_number_rules_t *spbe_schema_compile_number(spbe_build_t *build)
{
    if (build->schema->number == NULL) {
        build->schema->number =
            apr_pcalloc(build->schemas->pool, sizeof(spbe_number_rules_t));
    }
    return build->schema->number;
}

spbe_string_rules_t *spbe_schema_compile_string(spbe_build_t *build)
{
    if (build->schema->string == NULL) {
        build->schema->string =
            apr_pcalloc(build->schemas->pool, sizeof(spbe_string_rules_t));
    }
    return build->schema->string;
}

spbe_array_rules_t *spbe_schema_compile_array(spbe_build_t *build)
{
    if (build->schema->array == NULL) {
        build->schema->array =
            apr_pcalloc(build->schemas->pool, sizeof(spbe_array_rules_t));
    }
    return build->schema->array;
}

spbe_object_rules_t *spbe_schema_compile_object(spbe_build_t *build)
{
    apr_pool_t *pool = build->schemas->pool;

    if (build->schema->object == NULL) {
        build->schema->object = apr_pcalloc(pool, sizeof(spbe_object_rules_t));
        build->schema->object->names =
            apr_array_make(pool, 8, sizeof(spbe_name_t));
    }
    return build->schema->object;
}

spbe_choice_rules_t *spbe_schema_compile_choice(spbe_build_t *build)
{
    if (build->schema->choice == NULL) {
        build->schema->choice =
            apr_pcalloc(build->schemas->pool, sizeof(spbe_choice_rules_t));
    }
    return build->schema->choice;
}

spbe_apply_rules_t *spbe_schema_compile_apply(spbe_build_t *build)
{
    if (build->schema->apply == NULL) {
        build->schema->apply =
            apr_pcalloc(build->schemas->pool, sizeof(spbe_apply_rules_t));
    }
    return build->schema->apply;
}

static void add_edge(spbe_build_t *build, spbe_schema_t *to, int inplace)
{
    spbe_schema_t *from = build->schema;
    spbe_edge_t *edge;

    if (from == NULL) {
        return;
    }
    if (from->edges == NULL) {
        from->edges =
            apr_array_make(build->schemas->pool, 4, sizeof(spbe_edge_t));
    }
    edge = apr_array_push(from->edges);
    *edge = (spbe_edge_t){to, inplace};
}

static spbe_schema_t *make(spbe_build_t *build, const spbe_node_t *node,
                           spbe_resource_t *resource)
{
    spbe_schemas_t *schemas = build->schemas;
    spbe_resource_t *own = spbe_schema_docs_resource(schemas, node);
    spbe_schema_t *schema = apr_pcalloc(schemas->pool, sizeof(*schema));

    schema->source = node;
    own = own == NULL ? resource : own;
    own->used = 1;
    schema->resource = own;
    schema->types = SPBE_TYPE_ANY;
    apr_hash_set(schemas->compiled, &schema->source, sizeof(schema->source),
                 schema);
    APR_ARRAY_PUSH(build->queue, spbe_schema_t *) = schema;
    return schema;
}

const spbe_schema_t *spbe_schema_compile_get(spbe_build_t *build,
                                             const spbe_node_t *node,
                                             spbe_resource_t *resource,
                                             int inplace)
{
    spbe_schema_t *schema;

    if (node->type != SPBE_NODE_OBJECT && node->type != SPBE_NODE_BOOLEAN) {
        spbe_schema_compile_error(build, node,
                                  "a schema is an object, true or false");
        return NULL;
    }
    spbe_schema_docs_scan(build->schemas, node, resource);
    schema = apr_hash_get(build->schemas->compiled, &node, sizeof(node));
    if (schema == NULL) {
        schema = make(build, node, resource);
    }
    if (schema->broken) {
        build->broken = 1;
    }
    add_edge(build, schema, inplace);
    return schema;
}

/* Extensions that whoever reads the policy takes from the JSON himself. */
static int is_extension(spbe_span_t name)
{
    if (!spbe_span_starts(name, SPBE_SPAN("x-spbe-"))) {
        return spbe_span_starts(name, SPBE_SPAN("x-"));
    }
    return spbe_span_eq(name, SPBE_SPAN("x-spbe-file")) ||
           spbe_span_eq(name, SPBE_SPAN("x-spbe-compare"));
}

static void unknown(spbe_build_t *build, const spbe_node_t *member)
{
    spbe_span_t name = member->name;
    int len = (int)(name.len > 60 ? 60 : name.len);

    if (!build->schemas->options.strict || is_extension(name)) {
        return;
    }
    if (spbe_span_starts(name, SPBE_SPAN("x-spbe-"))) {
        spbe_schema_compile_error(build, member,
                                  "%.*s is unknown; there are x-spbe-label, "
                                  "-hint, -sensitivity, -file, -compare",
                                  len, name.ptr);
        return;
    }
    spbe_schema_compile_error(build, member,
                              "%.*s is not a keyword of JSON Schema draft "
                              "2020-12; own ones begin with x-",
                              len, name.ptr);
}

static void fill_member(spbe_build_t *build, const spbe_node_t *member)
{
    const spbe_keyword_t *keyword = spbe_schema_keyword(member->name);

    if (keyword == NULL) {
        unknown(build, member);
        return;
    }
    if (spbe_node_member(build->schema->source, member->name) != member) {
        spbe_schema_compile_error(
            build, member, "%s stands in this schema twice", keyword->name);
        return;
    }
    if (keyword->instead != NULL && build->schemas->options.strict) {
        spbe_schema_compile_error(build, member,
                                  "%s is not a keyword of draft 2020-12; "
                                  "write %s",
                                  keyword->name, keyword->instead);
        return;
    }
    if (keyword->fill != NULL &&
        (keyword->vocab == 0 || (keyword->vocab & build->vocab))) {
        keyword->fill(build, member);
    }
}

/* What can be said only when all keywords of a schema have been read. */
static void complete(spbe_build_t *build, spbe_schema_t *schema)
{
    apr_pool_t *pool = build->schemas->pool;

    if (schema->object != NULL) {
        spbe_schema_names_index(schema->object, pool);
    }
    if (schema->choice != NULL && schema->choice->choices != NULL) {
        spbe_schema_choice_index(schema->choice, pool);
    }
}

static void fill(spbe_build_t *build, spbe_schema_t *schema)
{
    const spbe_node_t *member, *where = NULL;
    const char *error = NULL;

    build->schema = schema;
    if (schema->source->type == SPBE_NODE_BOOLEAN) {
        schema->always = schema->source->truth ? 1 : 2;
        return;
    }
    build->resource = spbe_schema_docs_resource(build->schemas, schema->source);
    build->vocab =
        spbe_schema_docs_vocab(build->schemas, build->resource, &where, &error);
    if (error != NULL) {
        spbe_schema_compile_error(build, where, "%s", error);
        return;
    }
    for (member = schema->source->first; member != NULL;
         member = member->next) {
        fill_member(build, member);
    }
    complete(build, schema);
}

/* Every schema that a $dynamicRef may meet while validating: of resources
 * that are entered at all. */
static void fill_dynamic(spbe_build_t *build)
{
    spbe_schemas_t *schemas = build->schemas;
    int i, k;

    build->schema = NULL;
    for (i = 0; i < schemas->names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(schemas->names, i, const char *);

        for (k = 0; k < schemas->list->nelts; k++) {
            spbe_resource_t *resource =
                APR_ARRAY_IDX(schemas->list, k, spbe_resource_t *);
            spbe_dynamic_t *entry =
                apr_hash_get(resource->dynamic, name, APR_HASH_KEY_STRING);

            if (resource->used && entry != NULL && entry->schema == NULL) {
                entry->schema =
                    spbe_schema_compile_get(build, entry->node, resource, 0);
            }
        }
    }
}

static void tell_doubles(spbe_build_t *build)
{
    apr_array_header_t *doubles = build->schemas->doubles;
    int i;

    for (i = 0; i < doubles->nelts; i++) {
        const spbe_node_t *node =
            APR_ARRAY_IDX(doubles, i, const spbe_node_t *);

        spbe_schema_compile_error(build, node,
                                  "another schema has this name already");
    }
    doubles->nelts = 0;
}

static void work(spbe_build_t *build)
{
    int next = 0;

    while (next < build->queue->nelts) {
        while (next < build->queue->nelts) {
            fill(build, APR_ARRAY_IDX(build->queue, next++, spbe_schema_t *));
        }
        fill_dynamic(build);
    }
    tell_doubles(build);
}

const spbe_schema_t *spbe_schema_compile(spbe_schemas_t *schemas,
                                         const char *uri,
                                         const spbe_node_t *node,
                                         spbe_problems_t *problems)
{
    spbe_build_t build = {.schemas = schemas, .problems = problems};
    spbe_resource_t *resource;
    const spbe_schema_t *schema;
    const char *fragment;
    int i;

    uri = spbe_schema_uri_split(uri, &fragment, schemas->pool);
    resource = spbe_schema_docs_resource(schemas, node);
    if (resource == NULL) {
        resource = apr_hash_get(schemas->resources, uri, APR_HASH_KEY_STRING);
    }
    if (resource == NULL) {
        spbe_problem_error(problems, node, "no document was added as %s", uri);
        return NULL;
    }
    build.queue = apr_array_make(schemas->pool, 16, sizeof(spbe_schema_t *));
    schema = spbe_schema_compile_get(&build, node, resource, 0);
    work(&build);
    if (!build.broken) {
        spbe_schema_finish(&build);
    }
    for (i = 0; build.broken && i < build.queue->nelts; i++) {
        APR_ARRAY_IDX(build.queue, i, spbe_schema_t *)->broken = 1;
    }
    return build.broken ? NULL : schema;
}
