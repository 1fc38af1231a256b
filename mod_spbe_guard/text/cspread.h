/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/cspread.h - may a script of the page's own origin run under a
 * Content-Security-Policy (CSP Level 3)?
 *
 * For deciding whether to add one: a script that would be blocked is only
 * noise in the visitor's console and in the office's reports.
 */
#ifndef SPBE_TEXT_CSPREAD_H
#define SPBE_TEXT_CSPREAD_H

#include "text/span.h"

/*
 * header: the field's value, several policies separated by commas. 1: it runs,
 * with *nonce empty, or when it carries *nonce. 0: it would be blocked. In
 * doubt 0. Allocates nothing.
 */
int spbe_cspread_script(spbe_span_t header, spbe_span_t *nonce);

#endif
