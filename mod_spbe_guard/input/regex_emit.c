/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_emit.c - write a pattern's tree for PCRE2. See regex_tree.h.
 */
#include "input/regex_tree.h"

static void put_node(spbe_buf_t *out, const spbe_regex_tree_t *tree,
                     const spbe_regex_node_t *node);

static void put_children(spbe_buf_t *out, const spbe_regex_tree_t *tree,
                         const spbe_regex_node_t *node, const char *between)
{
    const spbe_regex_node_t *child;

    for (child = node->first; child != NULL; child = child->next) {
        put_node(out, tree, child);
        spbe_buf_adds(out, child->next != NULL ? between : "");
    }
}

static void put_enclosed(spbe_buf_t *out, const spbe_regex_tree_t *tree,
                         const spbe_regex_node_t *node, spbe_span_t opening)
{
    spbe_buf_add(out, opening);
    put_children(out, tree, node, "");
    spbe_buf_addc(out, ')');
}

static void put_repeat(spbe_buf_t *out, const spbe_regex_node_t *node)
{
    if (node->max == SPBE_REGEX_MANY) {
        spbe_buf_printf(out, "{%u,}", node->min);
    }
    else {
        spbe_buf_printf(out, "{%u,%u}", node->min, node->max);
    }
    spbe_buf_adds(out, node->lazy ? "?" : "");
}

static void put_reference(spbe_buf_t *out, const spbe_regex_node_t *node)
{
    if (node->group == NULL) {
        spbe_buf_adds(out, "(?:)");
    }
    else {
        spbe_buf_printf(out, "\\g{%u}", node->group->number);
    }
}

static void put_node(spbe_buf_t *out, const spbe_regex_tree_t *tree,
                     const spbe_regex_node_t *node)
{
    switch (node->kind) {
    case SPBE_RE_GROUP:
        /* What nobody refers to need not be kept. */
        put_enclosed(out, tree, node,
                     node->number > 0 && tree->references > 0
                         ? SPBE_SPAN("(")
                         : SPBE_SPAN("(?:"));
        break;
    case SPBE_RE_LOOK:
        put_enclosed(out, tree, node, node->text);
        break;
    case SPBE_RE_BACK:
        put_reference(out, node);
        break;
    case SPBE_RE_SEQUENCE:
        put_children(out, tree, node, "");
        break;
    case SPBE_RE_CHOICE:
        put_children(out, tree, node, "|");
        break;
    case SPBE_RE_REPEAT:
        put_children(out, tree, node, "");
        put_repeat(out, node);
        break;
    default:
        spbe_buf_add(out, node->text);
    }
}

spbe_span_t spbe_regex_emit(const spbe_regex_tree_t *tree)
{
    spbe_buf_t out;

    spbe_buf_init(&out, 256, tree->pool);
    put_node(&out, tree, tree->root);
    return spbe_buf_span(&out);
}

static int all_of(const spbe_regex_node_t *node,
                  int (*holds)(const spbe_regex_node_t *))
{
    const spbe_regex_node_t *child;

    for (child = node->first; child != NULL; child = child->next) {
        if (!holds(child)) {
            return 0;
        }
    }
    return node->first != NULL;
}

static int one_child(const spbe_regex_node_t *node,
                     int (*holds)(const spbe_regex_node_t *))
{
    return (node->kind != SPBE_RE_REPEAT || node->min > 0) &&
           holds(node->first);
}

int spbe_regex_begins(const spbe_regex_node_t *node)
{
    const spbe_regex_node_t *child = node->first;

    switch (node->kind) {
    case SPBE_RE_START:
        return 1;
    case SPBE_RE_CHOICE:
        return all_of(node, spbe_regex_begins);
    case SPBE_RE_SEQUENCE:
        while (child != NULL && child->kind == SPBE_RE_LOOK) {
            child = child->next;
        }
        return child != NULL && spbe_regex_begins(child);
    case SPBE_RE_GROUP:
    case SPBE_RE_REPEAT:
        return one_child(node, spbe_regex_begins);
    default:
        return 0;
    }
}

int spbe_regex_ends(const spbe_regex_node_t *node)
{
    const spbe_regex_node_t *child, *last = NULL;

    switch (node->kind) {
    case SPBE_RE_END:
        return 1;
    case SPBE_RE_CHOICE:
        return all_of(node, spbe_regex_ends);
    case SPBE_RE_SEQUENCE:
        for (child = node->first; child != NULL; child = child->next) {
            last = child->kind == SPBE_RE_LOOK ? last : child;
        }
        return last != NULL && spbe_regex_ends(last);
    case SPBE_RE_GROUP:
    case SPBE_RE_REPEAT:
        return one_child(node, spbe_regex_ends);
    default:
        return 0;
    }
}
