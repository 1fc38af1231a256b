/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/pgsql_test.c - the index in PostgreSQL, a server of its own: who
 * may do what, and what happens while it is down, locked, full or slow, or
 * another one takes its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>
#include <sys/stat.h>
#include <apr_general.h>
#include "index_fill.h"
#include "pg_server.h"
#include "store/counts.h"
#include "store/nodes.h"
#include "store/query.h"
#include "store/source_database.h"

static apr_pool_t *pool;
static char dir[64];
static const char *first, *second; /* folders of the servers */
static int is_installed;
static int made; /* records */

#define NEED_SERVER()                                                          \
    if (!is_installed) {                                                       \
        print_message("PostgreSQL is not installed\n");                        \
        skip();                                                                \
    }

static const char *sql(const char *text)
{
    const char *answer = pg_sql(first, "spbe_guard", text, pool);

    return answer == NULL ? "(failed)" : answer;
}

static const char *dsn_of(const char *hosts, const char *user)
{
    return apr_psprintf(pool, "pgsql:host=%s dbname=spbe_guard user=%s", hosts,
                        user);
}

typedef struct files {
    apr_pool_t *own;
    const char *home, *dsn;
    spbe_archive_t *archive;
    spbe_database_t *database;
    spbe_index_t *index;
    spbe_index_counts_t counts;
} files_t;

static void open_home(files_t *f, const char *name, const char *dsn)
{
    *f = (files_t){.dsn = dsn};
    apr_pool_create(&f->own, pool);
    f->home = apr_psprintf(pool, "%s/home-%s", dir, name);
    assert_int_equal(mkdir(f->home, 0700), 0);
    assert_int_equal(
        spbe_archive_open(&f->archive, f->home, SPBE_ARCHIVE_WRITE, f->own),
        APR_SUCCESS);
    spbe_archive_node(f->archive, name);
}

/* As the logger does: anything wrong, and the database is opened anew. */
static apr_status_t try_once(files_t *f, const char **why)
{
    apr_status_t rv = APR_SUCCESS;
    int more = 1;

    if (f->database == NULL) {
        rv = spbe_database_open(&f->database, f->home, f->dsn,
                                SPBE_DATABASE_WRITE, f->own);
        f->index = rv == APR_SUCCESS
                       ? spbe_index_create(f->archive, f->database, f->own)
                       : NULL;
    }
    while (rv == APR_SUCCESS && more) {
        rv = spbe_index_follow(f->index, 100, apr_time_now() + 1, &more,
                               &f->counts);
    }
    if (rv != APR_SUCCESS) {
        *why = apr_pstrdup(pool, spbe_database_error(f->database));
        spbe_database_close(f->database);
        f->database = NULL;
    }
    return rv;
}

static void must_index(files_t *f)
{
    const char *why;

    if (try_once(f, &why) != APR_SUCCESS) {
        fail_msg("%s", why);
    }
}

static void must_fail(files_t *f, const char *says, int seconds)
{
    apr_time_t begin = apr_time_now();
    const char *why = "";

    assert_int_not_equal(try_once(f, &why), APR_SUCCESS);
    print_message("    %.1f s: %s\n",
                  (double)(apr_time_now() - begin) / 1000000, why);
    assert_true(apr_time_now() - begin < apr_time_from_sec(seconds));
    assert_non_null(strstr(why, says));
}

static void close_home(files_t *f)
{
    if (f->database != NULL) {
        spbe_database_close(f->database);
    }
    apr_pool_destroy(f->own);
}

static void write_records(files_t *f, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        const char *id = fill_id(made++, pool);
        const char *h = apr_psprintf(pool,
                                     "{\"id\":\"%s\",\"kind\":\"error\","
                                     "\"action\":\"replaced\"}",
                                     id);

        assert_int_equal(fill_append(f->archive,
                                     fill_lines(id, h, 5000, "k", "web1:1:1",
                                                (apr_uint64_t)made, pool),
                                     0, 99, pool),
                         APR_SUCCESS);
    }
}

static void has_records(const char *node, const char *n)
{
    assert_string_equal(
        sql(apr_psprintf(pool,
                         "SELECT count(*) FROM spbe_guard.records"
                         " WHERE node = '%s'",
                         node)),
        n);
    /* Each counted once. */
    assert_string_equal(
        sql(apr_psprintf(pool,
                         "SELECT coalesce(sum(n), 0) FROM"
                         " spbe_guard.day_counts WHERE node = '%s'",
                         node)),
        n);
}

