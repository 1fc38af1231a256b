/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/cut.c - let held bytes go, without what is to be cut out of them.
 *
 * Bytes are cut out of the buckets as they came. Where they came compressed or
 * as UTF-16 and something is to be cut, the decoded text goes on instead.
 */
#include "httpd/flow.h"

#include <apr_strings.h>
#include <http_protocol.h>

#include "text/media.h"

#define CUT_REST ((apr_uint64_t)-1)

int spbe_cut_strict(const spbe_flow_t *flow)
{
    return flow->failed && !flow->errordoc && !flow->notice;
}

/* By its rule, or a notice that was one too many: after it nothing more is
 * searched. */
static int is_fatal(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    const spbe_leak_t *fatal = spbe_scan_fatal(flow->scan);

    return leak->rule->severity == SPBE_SEV_FATAL
           || (fatal != NULL && leak->start >= fatal->start);
}

int spbe_cut_wanted(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    if (flow->observe || spbe_cut_strict(flow)) {
        return 0;
    }
    return !is_fatal(flow, leak)
           || spbe_dir_leak(flow->conf) == SPBE_LEAK_EXCISE;
}

int spbe_cut_any(const spbe_flow_t *flow)
{
    size_t i, n;
    const spbe_leak_t *leaks = spbe_scan_leaks(flow->scan, &n);

    for (i = 0; i < n; i++) {
        if (spbe_cut_wanted(flow, &leaks[i])) {
            return 1;
        }
    }
    return 0;
}

/* The first bytes leave: from here on the headers are sent. */
static void commit(spbe_flow_t *flow)
{
    request_rec *r = flow->r;

    if (flow->committed) {
        return;
    }
    flow->committed = 1;
    if (spbe_cut_any(flow) && r->status != HTTP_PARTIAL_CONTENT) {
        spbe_headers_body_changed(r);
        if (flow->decode != NULL) {
            const char *type = flow->type == NULL ? "text/plain" : flow->type;

            flow->recode = 1;
            apr_table_unset(r->headers_out, "Content-Encoding");
            apr_table_unset(r->err_headers_out, "Content-Encoding");
            r->content_encoding = NULL;
            if (flow->charset != NULL
                && strncasecmp(flow->charset, "utf-16", 6) == 0) {
                type = apr_pstrcat(
                    r->pool,
                    spbe_span_dup(spbe_media_parse(type).type, r->pool),
                    "; charset=utf-8", NULL);
                ap_set_content_type(r, type);
            }
        }
    }
    flow->fixed = apr_table_get(r->headers_out, "Content-Length") != NULL
                  || r->status == HTTP_PARTIAL_CONTENT;
}

static apr_bucket *spaces(apr_size_t len, apr_bucket_alloc_t *list)
{
    char *blank = apr_bucket_alloc(len, list);

    memset(blank, ' ', len);
    return apr_bucket_heap_create(blank, len, apr_bucket_free, list);
}

/* The bucket that begins at the offset; the sentinel where it is the end or,
 * because something behind has been cut out before, past it. */
static apr_status_t split_at(apr_bucket_brigade *bb, apr_uint64_t at,
                             apr_bucket **e)
{
    apr_status_t rv = apr_brigade_partition(bb, (apr_off_t)at, e);

    return rv == APR_INCOMPLETE ? APR_SUCCESS : rv;
}

