/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_closed.c - which objects of a JSON body list their properties
 * and leave it at that: another name in them is one nobody thought of.
 *
 * Found when the policy is read; a request only looks it up.
 */
#include "input/policy_int.h"

#include <apr_strings.h>

#define NESTED 32 /* schemas within schemas */
#define JOINED 8  /* allOf within allOf */

/* Keywords that may speak of further names. */
static int speaks_of_others(const spbe_node_t *node)
{
    static const char *const names[] = {"additionalProperties",
                                        "unevaluatedProperties",
                                        "patternProperties",
                                        "anyOf",
                                        "oneOf",
                                        "if",
                                        "dependentSchemas",
                                        "$dynamicRef"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (spbe_policy_member(node, names[i]) != NULL) {
            return 1;
        }
    }
    return 0;
}

/* A reference with a fragment that is no pointer cannot be looked through. */
static int is_opaque(const spbe_node_t *node)
{
    return node == NULL || node->type != SPBE_NODE_OBJECT ||
           SPBE_NODE_MEMBER(node, "$ref") != NULL;
}

/* -1: speaks of other names; else how many properties are listed. */
static long count_listed(const spbe_node_t *root, const spbe_node_t *node,
                         int depth)
{
    const spbe_node_t *part, *properties;
    long count = 0;

    if (node != NULL && SPBE_NODE_MEMBER(node, "$ref") != NULL &&
        (node->count > 1 && (speaks_of_others(node) ||
                             SPBE_NODE_MEMBER(node, "properties") != NULL))) {
        return -1;
    }
    node = spbe_policy_follow(root, node);
    if (depth == 0 || is_opaque(node) || speaks_of_others(node)) {
        return -1;
    }
    properties = SPBE_NODE_MEMBER(node, "properties");
    count = properties == NULL ? 0 : (long)properties->count;
    part = SPBE_NODE_MEMBER(node, "allOf");
    for (part = part == NULL ? NULL : part->first; part != NULL;
         part = part->next) {
        long more = count_listed(root, part, depth - 1);

        if (more < 0) {
            return -1;
        }
        count += more;
    }
    return count;
}

static void note(spbe_policy_reader_t *reader, const spbe_schema_t *schema,
                 const spbe_node_t *node, int depth, apr_hash_t *seen,
                 apr_hash_t *closed);

static void note_properties(spbe_policy_reader_t *reader,
                            const spbe_schema_t *schema,
                            const spbe_node_t *node, int depth, int joined,
                            apr_hash_t *seen, apr_hash_t *closed)
{
    const spbe_node_t *part, *properties;

    node = spbe_policy_follow(reader->root, node);
    if (joined == 0 || node == NULL || node->type != SPBE_NODE_OBJECT) {
        return;
    }
    properties = SPBE_NODE_MEMBER(node, "properties");
    for (part = properties == NULL ? NULL : properties->first; part != NULL;
         part = part->next) {
        note(reader, spbe_schema_property(schema, part->name), part, depth - 1,
             seen, closed);
    }
    part = SPBE_NODE_MEMBER(node, "allOf");
    for (part = part == NULL ? NULL : part->first; part != NULL;
         part = part->next) {
        note_properties(reader, schema, part, depth, joined - 1, seen, closed);
    }
}

static void note(spbe_policy_reader_t *reader, const spbe_schema_t *schema,
                 const spbe_node_t *node, int depth, apr_hash_t *seen,
                 apr_hash_t *closed)
{
    const spbe_schema_t **key;
    const spbe_node_t *target = spbe_policy_follow(reader->root, node);

    if (schema == NULL || target == NULL || depth == 0 ||
        apr_hash_get(seen, &schema, sizeof(schema)) != NULL) {
        return;
    }
    key = apr_pmemdup(reader->pool, &schema, sizeof(schema));
    apr_hash_set(seen, key, sizeof(schema), key);
    if (count_listed(reader->root, node, JOINED) > 0) {
        apr_hash_set(closed, key, sizeof(schema), key);
    }
    note_properties(reader, schema, node, depth, JOINED, seen, closed);
    if (target->type == SPBE_NODE_OBJECT &&
        SPBE_NODE_MEMBER(target, "items") != NULL) {
        note(reader, spbe_schema_items(schema),
             SPBE_NODE_MEMBER(target, "items"), depth - 1, seen, closed);
    }
}

apr_hash_t *spbe_policy_closed(spbe_policy_reader_t *reader,
                               const spbe_schema_t *schema,
                               const spbe_node_t *node)
{
    apr_hash_t *closed = apr_hash_make(reader->pool);

    note(reader, schema, node, NESTED, apr_hash_make(reader->pool), closed);
    return closed;
}
