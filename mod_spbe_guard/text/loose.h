/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/loose.h - JSON tokens out of text that may be cut, broken or mixed.
 *
 * For reading what a failing application wrote, never for deciding about
 * input: it accepts what no JSON parser would. Allocates nothing.
 */
#ifndef SPBE_TEXT_LOOSE_H
#define SPBE_TEXT_LOOSE_H

#include "text/span.h"

typedef enum spbe_loose_kind {
    SPBE_LOOSE_END = 0,
    SPBE_LOOSE_OPEN = 1,   /* { or [ */
    SPBE_LOOSE_CLOSE = 2,  /* } or ] */
    SPBE_LOOSE_KEY = 3,    /* a string followed by ':' */
    SPBE_LOOSE_STRING = 4, /* any other string */
    SPBE_LOOSE_WORD = 5    /* number, true, null, or what else stands there */
} spbe_loose_kind_t;

typedef struct spbe_loose {
    spbe_span_t rest;
} spbe_loose_t;

/*
 * The next token. *text: without quotes, escapes still in it. A string that is
 * cut off ends where the input ends.
 */
spbe_loose_kind_t spbe_loose_next(spbe_loose_t *loose, spbe_span_t *text);

#endif
