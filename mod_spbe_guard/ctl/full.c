/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/full.c - a record put together again. See full.h.
 */
#include "ctl/full.h"

#include <string.h>
#include <apr_strings.h>
#include "store/details.h"

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
    {"last", IN_H, 0},        {"findings", IN_D, 0},
    {"leak_sent", IN_H, 1},   {"message", IN_D, 1},
    {"frames", IN_D, 1},      {"trace", IN_D, 1},
    {"seams", IN_D, 1},       {"log_lines", IN_D, 0},
    {"input", IN_D, 1},       {"why", IN_D, 1},
    {"hint", IN_D, 1},        {"leaks", IN_D, 1},
    {"cut", IN_D, 1},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static apr_status_t free_json(void *data)
{
    cJSON_Delete(data);
    return APR_SUCCESS;
}

int spbe_ctl_store_open(const spbe_ctl_t *ctl, spbe_ctl_store_t *store)
{
    apr_status_t rv;
    char reason[128];

    *store = (spbe_ctl_store_t){0};
    rv = spbe_database_open(&store->database, ctl->home, NULL,
                            SPBE_DATABASE_READ, ctl->pool);
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                             "%s (spbe-guardctl --home %s %s makes it)",
                             spbe_database_error(store->database), ctl->home,
                             rv == APR_ENOENT ? "init" : "reindex");
    }
    rv = spbe_archive_open(&store->archive, ctl->home, SPBE_ARCHIVE_READ,
                           ctl->pool);
    if (rv != APR_SUCCESS) {
        store->archive_error =
            apr_psprintf(ctl->pool, "%s/archive: %s", ctl->home,
                         apr_strerror(rv, reason, sizeof(reason)));
    }
    return SPBE_CTL_FINE;
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

static cJSON *read_details(const spbe_ctl_store_t *store, const spbe_row_t *row,
                           int *complete, apr_pool_t *pool)
{
    spbe_span_t d;
    apr_status_t rv;

    if (store->archive == NULL) {
        return NULL;
    }
    /* The archive knows better: lines may have come since it was indexed. */
    rv = spbe_details_read(store->archive, row, &d, pool);
    *complete = rv == APR_SUCCESS;
    return rv == APR_SUCCESS ? cJSON_ParseWithLength(d.ptr, d.len) : NULL;
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

typedef struct addition {
    const spbe_ctl_store_t *store;
    cJSON *object;
    int complete;
} addition_t;

static int add_more(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    addition_t *addition = baton;
    cJSON *h = cJSON_Parse(row->h);
    int complete = row->complete;
    cJSON *d = read_details(addition->store, row, &complete, pool);
    size_t i;

    addition->complete = addition->complete && complete;

    for (i = 0; i < NAMES; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(
            names[i].where == IN_H ? h : d, names[i].name);

        if (names[i].later && value != NULL && !cJSON_IsNull(value)) {
            set(addition->object, names[i].name, value);
        }
    }
    add_lines(addition->object, d);
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

cJSON *spbe_ctl_full(const spbe_ctl_store_t *store, const spbe_row_t *row,
                     apr_pool_t *pool)
{
    addition_t addition = {store, cJSON_CreateObject(), row->complete};
    cJSON *h = cJSON_Parse(row->h);
    cJSON *d = strncmp(row->id, "lost-", 5) == 0
                   ? NULL
                   : read_details(store, row, &addition.complete, pool);

    set_all(addition.object, h, d);
    set_missing(addition.object, row);
    cJSON_Delete(h);
    cJSON_Delete(d);
    spbe_query_more(store->database, row->id, add_more, &addition, pool);
    cJSON_AddBoolToObject(addition.object, "complete", addition.complete);
    apr_pool_cleanup_register(pool, addition.object, free_json,
                              apr_pool_cleanup_null);
    return addition.object;
}
