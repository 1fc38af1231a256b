/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/shelf.c - the archive and the index that the logger writes. See
 * shelf.h.
 */
#include "logger/shelf.h"

#include <stdio.h>
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <sys/stat.h>

#define RETRY apr_time_from_sec(1)
#define BATCH 200

static void begin_trouble(spbe_trouble_t *trouble, const char *what,
                          apr_status_t rv)
{
    char text[256], reason[160];

    apr_strerror(rv, reason, sizeof(reason));
    apr_snprintf(text, sizeof(text), "%s: %s", what,
                 APR_STATUS_IS_EBUSY(rv) || rv == APR_EBUSY
                     ? "another spbe-guardlog writes there"
                     : reason);
    spbe_trouble_begin(trouble, text);
}

static void drop_index(spbe_shelf_t *shelf)
{
    shelf->index = NULL;
    if (shelf->database != NULL) {
        apr_pool_clear(shelf->database_pool);
        shelf->database = NULL;
    }
}

static void drop_archive(spbe_shelf_t *shelf)
{
    drop_index(shelf);
    if (shelf->archive != NULL) {
        apr_pool_clear(shelf->archive_pool);
        shelf->archive = NULL;
    }
}

/* The folder belongs to the logger; the group may look into it. */
static apr_status_t make_dir(const char *dir, apr_pool_t *pool)
{
    apr_status_t rv = apr_dir_make(dir, APR_FPROT_OS_DEFAULT, pool);

    if (APR_STATUS_IS_EEXIST(rv)) {
        return APR_SUCCESS;
    }
    if (APR_STATUS_IS_ENOENT(rv)) {
        rv = apr_dir_make_recursive(dir, APR_FPROT_OS_DEFAULT, pool);
    }
    if (rv == APR_SUCCESS && chmod(dir, 02750) == -1) {
        return APR_FROM_OS_ERROR(apr_get_os_error());
    }
    return rv;
}

static void open_archive(spbe_shelf_t *shelf)
{
    apr_time_t now = apr_time_now();
    apr_status_t rv;

    if (shelf->archive != NULL || now < shelf->archive_retry) {
        return;
    }
    shelf->archive_retry = now + RETRY;
    apr_pool_clear(shelf->archive_pool);
    rv = make_dir(shelf->dir, shelf->archive_pool);
    if (rv == APR_SUCCESS) {
        rv = spbe_archive_open(&shelf->archive, shelf->dir, SPBE_ARCHIVE_WRITE,
                               shelf->archive_pool);
    }
    if (rv != APR_SUCCESS) {
        begin_trouble(&shelf->archive_trouble, shelf->dir, rv);
        return;
    }
    if (spbe_archive_torn(shelf->archive) > 0) {
        shelf->torn += spbe_archive_torn(shelf->archive);
        fprintf(stderr,
                "spbe-guardlog: archive: the last entry was torn by a crash "
                "(%" APR_UINT64_T_FMT " bytes); put aside\n",
                spbe_archive_torn(shelf->archive));
    }
}

static void open_database(spbe_shelf_t *shelf)
{
    apr_time_t now = apr_time_now();
    apr_status_t rv;

    if (shelf->archive == NULL || shelf->index != NULL ||
        now < shelf->database_retry) {
        return;
    }
    shelf->database_retry = now + RETRY;
    drop_index(shelf);
    rv = spbe_database_open(&shelf->database, shelf->dir, NULL,
                            SPBE_DATABASE_WRITE, shelf->database_pool);
    if (rv != APR_SUCCESS) {
        spbe_trouble_begin(&shelf->database_trouble,
                           spbe_database_error(shelf->database));
        drop_index(shelf);
        return;
    }
    shelf->index = spbe_index_create(shelf->archive, shelf->database,
                                     shelf->database_pool);
}

void spbe_shelf_init(spbe_shelf_t *shelf, const char *dir, apr_pool_t *pool)
{
    *shelf = (spbe_shelf_t){.dir = dir,
                            .pool = pool,
                            .archive_trouble = {.what = "archive"},
                            .database_trouble = {.what = "database"}};
    apr_pool_create(&shelf->archive_pool, pool);
    apr_pool_create(&shelf->database_pool, pool);
    open_archive(shelf);
    open_database(shelf);
}

int spbe_shelf_keep(spbe_shelf_t *shelf, spbe_intake_t *intake)
{
    spbe_intake_counts_t counts;
    apr_status_t rv;

    open_archive(shelf);
    rv = spbe_intake_flush(intake, shelf->archive);
    if (rv == APR_SUCCESS) {
        if (shelf->archive != NULL) {
            spbe_trouble_end(&shelf->archive_trouble);
        }
        return 1;
    }
    counts = spbe_intake_counts(intake);
    if (shelf->archive != NULL) {
        begin_trouble(&shelf->archive_trouble,
                      counts.lost > 0
                          ? "records are being lost, they cannot be written"
                          : "records wait in memory, they cannot be written",
                      rv);
    }
    return 0;
}

int spbe_shelf_index(spbe_shelf_t *shelf, apr_time_t patience)
{
    apr_status_t rv;
    int more;

    open_database(shelf);
    if (shelf->index == NULL) {
        return 0;
    }
    /* The index must not know more than the disk does. */
    spbe_archive_sync(shelf->archive);
    rv =
        spbe_index_follow(shelf->index, BATCH, patience, &more, &shelf->counts);
    if (rv == APR_SUCCESS) {
        spbe_trouble_end(&shelf->database_trouble);
        return more;
    }
    spbe_trouble_begin(&shelf->database_trouble,
                       spbe_database_error(shelf->database));
    drop_index(shelf);
    return 0;
}

void spbe_shelf_check(spbe_shelf_t *shelf)
{
    if (shelf->archive != NULL && spbe_archive_gone(shelf->archive)) {
        spbe_trouble_begin(&shelf->archive_trouble,
                           "the file was taken away; a new one is begun");
        drop_archive(shelf);
    }
    if (shelf->index != NULL && spbe_database_gone(shelf->database)) {
        drop_index(shelf);
    }
}
