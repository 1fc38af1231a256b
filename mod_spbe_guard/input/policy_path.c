/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_path.c - paths and their operations.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_strings.h>

static const char *const methods[][2] = {
    {"get", "GET"},       {"put", "PUT"},         {"post", "POST"},
    {"delete", "DELETE"}, {"options", "OPTIONS"}, {"head", "HEAD"},
    {"patch", "PATCH"},   {"trace", "TRACE"},
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

/* What all operations of one path item share. */
typedef struct item {
    const char *path;
    const spbe_node_t *name; /* for its place */
    const spbe_node_t *node; /* resolved */
    const spbe_node_t *servers;
    apr_array_header_t *params;
} item_t;

/* The route of a whole template, made at its first operation; NULL: another
 * path has the same one. */
static spbe_policy_route_t *take_route(spbe_policy_reader_t *reader,
                                       const item_t *item, const char *text)
{
    const char *error;
    spbe_route_t *parsed = spbe_route_parse(text, &error, reader->pool);
    spbe_policy_route_t *route;

    if (parsed == NULL) {
        spbe_problem_error(reader->problems, item->name, "%s: %s", text, error);
        return NULL;
    }
    route = apr_hash_get(reader->shapes, parsed->shape, APR_HASH_KEY_STRING);
    if (route == NULL) {
        route = apr_pcalloc(reader->pool, sizeof(*route));
        route->route = parsed;
        route->node = item->name;
        route->operations =
            apr_array_make(reader->pool, 2, sizeof(const spbe_operation_t *));
        APR_ARRAY_PUSH(reader->policy->routes, spbe_policy_route_t *) = route;
        apr_hash_set(reader->shapes, parsed->shape, APR_HASH_KEY_STRING, route);
    }
    if (route->node != item->name) {
        spbe_problem_error(reader->problems, item->name,
                           "%s is the same path as %s", text,
                           route->route->text);
        return NULL;
    }
    return route;
}

static int has_name(const apr_array_header_t *names, const char *name)
{
    int i;

    for (i = 0; i < names->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(names, i, const char *), name) == 0) {
            return 1;
        }
    }
    return 0;
}

