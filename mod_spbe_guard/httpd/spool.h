/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/spool.h - a request's body, read before the handler does.
 *
 * Up to 64 KiB in the request's pool, more in an unlinked file of mode 0600
 * that is then mapped: nothing large is ever whole in the heap. Belongs to the
 * external request. What is read stays in it whatever goes wrong, so that it
 * can still be passed on.
 */
#ifndef SPBE_HTTPD_SPOOL_H
#define SPBE_HTTPD_SPOOL_H

#include <httpd.h>
#include <util_filter.h>

#include "httpd/room.h"
#include "text/span.h"

#define SPBE_SPOOL_MEMORY (64 * 1024)

typedef enum spbe_spool_end {
    SPBE_SPOOL_WHOLE = 0,  /* all of it is here */
    SPBE_SPOOL_OVER = 1,   /* more than the limit came: the rest is unread */
    SPBE_SPOOL_FAILED = 2, /* it could not be kept: why says so */
    SPBE_SPOOL_BROKEN = 3  /* it could not be read: status is httpd's */
} spbe_spool_end_t;

typedef struct spbe_spool {
    spbe_span_t data; /* all that is kept; empty when it cannot be mapped */
    apr_off_t kept;   /* bytes in memory or in the file */
    spbe_spool_end_t end;
    int status;               /* SPBE_SPOOL_BROKEN */
    const char *why;          /* SPBE_SPOOL_FAILED */
    apr_bucket_brigade *rest; /* read, but not kept; or NULL */
    request_rec *r;           /* the external request */
    char *memory;
    apr_size_t room;
    int fd;            /* of the file, or -1 */
    void *map;         /* of the file, or NULL */
    spbe_room_t taken; /* of what all bodies may have together */
} spbe_spool_t;

/*
 * Reads the body of the external request that r belongs to, as httpd itself
 * hands it over, before any filter of a module. limit: 0 none.
 * Never NULL; look at ->end. A body that was read whole has a Content-Length
 * afterwards and no Transfer-Encoding: CGI knows no other way.
 */
spbe_spool_t *spbe_spool_read(request_rec *r, apr_off_t limit);

/* The body as it was kept by another module (mod_request), up to limit. */
spbe_spool_t *spbe_spool_kept(request_rec *r, apr_off_t limit);

/* Appends what is kept, and what was read besides, to bb. */
void spbe_spool_put(spbe_spool_t *spool, apr_bucket_brigade *bb);

#endif
