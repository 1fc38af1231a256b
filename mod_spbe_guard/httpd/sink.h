/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sink.h - where records go: sealed, numbered, and into the pipe.
 *
 * A record waits for a full pipe at most SpbeGuardLogWait; then the rest of it
 * goes to the spill folder, and where that is not possible it is counted as
 * lost and the error log says so. Serving never stops because logging does.
 */
#ifndef SPBE_HTTPD_SINK_H
#define SPBE_HTTPD_SINK_H

#include <httpd.h>

#include "httpd/pipe.h"
#include "httpd/shm.h"
#include "record/seal.h"
#include "record/writer.h"

typedef struct spbe_sink {
    int fd;              /* -1: nowhere to write to */
    spbe_pipe_t *pipe;   /* NULL: SpbeGuardLog is not given */
    spbe_writer_t *writer;
    spbe_spill_t *spill; /* NULL: none */
    spbe_sealer_t *sealer; /* NULL: details are not sealed */
    int keep_clear;      /* ... and go out as they are */
    apr_time_t said;     /* when the error log was last told of a loss */
    apr_time_t said_bare; /* ... of details that could not be sealed */
    apr_time_t stuck;    /* both: when there is no shared memory */
    apr_uint64_t spill_used;
    spbe_shm_t *shm;     /* or NULL */
    char name[SPBE_LEDGER_WRITER]; /* of the writer */
    char node[64];
} spbe_sink_t;

/* In post_config, second pass. Trouble is said in the error log. shm: or
 * NULL. Never NULL. */
spbe_sink_t *spbe_sink_open(server_rec *s, spbe_shm_t *shm, apr_pool_t *pconf);

/* In child_init: closes what a child must not hold; a name, numbers and a
 * spill file of its own; says good-bye at the end of the process. */
void spbe_sink_child(spbe_sink_t *sink, server_rec *s, apr_pool_t *pchild);

/* 1 when every line was written, to the pipe or to the spill folder; 0 when the
 * record is lost (counted and said). Any thread. */
int spbe_sink_write(spbe_sink_t *sink, const spbe_encoded_t *encoded,
                    server_rec *s, apr_pool_t *pool);

/* In the parent, now and then, and when children have ended. */
void spbe_sink_tend(spbe_sink_t *sink);
void spbe_sink_buried(spbe_sink_t *sink, pid_t pid);

/* In the parent at the end, behind its last record: waits for the logger. */
void spbe_sink_close(spbe_sink_t *sink, server_rec *s, apr_pool_t *scratch);

#endif
