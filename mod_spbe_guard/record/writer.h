/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/writer.h - one process writes records: each gets its number, and
 * goes to the pipe, to the spill folder, or is counted as lost.
 *
 * A record waits for a full pipe only so long; when one has waited in vain,
 * nobody waits again for a second. Any thread; no lock but in the spill.
 */
#ifndef SPBE_RECORD_WRITER_H
#define SPBE_RECORD_WRITER_H

#include "record/ledger.h"
#include "record/record.h"
#include "record/spill.h"

typedef enum spbe_write {
    SPBE_WRITE_DONE = 0,    /* all of its lines are in the pipe */
    SPBE_WRITE_SPILLED = 1, /* whole or in part in the spill folder */
    SPBE_WRITE_LOST = 2,    /* whole or in part nowhere */
    SPBE_WRITE_CLOSED = 3   /* the writer has ended: no number was given */
} spbe_write_t;

typedef struct spbe_writer_options {
    int fd;           /* O_NONBLOCK where it is a pipe; -1: none */
    int wait;         /* milliseconds for a record */
    const char *name; /* node:pid:start */
    /* Each may be NULL. */
    spbe_ledger_slot_t *slot;
    spbe_spill_t *spill;
    apr_time_t *stuck; /* shared by all writers of the pipe; zero at first */
} spbe_writer_options_t;

typedef struct spbe_writer spbe_writer_t;

spbe_writer_t *spbe_writer_create(const spbe_writer_options_t *options,
                                  apr_pool_t *pool);

typedef struct spbe_written {
    apr_uint64_t seq;
    int waited;         /* the pipe was full */
    apr_status_t error; /* SPILLED: of the pipe; LOST: of the spill, too */
} spbe_written_t;

spbe_write_t spbe_writer_write(spbe_writer_t *writer,
                               const spbe_encoded_t *encoded,
                               spbe_written_t *written, apr_pool_t *scratch);

/* What was lost since this last said so. */
typedef struct spbe_writer_lost {
    apr_uint64_t n, from, to; /* the first and the last of their numbers */
} spbe_writer_lost_t;

/* 1: there is something to be told; it is the caller's now. */
int spbe_writer_take_lost(spbe_writer_t *writer, spbe_writer_lost_t *lost);
/* It could not be told. */
void spbe_writer_put_lost(spbe_writer_t *writer,
                          const spbe_writer_lost_t *lost);

/*
 * No more numbers; waits so long for threads that are writing, then says
 * good-bye in the ledger. 0: some still were; the slot stays as it is.
 */
int spbe_writer_end(spbe_writer_t *writer, apr_interval_time_t patience);

#endif
