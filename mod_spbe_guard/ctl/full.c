/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/full.c - a record put together again. See full.h.
 */
#include "ctl/full.h"

#include <string.h>
#include <apr_strings.h>
#include "text/stamp.h"

typedef enum where { IN_H = 0, IN_D = 1 } where_t;

/* In the order in which they are written. */
static const struct {
    const char *name;
    where_t where;
    int later; /* a "more" record may correct it */
} names[] = {
    {"id", IN_H, 0},          {"ref", IN_H, 0},
    {"ts", IN_H, 0},          {"kind", IN_H, 0},
    {"severity", IN_H, 0},    {"class", IN_H, 0},
    {"responsible", IN_H, 0}, {"assignee", IN_H, 0},
    {"owner", IN_H, 0},       {"data", IN_H, 0},
    {"title", IN_H, 0},       {"fingerprint", IN_H, 0},
    {"node", IN_H, 0},        {"application", IN_H, 0},
    {"vhost", IN_H, 0},       {"host", IN_H, 0},
    {"client", IN_H, 0},      {"route", IN_H, 0},
    {"method", IN_H, 0},      {"status_in", IN_H, 1},
    {"status_out", IN_H, 1},  {"exception", IN_H, 1},
    {"frame", IN_H, 0},       {"rule", IN_H, 0},
    {"action", IN_H, 1},      {"event", IN_H, 0},
    {"of", IN_H, 0},          {"reason", IN_H, 0},
    {"keyword", IN_H, 0},     {"place", IN_H, 0},
    {"field", IN_H, 0},       {"wanted", IN_H, 0},
    {"also", IN_H, 0},        {"count", IN_H, 0},
    {"total", IN_H, 0},       {"first", IN_H, 0},
    {"last", IN_H, 0},        {"do", IN_H, 0},
    {"config", IN_H, 0},      {"rules", IN_H, 0},
    {"policies", IN_H, 0},    {"facts", IN_D, 0},
    {"findings", IN_D, 0},    {"leak_sent", IN_H, 1},
    {"message", IN_D, 1},     {"frames", IN_D, 1},
    {"trace", IN_D, 1},       {"seams", IN_D, 1},
    {"log_lines", IN_D, 0},   {"input", IN_D, 1},
    {"why", IN_D, 1},         {"hint", IN_D, 1},
    {"leaks", IN_D, 1},       {"cut", IN_D, 1},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static apr_status_t free_json(void *data)
{
    cJSON_Delete(data);
    return APR_SUCCESS;
}

/* A copy in the place of what is there; JSON null where there is none. */
static void set(cJSON *object, const char *name, const cJSON *value)
{
    cJSON *copy =
        value == NULL ? cJSON_CreateNull() : cJSON_Duplicate(value, 1);

    if (cJSON_GetObjectItemCaseSensitive(object, name) == NULL) {
        cJSON_AddItemToObject(object, name, copy);
    }
    else {
        cJSON_ReplaceItemInObjectCaseSensitive(object, name, copy);
    }
}

/* What is put together, and how much of it could be had. */
typedef struct joining {
    spbe_ctl_store_t *store;
    cJSON *object;
    int complete;
    spbe_opening_state_t state;
    const char *key;
    const apr_array_header_t *to; /* const char *, or NULL */
    apr_pool_t *pool;
} joining_t;

static cJSON *read_details(joining_t *joining, const spbe_row_t *row,
                           apr_pool_t *pool)
{
    spbe_opened_t opened;

    spbe_opening_open(joining->store->opening, row, &opened, pool);
    /* The archive knows better: lines may have come since it was indexed. */
    joining->complete = joining->complete && opened.is_complete;
    if (opened.state > joining->state) {
        joining->state = opened.state;
        joining->to = opened.to;
    }
    if (opened.key[0] != '\0') {
        joining->key = apr_pstrdup(joining->pool, opened.key);
    }
    return opened.d.len == 0
               ? NULL
               : cJSON_ParseWithLength(opened.d.ptr, opened.d.len);
}

static void set_all(cJSON *object, const cJSON *h, const cJSON *d)
{
    size_t i;

    for (i = 0; i < NAMES; i++) {
        set(object, names[i].name,
            cJSON_GetObjectItemCaseSensitive(names[i].where == IN_H ? h : d,
                                             names[i].name));
    }
}

static void add_lines(cJSON *object, const cJSON *d)
{
    const cJSON *more = cJSON_GetObjectItemCaseSensitive(d, "log_lines");
    cJSON *lines = cJSON_GetObjectItemCaseSensitive(object, "log_lines");
    const cJSON *line;

    if (!cJSON_IsArray(more)) {
        return;
    }
    if (!cJSON_IsArray(lines)) {
        set(object, "log_lines", more);
        return;
    }
    cJSON_ArrayForEach(line, more)
    {
        cJSON_AddItemToArray(lines, cJSON_Duplicate(line, 1));
    }
}

static int add_more(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    joining_t *joining = baton;
    cJSON *h = cJSON_Parse(row->h);
    cJSON *d = read_details(joining, row, pool);
    size_t i;

    joining->complete = joining->complete && row->complete;
    for (i = 0; i < NAMES; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(
            names[i].where == IN_H ? h : d, names[i].name);

        if (names[i].later && value != NULL && !cJSON_IsNull(value)) {
            set(joining->object, names[i].name, value);
        }
    }
    add_lines(joining->object, d);
    cJSON_Delete(h);
    cJSON_Delete(d);
    return 0;
}

/* A record whose first line never came has no index part. */
static void set_missing(cJSON *object, const spbe_row_t *row)
{
    if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(object, "id"))) {
        cJSON_ReplaceItemInObjectCaseSensitive(object, "id",
                                               cJSON_CreateString(row->id));
    }
    if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(object, "kind"))) {
        cJSON_ReplaceItemInObjectCaseSensitive(object, "kind",
                                               cJSON_CreateString(row->kind));
    }
}

