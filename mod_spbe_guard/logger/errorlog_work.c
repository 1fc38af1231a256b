/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_work.c - reads httpd's error log and writes it again,
 * filtered. See errorlog_work.h.
 */
#include "logger/errorlog_work.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "logger/errorlog_file.h"

#define READ_SIZE (64 * 1024)
#define LOOK apr_time_from_sec(1)
#define REST_OF_LINE 50 /* ms */

typedef struct work {
    spbe_errlog_file_t file;
    spbe_errfilter_t *filter;
    spbe_errlog_shared_t *shared;
    spbe_errlog_keep_t *keep; /* NULL: nobody */
    int socket;               /* -1: dismissed */
    int skip; /* what comes is the end of a line that another had */
    char bytes[READ_SIZE];
} work_t;

static void add(void *baton, spbe_span_t bytes)
{
    spbe_errlog_file_add(baton, bytes);
}

static int is_hurried(const work_t *work)
{
    return __atomic_load_n(&work->shared->hurry, __ATOMIC_SEQ_CST);
}

static int wait_time(const work_t *work, apr_time_t now)
{
    apr_time_t due = spbe_errfilter_next(work->filter);
    apr_time_t until = due != 0 && due < now + LOOK ? due : now + LOOK;

    if (is_hurried(work) || work->file.error != 0) {
        until = now + apr_time_from_msec(20);
    }
    return until <= now ? 0 : (int)apr_time_as_msec(until - now) + 1;
}

static size_t lines_in(spbe_span_t bytes)
{
    size_t i, n = 0;

    for (i = 0; i < bytes.len; i++) {
        n += bytes.ptr[i] == '\n';
    }
    return n;
}

static void count(spbe_errlog_shared_t *shared, spbe_span_t bytes)
{
    shared->taken += lines_in(bytes);
    if (bytes.len > 0) {
        shared->cut = bytes.ptr[bytes.len - 1] != '\n';
    }
}

void spbe_errlog_discard(spbe_errlog_shared_t *shared)
{
    char bytes[READ_SIZE];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

    if (n > 0) {
        count(shared, (spbe_span_t){bytes, (size_t)n});
    }
}

/* The end of a line says nothing about whether the line leaks. */
static spbe_span_t skip_rest(work_t *work, spbe_span_t bytes)
{
    size_t end = work->skip ? spbe_span_chr(bytes, '\n') : 0;

    if (!work->skip || bytes.len == 0) {
        return bytes;
    }
    if (end == SPBE_NPOS) {
        return spbe_span_slice(bytes, bytes.len, bytes.len);
    }
    work->skip = 0;
    work->file.lost++;
    work->file.left++;
    return spbe_span_slice(bytes, end + 1, bytes.len);
}

/* 0 at the end. */
static int take(work_t *work, size_t most)
{
    spbe_span_t bytes = {work->bytes, 0};
    ssize_t n = read(STDIN_FILENO, work->bytes, most);

    if (n == -1) {
        return errno == EINTR || errno == EAGAIN;
    }
    bytes.len = (size_t)n;
    count(work->shared, bytes);
    spbe_errfilter_feed(work->filter, skip_rest(work, bytes), apr_time_now());
    return n > 0;
}

/* Whoever comes next begins with a line. */
static void finish_line(work_t *work)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    size_t i;

    for (i = 0; i < READ_SIZE && work->shared->cut; i++) {
        if (poll(&in, 1, REST_OF_LINE) <= 0 || !take(work, 1)) {
            return;
        }
    }
}

/* 0 at the end, and when another will read. */
static int read_some(work_t *work)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = work->socket}};

    if (poll(fds, 2, wait_time(work, apr_time_now())) <= 0) {
        return 1;
    }
    __atomic_store_n(&work->shared->idle, 0, __ATOMIC_SEQ_CST);
    if (fds[1].revents != 0) {
        work->socket = -1;
        if (!__atomic_load_n(&work->shared->dismissed, __ATOMIC_SEQ_CST)) {
            finish_line(work);
            return 0;
        }
    }
    return fds[0].revents == 0 || take(work, sizeof(work->bytes));
}

static void tell(work_t *work)
{
    int idle = spbe_errfilter_next(work->filter) == 0 &&
               spbe_errlog_file_waiting(&work->file) == 0;

    work->shared->left = work->file.left;
    __atomic_store_n(&work->shared->idle, idle, __ATOMIC_SEQ_CST);
}

static void decide(work_t *work, apr_time_t now)
{
    if (is_hurried(work)) {
        now += SPBE_ERRFILTER_LONGEST;
    }
    spbe_errfilter_due(work->filter, now);
}

static void keep_texts(work_t *work, spbe_errlog_keep_t *keep)
{
    spbe_errfilter_keep_t calls;

    if (keep != NULL) {
        spbe_errlog_keep_start(keep);
        calls = spbe_errlog_keep_of(keep);
        spbe_errfilter_set_keep(work->filter, &calls);
    }
    work->keep = keep;
}

static void run(work_t *work)
{
    int more = 1;

    while (more) {
        more = read_some(work);
        decide(work, apr_time_now());
        spbe_errlog_file_write(&work->file, apr_time_now(), 0);
        if (work->keep != NULL) {
            spbe_errlog_keep_tick(work->keep, apr_time_now());
        }
        tell(work);
    }
    spbe_errfilter_end(work->filter, apr_time_now());
    if (work->keep != NULL) {
        spbe_errlog_keep_end(work->keep);
    }
}

void spbe_errlog_work(const spbe_errlog_job_t *job, apr_pool_t *pool)
{
    work_t *work = calloc(1, sizeof(*work));

    if (work == NULL) {
        _exit(1);
    }
    work->shared = job->shared;
    work->socket = job->socket;
    work->skip = job->shared->cut;
    spbe_errlog_file_init(&work->file, job->path, job->socket);
    work->file.left = job->shared->left;
    /* What another had read that broke down. */
    if (job->shared->taken > job->shared->left) {
        work->file.lost = job->shared->taken - job->shared->left;
        work->file.left = job->shared->left = job->shared->taken;
    }
    work->filter = spbe_errfilter_create(job->rules, add, &work->file, pool);
    if (work->filter == NULL) {
        _exit(1);
    }
    keep_texts(work, job->keep);
    spbe_errlog_file_write(&work->file, apr_time_now(), 0);
    run(work);
    spbe_errlog_file_write(&work->file, apr_time_now(), 1);
}
