/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/spilled.h - what writers put into the spill folder because the pipe
 * did not take it.
 *
 * The folder is theirs, and they are not trusted: only regular files are
 * opened, never through a link, piece by piece, and each under its lock. A file
 * goes when all of it is in the archive.
 */
#ifndef SPBE_LOGGER_SPILLED_H
#define SPBE_LOGGER_SPILLED_H

#include "logger/shelf.h"

typedef struct spbe_spilled spbe_spilled_t;

/* A longer file is nobody's that keeps to the rules. */
#define SPBE_SPILLED_MOST (2 * 1024 * 1024)

/* dir: NULL when there is none. */
spbe_spilled_t *spbe_spilled_create(const char *dir, apr_pool_t *pool);

/* Once a second: what there is. */
void spbe_spilled_look(spbe_spilled_t *spilled);

/* Takes the next piece; 1: more is left that can be taken now. */
int spbe_spilled_take(spbe_spilled_t *spilled, spbe_intake_t *intake,
                      spbe_shelf_t *shelf);

/* Files that were there at the last look. */
int spbe_spilled_left(const spbe_spilled_t *spilled);

/* Has a file gone since this was asked last? */
int spbe_spilled_taken(spbe_spilled_t *spilled);

/* Bytes in the folder; how often it was found with nothing to take; how often
 * everything that was in it was taken, or tried. */
apr_uint64_t spbe_spilled_bytes(const spbe_spilled_t *spilled);
apr_uint64_t spbe_spilled_empty(const spbe_spilled_t *spilled);
apr_uint64_t spbe_spilled_rounds(const spbe_spilled_t *spilled);

/* Puts bytes that nobody else takes there, on the disk when it returns. */
apr_status_t spbe_spilled_save(spbe_spilled_t *spilled, spbe_span_t bytes);

/* One sentence on what cannot be taken, or NULL. */
const char *spbe_spilled_trouble(const spbe_spilled_t *spilled);

#endif
