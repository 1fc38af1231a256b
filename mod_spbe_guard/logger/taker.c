/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/taker.c - the process that takes records in. See taker.h.
 */
#include "logger/taker.h"

#include <unistd.h>
#include <apr_strings.h>
#include <openssl/sha.h>
#include "logger/keeper.h"
#include "logger/sandbox.h"
#include "logger/taker_int.h"

#define TICK apr_time_from_sec(1)
/* The pipe has ended and the archive cannot be written: so long it is tried. */
#define LAST_TRIES apr_time_from_sec(5)
/* Milliseconds between looks while nothing can be done. */
#define IDLE 50

static int until(apr_time_t due)
{
    apr_time_t now = apr_time_now();

    return due <= now ? 0 : (int)apr_time_as_msec(due - now) + 1;
}

static void fail(spbe_taker_t *taker, apr_status_t rv)
{
    char reason[160];

    apr_snprintf(taker->pipe_error, sizeof(taker->pipe_error),
                 "the pipe cannot be read: %s",
                 apr_strerror(rv, reason, sizeof(reason)));
    usleep(IDLE * 1000);
}

/* One group from the pipe: consumed when it is in the archive. */
static void take_pipe(spbe_taker_t *taker)
{
    spbe_span_t bytes;
    apr_status_t rv;
    int last;
    size_t n;

    rv = spbe_pipe_peek(taker->pipe, &bytes, &last);
    if (rv != APR_SUCCESS) {
        fail(taker, rv);
        return;
    }
    n = spbe_intake_take(taker->intake, SPBE_INTAKE_PIPE, bytes, last);
    if (n > 0 && !spbe_shelf_commit(&taker->shelf, taker->intake)) {
        return;
    }
    rv = spbe_pipe_consume(taker->pipe, n);
    if (rv != APR_SUCCESS) {
        fail(taker, rv);
    }
    if (n > 0) {
        taker->pipe_error[0] = '\0';
        spbe_share_wake(taker->share);
    }
    taker->at_end = last && n == bytes.len;
}

/* What nobody else will take, and the archive cannot, goes to the spill folder
 * of which the next logger takes it. */
static void save_rest(spbe_taker_t *taker)
{
    spbe_span_t bytes;
    int last = 0;

    while (!last && spbe_pipe_peek(taker->pipe, &bytes, &last) == APR_SUCCESS) {
        if (bytes.len == 0) {
            continue;
        }
        if (spbe_spilled_save(taker->spilled, bytes) != APR_SUCCESS ||
            spbe_pipe_consume(taker->pipe, bytes.len) != APR_SUCCESS) {
            taker->lost = 1;
            break;
        }
    }
    taker->at_end = 1;
}

/* Nothing can be written now. */
static void wait_for_archive(spbe_taker_t *taker, apr_time_t now)
{
    if (!spbe_pipe_is_alone(taker->pipe)) {
        taker->alone = 0;
    }
    else if (taker->alone == 0) {
        taker->alone = now;
    }
    else if (now - taker->alone > LAST_TRIES) {
        save_rest(taker);
        return;
    }
    usleep(IDLE * 1000);
}

/* A group of counts is about as long as one of a single record: the more
 * comes together, the less is written. */
static void gather(const spbe_taker_t *taker)
{
    while (taker->disk.stage >= SPBE_DISK_COUNTS &&
           apr_time_now() < taker->next &&
           spbe_pipe_waiting(taker->pipe) < SPBE_PIPE_SIZE / 2) {
        usleep(IDLE * 1000);
    }
}

static void work(spbe_taker_t *taker)
{
    int more = spbe_duties_more(taker);

    gather(taker);
    spbe_pipe_wait(taker->pipe, more ? 0 : until(taker->next));
    take_pipe(taker);
}

/* Records are kept all the same: an alarm is better than none of them. */
static void confine(spbe_taker_t *taker)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    const char *why;

    /* OpenSSL reads its settings once, at its first use. */
    SHA256((const unsigned char *)"", 0, hash);
    why = spbe_sandbox_intake();
    if (why != NULL) {
        spbe_trouble_begin(&taker->facts.sandbox, why);
    }
}

int spbe_taker_run(const spbe_options_t *options, spbe_share_t *share,
                   spbe_ledger_t *ledger, spbe_ledger_t *old, apr_pool_t *pool)
{
    spbe_taker_t *taker = spbe_duties_begin(options, share, ledger, old, pool);

    if (taker == NULL) {
        return SPBE_KEEPER_AGAIN;
    }
    confine(taker);
    while (!taker->at_end) {
        apr_time_t now = apr_time_now();

        if (spbe_shelf_ready(&taker->shelf, now)) {
            work(taker);
        }
        else {
            wait_for_archive(taker, now);
        }
        if (apr_time_now() >= taker->next) {
            taker->next = apr_time_now() + TICK;
            spbe_duties_pass(taker);
        }
    }
    spbe_duties_end(taker);
    return taker->lost ? SPBE_KEEPER_LOST : SPBE_KEEPER_DONE;
}
