/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_file.c - the file that the error log is written to. See
 * errorlog_file.h.
 */
#include "logger/errorlog_file.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_strings.h>

#include "logger/errorlog_open.h"

#define RETRY apr_time_from_msec(200)
#define FIRST (64 * 1024)

void spbe_errlog_file_init(spbe_errlog_file_t *file, const char *path,
                           int socket)
{
    *file = (spbe_errlog_file_t){.path = path, .socket = socket, .fd = -1};
}

/* ---- what waits -----------------------------------------------------------
 */

static int make_room(spbe_errlog_file_t *file, size_t more)
{
    size_t size = file->size == 0 ? FIRST : file->size;
    char *bytes;

    if (file->len + more > SPBE_ERRLOG_WAITING) {
        return 0;
    }
    while (size < file->len + more) {
        size *= 2;
    }
    if (size != file->size) {
        bytes = realloc(file->bytes, size);
        if (bytes == NULL) {
            return 0;
        }
        file->bytes = bytes;
        file->size = size;
    }
    return 1;
}

/* Not the pipe whose lines come here, nor where nothing is kept. */
static int has_stderr(void)
{
    struct stat in, err, null;

    return fstat(STDIN_FILENO, &in) == 0 && fstat(STDERR_FILENO, &err) == 0 &&
           (in.st_dev != err.st_dev || in.st_ino != err.st_ino) &&
           (stat("/dev/null", &null) == -1 || !S_ISCHR(err.st_mode) ||
            null.st_rdev != err.st_rdev);
}

/* Without ever waiting for whoever reads it. */
static int say(spbe_span_t line)
{
    struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};

    return line.len <= PIPE_BUF && has_stderr() && poll(&err, 1, 0) == 1 &&
           (err.revents & POLLOUT) != 0 &&
           write(STDERR_FILENO, line.ptr, line.len) == (ssize_t)line.len;
}

/* bytes: the rest of the line that began at file->line. */
static void drop_line(spbe_errlog_file_t *file, spbe_span_t bytes)
{
    char line[PIPE_BUF];
    size_t begun = file->len - file->line;
    int whole = bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\n' &&
                begun + bytes.len <= sizeof(line);

    if (whole) {
        memcpy(line, file->bytes + file->line, begun);
        memcpy(line + begun, bytes.ptr, bytes.len);
    }
    if (!whole || !say((spbe_span_t){line, begun + bytes.len})) {
        file->lost++;
    }
    file->left++;
    file->len = file->line;
}

static int ends_line(spbe_span_t bytes)
{
    return bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\n';
}

void spbe_errlog_file_add(spbe_errlog_file_t *file, spbe_span_t bytes)
{
    if (!file->dropping && make_room(file, bytes.len)) {
        memcpy(file->bytes + file->len, bytes.ptr, bytes.len);
        file->len += bytes.len;
        file->line = ends_line(bytes) ? file->len : file->line;
        return;
    }
    if (!file->dropping) {
        drop_line(file, bytes);
    }
    file->dropping = !ends_line(bytes);
}

size_t spbe_errlog_file_waiting(const spbe_errlog_file_t *file)
{
    return file->line;
}

/* ---- the file -------------------------------------------------------------
 */

static void take_file(spbe_errlog_file_t *file, int fd)
{
    struct stat st;

    if (file->fd != -1) {
        close(file->fd);
    }
    file->fd = fd;
    file->torn = 0;
    file->error = 0;
    if (fstat(fd, &st) == 0) {
        file->dev = st.st_dev;
        file->ino = st.st_ino;
    }
}

/* A file that cannot be opened again is written to under its old name. */
static void follow(spbe_errlog_file_t *file)
{
    spbe_errlog_ask_t ask = {.dev = file->dev, .ino = file->ino};
    spbe_errlog_answer_t answer;
    struct stat st;
    int fd = -1;

    if (file->socket != -1) {
        if (!spbe_errlog_request(file->socket, &ask, &answer, &fd)) {
            close(file->socket);
            file->socket = -1;
        }
        else if (fd == -1 && !answer.same && file->fd == -1) {
            file->error = answer.error;
        }
    }
    else if (stat(file->path, &st) == -1
                 ? errno == ENOENT
                 : st.st_ino != file->ino || st.st_dev != file->dev) {
        fd = spbe_errlog_open(file->path);
    }
    if (fd != -1) {
        take_file(file, fd);
    }
}

