/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/recall.h - after a start: what is in the archive already.
 *
 * From the check-point home/seen, and from the archive behind it; in slices,
 * so that the pipe is read meanwhile. Without a check-point the archive is read
 * from its beginning.
 */
#ifndef SPBE_LOGGER_RECALL_H
#define SPBE_LOGGER_RECALL_H

#include "store/archive.h"
#include "store/seen.h"

typedef struct spbe_recall spbe_recall_t;

spbe_recall_t *spbe_recall_create(const char *home, spbe_seen_t *seen,
                                  apr_pool_t *pool);

/* The archive was opened, for the first time or again. */
void spbe_recall_archive(spbe_recall_t *recall, spbe_archive_t *archive);

/* Reads on for a few milliseconds; 1: there is more. */
int spbe_recall_step(spbe_recall_t *recall);

/* Is everything known that was there at the start? */
int spbe_recall_knows(const spbe_recall_t *recall);

/* Was there no check-point that could be used? */
int spbe_recall_from_start(const spbe_recall_t *recall);

/* A new check-point, if something has been appended since the last one. */
apr_status_t spbe_recall_save(spbe_recall_t *recall, spbe_archive_t *archive);

#endif
