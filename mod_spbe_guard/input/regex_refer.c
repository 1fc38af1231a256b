/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_refer.c - what references in a pattern lead to, and whether PCRE2
 * understands by them what ECMA-262 does. See regex_tree.h.
 */
#include "input/regex_tree.h"

spbe_regex_node_t *spbe_regex_refer_find(const spbe_regex_reader_t *reader,
                                         spbe_span_t name)
{
    int i;

    for (i = 0; i < reader->group_nodes->nelts; i++) {
        spbe_regex_node_t *group =
            APR_ARRAY_IDX(reader->group_nodes, i, spbe_regex_node_t *);

        if (spbe_span_eq(group->name, name)) {
            return group;
        }
    }
    return NULL;
}

/* ECMA-262 forgets what a group matched when a repeat around it comes by
 * again, PCRE2 does not: it matters where the group can then be left out. */
static void mark(spbe_regex_node_t *node, int repeated, int optional)
{
    spbe_regex_node_t *child;

    if (node->kind == SPBE_RE_GROUP) {
        node->passed_over = optional ? 1 : 0;
    }
    optional |= repeated &&
                (node->kind == SPBE_RE_CHOICE || node->kind == SPBE_RE_LOOK ||
                 (node->kind == SPBE_RE_REPEAT && node->min == 0));
    repeated |= node->kind == SPBE_RE_REPEAT && node->max > 1;
    for (child = node->first; child != NULL; child = child->next) {
        mark(child, repeated, optional);
    }
}

static int references_hold(const spbe_regex_node_t *node)
{
    const spbe_regex_node_t *child;

    if (node->group != NULL && node->group->passed_over) {
        return 0;
    }
    for (child = node->first; child != NULL; child = child->next) {
        if (!references_hold(child)) {
            return 0;
        }
    }
    return 1;
}

/* What only shows at the end. */
int spbe_regex_refer_check(spbe_regex_reader_t *reader)
{
    int i;

    if (reader->highest > reader->tree->groups) {
        return spbe_regex_fail(reader, "a reference to a group that is not "
                                       "there");
    }
    for (i = 0; i < reader->wanted->nelts; i++) {
        if (spbe_regex_refer_find(reader, APR_ARRAY_IDX(reader->wanted, i,
                                                        spbe_span_t)) == NULL) {
            return spbe_regex_fail(reader, "a reference to a name that no "
                                           "group has");
        }
    }
    mark(reader->tree->root, 0, 0);
    if (!references_hold(reader->tree->root)) {
        spbe_regex_beyond(reader, "a reference to a group that a repeat may "
                                  "pass over");
    }
    return 1;
}
