/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/filter.c - the output filter: read, search, hold, let go.
 *
 * Stands after everything that makes the body and before compression. What is
 * found is dealt with in cut.c and replace.c.
 */
#include "httpd/flow.h"

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "httpd/report.h"
#include "httpd/thread.h"
#include "text/media.h"

#define FILTER "SPBE_GUARD"
/* A trace is complete enough, a body that does not end is ended. */
#define COLLECT_MAX (1024 * 1024)

/* The next data bucket from e on, or NULL. */
static apr_bucket *data_from(apr_bucket_brigade *bb, apr_bucket *e)
{
    while (e != APR_BRIGADE_SENTINEL(bb)
           && (APR_BUCKET_IS_METADATA(e) || e->length == 0)) {
        e = APR_BUCKET_NEXT(e);
    }
    return e == APR_BRIGADE_SENTINEL(bb) ? NULL : e;
}

/* A fatal leak that ends the response (as against one that is cut out). */
static int is_over(const spbe_flow_t *flow)
{
    const spbe_leak_t *leak = spbe_scan_fatal(flow->scan);

    if (flow->observe) {
        return 0;
    }
    if (flow->bomb || (leak != NULL && !spbe_cut_wanted(flow, leak))) {
        return 1;
    }
    if (spbe_cut_strict(flow)) {
        size_t n;

        spbe_scan_leaks(flow->scan, &n);
        return n > 0;
    }
    /* Compressed bytes have left, or a part of a body must keep its length:
     * nothing can be cut out. */
    return flow->decode != NULL && !flow->recode
           && (flow->committed || flow->r->status == HTTP_PARTIAL_CONTENT)
           && spbe_cut_any(flow);
}

static void collect(spbe_flow_t *flow)
{
    flow->plan = SPBE_PLAN_COLLECT;
    if (!flow->committed) {
        if (!flow->last_fed) {
            apr_brigade_cleanup(flow->held);
        }
        return;
    }
    /* Clean bytes before the leak may still go. */
    spbe_cut_release(flow, spbe_scan_fatal(flow->scan) == NULL
                               ? flow->text_out
                               : spbe_scan_fatal(flow->scan)->start);
    apr_brigade_cleanup(flow->held);
}

static int collected_enough(const spbe_flow_t *flow)
{
    const spbe_leak_t *leak = spbe_scan_fatal(flow->scan);
    apr_uint64_t from = leak == NULL ? 0 : leak->start;

    return flow->raw_in - flow->raw_out > COLLECT_MAX
           || flow->text_in - from > SPBE_SCAN_WINDOW;
}

/* An ErrorDocument that has nothing to say has failed itself. */
static int says_nothing(const spbe_flow_t *flow)
{
    return flow->errordoc && !flow->observe && flow->raw_in == 0
           && !flow->r->header_only && !ap_is_HTTP_REDIRECT(flow->r->status);
}

/* All is known. bb: the EOS and whatever is behind it. */
static apr_status_t end(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    if (!flow->last_fed) {
        spbe_feed(flow, SPBE_SPAN_EMPTY, 1);
    }
    if (flow->plan == SPBE_PLAN_COLLECT || is_over(flow)
        || says_nothing(flow)) {
        if (flow->plan != SPBE_PLAN_COLLECT) {
            collect(flow);
        }
        return spbe_replace(flow, bb);
    }
    spbe_headers_strip_trailers(flow);
    spbe_report_searched(flow);
    flow->plan = SPBE_PLAN_PASS;
    ap_remove_output_filter(flow->f);
    return spbe_cut_release_all(flow, bb);
}

/*
 * The handler or the backend broke down. While nothing has left, httpd makes
 * the page and we meet it in insert_error_filter: never an error bucket and a
 * body of our own.
 */
static apr_status_t broken(spbe_flow_t *flow, apr_bucket_brigade *bb,
                           int status)
{
    if (flow->plan == SPBE_PLAN_COLLECT) {
        if (!flow->last_fed) {
            spbe_feed(flow, SPBE_SPAN_EMPTY, 1);
        }
        return spbe_replace(flow, bb);
    }
    spbe_report_broken(flow, status);
    if (flow->observe) {
        flow->plan = SPBE_PLAN_PASS;
        ap_remove_output_filter(flow->f);
        return spbe_cut_release_all(flow, bb);
    }
    if (flow->committed) {
        spbe_cut_release(flow, spbe_scan_safe(flow->scan));
    }
    apr_brigade_cleanup(flow->held);
    flow->plan = SPBE_PLAN_PASS;
    ap_remove_output_filter(flow->f);
    return ap_pass_brigade(flow->f->next, bb);
}

