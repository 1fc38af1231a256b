/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_finish.c - what follows from a schema together with those that
 * judge the same instance: endless loops, types, labels.
 */
#include "input/schema_build.h"

#include "text/decimal.h"

#define NUMERIC (SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER)

unsigned spbe_schema_types_and(unsigned a, unsigned b)
{
    unsigned both = a & b & ~NUMERIC;

    if ((a & NUMERIC) && (b & NUMERIC)) {
        both |=
            (a & b & SPBE_TYPE_NUMBER) ? SPBE_TYPE_NUMBER : SPBE_TYPE_INTEGER;
    }
    return both;
}

unsigned spbe_schema_types_or(unsigned a, unsigned b)
{
    unsigned any = a | b;

    return (any & SPBE_TYPE_NUMBER) ? any & ~SPBE_TYPE_INTEGER : any;
}

static unsigned type_of_value(const spbe_node_t *value)
{
    if (value->type == SPBE_NODE_NUMBER &&
        spbe_decimal_is_integer(value->text)) {
        return SPBE_TYPE_INTEGER;
    }
    return spbe_schema_type_of(value);
}

static unsigned types_of_choice(const spbe_choice_rules_t *choice)
{
    unsigned types = SPBE_TYPE_ANY, some = 0;
    const spbe_node_t *value;

    if (choice->fixed != NULL) {
        types = type_of_value(choice->fixed);
    }
    if (choice->choices == NULL) {
        return types;
    }
    for (value = choice->choices->first; value != NULL; value = value->next) {
        some = spbe_schema_types_or(some, type_of_value(value));
    }
    return spbe_schema_types_and(types, some);
}

static unsigned types_of_any(const apr_array_header_t *list)
{
    unsigned some = 0;
    int i;

    if (list == NULL) {
        return SPBE_TYPE_ANY;
    }
    for (i = 0; i < list->nelts; i++) {
        const spbe_schema_t *one =
            APR_ARRAY_IDX(list, i, const spbe_schema_t *);

        some = spbe_schema_types_or(some, one->joined);
    }
    return some;
}

static unsigned types_of_apply(const spbe_apply_rules_t *apply)
{
    unsigned types = spbe_schema_types_and(types_of_any(apply->any),
                                           types_of_any(apply->one));
    int i;

    if (apply->ref != NULL) {
        types = spbe_schema_types_and(types, apply->ref->joined);
    }
    if (apply->dynamic != NULL && apply->dynamic_name == NULL) {
        types = spbe_schema_types_and(types, apply->dynamic->joined);
    }
    for (i = 0; apply->all != NULL && i < apply->all->nelts; i++) {
        const spbe_schema_t *one =
            APR_ARRAY_IDX(apply->all, i, const spbe_schema_t *);

        types = spbe_schema_types_and(types, one->joined);
    }
    return types;
}

static void join_types(spbe_schema_t *schema)
{
    schema->joined = schema->always == 2 ? 0 : schema->types;
    if (schema->choice != NULL) {
        schema->joined = spbe_schema_types_and(schema->joined,
                                               types_of_choice(schema->choice));
    }
    if (schema->apply != NULL) {
        schema->joined = spbe_schema_types_and(schema->joined,
                                               types_of_apply(schema->apply));
    }
}

void spbe_schema_about_join(spbe_about_t *about, const spbe_about_t *other)
{
    if (about->label_id == NULL) {
        about->label_id = other->label_id;
        about->label_en = other->label_en;
    }
    if (about->hint_id == NULL) {
        about->hint_id = other->hint_id;
        about->hint_en = other->hint_en;
    }
    if (other->sensitivity > about->sensitivity) {
        about->sensitivity = other->sensitivity;
    }
}

static void take_about(spbe_about_t *about, const spbe_schema_t *from)
{
    if (from != NULL) {
        spbe_schema_about_join(about, &from->about);
    }
}

static void take_each(spbe_about_t *about, const apr_array_header_t *list)
{
    int i;

    for (i = 0; list != NULL && i < list->nelts; i++) {
        take_about(about, APR_ARRAY_IDX(list, i, const spbe_schema_t *));
    }
}

static void join_about(spbe_schema_t *schema)
{
    spbe_sensitivity_t own = schema->about.sensitivity;

    if (own == SPBE_SENS_UNSET && schema->about_id) {
        schema->about.sensitivity = SPBE_SENS_PERSONAL;
    }
    if (schema->apply != NULL) {
        take_about(&schema->about, schema->apply->ref);
        take_each(&schema->about, schema->apply->all);
        take_each(&schema->about, schema->apply->any);
        take_each(&schema->about, schema->apply->one);
    }
    if (own != SPBE_SENS_UNSET) {
        schema->about.sensitivity = own;
    }
}

static void visit(spbe_build_t *build, spbe_schema_t *schema, unsigned depth);

static void visit_edges(spbe_build_t *build, spbe_schema_t *schema,
                        unsigned depth)
{
    int i;

    for (i = 0; schema->edges != NULL && i < schema->edges->nelts; i++) {
        const spbe_edge_t *edge = &APR_ARRAY_IDX(schema->edges, i, spbe_edge_t);

        if (!edge->inplace) {
            continue;
        }
        if (edge->to->state == 1) {
            spbe_schema_compile_error(build, schema->source,
                                      "this schema refers to itself without "
                                      "going into the value: an endless loop");
            return;
        }
        visit(build, edge->to, depth + 1);
        if (build->broken) {
            return;
        }
        if (edge->to->height + 1 > schema->height) {
            schema->height = edge->to->height + 1;
        }
    }
}

static void visit(spbe_build_t *build, spbe_schema_t *schema, unsigned depth)
{
    if (schema->state == 2) {
        return;
    }
    schema->state = 1;
    if (depth <= SPBE_SCHEMA_INPLACE_MAX) {
        visit_edges(build, schema, depth);
    }
    if (!build->broken && (depth > SPBE_SCHEMA_INPLACE_MAX ||
                           schema->height > SPBE_SCHEMA_INPLACE_MAX)) {
        spbe_schema_compile_error(build, schema->source,
                                  "more than %d references and allOf, anyOf, "
                                  "oneOf within each other",
                                  SPBE_SCHEMA_INPLACE_MAX);
    }
    join_types(schema);
    join_about(schema);
    schema->state = 2;
}

void spbe_schema_finish(spbe_build_t *build)
{
    int i;

    for (i = 0; i < build->queue->nelts && !build->broken; i++) {
        visit(build, APR_ARRAY_IDX(build->queue, i, spbe_schema_t *), 0);
    }
    for (i = 0; i < build->queue->nelts && !build->broken; i++) {
        spbe_schema_joint(build,
                          APR_ARRAY_IDX(build->queue, i, spbe_schema_t *));
    }
}
