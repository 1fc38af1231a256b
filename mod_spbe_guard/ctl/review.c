/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/review.c - "review": what was, or under On would be, refused.
 */
#include "ctl/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "text/stamp.h"
#include "text/visible.h"

#define DAYS 7

static const char *copy(const char *text, apr_pool_t *pool)
{
    return text == NULL ? NULL : apr_pstrdup(pool, text);
}

static spbe_review_app_t *app_of(spbe_review_t *review, const char *name)
{
    spbe_review_app_t *app;

    name = name == NULL ? "-" : name;
    app = apr_hash_get(review->by_name, name, APR_HASH_KEY_STRING);
    if (app == NULL) {
        app = apr_pcalloc(review->pool, sizeof(*app));
        app->name = apr_pstrdup(review->pool, name);
        app->items =
            apr_array_make(review->pool, 8, sizeof(spbe_review_item_t));
        app->routes = apr_hash_make(review->pool);
        apr_hash_set(review->by_name, app->name, APR_HASH_KEY_STRING, app);
        APR_ARRAY_PUSH(review->apps, spbe_review_app_t *) = app;
    }
    return app;
}

static spbe_review_route_t *route_of(spbe_review_t *review,
                                     spbe_review_app_t *app, const char *name)
{
    spbe_review_route_t *route =
        apr_hash_get(app->routes, name, APR_HASH_KEY_STRING);

    if (route == NULL) {
        route = apr_pcalloc(review->pool, sizeof(*route));
        apr_hash_set(app->routes, apr_pstrdup(review->pool, name),
                     APR_HASH_KEY_STRING, route);
    }
    return route;
}

static int take_tally(void *baton, const spbe_review_tally_t *tally,
                      apr_pool_t *pool)
{
    spbe_review_t *review = baton;
    spbe_review_app_t *app = app_of(review, tally->application);

#define X(name, text) app->counts.name += tally->counts.name;
    SPBE_TALLIES_COUNTS(X)
#undef X
    route_of(review, app, tally->route)->all =
        (apr_int64_t)tally->counts.received;
    return 0;
}

static int take_whole(void *baton, const spbe_review_tally_t *tally,
                      apr_pool_t *pool)
{
    spbe_review_t *review = baton;
    spbe_review_app_t *app = app_of(review, tally->application);

    app->received += (apr_int64_t)tally->counts.received;
    app->days = tally->days > app->days ? tally->days : app->days;
    route_of(review, app, tally->route)->whole =
        (apr_int64_t)tally->counts.received;
    return 0;
}

static int take_sum(void *baton, const spbe_review_sum_t *sum, apr_pool_t *pool)
{
    spbe_review_app_t *app = app_of(baton, sum->application);

    app->sum = *sum;
    app->sum.application = app->name;
    return 0;
}

static int take_row(void *baton, const spbe_review_row_t *row, apr_pool_t *pool)
{
    spbe_review_t *review = baton;
    spbe_review_app_t *app = app_of(review, row->application);
    spbe_review_item_t item = {.row = *row};
    const spbe_review_route_t *route =
        row->route == NULL
            ? NULL
            : apr_hash_get(app->routes, row->route, APR_HASH_KEY_STRING);

    item.row.application = app->name;
    item.row.route = copy(row->route, review->pool);
    item.row.place = copy(row->place, review->pool);
    item.row.field = copy(row->field, review->pool);
    item.row.reason = copy(row->reason, review->pool);
    item.row.keyword = copy(row->keyword, review->pool);
    item.row.wanted = copy(row->wanted, review->pool);
    item.row.example = copy(row->example, review->pool);
    /* What came earlier on the first day cannot be told apart. */
    item.received =
        route == NULL || route->all != route->whole ? 0 : route->whole;
    spbe_review_advise(&item, review->pool);
    APR_ARRAY_PUSH(app->items, spbe_review_item_t) = item;
    return 0;
}

typedef struct example {
    const spbe_review_t *review;
    const spbe_review_row_t *row;
    const char *text;
    apr_pool_t *pool;
} example_t;

static int is_text(const cJSON *item, const char *name, const char *wanted)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, name));

    return strcmp(text == NULL ? "" : text, wanted == NULL ? "" : wanted) == 0;
}

static const char *form_of(const cJSON *findings, const spbe_review_row_t *row,
                           apr_pool_t *pool)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, findings)
    {
        const char *text = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(item, "masked"));

        if (text == NULL) {
            text = cJSON_GetStringValue(
                cJSON_GetObjectItemCaseSensitive(item, "text"));
        }
        if (text != NULL && is_text(item, "reason", row->reason) &&
            is_text(item, "keyword", row->keyword) &&
            (is_text(item, "field", row->field) ||
             is_text(item, "pointer", row->field))) {
            return apr_pstrdup(pool, text);
        }
    }
    return NULL;
}

