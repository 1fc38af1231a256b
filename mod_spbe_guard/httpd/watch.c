/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/watch.c - sees a body pass by. See watch.h.
 *
 * The bytes are in a block of their own, not in the pool: what grows in a pool
 * leaves every smaller size behind.
 */
#include "httpd/watch.h"

#include <stdlib.h>

#include <http_protocol.h>

#define FILTER "SPBE_WATCH"
#define SMALL (8 * 1024)

static apr_status_t release(void *data)
{
    spbe_watch_t *watch = data;

    free(watch->bytes);
    watch->bytes = NULL;
    watch->len = watch->room = 0;
    return APR_SUCCESS;
}

spbe_watch_t *spbe_watch_create(apr_size_t limit, apr_size_t expected,
                                apr_pool_t *pool)
{
    spbe_watch_t *watch = apr_pcalloc(pool, sizeof(*watch));

    watch->limit = limit;
    watch->room = expected < limit ? expected : limit;
    apr_pool_cleanup_register(pool, watch, release, apr_pool_cleanup_null);
    return watch;
}

/* room was only a wish until the first byte came. */
static int make_room(spbe_watch_t *watch, apr_size_t needed)
{
    apr_size_t room = watch->room < SMALL ? SMALL : watch->room;
    char *bytes;

    if (watch->bytes != NULL && needed <= watch->room) {
        return 1;
    }
    while (room < needed) {
        room *= 2;
    }
    room = room < watch->limit ? room : watch->limit;
    bytes = realloc(watch->bytes, room);
    if (bytes == NULL) {
        watch->lost = 1;
        return 0;
    }
    watch->bytes = bytes;
    watch->room = room;
    return 1;
}

static void see(spbe_watch_t *watch, const char *bytes, apr_size_t len)
{
    apr_size_t left = watch->limit - watch->len;

    if (len > left) {
        watch->more = 1;
        len = left;
    }
    if (len == 0 || watch->lost || !make_room(watch, watch->len + len)) {
        return;
    }
    memcpy(watch->bytes + watch->len, bytes, len);
    watch->len += len;
}

static void look(spbe_watch_t *watch, apr_bucket_brigade *bb)
{
    apr_bucket *e;

    for (e = APR_BRIGADE_FIRST(bb);
         e != APR_BRIGADE_SENTINEL(bb) && !watch->ended;
         e = APR_BUCKET_NEXT(e)) {
        const char *bytes;
        apr_size_t len;

        if (APR_BUCKET_IS_EOS(e)) {
            watch->ended = 1;
        }
        else if (!APR_BUCKET_IS_METADATA(e) && !watch->more) {
            if (apr_bucket_read(e, &bytes, &len, APR_NONBLOCK_READ) ==
                APR_SUCCESS) {
                see(watch, bytes, len);
            }
            else {
                watch->lost = 1;
            }
        }
    }
}

static apr_status_t on_read(ap_filter_t *f, apr_bucket_brigade *bb,
                            ap_input_mode_t mode, apr_read_type_e block,
                            apr_off_t wanted)
{
    spbe_watch_t *watch = f->ctx;
    int before = watch->ended;
    apr_status_t rv = ap_get_brigade(f->next, bb, mode, block, wanted);

    if (rv != APR_SUCCESS || mode == AP_MODE_SPECULATIVE) {
        return rv;
    }
    look(watch, bb);
    if (watch->ended && !before) {
        watch->at_end(watch->baton);
    }
    return rv;
}

void spbe_watch_insert(request_rec *r, spbe_watch_t *watch)
{
    ap_add_input_filter(FILTER, watch, r, r->connection);
}

void spbe_watch_hooks(apr_pool_t *p)
{
    /* Nearest to httpd's own filter: the body as it came. */
    ap_register_input_filter(FILTER, on_read, NULL, AP_FTYPE_PROTOCOL - 1);
}
