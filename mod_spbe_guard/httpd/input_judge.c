/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/input_judge.c - the steps of judging one request. See input_judge.h.
 */
#include "httpd/input_judge.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>

#include "httpd/thread.h"
#include "httpd/view_build.h"

static apr_pool_t *pool_of(const spbe_input_t *input)
{
    return spbe_state_first(input->r)->pool;
}

/* limit: the one that was broken, or 0. */
static void add(spbe_input_t *input, spbe_reason_t reason, spbe_action_t action,
                apr_off_t limit, const char *detail)
{
    spbe_finding_t finding = {.reason = reason,
                              .action = action,
                              .place = SPBE_IN_REQUEST,
                              .field = SPBE_SPAN_EMPTY,
                              .value = SPBE_SPAN_EMPTY,
                              .detail = detail};

    if (limit > 0) {
        finding.arg = apr_off_t_toa(pool_of(input), limit);
    }
    spbe_verdict_add(input->verdict, &finding);
}

/* The check itself failed: SpbeGuardFailMode says what that means. */
static void settle(spbe_input_t *input)
{
    spbe_verdict_t *old = input->verdict, *verdict;
    int i;

    if (old->worst != SPBE_REASON_ENGINE ||
        spbe_conf_fail_mode(input->conf) == SPBE_FAIL_CLOSED) {
        return;
    }
    verdict = spbe_verdict_create(pool_of(input));
    for (i = 0; i < old->findings->nelts; i++) {
        spbe_finding_t finding =
            APR_ARRAY_IDX(old->findings, i, spbe_finding_t);

        if (finding.reason == SPBE_REASON_ENGINE) {
            finding.action = SPBE_ACTION_LOG;
        }
        spbe_verdict_add(verdict, &finding);
    }
    verdict->dropped = old->dropped;
    verdict->allow = old->allow;
    verdict->route = old->route;
    verdict->judged = old->judged;
    verdict->partly = 1;
    input->verdict = verdict;
}

spbe_input_t *spbe_judge_begin(request_rec *r, const spbe_dir_conf_t *conf,
                               const spbe_input_t *before)
{
    spbe_state_t *state = spbe_state_get(r);
    spbe_input_t *input = apr_pcalloc(state->r->pool, sizeof(*input));

    input->r = r;
    input->conf = conf;
    input->mode = spbe_dir_input(conf);
    input->settings = spbe_conf_settings(r->server, conf);
    input->verdict = spbe_verdict_create(state->r->pool);
    input->view = &input->sent;
    if (before == NULL) {
        spbe_view_build(&input->sent, state);
    }
    else {
        /* The headers have changed since: a body that was read has a length. */
        input->sent = before->sent;
        input->sent.body = SPBE_SPAN_EMPTY;
        input->sent.body_cut = 0;
        input->spool = before->spool;
        input->reported = before->reported;
        input->tallied = before->tallied;
    }
    spbe_view_find_file(&input->sent, r);
    input->kind = input->sent.has_body
                      ? spbe_reading_kind(spbe_view_header(
                            &input->sent, "Content-Type", NULL))
                      : SPBE_BODY_NONE;
    return input;
}

static int has_finding(const spbe_verdict_t *verdict,
                       const spbe_finding_t *like)
{
    int i;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (finding->reason == like->reason && finding->place == like->place) {
            return 1;
        }
    }
    return 0;
}

/* Does the policy know the path only as it was rewritten? */
static int counts_as_target(const spbe_input_t *input)
{
    const spbe_policy_t *policy = input->settings.policy;

    return policy != NULL && spbe_view_was_rewritten(&input->sent, input->r) &&
           spbe_policy_match(policy, input->sent.method, input->sent.path, 0,
                             pool_of(input))
                   .route == NULL;
}

/* The application reads what the request was rewritten to; what the client
 * sent was read before, with all that is ambiguous in it. */
static void read_target(spbe_input_t *input)
{
    apr_pool_t *pool = pool_of(input);
    spbe_verdict_t *found = spbe_verdict_create(pool);
    int i;

    spbe_view_build_target(&input->target, &input->sent, input->r);
    input->view = &input->target;
    input->reading =
        spbe_reading_head(input->view, &input->settings, found, pool);
    for (i = 0; i < found->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(found->findings, i, spbe_finding_t);

        if (!has_finding(input->verdict, finding)) {
            spbe_verdict_add(input->verdict, finding);
        }
    }
}

