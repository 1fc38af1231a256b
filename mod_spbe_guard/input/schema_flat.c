/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_flat.c - what a compiled schema says of a field, its members
 * and elements, through $ref and allOf.
 *
 * Asked when a policy is read and when rules are written for a browser. A
 * schema that many others share is looked at as often as it is referred to,
 * up to a limit.
 */
#include "input/schema_in.h"

#include <string.h>

#include "text/decimal.h"

#define VISITS 20000

typedef int walker_t(const spbe_schema_t *schema, void *baton);

/* Calls walk for a schema and those it joins by $ref and allOf, until one
 * call is not 0, which is returned. */
static int each(const spbe_schema_t *schema, walker_t *walk, void *baton,
                int *left) {
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
    found = each(apply->ref, walk, baton, left);
  }
  if (found == 0 && apply->dynamic != NULL && apply->dynamic_name == NULL) {
    found = each(apply->dynamic, walk, baton, left);
  }
  for (i = 0; found == 0 && apply->all != NULL && i < apply->all->nelts; i++) {
    found = each(APR_ARRAY_IDX(apply->all, i, const spbe_schema_t *), walk,
                 baton, left);
  }
  return found;
}

typedef struct look {
  spbe_span_t name;
  const spbe_schema_t *found;
} look_t;

static int matches_pattern(const spbe_schema_t *schema, spbe_span_t name,
                           const spbe_schema_t **found) {
  const apr_array_header_t *patterns = schema->object->patterns;
  int i;

  for (i = 0; patterns != NULL && i < patterns->nelts; i++) {
    const spbe_pattern_t *pattern = &APR_ARRAY_IDX(patterns, i, spbe_pattern_t);

    if (spbe_regex_match(pattern->regex, name, NULL) == SPBE_REGEX_YES) {
      *found = pattern->schema;
      return 1;
    }
  }
  return 0;
}

static int look_named(const spbe_schema_t *schema, void *baton) {
  look_t *look = baton;
  const spbe_name_t *entry;

  if (schema->object == NULL) {
    return 0;
  }
  entry = spbe_schema_names_find(schema->object, look->name);
  look->found = entry == NULL ? NULL : entry->schema;
  return look->found != NULL;
}

static int look_open(const spbe_schema_t *schema, void *baton) {
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
                                          spbe_span_t name) {
  look_t look = {name, NULL};
  int left = VISITS;

  if (!each(schema, look_named, &look, &left)) {
    left = VISITS;
    each(schema, look_open, &look, &left);
  }
  return look.found;
}

static int look_items(const spbe_schema_t *schema, void *baton) {
  look_t *look = baton;

  if (schema->array != NULL) {
    look->found = schema->array->items;
  }
  return look->found != NULL;
}

const spbe_schema_t *spbe_schema_items(const spbe_schema_t *schema) {
  look_t look = {SPBE_SPAN_EMPTY, NULL};
  int left = VISITS;

  each(schema, look_items, &look, &left);
  return look.found;
}

static int forbids_here(const spbe_schema_t *schema, void *baton) {
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
static int may_evaluate(const spbe_schema_t *schema, look_t *look, int *left) {
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

    if (edge->inplace &&
        (may_evaluate(edge->to, look, left) ||
         (edge->to->object != NULL && edge->to->object->unevaluated != NULL))) {
      return 1;
    }
  }
  return 0;
}

static int forbids_rest(const spbe_schema_t *schema, void *baton) {
  int left = VISITS;

  return schema->object != NULL && schema->object->unevaluated != NULL &&
         schema->object->unevaluated->always == 2 &&
         !may_evaluate(schema, baton, &left);
}

int spbe_schema_forbids(const spbe_schema_t *schema, spbe_span_t name) {
  look_t look = {name, NULL};
  int left = VISITS;

  if (each(schema, forbids_here, &look, &left)) {
    return 1;
  }
  left = VISITS;
  return each(schema, forbids_rest, &look, &left);
}

static void add_string(apr_array_header_t *list, const char *name) {
  int i;

  for (i = 0; i < list->nelts; i++) {
    if (strcmp(APR_ARRAY_IDX(list, i, const char *), name) == 0) {
      return;
    }
  }
  APR_ARRAY_PUSH(list, const char *) = name;
}

static int add_names(const spbe_schema_t *schema, void *baton) {
  int i;

  for (i = 0; schema->object != NULL && i < schema->object->names->nelts; i++) {
    const spbe_name_t *entry =
        &APR_ARRAY_IDX(schema->object->names, i, spbe_name_t);

    if (entry->schema != NULL) {
      add_string(baton, entry->cstr);
    }
  }
  return 0;
}

