/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/dialect_pgsql.c - the index in PostgreSQL, shared by many servers.
 *
 * Everything is in the schema spbe_guard and looked for nowhere else. Whatever
 * the server does, a call returns in a bounded time: connecting by libpq's
 * limit, a statement by the server's, and a server that says nothing at all by
 * ours.
 */
#include "store/database_int.h"

#include <dlfcn.h>
#include <string.h>
#include <apr_strings.h>
#include "store/watch.h"
#include "text/buf.h"

#define SCHEMA "spbe_guard"
/* Names the lock; every program that migrates must know the same. */
#define LOCK "7310016001"

/* Set unless the connection string does. Behind a read-write session stands
 * the primary, whichever of the hosts that is now. */
static const struct {
    const char *name, *value;
    int when_writing; /* only then */
} defaults[] = {
    {"connect_timeout", "3", 0},      {"application_name", "spbe-guard", 0},
    {"client_encoding", "UTF8", 0},   {"keepalives_idle", "10", 0},
    {"keepalives_interval", "5", 0},  {"keepalives_count", "3", 0},
    {"tcp_user_timeout", "20000", 0}, {"target_session_attrs", "read-write", 1},
};
#define DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

/* Of two values for the same name libpq takes the last. */
static const char *with_defaults(const char *dsn, int writing, apr_pool_t *pool)
{
    spbe_buf_t out;
    size_t i;

    spbe_buf_init(&out, 256, pool);
    for (i = 0; i < DEFAULTS; i++) {
        if (writing || !defaults[i].when_writing) {
            spbe_buf_printf(&out, "%s=%s ", defaults[i].name,
                            defaults[i].value);
        }
    }
    spbe_buf_adds(&out, dsn);
    return spbe_buf_cstr(&out);
}

static const char *uri_with_defaults(const char *uri, int writing,
                                     apr_pool_t *pool)
{
    const char *query = strchr(uri, '?');
    char sep = query == NULL ? '?' : '&';
    spbe_buf_t out;
    size_t i;

    spbe_buf_init(&out, 256, pool);
    spbe_buf_adds(&out, uri);
    for (i = 0; i < DEFAULTS; i++) {
        if ((!writing && defaults[i].when_writing) ||
            (query != NULL && strstr(query, defaults[i].name) != NULL)) {
            continue;
        }
        spbe_buf_printf(&out, "%c%s=%s", sep, defaults[i].name,
                        defaults[i].value);
        sep = '&';
    }
    return spbe_buf_cstr(&out);
}

static const char *target(spbe_database_t *database, apr_status_t *rv)
{
    int writing = database->mode != SPBE_DATABASE_READ;

    return strncmp(database->dsn, "postgres", 8) == 0
               ? uri_with_defaults(database->dsn, writing, database->pool)
               : with_defaults(database->dsn, writing, database->pool);
}

/* The driver has loaded the library; its handle is a PGconn. */
static int socket_of(spbe_database_t *database)
{
    void *native = apr_dbd_native_handle(database->driver, database->handle);
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_NOLOAD);
    int (*get)(const void *) = NULL;
    int fd = -1;

    if (library != NULL) {
        *(void **)&get = dlsym(library, "PQsocket");
        fd = get == NULL ? -1 : get(native);
        dlclose(library);
    }
    return fd;
}

#define ALWAYS                                                                 \
    "SET client_min_messages = error; SET search_path = " SCHEMA ";"           \
    " SET idle_in_transaction_session_timeout = '60s'; SET jit = off;"
/* Statements are planned once, when tables may still be empty, and each of
 * them has an index. */
#define WRITING                                                                \
    " SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;"

/* The owner changes tables, which may take long. */
static apr_status_t set_limits(spbe_database_t *database)
{
    static const char *const settings[] = {
        [SPBE_DATABASE_READ] =
            ALWAYS " SET statement_timeout = '30s'; SET lock_timeout = '5s';"
                   " SET default_transaction_read_only = on",
        [SPBE_DATABASE_WRITE] = ALWAYS WRITING
        " SET statement_timeout = '10s'; SET lock_timeout = '5s'",
        [SPBE_DATABASE_OWN] = ALWAYS WRITING
        " SET statement_timeout = 0; SET lock_timeout = '60s'",
    };

    return spbe_database_run(database, settings[database->mode]);
}

