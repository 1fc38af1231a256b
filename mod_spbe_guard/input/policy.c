/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy.c - an OpenAPI document as a whole, and what a request leads to
 * in it.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_strings.h>

static const char *fault_text(const spbe_json_report_t *report,
                              apr_pool_t *pool)
{
    switch (report->fault) {
    case SPBE_JSON_UTF8:
        return "not UTF-8, or begins with a byte order mark";
    case SPBE_JSON_TOO_DEEP:
        return "nested too deep";
    case SPBE_JSON_TOO_MANY:
        return "too many values";
    case SPBE_JSON_DUPLICATE:
        return apr_psprintf(pool, "\"%s\" stands in this object twice",
                            spbe_span_dup(report->name, pool));
    case SPBE_JSON_SURROGATE:
        return "half of a surrogate pair in a string";
    case SPBE_JSON_INEXACT:
        return "a number that a double cannot hold";
    default:
        return "not JSON from here on (RFC 8259)";
    }
}

/* "openapi: 3.1.0", perhaps behind "---" and comments? */
static int is_yaml(spbe_span_t text)
{
    while (text.len > 0) {
        spbe_span_t line = spbe_span_trim(spbe_span_line(&text));

        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '%' ||
            spbe_span_eq(line, SPBE_SPAN("---"))) {
            continue;
        }
        return spbe_span_starts(line, SPBE_SPAN("openapi:")) ||
               spbe_span_starts(line, SPBE_SPAN("swagger:")) ||
               spbe_span_starts(line, SPBE_SPAN("info:"));
    }
    return 0;
}

static spbe_node_t *parse(spbe_problems_t *problems, apr_pool_t *pool)
{
    spbe_json_report_t report;
    spbe_node_t *root = spbe_json_tree(problems->source, NULL, &report, pool);

    if (report.fault != SPBE_JSON_FINE && is_yaml(problems->source)) {
        spbe_problem_error(problems, NULL,
                           "this is YAML; a policy is JSON: yq -o=json . "
                           "FILE.yaml > FILE.json, or python3 -c 'import sys, "
                           "json, yaml; json.dump(yaml.safe_load(sys.stdin), "
                           "sys.stdout, default=str)' < FILE.yaml > FILE.json");
        return NULL;
    }
    if (report.fault != SPBE_JSON_FINE) {
        spbe_node_t here = {.offset = report.offset};

        spbe_problem_error(problems, &here, "%s", fault_text(&report, pool));
        return NULL;
    }
    if (root->type != SPBE_NODE_OBJECT) {
        spbe_problem_error(problems, root, "an OpenAPI document is an object");
        return NULL;
    }
    return root;
}

/* 1: a version that is read here. */
static int check_version(spbe_problems_t *problems, const spbe_node_t *root,
                         apr_pool_t *pool)
{
    const spbe_node_t *node = SPBE_NODE_MEMBER(root, "openapi");
    const spbe_node_t *old = SPBE_NODE_MEMBER(root, "swagger");
    const char *version;

    if (node == NULL || node->type != SPBE_NODE_STRING) {
        spbe_problem_error(problems, old != NULL ? old : node,
                           old == NULL
                               ? "\"openapi\": \"3.1.0\" is missing"
                               : "Swagger 2.0 is not read; convert it to "
                                 "OpenAPI 3.1, for example with "
                                 "swagger2openapi and then as for 3.0");
        return 0;
    }
    version = spbe_span_dup(node->text, pool);
    if (strncmp(version, "3.1.", 4) == 0) {
        return 1;
    }
    spbe_problem_error(
        problems, node,
        strncmp(version, "3.0", 3) == 0
            ? "OpenAPI %s is not read; write \"openapi\": \"3.1.0\", replace "
              "\"nullable\": true by \"type\": [..., \"null\"], "
              "\"exclusiveMinimum\": true (and Maximum) by the number itself, "
              "\"example\" in schemas by \"examples\": [...]"
            : "OpenAPI %s is not read; allowed is 3.1",
        version);
    return 0;
}

static void check_info(spbe_policy_reader_t *reader, const spbe_node_t *info)
{
    static const char *const allowed[] = {
        "title",   "summary", "description", "termsOfService",
        "contact", "license", "version",     NULL};

    if (info == NULL) {
        spbe_problem_error(reader->problems, reader->root,
                           "\"info\" with \"title\" and \"version\" is "
                           "missing");
        return;
    }
    if (spbe_policy_keys(reader, info, "\"info\"", allowed, NULL) &&
        (spbe_policy_text(reader, info, "title") == NULL ||
         spbe_policy_text(reader, info, "version") == NULL)) {
        spbe_problem_error(reader->problems, info,
                           "\"info\" needs \"title\" and \"version\"");
    }
}

