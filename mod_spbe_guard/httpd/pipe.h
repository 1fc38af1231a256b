/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/pipe.h - one pipe, one logger and one ledger for the life of the
 * parent; or a file.
 */
#ifndef SPBE_HTTPD_PIPE_H
#define SPBE_HTTPD_PIPE_H

#include <httpd.h>
#include <http_log.h>

#include "record/ledger.h"

/* What outlives a generation: no pointer into the module. */
typedef struct spbe_pipe {
    char *target;
    piped_log *log;   /* NULL for a file */
    apr_file_t *file; /* NULL: could not be opened yet */
    pid_t parent;
    int deaf; /* the parent itself was started with SIGCHLD ignored */
    char *run_dir, *spill_dir; /* "": none */
    spbe_ledger_t *ledger;     /* NULL: could not be made */
    spbe_ledger_slot_t *slot;  /* of the parent, or NULL */
    char node[64];
    char writer[SPBE_LEDGER_WRITER]; /* of the parent */
} spbe_pipe_t;

/*
 * In post_config, second pass: that of an earlier generation, or a new one.
 * Trouble is said in the error log. NULL: SpbeGuardLog is not given.
 */
spbe_pipe_t *spbe_pipe_open(server_rec *s);

/* -1: none. */
int spbe_pipe_fd(const spbe_pipe_t *pipe);

/* node:pid:start of the calling process, as from now. */
void spbe_pipe_name(const spbe_pipe_t *pipe, apr_time_t now,
                    char writer[SPBE_LEDGER_WRITER]);

/* In a child: closes the end that only the logger reads from. */
void spbe_pipe_close_read(const spbe_pipe_t *pipe);

/* Bytes that the logger has not taken yet. */
int spbe_pipe_waiting(const spbe_pipe_t *pipe);

/*
 * In the parent at a stop, when nobody writes any more: waits so long until
 * the logger has taken everything. What is left then is copied into the spill
 * folder for the next one, and stays in the pipe as well.
 */
void spbe_pipe_drain(const spbe_pipe_t *pipe, int seconds, server_rec *s,
                     apr_pool_t *scratch);

/* Hook: programs of other modules that are forked from the parent close both
 * ends. */
void spbe_pipe_hooks(apr_pool_t *p);

#endif
