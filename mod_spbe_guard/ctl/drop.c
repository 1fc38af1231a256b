/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/drop.c - orders to the logger. See drop.h.
 */
#include "ctl/drop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "ctl/home.h"
#include "ctl/keyfile.h"
#include "record/ref.h"
#include "text/visible.h"

#define STATE_FILE "state.json"
#define LOOK apr_time_from_msec(200)

/* A word of visible ASCII, for the writer's name. */
static const char *node_of(const spbe_ctl_t *ctl)
{
    char name[65] = "";
    char *c;

    gethostname(name, sizeof(name) - 1);
    for (c = name; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || *c == '"' || *c == '\\' || *c == ':') {
            *c = '_';
        }
    }
    return apr_pstrdup(ctl->pool, name[0] == '\0' ? "localhost" : name);
}

static const char *path_of(const spbe_ctl_t *ctl, const char *folder,
                           const spbe_order_t *order, const char *ending)
{
    return apr_pstrcat(ctl->pool, ctl->home, "/", folder, "/", order->id,
                       ending, NULL);
}

static apr_status_t put(const spbe_ctl_t *ctl, const spbe_order_t *order,
                        spbe_span_t lines)
{
    const char *folder =
        apr_pstrcat(ctl->pool, ctl->home, "/" SPBE_ORDER_DIR, NULL);
    const char *aside = path_of(ctl, SPBE_ORDER_DIR, order, ".new");
    const char *path = path_of(ctl, SPBE_ORDER_DIR, order, SPBE_ORDER_ENDING);
    struct stat st;
    apr_status_t rv;

    if (stat(folder, &st) == -1) {
        return errno;
    }
    rv = spbe_keyfile_create(aside, lines, 0600, ctl->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* The logger has to be able to read it and to take it away. */
    if ((st.st_uid != geteuid() && chown(aside, st.st_uid, st.st_gid) == -1) ||
        rename(aside, path) == -1) {
        rv = errno;
        unlink(aside);
    }
    return rv;
}

static apr_status_t dispatch(const spbe_ctl_t *ctl, spbe_order_t *order)
{
    const char *node = node_of(ctl);
    const char *writer = apr_psprintf(ctl->pool, "%s:ctl-%ld:%" APR_TIME_T_FMT,
                                      node, (long)getpid(), apr_time_now());
    spbe_ref_t *ref = apr_palloc(ctl->pool, sizeof(*ref));

    order->ts = apr_time_now();
    if (!spbe_ref_make(ref, order->ts)) {
        return APR_EGENERAL;
    }
    order->id = ref->id;
    order->node = node;
    return put(ctl, order, spbe_order_lines(order, writer, 1, ctl->pool));
}

int spbe_drop_put(const spbe_ctl_t *ctl, spbe_order_t *order)
{
    apr_status_t rv;
    char reason[128];

    if (ctl->archive != NULL || ctl->database != NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "an order is given on the server "
                                             "of the log, with --home");
    }
    rv = dispatch(ctl, order);
    return rv == APR_SUCCESS
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                               "cannot write into %s/" SPBE_ORDER_DIR ": %s",
                               spbe_visible(ctl->home, ctl->pool),
                               apr_strerror(rv, reason, sizeof(reason)));
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static apr_uint64_t number_of(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return cJSON_IsNumber(item) && item->valuedouble > 0
               ? (apr_uint64_t)item->valuedouble
               : 0;
}

static int is_said(const spbe_ctl_t *ctl, const spbe_order_t *order,
                   spbe_order_result_t *result, apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, ctl->home, "/" STATE_FILE, NULL);
    spbe_span_t text;
    const cJSON *item;
    cJSON *json;
    int found = 0;

    if (spbe_keyfile_slurp(path, &text, pool) != APR_SUCCESS) {
        return 0;
    }
    json = cJSON_ParseWithLength(text.ptr, text.len);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "actions"))
    {
        const char *id = text_of(item, "id");

        if (id != NULL && strcmp(id, order->id) == 0) {
            found = 1;
            result->done =
                cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "done"));
            result->why = apr_pstrdup(ctl->pool, text_of(item, "why"));
            result->segments = number_of(item, "segments");
            result->bytes = number_of(item, "bytes");
        }
    }
    cJSON_Delete(json);
    return found;
}

static int is_rejected(const spbe_ctl_t *ctl, const spbe_order_t *order,
                       spbe_order_result_t *result)
{
    const char *path =
        path_of(ctl, SPBE_ORDER_REJECTED, order, SPBE_ORDER_ENDING ".why");
    spbe_span_t text;

    if (spbe_keyfile_slurp(path, &text, ctl->pool) != APR_SUCCESS) {
        return 0;
    }
    result->done = 0;
    result->why = spbe_span_dup(spbe_span_trim(text), ctl->pool);
    return 1;
}

int spbe_drop_wait(const spbe_ctl_t *ctl, const spbe_order_t *order,
                   spbe_order_result_t *result)
{
    apr_time_t end = apr_time_now() + SPBE_DROP_WAIT;
    apr_pool_t *scratch;
    int said = 0;

    *result = (spbe_order_result_t){.id = order->id};
    apr_pool_create(&scratch, ctl->pool);
    while (!said && apr_time_now() < end) {
        said = is_said(ctl, order, result, scratch) ||
               is_rejected(ctl, order, result);
        apr_pool_clear(scratch);
        if (!said) {
            apr_sleep(LOOK);
        }
    }
    apr_pool_destroy(scratch);
    if (!said) {
        return spbe_ctl_fail(
            SPBE_CTL_TROUBLE,
            "perintah %s belum dikerjakan: logger tidak berjalan? Ia "
            "mengerjakannya begitu berjalan (not carried out yet)",
            order->id);
    }
    return result->done
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                               "perintah %s ditolak (refused): %s", order->id,
                               result->why == NULL
                                   ? "?"
                                   : spbe_visible(result->why, ctl->pool));
}

void spbe_drop_reading(const spbe_ctl_t *ctl, const char *object,
                       apr_uint64_t records)
{
    spbe_order_t order = {.what = SPBE_ORDER_READ,
                          .by = spbe_home_who(ctl->pool),
                          .object = object,
                          .records = records};

    if (ctl->archive != NULL || ctl->database != NULL ||
        dispatch(ctl, &order) != APR_SUCCESS) {
        spbe_ctl_fail(0, "pembacaan rincian ini TIDAK tercatat di log: catat "
                         "sendiri (this reading is not recorded in the log)");
    }
}
