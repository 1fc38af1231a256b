/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/reindex.c - "reindex": makes the database again from the archive.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "ctl/ctl.h"
#include "store/index.h"
#include "store/nodes.h"
#include "text/visible.h"

#define BATCH 2000
#define PATIENCE apr_time_from_sec(5)

/* The writer of a shared database may not delete. */
static spbe_database_mode_t mode_of(const spbe_ctl_t *ctl)
{
    return ctl->database == NULL ? SPBE_DATABASE_WRITE : SPBE_DATABASE_OWN;
}

static int failed(const spbe_database_t *database)
{
    return spbe_ctl_fail(
        SPBE_CTL_TROUBLE, "%s: %s",
        database == NULL ? "database" : spbe_database_name(database),
        database == NULL ? "out of memory" : spbe_database_error(database));
}

static int open_database(const spbe_ctl_t *ctl, spbe_database_t **database)
{
    return spbe_database_open(database, ctl->home, ctl->database, mode_of(ctl),
                              ctl->pool) == APR_SUCCESS
               ? SPBE_CTL_FINE
               : failed(*database);
}

/* A file that is no database any more is put aside, not deleted. */
static int put_aside(const spbe_ctl_t *ctl)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    apr_time_t now = apr_time_now();
    size_t i;

    for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        const char *from =
            apr_pstrcat(ctl->pool, ctl->home, "/guard.db", endings[i], NULL);
        const char *to =
            apr_psprintf(ctl->pool, "%s/guard.db.bad-%" APR_TIME_T_FMT "%s",
                         ctl->home, apr_time_sec(now), endings[i]);
        apr_status_t rv = apr_file_rename(from, to, ctl->pool);

        if (rv != APR_SUCCESS && !APR_STATUS_IS_ENOENT(rv)) {
            return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot rename %s", from);
        }
    }
    fprintf(stderr,
            "spbe-guardctl: %s/guard.db was no database any more; "
            "kept as guard.db.bad-*\n",
            ctl->home);
    return SPBE_CTL_FINE;
}

static int open_or_replace(const spbe_ctl_t *ctl, spbe_database_t **database)
{
    int code;

    if (spbe_database_open(database, ctl->home, ctl->database, mode_of(ctl),
                           ctl->pool) == APR_SUCCESS) {
        return SPBE_CTL_FINE;
    }
    if (*database == NULL || ctl->database != NULL ||
        !spbe_database_damaged(*database)) {
        return failed(*database);
    }
    spbe_database_close(*database);
    code = put_aside(ctl);
    return code == SPBE_CTL_FINE ? open_database(ctl, database) : code;
}

/* What there is goes, or is put under another name. */
static apr_status_t clear(spbe_database_t *database, int set_aside,
                          apr_pool_t *pool)
{
    const char *name = NULL;
    apr_status_t rv = spbe_database_begin(database);

    if (rv == APR_SUCCESS) {
        rv = set_aside
                 ? spbe_nodes_set_aside(database, spbe_database_node(database),
                                        &name, pool)
                 : spbe_database_empty(database);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_database_commit(database);
    }
    if (rv == APR_SUCCESS && name != NULL) {
        printf("yang lama tetap ada sebagai (what was there is kept as) %s\n",
               spbe_visible(name, pool));
    }
    return rv;
}

static int fill(const spbe_ctl_t *ctl, spbe_archive_t *archive,
                spbe_database_t *database, int set_aside)
{
    spbe_index_t *index = spbe_index_create(archive, database, ctl->pool);
    spbe_index_counts_t counts = {0};
    apr_time_t patience = apr_time_now() - PATIENCE;
    apr_status_t rv = clear(database, set_aside, ctl->pool);
    int more = 1;

    while (rv == APR_SUCCESS && more) {
        rv = spbe_index_follow(index, BATCH, patience, &more, &counts);
    }
    if (rv != APR_SUCCESS) {
        return failed(database);
    }
    printf("%" APR_UINT64_T_FMT " catatan, %" APR_UINT64_T_FMT
           " tidak lengkap, %" APR_UINT64_T_FMT
           " baris rusak, %" APR_UINT64_T_FMT " baris hilang.\n",
           counts.records, counts.incomplete, counts.malformed, counts.lost);
    return SPBE_CTL_FINE;
}

int spbe_ctl_reindex(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    spbe_archive_t *archive;
    spbe_database_t *database;
    apr_status_t rv;
    char reason[128];
    int set_aside = 0;
    const spbe_ctl_option_t options[] = {
        {"--set-aside", NULL, &set_aside},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_options(ctl, argc, argv, options, NULL);

    umask(027);
    if (code == SPBE_CTL_FINE && set_aside && ctl->database == NULL) {
        code = spbe_ctl_fail(SPBE_CTL_USAGE, "--set-aside needs --database");
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    rv = spbe_archive_open(&archive, ctl->home, SPBE_ARCHIVE_READ, ctl->pool);
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s", ctl->home,
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    code = open_or_replace(ctl, &database);
    return code == SPBE_CTL_FINE ? fill(ctl, archive, database, set_aside)
                                 : code;
}
