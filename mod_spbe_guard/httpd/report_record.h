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

/* Trace, class, title, fingerprint, log lines and triggering input. body:
 * decoded; rule: of the leak, or NULL. */
void spbe_report_fault(spbe_record_t *record, request_rec *r,
                       spbe_span_t body, const spbe_rule_t *rule,
                       int by_server);

void spbe_report_write(request_rec *r, const spbe_record_t *record);

#endif
