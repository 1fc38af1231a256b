/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/watch.h - sees a body pass by as the handler reads it, for DetectOnly.
 *
 * Reads nothing itself, delays and changes nothing.
 */
#ifndef SPBE_HTTPD_WATCH_H
#define SPBE_HTTPD_WATCH_H

#include <httpd.h>
#include <util_filter.h>

#include "text/span.h"

typedef struct spbe_watch {
    char *bytes; /* the first ones, up to limit */
    apr_size_t len, room, limit;
    unsigned more : 1; /* than limit came */
    unsigned lost : 1; /* memory was short, or a bucket could not be read */
    unsigned ended : 1;
    void (*at_end)(void *baton); /* once, when the end has been seen */
    void *baton;
} spbe_watch_t;

/* expected: bytes, when known; else 0. Lives as long as pool. */
spbe_watch_t *spbe_watch_create(apr_size_t limit, apr_size_t expected,
                                apr_pool_t *pool);

/* For r, the request that reaches its handler. */
void spbe_watch_insert(request_rec *r, spbe_watch_t *watch);

void spbe_watch_hooks(apr_pool_t *p);

#endif
