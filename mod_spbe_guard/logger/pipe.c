/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/pipe.c - what comes in, looked at before it is taken. See pipe.h.
 */
#include "logger/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* A line that stands in the pipe without its end: how long between looks. */
#define PAUSE 20

struct spbe_pipe {
    int in;
    int copy[2];  /* a pipe of its own; -1: in is no pipe */
    int nowhere;  /* /dev/null */
    size_t have;  /* in bytes; of a pipe: copied from its front */
    size_t stuck; /* so many bytes were there, and nothing could be done */
    int ended;
    apr_uint64_t consumed;
    char bytes[SPBE_PIPE_SIZE];
};

static int is_pipe(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static apr_status_t close_pipe(void *data)
{
    spbe_pipe_t *pipe = data;

    close(pipe->copy[0]);
    close(pipe->copy[1]);
    close(pipe->nowhere);
    return APR_SUCCESS;
}

apr_status_t spbe_pipe_create(spbe_pipe_t **result, int fd, apr_pool_t *pool)
{
    spbe_pipe_t *pipe = apr_palloc(pool, sizeof(*pipe));

    *result = pipe;
    pipe->in = fd;
    pipe->copy[0] = pipe->copy[1] = pipe->nowhere = -1;
    pipe->have = pipe->stuck = 0;
    pipe->ended = 0;
    pipe->consumed = 0;
    if (!is_pipe(fd)) {
        return APR_SUCCESS;
    }
    if (pipe2(pipe->copy, O_CLOEXEC | O_NONBLOCK) == -1) {
        return errno;
    }
    /* Smaller is slower and nothing else. */
    fcntl(pipe->copy[1], F_SETPIPE_SZ, (int)SPBE_PIPE_SIZE);
    pipe->nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pipe->nowhere == -1) {
        return errno;
    }
    apr_pool_cleanup_register(pool, pipe, close_pipe, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

void spbe_pipe_wait(spbe_pipe_t *pipe, int milliseconds)
{
    struct pollfd in = {.fd = pipe->in, .events = POLLIN};

    if (milliseconds <= 0 || pipe->ended) {
        return;
    }
    if (pipe->stuck > 0) {
        poll(NULL, 0, milliseconds < PAUSE ? milliseconds : PAUSE);
        return;
    }
    poll(&in, 1, milliseconds);
}

int spbe_pipe_is_alone(const spbe_pipe_t *pipe)
{
    struct pollfd in = {.fd = pipe->in, .events = POLLIN};

    return pipe->copy[0] == -1 ||
           (poll(&in, 1, 0) > 0 && (in.revents & POLLHUP) != 0);
}

static size_t standing(const spbe_pipe_t *pipe)
{
    int n = 0;

    return ioctl(pipe->in, FIONREAD, &n) == -1 || n < 0 ? 0 : (size_t)n;
}

static apr_status_t read_copy(spbe_pipe_t *pipe, size_t n)
{
    pipe->have = 0;
    while (pipe->have < n) {
        ssize_t got =
            read(pipe->copy[0], pipe->bytes + pipe->have, n - pipe->have);

        if (got == -1 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0 ? APR_EOF : errno;
        }
        pipe->have += (size_t)got;
    }
    return APR_SUCCESS;
}

/* The order of the three looks matters: whoever writes does so before it is
 * gone, so what stands in a pipe without writers is all there will be. */
static apr_status_t look(spbe_pipe_t *pipe)
{
    int alone = spbe_pipe_is_alone(pipe);
    ssize_t n;

    do {
        n = tee(pipe->in, pipe->copy[1], SPBE_PIPE_SIZE, SPLICE_F_NONBLOCK);
    } while (n == -1 && errno == EINTR);
    if (n == -1 && errno != EAGAIN) {
        return errno;
    }
    if (n == -1) {
        pipe->have = 0;
        return APR_SUCCESS;
    }
    pipe->ended = alone && standing(pipe) == (size_t)n;
    return read_copy(pipe, (size_t)n);
}

static apr_status_t read_more(spbe_pipe_t *pipe)
{
    struct pollfd in = {.fd = pipe->in, .events = POLLIN};
    ssize_t n;

    if (pipe->ended || pipe->have == SPBE_PIPE_SIZE || poll(&in, 1, 0) <= 0) {
        return APR_SUCCESS;
    }
    n = read(pipe->in, pipe->bytes + pipe->have, SPBE_PIPE_SIZE - pipe->have);
    if (n == -1) {
        return errno == EINTR || errno == EAGAIN ? APR_SUCCESS : errno;
    }
    pipe->ended = n == 0;
    pipe->have += (size_t)n;
    return APR_SUCCESS;
}

apr_status_t spbe_pipe_peek(spbe_pipe_t *pipe, spbe_span_t *bytes, int *last)
{
    apr_status_t rv = pipe->copy[0] == -1 ? read_more(pipe) : look(pipe);

    *bytes = (spbe_span_t){pipe->bytes, pipe->have};
    *last = pipe->ended;
    pipe->stuck = pipe->have;
    return rv;
}

static apr_status_t throw_away(spbe_pipe_t *pipe, size_t n)
{
    while (n > 0) {
        ssize_t gone = splice(pipe->in, NULL, pipe->nowhere, NULL, n, 0);

        if (gone == -1 && errno == EINTR) {
            continue;
        }
        if (gone <= 0) {
            return gone == 0 ? APR_EOF : errno;
        }
        n -= (size_t)gone;
        pipe->consumed += (apr_uint64_t)gone;
    }
    return APR_SUCCESS;
}

apr_status_t spbe_pipe_consume(spbe_pipe_t *pipe, size_t n)
{
    if (n > 0) {
        pipe->stuck = 0;
    }
    if (pipe->copy[0] != -1) {
        return throw_away(pipe, n);
    }
    pipe->have -= n;
    memmove(pipe->bytes, pipe->bytes + n, pipe->have);
    pipe->consumed += n;
    return APR_SUCCESS;
}

apr_uint64_t spbe_pipe_consumed(const spbe_pipe_t *pipe)
{
    return pipe->consumed;
}

apr_uint64_t spbe_pipe_waiting(const spbe_pipe_t *pipe)
{
    return standing(pipe) + (pipe->copy[0] == -1 ? pipe->have : 0);
}
