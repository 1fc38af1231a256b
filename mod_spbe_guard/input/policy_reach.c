/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_reach.c - in which order paths are tried, and which of them are
 * never reached or go by another one's rules.
 */
#include <stdlib.h>
#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "input/policy_int.h"
#include "input/style.h"

/* In the order in which Allow names them. */
static const char *const methods[] = {"GET",     "PUT",  "POST",  "DELETE",
                                      "OPTIONS", "HEAD", "PATCH", "TRACE"};

static int by_precedence(const void *a, const void *b)
{
    const spbe_policy_route_t *const *x = a, *const *y = b;

    return spbe_route_order((*x)->route, (*y)->route);
}

/* "GET, HEAD, POST": HEAD is answered where GET is. */
static const char *allow_of(const spbe_policy_route_t *route, apr_pool_t *pool)
{
    const char *allow = "";
    size_t i;
    int k;

    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        for (k = 0; k < route->operations->nelts; k++) {
            const char *method =
                APR_ARRAY_IDX(route->operations, k, const spbe_operation_t *)
                    ->method;

            if (strcmp(method, methods[i]) == 0 &&
                strstr(allow, method) == NULL) {
                allow = apr_pstrcat(pool, allow, allow[0] ? ", " : "", method,
                                    strcmp(method, "GET") == 0 ? ", HEAD" : "",
                                    NULL);
            }
        }
    }
    return allow;
}

/* Segments that servers drop or refuse before anything else sees them. */
static int is_refused(const char *path)
{
    return strstr(path, "//") != NULL || strstr(path, "/./") != NULL ||
           strstr(path, "/../") != NULL || strstr(path, "%2F") != NULL ||
           strstr(path, "%2f") != NULL;
}

static void warn_unreachable(spbe_policy_reader_t *reader,
                             const spbe_policy_route_t *route, apr_pool_t *pool)
{
    const char *sample = spbe_route_sample(route->route, pool);
    spbe_match_t match;

    if (is_refused(sample)) {
        spbe_problem_warn(reader->problems, route->node,
                          "%s is never reached: httpd refuses or rewrites "
                          "such a path",
                          route->route->text);
        return;
    }
    match = spbe_policy_match(reader->policy, SPBE_SPAN("GET"),
                              spbe_span_from(sample), 0, pool);
    if (match.route != NULL && strcmp(match.route, route->route->text) != 0) {
        spbe_problem_warn(reader->problems, route->node,
                          "%s is never reached: %s goes before it",
                          route->route->text, match.route);
    }
}

/* The case of the letters of the segment at *path turned round; 0: it has
 * none. *path is behind it then. */
static int turn_segment(char **path)
{
    int letters = 0;
    char *p;

    for (p = *path; *p != '\0' && *p != '/'; p++) {
        if (apr_isalpha(*p)) {
            *p ^= 0x20;
            letters = 1;
        }
    }
    *path = *p == '/' ? p + 1 : p;
    return letters;
}

/* Does a parameter of that name take the text, as far as rules say? */
static int takes(const spbe_operation_t *operation,
                 const spbe_path_value_t *value, apr_pool_t *pool)
{
    int i;

    for (i = 0; i < operation->params->nelts; i++) {
        const spbe_param_t *param =
            &APR_ARRAY_IDX(operation->params, i, spbe_param_t);
        const spbe_node_t *node;

        if (param->in != SPBE_IN_PATH ||
            !spbe_span_eq(value->name, spbe_span_from(param->name))) {
            continue;
        }
        node = spbe_style_value(param, value->raw, SPBE_CODING_PERCENT, pool);
        return node != NULL &&
               (param->schema == NULL ||
                spbe_schema_validate(
                    param->schema, node, NULL,
                    apr_array_make(pool, 1, sizeof(spbe_fault_t)), pool));
    }
    return 1;
}

