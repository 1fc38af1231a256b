/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/pipe.h - what comes in, looked at before it is taken.
 *
 * What stands in the pipe is copied with tee and stays there until it is
 * consumed, that is until it is durable elsewhere: who is killed in between has
 * taken nothing away. Where standard input is no pipe (a file, a socket), what
 * was read waits in memory instead.
 */
#ifndef SPBE_LOGGER_PIPE_H
#define SPBE_LOGGER_PIPE_H

#include <apr_errno.h>
#include "text/span.h"

#define SPBE_PIPE_SIZE ((size_t)1 << 20)

typedef struct spbe_pipe spbe_pipe_t;

/* fd: to read from. Opens what it needs later on. */
apr_status_t spbe_pipe_create(spbe_pipe_t **pipe, int fd, apr_pool_t *pool);

/* Waits until there is something, at most so long. */
void spbe_pipe_wait(spbe_pipe_t *pipe, int milliseconds);

/*
 * *bytes: what stands at the front, at most SPBE_PIPE_SIZE, valid until the
 * next call; empty: nothing yet. *last: nothing will come behind it.
 */
apr_status_t spbe_pipe_peek(spbe_pipe_t *pipe, spbe_span_t *bytes, int *last);

/* The first n bytes of what peek gave are dealt with. */
apr_status_t spbe_pipe_consume(spbe_pipe_t *pipe, size_t n);

/* Has everybody gone who could write? */
int spbe_pipe_is_alone(const spbe_pipe_t *pipe);

/* Bytes consumed in all, and those that stand in it now. */
apr_uint64_t spbe_pipe_consumed(const spbe_pipe_t *pipe);
apr_uint64_t spbe_pipe_waiting(const spbe_pipe_t *pipe);

#endif
