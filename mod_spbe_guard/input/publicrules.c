/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/publicrules.c - the public part of a policy as compact JSON. See
 * publicrules.h.
 *
 * Every rule given is one that the server has as well; what cannot be said in
 * these terms is left out and judged by the server alone.
 */
#include "input/publicrules.h"

#include <string.h>

#include "text/jsonout.h"

static void words(spbe_buf_t *buf, const char *name, const char *id,
                  const char *en)
{
    if (id == NULL && en == NULL) {
        return;
    }
    spbe_jsonout_name(buf, name);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "id", id);
    spbe_jsonout_text(buf, "en", en);
    spbe_buf_addc(buf, '}');
}

/* Numbers go as text: a reader's double would change some. */
static void number(spbe_buf_t *buf, const char *name, const spbe_node_t *node)
{
    if (node != NULL) {
        spbe_jsonout_span(buf, name, node->text);
    }
}

/* As a form would send it; NULL pointer: it cannot. */
static spbe_span_t sent(const spbe_node_t *node)
{
    switch (node->type) {
    case SPBE_NODE_STRING:
    case SPBE_NODE_NUMBER:
        return node->text;
    case SPBE_NODE_BOOLEAN:
        return node->truth ? SPBE_SPAN("true") : SPBE_SPAN("false");
    case SPBE_NODE_NULL:
        return SPBE_SPAN_EMPTY;
    default:
        return (spbe_span_t){NULL, 0};
    }
}

static void choices(spbe_buf_t *buf, const spbe_node_t *list)
{
    const spbe_node_t *one;

    for (one = list == NULL ? NULL : list->first; one != NULL;
         one = one->next) {
        if (sent(one).ptr == NULL) {
            return;
        }
    }
    if (list == NULL) {
        return;
    }
    spbe_jsonout_name(buf, "enum");
    spbe_buf_addc(buf, '[');
    for (one = list->first; one != NULL; one = one->next) {
        spbe_jsonout_comma(buf);
        spbe_jsonout_string(buf, sent(one));
    }
    spbe_buf_addc(buf, ']');
}

/* NULL where several are allowed: then a text is as good as anything. */
static const char *type_name(unsigned types)
{
    types &= ~SPBE_TYPE_NULL;
    if (types == (SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER) ||
        types == SPBE_TYPE_NUMBER) {
        return "number";
    }
    return types == SPBE_TYPE_INTEGER   ? "integer"
           : types == SPBE_TYPE_STRING  ? "string"
           : types == SPBE_TYPE_BOOLEAN ? "boolean"
                                        : NULL;
}

static void format_of(spbe_buf_t *buf, const spbe_format_t *format)
{
    if (format == NULL) {
        return;
    }
    spbe_jsonout_text(buf, "format", format->name);
    spbe_jsonout_text(buf, "formatPattern", format->pattern);
    if (format->example != NULL && format->example[0] != '\0') {
        spbe_jsonout_text(buf, "example", format->example);
    }
    spbe_jsonout_text(buf, "inputmode", format->inputmode);
    spbe_jsonout_text(buf, "autocomplete", format->autocomplete);
}

/* What a secret may be is a secret as well: its length and kind can be told,
 * its choices and pattern not. */
static void rules_of(spbe_buf_t *buf, const spbe_schema_t *schema, int secret,
                     apr_pool_t *pool)
{
    unsigned types = spbe_schema_types(schema);
    spbe_flat_t flat;

    spbe_schema_flatten(schema, &flat, pool);
    spbe_jsonout_text(buf, "type", type_name(types));
    if (types & SPBE_TYPE_NULL && types != SPBE_TYPE_ANY) {
        spbe_jsonout_raw(buf, "nullable", "true");
    }
    if (types & SPBE_TYPE_STRING) {
        format_of(buf, flat.format);
        number(buf, "minLength", flat.min_length);
        number(buf, "maxLength", flat.max_length);
    }
    if (types & (SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER)) {
        number(buf, "minimum", flat.minimum);
        number(buf, "maximum", flat.maximum);
        number(buf, "exclusiveMinimum", flat.exclusive_minimum);
        number(buf, "exclusiveMaximum", flat.exclusive_maximum);
        number(buf, "multipleOf", flat.multiple_of);
    }
    if (secret) {
        return;
    }
    if ((types & SPBE_TYPE_STRING) && flat.pattern != NULL) {
        spbe_jsonout_span(buf, "pattern", spbe_regex_source(flat.pattern));
    }
    choices(buf, flat.choices);
    if (flat.fixed != NULL && sent(flat.fixed).ptr != NULL) {
        spbe_jsonout_span(buf, "const", sent(flat.fixed));
    }
}

