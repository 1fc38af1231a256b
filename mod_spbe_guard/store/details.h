/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/details.h - the details of a record, out of the archive.
 */
#ifndef SPBE_STORE_DETAILS_H
#define SPBE_STORE_DETAILS_H

#include "store/archive.h"
#include "store/database.h"
#include "store/source.h"

#define SPBE_DETAILS_MAX ((apr_uint64_t)16 << 20)

typedef struct spbe_details {
    const char *key; /* what d is sealed with; "": it is JSON as it stands */
    const char *h;   /* as in the line, byte for byte; NULL: no part 1 */
    spbe_span_t d;   /* as far as there are parts; empty: no details */
    unsigned parts;  /* 0: none of its lines is there */
    int is_complete; /* all parts are */
    int is_emptied;  /* details were purged */
    apr_time_t received, last; /* of its first and last line */
} spbe_details_t;

/*
 * Looks from row->offset to behind row->length for the lines of row->id,
 * row->writer and row->seq. Everything in pool. An error: the archive cannot
 * be read.
 */
apr_status_t spbe_details_get(const spbe_source_t *source,
                              const spbe_row_t *row, spbe_details_t *details,
                              apr_pool_t *pool);

/*
 * The same for details that are not sealed. *d: the JSON text in pool; empty
 * when the record has no details. APR_SUCCESS; APR_EINCOMPLETE: parts are
 * missing, and *d ends where the first one is; anything else: the archive
 * cannot be read.
 */
apr_status_t spbe_details_read(spbe_archive_t *archive, const spbe_row_t *row,
                               spbe_span_t *d, apr_pool_t *pool);

#endif
