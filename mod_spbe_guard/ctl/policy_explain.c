/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy_explain.c - "policy explain": what a method and a URL lead to, and
 * what may be sent there.
 */
#include "ctl/policy.h"

#include <stdio.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "text/jsonout.h"
#include "text/percent.h"
#include "text/visible.h"

/* Of "https://host/path?query" the path. */
static spbe_span_t path_of(const char *url)
{
    const char *scheme = strstr(url, "://");
    spbe_span_t rest;

    if (scheme != NULL) {
        url = strchr(scheme + 3, '/');
        url = url == NULL ? "/" : url;
    }
    rest = spbe_span_from(url);
    rest = spbe_span_cut(&rest, '#');
    return spbe_span_cut(&rest, '?');
}

static const char *rules(const spbe_param_t *param, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 128, pool);
    spbe_ctl_policy_rules(&buf, param, pool);
    return spbe_buf_cstr(&buf);
}

static void print_param(const spbe_param_t *param, apr_pool_t *pool)
{
    const char *name = spbe_visible(param->name, pool);
    size_t have = spbe_visible_width(spbe_span_from(name));

    printf("    %s%*s  %s%s\n", name, have < 20 ? (int)(20 - have) : 0, "",
           param->required ? "required: " : "optional: ",
           spbe_visible(rules(param, pool), pool));
}

static void print_style(const spbe_param_t *param)
{
    if (param->is_json ||
        !(param->types & (SPBE_TYPE_ARRAY | SPBE_TYPE_OBJECT)) ||
        (param->types & SPBE_TYPE_STRING)) {
        return;
    }
    printf("    %20s  style %s%s\n", "", spbe_style_name(param->style),
           param->explode ? ", explode" : "");
}

static void print_params(const spbe_operation_t *operation, apr_pool_t *pool)
{
    static const spbe_place_t places[] = {SPBE_IN_PATH, SPBE_IN_QUERY,
                                          SPBE_IN_HEADER, SPBE_IN_COOKIE};
    size_t p;
    int i;

    for (p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        int n = 0;

        for (i = 0; i < operation->params->nelts; i++) {
            const spbe_param_t *param =
                &APR_ARRAY_IDX(operation->params, i, spbe_param_t);

            if (param->in != places[p]) {
                continue;
            }
            if (n++ == 0) {
                printf("  %s\n", spbe_place_name(places[p]));
            }
            print_param(param, pool);
            print_style(param);
        }
    }
}

static void print_compare(const apr_array_header_t *list, apr_pool_t *pool)
{
    int i;

    for (i = 0; list != NULL && i < list->nelts; i++) {
        const spbe_compare_t *one = &APR_ARRAY_IDX(list, i, spbe_compare_t);

        printf("    must agree: %s %s %s%s\n", spbe_visible(one->left, pool),
               one->op, spbe_visible(one->right, pool),
               one->flag ? " (only recorded)" : "");
    }
}

