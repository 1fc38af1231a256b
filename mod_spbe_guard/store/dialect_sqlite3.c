/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/dialect_sqlite3.c - the index in a file beside the archive.
 */
#include "store/database_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_strings.h>

static apr_uint64_t inode_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == -1 ? 0 : (apr_uint64_t)st.st_ino;
}

/*
 * A reader may not be allowed to write beside the file: without a journal
 * there, nobody is writing, and the file can be read as it is.
 */
static const char *read_only(spbe_database_t *database)
{
    const char *wal = apr_pstrcat(database->pool, database->path, "-wal", NULL);

    return apr_pstrcat(database->pool, "file:", database->path,
                       inode_of(wal) == 0 ? "?mode=ro&immutable=1" : "?mode=ro",
                       NULL);
}

static const char *target(spbe_database_t *database, apr_status_t *rv)
{
    const char *path = database->path;

    if (database->mode != SPBE_DATABASE_READ) {
        return path;
    }
    if (access(path, R_OK) != 0 && errno == EACCES) {
        *rv = spbe_database_say(database, APR_EACCES,
                                "%s may not be read by this user: try with "
                                "sudo",
                                path);
        return NULL;
    }
    if (inode_of(path) == 0) {
        *rv = spbe_database_say(database, APR_ENOENT, "%s is not there", path);
        return NULL;
    }
    return read_only(database);
}

/* A child of httpd that was taken over reads no index. SQLite makes the
 * journals with the mode of the file; where there is none an empty one is as
 * good. */
static void close_to_others(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct stat st;

    if (fd != -1) {
        close(fd);
        return;
    }
    if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_uid == geteuid() && (st.st_mode & 077) != 0) {
        chmod(path, st.st_mode & 0700);
    }
}

static apr_status_t set_up(spbe_database_t *database)
{
    apr_int64_t answer;
    /* The driver itself tries 15 times, a tenth of a second apart. These
     * answer with a row, which makes it fail a plain query. */
    apr_status_t rv =
        spbe_database_number(database, "PRAGMA busy_timeout = 100", &answer);

    if (database->mode != SPBE_DATABASE_READ) {
        close_to_others(database->path);
    }
    if (rv == APR_SUCCESS && database->mode != SPBE_DATABASE_READ) {
        rv = spbe_database_number(database, "PRAGMA journal_mode = WAL",
                                  &answer);
    }
    if (rv == APR_SUCCESS && database->mode != SPBE_DATABASE_READ) {
        rv = spbe_database_run(database, "PRAGMA synchronous = NORMAL");
    }
    database->inode = inode_of(database->path);
    return rv;
}

/* The transaction holds it. */
static apr_status_t lock_schema(spbe_database_t *database)
{
    return APR_SUCCESS;
}

static apr_status_t read_version(spbe_database_t *database,
                                 apr_int64_t *version)
{
    return spbe_database_number(database, "PRAGMA user_version", version);
}

static apr_status_t write_version(spbe_database_t *database,
                                  apr_int64_t version)
{
    return spbe_database_run(
        database,
        apr_psprintf(database->scratch,
                     "PRAGMA user_version = %" APR_INT64_T_FMT, version));
}

/* SQLite's own words; apr_dbd passes its codes on as a mere failure. */
static int is_damaged(const spbe_database_t *database)
{
    return strstr(database->error, "not a database") != NULL ||
           strstr(database->error, "malformed") != NULL;
}

static int is_gone(const spbe_database_t *database)
{
    return inode_of(database->path) != database->inode;
}

const spbe_dialect_t spbe_dialect_sqlite3 = {
    .driver = "sqlite3",
    .package = "libaprutil1-dbd-sqlite3",
    .begin = "BEGIN IMMEDIATE",
    .lock = "",
    .text_type = "TEXT",
    .target = target,
    .set_up = set_up,
    .lock_schema = lock_schema,
    .read_version = read_version,
    .write_version = write_version,
    .is_damaged = is_damaged,
    .is_gone = is_gone,
};
