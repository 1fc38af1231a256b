/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/shelf.c - the archive that intake writes. See shelf.h.
 */
#include "logger/shelf.h"

#include <stdio.h>
#include <sys/stat.h>
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>

#define SEGMENT_SIZE ((apr_uint64_t)64 << 20)
#define SEGMENT_AGE apr_time_from_sec(86400)
#define RETRY apr_time_from_msec(500)
/* The one before it is being killed, or ends. */
#define RETRY_BUSY apr_time_from_msec(50)

static void begin_failure(spbe_shelf_t *shelf, const char *text)
{
    spbe_trouble_begin(&shelf->trouble, text);
    if (shelf->failing == 0) {
        shelf->failing = apr_time_now();
        apr_cpystrn(shelf->reason, text, sizeof(shelf->reason));
    }
}

static void begin_trouble(spbe_shelf_t *shelf, const char *what,
                          apr_status_t rv)
{
    char text[256], reason[160];

    if (APR_STATUS_IS_EBUSY(rv)) {
        apr_cpystrn(reason, "another spbe-guardlog writes there; waiting",
                    sizeof(reason));
    }
    else {
        apr_strerror(rv, reason, sizeof(reason));
    }
    apr_snprintf(text, sizeof(text), "%s: %s", what, reason);
    begin_failure(shelf, text);
}

static void drop_archive(spbe_shelf_t *shelf)
{
    apr_pool_clear(shelf->pool);
    shelf->archive = NULL;
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

void spbe_shelf_init(spbe_shelf_t *shelf, const spbe_options_t *options,
                     apr_pool_t *pool)
{
    *shelf = (spbe_shelf_t){.options = options,
                            .trouble = {.what = "archive"},
                            .chain = {.what = "archive"},
                            .signer = {.what = "archive"},
                            .old = {.what = "archive"}};
    apr_pool_create(&shelf->pool, pool);
}

static apr_status_t open_archive(spbe_shelf_t *shelf)
{
    const spbe_options_t *options = shelf->options;
    apr_status_t rv;

    apr_pool_clear(shelf->pool);
    rv = make_dir(options->home, shelf->pool);
    if (rv == APR_SUCCESS) {
        rv = spbe_archive_open(&shelf->archive, options->home,
                               SPBE_ARCHIVE_WRITE, shelf->pool);
    }
    return rv;
}

static void set_up(spbe_shelf_t *shelf)
{
    const spbe_options_t *options = shelf->options;

    if (options->segment_size != 0 || options->segment_age != 0) {
        spbe_archive_limits(
            shelf->archive,
            options->segment_size == 0 ? SEGMENT_SIZE : options->segment_size,
            options->segment_age == 0 ? SEGMENT_AGE : options->segment_age);
    }
    if (spbe_archive_broken(shelf->archive)) {
        spbe_trouble_begin(&shelf->chain,
                           "the archive does not go on where sign.key does: "
                           "it was cut or replaced, or sign.key was lost");
    }
    if (spbe_archive_has_old(options->home)) {
        spbe_trouble_begin(&shelf->old, "archive.jsonl is of an earlier "
                                        "version, and is not read");
    }
}

static void note_torn(spbe_shelf_t *shelf)
{
    apr_uint64_t torn = spbe_archive_torn(shelf->archive);

    if (torn > 0) {
        shelf->torn += torn;
        fprintf(stderr,
                "spbe-guardlog: archive: the end was torn by a crash "
                "(%" APR_UINT64_T_FMT " bytes); put aside\n",
                torn);
    }
}

int spbe_shelf_ready(spbe_shelf_t *shelf, apr_time_t now)
{
    apr_status_t rv;

    if (shelf->is_closed || now < shelf->retry) {
        return 0;
    }
    if (shelf->archive != NULL) {
        return 1;
    }
    rv = open_archive(shelf);
    if (rv != APR_SUCCESS) {
        drop_archive(shelf);
        shelf->retry = now + (APR_STATUS_IS_EBUSY(rv) ? RETRY_BUSY : RETRY);
        begin_trouble(shelf, shelf->options->home, rv);
        return 0;
    }
    shelf->opened++;
    set_up(shelf);
    note_torn(shelf);
    return 1;
}

static void note_success(spbe_shelf_t *shelf)
{
    if (shelf->failing != 0) {
        shelf->recovered_from = shelf->failing;
        shelf->failing = 0;
    }
    spbe_trouble_end(&shelf->trouble);
}

static void note_failure(spbe_shelf_t *shelf, size_t size, apr_status_t rv)
{
    begin_trouble(shelf, "records wait in the pipe, they cannot be written",
                  rv);
    shelf->failed_size = size;
    /* What made it fail may be what was opened. */
    drop_archive(shelf);
    shelf->retry = apr_time_now() + RETRY;
}

int spbe_shelf_commit(spbe_shelf_t *shelf, spbe_intake_t *intake)
{
    size_t size = spbe_intake_pending(intake);
    apr_status_t rv = shelf->is_closed
                          ? APR_ENOSPC
                          : spbe_intake_commit(intake, shelf->archive);

    if (rv == APR_SUCCESS) {
        /* On a full disk there is room for a small group now and then. */
        if (size > 0 && size >= shelf->failed_size) {
            shelf->failed_size = 0;
            note_success(shelf);
        }
        return 1;
    }
    spbe_intake_undo(intake);
    if (!shelf->is_closed) {
        note_failure(shelf, size, rv);
    }
    return 0;
}

void spbe_shelf_close(spbe_shelf_t *shelf, int is_closed)
{
    shelf->is_closed = is_closed;
    if (is_closed) {
        begin_failure(shelf, "records wait in the pipe: the disk is full");
    }
}

void spbe_shelf_turn(spbe_shelf_t *shelf)
{
    char reason[160], text[256];
    apr_status_t rv = shelf->archive == NULL
                          ? APR_SUCCESS
                          : spbe_archive_turn(shelf->archive);

    if (rv == APR_SUCCESS) {
        spbe_trouble_end(&shelf->signer);
        return;
    }
    apr_snprintf(text, sizeof(text), "the signer cannot be changed: %s",
                 apr_strerror(rv, reason, sizeof(reason)));
    spbe_trouble_begin(&shelf->signer, text);
}

void spbe_shelf_check(spbe_shelf_t *shelf)
{
    if (shelf->archive != NULL && spbe_archive_gone(shelf->archive)) {
        begin_failure(shelf, "the files were taken away; new ones are begun");
        drop_archive(shelf);
    }
}
