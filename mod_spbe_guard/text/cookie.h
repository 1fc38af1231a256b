/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/cookie.h - walk the value of a Cookie header field (RFC 6265).
 *
 * Allocates nothing, decodes nothing. Pieces without a name are returned with
 * an empty one: browsers send them.
 */
#ifndef SPBE_TEXT_COOKIE_H
#define SPBE_TEXT_COOKIE_H

#include "text/form.h"

/* The same walker, with ';' between pairs and white space trimmed. */
spbe_rc_t spbe_cookie_next(spbe_form_t *cookies, spbe_pair_t *pair);

#endif
