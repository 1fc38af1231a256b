/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/disk.h - how much room there is, and what that allows.
 *
 * The archive never fills the disk of the server that it protects: a reserve
 * is left free, the larger of 5 % and 2 GiB, on a small disk a quarter.
 */
#ifndef SPBE_LOGGER_DISK_H
#define SPBE_LOGGER_DISK_H

#include <apr.h>

#define SPBE_DISK_BY_SIZE APR_UINT64_MAX

typedef enum spbe_disk_stage {
    SPBE_DISK_FINE = 0,
    SPBE_DISK_ALARM = 1,  /* below one and a half times the reserve */
    SPBE_DISK_INDEX = 2,  /* below the reserve: h alone is kept */
    SPBE_DISK_COUNTS = 3, /* below half of it: which numbers there were */
    SPBE_DISK_FULL = 4    /* below a sixteenth: nothing is written */
} spbe_disk_stage_t;

typedef struct spbe_disk {
    apr_uint64_t reserve; /* 0: none; SPBE_DISK_BY_SIZE */
    apr_uint64_t free, total;
    spbe_disk_stage_t stage;
} spbe_disk_t;

/* Looks at the disk that dir is on; 1: the stage has changed. Back to a better
 * one it goes when an eighth more is free than that one needs. */
int spbe_disk_look(spbe_disk_t *disk, const char *dir);

/* The same with figures that are given. */
int spbe_disk_judge(spbe_disk_t *disk, apr_uint64_t free, apr_uint64_t total);

/* One sentence; NULL when there is nothing to say. */
const char *spbe_disk_words(spbe_disk_stage_t stage);

#endif
