/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/form.c - walk urlencoded input. See form.h.
 */
#include "text/form.h"

void spbe_form_init(spbe_form_t *form, spbe_span_t input, unsigned max_pairs)
{
    form->rest = input;
    form->left = max_pairs;
}

spbe_rc_t spbe_form_next(spbe_form_t *form, spbe_pair_t *pair)
{
    spbe_span_t word;

    *pair = (spbe_pair_t){SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY};
    if (form->rest.len == 0) {
        return SPBE_END;
    }
    if (form->left == 0) {
        return SPBE_TOO_MANY;
    }
    form->left--;

    /* Only '&' separates: a ';' must reach the rule as part of the value. */
    word = spbe_span_cut(&form->rest, '&');
    pair->name = spbe_span_cut(&word, '=');
    pair->value = word;
    return SPBE_OK;
}
