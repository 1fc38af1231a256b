/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/media.h - what kind of body a Content-Type announces.
 *
 * Reads the field's value and names the family that the leak filter asks for.
 * Allocates nothing; the spans returned point into the caller's string. Never
 * decides whether a body is scanned: that is configuration.
 */
#ifndef SPBE_TEXT_MEDIA_H
#define SPBE_TEXT_MEDIA_H

#include "text/span.h"

typedef enum spbe_media_kind {
    SPBE_MEDIA_TEXT = 0,   /* text of any sort, and whatever has no label */
    SPBE_MEDIA_HTML = 1,
    SPBE_MEDIA_JSON = 2,   /* also problem+json, JSON lines */
    SPBE_MEDIA_XML = 3,    /* also SVG, SOAP, feeds */
    SPBE_MEDIA_SCRIPT = 4, /* JavaScript */
    SPBE_MEDIA_STREAM = 5, /* never ends by itself: events, gRPC, push */
    SPBE_MEDIA_BINARY = 6  /* everything else */
} spbe_media_kind_t;

typedef struct spbe_media {
    spbe_span_t type;    /* "text/html", without parameters; may be empty */
    spbe_span_t charset; /* without quotes; empty when there is none */
    spbe_media_kind_t kind;
} spbe_media_t;

/* NULL, an empty or a malformed value is SPBE_MEDIA_TEXT: unlabelled. */
spbe_media_t spbe_media_parse(const char *content_type);
spbe_media_kind_t spbe_media_kind(const char *content_type);

/* Is it one of the kinds whose bytes can be read as text (0 to 4)? */
int spbe_media_examinable(spbe_media_kind_t kind);

/*
 * Are the first bytes of a body that is declared binary those of a text, such
 * as an error page sent as a spreadsheet? Some 512 bytes are enough; the end
 * may cut a character in two. Formats that begin with text but are documents
 * (PDF, PostScript, RTF, ...) are not text here.
 */
int spbe_media_looks_like_text(spbe_span_t first_bytes);

/*
 * pattern: "text/html", "text/" followed by a star, "application/" star
 * "+json", a lone star, or the word "unlabelled", which is the body without
 * Content-Type. type: the field's value, parameters are ignored; may be NULL.
 */
int spbe_media_matches(const char *pattern, const char *type);

#endif
