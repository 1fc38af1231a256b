/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/schema.c - the tables, as steps from one version to the next.
 *
 * A step is never changed once it has been released; a new one is added.
 */
#include "store/database_int.h"

#include <string.h>
#include <apr_strings.h>
#include "text/buf.h"

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

/*
 * Every table knows the node whose archive its rows were made from, and every
 * key begins with it: many servers share one database, and their rows can be
 * spread by node. What there is is made again from the archive.
 *
 * pieces: records of which lines are missing, with what there is of them.
 * tallied: which tallies have been added to the sums, for some days.
 * minute_counts, day_counts: how many requests; minutes and days of UTC since
 * 1970. heads: the last group of each minute. purges: orders to be looked for
 * in the archive.
 */
static const char *const step_3[] = {
    "DROP TABLE IF EXISTS records",
    "DROP TABLE IF EXISTS additions",
    "DROP TABLE IF EXISTS anomalies",
    "DROP TABLE IF EXISTS tallies",
    "DROP TABLE IF EXISTS tallied",
    "DROP TABLE IF EXISTS meta",
    "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    "CREATE TABLE nodes ("
    " node TEXT PRIMARY KEY NOT NULL, first_key TEXT,"
    " position BIGINT NOT NULL DEFAULT 0, followed BIGINT NOT NULL DEFAULT 0,"
    " tallied_to BIGINT NOT NULL DEFAULT 0,"
    " head_group BIGINT NOT NULL DEFAULT 0, head_hash TEXT,"
    " head_time BIGINT, trouble TEXT, updated BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE records ("
    " node TEXT NOT NULL, id TEXT NOT NULL, ref TEXT, ts BIGINT NOT NULL,"
    " kind TEXT NOT NULL, severity TEXT, class TEXT, responsible TEXT,"
    " application TEXT, route TEXT, fingerprint TEXT, status_in BIGINT,"
    " status_out BIGINT, leak_sent BIGINT NOT NULL DEFAULT 0,"
    " h TEXT NOT NULL, writer TEXT NOT NULL, seq BIGINT NOT NULL,"
    " place BIGINT NOT NULL, length BIGINT NOT NULL,"
    " complete BIGINT NOT NULL, key_id TEXT,"
    " purged BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (node, id))",
    "CREATE INDEX records_id ON records (id)",
    "CREATE INDEX records_ts ON records (ts, id)",
    "CREATE INDEX records_ref ON records (ref)",
    "CREATE INDEX records_kind ON records (kind, ts)",
    "CREATE INDEX records_class ON records (class, ts)",
    "CREATE INDEX records_application ON records (application, ts)",
    "CREATE INDEX records_fingerprint ON records (fingerprint, ts)",
    "CREATE INDEX records_place ON records (node, place)",
    "CREATE TABLE additions ("
    " node TEXT NOT NULL, writer TEXT NOT NULL, seq BIGINT NOT NULL,"
    " id TEXT NOT NULL, ts BIGINT NOT NULL, status_out BIGINT,"
    " h TEXT NOT NULL, place BIGINT NOT NULL, length BIGINT NOT NULL,"
    " complete BIGINT NOT NULL, key_id TEXT,"
    " purged BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (node, writer, seq))",
    "CREATE INDEX additions_id ON additions (id, node, ts)",
    "CREATE INDEX additions_place ON additions (node, place)",
    "CREATE TABLE keys ("
    " node TEXT NOT NULL, key_id TEXT NOT NULL, ts BIGINT NOT NULL,"
    " writer TEXT NOT NULL, seq BIGINT NOT NULL, place BIGINT NOT NULL,"
    " length BIGINT NOT NULL,"
    " PRIMARY KEY (node, key_id, writer, seq, place))",
    "CREATE INDEX keys_key_id ON keys (key_id)",
    "CREATE INDEX keys_place ON keys (node, place)",
    "CREATE TABLE pieces ("
    " node TEXT NOT NULL, writer TEXT NOT NULL, seq BIGINT NOT NULL,"
    " id TEXT NOT NULL, parts BIGINT NOT NULL, have TEXT NOT NULL, h TEXT,"
    " key_id TEXT, received BIGINT NOT NULL, place BIGINT NOT NULL,"
    " length BIGINT NOT NULL, PRIMARY KEY (node, writer, seq))",
    "CREATE TABLE anomalies ("
    " node TEXT NOT NULL, id TEXT NOT NULL, part BIGINT NOT NULL,"
    " ts BIGINT NOT NULL, n BIGINT NOT NULL, part_of TEXT,"
    " windowed BIGINT NOT NULL, kind TEXT NOT NULL, class TEXT, event TEXT,"
    " application TEXT, route TEXT, reason TEXT, keyword TEXT, place TEXT,"
    " field TEXT, wanted TEXT, action TEXT, client TEXT, status BIGINT,"
    " PRIMARY KEY (node, id, part))",
    "CREATE INDEX anomalies_ts ON anomalies (ts)",
    "CREATE INDEX anomalies_application ON anomalies (application, ts)",
    "CREATE INDEX anomalies_client ON anomalies (client, ts)",
    "CREATE INDEX anomalies_part_of ON anomalies (node, part_of)",
    "CREATE TABLE tallies ("
    " node TEXT NOT NULL, day TEXT NOT NULL, application TEXT NOT NULL,"
    " route TEXT NOT NULL, received BIGINT NOT NULL,"
    " client_pages BIGINT NOT NULL, valid BIGINT NOT NULL,"
    " refused BIGINT NOT NULL, logged BIGINT NOT NULL,"
    " PRIMARY KEY (node, day, application, route))",
    "CREATE INDEX tallies_day ON tallies (day)",
    "CREATE INDEX tallies_application ON tallies (application, day)",
    "CREATE TABLE tallied (node TEXT NOT NULL, id TEXT NOT NULL,"
    " ts BIGINT NOT NULL, PRIMARY KEY (node, id))",
    "CREATE INDEX tallied_ts ON tallied (node, ts)",
    "CREATE INDEX tallied_last ON tallied (ts)",
    "CREATE TABLE minute_counts ("
    " node TEXT NOT NULL, minute BIGINT NOT NULL, application TEXT NOT NULL,"
    " kind TEXT NOT NULL, class TEXT NOT NULL, action TEXT NOT NULL,"
    " severity TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY"
    " (node, minute, application, kind, class, action, severity))",
    "CREATE INDEX minute_counts_minute ON minute_counts (minute)",
    "CREATE TABLE day_counts ("
    " node TEXT NOT NULL, day BIGINT NOT NULL, application TEXT NOT NULL,"
    " kind TEXT NOT NULL, class TEXT NOT NULL, action TEXT NOT NULL,"
    " severity TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY"
    " (node, day, application, kind, class, action, severity))",
    "CREATE INDEX day_counts_day ON day_counts (day)",
    "CREATE TABLE heads (node TEXT NOT NULL, group_no BIGINT NOT NULL,"
    " hash TEXT NOT NULL, ts BIGINT NOT NULL, PRIMARY KEY (node, group_no))",
    "CREATE TABLE purges (node TEXT NOT NULL, id TEXT NOT NULL,"
    " ts BIGINT NOT NULL, whole BIGINT NOT NULL, place BIGINT NOT NULL,"
    " behind BIGINT NOT NULL, done BIGINT NOT NULL DEFAULT 0,"
    " PRIMARY KEY (node, id))",
    NULL,
};

/* The archives themselves, group by group, byte for byte. */
static const char *const step_3_shared[] = {
    "CREATE TABLE groups (node TEXT NOT NULL, group_no BIGINT NOT NULL,"
    " place BIGINT NOT NULL, length BIGINT NOT NULL, ts BIGINT NOT NULL,"
    " hash TEXT NOT NULL, body BYTEA NOT NULL,"
    " PRIMARY KEY (node, group_no))",
    "CREATE UNIQUE INDEX groups_place ON groups (node, place)",
    /* Whose node it is: of the role that came first. NULL: the owner made it,
     * and the first one that writes takes it. */
    "ALTER TABLE nodes ADD writer TEXT DEFAULT session_user",
    NULL,
};

/* A shared database begins with the third. */
static const struct {
    const char *const *file, *const *both, *const *shared;
} steps[] = {
    {.file = step_1},
    {.file = step_2},
    {.both = step_3, .shared = step_3_shared},
};
#define VERSION ((apr_int64_t)(sizeof(steps) / sizeof(steps[0])))

/* The order of text is that of its bytes, in every database. */
static const char *in_dialect(spbe_database_t *database, const char *sql)
{
    const char *type = database->dialect->text_type, *hit;
    spbe_buf_t out;

    spbe_buf_init(&out, 1024, database->scratch);
    while ((hit = strstr(sql, " TEXT")) != NULL) {
        spbe_buf_add(&out, (spbe_span_t){sql, (size_t)(hit - sql) + 1});
        spbe_buf_adds(&out, type);
        sql = hit + sizeof(" TEXT") - 1;
    }
    spbe_buf_adds(&out, sql);
    return spbe_buf_cstr(&out);
}

static apr_status_t run_all(spbe_database_t *database, const char *const *sql)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && sql != NULL && *sql != NULL) {
        rv = spbe_database_run(database, in_dialect(database, *sql++));
    }
    return rv;
}

