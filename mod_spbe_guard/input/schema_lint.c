/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_lint.c - what is allowed, but is rarely meant: texts of any
 * length, patterns that match anywhere or take long, rules without effect.
 */
#include "input/schema_in.h"

#include "text/decimal.h"

typedef struct lint {
    spbe_problems_t *problems;
    apr_hash_t *seen;          /* spbe_schema_t -> itself */
    apr_array_header_t *queue; /* spbe_schema_t *: entered by a value */
    apr_pool_t *pool;
} lint_t;

/* No repeat without an end outside of brackets. */
static int pattern_is_finite(spbe_span_t pattern)
{
    size_t i;
    int class = 0;

    for (i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        if (c == '\\') {
            i++;
        }
        else if (class) {
            class = c != ']';
        }
        else if (c == '[') {
            class = 1;
        }
        else if (c == '*' || c == '+' ||
                 (c == ',' && i + 1 < pattern.len &&
                  pattern.ptr[i + 1] == '}')) {
            return 0;
        }
    }
    return 1;
}

static int string_is_bounded(const spbe_string_rules_t *string)
{
    return string->max.node != NULL ||
           (string->format != NULL && string->assert_format &&
            string->format->max_length > 0) ||
           (string->pattern != NULL &&
            spbe_regex_is_anchored(string->pattern) &&
            pattern_is_finite(spbe_regex_source(string->pattern)));
}

static int is_bounded(const spbe_schema_t *schema, int *left);

static int all_bounded(const apr_array_header_t *list, int *left)
{
    int i;

    for (i = 0; list != NULL && i < list->nelts; i++) {
        if (!is_bounded(APR_ARRAY_IDX(list, i, const spbe_schema_t *), left)) {
            return 0;
        }
    }
    return list != NULL;
}

static int some_bounded(const apr_array_header_t *list, int *left)
{
    int i;

    for (i = 0; list != NULL && i < list->nelts; i++) {
        if (is_bounded(APR_ARRAY_IDX(list, i, const spbe_schema_t *), left)) {
            return 1;
        }
    }
    return 0;
}

/* Is every string that the schema allows of a limited length? */
static int is_bounded(const spbe_schema_t *schema, int *left)
{
    const spbe_apply_rules_t *apply = schema->apply;

    if (--*left < 0 || !(schema->joined & SPBE_TYPE_STRING) ||
        schema->choice != NULL ||
        (schema->string != NULL && string_is_bounded(schema->string))) {
        return 1;
    }
    if (apply == NULL) {
        return 0;
    }
    return (apply->ref != NULL && is_bounded(apply->ref, left)) ||
           apply->dynamic_name != NULL || some_bounded(apply->all, left) ||
           all_bounded(apply->any, left) || all_bounded(apply->one, left);
}

static void lint_pattern(lint_t *lint, const spbe_schema_t *schema)
{
    const spbe_string_rules_t *string = schema->string;

    if (string == NULL || string->pattern == NULL) {
        return;
    }
    if (!spbe_regex_is_anchored(string->pattern)) {
        spbe_problem_warn(lint->problems, string->pattern_node,
                          "this pattern is not anchored: any text with a "
                          "match in it is accepted; write ^ and $");
    }
    if (spbe_regex_is_slow(string->pattern)) {
        spbe_problem_warn(lint->problems, string->pattern_node,
                          "this pattern takes very long for some texts: a "
                          "repeat within a repeat; such texts are refused");
    }
}

static void lint_names(lint_t *lint, const spbe_schema_t *schema)
{
    const apr_array_header_t *patterns =
        schema->object == NULL ? NULL : schema->object->patterns;
    int i;

    for (i = 0; patterns != NULL && i < patterns->nelts; i++) {
        const spbe_pattern_t *pattern =
            &APR_ARRAY_IDX(patterns, i, spbe_pattern_t);

        if (spbe_regex_is_slow(pattern->regex)) {
            spbe_problem_warn(lint->problems, pattern->node,
                              "its name, a pattern, takes very long for some "
                              "names");
        }
    }
}

static void warn_order(lint_t *lint, const spbe_node_t *low,
                       const spbe_node_t *high)
{
    if (low != NULL && high != NULL &&
        spbe_decimal_compare(low->text, high->text) > 0) {
        spbe_problem_warn(lint->problems, low,
                          "%.*s is above %.*s: nothing is accepted",
                          (int)low->name.len, low->name.ptr,
                          (int)high->name.len, high->name.ptr);
    }
}

