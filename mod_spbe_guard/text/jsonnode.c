/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsonnode.c - the nodes of a JSON tree: made, found, compared. See
 * jsontree.h.
 */
#include "text/jsontree.h"

#include <apr_siphash.h>
#include <stdint.h>
#include <string.h>

#include "text/decimal.h"

/* Up to here looking through the members is as quick as an index. */
#define FEW 8

static int compare_names(const spbe_node_t *a, const spbe_node_t *b)
{
    if (a->name.len != b->name.len) {
        return a->name.len < b->name.len ? -1 : 1;
    }
    return a->name.len == 0 ? 0 : memcmp(a->name.ptr, b->name.ptr, a->name.len);
}

/* The merge of [from, middle) and [middle, to); equal names keep their order.
 */
static void merge(const spbe_node_t **in, const spbe_node_t **out, size_t from,
                  size_t middle, size_t to)
{
    size_t a = from, b = middle, i;

    for (i = from; i < to; i++) {
        int first = b == to || (a < middle && compare_names(in[a], in[b]) <= 0);

        out[i] = first ? in[a++] : in[b++];
    }
}

/* Sorts without hashing: no choice of names makes it slow. */
static const spbe_node_t **sort(const spbe_node_t **list,
                                const spbe_node_t **spare, size_t count)
{
    size_t width, i;

    for (width = 1; width < count; width *= 2) {
        const spbe_node_t **swap = list;

        for (i = 0; i < count; i += 2 * width) {
            size_t middle = i + width < count ? i + width : count;
            size_t to = middle + width < count ? middle + width : count;

            merge(list, spare, i, middle, to);
        }
        list = spare;
        spare = swap;
    }
    return list;
}

void spbe_node_index(spbe_node_t *node, apr_pool_t *pool)
{
    const spbe_node_t **list, *child;
    size_t n = 0;

    if (node->type != SPBE_NODE_OBJECT || node->count <= FEW) {
        return;
    }
    list = apr_palloc(pool, 2 * node->count * sizeof(*list));
    for (child = node->first; child != NULL; child = child->next) {
        list[n++] = child;
    }
    node->sorted = sort(list, list + n, n);
}

/* The first in sorted that is not before name. */
static const spbe_node_t *find_sorted(const spbe_node_t *node, spbe_span_t name)
{
    spbe_node_t wanted = {.name = name};
    size_t low = 0, high = node->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_names(node->sorted[middle], &wanted) < 0) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < node->count && spbe_span_eq(node->sorted[low]->name, name)
               ? node->sorted[low]
               : NULL;
}

const spbe_node_t *spbe_node_member(const spbe_node_t *node, spbe_span_t name)
{
    const spbe_node_t *child;

    if (node == NULL || node->type != SPBE_NODE_OBJECT) {
        return NULL;
    }
    if (node->sorted != NULL) {
        return find_sorted(node, name);
    }
    for (child = node->first; child != NULL; child = child->next) {
        if (spbe_span_eq(child->name, name)) {
            return child;
        }
    }
    return NULL;
}

static int equal_arrays(const spbe_node_t *a, const spbe_node_t *b)
{
    for (a = a->first, b = b->first; a != NULL && b != NULL;
         a = a->next, b = b->next) {
        if (!spbe_node_equal(a, b)) {
            return 0;
        }
    }
    return a == b;
}

static int equal_objects(const spbe_node_t *a, const spbe_node_t *b)
{
    const spbe_node_t *child, *guess = b->first;

    for (child = a->first; child != NULL; child = child->next) {
        const spbe_node_t *other = guess;

        /* Most are written in the same order. */
        if (other == NULL || !spbe_span_eq(other->name, child->name)) {
            other = spbe_node_member(b, child->name);
        }
        if (other == NULL || !spbe_node_equal(child, other)) {
            return 0;
        }
        guess = other->next;
    }
    return 1;
}

int spbe_node_equal(const spbe_node_t *a, const spbe_node_t *b)
{
    if (a->type != b->type || a->count != b->count) {
        return 0;
    }
    switch (a->type) {
    case SPBE_NODE_NULL:
        return 1;
    case SPBE_NODE_BOOLEAN:
        return !a->truth == !b->truth;
    case SPBE_NODE_NUMBER:
        return spbe_decimal_compare(a->text, b->text) == 0;
    case SPBE_NODE_STRING:
        return spbe_span_eq(a->text, b->text);
    case SPBE_NODE_ARRAY:
        return equal_arrays(a, b);
    default:
        return equal_objects(a, b);
    }
}

/* Where the program lies in memory differs from process to process, and who
 * sends values does not know it. */
static void make_key(unsigned char key[16])
{
    static const char here = 0;
    uintptr_t place = (uintptr_t)&here, stack = (uintptr_t)&apr_siphash24;

    memset(key, 0, 16);
    memcpy(key, &place, sizeof(place));
    memcpy(key + 8, &stack, sizeof(stack));
}

static uint64_t hash_node(const spbe_node_t *node, const unsigned char *key);

static uint64_t hash_children(const spbe_node_t *node, const unsigned char *key)
{
    const spbe_node_t *child;
    uint64_t sum = 0;

    for (child = node->first; child != NULL; child = child->next) {
        uint64_t part[2] = {hash_node(child, key), sum};

        if (node->type == SPBE_NODE_OBJECT) {
            part[1] = apr_siphash24(child->name.ptr, child->name.len, key);
            sum += apr_siphash24(part, sizeof(part), key);
        }
        else {
            sum = apr_siphash24(part, sizeof(part), key);
        }
    }
    return sum;
}

static uint64_t hash_node(const spbe_node_t *node, const unsigned char *key)
{
    uint64_t part[2] = {(uint64_t)node->type, 0};

    switch (node->type) {
    case SPBE_NODE_NULL:
        break;
    case SPBE_NODE_BOOLEAN:
        part[1] = node->truth != 0;
        break;
    case SPBE_NODE_NUMBER:
        part[1] = spbe_decimal_hash(node->text, key);
        break;
    case SPBE_NODE_STRING:
        part[1] = apr_siphash24(node->text.ptr, node->text.len, key);
        break;
    default:
        part[1] = hash_children(node, key);
    }
    return apr_siphash24(part, sizeof(part), key);
}

unsigned spbe_node_hash(const spbe_node_t *node)
{
    unsigned char key[16];
    uint64_t hash;

    make_key(key);
    hash = hash_node(node, key);
    return (unsigned)(hash ^ hash >> 32);
}

spbe_node_t *spbe_node_make(spbe_node_type_t type, spbe_span_t text,
                            apr_pool_t *pool)
{
    spbe_node_t *node = apr_pcalloc(pool, sizeof(*node));

    node->type = type;
    node->text = text;
    node->name = SPBE_SPAN_EMPTY;
    return node;
}

void spbe_node_add(spbe_node_t *parent, spbe_span_t name, spbe_node_t *child)
{
    child->name = name;
    child->next = NULL;
    if (parent->last == NULL) {
        parent->first = child;
    }
    else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->count++;
    parent->sorted = NULL;
}