static int has_path_param(const apr_array_header_t *params, const char *name)
{
    int i;

    for (i = 0; i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if (param->in == SPBE_IN_PATH && strcmp(param->name, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Variables and parameters in path must be the same. */
static void check_names(spbe_policy_reader_t *reader, const spbe_node_t *node,
                        const char *path, const apr_array_header_t *params)
{
    const char *error;
    spbe_route_t *route = spbe_route_parse(path, &error, reader->pool);
    int i;

    if (route == NULL) {
        return;
    }
    for (i = 0; i < route->names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(route->names, i, const char *);

        if (!has_path_param(params, name)) {
            spbe_problem_error(reader->problems, node,
                               "{%s} has no parameter \"in\": \"path\"", name);
        }
    }
    for (i = 0; i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if (param->in == SPBE_IN_PATH && !has_name(route->names, param->name)) {
            spbe_problem_error(reader->problems, node,
                               "the parameter %s is in path, but %s has no "
                               "{%s}",
                               param->name, path, param->name);
        }
    }
}

static const char *read_id(spbe_policy_reader_t *reader,
                           const spbe_node_t *node)
{
    const char *id = spbe_policy_text(reader, node, "operationId");

    if (id != NULL && apr_table_get(reader->ids, id) != NULL) {
        spbe_problem_error(reader->problems,
                           SPBE_NODE_MEMBER(node, "operationId"),
                           "operationId \"%s\" stands here twice", id);
    }
    if (id != NULL) {
        apr_table_setn(reader->ids, id, id);
    }
    return id;
}

/* Mostly further down than the last one: what was counted is not again. */
static unsigned line_of(spbe_policy_reader_t *reader, size_t offset)
{
    spbe_span_t source = reader->problems->source;

    if (offset < reader->counted) {
        reader->counted = 0;
        reader->lines = 0;
    }
    for (; reader->counted < offset && reader->counted < source.len;
         reader->counted++) {
        reader->lines += source.ptr[reader->counted] == '\n';
    }
    return reader->lines + 1;
}

static void read_operation(spbe_policy_reader_t *reader, const item_t *item,
                           const char *method, const spbe_node_t *node,
                           spbe_operation_t *operation)
{
    apr_array_header_t *params = apr_array_copy(reader->pool, item->params);
    const spbe_node_t *body = SPBE_NODE_MEMBER(node, "requestBody");
    unsigned required = 0;

    *operation = (spbe_operation_t){.method = method};
    operation->id = read_id(reader, node);
    spbe_policy_params(reader, SPBE_NODE_MEMBER(node, "parameters"), params);
    operation->params = params;
    check_names(reader, node, item->path, params);
    if (body != NULL) {
        operation->bodies = spbe_policy_bodies(reader, body, &required);
        operation->body_required = required;
        if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
            strcmp(method, "TRACE") == 0) {
            spbe_problem_warn(reader->problems, body,
                              "a body of %s has no meaning in HTTP", method);
        }
    }
    operation->compare = spbe_policy_compare(reader, node);
    spbe_policy_compare_names(reader, node, operation->compare, params,
                              operation->bodies);
    operation->line = line_of(reader, node->offset);
}

/* One operation under every base path of its servers. */
static void add_operation(spbe_policy_reader_t *reader, const item_t *item,
                          const spbe_node_t *node,
                          const spbe_operation_t *operation)
{
    const spbe_node_t *own = SPBE_NODE_MEMBER(node, "servers");
    apr_array_header_t *bases =
        spbe_policy_bases(reader, own != NULL ? own : item->servers);
    int i;

    for (i = 0; i < bases->nelts; i++) {
        const char *base = APR_ARRAY_IDX(bases, i, const char *);
        spbe_policy_route_t *route = take_route(
            reader, item, apr_pstrcat(reader->pool, base, item->path, NULL));
        spbe_operation_t *made;

        if (route == NULL) {
            return;
        }
        made = apr_pmemdup(reader->pool, operation, sizeof(*operation));
        made->route = route->route->text;
        made->base = base;
        APR_ARRAY_PUSH(route->operations, const spbe_operation_t *) = made;
        APR_ARRAY_PUSH(reader->policy->operations, const spbe_operation_t *) =
            made;
    }
}

static int add_operations(spbe_policy_reader_t *reader, const item_t *item)
{
    static const char *const allowed[] = {
        "tags",        "summary",    "description", "externalDocs",
        "operationId", "parameters", "requestBody", "responses",
        "callbacks",   "deprecated", "security",    "servers",
        NULL};
    int found = 0;
    size_t i;

    for (i = 0; i < METHODS; i++) {
        const spbe_node_t *node = spbe_policy_member(item->node, methods[i][0]);
        spbe_operation_t operation;

        if (node == NULL) {
            continue;
        }
        found = 1;
        if (spbe_policy_keys(reader, node, "an operation", allowed,
                             "x-spbe-compare")) {
            read_operation(reader, item, methods[i][1], node, &operation);
            add_operation(reader, item, node, &operation);
        }
    }
    return found;
}

static void read_item(spbe_policy_reader_t *reader, const spbe_node_t *named,
                      const spbe_node_t *servers)
{
    static const char *const allowed[] = {
        "$ref",  "summary", "description", "get",  "put",
        "post",  "delete",  "options",     "head", "patch",
        "trace", "servers", "parameters",  NULL};
    item_t item = {.name = named, .servers = servers};

    item.path = spbe_span_dup(named->name, reader->pool);
    item.node = spbe_policy_resolve(reader, named);
    if (item.node == NULL ||
        !spbe_policy_keys(reader, item.node, "a path", allowed, NULL)) {
        return;
    }
    if (SPBE_NODE_MEMBER(item.node, "servers") != NULL) {
        item.servers = SPBE_NODE_MEMBER(item.node, "servers");
    }
    item.params = apr_array_make(reader->pool, 4, sizeof(spbe_param_t));
    spbe_policy_params(reader, SPBE_NODE_MEMBER(item.node, "parameters"),
                       item.params);
    if (!add_operations(reader, &item)) {
        const char *error;

        if (spbe_route_parse(item.path, &error, reader->pool) == NULL) {
            spbe_problem_error(reader->problems, named, "%s: %s", item.path,
                               error);
        }
        spbe_problem_warn(reader->problems, named,
                          "%s is never reached: it has no operation",
                          item.path);
    }
}

void spbe_policy_paths(spbe_policy_reader_t *reader, const spbe_node_t *paths,
                       const spbe_node_t *servers)
{
    const spbe_node_t *item;

    if (paths->type != SPBE_NODE_OBJECT) {
        spbe_problem_error(reader->problems, paths, "\"paths\" is an object");
        return;
    }
    for (item = paths->first; item != NULL; item = item->next) {
        if (spbe_span_starts(item->name, SPBE_SPAN("x-"))) {
            continue;
        }
        read_item(reader, item, servers);
    }
}
