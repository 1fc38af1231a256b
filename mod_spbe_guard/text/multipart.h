/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/multipart.h - walk a multipart/form-data body (RFC 7578) part by part.
 *
 * Works on bytes the caller owns; allocates nothing and decodes nothing. A
 * body that was cut short gives what is there, the last part marked as not
 * complete.
 */
#ifndef SPBE_TEXT_MULTIPART_H
#define SPBE_TEXT_MULTIPART_H

#include "text/rc.h"
#include "text/span.h"

#define SPBE_BOUNDARY_MAX 70 /* RFC 2046 */

typedef struct spbe_multipart {
    spbe_span_t rest;                      /* begins behind a delimiter */
    char delimiter[SPBE_BOUNDARY_MAX + 5]; /* CR LF "--" boundary */
    size_t length;
    unsigned left; /* parts we are still willing to return */
    int done;
} spbe_multipart_t;

typedef struct spbe_part {
    spbe_span_t name;     /* as it stands; empty when there is none */
    spbe_span_t filename; /* as it stands */
    spbe_span_t type;     /* Content-Type of the part, or empty */
    spbe_span_t data;
    int is_file;  /* a filename was given, be it empty */
    int complete; /* the delimiter behind it was seen */
} spbe_part_t;

/*
 * content_type: of the request. SPBE_OK; SPBE_NONE when it is not
 * multipart/form-data; SPBE_BAD when the boundary is missing or not allowed,
 * or the body does not begin with it.
 */
spbe_rc_t spbe_multipart_init(spbe_multipart_t *mp, spbe_span_t content_type,
                              spbe_span_t body, unsigned max_parts);

/* SPBE_OK, SPBE_END, SPBE_TOO_MANY, or SPBE_BAD for a part without headers or
 * what is behind a delimiter that is no line end. */
spbe_rc_t spbe_multipart_next(spbe_multipart_t *mp, spbe_part_t *part);

#endif
