/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/style_deep.c - names with brackets: "filter[umur][min]=17",
 * "filter[kota][]=Bandung". See style.h.
 *
 * OpenAPI leaves more than one level open; what all frameworks agree on is
 * read here, and anything else refused.
 */
#include "input/style.h"

#define DEPTH 32

/* Takes "[key]" off the front: 1, 0 at the end, -1 for anything else. */
static int next_key(spbe_span_t *rest, spbe_span_t *key)
{
    size_t close;

    if (rest->len == 0) {
        return 0;
    }
    close = spbe_span_chr(*rest, ']');
    if (rest->ptr[0] != '[' || close == SPBE_NPOS) {
        return -1;
    }
    *key = spbe_span_slice(*rest, 1, close);
    *rest = spbe_span_slice(*rest, close + 1, rest->len);
    return spbe_span_chr(*key, '[') == SPBE_NPOS ? 1 : -1;
}

static const spbe_schema_t *inner(const spbe_schema_t *schema,
                                  const spbe_node_t *node, spbe_span_t key)
{
    if (schema == NULL) {
        return NULL;
    }
    return node->type == SPBE_NODE_ARRAY ? spbe_schema_items(schema)
                                         : spbe_schema_property(schema, key);
}

static spbe_node_t *find(spbe_node_t *node, spbe_span_t key)
{
    spbe_node_t *child;

    for (child = node->first; child != NULL; child = child->next) {
        if (spbe_span_eq(child->name, key)) {
            return child;
        }
    }
    return NULL;
}

/* The array or object under key, made when it is not there; NULL when what is
 * there is of the other kind. */
static spbe_node_t *step(spbe_node_t *node, spbe_span_t key, int array,
                         apr_pool_t *pool)
{
    spbe_node_type_t type = array ? SPBE_NODE_ARRAY : SPBE_NODE_OBJECT;
    spbe_node_t *child = find(node, key);

    if (child == NULL && node->count >= SPBE_STYLE_MEMBERS) {
        return NULL;
    }
    if (child == NULL) {
        child = spbe_node_make(type, SPBE_SPAN_EMPTY, pool);
        spbe_node_add(node, key, child);
    }
    return child->type == type ? child : NULL;
}

static int add_scalar(spbe_node_t *node, spbe_span_t key, spbe_span_t value,
                      const spbe_schema_t *schema, apr_pool_t *pool)
{
    unsigned types = schema == NULL ? SPBE_TYPE_ANY : spbe_schema_types(schema);

    /* "filter[kota]=a&filter[kota]=b" where the schema has an array. */
    if (node->type == SPBE_NODE_OBJECT &&
        (types & (SPBE_TYPE_ARRAY | SPBE_TYPE_STRING)) == SPBE_TYPE_ARRAY) {
        spbe_node_t *list = step(node, key, 1, pool);

        return list == NULL ? -1
                            : add_scalar(list, SPBE_SPAN_EMPTY, value,
                                         spbe_schema_items(schema), pool);
    }
    if (node->type == SPBE_NODE_OBJECT &&
        (node->count >= SPBE_STYLE_MEMBERS || find(node, key) != NULL)) {
        return -1;
    }
    spbe_node_add(node, key, spbe_style_scalar(value, types, pool));
    return 1;
}

int spbe_style_deep(const spbe_param_t *param, spbe_node_t *object,
                    spbe_span_t name, spbe_span_t value, apr_pool_t *pool)
{
    spbe_span_t prefix = spbe_span_from(param->name), rest, key, next;
    const spbe_schema_t *schema = param->schema;
    spbe_node_t *node = object;
    int depth, more;

    rest = spbe_span_slice(name, prefix.len, name.len);
    if (!spbe_span_starts(name, prefix) || rest.len == 0 ||
        rest.ptr[0] != '[') {
        return 0;
    }
    if (next_key(&rest, &key) != 1 || key.len == 0) {
        return -1;
    }
    for (depth = 0; depth < DEPTH; depth++) {
        schema = inner(schema, node, key);
        more = next_key(&rest, &next);
        if (more == 0) {
            return add_scalar(node, key, value, schema, pool);
        }
        /* Behind "[]" an application would have to guess which element. */
        if (more < 0 || node->type == SPBE_NODE_ARRAY) {
            return -1;
        }
        node = step(node, key, next.len == 0, pool);
        if (node == NULL) {
            return -1;
        }
        key = next;
    }
    return -1;
}
