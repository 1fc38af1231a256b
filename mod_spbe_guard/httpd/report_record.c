/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_record.c - the parts of a record that come from a request.
 */
#include "httpd/report_record.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "httpd/input.h"
#include "httpd/runtime.h"
#include "httpd/shorten.h"
#include "httpd/thread.h"
#include "record/trigger.h"

APLOG_USE_MODULE(spbe_guard);

#define RECORD_LIMIT (64 * 1024)
#define TOOL_PAGE (24 * 1024)

spbe_record_t spbe_report_base(request_rec *r, const spbe_dir_conf_t *conf,
                               const char *kind)
{
    const spbe_state_t *state = spbe_state_get(r);
    const spbe_runtime_t *runtime = spbe_runtime_get(r->server);
    const request_rec *first = state->r;
    const char *name = spbe_dir_application(conf);
    const char *host = r->server->server_hostname;
    spbe_record_t record = { 0 };

    record.id = record.of = state->ref.id;
    record.ref = state->ref.ref;
    record.ts = apr_time_now();
    record.kind = kind;
    record.severity = "error";
    record.node = runtime == NULL ? NULL : runtime->sink->node;
    record.application = name != NULL ? name : host;
    record.owner = spbe_dir_application_owner(conf);
    record.data = spbe_dir_application_data(conf);
    record.vhost = host;
    record.host = first->hostname;
    record.client = first->useragent_ip;
    record.route = spbe_trigger_route(first->uri == NULL ? "-" : first->uri,
                                      r->pool);
    record.method = state->method;
    return record;
}

const char *spbe_report_route(request_rec *r)
{
    const request_rec *first = spbe_state_first(r);
    char *path = apr_pstrdup(r->pool, first->parsed_uri.path);

    if (path == NULL || ap_unescape_url(path) != OK) {
        path = first->uri == NULL ? apr_pstrdup(r->pool, "-") : first->uri;
    }
    return apr_pstrndup(r->pool, spbe_trigger_route(path, r->pool),
                        SPBE_TALLIES_ROUTE - 1);
}

/* Lines that named the request, then those of mod_proxy that named nobody. */
static apr_array_header_t *log_lines(spbe_state_t *state, apr_pool_t *pool)
{
    apr_array_header_t *out = apr_array_make(pool, 8, sizeof(const char *));
    spbe_thread_t *thread = spbe_thread_get();

    spbe_lines_append(&state->lines, 0, out);
    spbe_lines_append(&thread->lines, 0, out);
    state->lines_recorded = state->lines.len;
    spbe_lines_clear(&thread->lines);
    if (state->lines.dropped > 0) {
        APR_ARRAY_PUSH(out, const char *) = apr_psprintf(
            pool, "[%u more lines are in the error log only]",
            state->lines.dropped);
    }
    return out;
}

static spbe_span_t joined(const apr_array_header_t *lines, apr_pool_t *pool)
{
    return spbe_span_from(apr_array_pstrcat(pool, lines, '\n'));
}

/* No trace: which setting would bring one? */
static const char *hint_for(const request_rec *r, int by_server)
{
    const char *handler = r->handler == NULL ? "" : r->handler;

    if (by_server && r->proxyreq != PROXYREQ_NONE) {
        return "no trace: with ProxyErrorOverride On httpd throws the "
               "backend's body away unread; set it Off to see the cause, or "
               "look into the backend's own log";
    }
    if (strcmp(handler, "cgi-script") == 0) {
        return "no trace: the script wrote nothing to standard error, or "
               "mod_cgid passes it by httpd; load mod_cgi instead of mod_cgid";
    }
    if (strstr(handler, "fcgi") != NULL || strstr(handler, "php") != NULL) {
        return "no trace: set log_errors=On, error_log unset, "
               "catch_workers_output=yes and log_limit=8192 in PHP-FPM";
    }
    if (r->proxyreq != PROXYREQ_NONE) {
        return "no trace: let the application write the trace into the body "
               "of its error response (the guard hides it), or to a log";
    }
    return "no trace: neither the response nor the error log held one";
}

/* As the handler read it, or as the check did before the handler was reached. */
static spbe_span_t first_of_body(const spbe_state_t *state,
                                 apr_uint64_t *length)
{
    const spbe_input_t *input = spbe_input_of(state->r);

    *length = state->body_len;
    if (state->peek_len > 0 || input == NULL || input->view == NULL) {
        return (spbe_span_t){ state->peek == NULL ? "" : state->peek,
                              state->peek_len };
    }
    *length = input->view->body.len;
    return spbe_span_slice(input->view->body, 0, SPBE_PEEK_MAX);
}

