/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/opening.c - details of records, opened. See opening.h.
 */
#include "ctl/opening.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "ctl/candidates.h"

#define SEGMENT ((apr_uint64_t)128 << 20) /* longer than any */

/* Of a key id: what was wrong with the record of it that is tried first. */
typedef struct tried {
    spbe_opening_state_t state;
    const apr_array_header_t *to;
    int is_swept; /* every record with this id has been tried */
} tried_t;

struct spbe_opening {
    const spbe_source_t *source;
    spbe_unseal_t *unseal;
    spbe_opening_source_t *source_of; /* or NULL */
    spbe_opening_find_t *find;
    void *baton;
    apr_hash_t *tried;      /* node and key id to tried_t */
    apr_hash_t *candidates; /* node to spbe_candidates_t */
    apr_pool_t *pool;
};

const char *spbe_opening_name(spbe_opening_state_t state)
{
    static const char *const names[] = {
        [SPBE_OPENING_NONE] = "none",
        [SPBE_OPENING_PLAIN] = "plain",
        [SPBE_OPENING_OPENED] = "opened",
        [SPBE_OPENING_SEALED] = "sealed",
        [SPBE_OPENING_PURGED] = "purged",
        [SPBE_OPENING_INCOMPLETE] = "incomplete",
        [SPBE_OPENING_OTHERS] = "sealed-to-others",
        [SPBE_OPENING_NO_KEY] = "key-record-missing",
        [SPBE_OPENING_UNREADABLE] = "archive-unreadable",
        [SPBE_OPENING_ALTERED] = "altered",
    };

    return names[state];
}

spbe_opening_t *spbe_opening_create(const spbe_source_t *source,
                                    spbe_unseal_t *unseal,
                                    spbe_opening_find_t *find, void *baton,
                                    apr_pool_t *pool)
{
    spbe_opening_t *opening = apr_pcalloc(pool, sizeof(*opening));

    opening->source = source;
    opening->unseal = unseal;
    opening->find = find;
    opening->baton = baton;
    opening->tried = apr_hash_make(pool);
    opening->candidates = apr_hash_make(pool);
    opening->pool = pool;
    return opening;
}

void spbe_opening_sources(spbe_opening_t *opening,
                          spbe_opening_source_t *source_of)
{
    opening->source_of = source_of;
}

typedef struct learning {
    spbe_opening_t *opening;
    tried_t *tried;
    int n; /* records that were tried */
} learning_t;

/* Where a purge took details out, what stays has moved towards the front of its
 * segment: looked for from where that began at the latest. */
static apr_status_t get_moved(const spbe_source_t *source,
                              const spbe_row_t *row, spbe_details_t *details,
                              apr_pool_t *pool)
{
    apr_status_t rv = spbe_details_get(source, row, details, pool);
    spbe_row_t wide = *row;

    if (rv != APR_SUCCESS || details->parts > 0) {
        return rv;
    }
    wide.offset = row->offset > SEGMENT ? row->offset - SEGMENT : 0;
    wide.length = row->offset + row->length - wide.offset;
    return spbe_details_get(source, &wide, details, pool);
}

static void note(learning_t *l, spbe_rc_t rc, spbe_span_t d)
{
    if (l->n++ > 0) {
        return;
    }
    l->tried->state = rc == SPBE_NONE  ? SPBE_OPENING_OTHERS
                      : rc == SPBE_BAD ? SPBE_OPENING_ALTERED
                                       : SPBE_OPENING_OPENED;
    l->tried->to =
        rc == SPBE_NONE ? spbe_unseal_recipients(d, l->opening->pool) : NULL;
}

/* A key record: what is in it is learned. Anybody may have written one under
 * this id, so that which is the right one is seen when something opens. */
static int learn(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    learning_t *l = baton;
    spbe_details_t details;

    if (row->kind == NULL || strcmp(row->kind, "key") != 0 ||
        get_moved(l->opening->source, row, &details, pool) != APR_SUCCESS ||
        !details.is_complete || details.d.len == 0) {
        return 0;
    }
    note(l, spbe_unseal_learn(l->opening->unseal, details.d), details.d);
    return 0;
}

