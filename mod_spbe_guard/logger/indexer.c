/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/indexer.c - the process that keeps the database up to date. See
 * indexer.h.
 */
#include "logger/indexer.h"

#include <poll.h>
#include <stdint.h>
#include <unistd.h>
#include <apr_strings.h>

#define BATCH 200
/* So many entries come together before the first of them is indexed. */
#define GATHER 100
#define CHECK 1000
#define PATIENCE apr_time_from_sec(5)
#define RETRY apr_time_from_msec(500)
#define RETRY_MOST apr_time_from_sec(8)

typedef struct indexer {
    const spbe_options_t *options;
    spbe_share_t *share;
    spbe_share_index_t facts;
    spbe_archive_t *archive; /* NULL while there is none */
    apr_pool_t *archive_pool;
    spbe_database_t *database; /* NULL while there is none */
    apr_pool_t *database_pool;
    spbe_index_t *index; /* NULL unless both are there */
    apr_time_t retry;    /* not before */
    apr_interval_time_t pause;
} indexer_t;

static void drop_database(indexer_t *indexer)
{
    indexer->index = NULL;
    indexer->database = NULL;
    apr_pool_clear(indexer->database_pool);
}

static void drop_archive(indexer_t *indexer)
{
    drop_database(indexer);
    indexer->archive = NULL;
    apr_pool_clear(indexer->archive_pool);
}

/* Twice as long each time, so that a server that comes back is not met by
 * everybody at once for long. */
static void wait_before_retry(indexer_t *indexer)
{
    indexer->pause = indexer->pause == 0 ? RETRY : indexer->pause * 2;
    if (indexer->pause > RETRY_MOST) {
        indexer->pause = RETRY_MOST;
    }
    indexer->retry = apr_time_now() + indexer->pause;
}

static void failed(indexer_t *indexer)
{
    spbe_trouble_begin(&indexer->facts.database,
                       spbe_database_error(indexer->database));
    drop_database(indexer);
    wait_before_retry(indexer);
}

/* There is none before intake has made it: that is no trouble. */
static void open_archive(indexer_t *indexer)
{
    if (indexer->archive == NULL &&
        spbe_archive_open(&indexer->archive, indexer->options->home,
                          SPBE_ARCHIVE_READ,
                          indexer->archive_pool) != APR_SUCCESS) {
        drop_archive(indexer);
    }
}

static void open_database(indexer_t *indexer)
{
    if (indexer->archive == NULL || indexer->index != NULL ||
        apr_time_now() < indexer->retry) {
        return;
    }
    if (spbe_database_open(&indexer->database, indexer->options->home,
                           indexer->options->database, SPBE_DATABASE_WRITE,
                           indexer->database_pool) != APR_SUCCESS) {
        failed(indexer);
        return;
    }
    indexer->index = spbe_index_create(indexer->archive, indexer->database,
                                       indexer->database_pool);
}

static void tell(indexer_t *indexer)
{
    indexer->facts.beat = apr_time_now();
    spbe_share_put_index(indexer->share, &indexer->facts);
}

/* It takes everything, and yet something may be wrong with what it had. */
static void note_trouble(indexer_t *indexer)
{
    const char *trouble = spbe_database_trouble(indexer->database);

    if (trouble != NULL && trouble[0] != '\0') {
        spbe_trouble_begin(&indexer->facts.database, trouble);
    }
    else {
        spbe_trouble_end(&indexer->facts.database);
    }
}

/* One batch; 1: more is left. */
static int index_some(indexer_t *indexer, apr_time_t patience)
{
    int more = 0;

    open_archive(indexer);
    open_database(indexer);
    if (indexer->index == NULL) {
        return 0;
    }
    if (spbe_index_follow(indexer->index, BATCH, patience, &more,
                          &indexer->facts.counts) != APR_SUCCESS) {
        failed(indexer);
        return 0;
    }
    indexer->facts.position = spbe_index_position(indexer->index);
    indexer->pause = 0;
    note_trouble(indexer);
    return more;
}

static void check_files(indexer_t *indexer)
{
    if (indexer->archive != NULL && spbe_archive_gone(indexer->archive)) {
        drop_archive(indexer);
    }
    if (indexer->index != NULL && spbe_database_gone(indexer->database)) {
        drop_database(indexer);
    }
}

/* Until something was appended, or a second has gone. */
static void wait_for_more(const indexer_t *indexer)
{
    struct pollfd in = {.fd = indexer->share->wake, .events = POLLIN};
    uint64_t count;

    if (poll(&in, 1, CHECK) > 0 &&
        read(indexer->share->wake, &count, sizeof(count)) > 0) {
        poll(NULL, 0, GATHER);
    }
}

static int has_ended(const indexer_t *indexer)
{
    spbe_share_keeper_t keeper;

    spbe_share_get_keeper(indexer->share, &keeper);
    return keeper.ended;
}

/* Everything, and what is unfinished then stays so. 0: not yet. */
static int finish(indexer_t *indexer)
{
    while (index_some(indexer, apr_time_now() + 1)) {
        tell(indexer);
    }
    tell(indexer);
    return indexer->index != NULL;
}

int spbe_indexer_run(const spbe_options_t *options, spbe_share_t *share,
                     apr_pool_t *pool)
{
    indexer_t indexer = {.options = options, .share = share};

    spbe_share_get_index(share, &indexer.facts);
    indexer.facts.pid = getpid();
    indexer.facts.database.what = "database";
    apr_pool_create(&indexer.archive_pool, pool);
    apr_pool_create(&indexer.database_pool, pool);
    for (;;) {
        int ended = has_ended(&indexer);

        while (index_some(&indexer, apr_time_now() - PATIENCE)) {
            tell(&indexer);
        }
        tell(&indexer);
        if (ended && finish(&indexer)) {
            return 0;
        }
        wait_for_more(&indexer);
        check_files(&indexer);
    }
}
