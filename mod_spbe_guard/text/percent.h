/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/percent.h - undo percent encoding (RFC 3986), once.
 *
 * A '%' without two hexadecimal digits stays as it is and is reported; whether
 * that is acceptable is decided elsewhere.
 */
#ifndef SPBE_TEXT_PERCENT_H
#define SPBE_TEXT_PERCENT_H

#include "text/rc.h"
#include "text/span.h"

/* 0-15, or -1 for what is no hexadecimal digit. */
int spbe_percent_hex(char c);

/*
 * plus: '+' is a space, as in forms. SPBE_OK, or SPBE_BAD when a '%' was not
 * an encoding; *out is set in both cases: s itself where there is nothing to
 * undo, else a copy in pool.
 */
spbe_rc_t spbe_percent_decode(spbe_span_t s, int plus, spbe_span_t *out,
                              apr_pool_t *pool);

#endif
