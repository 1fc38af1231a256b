/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/walk.c - the entries of an archive. See walk.h.
 */
#include "store/walk.h"

#include "store/group.h"
#include "store/lines.h"

struct spbe_walk {
    const spbe_source_t *source;
    spbe_lines_t *lines;
    apr_uint64_t expected; /* where the next piece begins, if none is missing */
};

spbe_walk_t *spbe_walk_create(const spbe_source_t *source, apr_pool_t *pool)
{
    spbe_walk_t *walk = apr_pcalloc(pool, sizeof(*walk));

    walk->source = source;
    walk->lines = spbe_lines_create(pool);
    return walk;
}

apr_status_t spbe_walk_seek(spbe_walk_t *walk, apr_uint64_t offset)
{
    spbe_lines_feed(walk->lines, SPBE_SPAN_EMPTY, offset);
    spbe_lines_cut(walk->lines);
    walk->expected = offset;
    return walk->source->seek(walk->source->baton, offset);
}

static apr_status_t feed(spbe_walk_t *walk)
{
    spbe_source_piece_t piece;
    apr_status_t rv = walk->source->next(walk->source->baton, &piece);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* What a segment ends with in the middle of a line belongs to no other. */
    if (piece.offset != walk->expected) {
        spbe_lines_cut(walk->lines);
    }
    walk->expected = piece.offset + piece.bytes.len;
    spbe_lines_feed(walk->lines, piece.bytes, piece.offset);
    return APR_SUCCESS;
}

/* 1: the line is an entry that somebody wants. */
static int take(spbe_span_t line, apr_uint64_t offset, int whole,
                spbe_entry_t *entry)
{
    if (spbe_group_is(line)) {
        return 0;
    }
    if (!whole || spbe_entry_parse(line, entry) != SPBE_OK) {
        *entry =
            (spbe_entry_t){.kind = SPBE_ENTRY_BAD, .line = SPBE_SPAN_EMPTY};
    }
    entry->offset = offset;
    entry->next = offset + line.len + (whole ? 1 : 0);
    return entry->kind != SPBE_ENTRY_SEGMENT &&
           entry->kind != SPBE_ENTRY_PURGED;
}

apr_status_t spbe_walk_next(spbe_walk_t *walk, spbe_entry_t *entry)
{
    for (;;) {
        apr_uint64_t offset;
        spbe_span_t line;
        int whole;

        if (spbe_lines_next(walk->lines, &line, &offset, &whole)) {
            if (take(line, offset, whole, entry)) {
                return APR_SUCCESS;
            }
        }
        else {
            apr_status_t rv = feed(walk);

            if (rv != APR_SUCCESS) {
                return rv;
            }
        }
    }
}
