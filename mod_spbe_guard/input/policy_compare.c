/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_compare.c - x-spbe-compare: [{"left": "mulai", "op": "<=",
 * "right": "selesai"}].
 */
#include "input/policy_int.h"

#include <string.h>

#include "input/compare.h"

#define SCHEMA_DEPTH 8 /* allOf within allOf */

static const char *side(spbe_policy_reader_t *reader, const spbe_node_t *node,
                        const char *name)
{
    const char *text = spbe_policy_text(reader, node, name);

    if (text == NULL || text[0] == '\0') {
        spbe_problem_error(reader->problems, node,
                           "a comparison needs \"%s\": a field's name, or a "
                           "JSON Pointer",
                           name);
    }
    return text;
}

/* "text" for all languages, or {"id": ..., "en": ...}. */
static void read_message(spbe_policy_reader_t *reader, const spbe_node_t *node,
                         spbe_compare_t *compare)
{
    static const char *const allowed[] = {"id", "en", NULL};

    if (node == NULL) {
        return;
    }
    if (node->type == SPBE_NODE_STRING) {
        compare->message_id = spbe_span_dup(node->text, reader->pool);
        compare->message_en = compare->message_id;
        return;
    }
    if (spbe_policy_keys(reader, node, "a message", allowed, NULL)) {
        compare->message_id = spbe_policy_text(reader, node, "id");
        compare->message_en = spbe_policy_text(reader, node, "en");
    }
}

static void read_one(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     apr_array_header_t *list)
{
    static const char *const allowed[] = {"left", "op",      "right",
                                          "flag", "message", NULL};
    spbe_compare_t compare = {0};

    if (!spbe_policy_keys(reader, node, "a comparison", allowed, NULL)) {
        return;
    }
    compare.left = side(reader, node, "left");
    compare.right = side(reader, node, "right");
    compare.op = spbe_policy_text(reader, node, "op");
    if (compare.op == NULL || !spbe_compare_known(compare.op)) {
        spbe_problem_error(reader->problems, node,
                           "a comparison needs \"op\": <, <=, ==, !=, >=, >, "
                           "born or province");
        return;
    }
    compare.flag = spbe_policy_flag(reader, node, "flag",
                                    spbe_compare_is_flag(compare.op));
    read_message(reader, SPBE_NODE_MEMBER(node, "message"), &compare);
    if (compare.left != NULL && compare.right != NULL) {
        APR_ARRAY_PUSH(list, spbe_compare_t) = compare;
    }
}

static void read_list(spbe_policy_reader_t *reader, const spbe_node_t *list,
                      apr_array_header_t *made)
{
    const spbe_node_t *item;

    if (list->type != SPBE_NODE_ARRAY) {
        spbe_problem_error(reader->problems, list,
                           "x-spbe-compare is a list of comparisons");
        return;
    }
    for (item = list->first; item != NULL; item = item->next) {
        read_one(reader, item, made);
    }
}

/* Its own and, of a schema, those of all that it joins. */
static void collect(spbe_policy_reader_t *reader, const spbe_node_t *node,
                    int depth, apr_array_header_t *made)
{
    const spbe_node_t *part;

    node = spbe_policy_follow(reader->root, node);
    if (node == NULL || node->type != SPBE_NODE_OBJECT || depth == 0) {
        return;
    }
    if (SPBE_NODE_MEMBER(node, "x-spbe-compare") != NULL) {
        read_list(reader, SPBE_NODE_MEMBER(node, "x-spbe-compare"), made);
    }
    part = SPBE_NODE_MEMBER(node, "allOf");
    for (part = part == NULL ? NULL : part->first; part != NULL;
         part = part->next) {
        collect(reader, part, depth - 1, made);
    }
}

apr_array_header_t *spbe_policy_compare(spbe_policy_reader_t *reader,
                                        const spbe_node_t *node)
{
    apr_array_header_t *made =
        apr_array_make(reader->pool, 2, sizeof(spbe_compare_t));

    collect(reader, node, SCHEMA_DEPTH, made);
    return made->nelts > 0 ? made : NULL;
}

static int in_params(const apr_array_header_t *params, const char *name)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(params, i, spbe_param_t).name, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A body that says nothing of its names may have any. */
static int in_bodies(const apr_array_header_t *bodies, const char *name)
{
    int i;

    for (i = 0; bodies != NULL && i < bodies->nelts; i++) {
        const spbe_body_t *body = &APR_ARRAY_IDX(bodies, i, spbe_body_t);

        if (body->schema == NULL ||
            spbe_schema_property(body->schema, spbe_span_from(name))) {
            return 1;
        }
    }
    return 0;
}

static void check_side(spbe_policy_reader_t *reader, const spbe_node_t *node,
                       const char *name, const apr_array_header_t *params,
                       const apr_array_header_t *bodies)
{
    const spbe_node_t *list = SPBE_NODE_MEMBER(node, "x-spbe-compare");

    if (name[0] != '/' && !in_params(params, name) &&
        !in_bodies(bodies, name)) {
        spbe_problem_error(reader->problems, list == NULL ? node : list,
                           "x-spbe-compare names \"%s\", which is no field "
                           "here",
                           name);
    }
}

void spbe_policy_compare_names(spbe_policy_reader_t *reader,
                               const spbe_node_t *node,
                               const apr_array_header_t *compare,
                               const apr_array_header_t *params,
                               const apr_array_header_t *bodies)
{
    int i;

    for (i = 0; compare != NULL && i < compare->nelts; i++) {
        const spbe_compare_t *one = &APR_ARRAY_IDX(compare, i, spbe_compare_t);

        check_side(reader, node, one->left, params, bodies);
        check_side(reader, node, one->right, params, bodies);
    }
}
