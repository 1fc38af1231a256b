/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/inject.c - a script element behind the last byte of an HTML page.
 *
 * HTML parsers put what follows </html> into the body, so the page need not be
 * searched, and its new length is known before its first byte leaves.
 */
#include "httpd/inject.h"

#include <apr_strings.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "httpd/inject_element.h"
#include "httpd/input.h"
#include "httpd/state.h"
#include "httpd/tally.h"
#include "text/media.h"

#define FILTER "SPBE_CLIENT_SCRIPT"
#define TASTE 1024 /* bytes within which a document must begin */

#define KEY "spbe-guard-inject"

typedef struct inject {
    const char *accept_encoding; /* put back before the first byte */
    const char *element;         /* NULL: this response is left alone */
    int decided;
} inject_t;

static const char *header(const request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->headers_out, name);

    return value != NULL ? value : apr_table_get(r->err_headers_out, name);
}

static int is_html(const request_rec *r)
{
    spbe_media_t media = spbe_media_parse(
        r->content_type != NULL ? r->content_type : header(r, "Content-Type"));

    return spbe_span_ieq(media.type, SPBE_SPAN("text/html")) &&
           !spbe_span_istarts(media.charset, SPBE_SPAN("utf-16")) &&
           !spbe_span_istarts(media.charset, SPBE_SPAN("utf-32"));
}

/* Whole, and not packed: what is added must be read with the page. */
static int is_whole(const request_rec *r)
{
    return (r->status == HTTP_OK || r->status >= 400) &&
           r->content_encoding == NULL &&
           header(r, "Content-Encoding") == NULL &&
           header(r, "Content-Range") == NULL;
}

/* Our own page came in its place. */
static int is_replaced(request_rec *r)
{
    return spbe_state_get(r)->shown;
}

/* What is there without waiting: a page whose first piece is short is not held
 * back for its second. */
static spbe_span_t taste(apr_bucket_brigade *bb, char *buffer)
{
    size_t len = 0;
    apr_bucket *e;

    for (e = APR_BRIGADE_FIRST(bb);
         e != APR_BRIGADE_SENTINEL(bb) && len < TASTE &&
         (len == 0 || e->length != (apr_size_t)-1);
         e = APR_BUCKET_NEXT(e)) {
        const char *data;
        apr_size_t n;

        if (APR_BUCKET_IS_METADATA(e)) {
            continue;
        }
        if (apr_bucket_read(e, &data, &n, APR_BLOCK_READ) != APR_SUCCESS) {
            break;
        }
        n = n < TASTE - len ? n : TASTE - len;
        memcpy(buffer + len, data, n);
        len += n;
    }
    return (spbe_span_t){buffer, len};
}

/* A fragment for a script of the page's own begins with anything else. */
static int begins_document(apr_bucket_brigade *bb)
{
    char buffer[TASTE];
    spbe_span_t text = taste(bb, buffer);

    if (spbe_span_starts(text, SPBE_SPAN("\xef\xbb\xbf"))) {
        text = spbe_span_slice(text, 3, text.len);
    }
    text = spbe_span_trim(text);
    while (spbe_span_starts(text, SPBE_SPAN("<!--"))) {
        size_t end = spbe_span_find(text, SPBE_SPAN("-->"));

        if (end == SPBE_NPOS) {
            return 0;
        }
        text = spbe_span_trim(spbe_span_slice(text, end + 3, text.len));
    }
    return spbe_span_istarts(text, SPBE_SPAN("<!doctype html")) ||
           spbe_span_istarts(text, SPBE_SPAN("<html"));
}

/* The entity is another one now. */
static void fix_headers(request_rec *r, size_t added)
{
    const char *length = apr_table_get(r->headers_out, "Content-Length");
    const char *etag = apr_table_get(r->headers_out, "ETag");
    apr_off_t n;

    if (length != NULL && apr_strtoff(&n, length, NULL, 10) == APR_SUCCESS) {
        ap_set_content_length(r, n + (apr_off_t)added);
    }
    if (etag != NULL && strncmp(etag, "W/", 2) != 0) {
        apr_table_setn(r->headers_out, "ETag",
                       apr_pstrcat(r->pool, "W/", etag, NULL));
    }
    apr_table_unset(r->headers_out, "Accept-Ranges");
    apr_table_unset(r->headers_out, "Content-MD5");
    apr_table_unset(r->headers_out, "Digest");
    apr_table_unset(r->headers_out, "Content-Digest");
    apr_table_unset(r->headers_out, "Repr-Digest");
}

static void put_back(inject_t *inject, const request_rec *r)
{
    if (inject->accept_encoding != NULL) {
        apr_table_setn(r->headers_in, "Accept-Encoding",
                       inject->accept_encoding);
        inject->accept_encoding = NULL;
    }
}

static const apr_bucket *first_data(const apr_bucket_brigade *bb)
{
    const apr_bucket *e;

    for (e = APR_BRIGADE_FIRST(bb); e != APR_BRIGADE_SENTINEL(bb);
         e = APR_BUCKET_NEXT(e)) {
        if (!APR_BUCKET_IS_METADATA(e) || APR_BUCKET_IS_EOS(e)) {
            return e;
        }
    }
    return NULL;
}

/* HEAD of a handler that makes no body for it: how long the page would be is
 * not known. */
