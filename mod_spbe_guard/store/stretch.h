/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/stretch.h - a set of numbers as stretches from..to.
 *
 * Sorted, and what touches is one stretch, so a set that is nearly without
 * holes is small. The number of stretches is limited, that of numbers is not.
 */
#ifndef SPBE_STORE_STRETCH_H
#define SPBE_STORE_STRETCH_H

#include <stddef.h>
#include <apr.h>

typedef struct spbe_stretch {
    apr_uint64_t from, to; /* both are in it */
} spbe_stretch_t;

/* All zero: the empty set. */
typedef struct spbe_stretches {
    spbe_stretch_t *item;
    size_t n, room;
} spbe_stretches_t;

/* 1 <= from <= to. 0: it would be a stretch beyond max, or memory is short;
 * the set is as before. */
int spbe_stretch_add(spbe_stretches_t *set, apr_uint64_t from, apr_uint64_t to,
                     size_t max);

int spbe_stretch_has(const spbe_stretches_t *set, apr_uint64_t number);

/* The first hole that begins at or behind *from and not behind upto: sets
 * *from and *to (cut to upto). 0: none. */
int spbe_stretch_hole(const spbe_stretches_t *set, apr_uint64_t upto,
                      apr_uint64_t *from, apr_uint64_t *to);

/* Gives the memory back; the set is empty. */
void spbe_stretch_clear(spbe_stretches_t *set);

#endif
