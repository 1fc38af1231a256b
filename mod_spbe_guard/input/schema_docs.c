/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_docs.c - which documents there are, what their $id and anchors
 * name, and where a reference leads.
 *
 * Only places where a schema can stand are looked at: a "$id" within enum or
 * an example is data.
 */
#include "input/schema_build.h"

#include <string.h>

#include <apr_strings.h>

#include "text/percent.h"

static void remember_place(spbe_schemas_t *schemas, const spbe_node_t *node,
                           spbe_resource_t *resource)
{
    spbe_place_t *place = apr_palloc(schemas->pool, sizeof(*place));

    place->node = node;
    place->resource = resource;
    apr_hash_set(schemas->places, &place->node, sizeof(place->node), place);
}

spbe_resource_t *spbe_schema_docs_resource(const spbe_schemas_t *schemas,
                                           const spbe_node_t *node)
{
    const spbe_place_t *place =
        apr_hash_get(schemas->places, &node, sizeof(node));

    return place == NULL ? NULL : place->resource;
}

static void name_resource(spbe_schemas_t *schemas, const char *uri,
                          spbe_resource_t *resource, const spbe_node_t *where)
{
    const spbe_resource_t *other =
        apr_hash_get(schemas->resources, uri, APR_HASH_KEY_STRING);

    if (other == NULL) {
        apr_hash_set(schemas->resources, uri, APR_HASH_KEY_STRING, resource);
        return;
    }
    if (other->root != resource->root && where != NULL) {
        APR_ARRAY_PUSH(schemas->doubles, const spbe_node_t *) = where;
    }
}

static spbe_resource_t *make_resource(spbe_schemas_t *schemas, const char *base,
                                      const spbe_node_t *root,
                                      spbe_resource_t *outer)
{
    spbe_resource_t *resource = apr_pcalloc(schemas->pool, sizeof(*resource));

    resource->base = base;
    resource->root = root;
    resource->outer = outer;
    resource->anchors = apr_hash_make(schemas->pool);
    resource->dynamic = apr_hash_make(schemas->pool);
    APR_ARRAY_PUSH(schemas->list, spbe_resource_t *) = resource;
    return resource;
}

/* The resource that a schema's own $id begins, or the one it lies in. */
static spbe_resource_t *own_resource(spbe_schemas_t *schemas,
                                     const spbe_node_t *node,
                                     spbe_resource_t *resource)
{
    const spbe_node_t *id = SPBE_NODE_MEMBER(node, "$id");
    const char *fragment, *uri;

    if (id == NULL || id->type != SPBE_NODE_STRING) {
        return resource;
    }
    uri = spbe_schema_uri_resolve(resource->base, id->text, schemas->pool);
    uri = spbe_schema_uri_split(uri, &fragment, schemas->pool);
    if (resource->root == node) {
        resource->base = uri;
    }
    else {
        resource = make_resource(schemas, uri, node, resource);
    }
    name_resource(schemas, uri, resource, id);
    return resource;
}

static void note_anchor(spbe_schemas_t *schemas, const spbe_node_t *node,
                        const spbe_node_t *anchor, spbe_resource_t *resource,
                        int dynamic)
{
    const spbe_node_t *other;
    const char *name;

    if (anchor == NULL || anchor->type != SPBE_NODE_STRING) {
        return;
    }
    name = spbe_span_dup(anchor->text, schemas->pool);
    other = apr_hash_get(resource->anchors, name, APR_HASH_KEY_STRING);
    if (other != NULL && other != node) {
        APR_ARRAY_PUSH(schemas->doubles, const spbe_node_t *) = anchor;
        return;
    }
    apr_hash_set(resource->anchors, name, APR_HASH_KEY_STRING, node);
    if (dynamic) {
        spbe_dynamic_t *entry = apr_pcalloc(schemas->pool, sizeof(*entry));

        entry->node = node;
        apr_hash_set(resource->dynamic, name, APR_HASH_KEY_STRING, entry);
    }
}

