/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/line.h - records as lines on a pipe.
 *
 * {"v":1,"w":writer,"s":seq,"id":uuid,"p":part,"n":parts,"k":keyid,
 *  "h":{...},"d":"base64url slice"}\n - h in part 1 only, k empty while details
 * are not sealed. A line is at most PIPE_BUF bytes with its newline, so that
 * one write is atomic.
 */
#ifndef SPBE_RECORD_LINE_H
#define SPBE_RECORD_LINE_H

#include <apr_tables.h>
#include "text/rc.h"
#include "record/record.h"

#define SPBE_LINE_MAX 4096

/* The lines of one record, each an spbe_span_t ending in '\n', in pool. */
apr_array_header_t *spbe_line_split(const spbe_encoded_t *encoded,
                                    const char *writer, apr_uint64_t seq,
                                    apr_pool_t *pool);

typedef struct spbe_line {
    const char *writer, *id, *key;
    apr_uint64_t seq;
    unsigned part, parts;
    const char *h; /* JSON text of part 1, else NULL */
    spbe_span_t d; /* decoded bytes of the slice */
} spbe_line_t;

/* From an untrusted peer: every member checked. SPBE_OK or SPBE_BAD, then
 * *why says what is wrong. */
spbe_rc_t spbe_line_parse(spbe_span_t text, spbe_line_t *line, const char **why,
                          apr_pool_t *pool);

#endif