static int is_required(const spbe_schema_t *schema, const char *name,
                       apr_pool_t *pool)
{
    spbe_flat_t flat;
    int i;

    spbe_schema_flatten(schema, &flat, pool);
    for (i = 0; flat.required != NULL && i < flat.required->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(flat.required, i, const char *), name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A JSON body has no fields of its own; its members are told as such. */
static void print_members(const spbe_schema_t *schema, apr_pool_t *pool)
{
    apr_array_header_t *names = spbe_schema_property_names(schema, pool);
    int i;

    for (i = 0; i < names->nelts; i++) {
        spbe_param_t param = {.name = APR_ARRAY_IDX(names, i, const char *)};
        spbe_flat_t flat;

        param.schema = spbe_schema_property(schema, spbe_span_from(param.name));
        spbe_schema_flatten(param.schema, &flat, pool);
        param.about = flat.about;
        param.required = is_required(schema, param.name, pool) ? 1 : 0;
        print_param(&param, pool);
    }
}

static void print_body(const spbe_body_t *body, apr_pool_t *pool)
{
    static const spbe_about_t nothing;
    spbe_param_t whole = {.schema = body->schema, .about = &nothing};
    int i;

    printf("  body %s\n", spbe_visible(body->media_type, pool));
    for (i = 0; body->fields != NULL && i < body->fields->nelts; i++) {
        print_param(&APR_ARRAY_IDX(body->fields, i, spbe_param_t), pool);
    }
    if (body->schema == NULL) {
        puts("    accepted as it is, not looked into");
    }
    else if (!spbe_policy_is_examined(body->media_type)) {
        puts("    not checked: only forms and JSON are looked into");
        return;
    }
    else if (body->fields == NULL) {
        printf("    %s\n", spbe_visible(rules(&whole, pool), pool));
        print_members(body->schema, pool);
    }
    print_compare(body->compare, pool);
}

static void print_match(const spbe_match_t *match, apr_pool_t *pool)
{
    const spbe_operation_t *operation = match->operation;
    int i;

    printf("%s %s", operation->method, spbe_visible(match->route, pool));
    if (operation->id != NULL) {
        printf("  %s", spbe_visible(operation->id, pool));
    }
    printf("  (line %u)\n", operation->line);
    for (i = 0; i < match->values->nelts; i++) {
        const spbe_path_value_t *value =
            &APR_ARRAY_IDX(match->values, i, spbe_path_value_t);

        printf("  {%s} is %s\n",
               spbe_visible(spbe_span_dup(value->name, pool), pool),
               spbe_visible(spbe_span_dup(value->raw, pool), pool));
    }
    print_params(operation, pool);
    print_compare(operation->compare, pool);
    if (operation->bodies == NULL) {
        puts("  no body");
    }
    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        print_body(&APR_ARRAY_IDX(operation->bodies, i, spbe_body_t), pool);
    }
    if (operation->bodies != NULL) {
        puts(operation->body_required ? "  a body is required"
                                      : "  a body is optional");
    }
}

static void json_params(spbe_buf_t *buf, const char *name,
                        const apr_array_header_t *params, apr_pool_t *pool)
{
    int i;

    spbe_jsonout_name(buf, name);
    spbe_buf_addc(buf, '[');
    for (i = 0; params != NULL && i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        spbe_jsonout_comma(buf);
        spbe_buf_addc(buf, '{');
        spbe_jsonout_text(buf, "name", param->name);
        spbe_jsonout_text(buf, "in", spbe_place_name(param->in));
        spbe_jsonout_raw(buf, "required", param->required ? "true" : "false");
        spbe_jsonout_text(buf, "style", spbe_style_name(param->style));
        spbe_jsonout_raw(buf, "explode", param->explode ? "true" : "false");
        spbe_jsonout_text(buf, "rules", rules(param, pool));
        spbe_buf_addc(buf, '}');
    }
    spbe_buf_addc(buf, ']');
}

static void json_compare(spbe_buf_t *buf, const apr_array_header_t *list)
{
    int i;

    spbe_jsonout_name(buf, "compare");
    spbe_buf_addc(buf, '[');
    for (i = 0; list != NULL && i < list->nelts; i++) {
        const spbe_compare_t *one = &APR_ARRAY_IDX(list, i, spbe_compare_t);

        spbe_jsonout_comma(buf);
        spbe_buf_addc(buf, '{');
        spbe_jsonout_text(buf, "left", one->left);
        spbe_jsonout_text(buf, "op", one->op);
        spbe_jsonout_text(buf, "right", one->right);
        spbe_jsonout_raw(buf, "flag", one->flag ? "true" : "false");
        spbe_buf_addc(buf, '}');
    }
    spbe_buf_addc(buf, ']');
}

static void json_operation(spbe_buf_t *buf, const spbe_operation_t *operation,
                           apr_pool_t *pool)
{
    int i;

    spbe_jsonout_text(buf, "method", operation->method);
    spbe_jsonout_text(buf, "operationId", operation->id);
    spbe_jsonout_number(buf, "line", operation->line);
    json_params(buf, "parameters", operation->params, pool);
    json_compare(buf, operation->compare);
    spbe_jsonout_raw(buf, "bodyRequired",
                     operation->body_required ? "true" : "false");
    spbe_jsonout_name(buf, "bodies");
    spbe_buf_addc(buf, '[');
    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);

        spbe_jsonout_comma(buf);
        spbe_buf_addc(buf, '{');
        spbe_jsonout_text(buf, "mediaType", body->media_type);
        spbe_jsonout_raw(buf, "examined",
                         body->schema != NULL &&
                                 spbe_policy_is_examined(body->media_type)
                             ? "true"
                             : "false");
        json_params(buf, "fields", body->fields, pool);
        json_compare(buf, body->compare);
        spbe_buf_addc(buf, '}');
    }
    spbe_buf_addc(buf, ']');
}

static void print_json(const spbe_match_t *match, apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 1024, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "route", match->route);
    spbe_jsonout_text(&buf, "allow", match->allow);
    spbe_jsonout_name(&buf, "values");
    spbe_buf_addc(&buf, '{');
    for (i = 0; match->values != NULL && i < match->values->nelts; i++) {
        const spbe_path_value_t *value =
            &APR_ARRAY_IDX(match->values, i, spbe_path_value_t);

        spbe_jsonout_comma(&buf);
        spbe_jsonout_string(&buf, value->name);
        spbe_buf_addc(&buf, ':');
        spbe_jsonout_string(&buf, value->raw);
    }
    spbe_buf_addc(&buf, '}');
    if (match->operation != NULL) {
        json_operation(&buf, match->operation, pool);
    }
    spbe_buf_addc(&buf, '}');
    puts(spbe_buf_cstr(&buf));
}

static const char *upper(const char *text, apr_pool_t *pool)
{
    char *copy = apr_pstrdup(pool, text), *p;

    for (p = copy; *p != '\0'; p++) {
        *p = (char)apr_toupper(*p);
    }
    return copy;
}

int spbe_ctl_policy_explain(const spbe_ctl_policy_t *args)
{
    apr_pool_t *pool = args->ctl->pool;
    const char *const *words = (const char *const *)args->words->elts;
    spbe_problems_t *problems;
    spbe_policy_t *policy;
    spbe_match_t match;

    if (args->words->nelts != 3) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "policy explain needs FILE METHOD URL");
    }
    policy = spbe_ctl_policy_read(args, &problems);
    if (policy == NULL) {
        if (problems != NULL) {
            spbe_ctl_policy_print(problems, 0, pool);
        }
        return SPBE_CTL_TROUBLE;
    }
    match = spbe_policy_match(policy, spbe_span_from(upper(words[1], pool)),
                              path_of(words[2]), 0, pool);
    if (args->json) {
        print_json(&match, pool);
    }
    else if (match.operation != NULL) {
        print_match(&match, pool);
    }
    else if (match.route != NULL) {
        printf("%s: 405, allowed are %s\n", spbe_visible(match.route, pool),
               match.allow);
    }
    else {
        puts("no path of this policy fits; what happens is decided by "
             "SpbeGuardUnknown");
    }
    return match.operation == NULL ? SPBE_CTL_TROUBLE : SPBE_CTL_FINE;
}