static void opens(void **state)
{
    static const struct {
        const char *label, *dsn, *says;
    } tests[] = {
        {"another kind", "mysql:host=x", "named pgsql:"},
        {"nobody there", "pgsql:host=/nowhere dbname=x", "cannot open"},
        {"no such database", "pgsql:host=%s dbname=x user=postgres",
         "does not exist"},
        {"not made", "pgsql:host=%s dbname=postgres user=postgres",
         "not made yet"},
        {"an option that is none", "pgsql:hots=x", "cannot open"},
    };
    spbe_database_t *database;
    size_t i;

    NEED_SERVER();
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *dsn = strstr(tests[i].dsn, "%s") == NULL
                              ? tests[i].dsn
                              : apr_psprintf(pool, "pgsql:host=%s %s", first,
                                             strchr(tests[i].dsn, ' '));

        assert_int_not_equal(
            spbe_database_open(&database, dir, dsn, SPBE_DATABASE_WRITE, pool),
            APR_SUCCESS);
        print_message("%s: %s\n", tests[i].label,
                      spbe_database_error(database));
        assert_non_null(strstr(spbe_database_error(database), tests[i].says));
        assert_null(strstr(spbe_database_error(database), "\n"));
        spbe_database_close(database);
    }
    /* As an address, with hosts that are not there. */
    assert_int_equal(
        spbe_database_open(&database, dir,
                           apr_psprintf(pool,
                                        "pgsql:postgresql:///spbe_guard"
                                        "?host=/nowhere,%s&user="
                                        "spbe_guard_writer",
                                        first),
                           SPBE_DATABASE_WRITE, pool),
        APR_SUCCESS);
    spbe_database_close(database);
    /* Made by a newer version. */
    sql("UPDATE spbe_guard.meta SET value = '99' WHERE name = 'version'");
    assert_int_not_equal(spbe_database_open(&database, dir,
                                            dsn_of(first, "spbe_guard_owner"),
                                            SPBE_DATABASE_OWN, pool),
                         APR_SUCCESS);
    assert_non_null(strstr(spbe_database_error(database), "newer version"));
    spbe_database_close(database);
    sql("UPDATE spbe_guard.meta SET value = '3' WHERE name = 'version'");
    /* Anything but UTF-8. */
    pg_sql(first, "postgres",
           "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE"
           " 'C' TEMPLATE template0",
           pool);
    assert_int_not_equal(
        spbe_database_open(&database, dir,
                           apr_psprintf(pool,
                                        "pgsql:host=%s dbname=latin"
                                        " user=postgres",
                                        first),
                           SPBE_DATABASE_OWN, pool),
        APR_SUCCESS);
    assert_non_null(strstr(spbe_database_error(database), "UTF8"));
    spbe_database_close(database);
}

/* Several servers are installed at once. */
static void migrates_once(void **state)
{
    pid_t children[6];
    int i, status;

    NEED_SERVER();
    pg_sql(first, "postgres", "CREATE DATABASE many", pool);
    for (i = 0; i < 6; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            spbe_database_t *database;
            apr_status_t rv = spbe_database_open(
                &database, dir,
                apr_psprintf(pool, "pgsql:host=%s dbname=many user=postgres",
                             first),
                SPBE_DATABASE_OWN, pool);

            if (rv != APR_SUCCESS) {
                print_error("%s\n", spbe_database_error(database));
            }
            _exit(rv != APR_SUCCESS);
        }
    }
    for (i = 0; i < 6; i++) {
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
}

/* As itself, whatever the tool's connection would have set. */
static void must_be_refused(const char *user, const char *text, const char *why)
{
    static char answer[4096];
    FILE *pipe;
    size_t n;

    setenv("PG_SQL",
           apr_psprintf(pool,
                        "SET SESSION AUTHORIZATION %s;"
                        " SET search_path = spbe_guard; %s",
                        user, text),
           1);
    pipe = popen(apr_pstrcat(pool, "PGDATABASE=spbe_guard " PG_SCRIPT " sql ",
                             first, " \"$PG_SQL\" 2>&1", NULL),
                 "r");
    n = fread(answer, 1, sizeof(answer) - 1, pipe);
    answer[n] = '\0';
    pclose(pipe);
    if (strstr(answer, why) == NULL &&
        strstr(answer, "must be owner") == NULL) {
        fail_msg("%s: %s: %s", user, text, answer);
    }
}

