/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/begin.c - what is to be done with a response: decided once, from its
 * status and headers, when its first brigade comes.
 */
#include "httpd/flow.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <mod_core.h>

#include "input/verdict.h"
#include "text/media.h"

static const char *header(const request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->headers_out, name);

    return value != NULL ? value : apr_table_get(r->err_headers_out, name);
}

static const char *content_encoding(const request_rec *r)
{
    const char *value = header(r, "Content-Encoding");

    return value != NULL ? value : r->content_encoding;
}

static const char *content_type(const request_rec *r)
{
    return r->content_type != NULL ? r->content_type
                                   : header(r, "Content-Type");
}

static int has_no_body(const request_rec *r)
{
    return r->status < 200 || r->status == HTTP_NO_CONTENT
           || r->status == HTTP_NOT_MODIFIED || r->method_number == M_CONNECT;
}

/* The default handler sends the very file that the request names, whole:
 * sendfile stays possible. */
static int is_static_file(const request_rec *r, const apr_bucket *e)
{
    const apr_bucket_file *file;
    const char *name = NULL;

    if (e == NULL || !APR_BUCKET_IS_FILE(e) || e->start != 0
        || r->filename == NULL || r->finfo.filetype != APR_REG
        || r->proxyreq != PROXYREQ_NONE) {
        return 0;
    }
    file = e->data;
    return apr_file_name_get(&name, file->fd) == APR_SUCCESS && name != NULL
           && strcmp(name, r->filename) == 0;
}

/* ErrorDocument 404 "a text": the administrator's words, not httpd's. */
static int has_error_text(request_rec *r)
{
    const char *text =
        ap_response_code_string(r, ap_index_of_response(r->status));

    return text != NULL && *text == '"';
}

static int is_error_document(const request_rec *r)
{
    return r->prev != NULL && ap_is_HTTP_ERROR(r->prev->status);
}

/* Under SpbeGuardInput On a refusal has its page, whatever is said of
 * failures; the administrator's own words win. */
int spbe_begin_refused(request_rec *r)
{
    const spbe_state_t *state = spbe_state_find(r);

    return state != NULL && state->refused != NULL
           && r->status == state->refused->status && !is_error_document(r)
           && !has_error_text(r);
}

static int is_listed(const spbe_list_t *list, const char *type)
{
    int i;

    for (i = 0; list->items != NULL && i < list->items->nelts; i++) {
        if (spbe_media_matches(APR_ARRAY_IDX(list->items, i, const char *),
                               type)) {
            return 1;
        }
    }
    return 0;
}

static void search(spbe_flow_t *flow, spbe_plan_t plan)
{
    request_rec *r = flow->r;
    spbe_media_t media = spbe_media_parse(flow->type);

    flow->plan = plan;
    flow->encoding = content_encoding(r);
    if (media.charset.len > 0) {
        flow->charset = spbe_span_dup(media.charset, r->pool);
    }
    flow->scan = spbe_scan_create(spbe_conf_server(r->server)->rules,
                                  r->status, r->pool);
    spbe_begin_decode(flow);
}

void spbe_begin_decode(spbe_flow_t *flow)
{
    flow->decode = spbe_decode_create(flow->encoding, flow->charset,
                                      flow->r->pool);
    if (flow->decode != NULL && flow->marks == NULL) {
        flow->marks = apr_array_make(flow->r->pool, 16, sizeof(spbe_mark_t));
    }
}

/* Any status outside the error set: what kind of body is it? */
static void by_type(spbe_flow_t *flow)
{
    const spbe_list_t *list = &flow->conf->leak_types;
    spbe_media_kind_t kind = spbe_media_kind(flow->type);

    if (kind == SPBE_MEDIA_STREAM
        && header(flow->r, "Content-Length") != NULL) {
        kind = SPBE_MEDIA_TEXT; /* it has an end: no stream */
    }
    if (is_listed(list, flow->type)
        || (!list->fresh && spbe_media_examinable(kind))) {
        search(flow, SPBE_PLAN_SEARCH);
    }
    else if (kind == SPBE_MEDIA_BINARY && !list->fresh) {
        flow->plan = SPBE_PLAN_SNIFF;
    }
    else {
        flow->plan = SPBE_PLAN_PASS;
    }
}

