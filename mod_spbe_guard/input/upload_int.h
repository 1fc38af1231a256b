/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/upload_int.h - shared by upload*.c only: kinds of files by extension.
 */
#ifndef SPBE_INPUT_UPLOAD_INT_H
#define SPBE_INPUT_UPLOAD_INT_H

#include "input/upload.h"

#define SPBE_UPLOAD_LOOK 65536 /* bytes of the content that are looked at */
#define SPBE_UPLOAD_SEARCH (4 * 1024 * 1024) /* and for a script */

typedef enum spbe_upload_kind {
    SPBE_UPLOAD_BINARY = 0, /* libmagic must name one of the media types */
    SPBE_UPLOAD_TEXT = 1,   /* any text but HTML and scripts */
    SPBE_UPLOAD_OFFICE = 2, /* a zip archive with [Content_Types].xml */
    SPBE_UPLOAD_ODF = 3,    /* a zip archive that begins with its type */
    SPBE_UPLOAD_OLE = 4,    /* Word, Excel, PowerPoint until 2003 */
    SPBE_UPLOAD_ZIP = 5     /* any zip archive */
} spbe_upload_kind_t;

typedef struct spbe_upload_type {
    const char *extension;
    spbe_upload_kind_t kind;
    int active;           /* runs in a browser: never meant by "image" star */
    const char *media[6]; /* the registered one first, then what browsers and
                             libmagic call it; NULL behind the last */
} spbe_upload_type_t;

/* NULL: none of those we know. Without case. */
const spbe_upload_type_t *spbe_upload_type(spbe_span_t extension);
/* The known extension that a mistyped one may stand for, or NULL. */
const char *spbe_upload_nearest(spbe_span_t extension);
/* Does the table name this media type for that kind of file? */
int spbe_upload_type_has(const spbe_upload_type_t *type, spbe_span_t media);

/* Do servers run files of this extension? */
int spbe_upload_is_run(spbe_span_t extension);

/* Behind the last dot; empty. */
spbe_span_t spbe_upload_extension(spbe_span_t name);
/* NULL, or what makes this name one that a server might run. */
const char *spbe_upload_script(spbe_span_t name);
/* NULL, or what is hidden in a file of that type (NULL: of unknown type). */
const char *spbe_upload_hidden(spbe_span_t content,
                               const spbe_upload_type_t *type);
/* Is the content what the type says? magic: libmagic's answer. */
int spbe_upload_fits(spbe_span_t content, const spbe_upload_type_t *type,
                     const char *magic);

#endif
