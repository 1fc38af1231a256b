/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check.c - the order in which a request is judged. See check.h.
 */
#include "input/check_int.h"

#include <apr_strings.h>

#define HEAD                                                                   \
    (1u << SPBE_IN_PATH | 1u << SPBE_IN_QUERY | 1u << SPBE_IN_HEADER |         \
     1u << SPBE_IN_COOKIE)
#define PREFLIGHT (1u << SPBE_IN_PATH | 1u << SPBE_IN_QUERY)

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
    return reading->view->has_body && is_read(reading->kind);
}

static void find_request(const spbe_check_t *check, spbe_reason_t reason,
                         const char *arg)
{
    spbe_check_find(check, reason, SPBE_IN_REQUEST, SPBE_SPAN_EMPTY, NULL, arg,
                    NULL);
}

/* Applications drop a path parameter before they look where a path leads, or
 * do not: which rules are theirs is not known. */
static void find_beside(const spbe_check_t *check)
{
    spbe_finding_t finding = {
        .reason = SPBE_REASON_PATH,
        .action = spbe_settings_action(check->settings, SPBE_REASON_PATH,
                                       SPBE_SPAN_EMPTY),
        .place = SPBE_IN_PATH,
        .field = SPBE_SPAN_EMPTY,
        .value = SPBE_SPAN_EMPTY,
        .detail = "a path parameter that is not declared"};

    spbe_verdict_add(check->verdict, &finding);
}

/* A form's "_method" may still say that it is one that the path has. */
static int is_undecided(const spbe_check_t *check)
{
    return check->match->allow != NULL && spbe_check_is_post(check) &&
           body_follows(check->reading) &&
           check->reading->kind != SPBE_BODY_JSON;
}

/* *asked: by what path and query are judged; of a preflight that is the
 * request it asks for. */
