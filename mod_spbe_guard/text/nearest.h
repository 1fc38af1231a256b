/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/nearest.h - which known name a mistyped one may stand for.
 */
#ifndef SPBE_TEXT_NEAREST_H
#define SPBE_TEXT_NEAREST_H

#include "text/span.h"

#define SPBE_NEAREST_MAX 40 /* longer names are near to nothing */

/* Letters without case that are put in, left out, replaced or swapped with
 * their neighbour to make one of the other; -1: one of them is too long. */
int spbe_nearest_distance(spbe_span_t a, spbe_span_t b);

/* Begins as {.word = ...}; best is NULL until something near was offered. */
typedef struct spbe_nearest {
    spbe_span_t word;
    const char *best;
    int distance;
} spbe_nearest_t;

/* Keeps the name when it is near, and nearer than those before. */
void spbe_nearest_offer(spbe_nearest_t *nearest, const char *name);

#endif