static void list_of(spbe_buf_t *buf, const spbe_param_t *param, int secret,
                    apr_pool_t *pool)
{
    const spbe_schema_t *items = spbe_schema_items(param->schema);
    const spbe_node_t *unique;
    spbe_flat_t flat;

    spbe_schema_flatten(param->schema, &flat, pool);
    if (items != NULL) {
        rules_of(buf, items, secret, pool);
    }
    spbe_jsonout_raw(buf, "array", "true");
    number(buf, "minItems", flat.min_items);
    number(buf, "maxItems", flat.max_items);
    unique = flat.source == NULL ? NULL
                                 : SPBE_NODE_MEMBER(flat.source, "uniqueItems");
    if (unique != NULL && unique->truth) {
        spbe_jsonout_raw(buf, "uniqueItems", "true");
    }
}

static void files_of(spbe_buf_t *buf, const spbe_param_t *param)
{
    const spbe_file_rule_t *rule = param->file;
    int i;

    spbe_jsonout_text(buf, "type", "file");
    if (param->many) {
        spbe_jsonout_raw(buf, "array", "true");
    }
    spbe_jsonout_name(buf, "files");
    spbe_buf_addc(buf, '{');
    if (rule->types != NULL) {
        spbe_jsonout_name(buf, "types");
        spbe_buf_addc(buf, '[');
        for (i = 0; i < rule->types->nelts; i++) {
            spbe_jsonout_comma(buf);
            spbe_jsonout_string(buf, spbe_span_from(APR_ARRAY_IDX(
                                         rule->types, i, const char *)));
        }
        spbe_buf_addc(buf, ']');
    }
    if (rule->max_size > 0) {
        spbe_jsonout_number(buf, "maxSize", rule->max_size);
    }
    spbe_jsonout_number(buf, "maxCount",
                        rule->max_count == 0 ? 1 : rule->max_count);
    spbe_buf_addc(buf, '}');
}

static void begin(spbe_buf_t *buf, const char *name, const spbe_about_t *about,
                  int required)
{
    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "name", name);
    words(buf, "label", about->label_id, about->label_en);
    words(buf, "hint", about->hint_id, about->hint_en);
    if (required) {
        spbe_jsonout_raw(buf, "required", "true");
    }
}

static int is_secret(const spbe_about_t *about)
{
    return about->sensitivity == SPBE_SENS_SECRET;
}

/* The members of an exploded object are inputs of their own. */
static void parts_of(spbe_buf_t *buf, const spbe_param_t *param,
                     apr_pool_t *pool)
{
    int i;

    for (i = 0; i < param->parts->nelts; i++) {
        const char *name = APR_ARRAY_IDX(param->parts, i, const char *);
        const spbe_schema_t *schema =
            spbe_schema_property(param->schema, spbe_span_from(name));
        spbe_flat_t flat;

        if (schema == NULL) {
            continue;
        }
        spbe_schema_flatten(schema, &flat, pool);
        begin(buf, name, flat.about, 0);
        rules_of(buf, schema, is_secret(param->about) || is_secret(flat.about),
                 pool);
        spbe_buf_addc(buf, '}');
    }
}

/* Written in one piece: only whether it must be there can be told. */
static int is_joined(const spbe_param_t *param)
{
    return param->is_json ||
           ((param->types & (SPBE_TYPE_ARRAY | SPBE_TYPE_OBJECT)) != 0 &&
            (param->types & SPBE_TYPE_STRING) == 0 && !param->many);
}

static void field_of(spbe_buf_t *buf, const spbe_param_t *param,
                     apr_pool_t *pool)
{
    int secret = is_secret(param->about);

    if (param->style == SPBE_STYLE_DEEP) {
        return;
    }
    if (param->parts != NULL && !param->is_json) {
        parts_of(buf, param, pool);
        return;
    }
    begin(buf, param->name, param->about, param->required);
    if (param->in == SPBE_IN_FILE && param->file != NULL) {
        files_of(buf, param);
    }
    else if (param->schema == NULL || is_joined(param)) {
        /* nothing more to tell */
    }
    else if (param->many && !(param->types & SPBE_TYPE_STRING)) {
        list_of(buf, param, secret, pool);
    }
    else {
        rules_of(buf, param->schema, secret, pool);
    }
    spbe_buf_addc(buf, '}');
}