void spbe_schema_docs_scan(spbe_schemas_t *schemas, const spbe_node_t *node,
                           spbe_resource_t *resource)
{
    const spbe_node_t *member, *child;

    if (node->type != SPBE_NODE_OBJECT ||
        spbe_schema_docs_resource(schemas, node) != NULL) {
        return;
    }
    resource = own_resource(schemas, node, resource);
    remember_place(schemas, node, resource);
    note_anchor(schemas, node, SPBE_NODE_MEMBER(node, "$anchor"), resource, 0);
    note_anchor(schemas, node, SPBE_NODE_MEMBER(node, "$dynamicAnchor"),
                resource, 1);
    for (member = node->first; member != NULL; member = member->next) {
        const spbe_keyword_t *keyword = spbe_schema_keyword(member->name);

        if (keyword == NULL || keyword->shape == SPBE_SHAPE_PLAIN) {
            continue;
        }
        if (keyword->shape == SPBE_SHAPE_SCHEMA) {
            spbe_schema_docs_scan(schemas, member, resource);
            continue;
        }
        for (child = member->first; child != NULL; child = child->next) {
            spbe_schema_docs_scan(schemas, child, resource);
        }
    }
}

static int is_data(spbe_span_t name)
{
    return spbe_span_eq(name, SPBE_SPAN("example")) ||
           spbe_span_eq(name, SPBE_SPAN("examples")) ||
           spbe_span_starts(name, SPBE_SPAN("x-"));
}

/* Schemas of an OpenAPI document: under components, and every "schema". */
static void scan_openapi(spbe_schemas_t *schemas, const spbe_node_t *node,
                         spbe_resource_t *resource)
{
    const spbe_node_t *member, *child;

    for (member = node->first; member != NULL; member = member->next) {
        if (node->type == SPBE_NODE_OBJECT && is_data(member->name)) {
            continue;
        }
        if (spbe_span_eq(member->name, SPBE_SPAN("schema"))) {
            spbe_schema_docs_scan(schemas, member, resource);
        }
        else if (spbe_span_eq(member->name, SPBE_SPAN("schemas"))) {
            for (child = member->first; child != NULL; child = child->next) {
                spbe_schema_docs_scan(schemas, child, resource);
            }
        }
        else {
            scan_openapi(schemas, member, resource);
        }
    }
}

void spbe_schemas_add(spbe_schemas_t *schemas, const char *uri,
                      const spbe_node_t *root)
{
    spbe_resource_t *resource;
    const char *fragment;

    uri = spbe_schema_uri_split(apr_pstrdup(schemas->pool, uri), &fragment,
                                schemas->pool);
    resource = make_resource(schemas, uri, root, NULL);
    name_resource(schemas, uri, resource, NULL);
    if (SPBE_NODE_MEMBER(root, "openapi") == NULL) {
        spbe_schema_docs_scan(schemas, root, resource);
        return;
    }
    remember_place(schemas, root, resource);
    scan_openapi(schemas, root, resource);
}

/* ~1 and ~0 of a JSON Pointer; percent encoding is undone before. */
static spbe_span_t unescape(spbe_span_t token, apr_pool_t *pool)
{
    char *out;
    size_t i, n = 0;

    if (spbe_span_chr(token, '~') == SPBE_NPOS) {
        return token;
    }
    out = apr_palloc(pool, token.len);
    for (i = 0; i < token.len; i++) {
        char c = token.ptr[i];

        if (c == '~' && i + 1 < token.len) {
            c = token.ptr[++i] == '1' ? '/' : '~';
        }
        out[n++] = c;
    }
    return (spbe_span_t){out, n};
}