static void roles(void **state)
{
    static const char *const forbidden_to_writer[] = {
        "DELETE FROM records",
        "TRUNCATE records",
        "UPDATE records SET h = 'x'",
        "UPDATE records SET id = 'x'",
        "UPDATE records SET node = 'x'",
        "UPDATE records SET ts = 0",
        "DROP TABLE records",
        "ALTER TABLE records ADD x TEXT",
        "ALTER TABLE records DISABLE TRIGGER ALL",
        "DELETE FROM additions",
        "DELETE FROM keys",
        "DELETE FROM groups",
        "TRUNCATE groups",
        "UPDATE groups SET hash = 'x'",
        "UPDATE groups SET group_no = 1",
        "DELETE FROM heads",
        "UPDATE heads SET hash = 'x'",
        "DELETE FROM nodes",
        "DELETE FROM anomalies",
        "DELETE FROM minute_counts",
        "DELETE FROM purges",
        "UPDATE meta SET value = '1'",
        "INSERT INTO meta (name, value) VALUES ('a', 'b')",
        "CREATE TABLE x (y TEXT)",
        "CREATE TEMPORARY TABLE x (y TEXT)",
        "CREATE SCHEMA x",
        "CREATE TABLE public.x (y TEXT)",
        "SET ROLE spbe_guard_owner",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        NULL,
    };
    static const char *const forbidden_to_reader[] = {
        "INSERT INTO heads (node, group_no, hash, ts) VALUES ('a', 1, 'b', 1)",
        "UPDATE records SET purged = 1",
        "DELETE FROM records",
        "UPDATE nodes SET position = 0",
        "INSERT INTO purges (node, id, ts, whole, place, behind)"
        " VALUES ('a', 'b', 1, 1, 1, 1)",
        "TRUNCATE tallied",
        "CREATE TABLE x (y TEXT)",
        "SELECT lo_create(0)",
        NULL,
    };
    static const struct {
        const char *user;
        const char *const *forbidden;
    } tests[] = {{"spbe_guard_writer", forbidden_to_writer},
                 {"spbe_guard_reader", forbidden_to_reader}};
    files_t f;
    size_t i;
    int k;

    NEED_SERVER();
    open_home(&f, "roles", dsn_of(first, "spbe_guard_writer"));
    write_records(&f, 3);
    must_index(&f);
    for (i = 0; i < 2; i++) {
        for (k = 0; tests[i].forbidden[k] != NULL; k++) {
            must_be_refused(tests[i].user, tests[i].forbidden[k],
                            "permission denied");
        }
        assert_string_equal(
            sql(apr_psprintf(pool,
                             "SET SESSION AUTHORIZATION %s;"
                             " SELECT count(*) FROM spbe_guard.records"
                             " WHERE node = 'roles'",
                             tests[i].user)),
            "3");
    }
    has_records("roles", "3");
    close_home(&f);
}

/* A role of its own for each server: none touches, or sees, what is of
 * another. */
