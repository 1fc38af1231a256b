/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/ledgerwatch.c - writes down what a ledger says of each writer for
 * as long as it runs, for reckon: slots are given back when they are settled,
 * and a new parent begins a new ledger.
 *
 * ledgerwatch RUN-FOLDER TRUTH: until SIGTERM.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "../faults/truth.h"

#define TICK 3000 /* microseconds */

typedef struct watch {
    const char *dir;
    truth_t *truth;
    spbe_ledger_t *ledger; /* NULL while there is none */
    ino_t inode;
    apr_pool_t *pool; /* of ledger */
} watch_t;

/* Told by a signal handler. */
static volatile sig_atomic_t told_to_end;

static void end(int signal)
{
    told_to_end = 1;
}

static truth_writer_t *writer_of(truth_t *truth, const char *name)
{
    apr_uint32_t i;

    for (i = 0; i < truth->writers; i++) {
        if (strcmp(truth->writer[i].name, name) == 0) {
            return &truth->writer[i];
        }
    }
    return truth_add(truth, name);
}

static void take_slot(truth_t *truth, const spbe_ledger_slot_t *slot)
{
    apr_uint64_t given = __atomic_load_n(&slot->given, __ATOMIC_ACQUIRE);
    char name[SPBE_LEDGER_WRITER];
    truth_writer_t *writer;

    spbe_ledger_name(slot, name);
    if (spbe_ledger_state(slot) == SPBE_LEDGER_FREE || name[0] == '\0') {
        return;
    }
    writer = writer_of(truth, name);
    if (writer != NULL && given > writer->given) {
        writer->tried = writer->given = given;
    }
    if (writer != NULL) {
        writer->piped = slot->written;
        writer->spilled = slot->spilled;
        writer->lost = slot->lost;
    }
}

static void take_all(const watch_t *watch)
{
    apr_uint32_t i;

    for (i = 0; watch->ledger != NULL && i < watch->ledger->slots; i++) {
        take_slot(watch->truth, &watch->ledger->slot[i]);
    }
}

/* The last look at the old one comes before the new one is taken. */
static void follow(watch_t *watch, const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0 ||
        (watch->ledger != NULL && info.st_ino == watch->inode)) {
        return;
    }
    take_all(watch);
    apr_pool_clear(watch->pool);
    watch->inode = info.st_ino;
    if (spbe_ledger_open(&watch->ledger, watch->dir, watch->pool) !=
        APR_SUCCESS) {
        watch->ledger = NULL;
    }
}

int main(int argc, char **argv)
{
    watch_t watch = {0};
    const char *path;
    apr_pool_t *pool;

    if (argc != 3) {
        fprintf(stderr, "ledgerwatch RUN-FOLDER TRUTH\n");
        return 2;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    apr_pool_create(&watch.pool, pool);
    watch.dir = argv[1];
    watch.truth = truth_open(argv[2]);
    path = apr_pstrcat(pool, argv[1], "/" SPBE_LEDGER_FILE, NULL);
    if (watch.truth == NULL) {
        perror(argv[2]);
        return 2;
    }
    signal(SIGTERM, end);
    while (!told_to_end) {
        follow(&watch, path);
        take_all(&watch);
        usleep(TICK);
    }
    take_all(&watch);
    return 0;
}
