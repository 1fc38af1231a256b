/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading.h - one reading of a request, or a finding that says why there
 * are two.
 *
 * Takes a view apart into fields, decoded once, and reports everything that
 * two parsers behind the server could read in two ways. Knows no policy; a
 * finding's action is decided by the settings. Linear in the request's size.
 * The one question it asks of a policy: may this name come several times
 * (spbe_check_allows_many)?
 */
#ifndef SPBE_INPUT_READING_H
#define SPBE_INPUT_READING_H

#include "input/settings.h"
#include "input/verdict.h"
#include "input/view.h"

typedef enum spbe_body_kind {
    SPBE_BODY_NONE = 0,
    SPBE_BODY_FORM = 1,      /* application/x-www-form-urlencoded */
    SPBE_BODY_MULTIPART = 2, /* multipart/form-data */
    SPBE_BODY_JSON = 3,      /* application/json, +json */
    SPBE_BODY_XML = 4,
    SPBE_BODY_OTHER = 5, /* not looked into */
    SPBE_BODY_TEXT = 6,  /* text/..., or no type at all: read only to see
                            whether it is one of the others in disguise; its
                            beginning will do */
    SPBE_BODY_PARTS = 7  /* another multipart/...: no fields, but to be read
                            whole, for it may be a form in disguise */
} spbe_body_kind_t;

typedef struct spbe_field {
    spbe_place_t place;   /* QUERY, COOKIE, FORM, FILE */
    spbe_span_t name;     /* decoded once */
    spbe_span_t value;    /* decoded once; of a file its data */
    spbe_span_t raw;      /* value as sent: style delimiters stand in it */
    spbe_span_t filename; /* FILE: as sent between the quotes */
    spbe_span_t type;     /* multipart: the part's Content-Type, or empty */
} spbe_field_t;

typedef struct spbe_reading {
    const spbe_view_t *view;
    spbe_span_t path;            /* decoded once, for records */
    apr_array_header_t *query;   /* spbe_field_t, in the order sent */
    apr_array_header_t *cookies; /* spbe_field_t */
    apr_array_header_t *form;    /* spbe_field_t: FORM and FILE */
    spbe_body_kind_t kind;
    spbe_span_t media_type;         /* of the body, lower case, no parameters */
    spbe_node_t *json;              /* SPBE_BODY_JSON: the tree, or NULL */
    unsigned broken : 1;            /* no field can be trusted to be complete */
    const struct spbe_match *match; /* cache of check.c; NULL until asked */
} spbe_reading_t;

/*
 * What a Content-Type says (no body is looked at): which bodies are read.
 *
 * Programs behind the server take every multipart/... for a form in which a
 * part says "Content-Disposition: form-data": one that does is refused
 * (content-type). Without such a part (uploads in multipart/related, batches
 * in multipart/mixed) it passes.
 *
 * What no reading can tell, because httpd has repaired it before anyone is
 * asked: a folded header field (joined), and a Host beside an absolute target
 * with another one (replaced by the target's, for all behind it alike).
 */
spbe_body_kind_t spbe_reading_kind(spbe_span_t content_type);

/* Method, path, query, headers, cookies. Never NULL. */
spbe_reading_t *spbe_reading_head(const spbe_view_t *view,
                                  const spbe_settings_t *settings,
                                  spbe_verdict_t *verdict, apr_pool_t *pool);

/* The body of view (now filled in), and what body and query say together. */
void spbe_reading_body(spbe_reading_t *reading, const spbe_settings_t *settings,
                       spbe_verdict_t *verdict, apr_pool_t *pool);

#endif
