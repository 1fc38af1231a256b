/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_words_apply.c - keywords that hold schemas, and references.
 */
#include "input/schema_build.h"

#include <apr_strings.h>

static const spbe_schema_t *get(spbe_build_t *build, const spbe_node_t *node,
                                int inplace)
{
    return spbe_schema_compile_get(build, node, build->resource, inplace);
}

static int is_map(spbe_build_t *build, const spbe_node_t *value, const char *of)
{
    if (value->type == SPBE_NODE_OBJECT) {
        return 1;
    }
    spbe_schema_compile_error(build, value, "%.*s is an object of %s",
                              (int)value->name.len, value->name.ptr, of);
    return 0;
}

SPBE_FILL(properties)
{
    spbe_object_rules_t *object = spbe_schema_compile_object(build);
    const spbe_node_t *member;

    if (!is_map(build, value, "schemas")) {
        return;
    }
    for (member = value->first; member != NULL; member = member->next) {
        const spbe_schema_t *schema = get(build, member, 0);

        spbe_schema_names_add(object, member->name, build->schemas->pool)
            ->schema = schema;
    }
}

/* An array of different strings, as const char *; NULL after an error. */
static apr_array_header_t *strings(spbe_build_t *build,
                                   const spbe_node_t *value)
{
    apr_pool_t *pool = build->schemas->pool;
    apr_array_header_t *list = apr_array_make(pool, 8, sizeof(const char *));
    const spbe_node_t *item = value->first, *before;

    for (; value->type == SPBE_NODE_ARRAY && item != NULL; item = item->next) {
        if (item->type != SPBE_NODE_STRING) {
            break;
        }
        for (before = value->first; before != item; before = before->next) {
            if (spbe_span_eq(before->text, item->text)) {
                spbe_schema_compile_error(build, item,
                                          "this name stands "
                                          "here twice");
                return NULL;
            }
        }
        APR_ARRAY_PUSH(list, const char *) = spbe_span_dup(item->text, pool);
    }
    if (value->type != SPBE_NODE_ARRAY || item != NULL) {
        spbe_schema_compile_error(build, value, "%.*s is an array of names",
                                  (int)value->name.len, value->name.ptr);
        return NULL;
    }
    return list;
}

SPBE_FILL(required)
{
    spbe_object_rules_t *object;
    const spbe_node_t *item;
    int number = 0;

    if (value->type == SPBE_NODE_BOOLEAN) {
        spbe_schema_compile_error(build, value,
                                  "required is an array of names and stands "
                                  "beside properties, not within one");
        return;
    }
    object = spbe_schema_compile_object(build);
    object->required = strings(build, value);
    for (item = value->first; object->required != NULL && item != NULL;
         item = item->next) {
        spbe_schema_names_add(object, item->text, build->schemas->pool)
            ->required = number++;
    }
}

static spbe_dependent_t *add_dependent(spbe_build_t *build, spbe_span_t name,
                                       const char *keyword)
{
    spbe_object_rules_t *object = spbe_schema_compile_object(build);
    spbe_dependent_t *dependent;

    if (object->dependents == NULL) {
        object->dependents =
            apr_array_make(build->schemas->pool, 4, sizeof(spbe_dependent_t));
    }
    dependent = apr_array_push(object->dependents);
    *dependent = (spbe_dependent_t){name, NULL, NULL, keyword};
    return dependent;
}

SPBE_FILL(dependent_required)
{
    const spbe_node_t *member;

    if (!is_map(build, value, "arrays of names")) {
        return;
    }
    for (member = value->first; member != NULL; member = member->next) {
        apr_array_header_t *names = strings(build, member);

        add_dependent(build, member->name, "dependentRequired")->required =
            names;
    }
}

SPBE_FILL(dependent_schemas)
{
    const spbe_node_t *member;

    if (!is_map(build, value, "schemas")) {
        return;
    }
    for (member = value->first; member != NULL; member = member->next) {
        const spbe_schema_t *schema = get(build, member, 1);

        add_dependent(build, member->name, "dependentSchemas")->schema = schema;
    }
}

/* Of draft 7: either of the two above. */
SPBE_FILL(dependencies)
{
    const spbe_node_t *member;

    if (!is_map(build, value, "schemas or arrays of names")) {
        return;
    }
    for (member = value->first; member != NULL; member = member->next) {
        if (member->type == SPBE_NODE_ARRAY) {
            add_dependent(build, member->name, "dependencies")->required =
                strings(build, member);
        }
        else {
            add_dependent(build, member->name, "dependencies")->schema =
                get(build, member, 1);
        }
    }
}

SPBE_FILL(pattern_properties)
{
    spbe_object_rules_t *object = spbe_schema_compile_object(build);
    apr_pool_t *pool = build->schemas->pool;
    const spbe_node_t *member;

    if (!is_map(build, value, "schemas by regular expression")) {
        return;
    }
    object->patterns = apr_array_make(pool, 4, sizeof(spbe_pattern_t));
    for (member = value->first; member != NULL; member = member->next) {
        const char *error = NULL;
        spbe_pattern_t *pattern = apr_array_push(object->patterns);

        pattern->node = member;
        pattern->schema = get(build, member, 0);
        pattern->regex = spbe_regex_compile(member->name, &error, pool);
        if (pattern->regex == NULL) {
            spbe_schema_compile_error(build, member,
                                      "its name, a pattern, "
                                      "cannot be used: %s",
                                      error);
        }
    }
}

