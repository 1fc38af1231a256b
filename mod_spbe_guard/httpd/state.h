/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/state.h - what the guard knows of one external request.
 *
 * One for the request a visitor sent, shared by its internal redirects and
 * subrequests. Made by whichever hook comes first: httpd's own 400 skips
 * post_read_request.
 */
#ifndef SPBE_HTTPD_STATE_H
#define SPBE_HTTPD_STATE_H

#include <httpd.h>

#include "failure/trace.h"
#include "httpd/conf.h"
#include "httpd/lines.h"
#include "httpd/shm.h"
#include "record/ref.h"

#define SPBE_PEEK_MAX (64 * 1024)

typedef struct spbe_state {
    request_rec *r;       /* the external request */
    const char *method;   /* as sent: for an ErrorDocument httpd makes it GET */
    int method_number;
    spbe_ref_t ref;
    spbe_slot_t *slot;    /* where it is noted as in progress, or NULL */
    apr_uint64_t serial;
    spbe_lines_t lines;   /* error log lines that name the request */
    size_t lines_recorded; /* bytes of them that are in a record */
    const char *peek;     /* first bytes of the body, as the handler reads it
                             or as it was read for the check */
    size_t peek_len;
    apr_uint64_t body_len;
    const char *body_text; /* what a handler sent before it died */
    size_t body_text_len;
    const char *rule;     /* why a hook of ours refused: event and rule */
    const struct spbe_verdict *refused; /* the verdict that ended it, or NULL */
    struct spbe_input *input; /* the judgement of it, or NULL; see input.h */
    unsigned both_lengths : 1; /* Content-Length and Transfer-Encoding came */
    unsigned handled : 1;  /* a handler was started */
    unsigned recorded : 1; /* the first record is written */
    unsigned shown : 1;    /* our page was made */
    unsigned quiet : 1;    /* nothing to record at the end */
    unsigned shortened : 1; /* its record points to another for the details */
    int status_in;        /* the first status that was a failure, or 0 */
    int status_recorded;  /* status_out of the first record */
} spbe_state_t;

/* The external request that r belongs to. */
request_rec *spbe_state_first(request_rec *r);

/* Never NULL. */
spbe_state_t *spbe_state_get(request_rec *r);

/* NULL when no hook has made one yet. */
spbe_state_t *spbe_state_find(const request_rec *r);

void spbe_state_hooks(apr_pool_t *p);

#endif