static void check_dialect(spbe_policy_reader_t *reader)
{
    static const char *const known[] = {
        "https://spec.openapis.org/oas/3.1/dialect/",
        "https://json-schema.org/draft/2020-12/schema"};
    const spbe_node_t *node =
        SPBE_NODE_MEMBER(reader->root, "jsonSchemaDialect");

    if (node == NULL ||
        (node->type == SPBE_NODE_STRING &&
         (spbe_span_starts(node->text, spbe_span_from(known[0])) ||
          spbe_span_eq(node->text, spbe_span_from(known[1]))))) {
        return;
    }
    spbe_problem_error(reader->problems, node,
                       "only JSON Schema 2020-12 is read: \"%s\"", known[1]);
}

/* Also what no operation uses: an error in it is an error. */
static void check_components(spbe_policy_reader_t *reader)
{
    static const char *const allowed[] = {"schemas",
                                          "responses",
                                          "parameters",
                                          "examples",
                                          "requestBodies",
                                          "headers",
                                          "securitySchemes",
                                          "links",
                                          "callbacks",
                                          "pathItems",
                                          NULL};
    const spbe_node_t *components =
        SPBE_NODE_MEMBER(reader->root, "components");
    const spbe_node_t *kind, *schema;

    if (components == NULL ||
        !spbe_policy_keys(reader, components, "\"components\"", allowed,
                          NULL)) {
        return;
    }
    for (kind = components->first; kind != NULL; kind = kind->next) {
        if (kind->type != SPBE_NODE_OBJECT &&
            !spbe_span_starts(kind->name, SPBE_SPAN("x-"))) {
            spbe_problem_error(reader->problems, kind, "\"%s\" is an object",
                               spbe_span_dup(kind->name, reader->pool));
        }
    }
    schema = SPBE_NODE_MEMBER(components, "schemas");
    for (schema = schema == NULL ? NULL : schema->first; schema != NULL;
         schema = schema->next) {
        spbe_policy_schema(reader, schema);
    }
}

/* Shared schemas are looked at once for each place that uses them. */
static void drop_repeated(spbe_problems_t *problems)
{
    apr_array_header_t *list = problems->list;
    int i, k, kept = 0;

    for (i = 0; i < list->nelts; i++) {
        spbe_problem_t problem = APR_ARRAY_IDX(list, i, spbe_problem_t);

        for (k = 0; k < kept; k++) {
            const spbe_problem_t *old = &APR_ARRAY_IDX(list, k, spbe_problem_t);

            if (old->line == problem.line && old->column == problem.column &&
                strcmp(old->text, problem.text) == 0) {
                break;
            }
        }
        if (k == kept) {
            APR_ARRAY_IDX(list, kept, spbe_problem_t) = problem;
            kept++;
        }
    }
    if (list->nelts < SPBE_PROBLEMS_MAX) {
        problems->errors = problems->warnings = 0;
        for (i = 0; i < kept; i++) {
            *(APR_ARRAY_IDX(list, i, spbe_problem_t).warning
                  ? &problems->warnings
                  : &problems->errors) += 1;
        }
    }
    list->nelts = kept;
}

/* Errors have gone first: warnings must not crowd them out. */
static void add_lint(spbe_problems_t *problems, const spbe_problems_t *lint)
{
    int i;

    for (i = 0; i < lint->list->nelts; i++) {
        problems->warnings++;
        if (problems->list->nelts < SPBE_PROBLEMS_MAX) {
            APR_ARRAY_PUSH(problems->list, spbe_problem_t) =
                APR_ARRAY_IDX(lint->list, i, spbe_problem_t);
        }
    }
}

static void read_document(spbe_policy_reader_t *reader)
{
    static const char *const allowed[] = {
        "openapi",      "info",     "jsonSchemaDialect",
        "servers",      "paths",    "webhooks",
        "components",   "security", "tags",
        "externalDocs", NULL};
    const spbe_node_t *paths = SPBE_NODE_MEMBER(reader->root, "paths");

    spbe_policy_keys(reader, reader->root, "an OpenAPI document", allowed,
                     NULL);
    check_info(reader, SPBE_NODE_MEMBER(reader->root, "info"));
    check_dialect(reader);
    check_components(reader);
    if (paths == NULL) {
        spbe_problem_error(reader->problems, reader->root,
                           "\"paths\" is missing: a policy without it knows "
                           "no request");
        return;
    }
    spbe_policy_paths(reader, paths, SPBE_NODE_MEMBER(reader->root, "servers"));
}