static apr_status_t take_data(spbe_flow_t *flow, apr_bucket_brigade *bb,
                              apr_bucket *e)
{
    spbe_span_t data;
    apr_bucket *next;
    apr_status_t rv = spbe_hold_read(flow, e, &data);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    next = APR_BUCKET_NEXT(e);
    if (data.len > 0) {
        if (flow->since == 0) {
            flow->since = apr_time_now();
        }
        spbe_feed(flow, data,
             next != APR_BRIGADE_SENTINEL(bb) && APR_BUCKET_IS_EOS(next));
    }
    /* The scanner may look at the last bytes where they are: they stay until
     * the record is written. */
    if (data.len == 0
        || (flow->plan == SPBE_PLAN_COLLECT && !flow->last_fed)) {
        apr_bucket_delete(e);
        return APR_SUCCESS;
    }
    spbe_hold_add(flow, e, data);
    if (flow->plan != SPBE_PLAN_COLLECT && is_over(flow)) {
        collect(flow);
        return APR_SUCCESS;
    }
    return flow->last_fed ? APR_SUCCESS : spbe_hold_let_go(flow, 0, 0);
}

/* The handler went silent or away within its response. Left alone, httpd would
 * end the response as if it were whole. */
static apr_status_t unreadable(spbe_flow_t *flow, apr_bucket_brigade *bb,
                               apr_status_t why)
{
    int status = APR_STATUS_IS_TIMEUP(why) ? HTTP_GATEWAY_TIME_OUT
                                           : HTTP_BAD_GATEWAY;
    apr_bucket *e;

    if (flow->observe) {
        /* As without us: whoever is next meets the same trouble. */
        flow->plan = SPBE_PLAN_PASS;
        ap_remove_output_filter(flow->f);
        return spbe_cut_release_all(flow, bb);
    }
    apr_brigade_cleanup(bb);
    e = ap_bucket_error_create(flow->committed ? HTTP_BAD_GATEWAY : status,
                               NULL, flow->r->pool, bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    e = apr_bucket_eos_create(bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    return broken(flow, bb, status);
}

/* SEARCH and COLLECT: to the end of the brigade or of the response. */
static apr_status_t work(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    apr_status_t rv = APR_SUCCESS;
    int flush = 0;

    flow->border = (spbe_mark_t){ flow->raw_in, flow->text_in };
    while (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *e = APR_BRIGADE_FIRST(bb);

        if (APR_BUCKET_IS_EOS(e)) {
            return end(flow, bb);
        }
        if (AP_BUCKET_IS_ERROR(e)) {
            return broken(flow, bb, ((ap_bucket_error *)e->data)->status);
        }
        if (!APR_BUCKET_IS_METADATA(e)) {
            rv = take_data(flow, bb, e);
            if (flow->unreadable) {
                return unreadable(flow, bb, rv);
            }
            if (rv == APR_SUCCESS && flow->plan == SPBE_PLAN_COLLECT
                && collected_enough(flow)) {
                return spbe_replace(flow, bb);
            }
            continue;
        }
        flush |= APR_BUCKET_IS_FLUSH(e);
        if (flow->plan == SPBE_PLAN_COLLECT) {
            apr_bucket_delete(e);
        }
        else {
            spbe_hold_add(flow, e, SPBE_SPAN_EMPTY);
        }
    }
    if (rv == APR_SUCCESS && flow->plan == SPBE_PLAN_SEARCH) {
        rv = spbe_hold_let_go(flow, 1, flush);
    }
    return rv != APR_SUCCESS ? rv : spbe_hold_keep(flow);
}

/* The first bytes of a body that is declared binary. */
static apr_status_t sniff(spbe_flow_t *flow, apr_bucket *e)
{
    spbe_span_t data = SPBE_SPAN_EMPTY;
    apr_status_t rv = APR_SUCCESS;

    if (e != NULL) {
        rv = spbe_hold_read(flow, e, &data);
    }
    /* Unreadable: searched, so that work's way of dealing with it is open. */
    spbe_begin_sniff(flow, rv == APR_SUCCESS ? data : SPBE_SPAN("?"));
    return rv;
}

static apr_status_t begin(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    apr_bucket *e = data_from(bb, APR_BRIGADE_FIRST(bb));
    apr_status_t rv = APR_SUCCESS;

    spbe_begin(flow, e);
    flow->held = apr_brigade_create(flow->r->pool, bb->bucket_alloc);
    flow->out = apr_brigade_create(flow->r->pool, bb->bucket_alloc);
    if (flow->plan == SPBE_PLAN_SNIFF) {
        rv = sniff(flow, e);
    }
    if (flow->plan != SPBE_PLAN_PASS) {
        spbe_thread_count()->searched++;
    }
    return rv;
}

/* Nothing but a flush: the decision waits for data or the end. */
static int is_early(apr_bucket_brigade *bb)
{
    apr_bucket *e;

    for (e = APR_BRIGADE_FIRST(bb); e != APR_BRIGADE_SENTINEL(bb);
         e = APR_BUCKET_NEXT(e)) {
        if (!APR_BUCKET_IS_FLUSH(e)) {
            return 0;
        }
    }
    return 1;
}

/*
 * The handler wants its headers out. Where the body will not be touched they
 * go at once, as server-sent events need it; else they would be sent before
 * the body is known.
 */
static apr_status_t early(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    if (!flow->early) {
        flow->early = 1;
        spbe_begin(flow, NULL);
        if (flow->plan == SPBE_PLAN_PASS) {
            ap_remove_output_filter(flow->f);
            return ap_pass_brigade(flow->f->next, bb);
        }
        flow->plan = SPBE_PLAN_UNDECIDED;
    }
    if (flow->observe) {
        return ap_pass_brigade(flow->f->next, bb);
    }
    apr_brigade_cleanup(bb);
    return APR_SUCCESS;
}

static apr_status_t on_response(ap_filter_t *f, apr_bucket_brigade *bb)
{
    spbe_flow_t *flow = f->ctx;
    apr_status_t rv;

    if (flow->plan == SPBE_PLAN_UNDECIDED) {
        flow->f = f;
        flow->r = f->r;
        if (is_early(bb)) {
            return early(flow, bb);
        }
        rv = begin(flow, bb);
        if (flow->unreadable) {
            return unreadable(flow, bb, rv);
        }
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    switch (flow->plan) {
    case SPBE_PLAN_SEARCH:
    case SPBE_PLAN_COLLECT:
        return work(flow, bb);
    case SPBE_PLAN_DONE:
        /* The answer is out: whoever still sends may stop. */
        rv = data_from(bb, APR_BRIGADE_FIRST(bb)) == NULL ? APR_SUCCESS
                                                          : APR_ECONNABORTED;
        apr_brigade_cleanup(bb);
        return rv;
    default:
        ap_remove_output_filter(f);
        return ap_pass_brigade(f->next, bb);
    }
}

static void insert(request_rec *r, int canned)
{
    const spbe_dir_conf_t *conf = spbe_conf_dir(r);
    int refused = canned && spbe_begin_refused(r);
    spbe_flow_t *flow;

    if (r->main != NULL
        || (spbe_dir_failure(conf) == SPBE_MODE_OFF && !refused)
        || spbe_conf_server(r->server)->rules == NULL) {
        return;
    }
    flow = apr_pcalloc(r->pool, sizeof(*flow));
    flow->conf = conf;
    flow->state = spbe_state_get(r);
    flow->canned = (unsigned)canned & 1;
    flow->refused = (unsigned)refused & 1;
    if (!canned) {
        flow->state->handled = 1;
    }
    ap_add_output_filter(FILTER, flow, r, r->connection);
}

static void insert_filter(request_rec *r)
{
    insert(r, 0);
}

static void insert_error_filter(request_rec *r)
{
    insert(r, 1);
}

void spbe_filter_hooks(apr_pool_t *p)
{
    /*
     * After SSI, substitute and proxy-html, before DEFLATE and BROTLI: what
     * is searched is what leaves. The two hooks together see handlers' errors
     * and httpd's own.
     */
    ap_register_output_filter(FILTER, on_response, NULL,
                              AP_FTYPE_CONTENT_SET - 1);
    ap_hook_insert_filter(insert_filter, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(insert_error_filter, NULL, NULL,
                                APR_HOOK_LAST);
}
