/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/main.c - spbe-guardlog: reads records from httpd's pipe until its end
 * and keeps them.
 *
 * httpd sends SIGTERM to piped programs at every restart while its children
 * still write, so signals end nothing: only the end of the pipe does. The
 * archive comes before the index; trouble with the index delays it and
 * nothing else.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_general.h>
#include "store/intake.h"
#include "logger/shelf.h"
#include "logger/state.h"
#include "text/version.h"

#define DEFAULT_HOME "/var/lib/spbe-guard"
#define BATCH_LINES 100
#define BATCH_TIME apr_time_from_msec(200)
#define PATIENCE apr_time_from_sec(5)
#define STATE_TIME apr_time_from_sec(5)
#define CHECK_TIME apr_time_from_sec(1)
#define READ_SIZE (64 * 1024)

static const char usage[] =
    "Usage: spbe-guardlog [--home DIR]\n"
    "\n"
    "Reads records from standard input until its end and keeps them in DIR\n"
    "(archive.jsonl, guard.db, state.json). Started by httpd:\n"
    "\n"
    "    SpbeGuardLog \"|/usr/sbin/spbe-guardlog --home /var/lib/spbe-guard\"\n"
    "\n"
    "  --home DIR   where to keep them (default " DEFAULT_HOME ")\n"
    "  --help       this text\n"
    "  --version    the version\n";

typedef struct logger {
    spbe_intake_t *intake;
    spbe_shelf_t shelf;
    spbe_state_t state;
    apr_time_t unindexed_since; /* 0: nothing new for the index */
    apr_uint64_t indexed_lines;
    apr_time_t next_state, next_check;
    apr_pool_t *scratch;
} logger_t;

/* -1: go on; else the exit code. */
static int read_options(int argc, char **argv, const char **home)
{
    int i;

    *home = DEFAULT_HOME;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("spbe-guardlog " SPBE_VERSION);
            return 0;
        }
        if (strncmp(argv[i], "--home=", 7) == 0) {
            *home = argv[i] + 7;
        }
        else if (strcmp(argv[i], "--home") == 0 && i + 1 < argc) {
            *home = argv[++i];
        }
        else {
            fprintf(stderr, "spbe-guardlog: %s is not known\n\n%s", argv[i],
                    usage);
            return 2;
        }
    }
    return -1;
}

static void ignore_signals(void)
{
    static const int signals[] = {SIGTERM, SIGHUP,  SIGINT,
                                  SIGPIPE, SIGUSR1, SIGQUIT};
    size_t i;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_IGN);
    }
}

/* What to wait for: milliseconds until something is due. */
static int wait_time(const logger_t *logger)
{
    apr_time_t now = apr_time_now(), due = logger->next_check;

    if (logger->unindexed_since != 0 &&
        logger->unindexed_since + BATCH_TIME < due) {
        due = logger->unindexed_since + BATCH_TIME;
    }
    return due <= now ? 0 : (int)apr_time_as_msec(due - now) + 1;
}

/* 0 at the end of the pipe. */
static int read_some(logger_t *logger)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char bytes[READ_SIZE];
    ssize_t n;

    if (poll(&in, 1, wait_time(logger)) <= 0) {
        return 1;
    }
    n = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (n == -1) {
        return errno == EINTR || errno == EAGAIN;
    }
    spbe_intake_feed(logger->intake, (spbe_span_t){bytes, (size_t)n});
    if (n > 0 && logger->unindexed_since == 0) {
        logger->unindexed_since = apr_time_now();
    }
    return n > 0;
}

static void index_now(logger_t *logger, apr_time_t patience)
{
    int more = spbe_shelf_index(&logger->shelf, patience);

    logger->indexed_lines = spbe_intake_counts(logger->intake).lines;
    /* What is left is due at once, after a look at the pipe. */
    logger->unindexed_since = more ? apr_time_now() - BATCH_TIME : 0;
}

static int is_index_due(const logger_t *logger, apr_time_t now)
{
    apr_uint64_t lines = spbe_intake_counts(logger->intake).lines;

    return logger->unindexed_since != 0 &&
           (lines - logger->indexed_lines >= BATCH_LINES ||
            now - logger->unindexed_since >= BATCH_TIME);
}

/* Once a second the index is looked at even when nothing came: unfinished
 * records are given up then, and a database that was down is caught up. */
static void check_all(logger_t *logger, apr_time_t now)
{
    logger->next_check = now + CHECK_TIME;
    spbe_shelf_check(&logger->shelf);
    spbe_shelf_keep(&logger->shelf, logger->intake);
    index_now(logger, now - PATIENCE);
    if (now >= logger->next_state) {
        logger->next_state = now + STATE_TIME;
        spbe_state_write(&logger->state, &logger->shelf, logger->intake,
                         logger->scratch);
    }
    apr_pool_clear(logger->scratch);
}

static void run(logger_t *logger)
{
    while (read_some(logger)) {
        apr_time_t now = apr_time_now();

        spbe_shelf_keep(&logger->shelf, logger->intake);
        if (is_index_due(logger, now)) {
            index_now(logger, now - PATIENCE);
        }
        if (now >= logger->next_check) {
            check_all(logger, now);
        }
    }
}

/* The end of the pipe: everything that is still unfinished stays so. */
static void finish(logger_t *logger)
{
    spbe_intake_end(logger->intake);
    logger->shelf.archive_retry = logger->shelf.database_retry = 0;
    spbe_shelf_keep(&logger->shelf, logger->intake);
    do {
        index_now(logger, apr_time_now() + 1);
    } while (logger->unindexed_since != 0);
    logger->state.stopping = 1;
    spbe_state_write(&logger->state, &logger->shelf, logger->intake,
                     logger->scratch);
}

int main(int argc, char **argv)
{
    logger_t logger = {0};
    spbe_intake_counts_t counts;
    apr_pool_t *pool;
    const char *home;
    int code = read_options(argc, argv, &home);

    if (code >= 0) {
        return code;
    }
    ignore_signals();
    umask(027);
    if (apr_initialize() != APR_SUCCESS ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        fputs("spbe-guardlog: cannot start: out of memory\n", stderr);
        return 1;
    }
    apr_pool_create(&logger.scratch, pool);
    logger.intake = spbe_intake_create(pool);
    spbe_state_init(&logger.state);
    spbe_shelf_init(&logger.shelf, home, pool);
    run(&logger);
    finish(&logger);
    counts = spbe_intake_counts(logger.intake);
    apr_pool_destroy(pool);
    return counts.lost > 0 || counts.waiting > 0;
}
