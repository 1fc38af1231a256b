/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/query.c - reading the index. See query.h.
 */
#include "store/query.h"

#include <apr_strings.h>
#include "store/database_int.h"
#include "text/buf.h"

#define PAGE 200
#define ARGS 20
#define BIG "CAST(%s AS BIGINT)"
#define COLUMNS                                                                \
    "id, ref, ts, kind, severity, class, responsible, application, route,"     \
    " fingerprint, status_in, status_out, leak_sent, h, writer, seq, place,"   \
    " length, complete, node, key_id, purged"

typedef struct page {
    const char *sql;
    const char *args[ARGS];
    int n;
} page_t;

typedef struct walk {
    spbe_database_t *database;
    spbe_query_row_t *row;
    void *baton;
    apr_time_t last_ts; /* of the last row returned, to go on from */
    char last_id[80];
    int any;
    int stopped;
} walk_t;

static apr_int64_t to_number(const char *text)
{
    return text == NULL ? 0 : apr_atoi64(text);
}

static const char *entry(walk_t *w, apr_dbd_row_t *row, int column)
{
    return spbe_database_entry(w->database, row, column);
}

static void read_row(walk_t *w, apr_dbd_row_t *row, spbe_row_t *out)
{
    *out = (spbe_row_t){
        .id = entry(w, row, 0),
        .ref = entry(w, row, 1),
        .ts = to_number(entry(w, row, 2)),
        .kind = entry(w, row, 3),
        .severity = entry(w, row, 4),
        .class_name = entry(w, row, 5),
        .responsible = entry(w, row, 6),
        .application = entry(w, row, 7),
        .route = entry(w, row, 8),
        .fingerprint = entry(w, row, 9),
        .status_in = (int)to_number(entry(w, row, 10)),
        .status_out = (int)to_number(entry(w, row, 11)),
        .leak_sent = (apr_uint64_t)to_number(entry(w, row, 12)),
        .h = entry(w, row, 13),
        .writer = entry(w, row, 14),
        .seq = (apr_uint64_t)to_number(entry(w, row, 15)),
        .offset = (apr_uint64_t)to_number(entry(w, row, 16)),
        .length = (apr_uint64_t)to_number(entry(w, row, 17)),
        .complete = to_number(entry(w, row, 18)) != 0,
        .node = entry(w, row, 19),
        .key = entry(w, row, 20),
        .purged = (int)to_number(entry(w, row, 21)),
    };
}

