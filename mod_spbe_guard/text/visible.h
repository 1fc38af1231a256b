/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/visible.h - text that may be shown on a terminal.
 *
 * What a visitor or an application wrote must not move the cursor, change
 * colours, set titles, or turn the reading direction: control characters,
 * bytes that are no UTF-8, bidirectional controls and invisible characters are
 * written as \xNN or \u{NNNN}.
 */
#ifndef SPBE_TEXT_VISIBLE_H
#define SPBE_TEXT_VISIBLE_H

#include "text/buf.h"

/* lines: '\n' stays, a tab becomes four blanks; else both are escaped. */
void spbe_visible_add(spbe_buf_t *buf, spbe_span_t s, int lines);

const char *spbe_visible(const char *s, apr_pool_t *pool);

/* Characters, as a terminal counts them (wide ones are taken for one). */
size_t spbe_visible_width(spbe_span_t s);

/* At most width characters; cut text ends in "...". */
const char *spbe_visible_fit(const char *s, size_t width, apr_pool_t *pool);

#endif
