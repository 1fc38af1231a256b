/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/replace.c - our page in the place of a failure; or, when bytes have
 * left already, the end of the connection.
 */
#include "httpd/flow.h"

#include <stdlib.h>

#include <apr_strings.h>
#include <http_protocol.h>

#include "failure/page.h"
#include "httpd/complain.h"
#include "httpd/input.h"
#include "httpd/report.h"
#include "httpd/thread.h"

/* A leak below the error set is a failure of the server; what the visitor was
 * refused or sent to stays what it was. */
static int status_shown(const spbe_flow_t *flow)
{
    return flow->status_in >= 300 ? flow->status_in
                                  : HTTP_INTERNAL_SERVER_ERROR;
}

static int retry_after(const request_rec *r)
{
    const char *value = apr_table_get(r->headers_out, "Retry-After");

    if (value == NULL) {
        value = apr_table_get(r->err_headers_out, "Retry-After");
    }
    return value == NULL ? 0 : atoi(value);
}

/* The application had the request and may have changed something. */
static int is_uncertain(const spbe_flow_t *flow)
{
    int method = flow->state->method_number;

    return flow->state->handled && flow->r->status >= 500
           && method != M_GET && method != M_OPTIONS
           && !spbe_report_unreached(flow->state);
}

/* After GET and HEAD nobody expects anything to be saved. */
static int may_seem_saved(const spbe_flow_t *flow)
{
    int status = flow->r->status;

    return flow->state->method_number != M_GET && status != HTTP_NOT_FOUND
           && status != HTTP_METHOD_NOT_ALLOWED;
}

static void add_refusal(const spbe_flow_t *flow, spbe_page_data_t *data)
{
    const spbe_verdict_t *verdict = flow->state->refused;
    const spbe_input_t *input = flow->state->input;

    data->refused = 1;
    data->unsaved = may_seem_saved(flow);
    data->complaints = spbe_complain_list(
        verdict, input == NULL ? NULL : input->match.operation,
        input == NULL ? NULL : input->settings.params, flow->r->pool);
    data->limit = spbe_complain_limit(verdict);
}

static spbe_page_t make_page(const spbe_flow_t *flow)
{
    request_rec *r = flow->r;
    apr_table_t *in = flow->state->r->headers_in;
    const spbe_pages_t *pages = spbe_dir_pages(flow->conf);
    spbe_page_request_t request = {
        .accept = apr_table_get(in, "Accept"),
        .accept_language = apr_table_get(in, "Accept-Language"),
        .request_type = apr_table_get(in, "Content-Type"),
        .requested_with = apr_table_get(in, "X-Requested-With"),
        .fetch_dest = apr_table_get(in, "Sec-Fetch-Dest"),
        .path = flow->state->r->uri,
        .response_type = flow->canned ? NULL : flow->type,
        .languages = spbe_dir_languages(flow->conf),
    };
    spbe_page_data_t data = {
        .status = r->status,
        .reference = flow->state->ref.ref,
        .time = apr_time_now(),
        .contact = spbe_dir_contact(flow->conf),
        .application = spbe_dir_application(flow->conf),
        .uncertain = is_uncertain(flow),
        .retry_after = retry_after(r),
    };

    if (flow->refused) {
        add_refusal(flow, &data);
    }
    if (pages == NULL) {
        pages = spbe_conf_server(r->server)->pages;
    }
    return spbe_page_render(pages, &request, &data, r->pool);
}

static void set_headers(request_rec *r, const spbe_page_t *page,
                        const char *reference)
{
    spbe_headers_clear(r);
    ap_set_content_type(r, page->content_type);
    ap_set_content_length(r, (apr_off_t)page->body.len);
    apr_table_setn(r->headers_out, "Content-Language", page->content_language);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "X-Request-Ref", reference);
    if (page->policy != NULL) {
        apr_table_setn(r->headers_out, "Content-Security-Policy",
                       page->policy);
    }
}

/* httpd lists the methods it knows itself, TRACE among them. */
static void set_allow(request_rec *r, const spbe_verdict_t *verdict)
{
    if (verdict->allow != NULL) {
        apr_table_unset(r->err_headers_out, "Allow");
        apr_table_setn(r->headers_out, "Allow", verdict->allow);
    }
}

static apr_status_t send_page(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    request_rec *r = flow->r;
    spbe_page_t page;
    apr_bucket *e;

    r->status = status_shown(flow);
    /* A line of the application's own may tell as much as its body. */
    r->status_line = spbe_headers_status_line(r);
    page = make_page(flow);
    set_headers(r, &page, flow->state->ref.ref);
    if (flow->refused) {
        set_allow(r, flow->state->refused);
    }
    e = apr_bucket_pool_create(page.body.ptr, page.body.len, r->pool,
                               bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    e = apr_bucket_eos_create(bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    flow->state->shown = 1;
    spbe_thread_count()->replaced++;
    return ap_pass_brigade(flow->f->next, bb);
}

/* The visitor must see that the response is not whole: no last chunk, no
 * further response on this connection; under HTTP/2 a reset of the stream. */
static apr_status_t cut_off(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    request_rec *r = flow->r;
    apr_bucket *e;

    r->connection->keepalive = AP_CONN_CLOSE;
    e = ap_bucket_error_create(HTTP_BAD_GATEWAY, NULL, r->pool,
                               bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    e = apr_bucket_eos_create(bb->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(bb, e);
    spbe_thread_count()->aborted++;
    return ap_pass_brigade(flow->f->next, bb);
}

apr_status_t spbe_replace(spbe_flow_t *flow, apr_bucket_brigade *bb)
{
    flow->plan = SPBE_PLAN_DONE;
    apr_brigade_cleanup(bb);
    spbe_report_take_over(flow);
    /* Before the visitor can read the reference. */
    if (!flow->refused || flow->r->next != NULL) {
        spbe_report_replaced(flow, flow->committed ? flow->status_in
                                                   : status_shown(flow));
    }
    apr_brigade_cleanup(flow->held);
    return flow->committed ? cut_off(flow, bb) : send_page(flow, bb);
}
