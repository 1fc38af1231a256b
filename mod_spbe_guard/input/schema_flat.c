/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_flat.c - the rules that stand on one field, joined.
 */
#include "input/schema_in.h"

#include <string.h>

#include "text/decimal.h"

typedef struct joint {
    spbe_flat_t *flat;
    apr_pool_t *pool;
} joint_t;

/* The stricter of two bounds. */
static void tighten(const spbe_node_t **bound, const spbe_node_t *other,
                    int upper)
{
    int order;

    if (other == NULL) {
        return;
    }
    order =
        *bound == NULL ? 0 : spbe_decimal_compare(other->text, (*bound)->text);
    if (*bound == NULL || (upper ? order < 0 : order > 0)) {
        *bound = other;
    }
}

static void flatten_number(const spbe_number_rules_t *number, spbe_flat_t *flat)
{
    tighten(&flat->minimum, number->minimum.node, 0);
    tighten(&flat->maximum, number->maximum.node, 1);
    tighten(&flat->exclusive_minimum, number->exclusive_minimum.node, 0);
    tighten(&flat->exclusive_maximum, number->exclusive_maximum.node, 1);
    if (flat->multiple_of != NULL && number->multiple_of.node != NULL &&
        spbe_decimal_compare(flat->multiple_of->text,
                             number->multiple_of.node->text) != 0) {
        flat->complete = 0;
    }
    else if (number->multiple_of.node != NULL) {
        flat->multiple_of = number->multiple_of.node;
    }
    if (number->kind != SPBE_NUMBER_ANY) {
        flat->complete = 0;
    }
}

static void flatten_string(const spbe_string_rules_t *string, spbe_flat_t *flat)
{
    tighten(&flat->min_length, string->min.node, 0);
    tighten(&flat->max_length, string->max.node, 1);
    if (string->pattern != NULL) {
        if (flat->pattern != NULL &&
            !spbe_span_eq(spbe_regex_source(flat->pattern),
                          spbe_regex_source(string->pattern))) {
            flat->complete = 0;
        }
        else {
            flat->pattern = string->pattern;
        }
    }
    if (string->format != NULL) {
        if (flat->format != NULL && flat->format != string->format) {
            flat->complete = 0;
        }
        else {
            flat->format = string->format;
        }
    }
    if (string->assert_content &&
        (string->encoding != SPBE_ENCODING_NONE || string->json)) {
        flat->complete = 0;
    }
}

static void flatten_choice(const spbe_choice_rules_t *choice, spbe_flat_t *flat)
{
    if (choice->choices != NULL) {
        flat->complete &= flat->choices == NULL;
        flat->choices = flat->choices == NULL ? choice->choices : flat->choices;
    }
    if (choice->fixed != NULL) {
        flat->complete &=
            flat->fixed == NULL || spbe_node_equal(flat->fixed, choice->fixed);
        flat->fixed = flat->fixed == NULL ? choice->fixed : flat->fixed;
    }
}

static void flatten_array(const spbe_array_rules_t *array, spbe_flat_t *flat)
{
    tighten(&flat->min_items, array->min.node, 0);
    tighten(&flat->max_items, array->max.node, 1);
    if (array->prefixes > 0 || array->contains != NULL || array->unique ||
        array->unevaluated != NULL) {
        flat->complete = 0;
    }
}

static void flatten_object(const spbe_object_rules_t *object, joint_t *joint)
{
    spbe_flat_t *flat = joint->flat;
    apr_array_header_t *required;
    int i;

    if (object->patterns != NULL || object->dependents != NULL ||
        object->property_names != NULL || object->min.node != NULL ||
        object->max.node != NULL ||
        (object->unevaluated != NULL && object->unevaluated->always == 0) ||
        (object->additional != NULL && object->additional->always == 0)) {
        flat->complete = 0;
    }
    if (object->required == NULL || object->required->nelts == 0) {
        return;
    }
    required = apr_array_make(joint->pool, 8, sizeof(const char *));
    for (i = 0; flat->required != NULL && i < flat->required->nelts; i++) {
        spbe_schema_add_name(required,
                             APR_ARRAY_IDX(flat->required, i, const char *));
    }
    for (i = 0; i < object->required->nelts; i++) {
        spbe_schema_add_name(required,
                             APR_ARRAY_IDX(object->required, i, const char *));
    }
    flat->required = required;
}

static int flatten_one(const spbe_schema_t *schema, void *baton);

/* The one branch besides null: [X, null] says what X says. */
static const spbe_schema_t *but_null(const apr_array_header_t *list)
{
    const spbe_schema_t *one, *other = NULL;
    int i, nulls = 0;

    for (i = 0; i < list->nelts; i++) {
        one = APR_ARRAY_IDX(list, i, const spbe_schema_t *);
        if (one->joined == SPBE_TYPE_NULL && one->choice == NULL) {
            nulls++;
        }
        else {
            other = one;
        }
    }
    return list->nelts == 2 && nulls == 1 && !(other->joined & SPBE_TYPE_NULL)
               ? other
               : NULL;
}

static void flatten_alternatives(const apr_array_header_t *list, joint_t *joint)
{
    const spbe_schema_t *only;
    int left = SPBE_SCHEMA_VISITS;

    if (list == NULL) {
        return;
    }
    only = but_null(list);
    if (only == NULL) {
        joint->flat->complete = 0;
        return;
    }
    spbe_schema_each(only, flatten_one, joint, &left);
}

static int flatten_one(const spbe_schema_t *schema, void *baton)
{
    joint_t *joint = baton;
    spbe_flat_t *flat = joint->flat;
    const spbe_apply_rules_t *apply = schema->apply;

    if (schema->number != NULL) {
        flatten_number(schema->number, flat);
    }
    if (schema->string != NULL) {
        flatten_string(schema->string, flat);
    }
    if (schema->choice != NULL) {
        flatten_choice(schema->choice, flat);
    }
    if (schema->array != NULL) {
        flatten_array(schema->array, flat);
    }
    if (schema->object != NULL) {
        flatten_object(schema->object, joint);
    }
    if (apply != NULL) {
        flatten_alternatives(apply->any, joint);
        flatten_alternatives(apply->one, joint);
        if (apply->none != NULL || apply->condition != NULL ||
            apply->dynamic_name != NULL) {
            flat->complete = 0;
        }
    }
    return 0;
}

void spbe_schema_flatten(const spbe_schema_t *schema, spbe_flat_t *flat,
                         apr_pool_t *pool)
{
    joint_t joint = {flat, pool};
    int left = SPBE_SCHEMA_VISITS;

    memset(flat, 0, sizeof(*flat));
    flat->types = schema->joined;
    flat->about = &schema->about;
    flat->source = schema->source;
    flat->complete = schema->always != 2;
    spbe_schema_each(schema, flatten_one, &joint, &left);
    if (left < 0) {
        flat->complete = 0;
    }
}
