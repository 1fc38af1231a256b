/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_lint_required.c - names that are required of an object, but
 * forbidden in it, or that no property has: slips of the pen.
 */
#include "input/schema_in.h"

#include "text/nearest.h"

typedef struct judges {
    apr_hash_t *seen;         /* spbe_schema_t * -> itself */
    apr_array_header_t *list; /* const spbe_schema_t *: of one value */
    int asserting;            /* without not and if, which ask for nothing */
    int moving;               /* $dynamicRef: more may judge it */
} judges_t;

static int is_asked_only(const spbe_schema_t *schema, const spbe_schema_t *to)
{
    return schema->apply != NULL &&
           (schema->apply->none == to || schema->apply->condition == to);
}

static void collect(const spbe_schema_t *schema, judges_t *judges)
{
    const spbe_schema_t **key;
    int i;

    if (judges->list->nelts >= SPBE_SCHEMA_VISITS ||
        apr_hash_get(judges->seen, &schema, sizeof(schema)) != NULL) {
        return;
    }
    key = apr_palloc(judges->list->pool, sizeof(*key));
    *key = schema;
    apr_hash_set(judges->seen, key, sizeof(*key), key);
    APR_ARRAY_PUSH(judges->list, const spbe_schema_t *) = schema;
    judges->moving |=
        schema->apply != NULL && schema->apply->dynamic_name != NULL;
    for (i = 0; schema->edges != NULL && i < schema->edges->nelts; i++) {
        const spbe_edge_t *edge = &APR_ARRAY_IDX(schema->edges, i, spbe_edge_t);

        if (edge->inplace &&
            !(judges->asserting && is_asked_only(schema, edge->to))) {
            collect(edge->to, judges);
        }
    }
}

static judges_t judges_of(const spbe_schema_t *schema, int asserting,
                          apr_pool_t *pool)
{
    judges_t judges = {.asserting = asserting};

    judges.seen = apr_hash_make(pool);
    judges.list = apr_array_make(pool, 8, sizeof(const spbe_schema_t *));
    collect(schema, &judges);
    return judges;
}

static const spbe_schema_t *judge(const judges_t *judges, int i)
{
    return APR_ARRAY_IDX(judges->list, i, const spbe_schema_t *);
}

/* Does any of them speak of a member of that name? */
static int is_declared(const judges_t *judges, spbe_span_t name)
{
    int i;

    for (i = 0; i < judges->list->nelts; i++) {
        if (spbe_schema_property(judge(judges, i), name) != NULL) {
            return 1;
        }
    }
    return 0;
}

/* 0: no name is declared at all, so that none can be a slip of another. */
static int offer_names(const judges_t *judges, spbe_nearest_t *nearest)
{
    int i, k, count = 0;

    for (i = 0; i < judges->list->nelts; i++) {
        const spbe_object_rules_t *object = judge(judges, i)->object;

        for (k = 0; object != NULL && k < object->names->nelts; k++) {
            const spbe_name_t *name =
                &APR_ARRAY_IDX(object->names, k, spbe_name_t);

            if (name->schema != NULL) {
                spbe_nearest_offer(nearest, name->cstr);
                count++;
            }
        }
    }
    return count;
}

/* The word in "required". */
static const spbe_node_t *word_node(const spbe_schema_t *schema,
                                    spbe_span_t name)
{
    const spbe_node_t *list = SPBE_NODE_MEMBER(schema->source, "required");
    const spbe_node_t *word = list == NULL ? NULL : list->first;

    while (word != NULL && !spbe_span_eq(word->text, name)) {
        word = word->next;
    }
    return word == NULL ? list : word;
}

static void lint_name(const spbe_schema_t *value, const spbe_schema_t *schema,
                      const judges_t *all, const char *text,
                      spbe_problems_t *problems)
{
    spbe_span_t name = spbe_span_from(text);
    spbe_nearest_t nearest = {.word = name};
    const spbe_node_t *node = word_node(schema, name);
    int named = offer_names(all, &nearest);

    if (spbe_schema_forbids(schema, name) || spbe_schema_forbids(value, name)) {
        spbe_problem_warn(problems, node,
                          "%.60s is required, but not allowed: nothing is "
                          "accepted%s%.60s%s",
                          text, nearest.best == NULL ? "" : "; is \"",
                          nearest.best == NULL ? "" : nearest.best,
                          nearest.best == NULL ? "" : "\" meant?");
        return;
    }
    if (named == 0 || all->moving || is_declared(all, name)) {
        return;
    }
    spbe_problem_warn(problems, node,
                      "%.60s is required, but no property has that name%s%.60s"
                      "%s",
                      text, nearest.best == NULL ? "" : "; is \"",
                      nearest.best == NULL ? "" : nearest.best,
                      nearest.best == NULL ? "" : "\" meant?");
}

void spbe_schema_lint_required(const spbe_schema_t *schema,
                               spbe_problems_t *problems)
{
    judges_t all, asserting;
    apr_pool_t *pool;
    int i, k;

    apr_pool_create(&pool, problems->pool);
    asserting = judges_of(schema, 1, pool);
    all = judges_of(schema, 0, pool);
    for (i = 0; i < asserting.list->nelts; i++) {
        const spbe_schema_t *one = judge(&asserting, i);
        const apr_array_header_t *required =
            one->object == NULL ? NULL : one->object->required;

        for (k = 0; required != NULL && k < required->nelts; k++) {
            lint_name(schema, one, &all,
                      APR_ARRAY_IDX(required, k, const char *), problems);
        }
    }
    apr_pool_destroy(pool);
}