static spbe_policy_t *make_policy(apr_pool_t *pool)
{
    spbe_policy_t *policy = apr_pcalloc(pool, sizeof(*policy));

    policy->routes = apr_array_make(pool, 16, sizeof(spbe_policy_route_t *));
    policy->operations =
        apr_array_make(pool, 16, sizeof(const spbe_operation_t *));
    return policy;
}

spbe_policy_t *spbe_policy_read(spbe_problems_t *problems, apr_pool_t *pool)
{
    static const spbe_schema_options_t options = {1, 1, 1};
    spbe_policy_reader_t reader = {.problems = problems, .pool = pool};

    reader.root = parse(problems, pool);
    if (reader.root == NULL || !check_version(problems, reader.root, pool)) {
        return NULL;
    }
    reader.policy = make_policy(pool);
    reader.ids = apr_table_make(pool, 16);
    reader.shapes = apr_hash_make(pool);
    reader.linted = apr_hash_make(pool);
    reader.lint = spbe_problems_create(problems->file, problems->source, pool);
    reader.schemas = spbe_schemas_create(&options, pool);
    spbe_schemas_add(reader.schemas, SPBE_POLICY_URI, reader.root);
    read_document(&reader);
    if (problems->errors == 0) {
        spbe_policy_arrange(&reader);
    }
    drop_repeated(problems);
    drop_repeated(reader.lint);
    add_lint(problems, reader.lint);
    return problems->errors == 0 ? reader.policy : NULL;
}

static const spbe_operation_t *find_method(const apr_array_header_t *operations,
                                           spbe_span_t method)
{
    int i;

    for (i = 0; i < operations->nelts; i++) {
        const spbe_operation_t *operation =
            APR_ARRAY_IDX(operations, i, const spbe_operation_t *);

        if (spbe_span_eq(method, spbe_span_from(operation->method)) ||
            operation->open) {
            return operation;
        }
    }
    return NULL;
}

static apr_array_header_t *name_values(const spbe_route_t *route,
                                       const spbe_span_t *spans,
                                       apr_pool_t *pool)
{
    apr_array_header_t *values = apr_array_make(pool, route->names->nelts + 1,
                                                sizeof(spbe_path_value_t));
    int i;

    for (i = 0; i < route->names->nelts; i++) {
        APR_ARRAY_PUSH(values, spbe_path_value_t) = (spbe_path_value_t){
            spbe_span_from(APR_ARRAY_IDX(route->names, i, const char *)),
            spans[i]};
    }
    return values;
}

static void fill_match(spbe_match_t *match, const spbe_policy_route_t *route,
                       spbe_span_t method, int preflight)
{
    match->route = route->route->text;
    match->operation = find_method(route->operations, method);
    if (match->operation == NULL && spbe_span_eq(method, SPBE_SPAN("HEAD"))) {
        match->operation = find_method(route->operations, SPBE_SPAN("GET"));
    }
    if (match->operation == NULL && !preflight) {
        match->allow = route->allow;
    }
}

static spbe_match_t match_open(const spbe_policy_t *policy)
{
    spbe_match_t match = {0};

    if (policy->operations->nelts == 1 &&
        APR_ARRAY_IDX(policy->operations, 0, const spbe_operation_t *)->open) {
        match.operation =
            APR_ARRAY_IDX(policy->operations, 0, const spbe_operation_t *);
    }
    return match;
}

spbe_match_t spbe_policy_match(const spbe_policy_t *policy, spbe_span_t method,
                               spbe_span_t path, int preflight,
                               apr_pool_t *pool)
{
    spbe_match_t match = match_open(policy);
    spbe_route_path_t *parts = spbe_route_path(path, pool);
    spbe_span_t *spans =
        apr_palloc(pool, (size_t)(policy->variables + 1) * sizeof(spbe_span_t));
    int i;

    for (i = 0; i < policy->routes->nelts; i++) {
        const spbe_policy_route_t *route =
            APR_ARRAY_IDX(policy->routes, i, const spbe_policy_route_t *);

        int fits = spbe_route_fits(route->route, parts, spans);

        if (fits != 0) {
            match.beside = fits == SPBE_ROUTE_BESIDE;
            fill_match(&match, route, method, preflight);
            match.values = name_values(route->route, spans, pool);
            return match;
        }
    }
    return match;
}

const apr_array_header_t *spbe_policy_operations(const spbe_policy_t *policy)
{
    return policy->operations;
}
