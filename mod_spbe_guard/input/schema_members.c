/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_members.c - members and elements of a compiled schema, through
 * $ref and allOf.
 *
 * Asked when a policy is read, when rules are written for a browser and when
 * a fault is told. A schema that many others share is looked at as often as
 * it is referred to, up to a limit.
 */
#include "input/schema_in.h"

#include <string.h>

int spbe_schema_each(const spbe_schema_t *schema, spbe_schema_walker_t *walk,
                     void *baton, int *left)
{
    const spbe_apply_rules_t *apply = schema->apply;
    int found, i;

    if (--*left < 0) {
        return 0;
    }
    found = walk(schema, baton);
    if (apply == NULL || found != 0) {
        return found;
    }
    if (apply->ref != NULL) {
        found = spbe_schema_each(apply->ref, walk, baton, left);
    }
    if (found == 0 && apply->dynamic != NULL && apply->dynamic_name == NULL) {
        found = spbe_schema_each(apply->dynamic, walk, baton, left);
    }
    for (i = 0; found == 0 && apply->all != NULL && i < apply->all->nelts;
         i++) {
        found = spbe_schema_each(
            APR_ARRAY_IDX(apply->all, i, const spbe_schema_t *), walk, baton,
            left);
    }
    return found;
}

typedef struct look {
    spbe_span_t name;
    const spbe_schema_t *found;
} look_t;

static int matches_pattern(const spbe_schema_t *schema, spbe_span_t name,
                           const spbe_schema_t **found)
{
    const apr_array_header_t *patterns = schema->object->patterns;
    int i;

    for (i = 0; patterns != NULL && i < patterns->nelts; i++) {
        const spbe_pattern_t *pattern =
            &APR_ARRAY_IDX(patterns, i, spbe_pattern_t);

        if (spbe_regex_match(pattern->regex, name, NULL) == SPBE_REGEX_YES) {
            *found = pattern->schema;
            return 1;
        }
    }
    return 0;
}

static int look_named(const spbe_schema_t *schema, void *baton)
{
    look_t *look = baton;
    const spbe_name_t *entry;

    if (schema->object == NULL) {
        return 0;
    }
    entry = spbe_schema_names_find(schema->object, look->name);
    look->found = entry == NULL ? NULL : entry->schema;
    return look->found != NULL;
}

static int look_open(const spbe_schema_t *schema, void *baton)
{
    look_t *look = baton;
    const spbe_schema_t *other;

    if (schema->object == NULL ||
        matches_pattern(schema, look->name, &look->found)) {
        return schema->object != NULL;
    }
    other = schema->object->additional != NULL ? schema->object->additional
                                               : schema->object->unevaluated;
    look->found = other != NULL && other->always == 0 ? other : NULL;
    return look->found != NULL;
}

const spbe_schema_t *spbe_schema_property(const spbe_schema_t *schema,
                                          spbe_span_t name)
{
    look_t look = {name, NULL};
    int left = SPBE_SCHEMA_VISITS;

    if (schema->joint != NULL) {
        look.found = apr_hash_get(schema->joint, name.ptr, name.len);
    }
    if (look.found != NULL) {
        return look.found;
    }
    if (!spbe_schema_each(schema, look_named, &look, &left)) {
        left = SPBE_SCHEMA_VISITS;
        spbe_schema_each(schema, look_open, &look, &left);
    }
    return look.found;
}

static int join_about(const spbe_schema_t *schema, void *baton)
{
    spbe_member_about_t *member = baton;
    const spbe_name_t *entry;

    entry = schema->object == NULL
                ? NULL
                : spbe_schema_names_find(schema->object, member->name);
    if (entry != NULL && entry->schema != NULL) {
        spbe_schema_about_join(&member->about, &entry->schema->about);
    }
    return 0;
}

void spbe_schema_member_about(const spbe_schema_t *schema,
                              spbe_member_about_t *member)
{
    int left = SPBE_SCHEMA_VISITS;

    spbe_schema_each(schema, join_about, member, &left);
}