static void apart(void **state)
{
    files_t f, g;

    NEED_SERVER();
    sql("CREATE ROLE web1 LOGIN IN ROLE spbe_guard_writer;"
        " CREATE ROLE web2 LOGIN IN ROLE spbe_guard_writer");
    open_home(&f, "apart", dsn_of(first, "web1"));
    write_records(&f, 3);
    must_index(&f);
    must_be_refused("web2",
                    "INSERT INTO groups (node, group_no, place, length, ts,"
                    " hash, body) VALUES ('apart', 4, 90000000, 1, 1, 'x', '')",
                    "row-level security");
    must_be_refused("web2",
                    "INSERT INTO nodes (node, writer) VALUES ('x', 'y')",
                    "permission denied");
    sql("SET SESSION AUTHORIZATION web2; SET search_path = spbe_guard;"
        " UPDATE nodes SET writer = 'web2';"
        " UPDATE nodes SET followed = 9000000000000000000 WHERE node = 'apart';"
        " UPDATE records SET place = 0, length = 0 WHERE node = 'apart';"
        " UPDATE day_counts SET n = 0 WHERE node = 'apart'");
    assert_string_equal(sql("SET SESSION AUTHORIZATION web2;"
                            " SELECT count(*) FROM spbe_guard.records"),
                        "0");
    open_home(&g, "apart2", dsn_of(first, "web2"));
    spbe_archive_node(g.archive, "apart");
    write_records(&g, 2);
    must_fail(&g, "written by another role", 5);
    close_home(&g);
    write_records(&f, 3);
    must_index(&f);
    has_records("apart", "6");
    /* And whoever may: what stands in the way is noticed. */
    sql("INSERT INTO spbe_guard.groups (node, group_no, place, length, ts,"
        " hash, body) VALUES ('apart', 7, 90000000, 1, 1, 'x', '')");
    write_records(&f, 1);
    must_fail(&f, "holds another group 7 of apart", 5);
    sql("DELETE FROM spbe_guard.groups WHERE hash = 'x'");
    sql("INSERT INTO spbe_guard.groups (node, group_no, place, length, ts,"
        " hash, body) SELECT 'apart', 99, followed, 1, 1, 'x', ''"
        " FROM spbe_guard.nodes WHERE node = 'apart'");
    must_fail(&f, "something else in its place", 5);
    sql("DELETE FROM spbe_guard.groups WHERE hash = 'x'");
    must_index(&f);
    has_records("apart", "7");
    close_home(&f);
}

/* All bytes from there, and where they are: segments leave room behind. */
static spbe_span_t read_from(const spbe_source_t *source, apr_uint64_t place)
{
    apr_uint64_t expected = (apr_uint64_t)-1;
    spbe_source_piece_t piece;
    spbe_buf_t out;

    spbe_buf_init(&out, 1 << 20, pool);
    assert_int_equal(source->seek(source->baton, place), APR_SUCCESS);
    while (source->next(source->baton, &piece) == APR_SUCCESS) {
        if (piece.offset != expected && piece.bytes.len > 0) {
            spbe_buf_printf(&out, "@%" APR_UINT64_T_FMT "\n", piece.offset);
        }
        spbe_buf_add(&out, piece.bytes);
        expected = piece.offset + piece.bytes.len;
    }
    return spbe_buf_span(&out);
}

/* An archive of any office, read from anywhere. */
static void source(void **state)
{
    spbe_source_t folder, shared;
    spbe_database_t *database;
    apr_uint64_t place;
    files_t f;

    NEED_SERVER();
    open_home(&f, "source", dsn_of(first, "spbe_guard_writer"));
    spbe_archive_limits(f.archive, 60000, apr_time_from_sec(86400));
    write_records(&f, 40);
    must_index(&f);
    assert_int_equal(spbe_database_open(&database, "/nowhere",
                                        dsn_of(first, "spbe_guard_reader"),
                                        SPBE_DATABASE_READ, f.own),
                     APR_SUCCESS);
    assert_int_equal(spbe_source_database(&shared, database, "nobody", f.own),
                     APR_ENOENT);
    assert_int_equal(spbe_source_folder(&folder, f.home, f.own), APR_SUCCESS);
    assert_int_equal(spbe_source_database(&shared, database, "source", f.own),
                     APR_SUCCESS);
    for (place = 0; place < 250000; place += 49999) {
        spbe_span_t a = read_from(&folder, place);

        assert_true(place > 0 || a.len > 200000);
        assert_true(spbe_span_eq(a, read_from(&shared, place)));
    }
    close_home(&f);
}