void spbe_judge_head(spbe_input_t *input)
{
    apr_pool_t *pool = pool_of(input);

    input->reading =
        spbe_reading_head(input->view, &input->settings, input->verdict, pool);
    if (counts_as_target(input)) {
        read_target(input);
    }
    spbe_check_head(&input->settings, input->reading, &input->match,
                    spbe_thread_tools(0), input->verdict, pool);
    settle(input);
}

/* What httpd knows of the length before anything is read; -1. */
static apr_off_t told_length(const spbe_input_t *input)
{
    const char *text = apr_table_get(input->r->headers_in, "Content-Length");
    apr_off_t length;
    char *end;

    return text != NULL &&
                   apr_strtoff(&length, text, &end, 10) == APR_SUCCESS &&
                   *end == '\0'
               ? length
               : -1;
}

/* A form or JSON may hide in it: browsers send text without asking first. They
 * tell its length; what is longer than a form may be is none. */
static int is_short_text(const spbe_input_t *input, spbe_span_t type)
{
    apr_off_t length = told_length(input);

    return (input->r->method_number != M_PUT || type.len == 0) && length > 0 &&
           length <= spbe_dir_body_limit(input->conf);
}

int spbe_judge_wants_body(const spbe_input_t *input)
{
    spbe_span_t type = spbe_view_header(&input->sent, "Content-Type", NULL);
    int method = input->r->method_number;

    if (!input->sent.has_body) {
        return 0;
    }
    switch (input->kind) {
    case SPBE_BODY_FORM:
    case SPBE_BODY_MULTIPART:
    case SPBE_BODY_PARTS:
    case SPBE_BODY_JSON:
        return 1;
    case SPBE_BODY_TEXT:
        if (is_short_text(input, type)) {
            return 1;
        }
        break;
    case SPBE_BODY_XML:
        /* A document that is put somewhere is a file. */
        if (method != M_PUT && method != M_PATCH) {
            return 1;
        }
        break;
    default:
        break;
    }
    /* gRPC has no end that could be waited for. What is a form or JSON by its
     * type was read above, whatever else the client says (Upgrade). */
    if (spbe_span_istarts(type, SPBE_SPAN("application/grpc"))) {
        return 0;
    }
    return spbe_check_wants_body(&input->settings, &input->match, type);
}

static int is_typed(const spbe_input_t *input)
{
    return input->kind == SPBE_BODY_FORM || input->kind == SPBE_BODY_JSON ||
           input->kind == SPBE_BODY_XML;
}

apr_off_t spbe_judge_limit(const spbe_input_t *input)
{
    return is_typed(input) ? (apr_off_t)spbe_dir_body_limit(input->conf)
                           : ap_get_limit_req_body(input->r);
}

static spbe_action_t too_large_action(const spbe_input_t *input)
{
    return spbe_dir_body_pass(input->conf)
               ? SPBE_ACTION_LOG
               : spbe_settings_action(&input->settings, SPBE_REASON_TOO_LARGE,
                                      SPBE_SPAN_EMPTY);
}

static void too_large(spbe_input_t *input, const char *detail)
{
    add(input, SPBE_REASON_TOO_LARGE, too_large_action(input),
        (apr_off_t)spbe_dir_body_limit(input->conf), detail);
    input->verdict->partly = 1;
}

static int has_files(const spbe_reading_t *reading)
{
    int i;

    for (i = 0; reading->form != NULL && i < reading->form->nelts; i++) {
        if (APR_ARRAY_IDX(reading->form, i, spbe_field_t).place ==
            SPBE_IN_FILE) {
            return 1;
        }
    }
    return 0;
}

