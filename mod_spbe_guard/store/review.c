/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/review.c - sums over the Database Log. See review.h.
 */
#include "store/review.h"

#include <string.h>
#include <apr_strings.h>
#include "store/select.h"
#include "text/buf.h"

#define LIMIT 5000

static const char *const attacks[] = {
    "double-encoding",
    "control-character",
    "invisible-character",
    "path-ambiguous",
    "header",
    "framing",
    "multipart-boundary",
    "multipart-header",
    "multipart-charset",
    "json-surrogate",
    "json-depth",
    "xml-entity",
    NULL,
};

int spbe_review_is_attack(const char *reason)
{
    int i;

    for (i = 0; reason != NULL && attacks[i] != NULL; i++) {
        if (strcmp(attacks[i], reason) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One argument: since. */
static void add_attackers(spbe_buf_t *sql)
{
    int i;

    spbe_buf_adds(sql, "WITH attackers AS (SELECT client FROM anomalies"
                       " WHERE ts >= CAST(%s AS BIGINT)"
                       " AND client IS NOT NULL GROUP BY client HAVING"
                       " count(CASE WHEN event ="
                       " 'malicious_direct_reference' THEN 1 END) > 0"
                       " OR count(DISTINCT CASE WHEN reason = 'http-404'"
                       " THEN route END) >= 20"
                       " OR count(DISTINCT CASE WHEN reason IN (");
    for (i = 0; attacks[i] != NULL; i++) {
        spbe_buf_printf(sql, "%s'%s'", i > 0 ? ", " : "", attacks[i]);
    }
    spbe_buf_adds(sql, ") THEN coalesce(route, '') || ' ' ||"
                       " coalesce(place, '') || ' ' ||"
                       " coalesce(field, '') END) >= 3) ");
}

static apr_int64_t to_number(const char *text)
{
    return text == NULL ? 0 : apr_atoi64(text);
}

/* One query about findings, and who gets its rows. */
typedef struct asking {
    spbe_review_row_fn *row;
    spbe_review_sum_fn *sum;
    spbe_review_tally_fn *tally;
    void *baton;
    int by_day;
} asking_t;

static int on_row(void *baton, const char *const *v, apr_pool_t *pool)
{
    const asking_t *asking = baton;
    spbe_review_row_t row = {
        .application = v[0],
        .route = v[1],
        .place = v[2],
        .field = v[3],
        .reason = v[4],
        .keyword = v[5],
        .wanted = v[6],
        .requests = to_number(v[7]),
        .refused = to_number(v[8]),
        .attackers = to_number(v[9]),
        .clients = to_number(v[10]),
        .first = to_number(v[11]),
        .last = to_number(v[12]),
        .example = v[13],
    };

    return asking->row(asking->baton, &row, pool);
}

static int on_sum(void *baton, const char *const *v, apr_pool_t *pool)
{
    const asking_t *asking = baton;
    spbe_review_sum_t sum = {
        .application = v[0],
        .reject = to_number(v[1]),
        .refused = to_number(v[2]),
        .attackers = to_number(v[3]),
        .clients = to_number(v[4]),
        .log = to_number(v[5]),
    };

    return asking->sum(asking->baton, &sum, pool);
}

static int on_tally(void *baton, const char *const *v, apr_pool_t *pool)
{
    const asking_t *asking = baton;
    spbe_review_tally_t tally = {
        .application = v[0],
        .route = v[1],
        .day = asking->by_day ? v[2] : NULL,
        .days = to_number(v[3]),
    };
    int i = 4;

#define X(name, text) tally.counts.name = (apr_uint64_t)to_number(v[i++]);
    SPBE_TALLIES_COUNTS(X)
#undef X
    return asking->tally(asking->baton, &tally, pool);
}

/* Of class input, from since on, of that application; two or three arguments.
 */
static const char *query(const char *columns, const char *application,
                         const char *rest, apr_pool_t *pool)
{
    spbe_buf_t sql;

    spbe_buf_init(&sql, 2048, pool);
    add_attackers(&sql);
    spbe_buf_adds(&sql, columns);
    spbe_buf_adds(&sql, " FROM anomalies WHERE class = 'input'"
                        " AND ts >= CAST(%s AS BIGINT)");
    spbe_buf_adds(&sql, application == NULL ? "" : " AND application = %s");
    spbe_buf_adds(&sql, rest);
    spbe_buf_printf(&sql, " LIMIT %d", LIMIT);
    return spbe_buf_cstr(&sql);
}

static apr_status_t ask(spbe_database_t *database, const char *sql,
                        const char *application, apr_time_t since, int columns,
                        spbe_select_row_t *fn, asking_t *asking,
                        apr_pool_t *pool)
{
    const char *from = apr_psprintf(pool, "%" APR_TIME_T_FMT, since);
    const char *args[] = {from, from, application};

    return spbe_select(database, sql, application == NULL ? 2 : 3, args,
                       columns, fn, asking, pool);
}

apr_status_t spbe_review_rows(spbe_database_t *database,
                              const char *application, apr_time_t since,
                              spbe_review_row_fn *fn, void *baton,
                              apr_pool_t *pool)
{
    asking_t asking = {.row = fn, .baton = baton};
    const char *sql = query(
        "SELECT application, route, place, field, reason, keyword, wanted,"
        " sum(n), sum(CASE WHEN action = 'refused' THEN n ELSE 0 END),"
        " sum(CASE WHEN client IN (SELECT client FROM attackers) THEN n ELSE 0 "
        "END),"
        " count(DISTINCT client), min(ts), max(ts),"
        " max(CASE WHEN part_of IS NULL AND n = 1 THEN id END)",
        application,
        " GROUP BY application, route, place, field, reason, keyword, wanted"
        " ORDER BY coalesce(application, ''), sum(n) DESC,"
        " coalesce(route, ''), reason, coalesce(field, '')",
        pool);

    return ask(database, sql, application, since, 14, on_row, &asking, pool);
}

apr_status_t spbe_review_sums(spbe_database_t *database,
                              const char *application, apr_time_t since,
                              spbe_review_sum_fn *fn, void *baton,
                              apr_pool_t *pool)
{
    asking_t asking = {.sum = fn, .baton = baton};
    const char *sql = query(
        "SELECT application,"
        " sum(CASE WHEN wanted = 'reject' THEN n ELSE 0 END),"
        " sum(CASE WHEN action = 'refused' THEN n ELSE 0 END),"
        " sum(CASE WHEN wanted = 'reject' AND client IN (SELECT client FROM "
        "attackers) THEN n"
        " ELSE 0 END),"
        " count(DISTINCT CASE WHEN wanted = 'reject'"
        " AND client NOT IN (SELECT client FROM attackers) THEN client END),"
        " sum(CASE WHEN wanted = 'log' THEN n ELSE 0 END)",
        application,
        " AND part = 0 GROUP BY application"
        " ORDER BY coalesce(application, '')",
        pool);

    return ask(database, sql, application, since, 6, on_sum, &asking, pool);
}

apr_status_t spbe_review_tallies(spbe_database_t *database,
                                 const char *application, const char *since_day,
                                 int by_day, spbe_review_tally_fn *fn,
                                 void *baton, apr_pool_t *pool)
{
    asking_t asking = {.tally = fn, .baton = baton, .by_day = by_day};
    const char *args[] = {since_day, application};
    const char *sql = apr_psprintf(
        pool,
        "SELECT application, route, max(day), count(DISTINCT day), "
        "sum(received),"
        " sum(client_pages), sum(valid), sum(refused), sum(logged)"
        " FROM tallies WHERE day >= %%s%s GROUP BY application, route%s"
        " ORDER BY %sapplication, sum(received) DESC, route LIMIT %d",
        application == NULL ? "" : " AND application = %s",
        by_day ? ", day" : "", by_day ? "day DESC, " : "", LIMIT);

    return spbe_select(database, sql, application == NULL ? 1 : 2, args, 9,
                       on_tally, &asking, pool);
}

static int on_behind(void *baton, const char *const *v, apr_pool_t *pool)
{
    int *behind = baton;

    *behind = to_number(v[0]) > to_number(v[1]);
    return 1;
}

apr_status_t spbe_review_behind(spbe_database_t *database, apr_time_t since,
                                int *behind, apr_pool_t *pool)
{
    const char *args[] = {apr_psprintf(pool, "%" APR_TIME_T_FMT, since)};

    *behind = 0;
    return spbe_select(database,
                       "SELECT max(ts), (SELECT max(ts) FROM tallied)"
                       " FROM anomalies WHERE class = 'input'"
                       " AND ts >= CAST(%s AS BIGINT) LIMIT 1",
                       1, args, 2, on_behind, behind, pool);
}