SPBE_FILL(additional)
{
    const spbe_schema_t *schema = get(build, value, 0);

    spbe_schema_compile_object(build)->additional = schema;
}

SPBE_FILL(property_names)
{
    const spbe_schema_t *schema = get(build, value, 0);

    spbe_schema_compile_object(build)->property_names = schema;
}

SPBE_FILL(unevaluated_properties)
{
    const spbe_schema_t *schema = get(build, value, 0);

    spbe_schema_compile_object(build)->unevaluated = schema;
}

SPBE_FILL(unevaluated_items)
{
    const spbe_schema_t *schema = get(build, value, 0);

    spbe_schema_compile_array(build)->unevaluated = schema;
}

SPBE_FILL(contains)
{
    const spbe_schema_t *schema = get(build, value, 0);

    spbe_schema_compile_array(build)->contains = schema;
}

SPBE_FILL(items)
{
    if (value->type == SPBE_NODE_ARRAY) {
        spbe_schema_compile_error(build, value,
                                  "items is one schema; for an array of them "
                                  "write prefixItems");
        return;
    }
    spbe_schema_compile_array(build)->items = get(build, value, 0);
}

static int is_list(spbe_build_t *build, const spbe_node_t *value)
{
    if (value->type == SPBE_NODE_ARRAY && value->count > 0) {
        return 1;
    }
    spbe_schema_compile_error(build, value,
                              "%.*s is an array of at least one schema",
                              (int)value->name.len, value->name.ptr);
    return 0;
}

SPBE_FILL(prefix)
{
    spbe_array_rules_t *array = spbe_schema_compile_array(build);
    const spbe_node_t *item;

    if (!is_list(build, value)) {
        return;
    }
    array->prefixes = 0;
    array->prefix = apr_palloc(build->schemas->pool,
                               value->count * sizeof(spbe_schema_t *));
    for (item = value->first; item != NULL; item = item->next) {
        array->prefix[array->prefixes++] = get(build, item, 0);
    }
}

static apr_array_header_t *list(spbe_build_t *build, const spbe_node_t *value)
{
    apr_array_header_t *all;
    const spbe_node_t *item;

    if (!is_list(build, value)) {
        return NULL;
    }
    all = apr_array_make(build->schemas->pool, (int)value->count,
                         sizeof(const spbe_schema_t *));
    for (item = value->first; item != NULL; item = item->next) {
        APR_ARRAY_PUSH(all, const spbe_schema_t *) = get(build, item, 1);
    }
    return all;
}

SPBE_FILL(all)
{
    spbe_schema_compile_apply(build)->all = list(build, value);
}

SPBE_FILL(any)
{
    spbe_schema_compile_apply(build)->any = list(build, value);
}

SPBE_FILL(one)
{
    spbe_schema_compile_apply(build)->one = list(build, value);
}

SPBE_FILL(none)
{
    spbe_schema_compile_apply(build)->none = get(build, value, 1);
}

SPBE_FILL(condition)
{
    spbe_schema_compile_apply(build)->condition = get(build, value, 1);
}

SPBE_FILL(then)
{
    spbe_schema_compile_apply(build)->then = get(build, value, 1);
}

SPBE_FILL(otherwise)
{
    spbe_schema_compile_apply(build)->otherwise = get(build, value, 1);
}

/* Where a reference leads; NULL after an error. */
static const spbe_schema_t *
follow(spbe_build_t *build, const spbe_node_t *value, const char **dynamic)
{
    const char *error = NULL;
    spbe_resource_t *resource;
    const spbe_node_t *target;

    if (value->type != SPBE_NODE_STRING) {
        spbe_schema_compile_error(build, value,
                                  "%.*s is a URI, such as "
                                  "\"#/components/schemas/Name\"",
                                  (int)value->name.len, value->name.ptr);
        return NULL;
    }
    target = spbe_schema_docs_find(build->schemas, build->resource, value->text,
                                   &resource, dynamic, &error);
    if (target == NULL) {
        spbe_schema_compile_error(
            build, value, "%.*s leads nowhere: %s",
            (int)(value->text.len > 200 ? 200 : value->text.len),
            value->text.ptr, error);
        return NULL;
    }
    /* Where a dynamic one leads in the end is seen only while validating. */
    return spbe_schema_compile_get(build, target, resource, *dynamic == NULL);
}

SPBE_FILL(ref)
{
    const char *dynamic = NULL;
    const spbe_schema_t *schema = follow(build, value, &dynamic);

    spbe_schema_compile_apply(build)->ref = schema;
}

SPBE_FILL(dynamic_ref)
{
    const char *dynamic = NULL;
    const spbe_schema_t *schema = follow(build, value, &dynamic);
    spbe_apply_rules_t *apply = spbe_schema_compile_apply(build);

    apply->dynamic = schema;
    apply->dynamic_name = dynamic;
    if (dynamic != NULL) {
        APR_ARRAY_PUSH(build->schemas->names, const char *) = dynamic;
    }
}

/* Only a policy's author wants to know of schemas that nothing uses. */
SPBE_FILL(defs)
{
    const spbe_node_t *member;
    spbe_schema_t *from = build->schema;

    if (!is_map(build, value, "schemas") || !build->schemas->options.strict) {
        return;
    }
    build->schema = NULL;
    for (member = value->first; member != NULL; member = member->next) {
        get(build, member, 0);
    }
    build->schema = from;
}
