/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/view.h - a request as the client sent it, without httpd.
 *
 * Made by httpd/ from a request_rec and by ctl/ from a file. Spans refer to
 * memory of the maker: headers in the order and spelling sent (httpd merges
 * repeated ones with ", "), the body whole and contiguous (a large one is a
 * mapped file: nothing may write to it).
 */
#ifndef SPBE_INPUT_VIEW_H
#define SPBE_INPUT_VIEW_H

#include <apr_tables.h>
#include <apr_time.h>

#include "text/span.h"

typedef struct spbe_header {
    spbe_span_t name, value;
} spbe_header_t;

typedef struct spbe_view {
    spbe_span_t method;
    spbe_span_t path;  /* as sent, before '?'; of an absolute-form target too */
    spbe_span_t file;  /* the part of path that leads to an existing file, when
                          more stands behind it (PATH_INFO); empty */
    spbe_span_t query; /* as sent, behind '?'; empty */
    const apr_array_header_t *headers; /* spbe_header_t */
    spbe_span_t body;
    unsigned has_query : 1; /* there was a '?' */
    unsigned has_body : 1;  /* Content-Length not 0, or Transfer-Encoding */
    unsigned body_cut : 1;  /* body holds only the first bytes */
    unsigned both_lengths : 1; /* Content-Length and Transfer-Encoding came */
    apr_time_t now;
    unsigned http_1_0 : 1; /* by the request line, HTTP/1.0 or older */
} spbe_view_t;

/* Value of the first field of that name (without case), trimmed; *found may be
 * NULL. */
spbe_span_t spbe_view_header(const spbe_view_t *view, const char *name,
                             int *found);

#endif
