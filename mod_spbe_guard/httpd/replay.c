/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/replay.c - the input filter that gives a body again. See replay.h.
 *
 * Stands where httpd's own filter would hand over the body: other modules'
 * filters (inflate, ratelimit) see it as it came.
 */
#include "httpd/replay.h"

#include <http_protocol.h>

#define FILTER "SPBE_REPLAY"

typedef struct replay {
    apr_bucket_brigade *left; /* what has not been given yet */
} replay_t;

/* The end belongs to the last bytes, as httpd gives it. */
static void move(apr_bucket_brigade *from, apr_bucket *upto,
                 apr_bucket_brigade *to)
{
    while (APR_BRIGADE_FIRST(from) != upto ||
           (upto != APR_BRIGADE_SENTINEL(from) && APR_BUCKET_IS_EOS(upto))) {
        apr_bucket *e = APR_BRIGADE_FIRST(from);

        if (e == upto) {
            upto = APR_BUCKET_NEXT(upto);
        }
        APR_BUCKET_REMOVE(e);
        APR_BRIGADE_INSERT_TAIL(to, e);
    }
}

static apr_status_t give_bytes(apr_bucket_brigade *left, apr_bucket_brigade *bb,
                               apr_off_t wanted)
{
    apr_bucket *upto;
    apr_status_t rv = apr_brigade_partition(left, wanted, &upto);

    if (rv != APR_SUCCESS && rv != APR_INCOMPLETE) {
        return rv;
    }
    move(left, upto, bb);
    return APR_SUCCESS;
}

static apr_status_t give_line(apr_bucket_brigade *left, apr_bucket_brigade *bb,
                              apr_read_type_e block)
{
    apr_status_t rv = apr_brigade_split_line(bb, left, block, HUGE_STRING_LEN);

    if (rv == APR_SUCCESS) {
        move(left, APR_BRIGADE_FIRST(left), bb);
    }
    return rv;
}

/* A look ahead takes nothing away. */
static apr_status_t show_bytes(apr_bucket_brigade *left, apr_bucket_brigade *bb,
                               apr_off_t wanted)
{
    apr_bucket *upto, *e, *copy;
    apr_status_t rv = apr_brigade_partition(left, wanted, &upto);

    if (rv != APR_SUCCESS && rv != APR_INCOMPLETE) {
        return rv;
    }
    for (e = APR_BRIGADE_FIRST(left); e != upto; e = APR_BUCKET_NEXT(e)) {
        rv = apr_bucket_copy(e, &copy);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        APR_BRIGADE_INSERT_TAIL(bb, copy);
    }
    return APR_SUCCESS;
}

static apr_status_t on_read(ap_filter_t *f, apr_bucket_brigade *bb,
                            ap_input_mode_t mode, apr_read_type_e block,
                            apr_off_t wanted)
{
    replay_t *replay = f->ctx;
    apr_bucket_brigade *left = replay->left;

    if (APR_BRIGADE_EMPTY(left)) {
        /* The rest of the stream; behind the end httpd says so itself. */
        ap_remove_input_filter(f);
        return ap_get_brigade(f->next, bb, mode, block, wanted);
    }
    switch (mode) {
    case AP_MODE_READBYTES:
        return give_bytes(left, bb, wanted);
    case AP_MODE_SPECULATIVE:
        return show_bytes(left, bb, wanted);
    case AP_MODE_GETLINE:
        return give_line(left, bb, block);
    case AP_MODE_EXHAUSTIVE:
        APR_BRIGADE_CONCAT(bb, left);
        return APR_SUCCESS;
    default:
        return ap_get_brigade(f->next, bb, mode, block, wanted);
    }
}

/* One that was read to its end by a hook before the handler does not count. */
static int is_there(const request_rec *r)
{
    const ap_filter_t *f;

    for (f = r->input_filters; f != NULL; f = f->next) {
        const replay_t *replay = f->ctx;

        if (f->frec->filter_func.in_func == on_read &&
            !APR_BRIGADE_EMPTY(replay->left)) {
            return 1;
        }
    }
    return 0;
}

void spbe_replay_insert(request_rec *r, spbe_spool_t *spool)
{
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    replay_t *replay;

    if (is_there(r)) {
        return;
    }
    replay = apr_pcalloc(r->pool, sizeof(*replay));
    replay->left = apr_brigade_create(r->pool, alloc);
    spbe_spool_put(spool, replay->left);
    if (spool->end == SPBE_SPOOL_WHOLE) {
        APR_BRIGADE_INSERT_TAIL(replay->left, apr_bucket_eos_create(alloc));
    }
    ap_add_input_filter(FILTER, replay, r, r->connection);
}

void spbe_replay_hooks(apr_pool_t *p)
{
    /* Nearest to httpd's own filter, and yet one that an internal redirect
     * drops: the next request gets the body from its begin. */
    ap_register_input_filter(FILTER, on_read, NULL, AP_FTYPE_PROTOCOL - 1);
}
