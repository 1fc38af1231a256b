/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode.h - from the bytes on the wire to the text that is scanned.
 *
 * Undoes Content-Encoding (gzip, x-gzip, deflate with or without zlib header,
 * br; several in a row) and UTF-16 (by charset or byte order mark). Trusts no
 * label: a body that is not what it says is passed on as it is. Never decides
 * anything about the text.
 */
#ifndef SPBE_FAILURE_DECODE_H
#define SPBE_FAILURE_DECODE_H

#include <apr.h>
#include "text/rc.h"
#include "text/span.h"

/* A body that grows beyond both of these is a bomb. */
#define SPBE_DECODE_MAX_RATIO 200
#define SPBE_DECODE_FREE ((apr_uint64_t)64 << 20)

typedef struct spbe_decode spbe_decode_t;

/* Called with each piece of decoded text, valid only during the call. */
typedef void spbe_decode_sink_t(void *baton, spbe_span_t text);

/*
 * encoding: the Content-Encoding field's value, or NULL. charset: of the
 * Content-Type, or NULL. Returns NULL when there is nothing to undo and the
 * body can be scanned as it is: then no copy is made.
 * For a body without charset ask spbe_decode_is_utf16 first and give "utf-16".
 */
spbe_decode_t *spbe_decode_create(const char *encoding, const char *charset,
                                  apr_pool_t *pool);

/* Does the text begin with a UTF-16 byte order mark? */
int spbe_decode_is_utf16(spbe_span_t first_bytes);

/* Is the encoding one that cannot be undone here (zstd, compress, ...)? */
int spbe_decode_unknown(const char *encoding);

/*
 * Feeds raw bytes. SPBE_OK; SPBE_TOO_BIG for a bomb (nothing more is decoded);
 * SPBE_BAD when the data broke off or is damaged after a good beginning (what
 * was decoded has been delivered; the rest is delivered as it is).
 */
spbe_rc_t spbe_decode_feed(spbe_decode_t *dec, spbe_span_t raw, int last,
                           spbe_decode_sink_t *sink, void *baton);

#endif