static int takes_all(const spbe_operation_t *operation,
                     const apr_array_header_t *values, apr_pool_t *pool)
{
    int i;

    for (i = 0; i < values->nelts; i++) {
        const spbe_path_value_t *value =
            &APR_ARRAY_IDX(values, i, spbe_path_value_t);

        /* What stands for a variable of the other path says nothing. */
        if (!spbe_span_eq(value->raw, SPBE_SPAN(SPBE_ROUTE_ANY)) &&
            !takes(operation, value, pool)) {
            return 0;
        }
    }
    return 1;
}

/* The operation of another route that a path leads to, or NULL. */
static const spbe_operation_t *taken_by(const spbe_policy_reader_t *reader,
                                        const spbe_policy_route_t *route,
                                        const char *path, apr_pool_t *pool)
{
    int k;

    for (k = 0; k < route->operations->nelts; k++) {
        const char *method =
            APR_ARRAY_IDX(route->operations, k, const spbe_operation_t *)
                ->method;
        spbe_match_t match =
            spbe_policy_match(reader->policy, spbe_span_from(method),
                              spbe_span_from(path), 0, pool);

        if (match.route == NULL) {
            return NULL;
        }
        if (match.operation != NULL &&
            strcmp(match.route, route->route->text) != 0 &&
            takes_all(match.operation, match.values, pool)) {
            return match.operation;
        }
    }
    return NULL;
}

static int index_of(int n)
{
    return n < SPBE_ROUTE_SEGMENTS ? n : SPBE_ROUTE_SEGMENTS - 1;
}

/* Backends that do not care for case would run what this route is for, by the
 * rules of another one. */
static void warn_case(spbe_policy_reader_t *reader,
                      const spbe_policy_route_t *route,
                      const apr_uint64_t *variables, apr_pool_t *pool)
{
    int count, i = 0;
    apr_uint64_t others;
    char *path = apr_pstrdup(pool, spbe_route_sample(route->route, pool));
    char *at = path + 1;

    spbe_route_variables(route->route, &count);
    others = variables[index_of(count)];
    for (; *at != '\0'; i++) {
        char *segment = at;
        const spbe_operation_t *other;

        if (!turn_segment(&at)) {
            continue;
        }
        if ((others >> index_of(i) & 1) == 0) {
            turn_segment(&segment);
            continue;
        }
        other = taken_by(reader, route, path, pool);
        if (other != NULL) {
            spbe_problem_warn(
                reader->problems, route->node,
                "%s %s also takes %s: where the application does not care "
                "for case (IIS, ASP.NET), narrow it with a pattern",
                other->method, other->route, path);
            return;
        }
        turn_segment(&segment);
    }
}

static void warn_all(spbe_policy_reader_t *reader)
{
    const apr_array_header_t *routes = reader->policy->routes;
    /* By number of segments: where any path has a variable. */
    apr_uint64_t variables[SPBE_ROUTE_SEGMENTS] = {0};
    apr_pool_t *pool;
    int i;

    apr_pool_create(&pool, reader->pool);
    for (i = 0; i < routes->nelts; i++) {
        int count;
        apr_uint64_t mask = spbe_route_variables(
            APR_ARRAY_IDX(routes, i, const spbe_policy_route_t *)->route,
            &count);

        variables[index_of(count)] |= mask;
    }
    for (i = 0; i < routes->nelts; i++) {
        const spbe_policy_route_t *route =
            APR_ARRAY_IDX(routes, i, const spbe_policy_route_t *);

        warn_unreachable(reader, route, pool);
        warn_case(reader, route, variables, pool);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
}

void spbe_policy_arrange(spbe_policy_reader_t *reader)
{
    apr_array_header_t *routes = reader->policy->routes;
    int i;

    qsort(routes->elts, (size_t)routes->nelts, sizeof(spbe_policy_route_t *),
          by_precedence);
    for (i = 0; i < routes->nelts; i++) {
        spbe_policy_route_t *route =
            APR_ARRAY_IDX(routes, i, spbe_policy_route_t *);

        route->allow = allow_of(route, reader->pool);
        if (route->route->names->nelts > reader->policy->variables) {
            reader->policy->variables = route->route->names->nelts;
        }
    }
    warn_all(reader);
}
