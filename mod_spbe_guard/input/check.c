/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check.c - the order in which a request is judged. See check.h.
 */
#include "input/check_int.h"

#include <apr_strings.h>

#define HEAD                                                                   \
    (1u << SPBE_IN_PATH | 1u << SPBE_IN_QUERY | 1u << SPBE_IN_HEADER |         \
     1u << SPBE_IN_COOKIE)

static spbe_span_t content_type(const spbe_view_t *view)
{
    return spbe_view_header(view, "Content-Type", NULL);
}

/* Without parameters; spbe_operation_body does not care for case. */
static spbe_span_t media_type(spbe_span_t type)
{
    return spbe_span_trim(spbe_span_cut(&type, ';'));
}

/* The bodies that have fields; all others are nothing to wait for. */
static int is_read(spbe_body_kind_t kind)
{
    return kind == SPBE_BODY_FORM || kind == SPBE_BODY_MULTIPART ||
           kind == SPBE_BODY_JSON;
}

/* Will spbe_check_body have something to judge? */
static int body_follows(const spbe_reading_t *reading)
{
    return reading->view->has_body &&
           is_read(spbe_reading_kind(content_type(reading->view)));
}

static int is_preflight(const spbe_view_t *view)
{
    int found;

    spbe_view_header(view, "Access-Control-Request-Method", &found);
    return found && spbe_span_eq(view->method, SPBE_SPAN("OPTIONS"));
}

static void find_request(const spbe_check_t *check, spbe_reason_t reason,
                         const char *arg)
{
    spbe_check_find(check, reason, SPBE_IN_REQUEST, SPBE_SPAN_EMPTY, NULL, arg,
                    NULL);
}

static void find_route(const spbe_check_t *check, spbe_match_t *match)
{
    const spbe_view_t *view = check->reading->view;

    if (check->settings->policy == NULL) {
        return;
    }
    *match = spbe_policy_match(check->settings->policy, view->method,
                               view->path, is_preflight(view), check->pool);
    check->verdict->route = match->route;
    if (match->route == NULL) {
        find_request(check, SPBE_REASON_ROUTE, NULL);
    }
    else if (match->allow != NULL) {
        check->verdict->allow = match->allow;
        find_request(check, SPBE_REASON_METHOD, match->allow);
    }
}

/* "application/json, multipart/form-data" */
static const char *media_types(const spbe_operation_t *operation,
                               apr_pool_t *pool)
{
    const char *text = NULL;
    int i;

    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const char *type =
            APR_ARRAY_IDX(operation->bodies, i, spbe_body_t).media_type;

        text = text == NULL ? type : apr_pstrcat(pool, text, ", ", type, NULL);
    }
    return text;
}

static void judge_media(const spbe_check_t *check)
{
    const spbe_operation_t *operation = check->match->operation;
    const spbe_view_t *view = check->reading->view;
    spbe_span_t type = media_type(content_type(view));

    if (operation == NULL) {
        return;
    }
    if (!view->has_body) {
        if (operation->body_required) {
            spbe_check_find(check, SPBE_REASON_SCHEMA, SPBE_IN_REQUEST,
                            SPBE_SPAN_EMPTY, "required", NULL, NULL);
        }
        return;
    }
    /* A body without a type has a reason of its own. */
    if (type.len > 0 && spbe_operation_body(operation, type) == NULL) {
        find_request(check, SPBE_REASON_MEDIA,
                     media_types(operation, check->pool));
    }
}

/* What needs everything that will be read. */
static void finish(const spbe_check_t *check, const spbe_body_t *body)
{
    const spbe_operation_t *operation = check->match->operation;
    const spbe_operation_t *open = spbe_check_open(check->settings);

    if (open != NULL) {
        spbe_check_lines(check, open);
    }
    if (operation != NULL) {
        spbe_check_compare(check, operation->compare,
                           body == NULL ? NULL : body->fields);
    }
    if (body != NULL) {
        spbe_check_compare(check, body->compare, body->fields);
    }
}

void spbe_check_head(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool)
{
    spbe_check_t check = {.settings = settings,
                          .reading = reading,
                          .match = match,
                          .tools = tools,
                          .verdict = verdict,
                          .pool = pool};

    *match = (spbe_match_t){0};
    find_route(&check, match);
    verdict->judged |= match->route != NULL || settings->params != NULL;
    if (match->operation != NULL) {
        spbe_check_params(&check, match->operation->params, HEAD);
    }
    spbe_check_unknown_query(&check);
    judge_media(&check);
    if (!body_follows(reading)) {
        finish(&check, NULL);
    }
}

int spbe_check_wants_body(const spbe_settings_t *settings,
                          const spbe_match_t *match, spbe_span_t content_type)
{
    spbe_body_kind_t kind = spbe_reading_kind(content_type);
    const spbe_body_t *body =
        match->operation == NULL
            ? NULL
            : spbe_operation_body(match->operation, media_type(content_type));

    if (kind != SPBE_BODY_FORM && kind != SPBE_BODY_MULTIPART &&
        kind != SPBE_BODY_JSON) {
        return 0;
    }
    return settings->params != NULL || (body != NULL && body->schema != NULL);
}

static void judge_body(spbe_check_t *check, const spbe_body_t *body)
{
    const spbe_reading_t *reading = check->reading;

    if (body == NULL || body->schema == NULL) {
        return;
    }
    if (reading->kind == SPBE_BODY_JSON && reading->json != NULL) {
        spbe_check_json(check, body->schema, reading->json);
        spbe_check_unknown_json(check, body);
    }
    else if ((reading->kind == SPBE_BODY_FORM ||
              reading->kind == SPBE_BODY_MULTIPART) &&
             body->fields != NULL) {
        spbe_check_form(check, body);
    }
}

void spbe_check_body(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, const spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool)
{
    spbe_check_t check = {.settings = settings,
                          .reading = reading,
                          .match = match,
                          .tools = tools,
                          .verdict = verdict,
                          .pool = pool};
    const spbe_body_t *body = NULL;

    if (!body_follows(reading)) {
        return;
    }
    check.partial = reading->broken || reading->view->body_cut;
    if (match->operation != NULL) {
        body = spbe_operation_body(match->operation,
                                   media_type(content_type(reading->view)));
    }
    judge_body(&check, body);
    spbe_check_other_files(&check, body);
    spbe_check_unknown_form(&check, body);
    finish(&check, body);
}
