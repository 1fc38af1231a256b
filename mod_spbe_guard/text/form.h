/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/form.h - walk application/x-www-form-urlencoded input pair by pair.
 *
 * Works on bytes the caller owns: allocates nothing, writes nothing, decodes
 * nothing. NUL is a byte like any other. Whether a pair is acceptable is
 * decided elsewhere.
 */
#ifndef SPBE_TEXT_FORM_H
#define SPBE_TEXT_FORM_H

#include "text/rc.h"
#include "text/span.h"

typedef struct spbe_form {
    spbe_span_t rest; /* not walked yet */
    unsigned left;    /* pairs we are still willing to return */
} spbe_form_t;

typedef struct spbe_pair {
    spbe_span_t name;  /* still percent-encoded */
    spbe_span_t value; /* still percent-encoded; empty without '=' */
} spbe_pair_t;

void spbe_form_init(spbe_form_t *form, spbe_span_t input, unsigned max_pairs);

/*
 * SPBE_OK: *pair is set. SPBE_END: nothing is left. SPBE_TOO_MANY: input is
 * left, but max_pairs were returned. Unless SPBE_OK, *pair is empty.
 */
spbe_rc_t spbe_form_next(spbe_form_t *form, spbe_pair_t *pair);

#endif
