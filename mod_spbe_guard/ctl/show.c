/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/show.c - "show": one record with everything that is known of it.
 */
#include <stdio.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "ctl/drop.h"
#include "ctl/full.h"
#include "ctl/print.h"
#include "record/ref.h"
#include "text/visible.h"

#define SAME_MAX 20

typedef struct showing {
    spbe_ctl_store_t store;
    apr_array_header_t *found; /* cJSON *: of that reference, newest first */
    cJSON *full;               /* one of them points to it, or NULL */
    apr_pool_t *pool;
} showing_t;

static int take_one(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    showing_t *showing = baton;

    APR_ARRAY_PUSH(showing->found, cJSON *) =
        spbe_ctl_full(&showing->store, row, showing->pool);
    return 0;
}

static int take_full(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    showing_t *showing = baton;

    showing->full = spbe_ctl_full(&showing->store, row, showing->pool);
    return 1;
}

static const char *member(const cJSON *record, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(record, name));

    return text == NULL ? "" : text;
}

static cJSON *record_at(const showing_t *showing, int i)
{
    return APR_ARRAY_IDX(showing->found, i, cJSON *);
}

/* A failure goes before what was only noticed on the way to it. */
static int main_of(const showing_t *showing)
{
    int i;

    for (i = 0; i < showing->found->nelts; i++) {
        const char *kind = member(record_at(showing, i), "kind");

        if (strcmp(kind, "error") == 0 || strcmp(kind, "crash") == 0) {
            return i;
        }
    }
    return 0;
}

/* One of a flood: the details stand in the first record. */
static void find_full(showing_t *showing, const cJSON *record)
{
    spbe_filter_t filter = {.id = member(record, "of"), .limit = 1};

    if (*filter.id != '\0' && strcmp(filter.id, member(record, "id")) != 0) {
        spbe_ctl_query(&showing->store, &filter, take_full, showing,
                       showing->pool);
    }
}

static void add_related(const showing_t *showing, cJSON *record, int main)
{
    static const char *const names[] = {"id", "kind", "event", "action",
                                        "title"};
    cJSON *list = cJSON_AddArrayToObject(record, "related");
    size_t j;
    int i;

    for (i = 0; i < showing->found->nelts; i++) {
        cJSON *other = i == main ? NULL : cJSON_CreateObject();

        for (j = 0; other != NULL && j < sizeof(names) / sizeof(names[0]);
             j++) {
            cJSON_AddStringToObject(other, names[j],
                                    member(record_at(showing, i), names[j]));
        }
        cJSON_AddItemToArray(list, other);
    }
    cJSON_AddItemToObject(record, "full",
                          showing->full == NULL
                              ? cJSON_CreateNull()
                              : cJSON_Duplicate(showing->full, 1));
}

static void print_all(showing_t *showing, const cJSON *record, int main)
{
    apr_pool_t *pool = showing->pool;
    int i;

    spbe_ctl_print_record(stdout, record,
                          spbe_ctl_sealed(&showing->store, record, pool), pool);
    if (showing->full != NULL) {
        fputs("\nYang pertama dari yang serupa, dengan rinciannya: ", stdout);
        spbe_ctl_print_record(
            stdout, showing->full,
            spbe_ctl_sealed(&showing->store, showing->full, pool), pool);
    }
    for (i = 0; i < showing->found->nelts; i++) {
        const cJSON *other = record_at(showing, i);

        if (i != main) {
            printf("\nReferensi yang sama: %s %s %s\n",
                   spbe_visible(member(other, "id"), pool),
                   spbe_visible(member(other, "kind"), pool),
                   spbe_visible(member(other, "title"), pool));
        }
    }
}

/* Whoever opened something has read it: that stands in the log as well. */
static void note_reading(const showing_t *showing, const spbe_ctl_t *ctl,
                         const cJSON *record)
{
    const char *opened = spbe_opening_name(SPBE_OPENING_OPENED);

    if (strcmp(member(record, "details"), opened) == 0 ||
        (showing->full != NULL &&
         strcmp(member(showing->full, "details"), opened) == 0)) {
        const char *ref = member(record, "ref");

        fflush(stdout);
        spbe_drop_reading(
            ctl,
            apr_pstrcat(showing->pool, "show ",
                        ref[0] == '\0' ? member(record, "id") : ref, NULL),
            1);
    }
}

static int print_found(showing_t *showing, const spbe_ctl_t *ctl, int json)
{
    int main = main_of(showing);
    cJSON *record = record_at(showing, main);

    find_full(showing, record);
    if (json) {
        add_related(showing, record, main);
        puts(spbe_ctl_json(record, showing->pool));
    }
    else {
        print_all(showing, record, main);
    }
    note_reading(showing, ctl, record);
    return spbe_ctl_failed(&showing->store, record) ||
                   (showing->full != NULL &&
                    spbe_ctl_failed(&showing->store, showing->full))
               ? SPBE_CTL_TROUBLE
               : SPBE_CTL_FINE;
}

/* Lower case: ids are written so, and read out in any way. */
static const char *as_id(const char *words, apr_pool_t *pool)
{
    char *id = apr_pstrdup(pool, words), *c;

    for (c = id; *c != '\0'; c++) {
        *c = apr_tolower(*c);
    }
    return id;
}

int spbe_ctl_show(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    showing_t showing = {.pool = ctl->pool};
    spbe_ctl_keys_t keys = {.recipients = NULL};
    int json = 0;
    const spbe_ctl_option_t options[] = {
        {"--rewrap", &keys.rewrap, NULL},
        {"--passphrase-file", &keys.passphrase_file, NULL},
        {"--recipients", &keys.recipients, NULL},
        {"--json", NULL, &json},
        {NULL, NULL, NULL},
    };
    spbe_filter_t filter = {.limit = SAME_MAX, .node = ctl->node};
    char ref[SPBE_REF_SIZE];
    const char *words;
    int code;

    keys.files = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = spbe_ctl_many(ctl, "--key", &argc, &argv, keys.files);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, &words);
    }
    if (code == SPBE_CTL_FINE && words[0] == '\0') {
        code = spbe_ctl_fail(SPBE_CTL_USAGE, "show needs a reference or an id");
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &showing.store, &keys);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if (spbe_ref_parse(spbe_span_from(words), ref)) {
        filter.ref = ref;
    }
    else {
        filter.id = as_id(words, ctl->pool);
    }
    showing.found = apr_array_make(ctl->pool, 2, sizeof(cJSON *));
    if (spbe_ctl_query(&showing.store, &filter, take_one, &showing,
                       ctl->pool) != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_ctl_store_error(&showing.store));
    }
    if (showing.found->nelts == 0) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                             filter.ref != NULL
                                 ? "%s: no record has this reference"
                                 : "%s: no record has this id, and as a "
                                   "reference a symbol of it is wrong",
                             spbe_visible(words, ctl->pool));
    }
    return print_found(&showing, ctl, json);
}
