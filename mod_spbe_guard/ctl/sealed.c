/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/sealed.c - why the details of a record are not there, for people. See
 * full.h.
 */
#include <string.h>
#include <apr_strings.h>
#include "ctl/full.h"
#include "ctl/print.h"
#include "record/recipients.h"
#include "store/order.h"
#include "text/visible.h"

#define PURGES_MAX 10000

static int take_purge(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    apr_array_header_t *purges = baton;
    spbe_order_t order;
    const char *why;

    if (spbe_order_parse(spbe_span_from(row->h), &order, &why, purges->pool) ==
            SPBE_OK &&
        order.what == SPBE_ORDER_PURGE) {
        /* Whose archive it stands in, not what it says of itself. */
        order.node = apr_pstrdup(purges->pool, row->node);
        APR_ARRAY_PUSH(purges, spbe_order_t) = order;
    }
    return 0;
}

const spbe_order_t *spbe_ctl_purge_of(spbe_ctl_store_t *store,
                                      const spbe_row_t *row, apr_pool_t *pool)
{
    spbe_filter_t filter = {.kind = "action", .limit = PURGES_MAX};
    int i;

    if (store->purges == NULL) {
        store->purges = apr_array_make(store->pool, 4, sizeof(spbe_order_t));
        spbe_ctl_query(store, &filter, take_purge, store->purges, pool);
    }
    /* Newest first: the oldest that reaches it is the one. */
    for (i = store->purges->nelts - 1; i >= 0; i--) {
        const spbe_order_t *order =
            &APR_ARRAY_IDX(store->purges, i, spbe_order_t);

        if (row->offset >= order->first && row->offset < order->behind &&
            (order->node == NULL || row->node == NULL ||
             strcmp(order->node, row->node) == 0)) {
            return order;
        }
    }
    return NULL;
}

static const char *purged(const cJSON *record, apr_pool_t *pool)
{
    const cJSON *order = cJSON_GetObjectItemCaseSensitive(record, "purged");

    if (!cJSON_IsObject(order)) {
        return "Rincian sudah dihapus (the details were purged).";
    }
    return apr_psprintf(
        pool,
        "Rincian sudah dihapus %s oleh %s, menurut: %s "
        "(the details were purged by order).",
        spbe_visible(spbe_ctl_local(order, "ts", pool), pool),
        spbe_visible(spbe_ctl_text(order, "by", pool), pool),
        spbe_visible(spbe_ctl_text(order, "order", pool), pool));
}

/* "Sri (0123456789abcdef)", as the file of recipients has it. */
static const char *name_of(const apr_array_header_t *recipients, const char *id,
                           apr_pool_t *pool)
{
    int i;

    for (i = 0; i < recipients->nelts; i++) {
        const spbe_recipient_t *r =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        if (strcmp(r->id, id) == 0 && r->name[0] != '\0') {
            return apr_pstrcat(pool, spbe_visible(r->name, pool), " (", id, ")",
                               NULL);
        }
    }
    return spbe_visible(id, pool);
}

static const char *others(const spbe_ctl_store_t *store, const cJSON *record,
                          apr_pool_t *pool)
{
    const cJSON *to = cJSON_GetObjectItemCaseSensitive(record, "sealed_to");
    const char *list = "", *why;
    apr_array_header_t *recipients;
    const cJSON *id;

    spbe_recipients_read(store->recipients == NULL ? SPBE_RECIPIENTS_FILE
                                                   : store->recipients,
                         &recipients, &why, pool);
    cJSON_ArrayForEach(id, to)
    {
        if (cJSON_IsString(id)) {
            list =
                apr_pstrcat(pool, list, list[0] == '\0' ? "" : ", ",
                            name_of(recipients, id->valuestring, pool), NULL);
        }
    }
    return apr_pstrcat(pool, "Rincian disegel untuk kunci lain: ", list,
                       " (sealed to other keys).", NULL);
}

const char *spbe_ctl_sealed(spbe_ctl_store_t *store, const cJSON *record,
                            apr_pool_t *pool)
{
    static const struct {
        spbe_opening_state_t state;
        const char *text;
    } texts[] = {
        {SPBE_OPENING_PLAIN,
         "Rincian ini tidak disegel (these details are not sealed)."},
        {SPBE_OPENING_SEALED,
         "Rincian disegel; --key BERKAS membukanya (the details are sealed; "
         "--key opens them)."},
        {SPBE_OPENING_ALTERED,
         "RINCIAN ATAU CATATANNYA TELAH DIUBAH: tidak terbuka dengan kuncinya\n"
         "(altered: does not open with its key; see spbe-guardctl verify)."},
    };
    const char *name = spbe_ctl_text(record, "details", pool);
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(name, spbe_opening_name(texts[i].state)) == 0) {
            return texts[i].text;
        }
    }
    if (strcmp(name, spbe_opening_name(SPBE_OPENING_PURGED)) == 0) {
        return purged(record, pool);
    }
    if (strcmp(name, spbe_opening_name(SPBE_OPENING_OTHERS)) == 0) {
        return others(store, record, pool);
    }
    if (strcmp(name, spbe_opening_name(SPBE_OPENING_NO_KEY)) == 0) {
        return apr_pstrcat(
            pool, "Catatan kunci ",
            spbe_visible(spbe_ctl_text(record, "key", pool), pool),
            " tidak ada di arsip ini (the key record is not in "
            "this archive).",
            NULL);
    }
    if (strcmp(name, spbe_opening_name(SPBE_OPENING_UNREADABLE)) == 0) {
        return apr_pstrcat(pool, "Rincian tidak dapat dibaca: ",
                           store->archive_error == NULL
                               ? "the archive cannot be read here"
                               : spbe_visible(store->archive_error, pool),
                           NULL);
    }
    return NULL;
}

int spbe_ctl_failed(const spbe_ctl_store_t *store, const cJSON *record)
{
    const char *name = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(record, "details"));

    if (name == NULL || !store->asked) {
        return name != NULL &&
               strcmp(name, spbe_opening_name(SPBE_OPENING_ALTERED)) == 0;
    }
    return strcmp(name, spbe_opening_name(SPBE_OPENING_NONE)) != 0 &&
           strcmp(name, spbe_opening_name(SPBE_OPENING_PLAIN)) != 0 &&
           strcmp(name, spbe_opening_name(SPBE_OPENING_OPENED)) != 0;
}
