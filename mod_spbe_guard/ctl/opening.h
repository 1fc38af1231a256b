/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/opening.h - details of records, opened where a private key is given, and
 * in plain words why where they are not.
 */
#ifndef SPBE_CTL_OPENING_H
#define SPBE_CTL_OPENING_H

#include "record/unseal.h"
#include "store/details.h"
#include "store/query.h"

/* Worse ones come later: a record is as bad as its worst part. */
typedef enum spbe_opening_state {
    SPBE_OPENING_NONE = 0,  /* it has no details */
    SPBE_OPENING_PLAIN = 1, /* not sealed */
    SPBE_OPENING_OPENED = 2,
    SPBE_OPENING_SEALED = 3, /* nobody gave a private key */
    SPBE_OPENING_PURGED = 4,
    SPBE_OPENING_INCOMPLETE = 5, /* lines of it are missing */
    SPBE_OPENING_OTHERS = 6,     /* sealed to other keys */
    SPBE_OPENING_NO_KEY = 7,     /* its key record is missing */
    SPBE_OPENING_UNREADABLE = 8, /* the archive cannot be read */
    SPBE_OPENING_ALTERED = 9     /* does not open with its key */
} spbe_opening_state_t;

/* "plain" "opened" ...: for JSON. */
const char *spbe_opening_name(spbe_opening_state_t state);

typedef struct spbe_opening spbe_opening_t;

/* Finds the record of a key of that node (NULL: of any). */
typedef apr_status_t spbe_opening_find_t(void *baton, const char *node,
                                         const char *key, spbe_query_row_t *row,
                                         void *rows, apr_pool_t *pool);

/* source: NULL when the archive cannot be read. unseal: NULL without key. */
spbe_opening_t *spbe_opening_create(const spbe_source_t *source,
                                    spbe_unseal_t *unseal,
                                    spbe_opening_find_t *find, void *baton,
                                    apr_pool_t *pool);

/* Where the archive of a node is read from, or NULL: for a database that holds
 * those of many. */
typedef const spbe_source_t *spbe_opening_source_t(void *baton,
                                                   const char *node);
void spbe_opening_sources(spbe_opening_t *opening,
                          spbe_opening_source_t *source_of);

typedef struct spbe_opened {
    spbe_opening_state_t state;
    spbe_span_t d;                /* JSON; empty unless it could be had */
    const char *key;              /* what it is sealed with, or "" */
    const apr_array_header_t *to; /* OTHERS: const char *, ids of recipients */
    int is_complete;
} spbe_opened_t;

/* Everything in pool. */
void spbe_opening_open(spbe_opening_t *opening, const spbe_row_t *row,
                       spbe_opened_t *opened, apr_pool_t *pool);

#endif
