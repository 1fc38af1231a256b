/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_access.c - requests that were turned away without a fault: 401,
 * 403, 404 and the like, and what httpd itself could not accept. They collapse.
 *
 * Names are those of OWASP's vocabulary. It has none for a request that breaks
 * the protocol: that is input that was not valid, of class protocol.
 */
#include "httpd/report_record.h"

#include <apr_strings.h>

#include "httpd/collapse.h"
#include "httpd/thread.h"

int spbe_report_is_protocol(int status)
{
    switch (status) {
    case HTTP_BAD_REQUEST:
    case HTTP_REQUEST_TIME_OUT:
    case HTTP_LENGTH_REQUIRED:
    case HTTP_REQUEST_ENTITY_TOO_LARGE:
    case HTTP_REQUEST_URI_TOO_LARGE:
    case HTTP_EXPECTATION_FAILED:
    case HTTP_MISDIRECTED_REQUEST:
    case HTTP_UPGRADE_REQUIRED:
    case 431: /* header fields too large: httpd says 400 where it can */
    case HTTP_NOT_IMPLEMENTED:
    case HTTP_VERSION_NOT_SUPPORTED:
        return 1;
    default:
        return 0;
    }
}

static const char *event_of(const request_rec *r, int status)
{
    switch (status) {
    case HTTP_UNAUTHORIZED:
        /* Being asked for a password is no failed login. */
        return apr_table_get(r->headers_in, "Authorization") == NULL
                   ? NULL
                   : "authn_login_fail";
    case HTTP_FORBIDDEN:
        return "authz_fail";
    case HTTP_TOO_MANY_REQUESTS:
        return "excess_rate_limit_exceeded";
    default:
        return NULL;
    }
}

static void set_kind(spbe_record_t *record, const request_rec *r, int status)
{
    record->severity = "notice";
    record->reason = apr_psprintf(r->pool, "http-%d", status);
    record->title = apr_psprintf(r->pool, "HTTP %d", status);
    if (!spbe_report_is_protocol(status)) {
        record->event = event_of(r, status);
        return;
    }
    record->kind = "anomaly";
    record->class_name = "protocol";
    record->event = "input_validation_fail";
    record->title = apr_psprintf(
        r->pool, "HTTP %d: httpd could not accept the request", status);
}

void spbe_report_access(request_rec *r, const spbe_dir_conf_t *conf, int status,
                        const char *action, int shown)
{
    spbe_record_t record = spbe_report_base(r, conf, "access");

    record.route = spbe_report_route(r);
    set_kind(&record, r, status);
    record.status_in = record.status_out = status;
    record.action = action;
    spbe_report_collapsed(r, &record, shown);
}

void spbe_report_collapsed(request_rec *r, spbe_record_t *record, int shown)
{
    switch (spbe_collapse(r, record, spbe_span_from(record->rule), shown)) {
    case SPBE_COLLAPSE_FULL:
        record->log_lines = spbe_report_lines(r);
        spbe_report_write(r, record);
        break;
    case SPBE_COLLAPSE_LINE:
        spbe_report_write(r, record);
        spbe_state_get(r)->quiet = 1;
        break;
    default:
        spbe_state_get(r)->recorded = 1;
        spbe_state_get(r)->quiet = 1;
    }
}

void spbe_report_apart(request_rec *r, spbe_record_t *record)
{
    spbe_report_set_apart(record, r->pool);
    if (spbe_collapse(r, record, spbe_span_from(record->rule), 0) !=
        SPBE_COLLAPSE_NONE) {
        spbe_report_write_aside(r, record);
    }
}
