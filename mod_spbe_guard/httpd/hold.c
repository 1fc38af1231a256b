/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/hold.c - bytes wait until they are known to be clean, but not for
 * ever.
 *
 * A flush is granted once the first byte has waited SpbeGuardHold's time, and
 * at once for types that are read line by line; what then goes ends with a
 * line or a tag. Waiting here costs a slow handler's visitor nothing that he
 * would have had otherwise.
 */
#include "httpd/flow.h"

#include <http_protocol.h>

#include "text/media.h"

#define OBSERVE_STEP (64 * 1024)
/* Pieces smaller than this are copied together while they wait. */
#define SMALL 2048
#define NAP apr_time_from_msec(5)

/* Only into a bucket of our own: the bytes behind another one may belong to
 * the bucket that was split from it. */
static void add_small(spbe_flow_t *flow, spbe_span_t data)
{
    apr_bucket *was = APR_BRIGADE_LAST(flow->held);

    if (flow->own != NULL && was == flow->own) {
        apr_brigade_write(flow->held, NULL, NULL, data.ptr, data.len);
    }
    else {
        apr_brigade_write(flow->out, NULL, NULL, data.ptr, data.len);
        APR_BRIGADE_CONCAT(flow->held, flow->out);
    }
    flow->own = APR_BRIGADE_LAST(flow->held);
    flow->held_new += flow->own != was;
}

void spbe_hold_add(spbe_flow_t *flow, apr_bucket *e, spbe_span_t data)
{
    if (APR_BUCKET_IS_FLUSH(e) && !flow->observe) {
        /* Granted by spbe_hold_let_go, or with what goes next. */
        apr_bucket_delete(e);
        return;
    }
    if (data.len > 0 && data.len < SMALL && !flow->last_fed) {
        add_small(flow, data);
        apr_bucket_delete(e);
        return;
    }
    APR_BUCKET_REMOVE(e);
    APR_BRIGADE_INSERT_TAIL(flow->held, e);
    flow->held_new++;
}

/* Only what was added since the last time: many small calls must not cost the
 * square of their number. */
apr_status_t spbe_hold_keep(spbe_flow_t *flow)
{
    apr_bucket *e = APR_BRIGADE_LAST(flow->held);
    apr_status_t rv;

    for (; flow->held_new > 0 && e != APR_BRIGADE_SENTINEL(flow->held);
         flow->held_new--, e = APR_BUCKET_PREV(e)) {
        rv = apr_bucket_setaside(e, flow->r->pool);
        if (rv != APR_SUCCESS && rv != APR_ENOTIMPL) {
            return rv;
        }
    }
    flow->held_new = 0;
    return APR_SUCCESS;
}

static apr_uint64_t held_bytes(const spbe_flow_t *flow)
{
    return flow->raw_in - flow->raw_out;
}

/* Is it read line by line, as it comes? */
static int is_line_stream(const spbe_flow_t *flow)
{
    static const char *const types[] = {
        "application/x-ndjson", "application/jsonl", "application/json-seq",
        "application/stream+json", "application/jsonlines", NULL
    };
    int i;

    for (i = 0; types[i] != NULL; i++) {
        if (spbe_media_matches(types[i], flow->type)) {
            return 1;
        }
    }
    return 0;
}

static int has_waited(const spbe_flow_t *flow)
{
    return flow->committed || spbe_dir_hold(flow->conf) == 0
           || (apr_time_now() - flow->since) / 1000
                  >= spbe_dir_hold_wait(flow->conf)
           || is_line_stream(flow);
}

static apr_status_t grant_flush(spbe_flow_t *flow)
{
    apr_uint64_t before = flow->raw_out;
    apr_status_t rv =
        spbe_cut_release(flow, spbe_scan_flushable(flow->scan));

    if (rv == APR_SUCCESS && flow->raw_out > before) {
        rv = ap_fflush(flow->f->next, flow->out);
    }
    return rv;
}

apr_status_t spbe_hold_let_go(spbe_flow_t *flow, int all, int flush)
{
    const spbe_leak_t *leak = spbe_scan_fatal(flow->scan);

    if (flow->observe) {
        return all || held_bytes(flow) > OBSERVE_STEP
                   ? spbe_cut_release_all(flow, NULL)
                   : APR_SUCCESS;
    }
    if (leak != NULL && spbe_cut_wanted(flow, leak)
        && spbe_scan_safe(flow->scan) >= leak->start
        && held_bytes(flow) > (apr_uint64_t)spbe_dir_hold(flow->conf)) {
        /* From it on everything is cut out (excise): nothing to wait for. */
        return spbe_cut_release(flow, flow->text_in);
    }
    if (flush && has_waited(flow)) {
        return grant_flush(flow);
    }
    if (held_bytes(flow) > (apr_uint64_t)spbe_dir_hold(flow->conf)) {
        return spbe_cut_release(flow, spbe_scan_safe(flow->scan));
    }
    return APR_SUCCESS;
}

/* The handler is slow: look again now and then until its bytes have waited
 * long enough, and let them go before waiting without end. */
static apr_status_t read_slow(spbe_flow_t *flow, apr_bucket *e,
                              spbe_span_t *data, apr_size_t *len)
{
    apr_status_t rv = APR_EAGAIN;

    if (flow->plan != SPBE_PLAN_SEARCH) {
        return apr_bucket_read(e, &data->ptr, len, APR_BLOCK_READ);
    }
    while (!flow->observe && held_bytes(flow) > 0 && !has_waited(flow)) {
        apr_sleep(NAP);
        rv = apr_bucket_read(e, &data->ptr, len, APR_NONBLOCK_READ);
        if (!APR_STATUS_IS_EAGAIN(rv)) {
            return rv;
        }
    }
    rv = spbe_hold_let_go(flow, 1, 1);
    if (rv == APR_SUCCESS && flow->observe) {
        rv = ap_fflush(flow->f->next, flow->out);
    }
    if (rv != APR_SUCCESS) {
        flow->gone = 1;
        return rv;
    }
    return apr_bucket_read(e, &data->ptr, len, APR_BLOCK_READ);
}

apr_status_t spbe_hold_read(spbe_flow_t *flow, apr_bucket *e,
                            spbe_span_t *data)
{
    apr_size_t len = 0;
    apr_status_t rv;

    rv = apr_bucket_read(e, &data->ptr, &len, APR_NONBLOCK_READ);
    if (APR_STATUS_IS_EAGAIN(rv)) {
        rv = read_slow(flow, e, data, &len);
    }
    if (APR_STATUS_IS_ECONNRESET(rv) && !flow->observe && !flow->gone) {
        /* A script of mod_cgid that ended without reading its input: what it
         * wrote is there, this is its end. */
        rv = APR_SUCCESS;
        len = 0;
    }
    data->len = len;
    flow->unreadable = rv != APR_SUCCESS && !flow->gone;
    return rv;
}