static apr_status_t check_encoding(spbe_database_t *database)
{
    apr_int64_t fits;
    apr_status_t rv = spbe_database_number(
        database,
        "SELECT count(*) FROM pg_catalog.pg_settings"
        " WHERE name = 'server_encoding' AND setting = 'UTF8'",
        &fits);

    return rv == APR_SUCCESS && fits == 0
               ? spbe_database_say(database, APR_EINCOMPLETE,
                                   "the database must have the encoding UTF8")
               : rv;
}

static apr_status_t set_up(spbe_database_t *database)
{
    int fd = socket_of(database);
    apr_status_t rv;

    if (fd != -1 && database->mode != SPBE_DATABASE_OWN) {
        database->watch = spbe_watch_create(fd, database->pool);
    }
    rv = set_limits(database);
    return rv == APR_SUCCESS ? check_encoding(database) : rv;
}

/* There is a schema before there is anything in it. */
static apr_status_t lock_schema(spbe_database_t *database)
{
    apr_int64_t is_there;
    apr_status_t rv = spbe_database_number(
        database, "SELECT 1 FROM pg_advisory_xact_lock(" LOCK ")", &is_there);

    if (rv == APR_SUCCESS) {
        rv = spbe_database_number(database,
                                  "SELECT count(*) FROM"
                                  " pg_catalog.pg_namespace"
                                  " WHERE nspname = '" SCHEMA "'",
                                  &is_there);
    }
    return rv == APR_SUCCESS && !is_there
               ? spbe_database_run(database, "CREATE SCHEMA " SCHEMA)
               : rv;
}

static apr_status_t read_version(spbe_database_t *database,
                                 apr_int64_t *version)
{
    apr_status_t rv = spbe_database_number(
        database,
        "SELECT count(*) FROM pg_catalog.pg_tables"
        " WHERE schemaname = '" SCHEMA "' AND tablename = 'meta'",
        version);

    if (rv != APR_SUCCESS || *version == 0) {
        return rv;
    }
    return spbe_database_number(
        database, "SELECT value FROM meta WHERE name = 'version'", version);
}

static apr_status_t write_version(spbe_database_t *database,
                                  apr_int64_t version)
{
    return spbe_database_run(
        database,
        apr_psprintf(database->scratch,
                     "INSERT INTO meta (name, value) VALUES ('version',"
                     " '%" APR_INT64_T_FMT "') ON CONFLICT (name)"
                     " DO UPDATE SET value = excluded.value",
                     version));
}

/*
 * To the roles of conf/samples/postgresql.sql where they are there. The writer
 * adds rows of its own nodes, completes and counts them; it cannot delete
 * records and groups nor change what they say, nor can it change a table. A
 * node belongs to the role that came first: rows of others a writer does not
 * even see.
 */
static const char *const writer_rights[] = {
    "USAGE ON SCHEMA " SCHEMA,
    "SELECT ON ALL TABLES IN SCHEMA " SCHEMA,
    "INSERT (node) ON nodes",
    "INSERT ON records, additions, keys, pieces, anomalies, tallies,"
    " tallied, minute_counts, day_counts, heads, purges, groups",
    "UPDATE (status_out, place, length, complete) ON records",
    "UPDATE (place, length, complete) ON additions",
    "UPDATE (place, length) ON keys",
    "UPDATE (have, h, key_id, received, place, length), DELETE ON pieces",
    "UPDATE (ts, n, part_of, windowed, kind, class, event, application, route,"
    " reason, keyword, place, field, wanted, action, client, status)"
    " ON anomalies",
    "UPDATE (received, client_pages, valid, refused, logged) ON tallies",
    "DELETE ON tallied",
    "UPDATE (n) ON minute_counts",
    "UPDATE (n) ON day_counts",
    "UPDATE (first_key, position, followed, tallied_to, head_group,"
    " head_hash, head_time, trouble, updated, writer) ON nodes",
    NULL,
};

