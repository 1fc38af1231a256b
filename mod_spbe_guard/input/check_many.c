/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_many.c - which names may come more than once. See check.h.
 */
#include "input/check_int.h"

const spbe_operation_t *spbe_check_open(const spbe_settings_t *settings)
{
    const apr_array_header_t *operations =
        settings->params == NULL ? NULL
                                 : spbe_policy_operations(settings->params);

    return operations == NULL || operations->nelts == 0
               ? NULL
               : APR_ARRAY_IDX(operations, 0, const spbe_operation_t *);
}

/* Where a parameter is looked for: bits 1u << SPBE_IN_... */
static unsigned places_of(const spbe_param_t *param)
{
    if (param->anywhere || param->in == SPBE_IN_FILE) {
        return 1u << SPBE_IN_QUERY | 1u << SPBE_IN_FORM | 1u << SPBE_IN_FILE;
    }
    return param->in == SPBE_IN_FORM ? 1u << SPBE_IN_FORM | 1u << SPBE_IN_FILE
                                     : 1u << param->in;
}

/* "filter[kota]" twice, where kota is a list; "filter[kota][]". */
static int deep_many(const spbe_param_t *param, spbe_span_t name,
                     apr_pool_t *pool)
{
    spbe_node_t *object =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);

    return param->style == SPBE_STYLE_DEEP &&
           spbe_style_deep(param, object, name, SPBE_SPAN_EMPTY, pool) == 1 &&
           spbe_style_deep(param, object, name, SPBE_SPAN_EMPTY, pool) == 1;
}

static int list_allows(const apr_array_header_t *params, spbe_place_t place,
                       spbe_span_t name, apr_pool_t *pool)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if ((places_of(param) & (1u << place)) == 0) {
            continue;
        }
        if (param->many && spbe_span_eq(name, spbe_span_from(param->name))) {
            return 1;
        }
        if (deep_many(param, name, pool)) {
            return 1;
        }
    }
    return 0;
}

static int bodies_allow(const spbe_operation_t *operation, spbe_place_t place,
                        spbe_span_t name, apr_pool_t *pool)
{
    int i;

    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);

        if (list_allows(body->fields, place, name, pool)) {
            return 1;
        }
    }
    return 0;
}

static const spbe_match_t *match_of(const spbe_settings_t *settings,
                                    spbe_reading_t *reading, apr_pool_t *pool)
{
    if (reading->match == NULL && settings->policy != NULL) {
        spbe_match_t *match = apr_palloc(pool, sizeof(*match));

        *match = spbe_check_match(settings, reading->view,
                                  reading->view->method, 0, pool);
        reading->match = match;
    }
    return reading->match;
}

int spbe_check_allows_many(const spbe_settings_t *settings,
                           spbe_reading_t *reading, spbe_place_t place,
                           spbe_span_t name, apr_pool_t *pool)
{
    const spbe_operation_t *open = spbe_check_open(settings);
    const spbe_match_t *match = match_of(settings, reading, pool);

    if (open != NULL && list_allows(open->params, place, name, pool)) {
        return 1;
    }
    if (match == NULL || match->operation == NULL) {
        return 0;
    }
    return list_allows(match->operation->params, place, name, pool) ||
           bodies_allow(match->operation, place, name, pool);
}
