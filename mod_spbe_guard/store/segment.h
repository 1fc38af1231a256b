/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/segment.h - the files of an archive.
 *
 * Each is named by the address of its first byte, with 20 digits and
 * ".jsonl", and begins with an entry that says so:
 * {"t":time,"segment":{"v":1,"offset":address,"node":name,"first":the first
 *  public key,"group":number of its first group,"prev":hash of the one before}}
 */
#ifndef SPBE_STORE_SEGMENT_H
#define SPBE_STORE_SEGMENT_H

#include "store/group.h"
#include "store/lines.h"
#include <apr_errno.h>
#include <apr_tables.h>

#define SPBE_SEGMENT_DIR "archive"
#define SPBE_SEGMENT_NAME 27 /* with NUL */
#define SPBE_SEGMENT_NODE 256

typedef struct spbe_segment {
    apr_time_t time;
    apr_uint64_t offset;
    char node[SPBE_SEGMENT_NODE]; /* as in the JSON, still escaped */
    unsigned char first[SPBE_SIGNER_SIZE];
    apr_uint64_t group;
    unsigned char before[SPBE_HASH_SIZE];
} spbe_segment_t;

void spbe_segment_name(apr_uint64_t address, char name[SPBE_SEGMENT_NAME]);

/* 1 and *address when the file is named like a segment. */
int spbe_segment_is(const char *name, apr_uint64_t *address);

/* dir: the folder with the segments. *addresses: apr_uint64_t, ascending. */
apr_status_t spbe_segment_list(int dir, apr_array_header_t **addresses,
                               apr_pool_t *pool);

/* *fd: a plain file, never a link. flags: O_RDONLY ...; new ones are 0600. */
apr_status_t spbe_segment_open(int dir, apr_uint64_t address, int flags,
                               int *fd);

/* The folder of the segments in dir; made (0700) when asked for. */
apr_status_t spbe_segment_dir(const char *dir, int make, int *fd);

/* Its first entry, with line end. segment->node is plain text here. */
void spbe_segment_add(spbe_buf_t *buf, const spbe_segment_t *segment);

/* text: without line end. SPBE_NONE: another entry; SPBE_BAD: damaged. */
spbe_rc_t spbe_segment_parse(spbe_span_t text, spbe_segment_t *segment);

/* What a segment ends with. */
typedef struct spbe_segment_end {
    spbe_group_t group; /* number 0: no group in it */
    unsigned char hash[SPBE_HASH_SIZE];
    apr_uint64_t begin, end; /* of that group, in the file */
    apr_uint64_t size;       /* of the file */
    apr_uint64_t hidden;     /* entries in groups that have a hidden value */
    spbe_segment_t head;     /* its first entry; offset is what it says */
    int has_head;
} spbe_segment_end_t;

/*
 * Reads a segment to its end. A last group that a power failure has left
 * half-written (its hash is wrong and bytes of it are NUL) does not count; one
 * that somebody has edited does, and stays for verify to be found.
 */
apr_status_t spbe_segment_read_end(int fd, spbe_segment_end_t *end,
                                   apr_pool_t *pool);

/* The last signature line of a file alone, looked for from its end, and what
 * stands behind it. *group has number 0 when there is none. */
apr_status_t spbe_segment_last(int fd, spbe_group_t *group,
                               unsigned char hash[SPBE_HASH_SIZE],
                               apr_uint64_t *behind, apr_pool_t *pool);

#endif
