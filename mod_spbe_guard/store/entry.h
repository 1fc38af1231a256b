/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/entry.h - one line of the archive.
 *
 * {"t":receipt,"l":line}            a line of the pipe, byte for byte
 * {"t":receipt,"thin":n,"l":line}   the same without n characters of its "d",
 *                                   since the disk is nearly full
 * {"t":receipt,"bad":text,"why":w}  what came in and was no line
 * {"t":receipt,"lost":n,"why":w}    n lines that could not be kept
 * {"t":receipt,"lost":n,"why":w,"w":writer,"from":a,"to":b}
 *                                   n records of a writer that never came
 * {"t":time,"segment":{...}}        the first of a segment, see segment.h
 * {"t":time,"purged":n,"w":writer,"from":a,"to":b}
 *                                   n records of a writer whose bodies went
 * See store/FORMAT.md.
 */
#ifndef SPBE_STORE_ENTRY_H
#define SPBE_STORE_ENTRY_H

#include "text/buf.h"
#include "text/rc.h"
#include <apr_time.h>

/* A line of 4096 bytes that all have to be escaped, and what is around it. */
#define SPBE_ENTRY_MAX (6 * 4096 + 256)

typedef enum spbe_entry_kind {
    SPBE_ENTRY_LINE = 0,
    SPBE_ENTRY_BAD = 1,
    SPBE_ENTRY_LOST = 2,
    SPBE_ENTRY_SEGMENT = 3, /* these two are not returned by archive_next */
    SPBE_ENTRY_PURGED = 4
} spbe_entry_kind_t;

typedef struct spbe_entry {
    spbe_entry_kind_t kind;
    apr_time_t received;
    spbe_span_t line;   /* LINE: of the pipe, without line end */
    apr_uint64_t lost;  /* LOST, PURGED: how many */
    spbe_span_t writer; /* LOST: whose numbers; empty: not known */
    apr_uint64_t from, to;
    apr_uint64_t offset; /* in the archive; set by spbe_archive_next */
    apr_uint64_t next;   /* offset of the entry behind it */
    spbe_span_t why;     /* LOST, BAD: as in the JSON, still escaped */
    int is_emptied;      /* its hidden value was purged */
    apr_uint64_t thin;   /* LINE: characters of "d" that were never kept */
} spbe_entry_t;

/* Each adds one entry with its line end. line: without line end. */
void spbe_entry_add_line(spbe_buf_t *buf, apr_time_t now, spbe_span_t line);
/* The same without the value of "d", of n characters. */
void spbe_entry_add_thin(spbe_buf_t *buf, apr_time_t now, apr_uint64_t n,
                         spbe_span_t line);
void spbe_entry_add_bad(spbe_buf_t *buf, apr_time_t now, spbe_span_t text,
                        const char *why);
void spbe_entry_add_lost(spbe_buf_t *buf, apr_time_t now, apr_uint64_t n,
                         const char *why);

/* Records from..to of a writer are not to be had; writer: as in its lines. */
void spbe_entry_add_gap(spbe_buf_t *buf, apr_time_t now, spbe_span_t writer,
                        apr_uint64_t from, apr_uint64_t to, const char *why);

/* Records from..to of a writer were in bodies that are purged. */
void spbe_entry_add_purged(spbe_buf_t *buf, apr_time_t now, spbe_span_t writer,
                           apr_uint64_t from, apr_uint64_t to);

/* text: without line end. SPBE_OK or SPBE_BAD. */
spbe_rc_t spbe_entry_parse(spbe_span_t text, spbe_entry_t *entry);

/*
 * An entry in its parts: front middle hidden back, and in an emptied one the
 * hash that stands between front and middle. The hidden value is "d" of a line
 * where that is its last member, and "bad"; other entries have none.
 */
typedef struct spbe_entry_split {
    spbe_span_t front, middle, hidden, back;
    int is_emptied;
    unsigned char hash[32]; /* of the hidden value that was there */
} spbe_entry_split_t;

/* Whatever text is: the parts together, in order, are text, but for "x". */
void spbe_entry_split(spbe_span_t text, spbe_entry_split_t *split);

#define SPBE_ENTRY_EMPTIED 50 /* bytes of "x": so much may it become longer */

/* The entry without its hidden value, with its line end. */
void spbe_entry_add_emptied(spbe_buf_t *buf, const spbe_entry_split_t *split,
                            const unsigned char hash[32]);

#endif