apr_array_header_t *spbe_schema_property_names(const spbe_schema_t *schema,
                                               apr_pool_t *pool) {
  apr_array_header_t *names = apr_array_make(pool, 16, sizeof(const char *));
  int left = VISITS;

  each(schema, add_names, names, &left);
  return names;
}

/* --- one field --- */

typedef struct joint {
  spbe_flat_t *flat;
  apr_pool_t *pool;
} joint_t;

/* The stricter of two bounds. */
static void tighten(const spbe_node_t **bound, const spbe_node_t *other,
                    int upper) {
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

static void flatten_number(const spbe_number_rules_t *number,
                           spbe_flat_t *flat) {
  tighten(&flat->minimum, number->minimum.node, 0);
  tighten(&flat->maximum, number->maximum.node, 1);
  tighten(&flat->exclusive_minimum, number->exclusive_minimum.node, 0);
  tighten(&flat->exclusive_maximum, number->exclusive_maximum.node, 1);
  if (flat->multiple_of != NULL && number->multiple_of.node != NULL &&
      spbe_decimal_compare(flat->multiple_of->text,
                           number->multiple_of.node->text) != 0) {
    flat->complete = 0;
  } else if (number->multiple_of.node != NULL) {
    flat->multiple_of = number->multiple_of.node;
  }
  if (number->kind != SPBE_NUMBER_ANY) {
    flat->complete = 0;
  }
}

static void flatten_string(const spbe_string_rules_t *string,
                           spbe_flat_t *flat) {
  tighten(&flat->min_length, string->min.node, 0);
  tighten(&flat->max_length, string->max.node, 1);
  if (string->pattern != NULL) {
    if (flat->pattern != NULL &&
        !spbe_span_eq(spbe_regex_source(flat->pattern),
                      spbe_regex_source(string->pattern))) {
      flat->complete = 0;
    } else {
      flat->pattern = string->pattern;
    }
  }
  if (string->format != NULL) {
    if (flat->format != NULL && flat->format != string->format) {
      flat->complete = 0;
    } else {
      flat->format = string->format;
    }
  }
  if (string->assert_content &&
      (string->encoding != SPBE_ENCODING_NONE || string->json)) {
    flat->complete = 0;
  }
}

static void flatten_choice(const spbe_choice_rules_t *choice,
                           spbe_flat_t *flat) {
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

static void flatten_array(const spbe_array_rules_t *array, spbe_flat_t *flat) {
  tighten(&flat->min_items, array->min.node, 0);
  tighten(&flat->max_items, array->max.node, 1);
  if (array->prefixes > 0 || array->contains != NULL || array->unique ||
      array->unevaluated != NULL) {
    flat->complete = 0;
  }
}

static void flatten_object(const spbe_object_rules_t *object, joint_t *joint) {
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
    add_string(required, APR_ARRAY_IDX(flat->required, i, const char *));
  }
  for (i = 0; i < object->required->nelts; i++) {
    add_string(required, APR_ARRAY_IDX(object->required, i, const char *));
  }
  flat->required = required;
}

static int flatten_one(const spbe_schema_t *schema, void *baton);

/* The one branch besides null: [X, null] says what X says. */
static const spbe_schema_t *but_null(const apr_array_header_t *list) {
  const spbe_schema_t *one, *other = NULL;
  int i, nulls = 0;

  for (i = 0; i < list->nelts; i++) {
    one = APR_ARRAY_IDX(list, i, const spbe_schema_t *);
    if (one->joined == SPBE_TYPE_NULL && one->choice == NULL) {
      nulls++;
    } else {
      other = one;
    }
  }
  return list->nelts == 2 && nulls == 1 && !(other->joined & SPBE_TYPE_NULL)
             ? other
             : NULL;
}

static void flatten_alternatives(const apr_array_header_t *list,
                                 joint_t *joint) {
  const spbe_schema_t *only;
  int left = VISITS;

  if (list == NULL) {
    return;
  }
  only = but_null(list);
  if (only == NULL) {
    joint->flat->complete = 0;
    return;
  }
  each(only, flatten_one, joint, &left);
}

static int flatten_one(const spbe_schema_t *schema, void *baton) {
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
                         apr_pool_t *pool) {
  joint_t joint = {flat, pool};
  int left = VISITS;

  memset(flat, 0, sizeof(*flat));
  flat->types = schema->joined;
  flat->about = &schema->about;
  flat->source = schema->source;
  flat->complete = schema->always != 2;
  each(schema, flatten_one, &joint, &left);
  if (left < 0) {
    flat->complete = 0;
  }
}