/* A machine rolled back, and one that was copied with its name. */
static void another_archive(void **state)
{
    files_t f, g;
    const char *home, *name;

    NEED_SERVER();
    open_home(&f, "twin", dsn_of(first, "spbe_guard_writer"));
    home = f.home;
    write_records(&f, 3);
    assert_int_equal(pg_run(apr_psprintf(pool, "cp -a %s %s.old", home, home)),
                     0);
    write_records(&f, 3);
    must_index(&f);
    close_home(&f);
    /* Rolled back: shorter, then longer again. */
    assert_int_equal(pg_run(apr_psprintf(pool, "rm -rf %s && mv %s.old %s",
                                         home, home, home)),
                     0);
    f = (files_t){.home = home, .dsn = dsn_of(first, "spbe_guard_writer")};
    apr_pool_create(&f.own, pool);
    assert_int_equal(
        spbe_archive_open(&f.archive, home, SPBE_ARCHIVE_WRITE, f.own),
        APR_SUCCESS);
    must_fail(&f, "has become shorter", 5);
    write_records(&f, 9);
    must_fail(&f, "is not the one that was indexed", 5);
    must_fail(&f, "is not the one that was indexed", 5);
    has_records("twin", "6");
    assert_string_equal(sql("SELECT head_group FROM spbe_guard.nodes"
                            " WHERE node = 'twin'"),
                        "6");
    assert_non_null(strstr(sql("SELECT trouble FROM spbe_guard.nodes"
                               " WHERE node = 'twin'"),
                           "is not the one"));
    /* Another machine with the same name. */
    open_home(&g, "twin2", dsn_of(first, "spbe_guard_writer"));
    spbe_archive_node(g.archive, "twin");
    write_records(&g, 12);
    must_fail(&g, "another archive is indexed under the name twin", 5);
    close_home(&g);
    has_records("twin", "6");
    /* Somebody has looked. */
    assert_int_equal(spbe_database_open(&g.database, home,
                                        dsn_of(first, "spbe_guard_owner"),
                                        SPBE_DATABASE_OWN, pool),
                     APR_SUCCESS);
    assert_int_equal(spbe_database_begin(g.database), APR_SUCCESS);
    assert_int_equal(spbe_nodes_set_aside(g.database, "twin", &name, pool),
                     APR_SUCCESS);
    assert_int_equal(spbe_database_commit(g.database), APR_SUCCESS);
    spbe_database_close(g.database);
    must_index(&f);
    has_records("twin", "12");
    has_records(name, "6");
    assert_string_equal(
        sql(apr_psprintf(pool,
                         "SELECT count(*) FROM spbe_guard.groups"
                         " WHERE node = '%s'",
                         name)),
        "6");
    close_home(&f);
}

static void full(void)
{
    sql("CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE disk_full USING MESSAGE ="
        " 'could not extend file: No space left on device'; END $$;"
        " CREATE TRIGGER no_room BEFORE INSERT ON spbe_guard.groups"
        " EXECUTE FUNCTION public.no_room()");
}

static void not_full(void)
{
    sql("DROP TRIGGER no_room ON spbe_guard.groups;"
        " DROP FUNCTION public.no_room()");
}

static void slow(void)
{
    sql("CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;"
        " CREATE TRIGGER slow BEFORE INSERT ON spbe_guard.records"
        " EXECUTE FUNCTION public.slow()");
}

static void not_slow(void)
{
    sql("DROP TRIGGER slow ON spbe_guard.records;"
        " DROP FUNCTION public.slow()");
}

static void lock(void)
{
    pg_run(apr_psprintf(pool,
                        "PGDATABASE=spbe_guard " PG_SCRIPT " sql %s 'BEGIN;"
                        " LOCK TABLE spbe_guard.records; SELECT pg_sleep(8);'"
                        " >/dev/null & sleep 0.5",
                        first));
}

static void wait_unlocked(void)
{
    sql("SELECT count(*) FROM spbe_guard.records");
}

static void stop(void)
{
    pg_do("stop", first, "", pool);
}

static void crash(void)
{
    pg_do("stop", first, "immediate", pool);
}

static void start(void)
{
    assert_int_equal(pg_do("start", first, "", pool), 0);
}

static void freeze(void)
{
    pg_do("freeze", first, "", pool);
}

static void thaw(void)
{
    pg_do("thaw", first, "", pool);
}

/* Whatever happens: an error in a bounded time, and nothing missing or twice
 * afterwards. */