static void find_route(const spbe_check_t *check, spbe_match_t *match,
                       spbe_match_t *asked)
{
    const spbe_view_t *view = check->reading->view;
    int preflight = spbe_check_preflight(check, asked);
    const apr_array_header_t *others;

    if (check->settings->policy == NULL) {
        return;
    }
    *match = spbe_check_match(check->settings, view, view->method, preflight,
                              check->pool);
    check->verdict->route = match->route;
    if (match->route == NULL || match->behind) {
        find_request(check, SPBE_REASON_ROUTE, NULL);
    }
    if (match->route == NULL) {
        return;
    }
    if (match->beside) {
        find_beside(check);
    }
    others = spbe_check_overrides(check, 0, 0);
    if (match->operation == NULL && others->nelts > 0) {
        *match = APR_ARRAY_IDX(others, 0, spbe_match_t);
    }
    if (match->allow != NULL && !is_undecided(check)) {
        spbe_check_find_method(check, match->allow);
    }
    if (!preflight || match->operation != NULL) {
        *asked = *match;
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

static int has_form_lines(const spbe_operation_t *open)
{
    int i;

    for (i = 0; i < open->params->nelts; i++) {
        spbe_place_t in = APR_ARRAY_IDX(open->params, i, spbe_param_t).in;

        if (in == SPBE_IN_FORM || in == SPBE_IN_FILE) {
            return 1;
        }
    }
    return 0;
}

/* Parameter lines speak of a form: a POST in a type where none of them could be
 * found would go by all of them. What the policy declares is no such thing,
 * and PUT is how files are put somewhere. */
static void judge_lines_media(const spbe_check_t *check)
{
    const spbe_operation_t *open = spbe_check_open(check->settings);
    const spbe_view_t *view = check->reading->view;

    if (open == NULL || check->match->operation != NULL || !view->has_body ||
        body_follows(check->reading) || content_type(view).len == 0 ||
        !has_form_lines(open) ||
        (!spbe_check_is_post(check) &&
         !spbe_span_eq(view->method, SPBE_SPAN("PATCH")))) {
        return;
    }
    find_request(check, SPBE_REASON_MEDIA,
                 "application/x-www-form-urlencoded, multipart/form-data, "
                 "application/json");
}

static void judge_lines(const spbe_check_t *check)
{
    const spbe_operation_t *open = spbe_check_open(check->settings);

    if (open != NULL) {
        spbe_check_lines(check, open);
    }
}

/* What the head says, as one operation sees it. */
static void judge_head(spbe_check_t check, const spbe_match_t *match,
                       unsigned places)
{
    check.match = match;
    /* What a preflight lacks the request behind it is told of, in an answer
     * that the page may read. */
    check.partial = places != HEAD;
    if (match->operation != NULL) {
        spbe_check_params(&check, match->operation->params, places);
        if (!body_follows(check.reading)) {
            spbe_check_compare(&check, match->operation->compare, NULL);
        }
    }
    spbe_check_unknown_query(&check);
    if (places == HEAD) {
        judge_media(&check);
    }
}

/* Has anything been, or will anything be, compared with a rule? */
static int is_judged(const spbe_check_t *check, const spbe_match_t *asked)
{
    if (asked->operation != NULL || check->match->allow != NULL) {
        return 1;
    }
    return check->settings->params != NULL &&
           (!check->reading->view->has_body || body_follows(check->reading));
}

static spbe_check_t make_check(const spbe_settings_t *settings,
                               const spbe_reading_t *reading,
                               const spbe_match_t *match,
                               const spbe_check_tools_t *tools,
                               spbe_verdict_t *verdict, apr_pool_t *pool)
{
    return (spbe_check_t){.settings = settings,
                          .reading = reading,
                          .match = match,
                          .tools = tools,
                          .verdict = verdict,
                          .pool = pool};
}

void spbe_check_head(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool)
{
    spbe_check_t check =
        make_check(settings, reading, match, tools, verdict, pool);
    spbe_match_t asked = {0};
    const apr_array_header_t *others;
    int i;

    *match = (spbe_match_t){0};
    find_route(&check, match, &asked);
    verdict->judged |= is_judged(&check, &asked);
    if (asked.operation != match->operation) {
        /* Of a preflight: no header, cookie or body of the real one is there.
         */
        judge_head(check, &asked, PREFLIGHT);
    }
    else {
        judge_head(check, match, HEAD);
    }
    others = spbe_check_overrides(&check, 0, 1);
    for (i = 0; i < others->nelts; i++) {
        const spbe_match_t *other = &APR_ARRAY_IDX(others, i, spbe_match_t);

        if (other->operation != match->operation) {
            judge_head(check, other, HEAD);
        }
    }
    judge_lines_media(&check);
    if (!body_follows(reading)) {
        judge_lines(&check);
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

/* The body as one operation sees it. */
static void judge_operation(spbe_check_t check, const spbe_match_t *match)
{
    const spbe_operation_t *operation = match->operation;
    const spbe_body_t *body = NULL;

    check.match = match;
    if (operation != NULL) {
        body = spbe_operation_body(
            operation, media_type(content_type(check.reading->view)));
    }
    judge_body(&check, body);
    spbe_check_other_files(&check, body);
    spbe_check_unknown_form(&check, body);
    if (operation != NULL) {
        spbe_check_compare(&check, operation->compare,
                           body == NULL ? NULL : body->fields);
    }
    if (body != NULL) {
        spbe_check_compare(&check, body->compare, body->fields);
    }
}

/* What the form's own "_method" says: its head has not been judged yet. */
static void judge_form_method(const spbe_check_t *check)
{
    const apr_array_header_t *others = spbe_check_overrides(check, 1, 1);
    int i;

    if (others->nelts == 0 && is_undecided(check)) {
        spbe_check_find_method(check, check->match->allow);
    }
    for (i = 0; i < others->nelts; i++) {
        const spbe_match_t *other = &APR_ARRAY_IDX(others, i, spbe_match_t);

        if (other->operation != check->match->operation) {
            judge_head(*check, other, HEAD);
            judge_operation(*check, other);
        }
    }
}

void spbe_check_body(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, const spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool)
{
    spbe_check_t check =
        make_check(settings, reading, match, tools, verdict, pool);
    const apr_array_header_t *others;
    int i;

    if (!body_follows(reading)) {
        return;
    }
    check.partial = reading->broken || reading->view->body_cut;
    judge_operation(check, match);
    others = spbe_check_overrides(&check, 0, 0);
    for (i = 0; i < others->nelts; i++) {
        const spbe_match_t *other = &APR_ARRAY_IDX(others, i, spbe_match_t);

        if (other->operation != match->operation) {
            judge_operation(check, other);
        }
    }
    judge_form_method(&check);
    judge_lines(&check);
}
