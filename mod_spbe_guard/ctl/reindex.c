/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/reindex.c - "reindex": makes the database again from the archive.
 */
#include "ctl/ctl.h"
#include "store/group.h"
#include "store/index.h"
#include "store/lines.h"
#include "store/nodes.h"
#include "store/source.h"
#include "text/visible.h"
#include <apr_file_io.h>
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define BATCH 2000
#define PATIENCE apr_time_from_sec(5)
#define SEGMENT ((apr_uint64_t)128 << 20) /* longer than any */

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

typedef struct known {
    const char *node;
    spbe_head_t head;
    apr_uint64_t followed;
} known_t;

static int on_node(void *baton, const spbe_nodes_one_t *node, apr_pool_t *pool)
{
    known_t *known = baton;

    if (strcmp(node->node, known->node) != 0) {
        return 0;
    }
    known->head = node->head;
    known->followed = node->followed;
    return 1;
}

/* 1: the line is that group, or one behind it. */
static int is_reached(spbe_span_t line, const spbe_head_t *head, int *same)
{
    unsigned char hash[SPBE_HASH_SIZE];
    spbe_group_t group;

    if (spbe_group_parse(line, &group) != SPBE_OK ||
        group.number < head->group) {
        return 0;
    }
    *same = spbe_group_hash(line, hash) &&
            memcmp(hash, head->hash, sizeof(hash)) == 0;
    return 1;
}

/* Is the last group that the database knows in the archive? A purge may have
 * moved it towards the front of its segment. */
static apr_status_t find_group(const char *home, const known_t *known,
                               int *same, apr_pool_t *pool)
{
    spbe_lines_t *lines = spbe_lines_create(pool);
    apr_uint64_t offset,
        start = known->followed > SEGMENT ? known->followed - SEGMENT : 0;
    spbe_source_piece_t piece;
    spbe_source_t source;
    apr_status_t rv = spbe_source_folder(&source, home, pool);
    spbe_span_t line;
    int whole, found = 0;

    *same = 0;
    if (rv == APR_SUCCESS) {
        rv = source.seek(source.baton, start);
    }
    while (rv == APR_SUCCESS && !found) {
        rv = source.next(source.baton, &piece);
        if (rv == APR_SUCCESS) {
            spbe_lines_feed(lines, piece.bytes, piece.offset);
        }
        while (rv == APR_SUCCESS && !found &&
               spbe_lines_next(lines, &line, &offset, &whole)) {
            found = whole && is_reached(line, &known->head, same);
        }
    }
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

/* What is only in the database, as after a lost disk, is not deleted. */
static int check_same(const spbe_ctl_t *ctl, spbe_database_t *database)
{
    known_t known = {.node = spbe_database_node(database)};
    apr_status_t rv = spbe_nodes_read(database, on_node, &known, ctl->pool);
    char reason[128];
    int same;

    if (rv != APR_SUCCESS) {
        return failed(database);
    }
    if (known.head.group == 0) {
        return SPBE_CTL_FINE;
    }
    rv = find_group(ctl->home, &known, &same, ctl->pool);
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s", ctl->home,
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    return same ? SPBE_CTL_FINE
                : spbe_ctl_fail(
                      SPBE_CTL_TROUBLE,
                      "the database holds %" APR_UINT64_T_FMT
                      " groups of %s, and the last is not in this archive: it "
                      "is another one, or has become shorter. Nothing was "
                      "deleted. To keep them under another name: "
                      "spbe-guardctl reindex --database DSN --set-aside",
                      known.head.group, spbe_visible(known.node, ctl->pool));
}

static int fill(const spbe_ctl_t *ctl, spbe_archive_t *archive,
                spbe_database_t *database, int set_aside)
{
    spbe_index_t *index = spbe_index_create(archive, database, ctl->pool);
    spbe_index_counts_t counts = {0};
    apr_time_t patience = apr_time_now() - PATIENCE;
    apr_status_t rv;
    int more = 1;

    if (spbe_database_is_shared(database) && !set_aside &&
        check_same(ctl, database) != SPBE_CTL_FINE) {
        return SPBE_CTL_TROUBLE;
    }
    rv = clear(database, set_aside, ctl->pool);
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