static void troubles(void **state)
{
    static const struct {
        const char *label;
        void (*begin)(void), (*end)(void);
        const char *says;
        int seconds;
        int is_open; /* the connection is there when it begins */
    } tests[] = {
        {"down at the start", stop, start, "cannot open", 5, 0},
        {"stopped and started", stop, start, "", 5, 1},
        {"crashed and started", crash, start, "", 5, 1},
        {"frozen at the start", freeze, thaw, "cannot open", 8, 0},
        {"frozen", freeze, thaw, "does not answer", 20, 1},
        {"a table is locked", lock, wait_unlocked, "lock timeout", 7, 1},
        {"full", full, not_full, "No space left", 3, 1},
        {"slow", slow, not_slow, "statement timeout", 13, 1},
    };
    files_t f;
    size_t i;

    NEED_SERVER();
    open_home(&f, "troubles", dsn_of(first, "spbe_guard_writer"));
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        print_message("%s\n", tests[i].label);
        if (tests[i].is_open) {
            must_index(&f);
        }
        else if (f.database != NULL) {
            spbe_database_close(f.database);
            f.database = NULL;
        }
        write_records(&f, 5);
        tests[i].begin();
        must_fail(&f, tests[i].says, tests[i].seconds);
        tests[i].end();
        must_index(&f);
        has_records("troubles", apr_psprintf(pool, "%d", (int)(i + 1) * 5));
    }
    close_home(&f);
}

/* Each with its own archive, and two processes with the same one. */
static void many_at_once(void **state)
{
    enum { NODES = 4, RECORDS = 60 };
    pid_t children[2 * NODES];
    files_t f[NODES];
    int i, status;

    NEED_SERVER();
    for (i = 0; i < NODES; i++) {
        open_home(&f[i], apr_psprintf(pool, "many%d", i),
                  dsn_of(first, "spbe_guard_writer"));
        write_records(&f[i], RECORDS);
    }
    for (i = 0; i < 2 * NODES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            files_t *mine = &f[i % NODES];
            const char *why = "";
            apr_status_t rv = APR_SUCCESS;
            int more = 1;

            rv = spbe_database_open(&mine->database, mine->home, mine->dsn,
                                    SPBE_DATABASE_WRITE, mine->own);
            mine->index =
                spbe_index_create(mine->archive, mine->database, mine->own);
            while (rv == APR_SUCCESS && more) {
                rv = spbe_index_follow(mine->index, 7, 0, &more, &mine->counts);
            }
            why = spbe_database_error(mine->database);
            if (rv != APR_SUCCESS) {
                print_error("%s\n", why);
            }
            _exit(rv != APR_SUCCESS);
        }
    }
    for (i = 0; i < 2 * NODES; i++) {
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    for (i = 0; i < NODES; i++) {
        has_records(apr_psprintf(pool, "many%d", i), "60");
        close_home(&f[i]);
    }
}

static int count_row(void *baton, const spbe_row_t *row, apr_pool_t *scratch)
{
    assert_non_null(row->id);
    assert_non_null(row->node);
    (*(int *)baton)++;
    return 0;
}

static int count_node(void *baton, const spbe_nodes_one_t *node,
                      apr_pool_t *scratch)
{
    assert_true(node->head.group > 0);
    assert_true(node->followed > 0);
    (*(int *)baton)++;
    return 0;
}

static int count_head(void *baton, const spbe_head_t *head, apr_pool_t *scratch)
{
    (*(int *)baton)++;
    return head->group == 0;
}

/* Every question that the tool asks. */
static void queries(void **state)
{
    static const struct {
        spbe_filter_t filter;
        int n; /* -1: all */
    } tests[] = {
        {{.limit = 0}, -1},
        {{.limit = 3}, 3},
        {{.limit = 201}, 201},
        {{.node = "many0"}, 60},
        {{.node = "many0", .kind = "error", .folded = 1}, 60},
        {{.since = 1, .until = APR_INT64_C(9000000000000000)}, -1},
        {{.until = 1}, 0},
        {{.id = "x' OR '1'='1"}, 0},
        {{.ref = "a"}, 0},
        {{.class_name = "a", .application = "b", .fingerprint = "c"}, 0},
        {{.severity = "a", .responsible = "b", .route = "c"}, 0},
    };
    spbe_database_t *database;
    int rows;
    size_t i;
    long all;

    NEED_SERVER();
    assert_int_equal(spbe_database_open(&database, dir,
                                        dsn_of(first, "spbe_guard_reader"),
                                        SPBE_DATABASE_READ, pool),
                     APR_SUCCESS);
    assert_int_equal(spbe_query_count(database, &all, pool), APR_SUCCESS);
    assert_true(all > 240);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        rows = 0;
        if (spbe_query_records(database, &tests[i].filter, count_row, &rows,
                               pool) != APR_SUCCESS) {
            fail_msg("row %zu: %s", i, spbe_database_error(database));
        }
        assert_int_equal(rows, tests[i].n == -1 ? all : tests[i].n);
    }
    rows = 0;
    assert_int_equal(spbe_query_more(database, "a", count_row, &rows, pool),
                     APR_SUCCESS);
    assert_int_equal(
        spbe_query_key(database, "many0", "a", count_row, &rows, pool),
        APR_SUCCESS);
    assert_int_equal(rows, 0);
    assert_int_equal(spbe_nodes_read(database, count_node, &rows, pool),
                     APR_SUCCESS);
    assert_true(rows >= 4);
    rows = 0;
    assert_int_equal(
        spbe_nodes_heads(database, "many0", 1, count_head, &rows, pool),
        APR_SUCCESS);
    assert_true(rows >= 1);
    spbe_database_close(database);
}