static void lint_order(lint_t *lint, const spbe_schema_t *schema)
{
    if (schema->number != NULL) {
        warn_order(lint, schema->number->minimum.node,
                   schema->number->maximum.node);
    }
    if (schema->string != NULL) {
        warn_order(lint, schema->string->min.node, schema->string->max.node);
    }
    if (schema->array != NULL) {
        warn_order(lint, schema->array->min.node, schema->array->max.node);
    }
    if (schema->object != NULL) {
        warn_order(lint, schema->object->min.node, schema->object->max.node);
    }
}

static void warn_idle(lint_t *lint, const spbe_node_t *node, const char *why)
{
    if (node != NULL) {
        spbe_problem_warn(lint->problems, node, "%.*s has no effect: %s",
                          (int)node->name.len, node->name.ptr, why);
    }
}

static void lint_idle(lint_t *lint, const spbe_schema_t *schema)
{
    const spbe_apply_rules_t *apply = schema->apply;
    const spbe_string_rules_t *string = schema->string;

    if (apply != NULL && apply->condition == NULL) {
        warn_idle(lint, apply->then == NULL ? NULL : apply->then->source,
                  "there is no if");
        warn_idle(lint,
                  apply->otherwise == NULL ? NULL : apply->otherwise->source,
                  "there is no if");
    }
    if (schema->array != NULL && schema->array->contains == NULL) {
        warn_idle(lint, schema->array->min_contains.node,
                  "there is no contains");
        warn_idle(lint, schema->array->max_contains.node,
                  "there is no contains");
    }
    if (string != NULL && schema->typed &&
        !(schema->types & SPBE_TYPE_STRING)) {
        warn_idle(lint, string->min.node, "the type is not string");
        warn_idle(lint, string->max.node, "the type is not string");
        warn_idle(lint, string->pattern_node, "the type is not string");
    }
    if (schema->number != NULL && schema->typed &&
        !(schema->types & (SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER))) {
        warn_idle(lint, schema->number->minimum.node,
                  "the type is not number or integer");
        warn_idle(lint, schema->number->maximum.node,
                  "the type is not number or integer");
    }
}

/* Is it here for the first time? */
static int enter(lint_t *lint, const spbe_schema_t *schema)
{
    const spbe_schema_t **key;

    if (apr_hash_get(lint->seen, &schema, sizeof(schema)) != NULL) {
        return 0;
    }
    key = apr_palloc(lint->pool, sizeof(*key));
    *key = schema;
    apr_hash_set(lint->seen, key, sizeof(*key), key);
    return 1;
}

static void lint_one(lint_t *lint, const spbe_schema_t *schema)
{
    int i;

    if (!enter(lint, schema)) {
        return;
    }
    lint_pattern(lint, schema);
    lint_names(lint, schema);
    lint_order(lint, schema);
    lint_idle(lint, schema);
    for (i = 0; schema->edges != NULL && i < schema->edges->nelts; i++) {
        const spbe_edge_t *edge = &APR_ARRAY_IDX(schema->edges, i, spbe_edge_t);

        if (edge->inplace) {
            lint_one(lint, edge->to);
        }
        else {
            APR_ARRAY_PUSH(lint->queue, const spbe_schema_t *) = edge->to;
        }
    }
}

/* Length is a matter of all that judges one value together. */
static void lint_length(lint_t *lint, const spbe_schema_t *schema)
{
    int left = 20000;

    if (schema->joined == SPBE_TYPE_ANY || is_bounded(schema, &left)) {
        return;
    }
    spbe_problem_warn(lint->problems, schema->source,
                      "a string of any length is accepted: write maxLength, "
                      "or a format or enum that bounds it");
}

void spbe_schema_lint(const spbe_schema_t *schema, spbe_problems_t *problems)
{
    lint_t lint = {.problems = problems};
    apr_hash_t *lengths;
    int next = 0;

    apr_pool_create(&lint.pool, problems->pool);
    lint.seen = apr_hash_make(lint.pool);
    lengths = apr_hash_make(lint.pool);
    lint.queue = apr_array_make(lint.pool, 16, sizeof(const spbe_schema_t *));
    APR_ARRAY_PUSH(lint.queue, const spbe_schema_t *) = schema;
    while (next < lint.queue->nelts) {
        const spbe_schema_t **one = apr_palloc(lint.pool, sizeof(*one));

        *one = APR_ARRAY_IDX(lint.queue, next++, const spbe_schema_t *);
        if (apr_hash_get(lengths, one, sizeof(*one)) != NULL) {
            continue;
        }
        apr_hash_set(lengths, one, sizeof(*one), one);
        lint_length(&lint, *one);
        spbe_schema_lint_required(*one, problems);
        lint_one(&lint, *one);
    }
    apr_pool_destroy(lint.pool);
}
