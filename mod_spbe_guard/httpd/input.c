/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/input.c - the hook of Validasi Input. See input.h.
 *
 * ON: the body is read in fixups, judged, and given again by replay.c.
 * DETECT: nothing is read; watch.c sees the body pass by.
 */
#include "httpd/input.h"

#include <string.h>

#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "httpd/input_judge.h"
#include "httpd/refuse.h"
#include "httpd/replay.h"
#include "httpd/report_input.h"
#include "httpd/tally.h"

spbe_input_t *spbe_input_of(const request_rec *r)
{
    const spbe_state_t *state = spbe_state_find(r);

    return state == NULL ? NULL : state->input;
}

int spbe_input_has_rules(const spbe_dir_conf_t *conf)
{
    return (conf->policy_file != NULL && conf->policy_file->policy != NULL) ||
           (conf->params != NULL && conf->params->policy != NULL);
}

const spbe_settings_t *spbe_input_settings(const spbe_dir_conf_t *conf,
                                           apr_pool_t *pool)
{
    spbe_settings_t *settings = apr_palloc(pool, sizeof(*settings));

    *settings = spbe_conf_settings(NULL, conf);
    return settings;
}

/* An ErrorDocument, or what one was rewritten to: the answer to a request that
 * has had its judgement. */
static int is_for_error(const request_rec *r)
{
    for (r = r->prev; r != NULL; r = r->prev) {
        if (ap_is_HTTP_ERROR(r->status)) {
            return 1;
        }
    }
    return 0;
}

/* Our own handlers serve nothing of the application's. */
static int is_own_handler(const request_rec *r)
{
    return r->handler != NULL && strncmp(r->handler, "spbe-guard-", 11) == 0;
}

/* Of a forward proxy: what runs in it has no request's form. */
static int is_tunnel(const request_rec *r)
{
    return r->method_number == M_CONNECT && r->proxyreq == PROXYREQ_PROXY;
}

static int is_ours(const request_rec *r)
{
    return r->main == NULL && !is_tunnel(r) &&
           spbe_dir_input(spbe_conf_dir(r)) > SPBE_MODE_OFF &&
           !is_for_error(r) && !is_own_handler(r);
}

static void tally(spbe_input_t *input, request_rec *r)
{
    if (!input->tallied &&
        (input->sent.has_body || input->sent.query.len > 0)) {
        spbe_tally_verdict(r, input->verdict);
    }
    input->tallied = 1;
}

/* No more will be found: what was found and not refused is recorded. */
static void finish(spbe_input_t *input, request_rec *r)
{
    int found = input->verdict->findings->nelts;

    input->finished = 1;
    if (found > input->reported) {
        spbe_report_verdict(r, input->verdict, 0);
        input->reported = found;
    }
    tally(input, r);
}

static int refuse(spbe_input_t *input, request_rec *r)
{
    input->finished = 1;
    /* The handler has not been reached, whatever its filters believe. */
    spbe_state_get(r)->handled = 0;
    tally(input, r);
    input->reported = input->verdict->findings->nelts;
    return spbe_refuse(r, input->verdict);
}

static int must_refuse(const spbe_input_t *input)
{
    return input->mode == SPBE_MODE_ON && input->verdict->status != 0;
}

static void on_watched(void *baton)
{
    spbe_input_t *input = baton;

    if (!input->finished) {
        spbe_judge_watched(input);
        finish(input, input->r);
    }
}

static void plan_watch(spbe_input_t *input, request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    apr_int64_t expected = length == NULL ? 0 : apr_atoi64(length);

    input->watch = spbe_watch_create(
        (apr_size_t)spbe_dir_body_limit(input->conf),
        expected > 0 ? (apr_size_t)expected : 0, spbe_state_first(r)->pool);
    input->watch->at_end = on_watched;
    input->watch->baton = input;
    /* The application is told before the body has been seen. */
    input->verdict->partly = 1;
}

static void show_in_record(const spbe_input_t *input)
{
    spbe_state_t *state = spbe_state_get(input->r);
    spbe_span_t data = input->spool->data;

    state->peek = data.ptr;
    state->peek_len = data.len < SPBE_PEEK_MAX ? data.len : SPBE_PEEK_MAX;
    state->body_len = (apr_uint64_t)input->spool->kept;
}

