/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/refuse.c - what follows from a verdict. See refuse.h.
 */
#include "httpd/refuse.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>

#include "httpd/report_input.h"
#include "httpd/state.h"
#include "text/buf.h"

APLOG_USE_MODULE(spbe_guard);

#define FIELDS_MAX 1000 /* bytes of SPBE_VERDICT_FIELDS */
#define NAME_MAX_BYTES 64
#define ENGINE_RETRY "30" /* seconds */

static int count(const spbe_verdict_t *verdict, spbe_action_t action)
{
    int i, n = 0;

    for (i = 0; i < verdict->findings->nelts; i++) {
        n += APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t).action ==
             action;
    }
    return n;
}

/* For fail2ban; nothing in it was chosen by the client. */
static void say(request_rec *r, const spbe_verdict_t *verdict)
{
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "SG0030: input refused, client=%s ref=%s status=%d "
                  "reason=%s fields=%d",
                  r->useragent_ip, spbe_state_get(r)->ref.ref, verdict->status,
                  spbe_reason_name(verdict->worst),
                  count(verdict, SPBE_ACTION_REJECT));
}

/* httpd makes the field from the list; for an ErrorDocument only what stands
 * in err_headers_out survives. */
static void allow(request_rec *r, const char *methods)
{
    char *copy = apr_pstrdup(r->pool, methods), *method, *next;

    ap_clear_method_list(r->allowed_methods);
    for (method = apr_strtok(copy, ", ", &next); method != NULL;
         method = apr_strtok(NULL, ", ", &next)) {
        ap_method_list_add(r->allowed_methods, method);
    }
    apr_table_setn(r->err_headers_out, "Allow", methods);
}

int spbe_refuse(request_rec *r, const spbe_verdict_t *verdict)
{
    spbe_state_get(r)->refused = verdict;
    spbe_verdict_env(r, verdict);
    spbe_report_verdict(r, verdict, 1);
    say(r, verdict);
    if (verdict->status == HTTP_METHOD_NOT_ALLOWED && verdict->allow != NULL) {
        allow(r, verdict->allow);
    }
    if (verdict->status == HTTP_SERVICE_UNAVAILABLE) {
        apr_table_setn(r->err_headers_out, "Retry-After", ENGINE_RETRY);
    }
    return verdict->status;
}

static const char *word_for(const spbe_verdict_t *verdict)
{
    if (verdict != NULL &&
        (verdict->findings->nelts > 0 || verdict->dropped > 0)) {
        return "invalid";
    }
    return verdict == NULL || !verdict->judged || verdict->partly ? "unchecked"
                                                                  : "valid";
}

/* A name from outside must not end the list, nor the line it is printed on. */
static void add_name(spbe_buf_t *out, spbe_span_t name)
{
    size_t i;

    name = spbe_span_slice(name, 0, NAME_MAX_BYTES);
    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        spbe_buf_addc(
            out, apr_isalnum(c) || (c != '\0' && strchr(".[]_-", c) != NULL) ? c
                 : c == '/' ? '.'
                            : '_');
    }
}

static spbe_span_t name_of(const spbe_finding_t *finding)
{
    spbe_span_t pointer = spbe_span_from(finding->pointer);

    return finding->place == SPBE_IN_JSON && pointer.len > 1
               ? spbe_span_slice(pointer, 1, pointer.len)
               : finding->field;
}

static const char *fields_of(const spbe_verdict_t *verdict, apr_pool_t *pool)
{
    spbe_buf_t out;
    int i;

    spbe_buf_init(&out, 64, pool);
    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);
        spbe_span_t name = name_of(finding);

        if (name.len > 0 && out.len + NAME_MAX_BYTES < FIELDS_MAX) {
            if (out.len > 0) {
                spbe_buf_addc(&out, ',');
            }
            add_name(&out, name);
        }
    }
    return spbe_buf_cstr(&out);
}

void spbe_verdict_env(request_rec *r, const spbe_verdict_t *verdict)
{
    apr_table_t *env = r->subprocess_env;
    const char *word = word_for(verdict), *fields;

    apr_table_setn(env, "SPBE_VERDICT", word);
    if (spbe_dir_verdict_header(spbe_conf_dir(r)) == 1) {
        apr_table_setn(r->headers_in, "X-Spbe-Verdict", word);
    }
    else {
        apr_table_unset(r->headers_in, "X-Spbe-Verdict");
    }
    apr_table_unset(env, "SPBE_VERDICT_FIELDS");
    apr_table_unset(env, "SPBE_ROUTE");
    if (verdict == NULL) {
        return;
    }
    fields = fields_of(verdict, r->pool);
    if (*fields != '\0') {
        apr_table_setn(env, "SPBE_VERDICT_FIELDS", fields);
    }
    if (verdict->route != NULL) {
        apr_table_setn(env, "SPBE_ROUTE", verdict->route);
    }
}
