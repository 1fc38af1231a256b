/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/leftover.c - what stands in a pipe that nobody reads any more. See
 * leftover.h.
 */
#include "record/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "record/spill.h"
#include "text/buf.h"

#define BYTES_MAX (16 * 1024 * 1024)

/* A pipe as long as that one, filled from it. */
static apr_status_t duplicate(int from, int to[2])
{
    int size = fcntl(from, F_GETPIPE_SZ);

    if (size < 0 || pipe2(to, O_CLOEXEC | O_NONBLOCK) != 0) {
        return errno;
    }
    if (fcntl(to[1], F_SETPIPE_SZ, size) < 0 ||
        tee(from, to[1], BYTES_MAX, SPLICE_F_NONBLOCK) < 0) {
        apr_status_t rv = errno;

        close(to[0]);
        close(to[1]);
        return rv;
    }
    return APR_SUCCESS;
}

static void read_all(int fd, spbe_buf_t *text)
{
    char bytes[16384];
    ssize_t n;

    while ((n = read(fd, bytes, sizeof(bytes))) > 0 ||
           (n < 0 && errno == EINTR)) {
        if (n > 0) {
            spbe_buf_add(text, (spbe_span_t){bytes, (size_t)n});
        }
    }
}

/* Line by line; what is behind the last line end was never written whole. */
static apr_status_t keep(spbe_spill_t *spill, spbe_span_t text)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        spbe_span_t line = {text.ptr, 0};

        if (end == NULL) {
            break;
        }
        line.len = (size_t)(end - text.ptr) + 1;
        rv = spbe_spill_add(spill, &line, 1);
        text = spbe_span_slice(text, line.len, text.len);
    }
    return rv;
}

apr_status_t spbe_leftover_copy(int fd, const char *dir, const char *writer,
                                apr_pool_t *scratch)
{
    apr_uint64_t used = 0;
    spbe_spill_t *spill;
    spbe_buf_t text;
    apr_status_t rv;
    int copy[2];

    rv = duplicate(fd, copy);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    spbe_buf_init(&text, 65536, scratch);
    read_all(copy[0], &text);
    close(copy[0]);
    close(copy[1]);
    spill = spbe_spill_create(dir, writer, &used, BYTES_MAX, scratch);
    if (spill == NULL) {
        return APR_ENOMEM;
    }
    rv = keep(spill, spbe_buf_span(&text));
    spbe_spill_close(spill);
    return rv;
}
