/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/param.c - SpbeGuardParam: fields of forms without a document. Each line
 * is written as the JSON Schema that it means, so that both kinds of policy
 * are judged by the same code.
 */
#include "input/param_int.h"

#include <string.h>

#include <apr_strings.h>

#include "input/policy_int.h"
#include "text/nearest.h"

static const struct {
    const char *name;
    spbe_param_kind_t kind;
    const char *type; /* of JSON Schema */
} types[] = {
    {"text", SPBE_PARAM_TEXT, "string"},
    {"string", SPBE_PARAM_TEXT, "string"},
    {"integer", SPBE_PARAM_NUMBER, "integer"},
    {"number", SPBE_PARAM_NUMBER, "number"},
    {"boolean", SPBE_PARAM_BOOLEAN, "boolean"},
    {"file", SPBE_PARAM_FILE, "string"},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

static const char *allowed_types(apr_pool_t *pool)
{
    const spbe_format_t *format;
    const char *text = "";
    size_t i;

    for (i = 0; i < TYPES; i++) {
        text = apr_pstrcat(pool, text, i == 0 ? "" : ", ", types[i].name, NULL);
    }
    for (format = spbe_formats(); format->name != NULL; format++) {
        text = apr_pstrcat(pool, text, ", ", format->name, NULL);
    }
    return text;
}

static const char *no_type(const char *name, const char *type, apr_pool_t *pool)
{
    spbe_nearest_t nearest = {.word = spbe_span_from(type)};
    const char *format = spbe_format_nearest(nearest.word);
    size_t i;

    if (format != NULL) {
        spbe_nearest_offer(&nearest, format);
    }
    for (i = 0; i < TYPES; i++) {
        spbe_nearest_offer(&nearest, types[i].name);
    }
    return apr_psprintf(
        pool,
        "\"%s\" is no type of %s%s%s%s are %s; spbe-guardctl "
        "policy formats describes them",
        type, name, nearest.best == NULL ? "" : "; did you mean ",
        nearest.best == NULL ? "" : nearest.best,
        nearest.best == NULL ? "; allowed" : "? Allowed", allowed_types(pool));
}

static int set_type(spbe_param_line_t *line, const char *type)
{
    size_t i;

    for (i = 0; i < TYPES; i++) {
        if (strcmp(type, types[i].name) == 0) {
            line->kind = types[i].kind;
            line->type = types[i].type;
            return 1;
        }
    }
    line->format = spbe_format_find(spbe_span_from(type));
    line->type = "string";
    return line->format != NULL;
}

static spbe_node_t *string(const char *text, apr_pool_t *pool)
{
    return spbe_node_make(SPBE_NODE_STRING, spbe_span_from(text), pool);
}

static void add_string(spbe_node_t *node, const char *name, const char *text,
                       apr_pool_t *pool)
{
    if (text != NULL) {
        spbe_node_add(node, spbe_span_from(name), string(text, pool));
    }
}

static void add_number(spbe_node_t *node, const char *name, const char *text,
                       apr_pool_t *pool)
{
    if (text != NULL) {
        spbe_node_add(
            node, spbe_span_from(name),
            spbe_node_make(SPBE_NODE_NUMBER, spbe_span_from(text), pool));
    }
}

static void add_words(spbe_node_t *node, const char *name, const char *id,
                      const char *en, apr_pool_t *pool)
{
    spbe_node_t *words;

    if (id == NULL && en == NULL) {
        return;
    }
    words = spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
    add_string(words, "id", id, pool);
    add_string(words, "en", en, pool);
    spbe_node_add(node, spbe_span_from(name), words);
}

static void add_values(spbe_node_t *node, const spbe_param_line_t *line,
                       apr_pool_t *pool)
{
    spbe_span_t rest;
    spbe_node_t *list;
    int more = line->values != NULL;

    if (!more) {
        return;
    }
    rest = spbe_span_from(line->values);
    list = spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, pool);
    while (more) {
        more = spbe_span_chr(rest, '|') != SPBE_NPOS;
        spbe_node_add(list, SPBE_SPAN_EMPTY,
                      spbe_node_make(line->kind == SPBE_PARAM_NUMBER
                                         ? SPBE_NODE_NUMBER
                                         : SPBE_NODE_STRING,
                                     spbe_span_cut(&rest, '|'), pool));
    }
    spbe_node_add(node, SPBE_SPAN("enum"), list);
}