const spbe_sensitive_t *spbe_report_sensitive(request_rec *r)
{
    const spbe_input_t *input = spbe_input_of(r);
    spbe_sensitive_t *sensitive;

    if (input == NULL) {
        return NULL;
    }
    sensitive = apr_palloc(r->pool, sizeof(*sensitive));
    sensitive->operation = input->match.operation;
    sensitive->params = input->settings.params;
    sensitive->pool = r->pool;
    return sensitive;
}

static const char *input_json(request_rec *r, const spbe_state_t *state,
                              const spbe_redact_t *redaction)
{
    const request_rec *first = state->r;
    spbe_trigger_input_t input = {
        .method = state->method,
        .path = first->parsed_uri.path != NULL ? first->parsed_uri.path
                                               : first->uri == NULL ? "-"
                                                                    : first->uri,
        .query = first->parsed_uri.query,
        .content_type = apr_table_get(first->headers_in, "Content-Type"),
        .cookie = apr_table_get(first->headers_in, "Cookie"),
        .headers = first->headers_in,
        .sensitive = spbe_report_sensitive(r),
    };

    input.body = first_of_body(state, &input.body_length);

    return spbe_trigger_json(redaction, &input, r->pool);
}

const char *spbe_report_input(request_rec *r)
{
    return input_json(r, spbe_state_get(r),
                      spbe_conf_server(r->server)->redaction);
}

apr_array_header_t *spbe_report_lines(request_rec *r)
{
    return log_lines(spbe_state_get(r), r->pool);
}

static const char *top_frame(const spbe_trace_t *trace, apr_pool_t *pool)
{
    const spbe_frame_t *frame = NULL;
    int i;

    for (i = 0; i < trace->frames->nelts; i++) {
        frame = &APR_ARRAY_IDX(trace->frames, i, spbe_frame_t);
        if (!frame->vendor) {
            break;
        }
    }
    if (frame == NULL) {
        return NULL;
    }
    return apr_psprintf(pool, "%s %s:%ld",
                        frame->function == NULL ? "-" : frame->function,
                        frame->file == NULL ? "-" : frame->file, frame->line);
}

static void set_trace(spbe_record_t *record, const spbe_trace_t *trace,
                      apr_pool_t *pool)
{
    record->exception = trace->exception;
    record->message = trace->message;
    record->frames = trace->frames;
    record->frame = top_frame(trace, pool);
    record->title = spbe_trace_title(trace, pool);
    record->trace = trace->text;
    record->seams = trace->seams;
}

/* From the body or from the log, whichever tells more. */
static int find_trace(spbe_span_t body, spbe_span_t log, const char *runtime,
                      spbe_trace_t *trace, apr_pool_t *pool)
{
    spbe_trace_t other;
    int found = spbe_trace_parse(body, runtime, trace, pool);

    if (log.len > 0 && (!found || trace->frames->nelts == 0)
        && spbe_trace_parse(log, runtime, &other, pool)
        && (!found || other.frames->nelts > 0)) {
        *trace = other;
        found = 1;
    }
    return found;
}

/* phpinfo() and the like are no fault of an exception: somebody left a tool
 * for developers reachable. */
static int is_debug_page(const spbe_rule_t *rule)
{
    return rule != NULL && strcmp(rule->kind, "debug-page") == 0;
}

/* Whom SpbeGuardApplication names for this class of fault; both for unknown. */
static const char *assignee(spbe_class_t class, const spbe_dir_conf_t *conf,
                            apr_pool_t *pool)
{
    const char *dev = spbe_dir_application_dev(conf);
    const char *sysadmin = spbe_dir_application_sysadmin(conf);

    if (class == SPBE_CLASS_CODE) {
        return dev;
    }
    if (class != SPBE_CLASS_UNKNOWN || dev == NULL) {
        return sysadmin;
    }
    return sysadmin == NULL ? dev
                            : apr_pstrcat(pool, dev, ", ", sysadmin, NULL);
}

