/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/stretch.c - a set of numbers as stretches. See stretch.h.
 */
#include "store/stretch.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4

/* Of the first stretch that ends at or behind number; set->n: none. */
static size_t find(const spbe_stretches_t *set, apr_uint64_t number)
{
    size_t low = 0, high = set->n;

    /* Nearly always the last one, or behind it. */
    if (set->n > 0 && set->item[set->n - 1].to < number) {
        return set->n;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->item[middle].to < number) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static int make_room(spbe_stretches_t *set)
{
    size_t room = set->room == 0 ? FIRST_ROOM : set->room * 2;
    spbe_stretch_t *item;

    if (set->n < set->room) {
        return 1;
    }
    item = realloc(set->item, room * sizeof(*item));
    if (item == NULL) {
        return 0;
    }
    set->item = item;
    set->room = room;
    return 1;
}

static int insert(spbe_stretches_t *set, size_t at, spbe_stretch_t stretch,
                  size_t max)
{
    if (set->n >= max || !make_room(set)) {
        return 0;
    }
    memmove(set->item + at + 1, set->item + at,
            (set->n - at) * sizeof(*set->item));
    set->item[at] = stretch;
    set->n++;
    return 1;
}

int spbe_stretch_add(spbe_stretches_t *set, apr_uint64_t from, apr_uint64_t to,
                     size_t max)
{
    /* What ends right before it is part of the same stretch. */
    size_t first = find(set, from - 1), end = first;

    while (end < set->n && set->item[end].from - 1 <= to) {
        end++;
    }
    if (first == end) {
        return insert(set, first, (spbe_stretch_t){from, to}, max);
    }
    if (set->item[first].from < from) {
        from = set->item[first].from;
    }
    if (set->item[end - 1].to > to) {
        to = set->item[end - 1].to;
    }
    set->item[first] = (spbe_stretch_t){from, to};
    memmove(set->item + first + 1, set->item + end,
            (set->n - end) * sizeof(*set->item));
    set->n -= end - first - 1;
    return 1;
}

int spbe_stretch_has(const spbe_stretches_t *set, apr_uint64_t number)
{
    size_t at = find(set, number);

    return at < set->n && set->item[at].from <= number;
}

int spbe_stretch_hole(const spbe_stretches_t *set, apr_uint64_t upto,
                      apr_uint64_t *from, apr_uint64_t *to)
{
    size_t at = find(set, *from);

    if (at < set->n && set->item[at].from <= *from) {
        if (set->item[at].to >= upto) {
            return 0;
        }
        *from = set->item[at].to + 1;
        at++;
    }
    if (*from > upto) {
        return 0;
    }
    *to = at < set->n && set->item[at].from <= upto ? set->item[at].from - 1
                                                    : upto;
    return 1;
}

void spbe_stretch_clear(spbe_stretches_t *set)
{
    free(set->item);
    *set = (spbe_stretches_t){NULL, 0, 0};
}