static void add_state(const joining_t *joining)
{
    cJSON *to = joining->to == NULL ? cJSON_CreateNull() : cJSON_CreateArray();
    int i;

    cJSON_AddBoolToObject(joining->object, "complete", joining->complete);
    cJSON_AddStringToObject(joining->object, "details",
                            spbe_opening_name(joining->state));
    cJSON_AddItemToObject(joining->object, "key",
                          joining->key == NULL
                              ? cJSON_CreateNull()
                              : cJSON_CreateString(joining->key));
    for (i = 0; joining->to != NULL && i < joining->to->nelts; i++) {
        cJSON_AddItemToArray(to, cJSON_CreateString(APR_ARRAY_IDX(
                                     joining->to, i, const char *)));
    }
    cJSON_AddItemToObject(joining->object, "sealed_to", to);
}

static void add_purge(cJSON *object, const spbe_order_t *order)
{
    cJSON *purge = order == NULL ? cJSON_CreateNull() : cJSON_CreateObject();
    char stamp[SPBE_STAMP_SIZE];

    if (order != NULL) {
        spbe_stamp_write(order->ts, stamp);
        cJSON_AddStringToObject(purge, "id", order->id);
        cJSON_AddStringToObject(purge, "ts", stamp);
        cJSON_AddStringToObject(purge, "by", order->by);
        cJSON_AddStringToObject(purge, "order", order->text);
    }
    cJSON_AddItemToObject(object, "purged", purge);
}

cJSON *spbe_ctl_full(spbe_ctl_store_t *store, const spbe_row_t *row,
                     apr_pool_t *pool)
{
    joining_t joining = {.store = store,
                         .object = cJSON_CreateObject(),
                         .complete = row->complete,
                         .pool = pool};
    const spbe_order_t *purge = NULL;
    cJSON *h = cJSON_Parse(row->h);
    cJSON *d = strncmp(row->id, "lost-", 5) == 0
                   ? NULL
                   : read_details(&joining, row, pool);

    set_all(joining.object, h, d);
    set_missing(joining.object, row);
    cJSON_Delete(h);
    cJSON_Delete(d);
    if (store->survey != NULL) {
        spbe_survey_more(store->survey, row->id, add_more, &joining, pool);
    }
    else {
        spbe_query_more(store->database, row->id, add_more, &joining, pool);
    }
    if (joining.state == SPBE_OPENING_INCOMPLETE ||
        joining.state == SPBE_OPENING_PURGED) {
        purge = spbe_ctl_purge_of(store, row, pool);
        joining.state = purge != NULL ? SPBE_OPENING_PURGED : joining.state;
    }
    add_purge(joining.object, purge);
    add_state(&joining);
    apr_pool_cleanup_register(pool, joining.object, free_json,
                              apr_pool_cleanup_null);
    return joining.object;
}