spbe_node_t *spbe_param_schema(const spbe_param_line_t *line, apr_pool_t *pool)
{
    spbe_node_t *node = spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
    spbe_node_t *array;

    add_string(node, "type", line->type, pool);
    add_string(node, "format", line->format == NULL ? NULL : line->format->name,
               pool);
    add_number(node, "minimum", line->min, pool);
    add_number(node, "maximum", line->max, pool);
    add_number(node, "minLength", line->minlen, pool);
    add_number(node, "maxLength", line->maxlen, pool);
    /* The whole value, as HTML's attribute of that name has it. */
    add_string(node, "pattern",
               line->pattern == NULL
                   ? NULL
                   : apr_pstrcat(pool, "^(?:", line->pattern, ")$", NULL),
               pool);
    add_values(node, line, pool);
    if (line->multiple && line->kind != SPBE_PARAM_FILE) {
        array = spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
        add_string(array, "type", "array", pool);
        spbe_node_add(array, SPBE_SPAN("items"), node);
        node = array;
    }
    add_words(node, "x-spbe-label", line->label_id, line->label_en, pool);
    add_words(node, "x-spbe-hint", line->hint_id, line->hint_en, pool);
    add_string(node, "x-spbe-sensitivity",
               line->sensitivity != NULL ? line->sensitivity
               : line->format != NULL && line->format->identifier ? "personal"
                                                                  : NULL,
               pool);
    return node;
}

spbe_param_lines_t *spbe_param_lines_create(apr_pool_t *pool)
{
    spbe_param_lines_t *lines = apr_pcalloc(pool, sizeof(*lines));

    lines->list = apr_array_make(pool, 8, sizeof(spbe_param_line_t));
    lines->pool = pool;
    return lines;
}

/* A later line of the same name replaces an earlier one. */
static void put(spbe_param_lines_t *lines, const spbe_param_line_t *line)
{
    int i;

    for (i = 0; i < lines->list->nelts; i++) {
        spbe_param_line_t *old =
            &APR_ARRAY_IDX(lines->list, i, spbe_param_line_t);

        if (strcmp(old->name, line->name) == 0) {
            *old = *line;
            return;
        }
    }
    APR_ARRAY_PUSH(lines->list, spbe_param_line_t) = *line;
}

/* NULL and *error, or the compiled schema of every line, in order. */
static apr_array_header_t *compile_all(const spbe_param_lines_t *lines,
                                       const char **error, apr_pool_t *pool)
{
    static const spbe_schema_options_t options = {1, 1, 1};
    spbe_node_t *root = spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
    spbe_node_t *properties =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
    spbe_problems_t *problems =
        spbe_problems_create("SpbeGuardParam", SPBE_SPAN_EMPTY, pool);
    spbe_schemas_t *schemas = spbe_schemas_create(&options, pool);
    apr_array_header_t *made =
        apr_array_make(pool, lines->list->nelts + 1, sizeof(void *));
    int i;

    add_string(root, "type", "object", pool);
    spbe_node_add(root, SPBE_SPAN("properties"), properties);
    for (i = 0; i < lines->list->nelts; i++) {
        const spbe_param_line_t *line =
            &APR_ARRAY_IDX(lines->list, i, spbe_param_line_t);

        spbe_node_add(properties, spbe_span_from(line->name),
                      spbe_param_schema(line, pool));
    }
    spbe_schemas_add(schemas, SPBE_POLICY_URI, root);
    for (i = 0; i < lines->list->nelts; i++) {
        const char *name =
            APR_ARRAY_IDX(lines->list, i, spbe_param_line_t).name;

        APR_ARRAY_PUSH(made, const spbe_schema_t *) =
            spbe_schema_compile(schemas, SPBE_POLICY_URI,
                                spbe_policy_member(properties, name), problems);
        if (problems->errors > 0) {
            *error = apr_psprintf(
                pool, "%s: %s", name,
                APR_ARRAY_IDX(problems->list, 0, spbe_problem_t).text);
            return NULL;
        }
    }
    return made;
}

/* A wrong pattern is said at its own line, not when all are compiled. */
static const char *try_line(const spbe_param_line_t *line, apr_pool_t *pool)
{
    spbe_param_lines_t *alone = spbe_param_lines_create(pool);
    const char *error = NULL;

    put(alone, line);
    compile_all(alone, &error, pool);
    return error;
}

