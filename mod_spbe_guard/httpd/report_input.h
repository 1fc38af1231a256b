/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/report_input.h - the verdict on a request becomes a record: Database
 * Log (procedure step V5).
 *
 * A flood of the same is written once and then counted; see collapse.h.
 */
#ifndef SPBE_HTTPD_REPORT_INPUT_H
#define SPBE_HTTPD_REPORT_INPUT_H

#include <httpd.h>

#include "input/verdict.h"

/*
 * Writes what was found, if anything was. refused: the visitor is about to get
 * verdict->status and the reference of this request; else nothing is changed
 * (DetectOnly, or only findings to be logged).
 */
void spbe_report_verdict(request_rec *r, const spbe_verdict_t *verdict,
                         int refused);

#endif