/* OK, or a status of httpd's own. */
static int judge_body(spbe_input_t *input, request_rec *r)
{
    int status = OK;

    if (!spbe_judge_wants_body(input)) {
        if (input->sent.has_body) {
            input->verdict->partly = 1;
        }
        else {
            spbe_judge_no_body(input);
        }
        return OK;
    }
    if (input->mode == SPBE_MODE_ON || input->spool != NULL) {
        status = spbe_judge_body(input);
        if (input->spool != NULL) {
            show_in_record(input);
        }
    }
    else {
        plan_watch(input, r);
    }
    return status;
}

static int has_body(const request_rec *r)
{
    return apr_table_get(r->headers_in, "Content-Length") != NULL ||
           apr_table_get(r->headers_in, "Transfer-Encoding") != NULL;
}

/* For whoever reads next: another module in fixups, then the handler. What a
 * module kept (mod_request) it gives again itself. */
static void replay(request_rec *r, spbe_input_t *input)
{
    if (input->spool != NULL && r->kept_body == NULL && has_body(r)) {
        spbe_replay_insert(r, input->spool);
    }
}

/* DECLINED, or the status of a refusal. */
static int judge(request_rec *r)
{
    const spbe_dir_conf_t *conf = spbe_conf_dir(r);
    spbe_state_t *state = spbe_state_get(r);
    spbe_input_t *before = state->input, *input;
    int status;

    if (before != NULL) {
        if (spbe_conf_covers(before->conf, conf)) {
            spbe_verdict_env(r, before->verdict);
            return DECLINED;
        }
        before->finished = 1;
    }
    input = state->input = spbe_judge_begin(r, conf, before);
    spbe_judge_head(input);
    if (must_refuse(input) && spbe_judge_is_over(input)) {
        return refuse(input, r);
    }
    status = judge_body(input, r);
    if (status != OK) {
        input->finished = 1;
        return status;
    }
    if (must_refuse(input)) {
        return refuse(input, r);
    }
    replay(r, input);
    spbe_verdict_env(r, input->verdict);
    return DECLINED;
}

static int on_fixups(request_rec *r)
{
    return is_ours(r) ? judge(r) : DECLINED;
}

static void give_body(request_rec *r, spbe_input_t *input)
{
    replay(r, input);
    if (input->watch != NULL && !input->finished) {
        input->r = r;
        spbe_watch_insert(r, input->watch);
    }
}

static void on_insert(request_rec *r)
{
    spbe_input_t *input = spbe_input_of(r);

    if (input != NULL && r->main == NULL && !is_for_error(r)) {
        give_body(r, input);
    }
}

/*
 * The last moment before a handler. DirectoryIndex and content negotiation
 * change the settings of a request after its fixups: what they lead to is
 * judged under them.
 */
static int on_handler(request_rec *r)
{
    spbe_input_t *before = spbe_input_of(r), *input;
    int status = DECLINED;

    if (is_ours(r)) {
        status = judge(r);
    }
    input = spbe_input_of(r);
    if (status != DECLINED || input == NULL || r->main != NULL) {
        return status;
    }
    if (input != before) {
        give_body(r, input);
    }
    if (input->watch == NULL && !input->finished && !is_for_error(r)) {
        finish(input, r);
    }
    return DECLINED;
}

/* What never came to a handler, and bodies that nobody read to the end. */
static int on_end(request_rec *r)
{
    spbe_input_t *input = spbe_input_of(r);

    if (input == NULL || input->finished) {
        return DECLINED;
    }
    if (input->watch != NULL) {
        spbe_judge_watched(input);
    }
    while (r->next != NULL) {
        r = r->next;
    }
    finish(input, r);
    return DECLINED;
}

void spbe_input_hooks(apr_pool_t *p)
{
    /* Behind our own hooks of REALLY_FIRST (reference, hidden files), before
     * everybody else's: mod_rewrite's fixup redirects. */
    ap_hook_fixups(on_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST + 1);
    ap_hook_insert_filter(on_insert, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(on_handler, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_log_transaction(on_end, NULL, NULL, APR_HOOK_REALLY_FIRST);
    spbe_replay_hooks(p);
    spbe_watch_hooks(p);
}