static int look_items(const spbe_schema_t *schema, void *baton)
{
    look_t *look = baton;

    if (schema->array != NULL) {
        look->found = schema->array->items;
    }
    return look->found != NULL;
}

const spbe_schema_t *spbe_schema_items(const spbe_schema_t *schema)
{
    look_t look = {SPBE_SPAN_EMPTY, NULL};
    int left = SPBE_SCHEMA_VISITS;

    spbe_schema_each(schema, look_items, &look, &left);
    return look.found;
}

static int forbids_here(const spbe_schema_t *schema, void *baton)
{
    look_t *look = baton;
    const spbe_schema_t *other = NULL;
    const spbe_name_t *entry;

    if (schema->object == NULL) {
        return 0;
    }
    entry = spbe_schema_names_find(schema->object, look->name);
    if (entry != NULL && entry->schema != NULL) {
        return entry->schema->always == 2;
    }
    if (matches_pattern(schema, look->name, &other)) {
        return other->always == 2;
    }
    return schema->object->additional != NULL &&
           schema->object->additional->always == 2;
}

/* May anything that judges the same object have looked at the member? */
static int may_evaluate(const spbe_schema_t *schema, look_t *look, int *left)
{
    int i;

    if (--*left < 0 || schema->always == 1) {
        return *left < 0;
    }
    if (schema->object != NULL) {
        const spbe_schema_t *other = NULL;
        const spbe_name_t *entry =
            spbe_schema_names_find(schema->object, look->name);

        if ((entry != NULL && entry->schema != NULL) ||
            schema->object->additional != NULL ||
            matches_pattern(schema, look->name, &other)) {
            return 1;
        }
    }
    if (schema->apply != NULL && schema->apply->dynamic_name != NULL) {
        return 1;
    }
    for (i = 0; schema->edges != NULL && i < schema->edges->nelts; i++) {
        const spbe_edge_t *edge = &APR_ARRAY_IDX(schema->edges, i, spbe_edge_t);

        if (edge->inplace && (may_evaluate(edge->to, look, left) ||
                              (edge->to->object != NULL &&
                               edge->to->object->unevaluated != NULL))) {
            return 1;
        }
    }
    return 0;
}

static int forbids_rest(const spbe_schema_t *schema, void *baton)
{
    int left = SPBE_SCHEMA_VISITS;

    return schema->object != NULL && schema->object->unevaluated != NULL &&
           schema->object->unevaluated->always == 2 &&
           !may_evaluate(schema, baton, &left);
}

int spbe_schema_forbids(const spbe_schema_t *schema, spbe_span_t name)
{
    look_t look = {name, NULL};
    int left = SPBE_SCHEMA_VISITS;

    if (spbe_schema_each(schema, forbids_here, &look, &left)) {
        return 1;
    }
    left = SPBE_SCHEMA_VISITS;
    return spbe_schema_each(schema, forbids_rest, &look, &left);
}

void spbe_schema_add_name(apr_array_header_t *list, const char *name)
{
    int i;

    for (i = 0; i < list->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list, i, const char *), name) == 0) {
            return;
        }
    }
    APR_ARRAY_PUSH(list, const char *) = name;
}

static int add_names(const spbe_schema_t *schema, void *baton)
{
    int i;

    for (i = 0; schema->object != NULL && i < schema->object->names->nelts;
         i++) {
        const spbe_name_t *entry =
            &APR_ARRAY_IDX(schema->object->names, i, spbe_name_t);

        if (entry->schema != NULL) {
            spbe_schema_add_name(baton, entry->cstr);
        }
    }
    return 0;
}

apr_array_header_t *spbe_schema_property_names(const spbe_schema_t *schema,
                                               apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 16, sizeof(const char *));
    int left = SPBE_SCHEMA_VISITS;

    spbe_schema_each(schema, add_names, names, &left);
    return names;
}