/* Headers and cookies are nobody's to fill in; the path is httpd's. */
static int is_input(const spbe_param_t *param)
{
    return param->in == SPBE_IN_QUERY || param->in == SPBE_IN_FORM ||
           param->in == SPBE_IN_FILE;
}

static void fields_of(spbe_buf_t *buf, const apr_array_header_t *params,
                      apr_pool_t *pool)
{
    int i;

    spbe_jsonout_name(buf, "fields");
    spbe_buf_addc(buf, '[');
    for (i = 0; i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if (is_input(param)) {
            field_of(buf, param, pool);
        }
    }
    spbe_buf_addc(buf, ']');
}

static void compare_of(spbe_buf_t *buf, const apr_array_header_t *list)
{
    int i;

    for (i = 0; list != NULL && i < list->nelts; i++) {
        const spbe_compare_t *one = &APR_ARRAY_IDX(list, i, spbe_compare_t);

        if (one->flag || one->left[0] == '/' || one->right[0] == '/') {
            continue;
        }
        spbe_jsonout_comma(buf);
        spbe_buf_addc(buf, '{');
        spbe_jsonout_text(buf, "left", one->left);
        spbe_jsonout_text(buf, "op", one->op);
        spbe_jsonout_text(buf, "right", one->right);
        words(buf, "message", one->message_id, one->message_en);
        spbe_buf_addc(buf, '}');
    }
}

static void form_of(spbe_buf_t *buf, const spbe_operation_t *operation,
                    const spbe_body_t *body, apr_pool_t *pool)
{
    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "action", operation->open ? "*" : operation->route);
    spbe_jsonout_text(buf, "method", operation->method);
    spbe_jsonout_text(buf, "enctype", body == NULL ? NULL : body->media_type);
    fields_of(buf, body == NULL ? operation->params : body->fields, pool);
    spbe_jsonout_name(buf, "compare");
    spbe_buf_addc(buf, '[');
    compare_of(buf, operation->compare);
    compare_of(buf, body == NULL ? NULL : body->compare);
    spbe_buf_adds(buf, "]}");
}

static int has_inputs(const apr_array_header_t *params)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        if (is_input(&APR_ARRAY_IDX(params, i, spbe_param_t))) {
            return 1;
        }
    }
    return 0;
}

/* HTML sends GET and POST; scripts take the others through the same form. */
static void forms_of(spbe_buf_t *buf, const spbe_operation_t *operation,
                     apr_pool_t *pool)
{
    int i;

    if (operation->bodies == NULL &&
        (operation->open || strcmp(operation->method, "GET") == 0) &&
        has_inputs(operation->params)) {
        form_of(buf, operation, NULL, pool);
    }
    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);

        if (body->fields != NULL) {
            form_of(buf, operation, body, pool);
        }
    }
}

/* "/api" holds "/api" and "/api/x", not "/apis". */
static int is_below(spbe_span_t path, const char *base)
{
    spbe_span_t prefix = spbe_span_from(base);

    return spbe_span_starts(path, prefix) &&
           (path.len == prefix.len || prefix.len == 0 ||
            path.ptr[prefix.len] == '/');
}

static void all_forms(spbe_buf_t *buf, const spbe_policy_t *policy,
                      spbe_span_t path, apr_pool_t *pool)
{
    const apr_array_header_t *operations = spbe_policy_operations(policy);
    int i;

    for (i = 0; i < operations->nelts; i++) {
        const spbe_operation_t *operation =
            APR_ARRAY_IDX(operations, i, const spbe_operation_t *);

        if (is_below(path, operation->base)) {
            forms_of(buf, operation, pool);
        }
    }
}

const char *spbe_public_rules(const spbe_policy_t *policy,
                              const spbe_policy_t *params, spbe_span_t path,
                              apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 2048, pool);
    spbe_buf_adds(&buf, "{\"v\":1,\"forms\":[");
    if (policy != NULL) {
        all_forms(&buf, policy, path, pool);
    }
    if (params != NULL) {
        all_forms(&buf, params, path, pool);
    }
    spbe_buf_adds(&buf, "]}");
    return spbe_buf_cstr(&buf);
}
