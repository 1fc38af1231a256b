/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report.c - from what the hooks saw to a record in the log.
 */
#include "httpd/report_record.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_request.h>

#include "httpd/runtime.h"
#include "httpd/thread.h"

APLOG_USE_MODULE(spbe_guard);

/* What the visitor may have read of the leak before it was known. */
static apr_uint64_t bytes_sent(const spbe_flow_t *flow,
                               const spbe_leak_t *leak)
{
    apr_uint64_t end = leak->end < flow->text_out ? leak->end : flow->text_out;

    return flow->committed && end > leak->start ? end - leak->start : 0;
}

static apr_array_header_t *leak_list(const spbe_flow_t *flow)
{
    apr_pool_t *pool = flow->r->pool;
    apr_array_header_t *out = apr_array_make(pool, 4, sizeof(const char *));
    size_t i, n;
    const spbe_leak_t *leaks = spbe_scan_leaks(flow->scan, &n);

    for (i = 0; i < n; i++) {
        APR_ARRAY_PUSH(out, const char *) = apr_psprintf(
            pool, "%s at %" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT,
            leaks[i].rule->id, leaks[i].start, leaks[i].end);
    }
    return out;
}

static const spbe_leak_t *main_leak(const spbe_flow_t *flow)
{
    size_t n;
    const spbe_leak_t *leaks = spbe_scan_leaks(flow->scan, &n);
    const spbe_leak_t *fatal = spbe_scan_fatal(flow->scan);

    if (flow->canned && !flow->errordoc) {
        /* httpd's own words, ServerSignature and all: no leak. */
        return NULL;
    }
    return fatal != NULL ? fatal : n > 0 ? &leaks[0] : NULL;
}

/* The text of the record: from shortly before the leak on, so that no page's
 * own content is written down; a debug page is all leak. */
static spbe_span_t text_of(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    apr_uint64_t offset;
    spbe_span_t text = spbe_scan_text(flow->scan, &offset);

    if (leak != NULL && leak->start > offset + 2048 && !flow->failed
        && strcmp(leak->rule->kind, "debug-page") != 0) {
        text = spbe_span_slice(text, (size_t)(leak->start - offset - 2048),
                               text.len);
    }
    return text;
}

/* httpd's own page says nothing; what a handler sent before it died does. */
static spbe_span_t body_of(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    const spbe_state_t *state = flow->state;

    if (flow->canned) {
        return (spbe_span_t){ state->body_text == NULL ? "" : state->body_text,
                              state->body_text_len };
    }
    return text_of(flow, leak);
}

static void count(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    spbe_counters_t *counters = spbe_thread_count();

    counters->errors += flow->failed;
    if (leak != NULL && leak->rule->severity == SPBE_SEV_FATAL) {
        counters->leaks_fatal++;
    }
    else if (leak != NULL) {
        counters->leaks_notice++;
    }
}

static void count_class(const spbe_record_t *record)
{
    int class;

    for (class = 0; class <= SPBE_CLASS_RESOURCE; class++) {
        if (strcmp(spbe_class_name((spbe_class_t)class), record->class_name)
            == 0) {
            spbe_thread_count()->leaks_of[class]++;
        }
    }
}

/* An addition to the record of this response; but after a refusal, which may
 * have been counted only, the failure of its ErrorDocument stands apart. */
static void set_place(const spbe_flow_t *flow, spbe_record_t *record)
{
    if (flow->state->quiet) {
        spbe_report_set_apart(record, flow->r->pool);
    }
    else if (flow->state->recorded) {
        record->kind = "more";
    }
}

static void write_fault(spbe_flow_t *flow, const char *action, int status_out)
{
    const spbe_leak_t *leak = main_leak(flow);
    spbe_record_t record = spbe_report_base(flow->r, flow->conf, "error");

    record.status_in = flow->status_in;
    record.status_out = status_out;
    record.action = action;
    if (leak != NULL) {
        record.rule = leak->rule->id;
        record.leaks = leak_list(flow);
        record.leak_sent = bytes_sent(flow, leak);
        spbe_thread_count()->leaked_bytes += record.leak_sent;
    }
    if (flow->notice
        || (!flow->failed && leak != NULL
            && leak->rule->severity == SPBE_SEV_NOTICE)) {
        record.severity = "notice";
    }
    else if (flow->bomb) {
        record.rule = "decompression-bomb";
    }
    if (flow->notice && leak == NULL) {
        record.kind = "notice";
        record.event = "maintenance";
    }
    set_place(flow, &record);
    count(flow, leak);
    spbe_report_fault(&record, flow->r, body_of(flow, leak),
                      leak == NULL ? NULL : leak->rule, flow->canned);
    if (leak != NULL) {
        count_class(&record);
    }
    spbe_report_write_fault(flow->r, &record);
    flow->reported = 1;
}

/* httpd's own page for a request that it did not even begin to serve. */
static int is_refused_by_httpd(const spbe_flow_t *flow)
{
    return flow->canned && !flow->state->handled
           && spbe_report_is_protocol(flow->status_in);
}