static apr_status_t take_step(spbe_database_t *database, apr_int64_t to)
{
    int is_shared = database->dialect->is_shared;
    apr_status_t rv = run_all(database, is_shared ? NULL : steps[to - 1].file);

    if (rv == APR_SUCCESS) {
        rv = run_all(database, steps[to - 1].both);
    }
    if (rv == APR_SUCCESS && is_shared) {
        rv = run_all(database, steps[to - 1].shared);
    }
    /* Before its first step a shared one has no place for it. */
    return rv == APR_SUCCESS && (!is_shared || steps[to - 1].both != NULL)
               ? database->dialect->write_version(database, to)
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
                     "not made yet or by an older version%s",
                     database->dialect->is_shared
                         ? ": its owner runs spbe-guardctl init --database"
                         : "");
        return APR_EINCOMPLETE;
    }
    return rv;
}

apr_status_t spbe_schema_migrate(spbe_database_t *database)
{
    apr_int64_t version = 0;
    apr_status_t rv = spbe_database_begin_any(database);

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
    if (rv == APR_SUCCESS && database->dialect->grant != NULL) {
        rv = database->dialect->grant(database);
    }
    if (rv == APR_SUCCESS) {
        return spbe_database_commit(database);
    }
    spbe_database_rollback(database);
    return rv;
}
