/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report.h - from what the hooks saw to a record in the log.
 *
 * Everything here writes to the sink and changes nothing else. A record is
 * written before the brigade that carries the visitor's reference passes on.
 */
#ifndef SPBE_HTTPD_REPORT_H
#define SPBE_HTTPD_REPORT_H

#include "httpd/flow.h"

typedef struct spbe_crash {
    const spbe_slot_t *slot; /* NULL: no request was known */
    int signal;              /* 0: not known */
    void *address;
    const char *stack;
    int bystander; /* died because another thread's request crashed */
} spbe_crash_t;

/* The status of a failing ErrorDocument is that of the failure it was for:
 * before status_in is looked at. */
void spbe_report_take_over(spbe_flow_t *flow);

/* The response was replaced, or cut off when bytes had left. */
void spbe_report_replaced(spbe_flow_t *flow, int status_out);

/* The response was searched to its end and goes on: leaks that were cut out or
 * only seen, and failures that keep their body. */
void spbe_report_searched(spbe_flow_t *flow);

/* The backend or handler broke down within the response: the text so far is
 * kept for the record of the page that httpd makes next; recorded at once when
 * bytes have left. */
void spbe_report_broken(spbe_flow_t *flow, int status);

/* A header was removed because its value matches a leak rule. */
void spbe_report_header(spbe_flow_t *flow, const char *name,
                        const char *value, const spbe_rule_t *rule);

/* A request for a file that is never a page. */
void spbe_report_hidden(request_rec *r, const char *pattern, int refused);

/* In log_transaction: what no filter has recorded, and what came later. */
void spbe_report_end(request_rec *r);

void spbe_report_crash(server_rec *s, const spbe_crash_t *crash,
                       apr_pool_t *pool);

/* Does the error log say that no connection to the backend was made? */
int spbe_report_unreached(const spbe_state_t *state);

#endif
