/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_edge.c - find repeats that can share the same characters in many
 * ways. See regex_tree.h.
 *
 * Sets are compared by asking PCRE2 about the characters that the pattern
 * names and some common ones: that is a sample, not a proof.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "input/regex_tree.h"

/* Comparisons for one pattern: who writes more is not told. */
#define COMPARISONS 500

typedef struct edges {
    const spbe_regex_tree_t *tree;
    spbe_span_t sample;
    unsigned left;
} edges_t;

typedef apr_array_header_t sets_t; /* const spbe_regex_node_t * */

static int is_nullable(const spbe_regex_node_t *node)
{
    const spbe_regex_node_t *child;
    int all = 1, any = 0;

    if (node->kind == SPBE_RE_SET) {
        return 0;
    }
    if (node->kind == SPBE_RE_LOOK) {
        return 1;
    }
    for (child = node->first; child != NULL; child = child->next) {
        int empty = is_nullable(child);

        all &= empty;
        any |= empty;
    }
    return node->kind == SPBE_RE_CHOICE   ? any
           : node->kind == SPBE_RE_REPEAT ? node->min == 0 || all
                                          : all;
}

/* May what stands before (at_end: behind) child in a sequence be empty? */
static int is_at_edge(const spbe_regex_node_t *sequence,
                      const spbe_regex_node_t *child, int at_end)
{
    const spbe_regex_node_t *other = at_end ? child->next : sequence->first;
    const spbe_regex_node_t *to = at_end ? NULL : child;

    for (; other != to; other = other->next) {
        if (!is_nullable(other)) {
            return 0;
        }
    }
    return 1;
}

/* Sets that a match of node can begin or end with. repeats: those that a
 * repeat at that edge could take one more of. */
static void add_edge(const spbe_regex_node_t *node, int at_end, int repeats,
                     sets_t *sets)
{
    const spbe_regex_node_t *child;

    if (node->kind == SPBE_RE_LOOK) {
        return;
    }
    if (node->kind == SPBE_RE_SET) {
        if (!repeats) {
            APR_ARRAY_PUSH(sets, const spbe_regex_node_t *) = node;
        }
        return;
    }
    if (node->kind == SPBE_RE_REPEAT && repeats && node->max > node->min) {
        add_edge(node->first, !at_end, 0, sets);
    }
    for (child = node->first; child != NULL; child = child->next) {
        if (node->kind != SPBE_RE_SEQUENCE || is_at_edge(node, child, at_end)) {
            add_edge(child, at_end, repeats, sets);
        }
    }
}

static sets_t *edge_of(const edges_t *e, const spbe_regex_node_t *node,
                       int at_end, int repeats)
{
    sets_t *sets =
        apr_array_make(e->tree->pool, 8, sizeof(const spbe_regex_node_t *));

    add_edge(node, at_end, repeats, sets);
    return sets;
}

static void put_sets(spbe_buf_t *out, const char *opening, const sets_t *sets)
{
    int i;

    spbe_buf_adds(out, opening);
    for (i = 0; i < sets->nelts; i++) {
        spbe_buf_adds(out, i > 0 ? "|" : "");
        spbe_buf_add(out,
                     APR_ARRAY_IDX(sets, i, const spbe_regex_node_t *)->text);
    }
    spbe_buf_addc(out, ')');
}

static int matches_sample(const edges_t *e, spbe_span_t pattern)
{
    PCRE2_SIZE where;
    int number, rc = -1;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                                     SPBE_REGEX_OPTIONS, &number, &where, NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);

    if (code != NULL && data != NULL) {
        rc = pcre2_match(code, (PCRE2_SPTR)e->sample.ptr, e->sample.len, 0, 0,
                         data, NULL);
    }
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return rc >= 0;
}

/* Has any of a a character in common with any of b? */
static int overlap(edges_t *e, const sets_t *a, const sets_t *b)
{
    spbe_buf_t out;

    if (a->nelts == 0 || b->nelts == 0 || e->left == 0) {
        return 0;
    }
    e->left--;
    spbe_buf_init(&out, 256, e->tree->pool);
    put_sets(&out, "(?=", a);
    put_sets(&out, "(?:", b);
    return matches_sample(e, spbe_buf_span(&out));
}

/* A repeat at the body's edge may take what the next round begins with. */
static int meets_itself(edges_t *e, const spbe_regex_node_t *body)
{
    return overlap(e, edge_of(e, body, 1, 1), edge_of(e, body, 0, 0)) ||
           overlap(e, edge_of(e, body, 0, 1), edge_of(e, body, 1, 0));
}

static const spbe_regex_node_t *strip_groups(const spbe_regex_node_t *node)
{
    while ((node->kind == SPBE_RE_GROUP || node->kind == SPBE_RE_SEQUENCE) &&
           node->first != NULL && node->first->next == NULL) {
        node = node->first;
    }
    return node;
}

/* Two alternatives of one character each that both fit: (a|a), (\w|\d). */
static int choice_is_double(edges_t *e, const spbe_regex_node_t *choice)
{
    const spbe_regex_node_t *a, *b;

    for (a = choice->first; a != NULL; a = a->next) {
        for (b = a->next; b != NULL; b = b->next) {
            if (strip_groups(a)->kind == SPBE_RE_SET &&
                strip_groups(b)->kind == SPBE_RE_SET &&
                overlap(e, edge_of(e, a, 0, 0), edge_of(e, b, 0, 0))) {
                return 1;
            }
        }
    }
    return 0;
}

static int is_ambiguous(edges_t *e, const spbe_regex_node_t *node)
{
    const spbe_regex_node_t *child;

    if (spbe_regex_is_big(node)) {
        const spbe_regex_node_t *body = strip_groups(node->first);

        if (body->kind != SPBE_RE_SET && meets_itself(e, body)) {
            return 1;
        }
        if (body->kind == SPBE_RE_CHOICE && choice_is_double(e, body)) {
            return 1;
        }
    }
    for (child = node->first; child != NULL; child = child->next) {
        if (is_ambiguous(e, child)) {
            return 1;
        }
    }
    return 0;
}

int spbe_regex_edge_ambiguous(const spbe_regex_tree_t *tree)
{
    edges_t e = {tree, SPBE_SPAN_EMPTY, COMPARISONS};
    spbe_buf_t sample;
    int c;

    spbe_buf_init(&sample, tree->sample.len + 256, tree->pool);
    spbe_buf_add(&sample, spbe_buf_span(&tree->sample));
    for (c = 1; c < 0x7f; c++) {
        spbe_buf_addc(&sample, (char)c);
    }
    spbe_buf_adds(&sample, "\u00e9\u00c9\u00a0\u0660\u4e2d\u2019\u20ac\u0301");
    e.sample = spbe_buf_span(&sample);
    return is_ambiguous(&e, tree->root);
}
