/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/pack.h - details are made smaller before they are sealed: the zlib
 * format (RFC 1950), one whole text.
 */
#ifndef SPBE_RECORD_PACK_H
#define SPBE_RECORD_PACK_H

#include "text/rc.h"
#include "text/span.h"

/* Of a text that is unpacked: beyond it nothing is believed. */
#define SPBE_PACK_MAX (4 * 1024 * 1024)

/* The most bytes that spbe_pack writes for a text of that length. */
size_t spbe_pack_bound(size_t len);

/* out: spbe_pack_bound bytes, *len becomes what was written. SPBE_BAD: memory
 * is short. */
spbe_rc_t spbe_pack(spbe_span_t text, unsigned char *out, size_t *len);

/* From anyone: SPBE_BAD unless it is one whole text with nothing behind it,
 * SPBE_TOO_BIG beyond SPBE_PACK_MAX. */
spbe_rc_t spbe_unpack(spbe_span_t packed, spbe_span_t *text, apr_pool_t *pool);

#endif
