/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/base64url.h - base64 with the URL-safe alphabet (RFC 4648 section 5),
 * without padding.
 */
#ifndef SPBE_TEXT_BASE64URL_H
#define SPBE_TEXT_BASE64URL_H

#include "text/buf.h"
#include "text/rc.h"

void spbe_base64url_encode(spbe_buf_t *buf, spbe_span_t bytes);

/* SPBE_OK, or SPBE_BAD for any character outside the alphabet, an impossible
 * length, or bits behind the last byte that are not zero. */
spbe_rc_t spbe_base64url_decode(spbe_span_t text, spbe_span_t *bytes,
                                apr_pool_t *pool);

/* The same for text that stands for exactly len bytes. */
spbe_rc_t spbe_base64url_exact(spbe_span_t text, void *out, size_t len);

#endif
