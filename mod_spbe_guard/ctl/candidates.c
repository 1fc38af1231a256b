/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/candidates.c - every record that claims to be a certain key. See
 * candidates.h.
 */
#include "ctl/candidates.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/walk.h"

#define SAME_MAX 16384 /* of one id: the first ones */
#define PARTS 64       /* lines of a key record that are looked for */

typedef struct place place_t;
struct place {
    const char *writer;
    apr_uint64_t seq, offset, behind;
    apr_uint64_t missing; /* a bit for each part */
    place_t *next;        /* of the same id */
};

typedef struct named {
    const char *id;
    place_t *first, *last;
    int n;
} named_t;

struct spbe_candidates {
    apr_hash_t *ids;    /* named_t by id */
    apr_hash_t *places; /* place_t by id, number and writer */
    apr_pool_t *pool;
};

static named_t *name(spbe_candidates_t *c, const char *id)
{
    named_t *named = apr_hash_get(c->ids, id, APR_HASH_KEY_STRING);

    if (named == NULL) {
        named = apr_pcalloc(c->pool, sizeof(*named));
        named->id = apr_pstrdup(c->pool, id);
        apr_hash_set(c->ids, named->id, APR_HASH_KEY_STRING, named);
    }
    return named;
}

static void add(spbe_candidates_t *c, const spbe_line_t *line,
                const spbe_entry_t *entry, const char *same)
{
    named_t *named = name(c, line->id);
    place_t *place;

    if (named->n == SAME_MAX) {
        return;
    }
    place = apr_pcalloc(c->pool, sizeof(*place));
    place->writer = apr_pstrdup(c->pool, line->writer);
    place->seq = line->seq;
    place->offset = entry->offset;
    place->behind = entry->next;
    place->missing =
        (line->parts >= PARTS ? 0 : (apr_uint64_t)1 << line->parts) - 2;
    *(named->last == NULL ? &named->first : &named->last->next) = place;
    named->last = place;
    named->n++;
    if (line->parts > 1) {
        apr_hash_set(c->places, apr_pstrdup(c->pool, same), APR_HASH_KEY_STRING,
                     place);
    }
}

/* The first line of a key record, or a later one of one that began. */
static void take(spbe_candidates_t *c, const spbe_entry_t *entry,
                 apr_pool_t *scratch)
{
    spbe_line_t line;
    const char *why, *same;
    apr_uint64_t bit;
    place_t *place;

    if (entry->kind != SPBE_ENTRY_LINE ||
        spbe_line_parse(entry->line, &line, &why, scratch) != SPBE_OK) {
        return;
    }
    same = apr_psprintf(scratch, "%s %" APR_UINT64_T_FMT " %s", line.id,
                        line.seq, line.writer);
    if (line.part == 1) {
        if (strstr(line.h, "\"key\"") != NULL &&
            apr_hash_get(c->places, same, APR_HASH_KEY_STRING) == NULL) {
            add(c, &line, entry, same);
        }
        return;
    }
    place = apr_hash_get(c->places, same, APR_HASH_KEY_STRING);
    bit = line.part > PARTS ? 0 : (apr_uint64_t)1 << (line.part - 1);
    if (place != NULL && (place->missing & bit) != 0) {
        place->missing &= ~bit;
        place->behind = entry->next;
    }
}

apr_status_t spbe_candidates_create(spbe_candidates_t **candidates,
                                    const spbe_source_t *source,
                                    apr_pool_t *pool)
{
    spbe_candidates_t *c = apr_pcalloc(pool, sizeof(*c));
    spbe_walk_t *walk = spbe_walk_create(source, pool);
    apr_status_t rv = spbe_walk_seek(walk, 0);
    apr_pool_t *scratch;

    c->ids = apr_hash_make(pool);
    c->places = apr_hash_make(pool);
    c->pool = pool;
    apr_pool_create(&scratch, pool);
    while (rv == APR_SUCCESS) {
        spbe_entry_t entry;

        rv = spbe_walk_next(walk, &entry);
        if (rv == APR_SUCCESS) {
            take(c, &entry, scratch);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    *candidates = c;
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

void spbe_candidates_each(const spbe_candidates_t *candidates, const char *key,
                          spbe_query_row_t *row, void *baton, apr_pool_t *pool)
{
    const named_t *named =
        apr_hash_get(candidates->ids, key, APR_HASH_KEY_STRING);
    const place_t *place = named == NULL ? NULL : named->first;
    apr_pool_t *scratch;
    int stop = 0;

    apr_pool_create(&scratch, pool);
    for (; place != NULL && !stop; place = place->next) {
        spbe_row_t one = {.id = named->id,
                          .kind = "key",
                          .h = "",
                          .writer = place->writer,
                          .seq = place->seq,
                          .offset = place->offset,
                          .length = place->behind - place->offset,
                          .complete = 1};

        stop = row(baton, &one, scratch);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
