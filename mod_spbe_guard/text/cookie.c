/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/cookie.c - walk a Cookie header field. See cookie.h.
 */
#include "text/cookie.h"

static void split(spbe_span_t piece, spbe_pair_t *pair)
{
    if (spbe_span_chr(piece, '=') == SPBE_NPOS) {
        pair->value = piece;
        return;
    }
    pair->name = spbe_span_trim(spbe_span_cut(&piece, '='));
    pair->value = spbe_span_trim(piece);
}

spbe_rc_t spbe_cookie_next(spbe_form_t *cookies, spbe_pair_t *pair)
{
    spbe_span_t piece;

    *pair = (spbe_pair_t){SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY};
    do {
        if (cookies->rest.len == 0) {
            return SPBE_END;
        }
        if (cookies->left == 0) {
            return SPBE_TOO_MANY;
        }
        piece = spbe_span_trim(spbe_span_cut(&cookies->rest, ';'));
    } while (piece.len == 0);
    cookies->left--;
    split(piece, pair);
    return SPBE_OK;
}