/* Takes data bytes [from, to), counted from the brigade's begin, out of it. */
static apr_status_t cut_range(apr_bucket_brigade *bb, apr_uint64_t from,
                              apr_uint64_t to, int blank)
{
    apr_bucket *first, *behind, *e, *next;
    apr_status_t rv;

    /* The end first: splitting at it leaves `first` what it is. */
    rv = split_at(bb, to, &behind);
    if (rv == APR_SUCCESS) {
        rv = split_at(bb, from, &first);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (e = first; e != behind; e = next) {
        next = APR_BUCKET_NEXT(e);
        if (APR_BUCKET_IS_METADATA(e)) {
            continue;
        }
        if (blank && e->length > 0) {
            APR_BUCKET_INSERT_BEFORE(e, spaces(e->length, bb->bucket_alloc));
        }
        apr_bucket_delete(e);
    }
    return APR_SUCCESS;
}

/* A notice is cut out whole. Of a trace only the begin is known for certain:
 * with SpbeGuardLeak excise the rest of the response goes with it. */
static apr_uint64_t cut_end(const spbe_flow_t *flow, const spbe_leak_t *leak)
{
    return is_fatal(flow, leak) ? CUT_REST : leak->end;
}

/* out holds the text bytes from flow->text_out to `upto`. */
static apr_status_t cut_leaks(spbe_flow_t *flow, apr_bucket_brigade *out,
                              apr_uint64_t upto)
{
    size_t i, n;
    const spbe_leak_t *leaks = spbe_scan_leaks(flow->scan, &n);
    apr_status_t rv = APR_SUCCESS;

    /* From the last to the first: earlier offsets stay what they are. */
    for (i = n; i-- > 0 && rv == APR_SUCCESS;) {
        apr_uint64_t from = leaks[i].start, to = cut_end(flow, &leaks[i]);

        from = from < flow->text_out ? flow->text_out : from;
        to = to > upto ? upto : to;
        if (from < to && spbe_cut_wanted(flow, &leaks[i])) {
            rv = cut_range(out, from - flow->text_out, to - flow->text_out,
                           flow->fixed);
        }
    }
    return rv;
}

/* The raw offset up to which the text is known to end at or before `upto`. */
static apr_uint64_t raw_for(const spbe_flow_t *flow, apr_uint64_t upto,
                            apr_uint64_t *text)
{
    apr_uint64_t raw = flow->raw_out;
    int i;

    *text = flow->text_out;
    for (i = 0; i < flow->marks->nelts; i++) {
        const spbe_mark_t *mark = &APR_ARRAY_IDX(flow->marks, i, spbe_mark_t);

        if (mark->text <= upto && mark->raw > raw) {
            raw = mark->raw;
            *text = mark->text;
        }
    }
    return raw;
}

/* Those of bytes that have gone are of no more use. */
static void forget_marks(spbe_flow_t *flow)
{
    apr_array_header_t *marks = flow->marks;
    spbe_mark_t *first;
    int gone = 0;

    if (marks == NULL) {
        return;
    }
    first = (spbe_mark_t *)(void *)marks->elts;
    while (gone < marks->nelts && first[gone].raw <= flow->raw_out) {
        gone++;
    }
    memmove(first, first + gone,
            (size_t)(marks->nelts - gone) * sizeof(*first));
    marks->nelts -= gone;
}

typedef struct recoder {
    spbe_flow_t *flow;
    apr_bucket_brigade *out;
    apr_uint64_t at; /* text offset of the next piece */
} recoder_t;

static void keep_clean_part(recoder_t *to, spbe_span_t text)
{
    size_t i, n;
    const spbe_leak_t *leaks = spbe_scan_leaks(to->flow->scan, &n);
    apr_uint64_t end = to->at + text.len, from = to->at;

    for (i = 0; i < n && from < end; i++) {
        if (cut_end(to->flow, &leaks[i]) <= from || !spbe_cut_wanted(to->flow, &leaks[i])) {
            continue;
        }
        if (leaks[i].start >= end) {
            break;
        }
        if (leaks[i].start > from) {
            apr_brigade_write(to->out, NULL, NULL, text.ptr + (from - to->at),
                              (apr_size_t)(leaks[i].start - from));
        }
        from = cut_end(to->flow, &leaks[i]);
    }
    if (from < end) {
        apr_brigade_write(to->out, NULL, NULL, text.ptr + (from - to->at),
                          (apr_size_t)(end - from));
    }
}

static void recode_piece(void *baton, spbe_span_t text)
{
    recoder_t *to = baton;

    keep_clean_part(to, text);
    to->at += text.len;
}

/* Replaces the raw buckets of out by the decoded text without the leaks. */
static apr_status_t recode(spbe_flow_t *flow, apr_bucket_brigade *out,
                           int last)
{
    apr_bucket_brigade *text = flow->text;
    recoder_t to = { flow, text, flow->text_out };
    apr_bucket *e, *next;

    for (e = APR_BRIGADE_FIRST(out); e != APR_BRIGADE_SENTINEL(out);
         e = next) {
        const char *data;
        apr_size_t len;
        apr_status_t rv;

        next = APR_BUCKET_NEXT(e);
        APR_BUCKET_REMOVE(e);
        if (APR_BUCKET_IS_METADATA(e)) {
            APR_BRIGADE_INSERT_TAIL(text, e);
            continue;
        }
        rv = apr_bucket_read(e, &data, &len, APR_BLOCK_READ);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        spbe_decode_feed(flow->again, (spbe_span_t){ data, len }, 0,
                         recode_piece, &to);
        apr_bucket_destroy(e);
    }
    if (last) {
        spbe_decode_feed(flow->again, SPBE_SPAN_EMPTY, 1, recode_piece, &to);
    }
    flow->text_out = to.at;
    APR_BRIGADE_CONCAT(out, text);
    return APR_SUCCESS;
}

static void move_front(apr_bucket_brigade *from, apr_bucket *until,
                       apr_bucket_brigade *to)
{
    while (!APR_BRIGADE_EMPTY(from) && APR_BRIGADE_FIRST(from) != until) {
        apr_bucket *e = APR_BRIGADE_FIRST(from);

        APR_BUCKET_REMOVE(e);
        APR_BRIGADE_INSERT_TAIL(to, e);
    }
}

/* A decoder for the second pass must begin where the first one began. */
static void begin_again(spbe_flow_t *flow)
{
    if (flow->recode && flow->again == NULL) {
        flow->again = spbe_decode_create(flow->encoding, flow->charset,
                                         flow->r->pool);
        flow->text = apr_brigade_create(flow->r->pool,
                                        flow->held->bucket_alloc);
    }
}

/* Moves held buckets up to raw offset `raw` into flow->out. */
static apr_status_t take_held(spbe_flow_t *flow, apr_uint64_t raw)
{
    apr_bucket *until;
    apr_status_t rv = split_at(flow->held, raw - flow->raw_out, &until);

    if (rv == APR_SUCCESS) {
        move_front(flow->held, until, flow->out);
    }
    return rv;
}

/* Into flow->out: what may go, as it may go. all: nothing comes after it. */
static apr_status_t prepare(spbe_flow_t *flow, spbe_mark_t upto, int all)
{
    apr_status_t rv = APR_SUCCESS;

    commit(flow);
    begin_again(flow);
    flow->own = NULL;
    if (all) {
        APR_BRIGADE_CONCAT(flow->out, flow->held);
    }
    else {
        rv = take_held(flow, upto.raw);
    }
    if (rv == APR_SUCCESS) {
        rv = flow->recode ? recode(flow, flow->out, all)
             : flow->decode == NULL ? cut_leaks(flow, flow->out, upto.text)
                                    : APR_SUCCESS;
    }
    flow->raw_out = upto.raw;
    flow->text_out = upto.text;
    forget_marks(flow);
    return rv;
}

static apr_status_t pass(spbe_flow_t *flow, apr_status_t rv)
{
    if (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(flow->out)) {
        rv = ap_pass_brigade(flow->f->next, flow->out);
    }
    apr_brigade_cleanup(flow->out);
    return rv;
}

apr_status_t spbe_cut_release(spbe_flow_t *flow, apr_uint64_t upto)
{
    spbe_mark_t mark = { upto, upto };

    if (flow->decode != NULL) {
        mark.raw = raw_for(flow, upto, &mark.text);
    }
    if (mark.raw <= flow->raw_out) {
        return APR_SUCCESS;
    }
    return pass(flow, prepare(flow, mark, 0));
}

apr_status_t spbe_cut_release_all(spbe_flow_t *flow, apr_bucket_brigade *rest)
{
    spbe_mark_t end = { flow->raw_in, flow->text_in };
    apr_status_t rv = APR_SUCCESS;

    if (rest != NULL && flow->border.raw > flow->raw_out) {
        rv = pass(flow, prepare(flow, flow->border, 0));
    }
    if (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(flow->held)) {
        rv = prepare(flow, end, 1);
    }
    if (rv == APR_SUCCESS && rest != NULL) {
        APR_BRIGADE_CONCAT(flow->out, rest);
    }
    return pass(flow, rv);
}
