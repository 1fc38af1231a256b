/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive.h - the archive: what was written down, in the order it came.
 *
 * The truth; the database is only an index of it and can be made again from
 * it. One process writes (the logger, held by a lock), many read. It is a row
 * of segments in dir/archive/, each named by the address of its first byte;
 * addresses are for ever. What is appended at once is a group, ended by a
 * signature; readers see whole groups only. See FORMAT.md.
 */
#ifndef SPBE_STORE_ARCHIVE_H
#define SPBE_STORE_ARCHIVE_H

#include "store/entry.h"
#include "store/group.h"
#include "store/head.h"
#include <apr_errno.h>

typedef enum spbe_archive_mode {
    SPBE_ARCHIVE_READ = 0,
    SPBE_ARCHIVE_WRITE = 1
} spbe_archive_mode_t;

typedef struct spbe_archive spbe_archive_t;

/*
 * dir must be there. To write: makes dir/archive/, dir/sign.key and
 * dir/first.pub when they are missing; what stands behind the last group, torn
 * by a crash, is copied into dir/torn/, and its whole entries are appended
 * again. APR_EBUSY: another process writes. Closed with the pool.
 */
apr_status_t spbe_archive_open(spbe_archive_t **archive, const char *dir,
                               spbe_archive_mode_t mode, apr_pool_t *pool);

/* Bytes that opening found torn. */
apr_uint64_t spbe_archive_torn(const spbe_archive_t *archive);

/*
 * Did opening find that the last group names another signer than sign.key
 * holds? Then the archive was cut, replaced, or sign.key lost: verify will not
 * pass, and somebody must be told.
 */
int spbe_archive_broken(const spbe_archive_t *archive);

/* Is there an archive.jsonl of before segments in dir? It is not read. */
int spbe_archive_has_old(const char *dir);

/*
 * entries: one or more, each with its line end. All of them or none: signed,
 * and on the disk when this returns. APR_EINVAL: that are no lines of entries.
 */
apr_status_t spbe_archive_append(spbe_archive_t *archive, spbe_span_t entries);

/*
 * A new signer, when the last group was not signed by the one before already.
 * Appending does so once a minute; called each minute, and at the end, it
 * keeps an idle archive from being signed again. Failing, the old one goes on.
 */
apr_status_t spbe_archive_turn(spbe_archive_t *archive);

/* A segment ends when it has so many bytes or is so old. 64 MiB, one day. */
void spbe_archive_limits(spbe_archive_t *archive, apr_uint64_t size,
                         apr_interval_time_t age);

/* Who writes, for the segments; without it the name of the machine. */
void spbe_archive_node(spbe_archive_t *archive, const char *node);

/* The last group. */
void spbe_archive_head(const spbe_archive_t *archive, spbe_head_t *head);

/* The first public key, for writers. */
const unsigned char *spbe_archive_first(const spbe_archive_t *archive);

/* Where the next entry will begin. */
apr_uint64_t spbe_archive_end(const spbe_archive_t *archive);

/* The same as it is on the disk now, for readers as well, but for what is torn
 * or being written; 0 when it cannot be had. */
apr_uint64_t spbe_archive_size(const spbe_archive_t *archive);

/* Has it been replaced or taken away since it was opened? */
int spbe_archive_gone(const spbe_archive_t *archive);

typedef struct spbe_archive_reader spbe_archive_reader_t;

spbe_archive_reader_t *spbe_archive_reader(spbe_archive_t *archive,
                                           apr_uint64_t offset,
                                           apr_pool_t *pool);
void spbe_archive_seek(spbe_archive_reader_t *reader, apr_uint64_t offset);
apr_uint64_t spbe_archive_tell(const spbe_archive_reader_t *reader);

/*
 * The next entry. Its line is valid until the next call. APR_EOF: no whole
 * group is there yet; ask again later. What is no entry is returned as
 * SPBE_ENTRY_BAD. What only the archive itself needs is left out.
 */
apr_status_t spbe_archive_next(spbe_archive_reader_t *reader,
                               spbe_entry_t *entry);

#endif
