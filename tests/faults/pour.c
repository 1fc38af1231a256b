/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/pour.c - writes records as a child of httpd does. See pour.h.
 */
#include "pour.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <apr_strings.h>
#include "made.h"
#include "record/recipients.h"
#include "record/seal.h"
#include "record/writer.h"

typedef struct run {
    const pour_t *pour;
    spbe_writer_t *writer;
    spbe_sealer_t *sealer; /* NULL: details stay as they are */
    truth_writer_t *truth;
    apr_uint64_t made;
    apr_time_t until;
    apr_pool_t *pool;
} run_t;

/* Told by a signal handler. */
static volatile sig_atomic_t told_to_end;

static void end(int signal)
{
    told_to_end = 1;
}

static void count(truth_writer_t *truth, spbe_write_t what)
{
    __atomic_add_fetch(&truth->given, 1, __ATOMIC_SEQ_CST);
    switch (what) {
    case SPBE_WRITE_DONE:
        __atomic_add_fetch(&truth->piped, 1, __ATOMIC_SEQ_CST);
        break;
    case SPBE_WRITE_SPILLED:
        __atomic_add_fetch(&truth->spilled, 1, __ATOMIC_SEQ_CST);
        break;
    default:
        __atomic_add_fetch(&truth->lost, 1, __ATOMIC_SEQ_CST);
        break;
    }
}

static spbe_write_t write_one(run_t *run, const spbe_encoded_t *encoded,
                              apr_pool_t *pool)
{
    apr_time_t began = apr_time_now();
    spbe_written_t written;
    spbe_write_t what;

    __atomic_add_fetch(&run->truth->tried, 1, __ATOMIC_SEQ_CST);
    what = spbe_writer_write(run->writer, encoded, &written, pool);
    truth_longest(run->truth, apr_time_now() - began);
    count(run->truth, what);
    return what;
}

/* As httpd/sink.c: what opens the details goes out before them. */
static void write_record(run_t *run, apr_pool_t *pool)
{
    apr_uint64_t n = __atomic_add_fetch(&run->made, 1, __ATOMIC_SEQ_CST);
    spbe_encoded_t encoded =
        made_record(run->truth->name, n, run->pour->size, pool);
    spbe_encoded_t fresh = {0};

    if (run->sealer != NULL) {
        spbe_seal(run->sealer, &encoded, &fresh, apr_time_now(), pool);
    }
    if (fresh.id != NULL && write_one(run, &fresh, pool) != SPBE_WRITE_LOST) {
        spbe_sealer_announced(run->sealer, encoded.key);
    }
    write_one(run, &encoded, pool);
}

static void *write_records(void *data)
{
    run_t *run = data;
    const pour_t *pour = run->pour;
    apr_pool_t *pool;
    unsigned i;

    apr_pool_create(&pool, run->pool);
    for (i = 0; pour->records == 0 || i < pour->records; i++) {
        if (told_to_end || (run->until != 0 && apr_time_now() >= run->until)) {
            break;
        }
        write_record(run, pool);
        apr_pool_clear(pool);
        if (pour->rate > 0) {
            usleep(1000000 / pour->rate);
        }
    }
    return NULL;
}

static void run_threads(run_t *run)
{
    pthread_t threads[64];
    unsigned i;

    for (i = 1; i < run->pour->threads; i++) {
        pthread_create(&threads[i], NULL, write_records, run);
    }
    write_records(run);
    for (i = 1; i < run->pour->threads; i++) {
        pthread_join(threads[i], NULL);
    }
}

static spbe_sealer_t *make_sealer(const pour_t *pour, apr_pool_t *pool)
{
    apr_array_header_t *recipients;
    spbe_sealer_t *sealer;
    const char *why = "";

    if (spbe_recipients_read(pour->recipients, &recipients, &why, pool) !=
        SPBE_OK) {
        fprintf(stderr, "pourer: %s\n", why);
        exit(1);
    }
    sealer = spbe_sealer_create(recipients, "uji", pool);
    spbe_sealer_child(sealer);
    return sealer;
}

static spbe_writer_t *make_writer(const pour_t *pour, const char *name,
                                  apr_time_t now, apr_pool_t *pool)
{
    spbe_writer_options_t options = {
        .fd = pour->fd, .wait = (int)pour->wait, .name = name};

    options.slot =
        spbe_ledger_claim(pour->ledger, (apr_uint32_t)getpid(), name, now);
    options.spill =
        spbe_spill_create(pour->spill, name, &pour->truth->spill_used,
                          (apr_uint64_t)pour->limit << 20, pool);
    options.stuck = &pour->truth->stuck;
    if (options.slot == NULL || options.spill == NULL) {
        fprintf(stderr, "pourer: no place for one more writer\n");
        exit(1);
    }
    return spbe_writer_create(&options, pool);
}

int pour_run(const pour_t *pour)
{
    apr_time_t now = apr_time_now();
    run_t run = {.pour = pour};
    char node[65] = "";
    const char *name;

    signal(SIGTERM, end);
    signal(SIGPIPE, SIG_IGN);
    apr_pool_create(&run.pool, NULL);
    gethostname(node, sizeof(node) - 1);
    name =
        apr_psprintf(run.pool, "%s:%d:%" APR_TIME_T_FMT, node, getpid(), now);
    run.until = pour->seconds == 0 ? 0 : now + apr_time_from_sec(pour->seconds);
    run.truth = truth_add(pour->truth, name);
    if (run.truth == NULL) {
        fprintf(stderr, "pourer: more writers than can be counted\n");
        return 1;
    }
    run.truth->size = pour->size;
    run.truth->is_made = 1;
    run.writer = make_writer(pour, name, now, run.pool);
    if (pour->recipients != NULL) {
        run.sealer = make_sealer(pour, run.pool);
    }
    run_threads(&run);
    return !spbe_writer_end(run.writer, apr_time_from_sec(1));
}
