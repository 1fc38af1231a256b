/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_input.c - the verdict on a request becomes a record. See
 * report_input.h.
 */
#include "httpd/report_input.h"

#include "httpd/report_record.h"
#include "httpd/thread.h"

void spbe_report_verdict(request_rec *r, const spbe_verdict_t *verdict,
                         int refused)
{
    spbe_record_t record;

    if (verdict->findings->nelts == 0) {
        return;
    }
    record = spbe_report_base(r, spbe_conf_dir(r), "anomaly");
    record.event = "input_validation_fail";
    record.class_name = "input";
    record.severity = "warning";
    record.status_in = record.status_out = refused ? verdict->status
                                                   : r->status;
    record.action = refused ? "refused" : "logged";
    record.rule = spbe_reason_name(verdict->worst);
    record.title = spbe_reason_meaning(verdict->worst);
    spbe_thread_count()->refused += refused != 0;
    spbe_thread_count()->logged += !refused;
    spbe_report_write(r, &record);
}
