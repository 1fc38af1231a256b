/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/parts.h - a multipart body (RFC 2046, RFC 7578) part by part, strictly.
 *
 * For deciding about input: where two parsers could find different parts, the
 * walk ends with SPBE_BAD and a sentence that says why. text/multipart.h is
 * the tolerant one, for records. Allocates nothing; linear in the body.
 */
#ifndef SPBE_TEXT_PARTS_H
#define SPBE_TEXT_PARTS_H

#include "text/rc.h"
#include "text/span.h"

#define SPBE_PARTS_BOUNDARY 70 /* RFC 2046 */
#define SPBE_PARTS_HEAD 16384  /* bytes of one part's header fields */

typedef struct spbe_parts {
    spbe_span_t rest; /* begins behind a delimiter's boundary */
    char delimiter[SPBE_PARTS_BOUNDARY + 4]; /* CR LF "--" boundary */
    size_t length;
    unsigned left; /* parts we are still willing to return */
    int cut;       /* only the first bytes of the body are there */
    int begun;
    spbe_rc_t over;  /* SPBE_OK: there is more to walk */
    const char *why; /* after SPBE_BAD: a sentence without any value */
} spbe_parts_t;

typedef struct spbe_section {
    spbe_span_t head; /* header lines, each with its CR LF */
    spbe_span_t data;
    int complete; /* 0: cut off before its end (cut bodies only) */
} spbe_section_t;

/* 1 to 70 of RFC 2046's characters, without blanks at the edges, which parsers
 * trim or not; or "*****", which much copied code makes its boundary. */
int spbe_parts_boundary_valid(spbe_span_t boundary);

/* boundary: a valid one. */
void spbe_parts_init(spbe_parts_t *parts, spbe_span_t boundary,
                     spbe_span_t body, int cut, unsigned max_parts);

/* SPBE_OK, SPBE_END (all of it read, and well formed), SPBE_TOO_MANY, or
 * SPBE_BAD and parts->why. After anything but SPBE_OK the same again. */
spbe_rc_t spbe_parts_next(spbe_parts_t *parts, spbe_section_t *section);

/* The next header field off the front of *head: SPBE_OK, SPBE_END, or SPBE_BAD
 * (folded, no token before the colon, control characters). */
spbe_rc_t spbe_parts_header(spbe_span_t *head, spbe_span_t *name,
                            spbe_span_t *value);

#endif