static const spbe_node_t *element(const spbe_node_t *array, spbe_span_t index)
{
    const spbe_node_t *child = array->first;
    unsigned long n = 0;
    size_t i;

    if (index.len == 0 || index.len > 7 ||
        (index.len > 1 && index.ptr[0] == '0')) {
        return NULL;
    }
    for (i = 0; i < index.len; i++) {
        if (index.ptr[i] < '0' || index.ptr[i] > '9') {
            return NULL;
        }
        n = n * 10 + (index.ptr[i] - '0');
    }
    while (child != NULL && n-- > 0) {
        child = child->next;
    }
    return child;
}

/* *resource becomes that of the schema found. */
static const spbe_node_t *walk(spbe_schemas_t *schemas, spbe_span_t pointer,
                               spbe_resource_t **resource)
{
    const spbe_node_t *node = (*resource)->root;

    if (pointer.len > 0) {
        pointer = spbe_span_slice(pointer, 1, pointer.len);
        while (node != NULL) {
            size_t slash = spbe_span_chr(pointer, '/');
            spbe_span_t token = spbe_span_slice(pointer, 0, slash);
            spbe_resource_t *own;

            token = unescape(token, schemas->pool);
            node = node->type == SPBE_NODE_OBJECT
                       ? spbe_node_member(node, token)
                   : node->type == SPBE_NODE_ARRAY ? element(node, token)
                                                   : NULL;
            own =
                node == NULL ? NULL : spbe_schema_docs_resource(schemas, node);
            *resource = own == NULL ? *resource : own;
            if (slash == SPBE_NPOS) {
                break;
            }
            pointer = spbe_span_slice(pointer, slash + 1, pointer.len);
        }
    }
    if (node != NULL) {
        /* What stands in no known place becomes a schema by being one. */
        spbe_schema_docs_scan(schemas, node, *resource);
    }
    return node;
}

static const spbe_node_t *anchored(spbe_schemas_t *schemas,
                                   spbe_span_t fragment,
                                   spbe_resource_t **resource,
                                   const char **dynamic)
{
    const char *name = spbe_span_dup(fragment, schemas->pool);
    const spbe_node_t *node =
        apr_hash_get((*resource)->anchors, name, APR_HASH_KEY_STRING);

    if (node != NULL &&
        apr_hash_get((*resource)->dynamic, name, APR_HASH_KEY_STRING)) {
        *dynamic = name;
    }
    return node;
}

const spbe_node_t *
spbe_schema_docs_find(spbe_schemas_t *schemas, const spbe_resource_t *from,
                      spbe_span_t reference, spbe_resource_t **resource,
                      const char **dynamic, const char **error)
{
    const spbe_node_t *node;
    const char *fragment, *uri;
    spbe_span_t plain;

    *dynamic = NULL;
    uri = spbe_schema_uri_resolve(from->base, reference, schemas->pool);
    uri = spbe_schema_uri_split(uri, &fragment, schemas->pool);
    *resource = apr_hash_get(schemas->resources, uri, APR_HASH_KEY_STRING);
    if (*resource == NULL) {
        *error = apr_psprintf(schemas->pool,
                              "no schema here has the address %.200s; nothing "
                              "is fetched, so write it into this file, or give "
                              "one of its schemas that $id",
                              uri);
        return NULL;
    }
    if (spbe_percent_decode(spbe_span_from(fragment), 0, &plain,
                            schemas->pool) != SPBE_OK) {
        *error = "its fragment has a % that is no percent encoding";
        return NULL;
    }
    node = plain.len == 0 || plain.ptr[0] == '/'
               ? walk(schemas, plain, resource)
               : anchored(schemas, plain, resource, dynamic);
    if (node == NULL) {
        *error = plain.len > 0 && plain.ptr[0] == '/'
                     ? "there is nothing at that JSON Pointer"
                     : "no $anchor or $dynamicAnchor has that name";
        return NULL;
    }
    if (spbe_schema_docs_resource(schemas, node) != NULL) {
        *resource = spbe_schema_docs_resource(schemas, node);
    }
    return node;
}
