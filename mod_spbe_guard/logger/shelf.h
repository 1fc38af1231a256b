/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/shelf.h - the archive that intake writes: opened when it can be, and
 * opened again when it was lost.
 */
#ifndef SPBE_LOGGER_SHELF_H
#define SPBE_LOGGER_SHELF_H

#include "logger/options.h"
#include "logger/trouble.h"
#include "store/intake.h"

typedef struct spbe_shelf {
    const spbe_options_t *options;
    spbe_archive_t *archive;   /* NULL while there is none */
    apr_pool_t *pool;          /* of archive */
    unsigned opened;           /* how often */
    apr_time_t retry;          /* not before */
    int is_closed;             /* for want of room */
    apr_time_t failing;        /* since when; 0: all is well */
    size_t failed_size;        /* of the group with which it began */
    apr_time_t recovered_from; /* the same, of what is over; 0: nothing */
    char reason[256];          /* of that */
    apr_uint64_t torn;
    spbe_trouble_t trouble;
    spbe_trouble_t chain;  /* it is not the archive of sign.key */
    spbe_trouble_t signer; /* cannot be changed */
    spbe_trouble_t old;    /* there is one of an earlier version */
} spbe_shelf_t;

void spbe_shelf_init(spbe_shelf_t *shelf, const spbe_options_t *options,
                     apr_pool_t *pool);

/* 1: there is an archive, and it may be tried. */
int spbe_shelf_ready(spbe_shelf_t *shelf, apr_time_t now);

/* Puts the group into the archive; 0: not now, and the group is undone. */
int spbe_shelf_commit(spbe_shelf_t *shelf, spbe_intake_t *intake);

/* Nothing may be written, or it may again. */
void spbe_shelf_close(spbe_shelf_t *shelf, int is_closed);

/* Each minute: another signer. */
void spbe_shelf_turn(spbe_shelf_t *shelf);

/* Once a second: are the files still the ones that were opened? */
void spbe_shelf_check(spbe_shelf_t *shelf);

#endif
