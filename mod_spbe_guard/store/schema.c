/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/schema.c - the tables, as steps from one version to the next.
 *
 * A step is never changed once it has been released; a new one is added.
 */
#include "store/database_int.h"

#include <apr_strings.h>

static const char *const step_1[] = {
    "CREATE TABLE records ("
    " id TEXT PRIMARY KEY NOT NULL,"
    " ref TEXT, ts INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT,"
    " class TEXT, responsible TEXT, application TEXT, route TEXT,"
    " fingerprint TEXT, status_in INTEGER, status_out INTEGER,"
    " leak_sent INTEGER NOT NULL DEFAULT 0, h TEXT NOT NULL,"
    " writer TEXT NOT NULL, seq INTEGER NOT NULL,"
    " place INTEGER NOT NULL, length INTEGER NOT NULL,"
    " complete INTEGER NOT NULL)",
    "CREATE INDEX records_ts ON records (ts, id)",
    "CREATE INDEX records_ref ON records (ref)",
    "CREATE INDEX records_kind ON records (kind, ts)",
    "CREATE INDEX records_class ON records (class, ts)",
    "CREATE INDEX records_application ON records (application, ts)",
    "CREATE INDEX records_fingerprint ON records (fingerprint, ts)",
    "CREATE TABLE additions ("
    " writer TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,"
    " ts INTEGER NOT NULL, status_out INTEGER, h TEXT NOT NULL,"
    " place INTEGER NOT NULL, length INTEGER NOT NULL,"
    " complete INTEGER NOT NULL, PRIMARY KEY (writer, seq))",
    "CREATE INDEX additions_id ON additions (id, ts)",
    "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    "INSERT INTO meta (name, value) VALUES ('position', '0')",
    NULL,
};

static const char *const *const steps[] = {step_1};
#define VERSION ((apr_int64_t)(sizeof(steps) / sizeof(steps[0])))

static apr_status_t take_step(spbe_database_t *database, apr_int64_t to)
{
    const char *const *sql = steps[to - 1];
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && *sql != NULL) {
        rv = spbe_database_run(database, *sql++);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_database_run(
            database,
            apr_psprintf(database->scratch,
                         "PRAGMA user_version = %" APR_INT64_T_FMT, to));
    }
    return rv;
}

static apr_status_t read_version(spbe_database_t *database,
                                 apr_int64_t *version)
{
    apr_status_t rv =
        spbe_database_number(database, "PRAGMA user_version", version);

    if (rv == APR_SUCCESS && *version > VERSION) {
        apr_snprintf(database->error, sizeof(database->error),
                     "made by a newer version (schema %" APR_INT64_T_FMT
                     ", this program knows %" APR_INT64_T_FMT ")",
                     *version, VERSION);
        return APR_EINCOMPLETE;
    }
    return rv;
}

apr_status_t spbe_schema_check(spbe_database_t *database)
{
    apr_int64_t version;
    apr_status_t rv = read_version(database, &version);

    if (rv == APR_SUCCESS && version < VERSION) {
        apr_snprintf(database->error, sizeof(database->error),
                     "not made yet or by an older version");
        return APR_EINCOMPLETE;
    }
    return rv;
}

apr_status_t spbe_schema_migrate(spbe_database_t *database)
{
    apr_int64_t version = 0;
    apr_status_t rv = spbe_database_begin(database);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* Read inside: another process may be migrating as well. */
    rv = read_version(database, &version);
    while (rv == APR_SUCCESS && version < VERSION) {
        rv = take_step(database, ++version);
    }
    if (rv == APR_SUCCESS) {
        return spbe_database_commit(database);
    }
    spbe_database_rollback(database);
    return rv;
}
