/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/survey.c - the records of an archive without a database. See survey.h.
 */
#include "ctl/survey.h"

#include <stdlib.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "record/line.h"
#include "store/assemble.h"
#include "store/details.h"
#include "store/row.h"
#include "store/walk.h"

typedef struct seen {
    spbe_row_t row; /* without h, but for what the logger lost */
    int folded;     /* one of a flood whose first tells more */
} seen_t;

struct spbe_survey {
    const spbe_source_t *source;
    apr_pool_t *pool;
    apr_array_header_t *records; /* seen_t, newest first */
    apr_array_header_t *more;    /* seen_t, by id, then oldest first */
    apr_hash_t *words;           /* strings that come again and again */
};

typedef struct building {
    spbe_survey_t *scan;
    spbe_assemble_t *assemble;
    apr_hash_t *known; /* "writer number": a duplicate is left out */
    apr_pool_t *scratch;
} building_t;

static const char *intern(spbe_survey_t *scan, const char *word)
{
    const char *have;

    if (word == NULL) {
        return NULL;
    }
    have = apr_hash_get(scan->words, word, APR_HASH_KEY_STRING);
    if (have == NULL) {
        have = apr_pstrdup(scan->pool, word);
        apr_hash_set(scan->words, have, APR_HASH_KEY_STRING, have);
    }
    return have;
}

static void keep_words(spbe_survey_t *scan, spbe_row_t *row)
{
    row->id = apr_pstrdup(scan->pool, row->id);
    row->ref = apr_pstrdup(scan->pool, row->ref);
    row->kind = intern(scan, row->kind);
    row->severity = intern(scan, row->severity);
    row->class_name = intern(scan, row->class_name);
    row->responsible = intern(scan, row->responsible);
    row->application = intern(scan, row->application);
    row->route = intern(scan, row->route);
    row->fingerprint = intern(scan, row->fingerprint);
    row->writer = intern(scan, row->writer);
}

/* As the query of the database has it. */
static int is_folded(const spbe_row_t *row)
{
    cJSON *h;
    const char *of;
    int folded;

    if (row->ref == NULL || (strcmp(row->kind, "anomaly") != 0 &&
                             strcmp(row->kind, "access") != 0)) {
        return 0;
    }
    h = cJSON_Parse(row->h);
    of = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(h, "of"));
    folded = of != NULL && strcmp(of, row->id) != 0;
    cJSON_Delete(h);
    return folded;
}

static void add_whole(building_t *b, const spbe_whole_t *whole)
{
    spbe_survey_t *scan = b->scan;
    const char *key = apr_psprintf(b->scratch, "%s %" APR_UINT64_T_FMT,
                                   whole->writer, whole->seq);
    seen_t seen;

    if (apr_hash_get(b->known, key, APR_HASH_KEY_STRING) != NULL) {
        return;
    }
    spbe_row_from_whole(&seen.row, whole, b->scratch);
    seen.folded = is_folded(&seen.row);
    seen.row.h = NULL;
    keep_words(scan, &seen.row);
    key = apr_pstrdup(scan->pool, key);
    apr_hash_set(b->known, key, APR_HASH_KEY_STRING, key);
    APR_ARRAY_PUSH(strcmp(seen.row.kind, "more") == 0 ? scan->more
                                                      : scan->records,
                   seen_t) = seen;
}

static void add_lost(building_t *b, const spbe_entry_t *entry)
{
    seen_t seen = {.folded = 0};

    spbe_row_from_lost(&seen.row, entry, b->scan->pool);
    APR_ARRAY_PUSH(b->scan->records, seen_t) = seen;
}

static void take(building_t *b, const spbe_entry_t *entry)
{
    spbe_whole_t whole;
    spbe_line_t line;
    const char *why;

    if (entry->kind == SPBE_ENTRY_LOST) {
        add_lost(b, entry);
    }
    if (entry->kind != SPBE_ENTRY_LINE ||
        spbe_line_parse(entry->line, &line, &why, b->scratch) != SPBE_OK) {
        return;
    }
    if (spbe_assemble_add(b->assemble, &line, entry, &whole, b->scratch)) {
        add_whole(b, &whole);
    }
    if (spbe_assemble_expire(b->assemble, 0, &whole, b->scratch)) {
        add_whole(b, &whole);
    }
}

static apr_status_t read_all(building_t *b)
{
    spbe_walk_t *walk = spbe_walk_create(b->scan->source, b->scan->pool);
    spbe_whole_t whole;
    apr_status_t rv = spbe_walk_seek(walk, 0);

    while (rv == APR_SUCCESS) {
        spbe_entry_t entry;

        rv = spbe_walk_next(walk, &entry);
        if (rv == APR_SUCCESS) {
            take(b, &entry);
        }
        apr_pool_clear(b->scratch);
    }
    while (
        spbe_assemble_expire(b->assemble, apr_time_now(), &whole, b->scratch)) {
        add_whole(b, &whole);
    }
    return rv == APR_EOF ? APR_SUCCESS : rv;
}

