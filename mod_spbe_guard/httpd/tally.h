/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/tally.h - how many requests came to the check and what became of them,
 * per application, route and day.
 *
 * Counted in shared memory without a lock; the parent writes what has been
 * added as records of kind "tally", once a minute and at the end.
 */
#ifndef SPBE_HTTPD_TALLY_H
#define SPBE_HTTPD_TALLY_H

#include <httpd.h>

#include "input/verdict.h"

/* A request with fields or a body was judged (Isian Formulir, Hasil
 * Verifikasi). Once for each external request, when the verdict is final. */
void spbe_tally_verdict(request_rec *r, const spbe_verdict_t *verdict);

/* Called by spbe_report_verdict alone: it knows what became of the request. */
void spbe_tally_outcome(request_rec *r, const spbe_verdict_t *verdict,
                        int refused);

/* In the parent: writes what was added since the last time. */
void spbe_tally_write(server_rec *s, apr_pool_t *pool);

/* A page with the client's rules was sent (Formulir Tervalidasi). */
void spbe_tally_client_page(request_rec *r);

#endif