const char *spbe_param_lines_add(spbe_param_lines_t *lines, int argc,
                                 char *const argv[])
{
    spbe_param_line_t line = {.in = SPBE_IN_FORM, .anywhere = 1};
    apr_pool_t *pool = lines->pool;
    const char *error;
    char **words;
    int i;

    if (argc < 2 || argv[0][0] == '\0') {
        return apr_psprintf(pool,
                            "a name and a type are needed, then options; "
                            "types are %s",
                            allowed_types(pool));
    }
    words = apr_palloc(pool, (size_t)argc * sizeof(char *));
    for (i = 0; i < argc; i++) {
        words[i] = apr_pstrdup(pool, argv[i]);
    }
    line.name = words[0];
    if (!set_type(&line, argv[1])) {
        return no_type(line.name, argv[1], pool);
    }
    if (line.kind == SPBE_PARAM_FILE) {
        line.file = apr_pcalloc(pool, sizeof(*line.file));
        line.in = SPBE_IN_FILE;
        line.anywhere = 0;
    }
    error = spbe_param_options(&line, argc - 2, words + 2, pool);
    if (error == NULL) {
        error = try_line(&line, pool);
    }
    if (error == NULL) {
        put(lines, &line);
    }
    return error;
}

spbe_param_lines_t *spbe_param_lines_merge(const spbe_param_lines_t *outer,
                                           const spbe_param_lines_t *inner,
                                           apr_pool_t *pool)
{
    spbe_param_lines_t *merged = spbe_param_lines_create(pool);
    int i;

    apr_array_cat(merged->list, outer->list);
    for (i = 0; i < inner->list->nelts; i++) {
        put(merged, &APR_ARRAY_IDX(inner->list, i, spbe_param_line_t));
    }
    return merged;
}

static void add_param(const spbe_param_line_t *line,
                      const spbe_schema_t *schema, apr_array_header_t *params,
                      apr_pool_t *pool)
{
    spbe_param_t *param = apr_array_push(params);
    spbe_file_rule_t *rule;

    *param = (spbe_param_t){
        .name = line->name,
        .in = line->in,
        .style =
            line->in == SPBE_IN_HEADER ? SPBE_STYLE_SIMPLE : SPBE_STYLE_FORM,
        .explode = line->in != SPBE_IN_HEADER,
        .required = line->required,
        .anywhere = line->anywhere,
        .schema = schema,
    };
    spbe_policy_describe(param, pool);
    if (line->kind == SPBE_PARAM_FILE) {
        rule = apr_pmemdup(pool, line->file, sizeof(*rule));
        if (line->multiple && rule->max_count == 0) {
            rule->max_count = 1000;
        }
        param->file = rule;
        param->many = rule->max_count > 1;
    }
}

static spbe_policy_t *policy_of(const apr_array_header_t *params,
                                apr_pool_t *pool)
{
    spbe_policy_t *policy = apr_pcalloc(pool, sizeof(*policy));
    spbe_operation_t *operation = apr_pcalloc(pool, sizeof(*operation));

    *operation = (spbe_operation_t){
        .method = "*", .params = params, .open = 1, .base = ""};
    policy->routes = apr_array_make(pool, 1, sizeof(spbe_policy_route_t *));
    policy->operations =
        apr_array_make(pool, 1, sizeof(const spbe_operation_t *));
    APR_ARRAY_PUSH(policy->operations, const spbe_operation_t *) = operation;
    return policy;
}

spbe_policy_t *spbe_param_lines_compile(const spbe_param_lines_t *lines,
                                        const char **error, apr_pool_t *pool)
{
    apr_array_header_t *schemas = compile_all(lines, error, pool);
    apr_array_header_t *params;
    int i;

    if (schemas == NULL) {
        return NULL;
    }
    params = apr_array_make(pool, lines->list->nelts + 1, sizeof(spbe_param_t));
    for (i = 0; i < lines->list->nelts; i++) {
        add_param(&APR_ARRAY_IDX(lines->list, i, spbe_param_line_t),
                  APR_ARRAY_IDX(schemas, i, const spbe_schema_t *), params,
                  pool);
    }
    return policy_of(params, pool);
}

static const apr_array_header_t *params_of(const spbe_policy_t *policy)
{
    return APR_ARRAY_IDX(policy->operations, 0, const spbe_operation_t *)
        ->params;
}

const spbe_policy_t *spbe_param_policy_join(const spbe_policy_t *outer,
                                            const spbe_policy_t *inner,
                                            apr_pool_t *pool)
{
    const apr_array_header_t *added = params_of(inner);
    apr_array_header_t *params = apr_array_copy(pool, params_of(outer));
    int i, k;

    for (i = 0; i < added->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(added, i, spbe_param_t);

        for (k = 0; k < params->nelts; k++) {
            if (strcmp(APR_ARRAY_IDX(params, k, spbe_param_t).name,
                       param->name) == 0) {
                APR_ARRAY_IDX(params, k, spbe_param_t) = *param;
                break;
            }
        }
        if (k == params->nelts) {
            APR_ARRAY_PUSH(params, spbe_param_t) = *param;
        }
    }
    return policy_of(params, pool);
}
