/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/source.h - where an archive is read from: a folder, a copy of it, or
 * the shared database, which keeps every group as it was signed.
 *
 * Gives whole groups, in order, byte for byte.
 */
#ifndef SPBE_STORE_SOURCE_H
#define SPBE_STORE_SOURCE_H

#include <apr_errno.h>
#include "text/span.h"

/* The name of what is no file. It has whole groups only, whatever crashes. */
#define SPBE_SOURCE_DATABASE "database"

typedef struct spbe_source_piece {
    apr_uint64_t offset; /* address of its first byte in the archive */
    const char *segment; /* the file, or SPBE_SOURCE_DATABASE */
    spbe_span_t bytes;   /* valid until the next call */
} spbe_source_piece_t;

typedef struct spbe_source {
    /* The next bytes, at most 1 MiB, cut anywhere; a segment ends with a
     * piece. APR_EOF at the end. */
    apr_status_t (*next)(void *baton, spbe_source_piece_t *piece);
    /* From this address on. */
    apr_status_t (*seek)(void *baton, apr_uint64_t offset);
    void *baton;
} spbe_source_t;

/* The folder dir (which has archive/ in it). */
apr_status_t spbe_source_folder(spbe_source_t *source, const char *dir,
                                apr_pool_t *pool);

#endif
