/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/show.c - "show": one record with everything that is known of it.
 */
#include <stdio.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "ctl/full.h"
#include "ctl/print.h"
#include "record/ref.h"
#include "text/visible.h"

typedef struct showing {
    spbe_ctl_store_t store;
    long n;
    int json;
} showing_t;

static int print_one(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    showing_t *showing = baton;
    cJSON *record = spbe_ctl_full(&showing->store, row, pool);

    showing->n++;
    if (showing->json) {
        char *text = cJSON_PrintUnformatted(record);

        puts(text == NULL ? "{}" : text);
        cJSON_free(text);
    }
    else {
        spbe_ctl_print_record(stdout, record, showing->store.archive_error,
                              pool);
    }
    return 1;
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
    showing_t showing = {0};
    const spbe_ctl_option_t options[] = {
        {"--json", NULL, &showing.json},
        {NULL, NULL, NULL},
    };
    spbe_filter_t filter = {.limit = 1};
    char ref[SPBE_REF_SIZE];
    const char *words;
    int code = spbe_ctl_options(ctl, argc, argv, options, &words);

    if (code == SPBE_CTL_FINE && words[0] == '\0') {
        code = spbe_ctl_fail(SPBE_CTL_USAGE, "show needs a reference or an id");
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &showing.store);
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
    if (spbe_query_records(showing.store.database, &filter, print_one, &showing,
                           ctl->pool) != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_database_error(showing.store.database));
    }
    if (showing.n == 0) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE,
                             filter.ref != NULL
                                 ? "%s: no record has this reference"
                                 : "%s: no record has this id, and as a "
                                   "reference a symbol of it is wrong",
                             spbe_visible(words, ctl->pool));
    }
    return SPBE_CTL_FINE;
}
