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

/* A page with the client's rules was sent (Formulir Tervalidasi). */
void spbe_tally_client_page(request_rec *r);

#endif
