/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/anomalies.c - the Database Log in the index. See anomalies.h.
 */
#include "store/anomalies.h"

#include <limits.h>
#include <string.h>
#include <apr_strings.h>
#include "store/database_int.h"
#include "store/row.h"
#include "text/json.h"

#define PARTS_MAX 50
#define COUNT_MAX 1000000000u
/* The same tally stands in the archive twice when the logger was killed, or
 * when it was left in a spill file for some days. */
#define REMEMBER apr_time_from_sec(7 * 86400)

/* What is looked for in h. */
typedef struct reader {
    spbe_anomaly_row_t *row;
    spbe_tally_row_t *tally;
    apr_array_header_t *also; /* const char * */
    apr_uint64_t count, total;
    apr_pool_t *pool;
} reader_t;

static const char **text_column(reader_t *reader, spbe_span_t name)
{
    spbe_anomaly_row_t *row = reader->row;
    const struct {
        spbe_span_t name;
        const char **value;
    } columns[] = {
        {SPBE_SPAN("event"), &row->event},
        {SPBE_SPAN("reason"), &row->reason},
        {SPBE_SPAN("keyword"), &row->keyword},
        {SPBE_SPAN("place"), &row->place},
        {SPBE_SPAN("field"), &row->field},
        {SPBE_SPAN("wanted"), &row->wanted},
        {SPBE_SPAN("action"), &row->action},
        {SPBE_SPAN("client"), &row->client},
        {SPBE_SPAN("of"), &row->part_of},
        {SPBE_SPAN("day"), &reader->tally->day},
    };
    size_t i;

    for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (spbe_span_eq(name, columns[i].name)) {
            return columns[i].value;
        }
    }
    return NULL;
}

