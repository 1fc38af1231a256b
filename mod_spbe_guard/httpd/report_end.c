/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_end.c - records that belong to no response in progress: what
 * came after it, deaths of children.
 */
#include "httpd/report_record.h"

#include <signal.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <mod_core.h>

#include "httpd/runtime.h"
#include "httpd/thread.h"
#include "record/errline.h"
#include "record/trigger.h"

APLOG_USE_MODULE(spbe_guard);

/* ErrorDocument 500 https://...: httpd turns the failure into a redirect, and
 * the status that it was for is found among those that lead there. */
static int redirected_from(request_rec *r)
{
    const char *to = apr_table_get(r->headers_out, "Location");
    int status;

    if (r->status != HTTP_MOVED_TEMPORARILY || to == NULL) {
        return 0;
    }
    for (status = 500; status <= 511; status++) {
        const char *page =
            ap_response_code_string(r, ap_index_of_response(status));

        if (page != NULL && strcmp(page, to) == 0) {
            return status;
        }
    }
    return 0;
}

/* Lines that came after the record was written. */
static void report_later(request_rec *r, spbe_state_t *state,
                         const spbe_dir_conf_t *conf)
{
    spbe_record_t record;
    apr_array_header_t *lines;

    if (state->shortened
        || (state->lines.len <= state->lines_recorded
            && state->status_recorded == r->status)) {
        return;
    }
    record = spbe_report_base(r, conf, "more");
    lines = apr_array_make(r->pool, 4, sizeof(const char *));
    spbe_lines_append(&state->lines, state->lines_recorded, lines);
    record.status_out = r->status;
    record.log_lines = lines;
    state->lines_recorded = state->lines.len;
    spbe_report_write(r, &record);
}

/* ErrorLog "|spbe-guardlog --error-log ...": what leaks is taken out of it. */
static int is_log_filtered(const server_rec *s)
{
    return s->error_fname != NULL && s->error_fname[0] == '|'
           && strstr(s->error_fname, "--error-log") != NULL;
}

/* Whatever the filter takes out, a notice too, must be in a record. */
static const spbe_rule_t *any_rule_in(const spbe_rules_t *rules,
                                      spbe_span_t lines, apr_pool_t *pool)
{
    spbe_span_t text = spbe_errline_texts(lines, pool);
    spbe_scan_t *scan = spbe_scan_create(rules, 500, pool);
    const spbe_leak_t *leaks;
    size_t n;

    spbe_scan_feed(scan, spbe_thread_scratch(), text, 1);
    leaks = spbe_scan_leaks(scan, &n);
    return n > 0 ? leaks[0].rule : NULL;
}

/* The script broke down behind a good status: only the error log tells. */
static const spbe_rule_t *rule_in_log(const request_rec *r,
                                      const spbe_state_t *state)
{
    const spbe_server_conf_t *server = spbe_conf_server(r->server);
    spbe_span_t text = spbe_lines_text(&state->lines);

    if (text.len == 0 || server->rules == NULL) {
        return NULL;
    }
    return is_log_filtered(r->server)
               ? any_rule_in(server->rules, text, r->pool)
               : spbe_scan_once(server->rules, spbe_thread_scratch(), 200,
                                text);
}

/* Turned away by a handler or an application behind: its page, its words. */
static int is_turned_away(int status)
{
    return status == HTTP_UNAUTHORIZED || status == HTTP_FORBIDDEN
           || status == HTTP_METHOD_NOT_ALLOWED
           || status == HTTP_TOO_MANY_REQUESTS;
}

/* Statuses that no filter has seen, or that are no failure. 1: settled. */
static int report_access(request_rec *r, const spbe_dir_conf_t *conf)
{
    int unserved = r->handler == NULL;

    if (is_turned_away(r->status)
        || (unserved && spbe_report_is_protocol(r->status))) {
        spbe_report_access(r, conf, r->status, "passed", 0);
        return 1;
    }
    return 0;
}

