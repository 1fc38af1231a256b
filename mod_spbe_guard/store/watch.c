/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/watch.c - ends a conversation with a server that does not answer. See
 * watch.h.
 */
#include "store/watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>

struct spbe_watch {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct timespec deadline;
    int armed, ended, fired;
    int fd;
    pid_t owner;
};

static int is_over(const struct timespec *deadline)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline->tv_sec ||
           (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

static void look(spbe_watch_t *watch)
{
    struct timespec deadline = watch->deadline;

    if (!watch->armed) {
        pthread_cond_wait(&watch->changed, &watch->mutex);
        return;
    }
    if (is_over(&deadline)) {
        watch->armed = 0;
        watch->fired = 1;
        shutdown(watch->fd, SHUT_RDWR);
        return;
    }
    pthread_cond_timedwait(&watch->changed, &watch->mutex, &deadline);
}

static void *run(void *data)
{
    spbe_watch_t *watch = data;

    pthread_mutex_lock(&watch->mutex);
    while (!watch->ended) {
        look(watch);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

static apr_status_t finish(void *data)
{
    spbe_watch_t *watch = data;

    /* In a forked process there is no such thread. */
    if (watch->owner != getpid()) {
        return APR_SUCCESS;
    }
    pthread_mutex_lock(&watch->mutex);
    watch->ended = 1;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->mutex);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->mutex);
    return APR_SUCCESS;
}

/* Signals are for the threads that the program knows of. */
static int start(spbe_watch_t *watch)
{
    sigset_t all, before;
    int rv;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rv = pthread_create(&watch->thread, NULL, run, watch);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rv == 0;
}

spbe_watch_t *spbe_watch_create(int fd, apr_pool_t *pool)
{
    spbe_watch_t *watch = apr_pcalloc(pool, sizeof(*watch));
    pthread_condattr_t clock;

    watch->fd = fd;
    watch->owner = getpid();
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->changed, &clock);
    pthread_condattr_destroy(&clock);
    if (!start(watch)) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, watch, finish, apr_pool_cleanup_null);
    return watch;
}

void spbe_watch_begin(spbe_watch_t *watch, apr_interval_time_t limit)
{
    if (watch == NULL) {
        return;
    }
    pthread_mutex_lock(&watch->mutex);
    clock_gettime(CLOCK_MONOTONIC, &watch->deadline);
    watch->deadline.tv_sec += (time_t)apr_time_sec(limit);
    watch->armed = 1;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->mutex);
}

int spbe_watch_end(spbe_watch_t *watch)
{
    int fired;

    if (watch == NULL) {
        return 0;
    }
    pthread_mutex_lock(&watch->mutex);
    watch->armed = 0;
    fired = watch->fired;
    pthread_mutex_unlock(&watch->mutex);
    return fired;
}
