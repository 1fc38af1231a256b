/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/sensitive.c - which fields the policy calls secret, or knows. See sensitive.h.
 */
#include "record/sensitive.h"

#include <string.h>

#define SEGMENTS_MAX 32
#define NAME_MAX_BYTES 512

/* The next part of a composed name; empty at its end. */
static spbe_span_t next_segment(spbe_span_t *rest)
{
    static const char separators[] = ".[]/";
    spbe_span_t segment;
    size_t start = 0, end;

    while (start < rest->len &&
           memchr(separators, rest->ptr[start], 4) != NULL) {
        start++;
    }
    for (end = start;
         end < rest->len && memchr(separators, rest->ptr[end], 4) == NULL;
         end++) {
    }
    segment = spbe_span_slice(*rest, start, end);
    *rest = spbe_span_slice(*rest, end, rest->len);
    return segment;
}

static int says_secret(const spbe_about_t *about)
{
    return about != NULL && about->sensitivity == SPBE_SENS_SECRET;
}

static int schema_says(const spbe_schema_t *schema, apr_pool_t *pool)
{
    spbe_flat_t flat;

    spbe_schema_flatten(schema, &flat, pool);
    return says_secret(flat.about);
}

static int is_index(spbe_span_t segment)
{
    size_t i;

    for (i = 0; i < segment.len; i++) {
        if (segment.ptr[i] < '0' || segment.ptr[i] > '9') {
            return 0;
        }
    }
    return segment.len > 0;
}

static const spbe_schema_t *step(const spbe_schema_t *schema,
                                 spbe_span_t segment)
{
    const spbe_schema_t *found = spbe_schema_property(schema, segment);

    return found == NULL && is_index(segment) ? spbe_schema_items(schema)
                                              : found;
}

/* The schema at rest within schema, or anything on the way to it. */
static int below_says(const spbe_schema_t *schema, spbe_span_t rest,
                      apr_pool_t *pool)
{
    int i;

    for (i = 0; schema != NULL && i < SEGMENTS_MAX; i++) {
        spbe_span_t segment;

        if (schema_says(schema, pool)) {
            return 1;
        }
        segment = next_segment(&rest);
        if (segment.len == 0) {
            return 0;
        }
        schema = step(schema, segment);
    }
    return 0;
}

static int params_say(const apr_array_header_t *params, spbe_span_t name,
                      apr_pool_t *pool)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);
        spbe_span_t rest = name, own = spbe_span_from(param->name);
        spbe_span_t first = next_segment(&rest);

        if (!spbe_span_eq(own, name) && !spbe_span_eq(own, first)) {
            continue;
        }
        if (says_secret(param->about) ||
            (param->schema != NULL && below_says(param->schema, rest, pool))) {
            return 1;
        }
    }
    return 0;
}

static int operation_says(const spbe_operation_t *operation, spbe_span_t name,
                          apr_pool_t *pool)
{
    int i;

    if (params_say(operation->params, name, pool)) {
        return 1;
    }
    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);

        if (params_say(body->fields, name, pool) ||
            (body->schema != NULL && below_says(body->schema, name, pool))) {
            return 1;
        }
    }
    return 0;
}

static int is_param(const apr_array_header_t *params, spbe_span_t name)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        if (spbe_span_eq(
                spbe_span_from(APR_ARRAY_IDX(params, i, spbe_param_t).name),
                name)) {
            return 1;
        }
    }
    return 0;
}

static int operation_knows(const spbe_operation_t *operation, spbe_span_t name)
{
    const apr_array_header_t *bodies = operation->bodies;
    int i;

    if (is_param(operation->params, name)) {
        return 1;
    }
    for (i = 0; bodies != NULL && i < bodies->nelts; i++) {
        if (is_param(APR_ARRAY_IDX(bodies, i, spbe_body_t).fields, name)) {
            return 1;
        }
    }
    return 0;
}

int spbe_sensitive_knows(const spbe_sensitive_t *sensitive, spbe_span_t name)
{
    const apr_array_header_t *list;
    int i;

    if (sensitive == NULL) {
        return 0;
    }
    if (sensitive->operation != NULL &&
        operation_knows(sensitive->operation, name)) {
        return 1;
    }
    list = sensitive->params == NULL
               ? NULL
               : spbe_policy_operations(sensitive->params);
    for (i = 0; list != NULL && i < list->nelts; i++) {
        if (operation_knows(APR_ARRAY_IDX(list, i, const spbe_operation_t *),
                            name)) {
            return 1;
        }
    }
    return 0;
}

int spbe_sensitive_is_secret(const spbe_sensitive_t *sensitive,
                             spbe_span_t name)
{
    const apr_array_header_t *list;
    int i;

    if (sensitive == NULL || name.len == 0) {
        return 0;
    }
    name = spbe_span_slice(name, 0, NAME_MAX_BYTES);
    if (sensitive->operation != NULL &&
        operation_says(sensitive->operation, name, sensitive->pool)) {
        return 1;
    }
    list = sensitive->params == NULL
               ? NULL
               : spbe_policy_operations(sensitive->params);
    for (i = 0; list != NULL && i < list->nelts; i++) {
        if (operation_says(APR_ARRAY_IDX(list, i, const spbe_operation_t *),
                           name, sensitive->pool)) {
            return 1;
        }
    }
    return 0;
}
