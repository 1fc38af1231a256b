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

/* n: how many requests the row stands for. A verdict with several findings has
 * a row for each. What was indexed before is gone through once more. */
static const char *const step_2[] = {
    "CREATE TABLE anomalies ("
    " id TEXT NOT NULL, part INTEGER NOT NULL, ts INTEGER NOT NULL,"
    " n INTEGER NOT NULL, part_of TEXT, kind TEXT NOT NULL, class TEXT,"
    " event TEXT, application TEXT, route TEXT, reason TEXT, keyword TEXT,"
    " place TEXT, field TEXT, wanted TEXT, action TEXT, client TEXT,"
    " status INTEGER, PRIMARY KEY (id, part))",
    "CREATE INDEX anomalies_ts ON anomalies (ts)",
    "CREATE INDEX anomalies_application ON anomalies (application, ts)",
    "CREATE INDEX anomalies_client ON anomalies (client, ts)",
    "CREATE TABLE tallies ("
    " day TEXT NOT NULL, application TEXT NOT NULL, route TEXT NOT NULL,"
    " received INTEGER NOT NULL, client_pages INTEGER NOT NULL,"
    " valid INTEGER NOT NULL, refused INTEGER NOT NULL,"
    " logged INTEGER NOT NULL, PRIMARY KEY (day, application, route))",
    "CREATE INDEX tallies_application ON tallies (application, day)",
    "CREATE TABLE tallied (id TEXT PRIMARY KEY NOT NULL, ts INTEGER NOT NULL)",
    "CREATE INDEX tallied_ts ON tallied (ts)",
    "UPDATE meta SET value = '0' WHERE name = 'position'",
    NULL,
};

static const char *const *const steps[] = {step_1, step_2};
#define VERSION ((apr_int64_t)(sizeof(steps) / sizeof(steps[0])))

static apr_status_t take_step(spbe_database_t *database, apr_int64_t to)
{
    const char *const *sql = steps[to - 1];
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && *sql != NULL) {
        rv = spbe_database_run(database, *sql++);
    }
    return rv == APR_SUCCESS ? database->dialect->write_version(database, to)
                             : rv;
}

static apr_status_t read_version(spbe_database_t *database,
                                 apr_int64_t *version)
{
    apr_status_t rv = database->dialect->read_version(database, version);

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
    rv = database->dialect->lock_schema(database);
    if (rv == APR_SUCCESS) {
        rv = read_version(database, &version);
    }
    while (rv == APR_SUCCESS && version < VERSION) {
        rv = take_step(database, ++version);
    }
    if (rv == APR_SUCCESS) {
        return spbe_database_commit(database);
    }
    spbe_database_rollback(database);
    return rv;
}
