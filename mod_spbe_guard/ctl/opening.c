/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/opening.c - details of records, opened. See opening.h.
 */
#include "ctl/opening.h"

#include <apr_hash.h>
#include <apr_strings.h>

#define SEGMENT ((apr_uint64_t)128 << 20) /* longer than any */

/* What is known of a content key that could not be learned. */
typedef struct tried {
    spbe_opening_state_t state;
    const apr_array_header_t *to;
} tried_t;

struct spbe_opening {
    const spbe_source_t *source;
    spbe_unseal_t *unseal;
    spbe_opening_source_t *source_of; /* or NULL */
    spbe_opening_find_t *find;
    void *baton;
    apr_hash_t *tried; /* key id to tried_t */
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
} learning_t;

static void note(learning_t *l, spbe_opening_state_t state)
{
    l->tried->state = state;
}

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

/* A key record: what is in it is learned. Anybody may have written one under
 * this id, so that the next is tried after one that is of no use. */
static int learn(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    learning_t *l = baton;
    spbe_details_t details;
    spbe_rc_t rc;

    if (row->kind == NULL || strcmp(row->kind, "key") != 0 ||
        get_moved(l->opening->source, row, &details, pool) != APR_SUCCESS ||
        !details.is_complete || details.d.len == 0) {
        return 0;
    }
    rc = spbe_unseal_learn(l->opening->unseal, details.d);
    if (rc == SPBE_NONE) {
        note(l, SPBE_OPENING_OTHERS);
        l->tried->to = spbe_unseal_recipients(details.d, l->opening->pool);
    }
    if (rc == SPBE_BAD) {
        note(l, SPBE_OPENING_ALTERED);
    }
    return rc == SPBE_OK;
}

/* NULL when the content key is known now. */
static const tried_t *try_key(spbe_opening_t *opening, const char *node,
                              const char *key, apr_pool_t *pool)
{
    tried_t *tried = apr_hash_get(opening->tried, key, APR_HASH_KEY_STRING);
    learning_t l = {opening, tried};

    if (spbe_unseal_knows(opening->unseal, key)) {
        return NULL;
    }
    if (tried != NULL) {
        return tried;
    }
    l.tried = apr_pcalloc(opening->pool, sizeof(*tried));
    l.tried->state = SPBE_OPENING_NO_KEY;
    opening->find(opening->baton, node, key, learn, &l, pool);
    apr_hash_set(opening->tried, apr_pstrdup(opening->pool, key),
                 APR_HASH_KEY_STRING, l.tried);
    return spbe_unseal_knows(opening->unseal, key) ? NULL : l.tried;
}

static void unseal(spbe_opening_t *opening, const char *node,
                   const spbe_details_t *details, spbe_opened_t *opened,
                   apr_pool_t *pool)
{
    const tried_t *tried;
    spbe_span_t d;

    opened->state = SPBE_OPENING_SEALED;
    if (opening->unseal == NULL) {
        return;
    }
    tried = try_key(opening, node, details->key, pool);
    if (tried != NULL) {
        opened->state = tried->state;
        opened->to = tried->to;
        return;
    }
    if (spbe_unseal_open(opening->unseal, details->key,
                         spbe_span_from(details->h), details->d, &d,
                         pool) != SPBE_OK) {
        opened->state = SPBE_OPENING_ALTERED;
        return;
    }
    opened->state = SPBE_OPENING_OPENED;
    opened->d = d;
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
