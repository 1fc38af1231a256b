/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsonout.h - write JSON that any reader accepts.
 *
 * Control characters are escaped, bytes that are not UTF-8 become \ufffd, so
 * the result is always valid, whatever came from an application. A comma is
 * set wherever the text before needs one; braces are the caller's.
 */
#ifndef SPBE_TEXT_JSONOUT_H
#define SPBE_TEXT_JSONOUT_H

#include <apr.h>
#include "text/buf.h"

/* A string with its quotation marks. */
void spbe_jsonout_string(spbe_buf_t *buf, spbe_span_t s);
/* The bytes that spbe_jsonout_string would write, with the marks. */
size_t spbe_jsonout_length(spbe_span_t s);

/* The longest front part of s that needs at most max bytes so written. */
spbe_span_t spbe_jsonout_fit(spbe_span_t s, size_t max);

/* ',' unless the text ends in '{', '[', ':' or is empty. */
void spbe_jsonout_comma(spbe_buf_t *buf);

/* "name": with the comma before it. name is written as it is. */
void spbe_jsonout_name(spbe_buf_t *buf, const char *name);
/* Members; nothing is written where the value is NULL. */
void spbe_jsonout_text(spbe_buf_t *buf, const char *name, const char *value);
void spbe_jsonout_span(spbe_buf_t *buf, const char *name, spbe_span_t value);
void spbe_jsonout_number(spbe_buf_t *buf, const char *name, apr_int64_t value);
/* value is JSON already. */
void spbe_jsonout_raw(spbe_buf_t *buf, const char *name, const char *value);

#endif
