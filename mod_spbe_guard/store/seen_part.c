/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/seen_part.c - numbers of which some lines came. See seen_int.h.
 */
#include "store/seen_int.h"

#include <stdlib.h>

#define FIRST_PARTIALS 8

static size_t units_of(unsigned parts)
{
    return 1 + parts / 64;
}

static void link_partial(spbe_seen_t *seen, spbe_seen_partial_t *partial)
{
    partial->older = seen->newest_partial;
    if (seen->newest_partial != NULL) {
        seen->newest_partial->newer = partial;
    }
    else {
        seen->oldest_partial = partial;
    }
    seen->newest_partial = partial;
    seen->units += units_of(partial->parts);
}

static void free_partial(spbe_seen_t *seen, spbe_seen_partial_t *partial)
{
    if (partial->older != NULL) {
        partial->older->newer = partial->newer;
    }
    else {
        seen->oldest_partial = partial->newer;
    }
    if (partial->newer != NULL) {
        partial->newer->older = partial->older;
    }
    else {
        seen->newest_partial = partial->older;
    }
    seen->units -= units_of(partial->parts);
    free(partial);
}

void spbe_seen_free_partials(spbe_seen_t *seen, spbe_seen_writer_t *writer)
{
    size_t i;

    for (i = 0; i < writer->partials; i++) {
        free_partial(seen, writer->partial[i]);
    }
    free(writer->partial);
}

/* Of the first one at or behind seq. */
static size_t find_partial(const spbe_seen_writer_t *writer, apr_uint64_t seq)
{
    size_t low = 0, high = writer->partials;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (writer->partial[middle]->seq < seq) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static int has_partial(const spbe_seen_writer_t *writer, size_t at,
                       apr_uint64_t seq)
{
    return at < writer->partials && writer->partial[at]->seq == seq;
}

static int room_for_partial(spbe_seen_writer_t *writer)
{
    size_t room =
        writer->partial_room == 0 ? FIRST_PARTIALS : writer->partial_room * 2;
    spbe_seen_partial_t **partial;

    if (writer->partials < writer->partial_room) {
        return 1;
    }
    if (writer->partials >= SPBE_SEEN_OPEN) {
        return 0;
    }
    partial = realloc(writer->partial, room * sizeof(*partial));
    if (partial == NULL) {
        return 0;
    }
    writer->partial = partial;
    writer->partial_room = room;
    return 1;
}

/* From the row of its writer. */
static void remove_partial(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                           size_t at)
{
    free_partial(seen, writer->partial[at]);
    memmove(writer->partial + at, writer->partial + at + 1,
            (writer->partials - at - 1) * sizeof(*writer->partial));
    writer->partials--;
}

/* What is being written is finished within a moment: the one that has waited
 * longest is the one that will never be. */
static void make_units(spbe_seen_t *seen, size_t units)
{
    while (seen->units + units > SPBE_SEEN_ALL &&
           seen->oldest_partial != NULL) {
        spbe_seen_partial_t *oldest = seen->oldest_partial;

        remove_partial(seen, oldest->writer,
                       find_partial(oldest->writer, oldest->seq));
    }
}

spbe_seen_partial_t *spbe_seen_partial(spbe_seen_t *seen,
                                       spbe_seen_writer_t *writer,
                                       apr_uint64_t seq, unsigned parts)
{
    size_t at = find_partial(writer, seq);
    spbe_seen_partial_t *partial;

    if (has_partial(writer, at, seq)) {
        return writer->partial[at];
    }
    make_units(seen, units_of(parts));
    at = find_partial(writer, seq);
    if (!room_for_partial(writer)) {
        return NULL;
    }
    partial = calloc(1, sizeof(*partial) + SPBE_SEEN_BYTES(parts));
    if (partial == NULL) {
        return NULL;
    }
    partial->writer = writer;
    partial->seq = seq;
    partial->parts = parts;
    link_partial(seen, partial);
    memmove(writer->partial + at + 1, writer->partial + at,
            (writer->partials - at) * sizeof(*writer->partial));
    writer->partial[at] = partial;
    writer->partials++;
    return partial;
}

void spbe_seen_drop_partials(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                             apr_uint64_t from, apr_uint64_t to)
{
    size_t first = find_partial(writer, from), end = first;

    while (end < writer->partials && writer->partial[end]->seq <= to) {
        free_partial(seen, writer->partial[end++]);
    }
    if (end == first) {
        return;
    }
    memmove(writer->partial + first, writer->partial + end,
            (writer->partials - end) * sizeof(*writer->partial));
    writer->partials -= end - first;
}
