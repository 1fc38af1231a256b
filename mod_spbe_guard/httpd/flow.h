/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/flow.h - one response on its way out.
 *
 * begin.c decides what is to be done with it, filter.c moves the bytes, feed.c
 * shows them to the scanner, cut.c takes leaks out of them, replace.c puts our page in their place, report.c
 * writes the record.
 */
#ifndef SPBE_HTTPD_FLOW_H
#define SPBE_HTTPD_FLOW_H

#include <httpd.h>
#include <util_filter.h>

#include "failure/decode.h"
#include "failure/leak.h"
#include "httpd/conf.h"
#include "httpd/state.h"

typedef enum spbe_plan {
    SPBE_PLAN_UNDECIDED = 0,
    SPBE_PLAN_PASS = 1,    /* not ours: the filter takes itself out */
    SPBE_PLAN_SNIFF = 2,   /* the first bytes will tell */
    SPBE_PLAN_SEARCH = 3,  /* search while it passes */
    SPBE_PLAN_COLLECT = 4, /* it goes no further: keep the text, drop the rest */
    SPBE_PLAN_DONE = 5     /* answered: drop whatever still comes */
} spbe_plan_t;

/* text bytes [.., text) came from raw bytes [.., raw) */
typedef struct spbe_mark {
    apr_uint64_t raw, text;
} spbe_mark_t;

typedef struct spbe_flow {
    ap_filter_t *f;
    request_rec *r;
    const spbe_dir_conf_t *conf;
    spbe_state_t *state;
    spbe_plan_t plan;
    int status_in;
    unsigned canned : 1;    /* made by ap_send_error_response */
    unsigned observe : 1;   /* change nothing */
    unsigned refused : 1;   /* by the verdict on its input: our page, recorded
                               already */
    unsigned failed : 1;    /* the status is of the error set */
    unsigned errordoc : 1;  /* the administrator's ErrorDocument */
    unsigned notice : 1;    /* maintenance: 503 with Retry-After */
    unsigned committed : 1; /* bytes have gone on to the next filter */
    unsigned fixed : 1;     /* ... under a Content-Length */
    unsigned recode : 1;    /* decoded text goes on instead of raw bytes */
    unsigned last_fed : 1;
    unsigned early : 1;     /* a flush came before any data */
    unsigned bomb : 1;      /* grows beyond all measure when decoded */
    unsigned gone : 1;      /* the next filter takes no more */
    unsigned unreadable : 1; /* the last read of the handler's data failed */
    unsigned begun : 1;     /* the first bytes have been looked at */
    unsigned reported : 1;
    const char *type;       /* Content-Type as the handler said it */
    const char *encoding;   /* Content-Encoding likewise, or NULL */
    const char *charset;    /* what the text is decoded from, or NULL */
    spbe_decode_t *decode;  /* NULL: the raw bytes are the text */
    spbe_decode_t *again;   /* second decoder, when recode is set */
    spbe_scan_t *scan;
    apr_bucket_brigade *held;
    apr_bucket *own;        /* the last of held, when small pieces go there */
    unsigned held_new;      /* buckets of it that were added in this call */
    apr_bucket_brigade *text; /* what recode makes; empty between calls */
    apr_bucket_brigade *out; /* empty between calls */
    apr_array_header_t *marks; /* spbe_mark_t, with decode only */
    char lead[4];           /* the first bytes, until there are four */
    size_t lead_len;
    apr_uint64_t raw_in, raw_out, text_in, text_out;
    spbe_mark_t border;     /* what had come before the current call */
    apr_time_t since;       /* when the first byte was held back */
} spbe_flow_t;

/* Sets plan, and what belongs to it, from status and headers; first_data is
 * the first data bucket of the brigade or NULL. */
void spbe_begin(spbe_flow_t *flow, const apr_bucket *first_data);

/* Is r, whose page httpd is about to make, refused by a verdict on its input,
 * and the page ours to make? */
int spbe_begin_refused(request_rec *r);

/* The second look, when plan is SNIFF. */
void spbe_begin_sniff(spbe_flow_t *flow, spbe_span_t first_bytes);

/* Holds e, whose bytes are data, until it may go; e may be merged with what is
 * held already. */
void spbe_hold_add(spbe_flow_t *flow, apr_bucket *e, spbe_span_t data);

/* What stays until the next call must own its bytes. */
apr_status_t spbe_hold_keep(spbe_flow_t *flow);

/* Passes on what may go. all: this is the end of what the handler gave, or it
 * is slow; flush: it wants its bytes out. */
apr_status_t spbe_hold_let_go(spbe_flow_t *flow, int all, int flush);

/* Reads e; before waiting for a slow handler what may go is let go. */
apr_status_t spbe_hold_read(spbe_flow_t *flow, apr_bucket *e,
                            spbe_span_t *data);

/* The next raw bytes of the response; last: no more will come. */
void spbe_feed(spbe_flow_t *flow, spbe_span_t raw, int last);

/* Makes the decoder for flow->encoding and flow->charset. */
void spbe_begin_decode(spbe_flow_t *flow);

/* Moves held bytes up to the text offset `upto` on to the next filter, without
 * what is to be cut. */
apr_status_t spbe_cut_release(spbe_flow_t *flow, apr_uint64_t upto);

/*
 * The same for everything that is held. rest, which may be NULL, is the end of
 * the response. What came with it leaves with it, what came before leaves
 * before: httpd decides by that on Content-Length or chunks, as without us.
 */
apr_status_t spbe_cut_release_all(spbe_flow_t *flow,
                                  apr_bucket_brigade *rest);

/* A failure whose body is shown only if there is nothing in it to hide. */
int spbe_cut_strict(const spbe_flow_t *flow);

/* Is this leak to be taken out of the response, rather than ending it? */
int spbe_cut_wanted(const spbe_flow_t *flow, const spbe_leak_t *leak);

/* Is there any leak to be cut out of what has been seen? */
int spbe_cut_any(const spbe_flow_t *flow);

/* Ends the flow: record, then our page or, when bytes have left, the end of
 * the connection. Drops what is in bb. */
apr_status_t spbe_replace(spbe_flow_t *flow, apr_bucket_brigade *bb);

/* Response headers: SpbeGuardStripHeader, and values that hold a leak. */
void spbe_headers_strip(spbe_flow_t *flow);

/* The same for trailers, which are known only at the end. */
void spbe_headers_strip_trailers(spbe_flow_t *flow);

/* httpd's own line for r->status; for a status that httpd does not know one
 * that keeps the number. In r->pool or static. */
const char *spbe_headers_status_line(const request_rec *r);

/* Drops what describes a body that is no longer sent as it was. */
void spbe_headers_body_changed(request_rec *r);

/* Keeps of the response headers only what may stay beside our page. */
void spbe_headers_clear(request_rec *r);

void spbe_filter_hooks(apr_pool_t *p);

#endif