static const spbe_candidates_t *candidates_of(spbe_opening_t *opening,
                                              const char *node)
{
    const char *name = node == NULL ? "" : node;
    spbe_candidates_t *c =
        apr_hash_get(opening->candidates, name, APR_HASH_KEY_STRING);

    if (c == NULL) {
        spbe_candidates_create(&c, opening->source, opening->pool);
        apr_hash_set(opening->candidates, apr_pstrdup(opening->pool, name),
                     APR_HASH_KEY_STRING, c);
    }
    return c;
}

static tried_t *ask_index(spbe_opening_t *opening, const char *node,
                          const char *key, apr_pool_t *pool)
{
    const char *name =
        apr_pstrcat(pool, node == NULL ? "" : node, "\n", key, NULL);
    learning_t l = {opening,
                    apr_hash_get(opening->tried, name, APR_HASH_KEY_STRING), 0};

    if (l.tried != NULL) {
        return l.tried;
    }
    l.tried = apr_pcalloc(opening->pool, sizeof(*l.tried));
    l.tried->state = SPBE_OPENING_NO_KEY;
    apr_hash_set(opening->tried, apr_pstrdup(opening->pool, name),
                 APR_HASH_KEY_STRING, l.tried);
    opening->find(opening->baton, node, key, learn, &l, pool);
    return l.tried;
}

/* The whole archive: once, and once for each id. */
static void sweep(spbe_opening_t *opening, const char *node, const char *key,
                  tried_t *tried, apr_pool_t *pool)
{
    learning_t l = {opening, tried, 0};

    tried->is_swept = 1;
    spbe_candidates_each(candidates_of(opening, node), key, learn, &l, pool);
}

static spbe_rc_t try_all(spbe_opening_t *opening, const char *node,
                         const spbe_details_t *details, tried_t **tried,
                         spbe_span_t *d, apr_pool_t *pool)
{
    spbe_span_t h = spbe_span_from(details->h);
    spbe_rc_t rc;

    *tried = ask_index(opening, node, details->key, pool);
    rc =
        spbe_unseal_open(opening->unseal, details->key, h, details->d, d, pool);
    if (rc == SPBE_OK || (*tried)->is_swept) {
        return rc;
    }
    sweep(opening, node, details->key, *tried, pool);
    return spbe_unseal_open(opening->unseal, details->key, h, details->d, d,
                            pool);
}

static void unseal(spbe_opening_t *opening, const char *node,
                   const spbe_details_t *details, spbe_opened_t *opened,
                   apr_pool_t *pool)
{
    tried_t *tried;
    spbe_span_t d;

    opened->state = SPBE_OPENING_SEALED;
    if (opening->unseal == NULL) {
        return;
    }
    if (try_all(opening, node, details, &tried, &d, pool) == SPBE_OK) {
        opened->state = SPBE_OPENING_OPENED;
        opened->d = d;
        return;
    }
    opened->state = tried->state == SPBE_OPENING_OPENED ? SPBE_OPENING_ALTERED
                                                        : tried->state;
    opened->to = tried->to;
}

void spbe_opening_open(spbe_opening_t *opening, const spbe_row_t *row,
                       spbe_opened_t *opened, apr_pool_t *pool)
{
    spbe_details_t details;

    *opened = (spbe_opened_t){.state = SPBE_OPENING_UNREADABLE,
                              .d = SPBE_SPAN_EMPTY,
                              .key = "",
                              .is_complete = row->complete};
    if (opening->source_of != NULL) {
        opening->source = opening->source_of(opening->baton, row->node);
    }
    if (opening->source == NULL ||
        spbe_details_get(opening->source, row, &details, pool) != APR_SUCCESS) {
        return;
    }
    opened->key = details.key;
    opened->is_complete = details.is_complete;
    if (details.is_emptied) {
        opened->state = SPBE_OPENING_PURGED;
    }
    else if (!details.is_complete) {
        opened->state = SPBE_OPENING_INCOMPLETE;
    }
    else if (details.d.len == 0) {
        opened->state = SPBE_OPENING_NONE;
    }
    else if (details.key[0] == '\0') {
        opened->state = SPBE_OPENING_PLAIN;
        opened->d = details.d;
    }
    else {
        unseal(opening, row->node, &details, opened, pool);
    }
}