static void report_failure(request_rec *r, const spbe_dir_conf_t *conf,
                           const spbe_rule_t *rule)
{
    int status = redirected_from(r);
    spbe_record_t record;

    if (status == 0) {
        status = r->status;
    }
    if (!spbe_conf_is_error(conf, status) && rule == NULL) {
        return;
    }
    record = spbe_report_base(r, conf, "error");
    record.status_in = status;
    record.status_out = r->status;
    record.action = "passed";
    record.rule = rule == NULL ? NULL : rule->id;
    spbe_report_fault(&record, r, SPBE_SPAN_EMPTY, rule, rule == NULL);
    spbe_report_write_fault(r, &record);
}

void spbe_report_end(request_rec *r)
{
    const spbe_dir_conf_t *conf;
    spbe_state_t *state = spbe_state_find(r);
    const spbe_rule_t *rule;
    int watched;

    while (r->next != NULL) {
        r = r->next;
    }
    conf = spbe_conf_dir(r);
    if (state == NULL || spbe_conf_mode(conf) == SPBE_MODE_OFF
        || state->quiet) {
        return;
    }
    if (state->recorded) {
        report_later(r, state, conf);
        return;
    }
    watched = spbe_dir_failure(conf) != SPBE_MODE_OFF;
    rule = watched ? rule_in_log(r, state) : NULL;
    if ((rule != NULL || !report_access(r, conf)) && watched) {
        report_failure(r, conf, rule);
    }
}

static void write_plain(server_rec *s, spbe_record_t *record, apr_pool_t *pool)
{
    const spbe_server_conf_t *conf = spbe_conf_server(s);
    spbe_encoded_t encoded;

    encoded = spbe_record_encode(record, conf->redaction, 64 * 1024, pool);
    spbe_sink_write(conf->runtime->sink, &encoded, s, pool);
}

/* httpd says nothing of SIGKILL: no signal heard and no clean end is one. */
static void describe_crash(spbe_record_t *record, const spbe_crash_t *crash,
                           apr_pool_t *pool)
{
    int sig = crash->signal == 0 ? SIGKILL : crash->signal;
    const char *name = strsignal(sig);

    record->exception = apr_psprintf(pool, "signal %d", sig);
    record->title = apr_pstrcat(pool,
                                crash->bystander
                                    ? "request lost when a child died: "
                                    : "child died: ",
                                name, NULL);
    record->message = apr_psprintf(pool, "%s (%d) at address %pp", name, sig,
                                   crash->address);
    record->trace = spbe_span_from(crash->stack);
    if (sig == SIGKILL) {
        record->class_name = spbe_class_name(SPBE_CLASS_RESOURCE);
        record->responsible = spbe_class_responsible(SPBE_CLASS_RESOURCE);
        record->why = "crash: SIGKILL comes from outside the process, often "
                      "from the kernel when memory is short";
        record->hint = "no trace: a killed process leaves none; look for "
                       "'Out of memory' in the kernel's log (dmesg)";
    }
    else {
        record->class_name = spbe_class_name(SPBE_CLASS_CODE);
        record->responsible = spbe_class_responsible(SPBE_CLASS_CODE);
        record->why = "crash: the process broke down in its own code";
    }
}

void spbe_report_crash(server_rec *s, const spbe_crash_t *crash,
                       apr_pool_t *pool)
{
    const spbe_slot_t *slot = crash->slot;
    spbe_record_t record = { 0 };
    spbe_trace_t trace;
    spbe_ref_t ref;

    spbe_ref_make(&ref, apr_time_now());
    record.id = ref.id;
    record.ref = ref.ref;
    record.ts = apr_time_now();
    record.kind = "crash";
    record.severity = "critical";
    record.node = spbe_runtime_get(s)->sink->node;
    record.vhost = s->server_hostname;
    record.action = "logged";
    if (slot != NULL && slot->busy) {
        record.id = slot->ref.id;
        record.ref = slot->ref.ref;
        record.method = slot->method;
        record.route = spbe_trigger_route(slot->route, pool);
        record.host = slot->host;
        record.application = slot->application;
    }
    describe_crash(&record, crash, pool);
    spbe_trace_parse(record.trace, "native", &trace, pool);
    record.frames = trace.frames;
    record.fingerprint = spbe_trace_fingerprint(&trace, record.application,
                                                record.route, pool);
    write_plain(s, &record, pool);
}