static const char *const reader_rights[] = {
    "USAGE ON SCHEMA " SCHEMA,
    "SELECT ON ALL TABLES IN SCHEMA " SCHEMA,
    NULL,
};

static apr_status_t grant_to(spbe_database_t *database, const char *role,
                             const char *const *rights)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && *rights != NULL) {
        rv = spbe_database_run(
            database,
            apr_psprintf(database->scratch, "GRANT %s TO %s", *rights++, role));
    }
    return rv;
}

static const char *const tables[] = {
    "records", "additions",     "keys",       "pieces", "anomalies", "tallies",
    "tallied", "minute_counts", "day_counts", "heads",  "purges",    "groups",
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static apr_status_t replace_policy(spbe_database_t *database, const char *table,
                                   const char *role, const char *what)
{
    return spbe_database_run(
        database, apr_psprintf(database->scratch,
                               "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;"
                               " DROP POLICY IF EXISTS %s ON %s;"
                               " CREATE POLICY %s ON %s %s",
                               table, role, table, role, table, what));
}

/* Roles that are not there get no policy, and so see nothing. */
static apr_status_t keep_apart(spbe_database_t *database)
{
    apr_status_t rv = replace_policy(
        database, "nodes", "spbe_guard_writer",
        "TO spbe_guard_writer USING (writer = session_user OR writer IS NULL)"
        " WITH CHECK (writer = session_user)");
    size_t i;

    for (i = 0; rv == APR_SUCCESS && i < TABLES; i++) {
        rv = replace_policy(
            database, tables[i], "spbe_guard_writer",
            apr_psprintf(database->scratch,
                         "TO spbe_guard_writer USING (EXISTS (SELECT FROM"
                         " nodes WHERE nodes.node = %s.node"
                         " AND nodes.writer = session_user))",
                         tables[i]));
    }
    return rv;
}

static apr_status_t let_read(spbe_database_t *database)
{
    apr_status_t rv =
        replace_policy(database, "nodes", "spbe_guard_reader",
                       "FOR SELECT TO spbe_guard_reader USING (true)");
    size_t i;

    for (i = 0; rv == APR_SUCCESS && i < TABLES; i++) {
        rv = replace_policy(database, tables[i], "spbe_guard_reader",
                            "FOR SELECT TO spbe_guard_reader USING (true)");
    }
    return rv;
}

static apr_status_t has_role(spbe_database_t *database, const char *role,
                             apr_int64_t *is_there)
{
    return spbe_database_number(
        database,
        apr_psprintf(database->scratch,
                     "SELECT count(*) FROM pg_catalog.pg_roles"
                     " WHERE rolname = '%s'",
                     role),
        is_there);
}

static apr_status_t grant(spbe_database_t *database)
{
    apr_int64_t is_there;
    apr_status_t rv = has_role(database, "spbe_guard_writer", &is_there);

    if (rv == APR_SUCCESS && is_there) {
        rv = grant_to(database, "spbe_guard_writer", writer_rights);
        rv = rv == APR_SUCCESS ? keep_apart(database) : rv;
    }
    if (rv == APR_SUCCESS) {
        rv = has_role(database, "spbe_guard_reader", &is_there);
    }
    if (rv == APR_SUCCESS && is_there) {
        rv = grant_to(database, "spbe_guard_reader", reader_rights);
        rv = rv == APR_SUCCESS ? let_read(database) : rv;
    }
    return rv;
}

static int never(const spbe_database_t *database)
{
    return 0;
}

const spbe_dialect_t spbe_dialect_pgsql = {
    .driver = "pgsql",
    .package = "libaprutil1-dbd-pgsql",
    .is_shared = 1,
    .begin = "BEGIN",
    .lock = " FOR UPDATE",
    .text_type = "TEXT COLLATE \"C\"",
    .target = target,
    .set_up = set_up,
    .lock_schema = lock_schema,
    .grant = grant,
    .read_version = read_version,
    .write_version = write_version,
    .is_damaged = never,
    .is_gone = never,
};
