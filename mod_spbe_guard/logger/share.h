/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/share.h - what the processes of the logger know of each other.
 *
 * Memory that they share; each part is written by one process. A reader gets a
 * part whole or, when its writer was killed in between, as it stands.
 */
#ifndef SPBE_LOGGER_SHARE_H
#define SPBE_LOGGER_SHARE_H

#include <sys/types.h>
#include "logger/trouble.h"
#include "store/head.h"
#include "store/index.h"

#define SPBE_SHARE_NODE 64
#define SPBE_SHARE_ACTIONS 16384

typedef struct spbe_share_intake {
    pid_t pid;
    apr_time_t beat;
    apr_uint64_t lines, malformed, duplicates;
    apr_uint64_t lost;    /* records that were reported lost */
    apr_uint64_t gaps;    /* ... in so many stretches */
    apr_uint64_t torn;    /* bytes */
    apr_uint64_t end;     /* of the archive */
    apr_uint64_t waiting; /* bytes in the pipe */
    apr_uint64_t spill;   /* bytes in the spill folder */
    apr_uint64_t disk_free, disk_total;
    int stage; /* of the disk; spbe_disk_stage_t */
    spbe_head_t head;
    spbe_trouble_t archive, chain, signer, old, disk, state, other, sandbox;
    char actions[SPBE_SHARE_ACTIONS]; /* members of a JSON array */
} spbe_share_intake_t;

typedef struct spbe_share_index {
    pid_t pid;
    apr_time_t beat;
    apr_uint64_t position;
    spbe_index_counts_t counts;
    spbe_trouble_t database;
} spbe_share_index_t;

typedef struct spbe_share_keeper {
    pid_t pid;
    apr_time_t started;
    apr_time_t head_sent;
    int ended; /* intake has ended: nothing more will come */
    spbe_trouble_t syslog;
} spbe_share_keeper_t;

typedef struct spbe_share {
    int wake; /* an eventfd: something was appended, or intake has ended */
    char node[SPBE_SHARE_NODE];
    apr_uint32_t intake_turn, index_turn, keeper_turn;
    spbe_share_intake_t intake;
    spbe_share_index_t index;
    spbe_share_keeper_t keeper;
} spbe_share_t;

/* NULL: memory is short. For the life of the process. */
spbe_share_t *spbe_share_create(void);

/* Of the process whose part it is. */
void spbe_share_put_intake(spbe_share_t *share, const spbe_share_intake_t *in);
void spbe_share_put_index(spbe_share_t *share, const spbe_share_index_t *in);
void spbe_share_put_keeper(spbe_share_t *share, const spbe_share_keeper_t *in);

/* Of any. */
void spbe_share_get_intake(const spbe_share_t *share, spbe_share_intake_t *out);
void spbe_share_get_index(const spbe_share_t *share, spbe_share_index_t *out);
void spbe_share_get_keeper(const spbe_share_t *share, spbe_share_keeper_t *out);

void spbe_share_wake(const spbe_share_t *share);

#endif
