/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/segments.h - the segments of an archive, as stats and purge need them.
 */
#ifndef SPBE_STORE_SEGMENTS_H
#define SPBE_STORE_SEGMENTS_H

#include <apr_errno.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef struct spbe_segments_one {
    apr_uint64_t first, behind;        /* addresses */
    apr_uint64_t group_from, group_to; /* to 0: no group is in it */
    apr_uint64_t size;                 /* bytes on the disk */
    apr_time_t from, to;               /* of receipt */
    int is_last;                       /* it may still be written to */
} spbe_segments_one_t;

/* *segments: spbe_segments_one_t, ascending. Those whose first entry cannot be
 * read have group_from 0. */
apr_status_t spbe_segments_list(const char *dir, apr_array_header_t **segments,
                                apr_pool_t *pool);

typedef struct spbe_segments_content {
    apr_uint64_t records;
    apr_uint64_t detailed;      /* of these: with details */
    apr_uint64_t details_bytes; /* their length in the archive */
    apr_uint64_t bytes;         /* of all entries */
} spbe_segments_content_t;

/* Reads one from its beginning to its end. */
apr_status_t spbe_segments_read(const char *dir,
                                const spbe_segments_one_t *segment,
                                spbe_segments_content_t *content,
                                apr_pool_t *pool);

#endif
