/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/seen.c - which numbers of which writer are in the archive. See seen.h.
 *
 * Memory is malloc's: writers come and go for as long as the logger lives, and
 * a pool would keep what the gone ones had.
 */
#include "store/seen_int.h"

#include <stdlib.h>

static void unlink_writer(spbe_seen_t *seen, spbe_seen_writer_t *writer)
{
    if (writer->older != NULL) {
        writer->older->newer = writer->newer;
    }
    else {
        seen->oldest = writer->newer;
    }
    if (writer->newer != NULL) {
        writer->newer->older = writer->older;
    }
    else {
        seen->newest = writer->older;
    }
}

static void link_newest(spbe_seen_t *seen, spbe_seen_writer_t *writer)
{
    writer->newer = NULL;
    writer->older = seen->newest;
    if (seen->newest != NULL) {
        seen->newest->newer = writer;
    }
    else {
        seen->oldest = writer;
    }
    seen->newest = writer;
}

static void drop_writer(spbe_seen_t *seen, spbe_seen_writer_t *writer)
{
    unlink_writer(seen, writer);
    apr_hash_set(seen->writers, writer->name, (apr_ssize_t)writer->name_len,
                 NULL);
    seen->n--;
    seen->stretches -= writer->there.n + writer->lost.n;
    spbe_stretch_clear(&writer->there);
    spbe_stretch_clear(&writer->lost);
    spbe_seen_free_partials(seen, writer);
    free(writer);
}

void spbe_seen_empty(spbe_seen_t *seen)
{
    while (seen->oldest != NULL) {
        drop_writer(seen, seen->oldest);
    }
    seen->duplicates = 0;
}

static apr_status_t clean_up(void *data)
{
    spbe_seen_empty(data);
    return APR_SUCCESS;
}

spbe_seen_t *spbe_seen_create(apr_pool_t *pool)
{
    spbe_seen_t *seen = apr_pcalloc(pool, sizeof(*seen));

    seen->pool = pool;
    seen->writers = apr_hash_make(pool);
    apr_pool_cleanup_register(pool, seen, clean_up, apr_pool_cleanup_null);
    return seen;
}

static spbe_seen_writer_t *find_writer(const spbe_seen_t *seen,
                                       spbe_span_t name)
{
    return apr_hash_get(seen->writers, name.ptr, (apr_ssize_t)name.len);
}

/* The one longest quiet that nobody needs, but not this one. 0: none. */
static int drop_oldest(spbe_seen_t *seen, const spbe_seen_writer_t *but)
{
    spbe_seen_writer_t *writer = seen->oldest;

    while (writer != NULL && (writer->is_pinned || writer == but)) {
        writer = writer->newer;
    }
    if (writer == NULL) {
        return 0;
    }
    if (seen->drop != NULL) {
        seen->drop(seen->baton, seen,
                   (spbe_span_t){writer->name, writer->name_len});
    }
    drop_writer(seen, writer);
    seen->has_forgotten = 1;
    return 1;
}

void spbe_seen_on_drop(spbe_seen_t *seen, spbe_seen_drop_t *drop, void *baton)
{
    seen->drop = drop;
    seen->baton = baton;
}

int spbe_seen_stretch(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                      spbe_stretches_t *set, apr_uint64_t from, apr_uint64_t to)
{
    size_t before = set->n;

    if (!spbe_stretch_add(set, from, to, SPBE_SEEN_OPEN)) {
        return 0;
    }
    seen->stretches += set->n - before;
    while (seen->stretches > SPBE_SEEN_ALL && set->n > before) {
        if (!drop_oldest(seen, writer)) {
            /* All the others are needed: the whole set of this one goes, and
             * what was in it counts as missing. */
            seen->stretches -= set->n;
            spbe_stretch_clear(set);
            return 0;
        }
    }
    return 1;
}

static spbe_seen_writer_t *make_writer(spbe_seen_t *seen, spbe_span_t name)
{
    spbe_seen_writer_t *writer = calloc(1, sizeof(*writer) + name.len + 1);

    if (writer == NULL) {
        return NULL;
    }
    if (seen->n >= SPBE_SEEN_WRITERS && !drop_oldest(seen, NULL)) {
        free(writer);
        return NULL;
    }
    memcpy(writer->name, name.ptr, name.len);
    writer->name_len = name.len;
    apr_hash_set(seen->writers, writer->name, (apr_ssize_t)name.len, writer);
    link_newest(seen, writer);
    seen->n++;
    return writer;
}

int spbe_seen_pin(spbe_seen_t *seen, spbe_span_t name)
{
    spbe_seen_writer_t *writer = find_writer(seen, name);

    if (writer == NULL) {
        writer = make_writer(seen, name);
        if (writer == NULL) {
            return 0;
        }
        writer->is_doubtful = seen->has_forgotten;
    }
    writer->is_pinned = 1;
    return !writer->is_doubtful;
}

spbe_seen_writer_t *spbe_seen_writer(spbe_seen_t *seen, spbe_span_t name)
{
    spbe_seen_writer_t *writer = find_writer(seen, name);

    if (writer == NULL) {
        return make_writer(seen, name);
    }
    if (writer != seen->newest) {
        unlink_writer(seen, writer);
        link_newest(seen, writer);
    }
    return writer;
}