/* A multipart body may be as large as its files; the rest of it may not. */
static void limit_fields(spbe_input_t *input)
{
    const spbe_reading_t *reading = input->reading;
    apr_int64_t sum = 0;
    int i;

    if (input->kind != SPBE_BODY_MULTIPART || reading->form == NULL) {
        return;
    }
    for (i = 0; i < reading->form->nelts; i++) {
        const spbe_field_t *field =
            &APR_ARRAY_IDX(reading->form, i, spbe_field_t);

        if (field->place != SPBE_IN_FILE) {
            sum += (apr_int64_t)(field->name.len + field->value.len);
        }
    }
    if (sum > spbe_dir_body_limit(input->conf)) {
        add(input, SPBE_REASON_TOO_LARGE, too_large_action(input),
            (apr_off_t)spbe_dir_body_limit(input->conf),
            "fields of a multipart body");
    }
}

static void examine(spbe_input_t *input)
{
    apr_pool_t *pool = pool_of(input);

    spbe_reading_body(input->reading, &input->settings, input->verdict, pool);
    limit_fields(input);
    spbe_check_body(&input->settings, input->reading, &input->match,
                    spbe_thread_tools(has_files(input->reading)),
                    input->verdict, pool);
    settle(input);
}

int spbe_judge_is_over(const spbe_input_t *input)
{
    return input->verdict->status != 0 &&
           input->verdict->status != HTTP_UNPROCESSABLE_ENTITY;
}

void spbe_judge_no_body(spbe_input_t *input)
{
    examine(input);
}

static spbe_spool_t *read_body(const spbe_input_t *input)
{
    apr_off_t limit = spbe_judge_limit(input);

    return input->r->kept_body != NULL ? spbe_spool_kept(input->r, limit)
                                       : spbe_spool_read(input->r, limit);
}

/* More than may come at all? Said before anything is read; httpd itself does
 * not hold what goes to a backend to LimitRequestBody. */
static int refused_by_length(spbe_input_t *input, apr_off_t limit)
{
    if (limit == 0 || told_length(input) <= limit) {
        return 0;
    }
    if (is_typed(input)) {
        if (too_large_action(input) != SPBE_ACTION_REJECT) {
            return 0;
        }
        too_large(input, "by its Content-Length");
    }
    else {
        add(input, SPBE_REASON_TOO_LARGE, SPBE_ACTION_REJECT, limit,
            "LimitRequestBody, by its Content-Length");
    }
    return 1;
}

/* Only the first bytes of the body are here, or more than may be. */
static void judge_cut(spbe_input_t *input, apr_off_t limit)
{
    if (!is_typed(input)) {
        add(input, SPBE_REASON_TOO_LARGE, SPBE_ACTION_REJECT, limit,
            "LimitRequestBody");
        return;
    }
    too_large(input, NULL);
    input->view->body = spbe_span_slice(input->view->body, 0, (size_t)limit);
    input->view->body_cut = 1;
}

int spbe_judge_body(spbe_input_t *input)
{
    apr_off_t limit = spbe_judge_limit(input);
    spbe_spool_t *spool = input->spool;

    if (spool == NULL && refused_by_length(input, limit)) {
        return OK;
    }
    if (spool == NULL) {
        spool = input->spool = read_body(input);
    }
    if (spool->end == SPBE_SPOOL_BROKEN) {
        return spool->status;
    }
    if (spool->end == SPBE_SPOOL_FAILED) {
        add(input, SPBE_REASON_ENGINE, SPBE_ACTION_REJECT, 0, spool->why);
        input->verdict->partly = 1;
        settle(input);
        return OK;
    }
    if (spool->kept == 0 && told_length(input) > 0) {
        /* Another module was quicker: there is nothing left to examine. */
        input->verdict->partly = 1;
        return OK;
    }
    input->view->body = spool->data;
    if (spool->end == SPBE_SPOOL_OVER || (limit > 0 && spool->kept > limit)) {
        judge_cut(input, limit);
    }
    if (!spbe_judge_is_over(input)) {
        examine(input);
    }
    return OK;
}

void spbe_judge_watched(spbe_input_t *input)
{
    const spbe_watch_t *watch = input->watch;

    input->verdict->partly = 0;
    if (watch->more && is_typed(input)) {
        too_large(input, NULL);
    }
    if (watch->lost || (watch->len == 0 && !watch->ended)) {
        input->verdict->partly = 1;
        return;
    }
    input->view->body =
        (spbe_span_t){watch->bytes == NULL ? "" : watch->bytes, watch->len};
    input->view->body_cut = watch->more || !watch->ended;
    input->verdict->partly |= input->view->body_cut;
    examine(input);
}
