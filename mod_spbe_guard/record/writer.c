/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/writer.c - one process writes records. See writer.h.
 *
 * Time is that of the monotonic clock: a clock that is set back must hold
 * nobody.
 */
#include "record/writer.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <apr_strings.h>
#include <apr_thread_mutex.h>

#include "record/line.h"

#define STUCK apr_time_from_sec(1)
#define CLOSED 0x80000000u

struct spbe_writer {
    int fd, wait;
    const char *name;
    spbe_ledger_slot_t *slot, own_slot;
    spbe_spill_t *spill;
    apr_time_t *stuck, own_stuck;
    apr_uint32_t busy; /* threads within, and CLOSED */
    apr_uint32_t any_lost;
    apr_thread_mutex_t *mutex; /* of lost */
    spbe_writer_lost_t lost;
};

/* One record on its way. */
typedef struct passage {
    spbe_writer_t *writer;
    apr_time_t until; /* 0: has not waited yet */
    spbe_written_t *written;
} passage_t;

static apr_time_t now_steady(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

spbe_writer_t *spbe_writer_create(const spbe_writer_options_t *options,
                                  apr_pool_t *pool)
{
    spbe_writer_t *writer = apr_pcalloc(pool, sizeof(*writer));

    writer->fd = options->fd;
    writer->wait = options->wait;
    writer->name = apr_pstrdup(pool, options->name);
    writer->slot = options->slot != NULL ? options->slot : &writer->own_slot;
    writer->spill = options->spill;
    writer->stuck =
        options->stuck != NULL ? options->stuck : &writer->own_stuck;
    return apr_thread_mutex_create(&writer->mutex, APR_THREAD_MUTEX_DEFAULT,
                                   pool) == APR_SUCCESS
               ? writer
               : NULL;
}

static void add_one(apr_uint64_t *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* Somebody waited in vain less than a second ago. Of those who come later one
 * tries it for all. */
static int is_stuck(const spbe_writer_t *writer, apr_time_t now)
{
    apr_time_t since = __atomic_load_n(writer->stuck, __ATOMIC_RELAXED);

    if (since == 0) {
        return 0;
    }
    return now - since < STUCK ||
           !__atomic_compare_exchange_n(writer->stuck, &since, now, 0,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void set_stuck(const spbe_writer_t *writer, apr_time_t value)
{
    if (__atomic_load_n(writer->stuck, __ATOMIC_RELAXED) != value) {
        __atomic_store_n(writer->stuck, value, __ATOMIC_RELAXED);
    }
}

/* 1: try again. */
static int wait_for_room(passage_t *way)
{
    spbe_writer_t *writer = way->writer;
    struct pollfd room = {writer->fd, POLLOUT, 0};
    apr_time_t now = now_steady();

    if (way->until == 0) {
        if (is_stuck(writer, now)) {
            return 0;
        }
        way->until = now + (apr_time_t)writer->wait * 1000;
        way->written->waited = 1;
    }
    if (now < way->until) {
        poll(&room, 1, (int)((way->until - now + 999) / 1000));
        now = now_steady();
    }
    if (now >= way->until && !(room.revents & POLLOUT)) {
        set_stuck(writer, now);
        return 0;
    }
    return 1;
}

static apr_status_t write_line(passage_t *way, spbe_span_t line)
{
    ssize_t n;

    for (;;) {
        n = write(way->writer->fd, line.ptr, line.len);
        if (n == (ssize_t)line.len) {
            set_stuck(way->writer, 0);
            return APR_SUCCESS;
        }
        if (n >= 0) {
            return APR_ENOSPC;
        }
        if (errno != EINTR && errno != EAGAIN) {
            return errno;
        }
        if (errno == EAGAIN && !wait_for_room(way)) {
            return EAGAIN;
        }
    }
}

static void note_lost(spbe_writer_t *writer, const spbe_writer_lost_t *more)
{
    spbe_writer_lost_t *lost = &writer->lost;

    apr_thread_mutex_lock(writer->mutex);
    if (lost->n == 0 || more->from < lost->from) {
        lost->from = more->from;
    }
    if (lost->n == 0 || more->to > lost->to) {
        lost->to = more->to;
    }
    lost->n += more->n;
    __atomic_store_n(&writer->any_lost, 1, __ATOMIC_RELEASE);
    apr_thread_mutex_unlock(writer->mutex);
}

/* The lines that are left of a record. */
static spbe_write_t put_aside(passage_t *way, const spbe_span_t *lines, int n)
{
    spbe_writer_t *writer = way->writer;
    apr_uint64_t seq = way->written->seq;
    apr_status_t rv = writer->spill == NULL
                          ? way->written->error
                          : spbe_spill_add(writer->spill, lines, n);

    if (writer->spill != NULL && rv == APR_SUCCESS) {
        add_one(&writer->slot->spilled);
        return SPBE_WRITE_SPILLED;
    }
    way->written->error = rv;
    add_one(&writer->slot->lost);
    note_lost(writer, &(spbe_writer_lost_t){1, seq, seq});
    return SPBE_WRITE_LOST;
}

static spbe_write_t write_numbered(spbe_writer_t *writer,
                                   const spbe_encoded_t *encoded,
                                   spbe_written_t *written, apr_pool_t *scratch)
{
    passage_t way = {writer, 0, written};
    const apr_array_header_t *lines;
    const spbe_span_t *line;
    int i;

    lines = spbe_line_split(encoded, writer->name, written->seq, scratch);
    line = (const spbe_span_t *)lines->elts;
    for (i = 0; i < lines->nelts; i++) {
        written->error = writer->fd < 0 ? EBADF : write_line(&way, line[i]);
        if (written->error != APR_SUCCESS) {
            return put_aside(&way, line + i, lines->nelts - i);
        }
    }
    add_one(&writer->slot->written);
    return SPBE_WRITE_DONE;
}

static void leave(spbe_writer_t *writer)
{
    __atomic_sub_fetch(&writer->busy, 1, __ATOMIC_RELEASE);
}

spbe_write_t spbe_writer_write(spbe_writer_t *writer,
                               const spbe_encoded_t *encoded,
                               spbe_written_t *written, apr_pool_t *scratch)
{
    spbe_write_t what;

    *written = (spbe_written_t){0, 0, APR_SUCCESS};
    if (__atomic_add_fetch(&writer->busy, 1, __ATOMIC_ACQ_REL) & CLOSED) {
        leave(writer);
        written->error = EBADF;
        return SPBE_WRITE_CLOSED;
    }
    written->seq =
        __atomic_add_fetch(&writer->slot->given, 1, __ATOMIC_RELAXED);
    what = write_numbered(writer, encoded, written, scratch);
    leave(writer);
    return what;
}

int spbe_writer_take_lost(spbe_writer_t *writer, spbe_writer_lost_t *lost)
{
    if (__atomic_load_n(&writer->any_lost, __ATOMIC_ACQUIRE) == 0) {
        return 0;
    }
    apr_thread_mutex_lock(writer->mutex);
    *lost = writer->lost;
    writer->lost = (spbe_writer_lost_t){0, 0, 0};
    __atomic_store_n(&writer->any_lost, 0, __ATOMIC_RELEASE);
    apr_thread_mutex_unlock(writer->mutex);
    return lost->n > 0;
}

void spbe_writer_put_lost(spbe_writer_t *writer, const spbe_writer_lost_t *lost)
{
    note_lost(writer, lost);
}

int spbe_writer_end(spbe_writer_t *writer, apr_interval_time_t patience)
{
    apr_time_t until = now_steady() + patience;

    __atomic_or_fetch(&writer->busy, CLOSED, __ATOMIC_ACQ_REL);
    while ((__atomic_load_n(&writer->busy, __ATOMIC_ACQUIRE) & ~CLOSED) != 0) {
        if (now_steady() >= until) {
            return 0;
        }
        usleep(1000);
    }
    if (writer->spill != NULL) {
        spbe_spill_close(writer->spill);
    }
    spbe_ledger_end(writer->slot);
    return 1;
}