static size_t lines_of(spbe_span_t bytes)
{
    size_t i, n = 0;

    for (i = 0; i < bytes.len; i++) {
        n += bytes.ptr[i] == '\n';
    }
    return n;
}

static void forget(spbe_errlog_file_t *file, size_t n)
{
    file->left += lines_of((spbe_span_t){file->bytes, n});
    memmove(file->bytes, file->bytes + n, file->len - n);
    file->len -= n;
    file->line -= n;
}

static void fail(spbe_errlog_file_t *file, int error, apr_time_t now)
{
    char text[PIPE_BUF];
    int n;

    file->retry = now + RETRY;
    if (file->error != error) {
        n = apr_snprintf(text, sizeof(text),
                         "spbe-guardlog: error log %s: %s\n", file->path,
                         strerror(error));
        say((spbe_span_t){text, (size_t)n});
    }
    file->error = error;
}

/* 1 when it was written whole. */
static int put(spbe_errlog_file_t *file, spbe_span_t bytes, ssize_t *n)
{
    do {
        *n = write(file->fd, bytes.ptr, bytes.len);
    } while (*n == -1 && errno == EINTR);
    return *n == (ssize_t)bytes.len;
}

/* A line that stands half in the file is ended before it comes again. */
static int mend(spbe_errlog_file_t *file)
{
    ssize_t n;

    if (file->torn && put(file, SPBE_SPAN("\n"), &n)) {
        file->torn = 0;
    }
    return !file->torn;
}

/* A line that was cut will be written again. */
static size_t whole_lines(spbe_errlog_file_t *file, size_t n)
{
    file->torn = file->bytes[n - 1] != '\n';
    while (n > 0 && file->bytes[n - 1] != '\n') {
        n--;
    }
    return n;
}

static int put_lines(spbe_errlog_file_t *file)
{
    spbe_span_t lines = {file->bytes, file->line};
    ssize_t n;

    if (lines.len == 0) {
        return 1;
    }
    if (put(file, lines, &n)) {
        forget(file, lines.len);
        return 1;
    }
    if (n > 0) {
        forget(file, whole_lines(file, (size_t)n));
        errno = ENOSPC;
    }
    return 0;
}

/* In httpd's own layout, so that whoever reads the log reads it. */
static int put_loss(spbe_errlog_file_t *file)
{
    char text[256], when[APR_CTIME_LEN];
    ssize_t n;

    if (file->lost == 0) {
        return 1;
    }
    apr_ctime(when, apr_time_now());
    apr_snprintf(text, sizeof(text),
                 "[%s] [spbe_guard:error] [pid %ld] SG0050: %" APR_UINT64_T_FMT
                 " lines of this error log could not be written and are "
                 "lost\n",
                 when, (long)getpid(), file->lost);
    if (!put(file, spbe_span_from(text), &n)) {
        file->torn |= n > 0;
        return 0;
    }
    file->lost = 0;
    return 1;
}

static void give_up(spbe_errlog_file_t *file)
{
    spbe_span_t rest = {file->bytes, file->line};

    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);

        if (!say((spbe_span_t){line.ptr, (size_t)(rest.ptr - line.ptr)})) {
            file->lost++;
        }
        file->left++;
    }
    file->len = file->line = 0;
}

void spbe_errlog_file_write(spbe_errlog_file_t *file, apr_time_t now, int last)
{
    if (last && file->len > file->line) {
        /* What ends without a line end. */
        file->line = file->len;
    }
    follow(file);
    if (file->error != 0 && now < file->retry && !last) {
        return;
    }
    if (file->fd == -1) {
        fail(file, file->error != 0 ? file->error : EBADF, now);
    }
    else if (mend(file) && put_lines(file) && put_loss(file)) {
        file->error = 0;
    }
    else {
        fail(file, errno, now);
    }
    if (last) {
        give_up(file);
    }
}