static int sum_up(void *baton, const spbe_count_t *count, apr_pool_t *scratch)
{
    assert_string_equal(count->kind, "error");
    assert_string_equal(count->action, "replaced");
    *(apr_int64_t *)baton += count->n;
    return 0;
}

/* A standby takes over; what it had not received yet is indexed again. */
static void fail_over(void **state)
{
    const char *hosts = apr_pstrcat(pool, first, ",", second, NULL);
    spbe_counts_filter_t filter = {.by_day = 1, .node = "moved"};
    spbe_database_t *database;
    apr_int64_t n = 0;
    files_t f;

    NEED_SERVER();
    assert_int_equal(pg_do("standby", second, first, pool), 0);
    open_home(&f, "moved", dsn_of(hosts, "spbe_guard_writer"));
    write_records(&f, 5);
    must_index(&f);
    has_records("moved", "5");
    write_records(&f, 5);
    pg_do("stop", first, "immediate", pool);
    must_fail(&f, "", 5);
    /* The standby takes no writes: nothing is tried there. */
    must_fail(&f, "cannot open", 8);
    assert_int_equal(pg_do("promote", second, "", pool), 0);
    must_index(&f);
    write_records(&f, 2);
    must_index(&f);
    close_home(&f);
    assert_int_equal(spbe_database_open(&database, dir,
                                        dsn_of(hosts, "spbe_guard_reader"),
                                        SPBE_DATABASE_READ, pool),
                     APR_SUCCESS);
    assert_int_equal(spbe_counts_read(database, &filter, sum_up, &n, pool),
                     APR_SUCCESS);
    assert_int_equal(n, 12);
    spbe_database_close(database);
    pg_do("stop", second, "immediate", pool);
    assert_int_equal(pg_do("start", first, "", pool), 0);
}

static int make_database(void)
{
    spbe_database_t *database;
    int code = pg_run(apr_psprintf(
        pool, PG_SCRIPT " file %s conf/samples/postgresql.sql >/dev/null",
        first));

    if (code != 0) {
        return code;
    }
    if (spbe_database_open(&database, dir, dsn_of(first, "spbe_guard_owner"),
                           SPBE_DATABASE_OWN, pool) != APR_SUCCESS) {
        print_error("%s\n", spbe_database_error(database));
        return 1;
    }
    spbe_database_close(database);
    return 0;
}

static int setup(void **state)
{
    int code;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    chmod(dir, 0755);
    first = apr_pstrcat(pool, dir, "/a", NULL);
    second = apr_pstrcat(pool, dir, "/b", NULL);
    code = pg_do("start", first, "", pool);
    if (code == 77) {
        return 0;
    }
    is_installed = 1;
    return code != 0 || make_database();
}

static int teardown(void **state)
{
    if (is_installed) {
        pg_do("stop", first, "immediate", pool);
        pg_do("stop", second, "immediate", pool);
    }
    pg_run(apr_pstrcat(pool, "rm -rf ", dir, NULL));
    apr_pool_destroy(pool);
    /* No apr_terminate: it would unload libpq and all that comes with it,
     * which the leak checker does not survive. */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens),    cmocka_unit_test(migrates_once),
        cmocka_unit_test(roles),    cmocka_unit_test(apart),
        cmocka_unit_test(source),   cmocka_unit_test(another_archive),
        cmocka_unit_test(troubles), cmocka_unit_test(many_at_once),
        cmocka_unit_test(queries),  cmocka_unit_test(fail_over),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
