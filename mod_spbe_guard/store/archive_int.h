/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive_int.h - what the files of the archive share.
 */
#ifndef SPBE_STORE_ARCHIVE_INT_H
#define SPBE_STORE_ARCHIVE_INT_H

#include "store/archive.h"
#include "store/body.h"
#include "store/chain.h"
#include "store/segment.h"

struct spbe_archive {
    const char *dir, *path; /* path: of the folder of the segments */
    int folder;
    int lock;
    apr_pool_t *pool, *scratch;
    apr_array_header_t *segments; /* addresses, ascending, as last looked at */
    /* to write */
    int fd;                  /* of the segment that grows; -1: a new one */
    apr_uint64_t base, size; /* its address and length */
    apr_time_t begun;        /* when it was */
    apr_uint64_t hidden;     /* entries in it with a hidden value */
    apr_uint64_t limit;
    apr_interval_time_t age;
    const char *node;
    spbe_group_t last; /* number 0: none yet */
    unsigned char hash[SPBE_HASH_SIZE];
    spbe_chain_t *chain;
    spbe_body_t *body;
    apr_uint64_t turned; /* microseconds since the machine was started */
    unsigned char first[SPBE_SIGNER_SIZE];
    int has_first;
    char boot[SPBE_BOOT_SIZE];
    apr_uint64_t torn;
    int is_broken;
};

/* Where the segment behind this one begins. A hidden value may be shorter than
 * the hash that stands for it once it is purged: room for that is left. */
apr_uint64_t spbe_archive_behind(const spbe_archive_t *archive,
                                 apr_uint64_t size);

/* Looks at the folder again. */
apr_status_t spbe_archive_look(spbe_archive_t *archive);

/* The last address that is not above offset; 1. 0: there is none. */
int spbe_archive_find(const spbe_archive_t *archive, apr_uint64_t offset,
                      apr_uint64_t *address);
/* The first address above; 1. 0: there is none. */
int spbe_archive_after(const spbe_archive_t *archive, apr_uint64_t offset,
                       apr_uint64_t *address);

/*
 * What stands behind the last group of the last segment: copied to torn/ and
 * cut off; then the whole entries of everything in torn/ that is new are
 * appended.
 */
apr_status_t spbe_archive_mend(spbe_archive_t *archive,
                               const spbe_segment_end_t *end);

#endif
