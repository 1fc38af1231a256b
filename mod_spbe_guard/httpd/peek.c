/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/peek.c - the first bytes of a request's body. See peek.h.
 */
#include "httpd/peek.h"

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "httpd/input.h"
#include "httpd/state.h"

#define FILTER "SPBE_PEEK"

typedef struct peek {
    spbe_state_t *state;
    char *bytes;
} peek_t;

static void keep(peek_t *peek, spbe_span_t data)
{
    spbe_state_t *state = peek->state;
    size_t room = SPBE_PEEK_MAX - state->peek_len;

    if (state->input != NULL && spbe_input_spooled(state->input)) {
        return; /* read for the check meanwhile */
    }
    state->body_len += data.len;
    if (data.len > room) {
        data.len = room;
    }
    if (data.len == 0) {
        return;
    }
    if (peek->bytes == NULL) {
        peek->bytes = apr_palloc(state->r->pool, SPBE_PEEK_MAX);
        memcpy(peek->bytes, state->peek_len == 0 ? "" : state->peek,
               state->peek_len);
        state->peek = peek->bytes;
    }
    memcpy(peek->bytes + state->peek_len, data.ptr, data.len);
    state->peek_len += data.len;
}

static apr_status_t on_body(ap_filter_t *f, apr_bucket_brigade *bb,
                            ap_input_mode_t mode, apr_read_type_e block,
                            apr_off_t wanted)
{
    apr_status_t rv = ap_get_brigade(f->next, bb, mode, block, wanted);
    apr_bucket *e;

    if (rv != APR_SUCCESS || mode == AP_MODE_SPECULATIVE) {
        return rv;
    }
    for (e = APR_BRIGADE_FIRST(bb); e != APR_BRIGADE_SENTINEL(bb);
         e = APR_BUCKET_NEXT(e)) {
        spbe_span_t data;
        apr_size_t len;

        /* Only what is in memory: a body in a file stays there. */
        if (APR_BUCKET_IS_METADATA(e) || e->length == (apr_size_t)-1
            || APR_BUCKET_IS_FILE(e)) {
            continue;
        }
        if (apr_bucket_read(e, &data.ptr, &len, APR_NONBLOCK_READ)
            == APR_SUCCESS) {
            data.len = len;
            keep(f->ctx, data);
        }
    }
    return rv;
}

/* httpd drops resource filters at internal redirects; each request that
 * reaches a handler gets its own, all fill the same state. */
static void insert(request_rec *r)
{
    spbe_state_t *state;
    peek_t *peek;

    if (r->main != NULL || spbe_conf_mode(spbe_conf_dir(r)) <= SPBE_MODE_OFF
        || !ap_request_has_body(r)) {
        return;
    }
    state = spbe_state_get(r);
    if (state->input != NULL && spbe_input_spooled(state->input)) {
        return; /* the record has it already */
    }
    peek = apr_pcalloc(r->pool, sizeof(*peek));
    peek->state = state;
    ap_add_input_filter(FILTER, peek, r, r->connection);
}

void spbe_peek_hooks(apr_pool_t *p)
{
    ap_register_input_filter(FILTER, on_body, NULL, AP_FTYPE_CONTENT_SET - 1);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_MIDDLE);
}
