/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/entry.h - one line of the archive.
 *
 * {"t":receipt,"l":line}            a line of the pipe, byte for byte
 * {"t":receipt,"bad":text,"why":w}  what came in and was no line
 * {"t":receipt,"lost":n,"why":w}    n lines that could not be kept
 * {"t":receipt,"lost":n,"why":w,"w":writer,"from":a,"to":b}
 *                                   n records of a writer that never came
 * See store/FORMAT.md.
 */
#ifndef SPBE_STORE_ENTRY_H
#define SPBE_STORE_ENTRY_H

#include <apr_time.h>
#include "text/buf.h"
#include "text/rc.h"

/* A line of 4096 bytes that all have to be escaped, and what is around it. */
#define SPBE_ENTRY_MAX (6 * 4096 + 256)

typedef enum spbe_entry_kind {
    SPBE_ENTRY_LINE = 0,
    SPBE_ENTRY_BAD = 1,
    SPBE_ENTRY_LOST = 2
} spbe_entry_kind_t;

typedef struct spbe_entry {
    spbe_entry_kind_t kind;
    apr_time_t received;
    spbe_span_t line;    /* LINE: of the pipe, without line end */
    apr_uint64_t lost;   /* LOST */
    spbe_span_t writer;  /* LOST: whose numbers; empty: not known */
    apr_uint64_t from, to;
    apr_uint64_t offset; /* in the archive; set by spbe_archive_next */
    apr_uint64_t next;   /* offset of the entry behind it */
} spbe_entry_t;

/* Each adds one entry with its line end. line: without line end. */
void spbe_entry_add_line(spbe_buf_t *buf, apr_time_t now, spbe_span_t line);
void spbe_entry_add_bad(spbe_buf_t *buf, apr_time_t now, spbe_span_t text,
                        const char *why);
void spbe_entry_add_lost(spbe_buf_t *buf, apr_time_t now, apr_uint64_t n,
                         const char *why);

/* Records from..to of a writer are not to be had; writer: as in its lines. */
void spbe_entry_add_gap(spbe_buf_t *buf, apr_time_t now, spbe_span_t writer,
                        apr_uint64_t from, apr_uint64_t to, const char *why);

/* text: without line end. SPBE_OK or SPBE_BAD. */
spbe_rc_t spbe_entry_parse(spbe_span_t text, spbe_entry_t *entry);

#endif
