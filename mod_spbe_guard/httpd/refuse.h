/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/refuse.h - what follows from a verdict: a refusal to the visitor, or a
 * word to the application.
 *
 * Judges nothing. The record is written before the visitor can read the
 * reference.
 */
#ifndef SPBE_HTTPD_REFUSE_H
#define SPBE_HTTPD_REFUSE_H

#include <httpd.h>

#include "input/verdict.h"

/* For a verdict with a status, under SpbeGuardInput On: writes the record and
 * prepares the page. Returns the HTTP status that the hook returns. */
int spbe_refuse(request_rec *r, const spbe_verdict_t *verdict);

/* SPBE_VERDICT, SPBE_VERDICT_FIELDS and SPBE_ROUTE for the application;
 * removes what the client sent under such names. verdict: NULL when nothing
 * was judged. */
void spbe_verdict_env(request_rec *r, const spbe_verdict_t *verdict);

#endif