static int take_example(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    example_t *example = baton;
    spbe_opened_t opened;
    cJSON *json;

    spbe_opening_open(example->review->store.opening, row, &opened, pool);
    if (opened.d.len == 0) {
        return 1;
    }
    json = cJSON_ParseWithLength(opened.d.ptr, opened.d.len);
    example->text = form_of(cJSON_GetObjectItemCaseSensitive(json, "findings"),
                            example->row, example->pool);
    cJSON_Delete(json);
    return 1;
}

const char *spbe_review_example(const spbe_review_t *review,
                                const spbe_review_row_t *row, apr_pool_t *pool)
{
    spbe_filter_t filter = {.id = row->example, .limit = 1};
    example_t example = {review, row, NULL, pool};

    if (row->example == NULL || (review->store.archive_error != NULL &&
                                 review->store.sources == NULL)) {
        return NULL;
    }
    spbe_query_records(review->store.database, &filter, take_example, &example,
                       pool);
    return example.text;
}

static int by_name(const void *a, const void *b)
{
    const spbe_review_app_t *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static void add_examples(spbe_review_t *review)
{
    int i, j;

    for (i = 0; i < review->apps->nelts; i++) {
        spbe_review_app_t *app =
            APR_ARRAY_IDX(review->apps, i, spbe_review_app_t *);

        for (j = 0; j < app->items->nelts && j < SPBE_REVIEW_SHOWN; j++) {
            spbe_review_item_t *item =
                &APR_ARRAY_IDX(app->items, j, spbe_review_item_t);

            item->example =
                spbe_review_example(review, &item->row, review->pool);
        }
    }
}

int spbe_review_is_partial(const spbe_review_t *review)
{
    return review->since != spbe_stamp_midnight(review->since, 0);
}

static apr_status_t count_days(spbe_review_t *review, const char *application)
{
    int partial = spbe_review_is_partial(review);
    char day[SPBE_STAMP_SIZE];
    apr_status_t rv;

    spbe_stamp_day(review->since, day);
    rv = spbe_review_tallies(review->store.database, application, day, 0,
                             take_tally, review, review->pool);
    if (rv == APR_SUCCESS) {
        spbe_stamp_day(spbe_stamp_midnight(review->since, partial), day);
        rv = spbe_review_tallies(review->store.database, application, day, 0,
                                 take_whole, review, review->pool);
    }
    return rv;
}

static apr_status_t gather(spbe_review_t *review, const char *application)
{
    spbe_database_t *database = review->store.database;
    apr_status_t rv = count_days(review, application);

    if (rv == APR_SUCCESS) {
        rv = spbe_review_behind(database, review->since, &review->behind,
                                review->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_review_sums(database, application, review->since, take_sum,
                              review, review->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_review_rows(database, application, review->since, take_row,
                              review, review->pool);
    }
    if (rv == APR_SUCCESS) {
        qsort(review->apps->elts, (size_t)review->apps->nelts,
              sizeof(spbe_review_app_t *), by_name);
        add_examples(review);
    }
    return rv;
}

static int print(const spbe_review_t *review, int json)
{
    cJSON *object;
    char *text;

    if (!json) {
        spbe_review_print(review);
        return SPBE_CTL_FINE;
    }
    object = spbe_review_json(review);
    text = cJSON_PrintUnformatted(object);
    puts(text == NULL ? "{}" : text);
    cJSON_free(text);
    cJSON_Delete(object);
    return SPBE_CTL_FINE;
}

int spbe_ctl_review(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    spbe_review_t review = {.pool = ctl->pool, .now = apr_time_now()};
    const char *application = NULL, *since = NULL;
    spbe_ctl_keys_t keys = {.recipients = NULL};
    int json = 0, code;
    const spbe_ctl_option_t options[] = {
        {"--application", &application, NULL},
        {"--since", &since, NULL},
        {"--rewrap", &keys.rewrap, NULL},
        {"--passphrase-file", &keys.passphrase_file, NULL},
        {"--recipients", &keys.recipients, NULL},
        {"--json", NULL, &json},
        {NULL, NULL, NULL},
    };

    keys.files = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = spbe_ctl_many(ctl, "--key", &argc, &argv, keys.files);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, NULL);
    }
    review.since = spbe_stamp_midnight(review.now, -DAYS);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_since(ctl, since, &review.since);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &review.store, &keys);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    review.by_name = apr_hash_make(ctl->pool);
    review.apps = apr_array_make(ctl->pool, 8, sizeof(spbe_review_app_t *));
    if (gather(&review, application) != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_database_error(review.store.database));
    }
    if (application != NULL && review.apps->nelts == 0) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                             "%s: nothing was examined of this application",
                             spbe_visible(application, ctl->pool));
    }
    return print(&review, json);
}
