/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/page.h - the page that a visitor gets instead of a failure.
 *
 * HTML, application/problem+json (RFC 9457), XML or plain text; Indonesian or
 * English. Knows nothing of the failure but its status, and of a refused field
 * what is expected: it cannot leak what it was never given.
 */
#ifndef SPBE_FAILURE_PAGE_H
#define SPBE_FAILURE_PAGE_H

#include <apr_tables.h>
#include <apr_time.h>
#include "text/span.h"

typedef enum spbe_page_format {
    SPBE_PAGE_HTML = 0,
    SPBE_PAGE_JSON = 1,
    SPBE_PAGE_XML = 2,
    SPBE_PAGE_TEXT = 3
} spbe_page_format_t;

typedef struct spbe_page_request {
    const char *accept;          /* header fields' values, each may be NULL */
    const char *accept_language;
    const char *request_type;    /* Content-Type of the request */
    const char *requested_with;  /* X-Requested-With */
    const char *fetch_dest;      /* Sec-Fetch-Dest */
    const char *path;            /* r->uri, to see /api/ and .json, .xml */
    const char *response_type;   /* Content-Type of what is replaced, or NULL */
    const char *languages;       /* SpbeGuardLanguage, "id en" */
} spbe_page_request_t;

typedef struct spbe_page_data {
    int status;               /* shown */
    const char *reference;    /* "7QF3-M2P9-XKD" */
    apr_time_t time;
    const char *contact;      /* SpbeGuardContact, or NULL */
    const char *application;  /* SpbeGuardApplication, or NULL */
    int uncertain;            /* the request reached the application and may
                                 have changed something: say so */
    int retry_after;          /* seconds, 0 not known */
    int refused;              /* for what was sent, before it reached anyone */
    int unsaved;              /* ... and the person may think it was saved */
    const apr_array_header_t *complaints; /* spbe_complaint_t, or NULL */
    apr_uint64_t limit;       /* bytes, of a body that is too large; 0 */
} spbe_page_data_t;

typedef struct spbe_page {
    spbe_page_format_t format;
    const char *content_type;     /* with charset=utf-8 */
    const char *content_language; /* "id" or "en" */
    const char *policy;           /* Content-Security-Policy, or NULL */
    spbe_span_t body;             /* UTF-8, in the pool */
} spbe_page_t;

typedef struct spbe_pages spbe_pages_t; /* compiled templates and messages */

/*
 * template_json etc. of the built-in pages come from failure/builtin.h.
 * html: an administrator's HTML template (SpbeGuardErrorPage), or an empty span
 * for the built-in one; name is what messages call it. NULL and *error when a
 * template names an unknown variable or is not UTF-8: the sentence names file,
 * line, and the variables that are allowed. Immutable once made.
 */
spbe_pages_t *spbe_pages_create(const char *name, spbe_span_t html,
                                const char **error, apr_pool_t *pool);

/* Never fails. Allocates in pool. */
spbe_page_t spbe_page_render(const spbe_pages_t *pages,
                             const spbe_page_request_t *request,
                             const spbe_page_data_t *data, apr_pool_t *pool);

#endif