static int is_access(const spbe_flow_t *flow)
{
    return flow->canned && (!flow->failed || is_refused_by_httpd(flow))
           && main_leak(flow) == NULL;
}

static void write_access(spbe_flow_t *flow, const char *action, int shown)
{
    if (!flow->state->recorded) {
        spbe_report_access(flow->r, flow->conf, flow->status_in, action,
                           shown);
    }
    flow->reported = 1;
}

/* A refusal of ours has its record, with everything that is to be said. */
static int is_settled(const spbe_flow_t *flow)
{
    return flow->canned && flow->state->quiet;
}

/* The ErrorDocument of a refusal gave up: httpd tells nobody why, and goes
 * back to the refusal. */
static void write_gave_up(const spbe_flow_t *flow, int status_out)
{
    spbe_flow_t failed = *flow;

    failed.failed = 1;
    failed.status_in = HTTP_INTERNAL_SERVER_ERROR;
    write_fault(&failed, "replaced", status_out);
}

/* A failing ErrorDocument is recorded with the failure that it was for. */
void spbe_report_take_over(spbe_flow_t *flow)
{
    if (flow->errordoc && flow->r->prev != NULL) {
        flow->status_in = flow->r->prev->status;
    }
}

void spbe_report_replaced(spbe_flow_t *flow, int status_out)
{
    if (is_settled(flow)) {
        if (flow->r->next != NULL) {
            write_gave_up(flow, status_out);
        }
        return;
    }
    if (is_access(flow)) {
        write_access(flow, "replaced", 1);
        return;
    }
    write_fault(flow, flow->committed ? "aborted" : "replaced", status_out);
}

static const char *what_was_done(const spbe_flow_t *flow)
{
    if (flow->observe) {
        return "logged";
    }
    if (!spbe_cut_any(flow)) {
        return "passed";
    }
    if (!flow->observe) {
        spbe_thread_count()->excised++;
    }
    return flow->fixed ? "blanked" : "excised";
}

void spbe_report_searched(spbe_flow_t *flow)
{
    const spbe_leak_t *leak = main_leak(flow);

    spbe_report_take_over(flow);
    if (is_settled(flow)) {
        return;
    }
    if (is_access(flow)) {
        write_access(flow, flow->observe ? "logged" : "passed", 0);
        return;
    }
    if (leak == NULL && !flow->failed && !flow->bomb) {
        return;
    }
    write_fault(flow, what_was_done(flow), flow->r->status);
}

void spbe_report_broken(spbe_flow_t *flow, int status)
{
    apr_uint64_t offset;
    spbe_span_t text = spbe_scan_text(flow->scan, &offset);

    if (!flow->committed) {
        flow->state->body_text = apr_pmemdup(flow->r->pool, text.ptr,
                                             text.len);
        flow->state->body_text_len = text.len;
        return;
    }
    flow->failed = 1;
    flow->status_in = status;
    write_fault(flow, "aborted", flow->r->status);
}

void spbe_report_header(spbe_flow_t *flow, const char *name,
                        const char *value, const spbe_rule_t *rule)
{
    request_rec *r = flow->r;
    spbe_record_t record = spbe_report_base(r, flow->conf, "error");
    const char *text = apr_pstrcat(r->pool, name, ": ", value, NULL);

    record.status_in = record.status_out = r->status;
    record.action = "stripped";
    record.rule = rule->id;
    set_place(flow, &record);
    spbe_report_fault(&record, r, spbe_span_from(text), rule, 0);
    spbe_report_write_fault(r, &record);
}

void spbe_report_hidden(request_rec *r, const char *pattern, int refused)
{
    spbe_record_t record =
        spbe_report_base(r, spbe_conf_dir(r), "anomaly");

    record.severity = "notice";
    record.event = "malicious_direct_reference";
    record.rule = apr_pstrcat(r->pool, "SpbeGuardHideFile ", pattern, NULL);
    record.status_in = refused ? HTTP_NOT_FOUND : r->status;
    record.status_out = record.status_in;
    record.action = refused ? "hidden" : "logged";
    record.title = "request for a file that is never a page";
    spbe_thread_count()->hidden++;
    if (refused) {
        spbe_report_collapsed(r, &record, 1);
    }
    else {
        spbe_report_apart(r, &record);
    }
}

int spbe_report_unreached(const spbe_state_t *state)
{
    static const char *const ids[] = { "AH00957", "AH01114", "AH01079",
                                       "AH02454", NULL };
    spbe_span_t own = spbe_lines_text(&state->lines);
    spbe_span_t thread = spbe_lines_text(&spbe_thread_get()->lines);
    int i;

    for (i = 0; ids[i] != NULL; i++) {
        spbe_span_t id = spbe_span_from(ids[i]);

        if (spbe_span_find(own, id) != SPBE_NPOS
            || spbe_span_find(thread, id) != SPBE_NPOS) {
            return 1;
        }
    }
    return 0;
}
