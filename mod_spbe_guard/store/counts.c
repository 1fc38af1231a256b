/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/counts.c - how many requests of which kind. See counts.h.
 */
#include "store/counts.h"

#include <apr_strings.h>
#include "store/database_int.h"
#include "store/select.h"
#include "text/buf.h"

#define MINUTE apr_time_from_sec(60)
#define DAY apr_time_from_sec(86400)
#define LIMIT 10000
#define ARGS 5

/* What is counted together in one transaction. */
typedef struct sum {
    apr_int64_t minute, n;
    const char *application, *kind, *class_name, *action, *severity;
} sum_t;

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* Also for times before 1970, which a writer may claim. */
static apr_int64_t floor_div(apr_int64_t value, apr_int64_t by)
{
    return value / by - (value % by < 0);
}

void spbe_counts_add(spbe_database_t *database, const spbe_row_t *row)
{
    apr_pool_t *pool = database->scratch;
    apr_int64_t minute = floor_div(row->ts, MINUTE);
    const char *key = apr_psprintf(
        pool, "%" APR_INT64_T_FMT "\n%s\n%s\n%s\n%s\n%s", minute,
        or_empty(row->application), row->kind, or_empty(row->class_name),
        or_empty(row->action), or_empty(row->severity));
    sum_t *sum;

    if (database->counts == NULL) {
        database->counts = apr_hash_make(pool);
    }
    sum = apr_hash_get(database->counts, key, APR_HASH_KEY_STRING);
    if (sum == NULL) {
        sum = apr_pcalloc(pool, sizeof(*sum));
        *sum = (sum_t){
            .minute = minute,
            .application = apr_pstrdup(pool, or_empty(row->application)),
            .kind = apr_pstrdup(pool, row->kind),
            .class_name = apr_pstrdup(pool, or_empty(row->class_name)),
            .action = apr_pstrdup(pool, or_empty(row->action)),
            .severity = apr_pstrdup(pool, or_empty(row->severity))};
        apr_hash_set(database->counts, key, APR_HASH_KEY_STRING, sum);
    }
    sum->n += row->n;
}

static apr_status_t write_sum(spbe_database_t *database, int statement,
                              apr_int64_t when, const sum_t *sum)
{
    const char *args[] = {
        database->node,   spbe_database_digits(database, when),
        sum->application, sum->kind,
        sum->class_name,  sum->action,
        sum->severity,    spbe_database_digits(database, sum->n),
    };
    int rows;

    return spbe_database_exec(database, statement,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

apr_status_t spbe_counts_flush(spbe_database_t *database)
{
    apr_status_t rv = APR_SUCCESS;
    apr_hash_index_t *hi;

    if (database->counts == NULL) {
        return APR_SUCCESS;
    }
    for (hi = apr_hash_first(NULL, database->counts);
         hi != NULL && rv == APR_SUCCESS; hi = apr_hash_next(hi)) {
        const sum_t *sum = apr_hash_this_val(hi);

        rv = write_sum(database, SPBE_STMT_COUNT_MINUTE, sum->minute, sum);
        if (rv == APR_SUCCESS) {
            rv = write_sum(database, SPBE_STMT_COUNT_DAY,
                           floor_div(sum->minute, DAY / MINUTE), sum);
        }
    }
    database->counts = NULL;
    return rv;
}

/* reading */

typedef struct reading {
    spbe_counts_row_t *row;
    void *baton;
    apr_interval_time_t unit;
} reading_t;

static int on_row(void *baton, const char *const *v, apr_pool_t *pool)
{
    const reading_t *reading = baton;
    spbe_count_t count = {.from = apr_atoi64(v[0]) * reading->unit,
                          .application = v[1],
                          .kind = v[2],
                          .class_name = v[3],
                          .action = v[4],
                          .severity = v[5],
                          .n = apr_atoi64(v[6])};

    return reading->row(reading->baton, &count, pool);
}

typedef struct query {
    spbe_buf_t sql;
    const char *args[ARGS];
    int n;
} query_t;

static void add(query_t *query, const char *condition, const char *value)
{
    if (value != NULL) {
        spbe_buf_adds(&query->sql, condition);
        query->args[query->n++] = value;
    }
}

static const char *unit_of(apr_time_t time, apr_interval_time_t unit,
                           apr_pool_t *pool)
{
    return time == 0
               ? NULL
               : apr_psprintf(pool, "%" APR_INT64_T_FMT, floor_div(time, unit));
}

apr_status_t spbe_counts_read(spbe_database_t *database,
                              const spbe_counts_filter_t *filter,
                              spbe_counts_row_t *row, void *baton,
                              apr_pool_t *pool)
{
    const char *unit = filter->by_day ? "day" : "minute";
    reading_t reading = {
        .row = row, .baton = baton, .unit = filter->by_day ? DAY : MINUTE};
    query_t q = {.n = 0};

    spbe_buf_init(&q.sql, 512, pool);
    spbe_buf_printf(&q.sql,
                    "SELECT %s, application, kind, class, action, severity,"
                    " sum(n) FROM %s_counts WHERE 1 = 1",
                    unit, unit);
    add(&q,
        filter->by_day ? " AND day >= CAST(%s AS BIGINT)"
                       : " AND minute >= CAST(%s AS BIGINT)",
        unit_of(filter->from, reading.unit, pool));
    add(&q,
        filter->by_day ? " AND day < CAST(%s AS BIGINT)"
                       : " AND minute < CAST(%s AS BIGINT)",
        unit_of(filter->to, reading.unit, pool));
    add(&q, " AND node = %s", filter->node);
    add(&q, " AND application = %s", filter->application);
    add(&q, " AND kind = %s", filter->kind);
    spbe_buf_printf(&q.sql,
                    " GROUP BY %s, application, kind, class, action, severity"
                    " ORDER BY %s DESC, application, kind, class, action,"
                    " severity LIMIT %ld",
                    unit, unit, filter->limit > 0 ? filter->limit : LIMIT);
    return spbe_select(database, spbe_buf_cstr(&q.sql), q.n, q.args, 7, on_row,
                       &reading, pool);
}
