/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/nearest.c - distance of two short names (Damerau and Levenshtein, each
 * letter moved once at most).
 */
#include "text/nearest.h"

#include <string.h>

#include <apr_lib.h>

static int same(char a, char b)
{
    return apr_tolower(a) == apr_tolower(b);
}

static int least(int a, int b, int c)
{
    int best = a < b ? a : b;

    return best < c ? best : c;
}

int spbe_nearest_distance(spbe_span_t a, spbe_span_t b)
{
    int rows[3][SPBE_NEAREST_MAX + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2], *spare;
    size_t i, k;

    if (a.len > SPBE_NEAREST_MAX || b.len > SPBE_NEAREST_MAX) {
        return -1;
    }
    for (k = 0; k <= b.len; k++) {
        before[k] = last[k] = (int)k;
    }
    for (i = 1; i <= a.len; i++) {
        row[0] = (int)i;
        for (k = 1; k <= b.len; k++) {
            row[k] = least(last[k] + 1, row[k - 1] + 1,
                           last[k - 1] + !same(a.ptr[i - 1], b.ptr[k - 1]));
            if (i > 1 && k > 1 && same(a.ptr[i - 1], b.ptr[k - 2]) &&
                same(a.ptr[i - 2], b.ptr[k - 1]) &&
                before[k - 2] + 1 < row[k]) {
                row[k] = before[k - 2] + 1;
            }
        }
        spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b.len];
}

void spbe_nearest_offer(spbe_nearest_t *nearest, const char *name)
{
    spbe_span_t other = spbe_span_from(name);
    int distance = spbe_nearest_distance(nearest->word, other);
    size_t shorter =
        nearest->word.len < other.len ? nearest->word.len : other.len;

    /* One of two letters changed is another word, one of three a slip. */
    if (distance < 0 || (size_t)distance * 3 > shorter ||
        (nearest->best != NULL && distance >= nearest->distance)) {
        return;
    }
    nearest->best = name;
    nearest->distance = distance;
}