static int by_newest(const void *a, const void *b)
{
    const spbe_row_t *x = &((const seen_t *)a)->row;
    const spbe_row_t *y = &((const seen_t *)b)->row;

    if (x->ts != y->ts) {
        return x->ts < y->ts ? 1 : -1;
    }
    return strcmp(y->id, x->id);
}

static int by_id(const void *a, const void *b)
{
    const spbe_row_t *x = &((const seen_t *)a)->row;
    const spbe_row_t *y = &((const seen_t *)b)->row;
    int order = strcmp(x->id, y->id);

    if (order != 0) {
        return order;
    }
    return x->ts != y->ts    ? (x->ts < y->ts ? -1 : 1)
           : x->seq < y->seq ? -1
                             : x->seq > y->seq;
}

apr_status_t spbe_survey_create(spbe_survey_t **result,
                                const spbe_source_t *source, apr_pool_t *pool)
{
    spbe_survey_t *scan = apr_pcalloc(pool, sizeof(*scan));
    building_t b = {.scan = scan};
    apr_status_t rv;

    scan->source = source;
    scan->pool = pool;
    scan->records = apr_array_make(pool, 1024, sizeof(seen_t));
    scan->more = apr_array_make(pool, 256, sizeof(seen_t));
    scan->words = apr_hash_make(pool);
    b.assemble = spbe_assemble_create(pool);
    b.known = apr_hash_make(pool);
    apr_pool_create(&b.scratch, pool);
    rv = read_all(&b);
    qsort(scan->records->elts, (size_t)scan->records->nelts, sizeof(seen_t),
          by_newest);
    qsort(scan->more->elts, (size_t)scan->more->nelts, sizeof(seen_t), by_id);
    *result = scan;
    return rv;
}

static int is(const char *wanted, const char *have)
{
    return wanted == NULL || (have != NULL && strcmp(wanted, have) == 0);
}

static int passes(const seen_t *seen, const spbe_filter_t *filter)
{
    const spbe_row_t *row = &seen->row;

    return is(filter->id, row->id) && is(filter->ref, row->ref) &&
           is(filter->kind, row->kind) &&
           (filter->kind != NULL || filter->id != NULL ||
            strcmp(row->kind, "key") != 0) &&
           is(filter->class_name, row->class_name) &&
           is(filter->application, row->application) &&
           is(filter->fingerprint, row->fingerprint) &&
           is(filter->severity, row->severity) &&
           is(filter->responsible, row->responsible) &&
           is(filter->route, row->route) &&
           (filter->until == 0 || row->ts < filter->until) &&
           row->ts >= filter->since && !(filter->folded && seen->folded);
}

/* Its index part is read from the archive again. */
static int give(const spbe_survey_t *scan, const seen_t *seen,
                spbe_query_row_t *row, void *baton, apr_pool_t *pool)
{
    spbe_row_t out = seen->row;
    spbe_details_t details;

    if (out.h == NULL) {
        out.h = spbe_details_get(scan->source, &out, &details, pool) ==
                            APR_SUCCESS &&
                        details.h != NULL
                    ? details.h
                    : "{}";
    }
    return row(baton, &out, pool);
}

apr_status_t spbe_survey_records(const spbe_survey_t *scan,
                                 const spbe_filter_t *filter,
                                 spbe_query_row_t *row, void *baton,
                                 apr_pool_t *pool)
{
    apr_pool_t *scratch;
    long n = 0;
    int i, stop = 0;

    apr_pool_create(&scratch, pool);
    for (i = 0; i < scan->records->nelts && !stop &&
                (filter->limit == 0 || n < filter->limit);
         i++) {
        const seen_t *seen = &APR_ARRAY_IDX(scan->records, i, seen_t);

        if (passes(seen, filter)) {
            n++;
            stop = give(scan, seen, row, baton, scratch);
            apr_pool_clear(scratch);
        }
    }
    apr_pool_destroy(scratch);
    return APR_SUCCESS;
}

/* The first that is not before the id. */
static int find_more(const spbe_survey_t *scan, const char *id)
{
    int from = 0, to = scan->more->nelts;

    while (from < to) {
        int middle = from + (to - from) / 2;

        if (strcmp(APR_ARRAY_IDX(scan->more, middle, seen_t).row.id, id) < 0) {
            from = middle + 1;
        }
        else {
            to = middle;
        }
    }
    return from;
}

apr_status_t spbe_survey_more(const spbe_survey_t *scan, const char *id,
                              spbe_query_row_t *row, void *baton,
                              apr_pool_t *pool)
{
    apr_pool_t *scratch;
    int i;

    apr_pool_create(&scratch, pool);
    for (i = find_more(scan, id); i < scan->more->nelts; i++) {
        const seen_t *seen = &APR_ARRAY_IDX(scan->more, i, seen_t);

        if (strcmp(seen->row.id, id) != 0 ||
            give(scan, seen, row, baton, scratch)) {
            break;
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return APR_SUCCESS;
}
