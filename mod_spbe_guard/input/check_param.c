/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_param.c - parameters one by one: those of an operation, and
 * SpbeGuardParam lines.
 */
#include "input/check_int.h"

static void find_missing(const spbe_check_t *check, const spbe_param_t *param)
{
    spbe_check_find(check, SPBE_REASON_SCHEMA, param->in,
                    spbe_span_from(param->name), "required", param->name,
                    param->about);
}

static void find_bad(const spbe_check_t *check, const spbe_param_t *param,
                     const spbe_check_value_t *value)
{
    spbe_check_find(
        check, SPBE_REASON_SCHEMA, value->place, spbe_span_from(param->name),
        param->is_json ? "contentMediaType" : "style",
        param->is_json ? "application/json" : spbe_style_name(param->style),
        param->about);
}

static void judge(const spbe_check_t *check, const spbe_param_t *param,
                  const spbe_check_value_t *value)
{
    int i;

    if (value->bad) {
        find_bad(check, param, value);
    }
    if (value->node != NULL && !(param->allow_empty && value->text.len == 0 &&
                                 param->in == SPBE_IN_QUERY)) {
        spbe_check_node(check, param, value->place, value->node);
    }
    for (i = 0; value->more != NULL && i < value->more->nelts; i++) {
        spbe_check_node(check, param, value->place,
                        APR_ARRAY_IDX(value->more, i, spbe_node_t *));
    }
}

void spbe_check_params(const spbe_check_t *check,
                       const apr_array_header_t *params, unsigned places)
{
    int i;

    for (i = 0; i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);
        spbe_check_value_t value;

        if ((places & (1u << param->in)) == 0) {
            continue;
        }
        spbe_check_collect(check, param, &value);
        if (value.sent) {
            judge(check, param, &value);
        }
        else if (param->required && !check->partial) {
            find_missing(check, param);
        }
    }
}

/* A JSON body's members are fields as well for those who send it as that. */
static const spbe_node_t *json_member(const spbe_check_t *check,
                                      const spbe_param_t *param)
{
    const spbe_node_t *root = check->reading->json;

    return root == NULL || root->type != SPBE_NODE_OBJECT || !param->anywhere
               ? NULL
               : spbe_node_member(root, spbe_span_from(param->name));
}

/* "12" in a JSON string is what a form sends as well. */
static void judge_json(const spbe_check_t *check, const spbe_param_t *param,
                       const spbe_node_t *node)
{
    if (node->type == SPBE_NODE_STRING) {
        node = spbe_style_scalar(node->text, param->types, check->pool);
    }
    spbe_check_node(check, param, SPBE_IN_JSON, node);
}

/* Is this a form that was sent, or only the page with the empty form? */
static int is_sent(const spbe_check_t *check, const spbe_operation_t *operation)
{
    const spbe_reading_t *reading = check->reading;
    spbe_span_t method = reading->view->method;
    int i;

    if (!spbe_span_eq(method, SPBE_SPAN("GET")) &&
        !spbe_span_eq(method, SPBE_SPAN("HEAD"))) {
        return spbe_span_eq(method, SPBE_SPAN("POST")) ||
               reading->view->has_body;
    }
    for (i = 0; i < reading->query->nelts; i++) {
        const spbe_field_t *field =
            &APR_ARRAY_IDX(reading->query, i, spbe_field_t);

        if (spbe_check_knows(operation->params, SPBE_IN_QUERY, field->name)) {
            return 1;
        }
    }
    return 0;
}

/* What is asked of a form only where a form can be: not of an upload by PUT. */
static int is_asked(const spbe_check_t *check, const spbe_param_t *param,
                    int sent)
{
    spbe_body_kind_t kind = check->reading->kind;

    if (!param->required || check->partial) {
        return 0;
    }
    if (param->in == SPBE_IN_HEADER || param->in == SPBE_IN_COOKIE ||
        param->in == SPBE_IN_QUERY) {
        return 1;
    }
    return sent && (kind == SPBE_BODY_NONE || kind == SPBE_BODY_FORM ||
                    kind == SPBE_BODY_MULTIPART || kind == SPBE_BODY_JSON);
}

static void judge_line(const spbe_check_t *check, const spbe_param_t *param,
                       int sent)
{
    const spbe_node_t *member = json_member(check, param);
    spbe_check_value_t value;

    if (param->in == SPBE_IN_FILE) {
        apr_array_header_t *files = spbe_check_find_files(check, param->name);

        spbe_check_files(check, param, files);
        if (files->nelts == 0 && is_asked(check, param, sent)) {
            find_missing(check, param);
        }
        return;
    }
    spbe_check_collect(check, param, &value);
    if (value.sent) {
        judge(check, param, &value);
    }
    if (member != NULL) {
        judge_json(check, param, member);
    }
    else if (!value.sent && is_asked(check, param, sent)) {
        find_missing(check, param);
    }
}

void spbe_check_lines(const spbe_check_t *check,
                      const spbe_operation_t *operation)
{
    int i, sent = is_sent(check, operation);

    for (i = 0; i < operation->params->nelts; i++) {
        judge_line(check, &APR_ARRAY_IDX(operation->params, i, spbe_param_t),
                   sent);
    }
}
