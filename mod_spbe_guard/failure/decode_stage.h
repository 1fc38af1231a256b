/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/decode_stage.h - one decoder in the chain of decode.c.
 *
 * Private to decode*.c. A stage takes bytes in any pieces and pushes what it
 * makes of them. Memory is taken when it is made, never while feeding: a
 * response may run for days.
 */
#ifndef SPBE_FAILURE_DECODE_STAGE_H
#define SPBE_FAILURE_DECODE_STAGE_H

#include "failure/decode.h"

#define SPBE_DECODE_STAGES 3           /* encodings in a row */
#define SPBE_DECODE_BUFFER (16 * 1024) /* on the stack, per stage */

typedef struct spbe_stage spbe_stage_t;

struct spbe_stage {
    /*
     * SPBE_OK, SPBE_BAD or SPBE_TOO_BIG, as spbe_decode_feed; dec and i are
     * handed through to spbe_stage_push. in may be empty.
     */
    spbe_rc_t (*feed)(spbe_stage_t *stage, spbe_span_t in, int last,
                      spbe_decode_t *dec, size_t i);
    apr_uint64_t produced; /* bytes pushed so far */
};

/* Output of stage i. Unless SPBE_OK is returned, the stage stops. */
spbe_rc_t spbe_stage_push(spbe_decode_t *dec, size_t i, spbe_span_t out);

spbe_stage_t *spbe_stage_gzip(apr_pool_t *pool);
spbe_stage_t *spbe_stage_deflate(apr_pool_t *pool);
spbe_stage_t *spbe_stage_brotli(apr_pool_t *pool);
/* big_endian is believed only when the body has no byte order mark. */
spbe_stage_t *spbe_stage_utf16(int big_endian, apr_pool_t *pool);

#endif