/* Runs one page; *rows is how many it had. The driver wants every row read. */
static apr_status_t run_page(walk_t *w, const page_t *page, long *rows,
                             apr_pool_t *pool)
{
    spbe_database_t *db = w->database;
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    apr_pool_t *scratch;
    apr_status_t rv;

    *rows = 0;
    rv = spbe_database_ask(db, page->sql, page->n, page->args, &results, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_create(&scratch, pool);
    while (apr_dbd_get_row(db->driver, pool, results, &row, -1) != -1) {
        spbe_row_t out;

        (*rows)++;
        if (w->stopped) {
            continue;
        }
        read_row(w, row, &out);
        w->last_ts = out.ts;
        apr_cpystrn(w->last_id, out.id, sizeof(w->last_id));
        w->any = 1;
        w->stopped = w->row(w->baton, &out, scratch);
        apr_pool_clear(scratch);
    }
    return APR_SUCCESS;
}

static void add_condition(spbe_buf_t *sql, page_t *page, const char *condition,
                          const char *value)
{
    if (value != NULL) {
        spbe_buf_adds(sql, " AND ");
        spbe_buf_adds(sql, condition);
        page->args[page->n++] = value;
    }
}

static void add_time(spbe_buf_t *sql, page_t *page, const char *condition,
                     apr_time_t time, apr_pool_t *pool)
{
    if (time != 0) {
        add_condition(sql, page, condition,
                      apr_psprintf(pool, "%" APR_TIME_T_FMT, time));
    }
}

static void make_page(const walk_t *w, const spbe_filter_t *filter, long max,
                      page_t *page, apr_pool_t *pool)
{
    spbe_buf_t sql;
    const char *last;

    *page = (page_t){.n = 0};
    spbe_buf_init(&sql, 512, pool);
    spbe_buf_adds(&sql, "SELECT " COLUMNS " FROM records WHERE 1 = 1");
    add_condition(&sql, page, "id = %s", filter->id);
    add_condition(&sql, page, "ref = %s", filter->ref);
    add_condition(&sql, page, "kind = %s", filter->kind);
    add_condition(&sql, page, "class = %s", filter->class_name);
    add_condition(&sql, page, "application = %s", filter->application);
    add_condition(&sql, page, "fingerprint = %s", filter->fingerprint);
    add_condition(&sql, page, "node = %s", filter->node);
    add_condition(&sql, page, "severity = %s", filter->severity);
    add_condition(&sql, page, "responsible = %s", filter->responsible);
    add_condition(&sql, page, "route = %s", filter->route);
    add_time(&sql, page, "ts >= " BIG, filter->since, pool);
    add_time(&sql, page, "ts < " BIG, filter->until, pool);
    if (filter->folded) {
        spbe_buf_adds(&sql, " AND (ref IS NULL OR NOT EXISTS (SELECT 1 FROM"
                            " anomalies WHERE anomalies.node = records.node"
                            " AND anomalies.id = records.id AND part = 0 AND "
                            "part_of IS NOT NULL))");
    }
    if (w->any) {
        last = apr_psprintf(pool, "%" APR_TIME_T_FMT, w->last_ts);
        add_condition(&sql, page, "ts <= " BIG, last);
        add_condition(&sql, page, "(ts < " BIG, last);
        spbe_buf_adds(&sql, " OR id < %s)");
        page->args[page->n++] = w->last_id;
    }
    spbe_buf_printf(&sql, " ORDER BY ts DESC, id DESC LIMIT %ld", max);
    page->sql = spbe_buf_cstr(&sql);
}

apr_status_t spbe_query_records(spbe_database_t *database,
                                const spbe_filter_t *filter,
                                spbe_query_row_t *row, void *baton,
                                apr_pool_t *pool)
{
    walk_t w = {.database = database, .row = row, .baton = baton};
    long left = filter->limit, rows;
    apr_status_t rv;

    do {
        long max = filter->limit > 0 && left < PAGE ? left : PAGE;
        apr_pool_t *scratch;
        page_t page;

        apr_pool_create(&scratch, pool);
        make_page(&w, filter, max, &page, scratch);
        rv = run_page(&w, &page, &rows, scratch);
        apr_pool_destroy(scratch);
        left -= rows;
        if (rows < max) {
            break;
        }
    } while (rv == APR_SUCCESS && !w.stopped &&
             (filter->limit == 0 || left > 0));
    return rv;
}

/* All there is, in one page. */
static apr_status_t read_all(spbe_database_t *database, const page_t *page,
                             spbe_query_row_t *row, void *baton,
                             apr_pool_t *pool)
{
    walk_t w = {.database = database, .row = row, .baton = baton};
    apr_pool_t *scratch;
    apr_status_t rv;
    long rows;

    apr_pool_create(&scratch, pool);
    rv = run_page(&w, page, &rows, scratch);
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t spbe_query_more(spbe_database_t *database, const char *id,
                             spbe_query_row_t *row, void *baton,
                             apr_pool_t *pool)
{
    page_t page = {
        .sql = "SELECT id, NULL, ts, 'more', NULL, NULL, NULL, NULL, NULL,"
               " NULL, NULL, status_out, 0, h, writer, seq, place, length,"
               " complete, node, key_id, purged FROM additions WHERE id = %s"
               " ORDER BY ts, writer, seq LIMIT 200",
        .args = {id},
        .n = 1,
    };
    return read_all(database, &page, row, baton, pool);
}

apr_status_t spbe_query_key(spbe_database_t *database, const char *node,
                            const char *key, spbe_query_row_t *row, void *baton,
                            apr_pool_t *pool)
{
    page_t page = {
        .sql = "SELECT key_id, NULL, ts, 'key', NULL, NULL, NULL, NULL, NULL,"
               " NULL, NULL, NULL, 0, '', writer, seq, place, length,"
               " 1, node, NULL, 0 FROM keys WHERE key_id = %s AND node = %s"
               " ORDER BY place DESC, writer, seq LIMIT 10000",
        .args = {key, node},
        .n = 2,
    };

    return read_all(database, &page, row, baton, pool);
}

apr_status_t spbe_query_count(spbe_database_t *database, long *count,
                              apr_pool_t *pool)
{
    apr_int64_t n;
    apr_status_t rv;

    apr_pool_clear(database->scratch);
    rv = spbe_database_number(database, "SELECT count(*) FROM records", &n);
    *count = (long)n;
    return rv;
}
