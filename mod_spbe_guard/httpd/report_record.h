/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_record.h - the parts of a record that come from a request.
 */
#ifndef SPBE_HTTPD_REPORT_RECORD_H
#define SPBE_HTTPD_REPORT_RECORD_H

#include "httpd/report.h"
#include "record/record.h"

/* Identities, place and client; kind and the rest are the caller's. */
spbe_record_t spbe_report_base(request_rec *r, const spbe_dir_conf_t *conf,
                               const char *kind);

/* The path that the visitor asked for, whatever it was rewritten to, decoded and
 * as a route: findings and tallies must agree on it. */
const char *spbe_report_route(request_rec *r);

/* Trace, class, title, fingerprint, log lines and triggering input. body:
 * decoded; rule: of the leak, or NULL. */
void spbe_report_fault(spbe_record_t *record, request_rec *r,
                       spbe_span_t body, const spbe_rule_t *rule,
                       int by_server);

/* What the policy of a judged request calls secret; NULL for others. */
const spbe_sensitive_t *spbe_report_sensitive(request_rec *r);

/* What the request carried, as JSON for record->input. */
const char *spbe_report_input(request_rec *r);

/* Lines of the error log that named the request so far; they will not be
 * written again. const char *. */
apr_array_header_t *spbe_report_lines(request_rec *r);

/* A request that httpd itself refused for what it is (class protocol)? */
int spbe_report_is_protocol(int status);

/* 401, 404 and the like, or a request that httpd refused before it was
 * judged: collapses. shown: the visitor reads the reference. */
void spbe_report_access(request_rec *r, const spbe_dir_conf_t *conf,
                        int status, const char *action, int shown);

/* Writes a record of kind access or anomaly without findings, or counts it.
 * shown: as above. */
void spbe_report_collapsed(request_rec *r, spbe_record_t *record, int shown);

/* The same for one that stands apart from the response. */
void spbe_report_apart(request_rec *r, spbe_record_t *record);

/* For a record beside that of the request's response: an identity of its own,
 * under the same reference. A failure that follows is no addition to it. */
void spbe_report_set_apart(spbe_record_t *record, apr_pool_t *pool);

/* Writes it without marking the request as recorded. */
void spbe_report_write_aside(request_rec *r, const spbe_record_t *record);

/* The same for one that spbe_report_fault filled in: of many that are alike
 * only some have their details. */
void spbe_report_write_fault(request_rec *r, spbe_record_t *record);

/* Writes it as the record of the request's response; later ones add to it. */
void spbe_report_write(request_rec *r, const spbe_record_t *record);

#endif