static void add_whole(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                      apr_uint64_t seq)
{
    spbe_seen_stretch(seen, writer, &writer->there, seq, seq);
    spbe_seen_drop_partials(seen, writer, seq, seq);
}

/* One line of several. A writer that changes its mind about their number has
 * no whole record. */
static int add_part(spbe_seen_t *seen, spbe_seen_writer_t *writer,
                    const spbe_line_t *line)
{
    spbe_seen_partial_t *partial =
        spbe_seen_partial(seen, writer, line->seq, line->parts);
    unsigned at = line->part - 1, mask = 1u << (at % 8);

    if (partial == NULL || partial->parts != line->parts) {
        return 1;
    }
    if (partial->bit[at / 8] & mask) {
        return 0;
    }
    partial->bit[at / 8] |= (unsigned char)mask;
    if (++partial->got == partial->parts) {
        add_whole(seen, writer, line->seq);
    }
    return 1;
}

int spbe_seen_add(spbe_seen_t *seen, const spbe_line_t *line)
{
    spbe_seen_writer_t *writer =
        spbe_seen_writer(seen, spbe_span_from(line->writer));

    if (writer == NULL || line->seq == 0) {
        return 1;
    }
    writer->highest = line->seq > writer->highest ? line->seq : writer->highest;
    if (spbe_stretch_has(&writer->there, line->seq)) {
        if (spbe_stretch_has(&writer->lost, line->seq)) {
            return 1;
        }
        seen->duplicates++;
        return 0;
    }
    if (line->parts == 1) {
        add_whole(seen, writer, line->seq);
        return 1;
    }
    if (!add_part(seen, writer, line)) {
        seen->duplicates++;
        return 0;
    }
    return 1;
}

void spbe_seen_account(spbe_seen_t *seen, spbe_span_t name, apr_uint64_t from,
                       apr_uint64_t to)
{
    spbe_seen_writer_t *writer;

    if (from == 0 || from > to) {
        return;
    }
    writer = spbe_seen_writer(seen, name);
    if (writer == NULL) {
        return;
    }
    writer->highest = to > writer->highest ? to : writer->highest;
    spbe_seen_stretch(seen, writer, &writer->there, from, to);
    spbe_seen_stretch(seen, writer, &writer->lost, from, to);
    spbe_seen_drop_partials(seen, writer, from, to);
}

apr_uint64_t spbe_seen_whole(const spbe_seen_t *seen, spbe_span_t name)
{
    const spbe_seen_writer_t *writer = find_writer(seen, name);

    return writer != NULL && writer->there.n > 0 &&
                   writer->there.item[0].from == 1
               ? writer->there.item[0].to
               : 0;
}

int spbe_seen_has(const spbe_seen_t *seen, spbe_span_t name, apr_uint64_t seq)
{
    const spbe_seen_writer_t *writer = find_writer(seen, name);

    return writer != NULL && spbe_stretch_has(&writer->there, seq);
}

apr_uint64_t spbe_seen_highest(const spbe_seen_t *seen, spbe_span_t name)
{
    const spbe_seen_writer_t *writer = find_writer(seen, name);

    return writer == NULL ? 0 : writer->highest;
}

/* Nonzero: gap wants no more. */
static int walk_gaps(const spbe_stretches_t *there, spbe_span_t name,
                     apr_uint64_t upto, spbe_seen_gap_t *gap, void *baton)
{
    apr_uint64_t from = 1, to;

    while (spbe_stretch_hole(there, upto, &from, &to)) {
        if (gap(baton, name, from, to)) {
            return 1;
        }
        if (to == upto) {
            return 0;
        }
        from = to + 1;
    }
    return 0;
}

void spbe_seen_gaps(const spbe_seen_t *seen, spbe_span_t name,
                    apr_uint64_t upto, spbe_seen_gap_t *gap, void *baton)
{
    const spbe_seen_writer_t *writer = find_writer(seen, name);
    static const spbe_stretches_t nothing = {NULL, 0, 0};

    if (writer == NULL) {
        walk_gaps(&nothing, name, upto, gap, baton);
        return;
    }
    walk_gaps(&writer->there, name, upto == 0 ? writer->highest : upto, gap,
              baton);
}

void spbe_seen_all_gaps(const spbe_seen_t *seen, spbe_seen_gap_t *gap,
                        void *baton)
{
    const spbe_seen_writer_t *writer;

    for (writer = seen->oldest; writer != NULL; writer = writer->newer) {
        if (walk_gaps(&writer->there,
                      (spbe_span_t){writer->name, writer->name_len},
                      writer->highest, gap, baton)) {
            return;
        }
    }
}

void spbe_seen_forget(spbe_seen_t *seen, spbe_span_t name)
{
    spbe_seen_writer_t *writer = find_writer(seen, name);

    if (writer != NULL) {
        drop_writer(seen, writer);
    }
}

apr_uint64_t spbe_seen_duplicates(const spbe_seen_t *seen)
{
    return seen->duplicates;
}
