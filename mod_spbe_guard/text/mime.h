/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/mime.h - header field values of the form "word; name=value; ...",
 * strictly: Content-Type, Content-Disposition (RFC 9110 section 5.6, RFC 7578).
 *
 * Takes pieces off the front of a value; allocates nothing. What the grammar
 * does not allow is SPBE_BAD, never repaired. Whether a parameter may be there,
 * or twice, is decided elsewhere.
 */
#ifndef SPBE_TEXT_MIME_H
#define SPBE_TEXT_MIME_H

#include "text/rc.h"
#include "text/span.h"

typedef struct spbe_mime_param {
    spbe_span_t name;
    spbe_span_t value; /* without quotes, backslashes still in it */
    unsigned quoted : 1;
    unsigned escaped : 1; /* a backslash is in it: parsers differ about those */
} spbe_mime_param_t;

/* Characters of a token, at least one? */
int spbe_mime_is_token(spbe_span_t s);

/* "form-data" off the front of *rest. SPBE_OK or SPBE_BAD. */
spbe_rc_t spbe_mime_word(spbe_span_t *rest, spbe_span_t *word);
/* "type/subtype" off the front of *rest. SPBE_OK or SPBE_BAD. */
spbe_rc_t spbe_mime_type(spbe_span_t *rest, spbe_span_t *type);

/*
 * The next parameter off the front of *rest, which begins with ';' (empty ones
 * are passed over). SPBE_OK, SPBE_END, or SPBE_BAD: also for control
 * characters and for an open quote. A quoted value may hold any byte from 0x80
 * on, as browsers send names.
 */
spbe_rc_t spbe_mime_param(spbe_span_t *rest, spbe_mime_param_t *param);

#endif