static int is_bodyless(request_rec *r, const apr_bucket_brigade *bb)
{
    const apr_bucket *first = first_data(bb);

    return r->header_only && first != NULL && APR_BUCKET_IS_EOS(first);
}

static void decide(inject_t *inject, request_rec *r, apr_bucket_brigade *bb)
{
    const char *element;

    inject->decided = 1;
    put_back(inject, r);
    element = spbe_inject_element(r);
    if (element == NULL) {
        return;
    }
    if (is_bodyless(r, bb)) {
        apr_table_unset(r->headers_out, "Content-Length");
        fix_headers(r, 0);
    }
    else if (begins_document(bb)) {
        inject->element = element;
        fix_headers(r, strlen(element));
        if (!r->header_only) {
            spbe_tally_client_page(r);
        }
    }
}

static void append(const inject_t *inject, apr_bucket_brigade *bb)
{
    apr_bucket *e;

    for (e = APR_BRIGADE_FIRST(bb); e != APR_BRIGADE_SENTINEL(bb);
         e = APR_BUCKET_NEXT(e)) {
        if (APR_BUCKET_IS_EOS(e)) {
            APR_BUCKET_INSERT_BEFORE(
                e, apr_bucket_immortal_create(inject->element,
                                              strlen(inject->element),
                                              bb->bucket_alloc));
            return;
        }
    }
}

/* Headers must not leave before they are right: a flush in front of the first
 * byte asks for nothing else. */
static void drop_flushes(apr_bucket_brigade *bb)
{
    apr_bucket *e = APR_BRIGADE_FIRST(bb), *next;

    for (; e != APR_BRIGADE_SENTINEL(bb); e = next) {
        next = APR_BUCKET_NEXT(e);
        if (APR_BUCKET_IS_FLUSH(e)) {
            apr_bucket_delete(e);
        }
    }
}

static apr_status_t leave(ap_filter_t *f, apr_bucket_brigade *bb)
{
    put_back(f->ctx, f->r);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static apr_status_t on_response(ap_filter_t *f, apr_bucket_brigade *bb)
{
    inject_t *inject = f->ctx;

    if (!inject->decided) {
        if (!is_html(f->r) || !is_whole(f->r) || is_replaced(f->r)) {
            return leave(f, bb);
        }
        if (first_data(bb) == NULL) {
            drop_flushes(bb);
            return ap_pass_brigade(f->next, bb);
        }
        decide(inject, f->r, bb);
    }
    if (inject->element == NULL) {
        return leave(f, bb);
    }
    append(inject, bb);
    return ap_pass_brigade(f->next, bb);
}

/* A browser that opens a page; where it does not say, every GET may be. */
static int opens_page(const request_rec *r)
{
    const char *dest = apr_table_get(r->headers_in, "Sec-Fetch-Dest");

    return apr_table_get(r->headers_in, "X-Requested-With") == NULL &&
           (dest == NULL || strcmp(dest, "document") == 0 ||
            strcmp(dest, "iframe") == 0 || strcmp(dest, "frame") == 0);
}

/* The answer to a request that was refused or has failed. */
static int is_for_error(const request_rec *r)
{
    for (r = r->prev; r != NULL; r = r->prev) {
        if (ap_is_HTTP_ERROR(r->status)) {
            return 1;
        }
    }
    return 0;
}

static int is_wanted(const request_rec *r)
{
    const spbe_dir_conf_t *conf = spbe_conf_dir(r);

    return spbe_dir_client_script(conf) == 1 &&
           spbe_dir_input(conf) == SPBE_MODE_ON && r->main == NULL &&
           (r->method_number == M_GET || r->method_number == M_POST) &&
           spbe_input_has_rules(conf) && opens_page(r) && !is_for_error(r);
}

/* Of a request that an internal redirect has left: its filter is gone, its
 * headers are those of the next one. */
static void recall(request_rec *r, apr_pool_t *pool)
{
    void *before = NULL;

    apr_pool_userdata_get(&before, KEY, pool);
    if (before != NULL) {
        put_back(before, r);
    }
}

static void insert(request_rec *r)
{
    apr_pool_t *pool = spbe_state_first(r)->pool;
    inject_t *inject;

    recall(r, pool);
    if (!is_wanted(r)) {
        return;
    }
    inject = apr_pcalloc(pool, sizeof(*inject));
    /* What the application packs cannot be added to; httpd packs it later. */
    inject->accept_encoding = apr_table_get(r->headers_in, "Accept-Encoding");
    apr_table_unset(r->headers_in, "Accept-Encoding");
    apr_pool_userdata_setn(inject, KEY, NULL, pool);
    ap_add_output_filter(FILTER, inject, r, r->connection);
}

/* httpd's own page instead: the filters of the request are gone. */
static void insert_error(request_rec *r)
{
    recall(r, spbe_state_first(r)->pool);
}

static int on_end(request_rec *r)
{
    recall(r, r->pool);
    return DECLINED;
}

void spbe_inject_hooks(apr_pool_t *p)
{
    /* Behind the search for leaks, which stands at the same place and is
     * inserted before; in front of DEFLATE. */
    ap_register_output_filter(FILTER, on_response, NULL,
                              AP_FTYPE_CONTENT_SET - 1);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_error_filter(insert_error, NULL, NULL, APR_HOOK_FIRST);
    /* The access log tells what was sent. */
    ap_hook_log_transaction(on_end, NULL, NULL, APR_HOOK_REALLY_FIRST);
}
