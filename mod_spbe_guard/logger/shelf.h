/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/shelf.h - the archive and the index that the logger writes, opened
 * when they can be and opened again when they were lost.
 */
#ifndef SPBE_LOGGER_SHELF_H
#define SPBE_LOGGER_SHELF_H

#include "store/intake.h"
#include "logger/trouble.h"
#include "store/index.h"

typedef struct spbe_shelf {
    const char *dir;
    apr_pool_t *pool;
    spbe_archive_t *archive; /* NULL while there is none */
    apr_pool_t *archive_pool;
    spbe_database_t *database; /* NULL while there is none */
    apr_pool_t *database_pool;
    spbe_index_t *index;                      /* NULL unless both are there */
    apr_time_t archive_retry, database_retry; /* not before */
    apr_uint64_t torn;
    spbe_trouble_t archive_trouble, database_trouble;
    spbe_index_counts_t counts;
} spbe_shelf_t;

/* Creates dir when it is missing. Opens what can be opened. */
void spbe_shelf_init(spbe_shelf_t *shelf, const char *dir, apr_pool_t *pool);

/* Appends what waits in intake. 1 when nothing waits any more. */
int spbe_shelf_keep(spbe_shelf_t *shelf, spbe_intake_t *intake);

/*
 * One step of bringing the index up to date; 1 when more is left to do. A step
 * is short: the pipe must be read while a large archive is indexed again.
 * patience: as in spbe_index_follow. Never touches the archive's contents.
 */
int spbe_shelf_index(spbe_shelf_t *shelf, apr_time_t patience);

/* Once a second or so: are the files still the ones that were opened? */
void spbe_shelf_check(spbe_shelf_t *shelf);

#endif
