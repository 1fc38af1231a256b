/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/intake.h - from lines to a group of the archive.
 *
 * Checks every line as what an untrusted peer sent and makes entries of them;
 * what is no line is kept as malformed. Nothing counts until the group is in
 * the archive: then spbe_intake_commit has noted its numbers in `seen`, and who
 * gave the bytes may let them go.
 */
#ifndef SPBE_STORE_INTAKE_H
#define SPBE_STORE_INTAKE_H

#include <apr_errno.h>
#include "store/archive.h"
#include "store/seen.h"

/* A group is full when it has so many bytes. */
#define SPBE_INTAKE_GROUP ((size_t)1 << 20)

typedef enum spbe_intake_from {
    SPBE_INTAKE_PIPE = 0,  /* no orders, and nobody who calls himself the logger
                              or the tool */
    SPBE_INTAKE_SPILL = 1, /* the same */
    SPBE_INTAKE_TOOL = 2,  /* the drop folder: orders only */
    SPBE_INTAKE_OWN = 3    /* the logger itself */
} spbe_intake_from_t;
#define SPBE_INTAKE_SOURCES 4

/* How much is kept when the disk is short. */
typedef enum spbe_intake_keep {
    SPBE_INTAKE_ALL = 0,
    SPBE_INTAKE_INDEX = 1, /* h; of details only those of keys */
    SPBE_INTAKE_COUNTS = 2 /* which numbers there were */
} spbe_intake_keep_t;

typedef struct spbe_intake_counts {
    apr_uint64_t lines; /* of others, malformed ones as well */
    apr_uint64_t malformed;
    apr_uint64_t lost;     /* reported as lost */
    apr_uint64_t gaps;     /* ... in so many stretches */
    apr_uint64_t left_out; /* bytes of details */
} spbe_intake_counts_t;

typedef struct spbe_intake spbe_intake_t;

spbe_intake_t *spbe_intake_create(spbe_seen_t *seen, apr_pool_t *pool);

/* NULL when the line, without line end, may go into the archive as one, and is
 * in *line; or why not. */
const char *spbe_intake_check(spbe_intake_from_t from, spbe_span_t text,
                              spbe_line_t *line, apr_pool_t *pool);

/* From the next line on. */
void spbe_intake_keep(spbe_intake_t *intake, spbe_intake_keep_t keep);

/*
 * Takes whole lines off the front of bytes into the group; last: also what has
 * no line end, as malformed. How many bytes were taken; what is left waits for
 * the rest of its line, or for the next group.
 */
size_t spbe_intake_take(spbe_intake_t *intake, spbe_intake_from_t from,
                        spbe_span_t bytes, int last);

/* Reports records of a writer as lost. */
void spbe_intake_gap(spbe_intake_t *intake, spbe_span_t writer,
                     apr_uint64_t from, apr_uint64_t to, const char *why);

/* Bytes of entries in the group. */
size_t spbe_intake_pending(const spbe_intake_t *intake);

/* Puts the group into the archive and begins a new one. Where that fails the
 * group is as it was; undo throws it away, its bytes are to be given again. */
apr_status_t spbe_intake_commit(spbe_intake_t *intake, spbe_archive_t *archive);
void spbe_intake_undo(spbe_intake_t *intake);

spbe_intake_counts_t spbe_intake_counts(const spbe_intake_t *intake);

/* The lines counted by a predecessor. */
void spbe_intake_start(spbe_intake_t *intake,
                       const spbe_intake_counts_t *counts);

#endif