static apr_uint64_t *number_column(reader_t *reader, spbe_span_t name)
{
    if (spbe_span_eq(name, SPBE_SPAN("count"))) {
        return &reader->count;
    }
    if (spbe_span_eq(name, SPBE_SPAN("total"))) {
        return &reader->total;
    }
#define X(member, text)                                                        \
    if (spbe_span_eq(name, SPBE_SPAN(#member))) {                              \
        return &reader->tally->counts.member;                                  \
    }
    SPBE_TALLIES_COUNTS(X)
#undef X
    return NULL;
}

/* 1: the array was read to its end. */
static int read_also(reader_t *reader, spbe_json_t *json)
{
    spbe_json_token_t token;

    while (spbe_json_next(json, &token) == SPBE_OK) {
        if (token.type == SPBE_JSON_ARRAY_END) {
            return 1;
        }
        if (token.type == SPBE_JSON_STRING && reader->also->nelts < PARTS_MAX) {
            APR_ARRAY_PUSH(reader->also, const char *) =
                spbe_row_text(token.text, reader->pool);
        }
        if (spbe_json_skip(json, &token) != SPBE_OK) {
            return 0;
        }
    }
    return 0;
}

/* 1: go on. */
static int take_member(reader_t *reader, spbe_json_t *json, spbe_span_t name,
                       const spbe_json_token_t *token)
{
    unsigned long long value;
    apr_uint64_t *number;
    const char **column;

    if (token->type == SPBE_JSON_ARRAY &&
        spbe_span_eq(name, SPBE_SPAN("also"))) {
        return read_also(reader, json);
    }
    number =
        token->type == SPBE_JSON_NUMBER ? number_column(reader, name) : NULL;
    if (number != NULL && spbe_json_unsigned(token->text, COUNT_MAX, &value)) {
        *number = value;
    }
    column = token->type == SPBE_JSON_STRING ? text_column(reader, name) : NULL;
    if (column != NULL) {
        *column = spbe_row_text(token->text, reader->pool);
    }
    return spbe_json_skip(json, token) == SPBE_OK;
}

static void read_h(reader_t *reader, const char *h)
{
    spbe_json_t json;
    spbe_json_token_t name, token;

    spbe_json_init(&json, spbe_span_from(h));
    if (spbe_json_next(&json, &token) != SPBE_OK ||
        token.type != SPBE_JSON_OBJECT) {
        return;
    }
    while (spbe_json_next(&json, &name) == SPBE_OK &&
           name.type == SPBE_JSON_NAME &&
           spbe_json_next(&json, &token) == SPBE_OK &&
           take_member(reader, &json, name.text, &token)) {
    }
}

static const char *take_part(spbe_span_t *rest, char sep, apr_pool_t *pool)
{
    spbe_span_t part = sep == '\0' ? *rest : spbe_span_cut(rest, sep);

    return part.len == 0 ? NULL : spbe_span_dup(part, pool);
}

/* "wanted|reason|keyword|place|field" */
static void add_other(apr_array_header_t *rows, const char *text,
                      apr_pool_t *pool)
{
    spbe_anomaly_row_t row = APR_ARRAY_IDX(rows, 0, spbe_anomaly_row_t);
    spbe_span_t rest = spbe_span_from(text);

    row.part = rows->nelts;
    row.event = NULL;
    row.wanted = take_part(&rest, '|', pool);
    row.reason = take_part(&rest, '|', pool);
    row.keyword = take_part(&rest, '|', pool);
    row.place = take_part(&rest, '|', pool);
    row.field = take_part(&rest, '\0', pool);
    APR_ARRAY_PUSH(rows, spbe_anomaly_row_t) = row;
}

static int is_kind(const spbe_row_t *row, const char *kind)
{
    return strcmp(row->kind, kind) == 0;
}

apr_array_header_t *spbe_anomalies_read(const spbe_row_t *row, apr_pool_t *pool)
{
    apr_array_header_t *rows;
    spbe_tally_row_t tally = {0};
    spbe_anomaly_row_t out = {.id = row->id,
                              .ts = row->ts,
                              .kind = row->kind,
                              .class_name = row->class_name,
                              .application = row->application,
                              .route = row->route,
                              .status = row->status_in};
    reader_t reader = {.row = &out, .tally = &tally, .pool = pool};
    int i;

    if (!is_kind(row, "anomaly") && !is_kind(row, "access")) {
        return NULL;
    }
    reader.also = apr_array_make(pool, 4, sizeof(const char *));
    read_h(&reader, row->h);
    out.is_window = reader.total > 0;
    out.n = out.is_window ? (apr_int64_t)reader.count : 1;
    if (out.part_of != NULL && strcmp(out.part_of, out.id) == 0) {
        out.part_of = NULL;
    }
    rows = apr_array_make(pool, 1 + reader.also->nelts,
                          sizeof(spbe_anomaly_row_t));
    APR_ARRAY_PUSH(rows, spbe_anomaly_row_t) = out;
    for (i = 0; i < reader.also->nelts; i++) {
        add_other(rows, APR_ARRAY_IDX(reader.also, i, const char *), pool);
    }
    return rows;
}

/* "2026-03-04" */
static int is_day(const char *text)
{
    size_t i;

    if (text == NULL || strlen(text) != 10) {
        return 0;
    }
    for (i = 0; i < 10; i++) {
        int dash = i == 4 || i == 7;

        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') {
            return 0;
        }
    }
    return 1;
}

int spbe_anomalies_read_tally(const spbe_row_t *row, spbe_tally_row_t *tally,
                              apr_pool_t *pool)
{
    spbe_anomaly_row_t none = {0};
    reader_t reader = {.row = &none, .tally = tally, .pool = pool};

    *tally = (spbe_tally_row_t){
        .id = row->id,
        .ts = row->ts,
        .behind = row->offset + row->length,
        .application = row->application == NULL ? "-" : row->application,
        .route = row->route == NULL ? "-" : row->route};
    if (!is_kind(row, "tally")) {
        return 0;
    }
    reader.also = apr_array_make(pool, 1, sizeof(const char *));
    read_h(&reader, row->h);
    return is_day(tally->day);
}

static apr_status_t repeat(spbe_database_t *database, int statement,
                           const spbe_anomaly_row_t *row)
{
    const char *args[] = {database->node, row->id};
    int rows;

    return spbe_database_exec(database, statement, 2, args, &rows);
}

apr_status_t spbe_anomalies_put(spbe_database_t *database,
                                const spbe_anomaly_row_t *row)
{
    int is_repeat = row->is_window && row->part == 0 && row->part_of != NULL;
    const char *args[] = {
        database->node,
        row->id,
        spbe_database_digits(database, row->part),
        spbe_database_digits(database, row->ts),
        spbe_database_digits(database, row->n),
        row->part_of,
        row->is_window ? "1" : "0",
        row->kind,
        row->class_name,
        row->event,
        row->application,
        row->route,
        row->reason,
        row->keyword,
        row->place,
        row->field,
        row->wanted,
        row->action,
        row->client,
        spbe_database_digits(database, row->status),
    };
    int rows;
    apr_status_t rv =
        spbe_database_exec(database, SPBE_STMT_PUT_ANOMALY,
                           sizeof(args) / sizeof(args[0]), args, &rows);

    if (rv == APR_SUCCESS && is_repeat) {
        rv = repeat(database, SPBE_STMT_REPEAT_ANOMALY, row);
    }
    return rv == APR_SUCCESS && row->part > 0 && !row->is_window
               ? repeat(database, SPBE_STMT_REPEAT_FIRST, row)
               : rv;
}

static apr_status_t add_counts(spbe_database_t *database,
                               const spbe_tally_row_t *tally)
{
    const char *args[] = {database->node, tally->day, tally->application,
                          tally->route,
#define X(name, text)                                                          \
    spbe_database_digits(database, (apr_int64_t)tally->counts.name),
                          SPBE_TALLIES_COUNTS(X)
#undef X
    };
    int rows;

    return spbe_database_exec(database, SPBE_STMT_ADD_TALLY,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

apr_status_t spbe_anomalies_add_tally(spbe_database_t *database,
                                      const spbe_tally_row_t *tally, int *added)
{
    const char *args[] = {database->node, tally->id,
                          spbe_database_digits(database, tally->ts)};
    const char *old[] = {database->node,
                         spbe_database_digits(database, tally->ts - REMEMBER)};
    apr_status_t rv;
    int rows;

    *added = 0;
    /* Read again, for the sake of a record that was not whole. */
    if (tally->behind != 0) {
        if (tally->behind <= database->state.tallied_to) {
            return APR_SUCCESS;
        }
        database->state.tallied_to = tally->behind;
    }
    rv = spbe_database_exec(database, SPBE_STMT_TALLIED, 3, args, added);
    if (rv != APR_SUCCESS || *added <= 0) {
        return rv;
    }
    rv = add_counts(database, tally);
    return rv == APR_SUCCESS
               ? spbe_database_exec(database, SPBE_STMT_FORGET_TALLIED, 2, old,
                                    &rows)
               : rv;
}