static void by_canned(spbe_flow_t *flow)
{
    request_rec *r = flow->r;

    if (!ap_is_HTTP_ERROR(r->status)) {
        flow->plan = SPBE_PLAN_PASS;
        return;
    }
    flow->failed = spbe_conf_is_error(flow->conf, r->status);
    flow->errordoc = has_error_text(r);
    search(flow, flow->observe || flow->errordoc ? SPBE_PLAN_SEARCH
                                                 : SPBE_PLAN_COLLECT);
}

static void by_status(spbe_flow_t *flow)
{
    request_rec *r = flow->r;

    flow->failed = 1;
    flow->notice = r->status == HTTP_SERVICE_UNAVAILABLE
                   && header(r, "Retry-After") != NULL;
    if (flow->observe || flow->notice
        || spbe_dir_error_body(flow->conf) == SPBE_BODY_KEEP_CLEAN) {
        search(flow, SPBE_PLAN_SEARCH);
    }
    else {
        search(flow, SPBE_PLAN_COLLECT);
    }
}

/* The administrator's page wins over ours; its script may change the status. */
static void by_error_document(spbe_flow_t *flow)
{
    flow->errordoc = 1;
    flow->failed = spbe_conf_is_error(flow->conf, flow->r->prev->status)
                   || spbe_conf_is_error(flow->conf, flow->r->status);
    search(flow, SPBE_PLAN_SEARCH);
}

void spbe_begin(spbe_flow_t *flow, const apr_bucket *first_data)
{
    request_rec *r = flow->r;
    spbe_leak_action_t leak = spbe_dir_leak(flow->conf);

    flow->observe = !flow->refused
                    && spbe_dir_failure(flow->conf) != SPBE_MODE_ON;
    flow->status_in = r->status;
    flow->type = content_type(r);
    if (!flow->observe && !flow->refused) {
        spbe_headers_strip(flow);
    }
    if (has_no_body(r)) {
        flow->plan = SPBE_PLAN_PASS;
    }
    else if (flow->canned) {
        by_canned(flow);
    }
    else if (is_static_file(r, first_data)) {
        flow->plan = SPBE_PLAN_PASS;
    }
    else if (is_error_document(r)) {
        by_error_document(flow);
    }
    else if (spbe_conf_is_error(flow->conf, r->status)) {
        by_status(flow);
    }
    else if (leak == SPBE_LEAK_OFF) {
        flow->plan = SPBE_PLAN_PASS;
    }
    else {
        flow->observe |= leak == SPBE_LEAK_LOG;
        by_type(flow);
    }
}

typedef struct taste {
    char bytes[512];
    size_t len;
} taste_t;

static void take_taste(void *baton, spbe_span_t text)
{
    taste_t *taste = baton;
    size_t room = sizeof(taste->bytes) - taste->len;

    room = text.len < room ? text.len : room;
    memcpy(taste->bytes + taste->len, text.ptr, room);
    taste->len += room;
}

/* A spreadsheet may come compressed; what is in it decides. */
static int looks_like_text(const spbe_flow_t *flow, spbe_span_t first_bytes)
{
    const char *encoding = content_encoding(flow->r);
    spbe_decode_t *decode =
        spbe_decode_create(encoding, NULL, flow->r->pool);
    taste_t taste = { .len = 0 };

    if (decode == NULL) {
        return (first_bytes.len > 0 && first_bytes.len < 4)
               || spbe_media_looks_like_text(first_bytes);
    }
    spbe_decode_feed(decode, spbe_span_slice(first_bytes, 0, 4096), 0,
                     take_taste, &taste);
    /* A gzip header alone tells nothing yet. */
    return taste.len < 4
           || spbe_media_looks_like_text(
               (spbe_span_t){ taste.bytes, taste.len });
}

void spbe_begin_sniff(spbe_flow_t *flow, spbe_span_t first_bytes)
{
    if (!looks_like_text(flow, first_bytes)) {
        flow->plan = SPBE_PLAN_PASS;
        return;
    }
    search(flow, SPBE_PLAN_SEARCH);
}