/* What the words did not decide the kind of leak does. */
static spbe_verdict_class_t by_rule(spbe_verdict_class_t verdict,
                                    const spbe_rule_t *rule, apr_pool_t *pool)
{
    if (verdict.class != SPBE_CLASS_UNKNOWN || rule == NULL) {
        return verdict;
    }
    if (strcmp(rule->kind, "database") == 0) {
        verdict.class = SPBE_CLASS_DATABASE;
    }
    else if (strcmp(rule->kind, "debug-page") == 0
             || strcmp(rule->kind, "server-page") == 0) {
        verdict.class = SPBE_CLASS_CONFIGURATION;
    }
    else {
        verdict.class = SPBE_CLASS_CODE;
    }
    verdict.rule = rule->id;
    verdict.why = apr_pstrcat(pool, "a leak of the kind ", rule->kind, NULL);
    return verdict;
}

static void set_class(spbe_record_t *record, spbe_verdict_class_t verdict,
                      const spbe_rule_t *rule, spbe_span_t body,
                      const spbe_dir_conf_t *conf, apr_pool_t *pool)
{
    verdict = by_rule(verdict, rule, pool);
    /* phpinfo() and its like name everything: words decide nothing there. */
    if (record->frames == NULL && is_debug_page(rule)
        && body.len > TOOL_PAGE) {
        verdict.class = SPBE_CLASS_CONFIGURATION;
        verdict.rule = rule->id;
        verdict.why = "a page for developers can be reached";
    }
    record->class_name = spbe_class_name(verdict.class);
    record->responsible = spbe_class_responsible(verdict.class);
    record->assignee = assignee(verdict.class, conf, pool);
    record->why = apr_pstrcat(pool, verdict.rule, ": ", verdict.why, NULL);
}

static void set_title(spbe_record_t *record, const request_rec *r,
                      const spbe_rule_t *rule)
{
    record->title = rule == NULL
                        ? apr_psprintf(r->pool, "HTTP %d without a trace",
                                       record->status_in)
                        : apr_psprintf(r->pool, "HTTP %d: %s",
                                       record->status_in, rule->id);
}

void spbe_report_fault(spbe_record_t *record, request_rec *r,
                       spbe_span_t body, const spbe_rule_t *rule,
                       int by_server)
{
    const spbe_server_conf_t *server = spbe_conf_server(r->server);
    spbe_state_t *state = spbe_state_get(r);
    apr_array_header_t *lines = log_lines(state, r->pool);
    spbe_span_t log = joined(lines, r->pool);
    const char *runtime = rule == NULL ? NULL : rule->runtime;
    spbe_trace_t trace;
    int found = find_trace(body, log, runtime, &trace, r->pool);
    spbe_class_input_t in = { body, log, found ? &trace : NULL, runtime,
                              record->status_in, by_server };

    record->log_lines = lines;
    if (found) {
        set_trace(record, &trace, r->pool);
    }
    else {
        set_title(record, r, rule);
    }
    if (trace.frames->nelts == 0 && !is_debug_page(rule)) {
        record->hint = hint_for(r, by_server);
    }
    set_class(record, spbe_classify(server->classes, &in, r->pool), rule,
              body, spbe_conf_dir(r), r->pool);
    record->fingerprint = spbe_trace_fingerprint(
        &trace, record->application, record->route, r->pool);
    if (record->trace.len == 0) {
        record->trace = body;
    }
}

void spbe_report_set_apart(spbe_record_t *record, apr_pool_t *pool)
{
    spbe_ref_t *own = apr_palloc(pool, sizeof(*own));

    spbe_ref_make(own, record->ts);
    record->id = record->of = own->id;
}

void spbe_report_write_aside(request_rec *r, const spbe_record_t *record)
{
    const spbe_server_conf_t *conf = spbe_conf_server(r->server);
    const spbe_runtime_t *runtime = conf->runtime;
    spbe_encoded_t encoded;

    if (runtime == NULL) {
        return;
    }
    encoded = spbe_record_encode(record, conf->redaction,
                                 conf->record_limit == SPBE_UNSET
                                     ? RECORD_LIMIT
                                     : (size_t)conf->record_limit,
                                 r->pool);
    spbe_sink_write(runtime->sink, &encoded, r->server, r->pool);
}

void spbe_report_write(request_rec *r, const spbe_record_t *record)
{
    spbe_state_t *state = spbe_state_get(r);

    state->recorded = 1;
    state->status_recorded = record->status_out;
    spbe_report_write_aside(r, record);
}

void spbe_report_write_fault(request_rec *r, spbe_record_t *record)
{
    spbe_state_t *state = spbe_state_get(r);

    if (spbe_shorten(r, record)) {
        state->shortened = 1;
    }
    else {
        record->input = spbe_report_input(r);
    }
    spbe_report_write(r, record);
}
