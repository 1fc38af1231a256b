/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_method.c - what method a request really means: a POST that says
 * it is another (header fields, _method), and a CORS preflight.
 *
 * Whether the application listens to an override is not known here, so that a
 * request must be right as both.
 */
#include "input/check_int.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#define METHODS_MAX 8

static void add_method(apr_array_header_t *methods, spbe_span_t value,
                       apr_pool_t *pool)
{
    char *method = spbe_span_dup(spbe_span_trim(value), pool), *p;
    int i;

    for (p = method; *p != '\0'; p++) {
        *p = (char)apr_toupper(*p);
    }
    for (i = 0; i < methods->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(methods, i, const char *), method) == 0) {
            return;
        }
    }
    if (method[0] != '\0' && strcmp(method, "POST") != 0 &&
        methods->nelts < METHODS_MAX) {
        APR_ARRAY_PUSH(methods, const char *) = method;
    }
}

static void add_headers(const spbe_view_t *view, apr_array_header_t *methods,
                        apr_pool_t *pool)
{
    static const char *const names[] = {"X-HTTP-Method-Override",
                                        "X-HTTP-Method", "X-Method-Override"};
    size_t k;
    int i;

    for (i = 0; view->headers != NULL && i < view->headers->nelts; i++) {
        const spbe_header_t *header =
            &APR_ARRAY_IDX(view->headers, i, spbe_header_t);

        for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            if (spbe_span_ieq(header->name, spbe_span_from(names[k]))) {
                add_method(methods, header->value, pool);
            }
        }
    }
}

static void add_fields(const apr_array_header_t *fields,
                       apr_array_header_t *methods, apr_pool_t *pool)
{
    int i;

    for (i = 0; fields != NULL && i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);

        if (spbe_span_eq(field->name, SPBE_SPAN("_method"))) {
            add_method(methods, field->value, pool);
        }
    }
}

int spbe_check_is_post(const spbe_check_t *check)
{
    return spbe_span_eq(check->reading->view->method, SPBE_SPAN("POST"));
}

void spbe_check_find_method(const spbe_check_t *check, const char *allow)
{
    check->verdict->allow = allow;
    spbe_check_find(check, SPBE_REASON_METHOD, SPBE_IN_REQUEST, SPBE_SPAN_EMPTY,
                    NULL, allow, NULL);
}

spbe_match_t spbe_check_match(const spbe_settings_t *settings,
                              const spbe_view_t *view, spbe_span_t method,
                              int preflight, apr_pool_t *pool)
{
    spbe_match_t match = spbe_policy_match(settings->policy, method, view->path,
                                           preflight, pool);

    if (match.route == NULL && view->file.len > 0) {
        match = spbe_policy_match(settings->policy, method, view->file,
                                  preflight, pool);
        match.behind = match.route != NULL;
    }
    return match;
}

static spbe_match_t match_as(const spbe_check_t *check, spbe_span_t method)
{
    return spbe_check_match(check->settings, check->reading->view, method, 0,
                            check->pool);
}

apr_array_header_t *spbe_check_overrides(const spbe_check_t *check, int of_form,
                                         int say)
{
    apr_array_header_t *methods =
        apr_array_make(check->pool, 2, sizeof(const char *));
    apr_array_header_t *matches =
        apr_array_make(check->pool, 2, sizeof(spbe_match_t));
    int i;

    if (!spbe_check_is_post(check) || check->match->route == NULL) {
        return matches;
    }
    if (of_form) {
        add_fields(check->reading->form, methods, check->pool);
    }
    else {
        add_headers(check->reading->view, methods, check->pool);
        add_fields(check->reading->query, methods, check->pool);
    }
    for (i = 0; i < methods->nelts; i++) {
        spbe_match_t match = match_as(
            check, spbe_span_from(APR_ARRAY_IDX(methods, i, const char *)));

        if (match.operation != NULL) {
            APR_ARRAY_PUSH(matches, spbe_match_t) = match;
        }
        else if (say) {
            spbe_check_find_method(check, match.allow);
        }
    }
    return matches;
}

int spbe_check_preflight(const spbe_check_t *check, spbe_match_t *asked)
{
    const spbe_view_t *view = check->reading->view;
    spbe_span_t method;
    int found;

    method = spbe_view_header(view, "Access-Control-Request-Method", &found);
    if (!found || !spbe_span_eq(view->method, SPBE_SPAN("OPTIONS"))) {
        return 0;
    }
    *asked = check->settings->policy == NULL ? (spbe_match_t){0}
                                             : match_as(check, method);
    return 1;
}
