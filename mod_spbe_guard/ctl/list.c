/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/list.c - "list": records that pass a filter, newest first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <apr_strings.h>
#include "ctl/drop.h"
#include "ctl/full.h"
#include "ctl/print.h"
#include "record/ref.h"
#include "text/stamp.h"
#include "text/visible.h"

#define LIMIT 50
#define WIDE 400
#define FIXED 90 /* columns before the title */

typedef struct listing {
    spbe_ctl_store_t store;
    long n, opened;
    int json;
    size_t title; /* width */
} listing_t;

static const char *const kinds[] = {"error", "anomaly", "access",
                                    "crash", "notice",  "action",
                                    "key",   "unknown", NULL};
static const char *const classes[] = {"code",     "configuration", "database",
                                      "upstream", "resource",      "unknown",
                                      "input",    "protocol",      NULL};

static int check_word(const spbe_ctl_t *ctl, const char *option,
                      const char *word, const char *const *allowed)
{
    const char *list = "";
    int i;

    for (i = 0; word != NULL && allowed[i] != NULL; i++) {
        if (strcmp(word, allowed[i]) == 0) {
            return SPBE_CTL_FINE;
        }
        list =
            apr_pstrcat(ctl->pool, list, i > 0 ? ", " : "", allowed[i], NULL);
    }
    return word == NULL
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_USAGE, "%s %s: allowed are %s", option,
                               spbe_visible(word, ctl->pool), list);
}

static int read_limit(const spbe_ctl_t *ctl, const char *text, long *limit)
{
    char *end;

    *limit = LIMIT;
    if (text == NULL) {
        return SPBE_CTL_FINE;
    }
    errno = 0;
    *limit = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *limit < 0) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "--limit %s: a number is needed, 0 for all",
                             spbe_visible(text, ctl->pool));
    }
    return SPBE_CTL_FINE;
}

static int read_reference(const spbe_ctl_t *ctl, const char *text,
                          const char **ref)
{
    char canonical[SPBE_REF_SIZE];

    if (text == NULL) {
        return SPBE_CTL_FINE;
    }
    if (!spbe_ref_parse(spbe_span_from(text), canonical)) {
        return spbe_ctl_fail(
            SPBE_CTL_USAGE,
            "--reference %s: not a reference, or one symbol is wrong",
            spbe_visible(text, ctl->pool));
    }
    *ref = apr_pstrdup(ctl->pool, canonical);
    return SPBE_CTL_FINE;
}

static int read_options(const spbe_ctl_t *ctl, int argc,
                        const char *const *argv, spbe_filter_t *filter,
                        spbe_ctl_keys_t *keys, int *json)
{
    const char *since = NULL, *limit = NULL, *reference = NULL;
    int all = 0;
    const spbe_ctl_option_t options[] = {
        {"--kind", &filter->kind, NULL},
        {"--class", &filter->class_name, NULL},
        {"--application", &filter->application, NULL},
        {"--since", &since, NULL},
        {"--reference", &reference, NULL},
        {"--limit", &limit, NULL},
        {"--rewrap", &keys->rewrap, NULL},
        {"--passphrase-file", &keys->passphrase_file, NULL},
        {"--recipients", &keys->recipients, NULL},
        {"--json", NULL, json},
        {"--all", NULL, &all},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_many(ctl, "--key", &argc, &argv, keys->files);

    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, NULL);
    }
    if (code == SPBE_CTL_FINE && filter->kind != NULL &&
        strcmp(filter->kind, "tally") == 0) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "--kind tally: counts are added up, not listed; "
                             "see spbe-guardctl tally");
    }
    if (code == SPBE_CTL_FINE) {
        code = check_word(ctl, "--kind", filter->kind, kinds);
    }
    if (code == SPBE_CTL_FINE) {
        code = check_word(ctl, "--class", filter->class_name, classes);
    }
    if (code == SPBE_CTL_FINE) {
        code = read_limit(ctl, limit, &filter->limit);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_since(ctl, since, &filter->since);
    }
    filter->folded = !all && reference == NULL;
    return code == SPBE_CTL_FINE ? read_reference(ctl, reference, &filter->ref)
                                 : code;
}

static int print_json(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    listing_t *listing = baton;
    const cJSON *record = spbe_ctl_full(&listing->store, row, pool);

    printf("%s%s", listing->n++ > 0 ? ",\n" : "", spbe_ctl_json(record, pool));
    listing->opened += strcmp(spbe_ctl_text(record, "details", pool),
                              spbe_opening_name(SPBE_OPENING_OPENED)) == 0;
    return ferror(stdout);
}

static const char *statuses(const spbe_row_t *row, apr_pool_t *pool)
{
    if (row->status_in == 0 && row->status_out == 0) {
        return "-";
    }
    if (row->status_out == 0 || row->status_out == row->status_in) {
        return apr_psprintf(pool, "%d", row->status_in);
    }
    return apr_psprintf(pool, "%d>%d", row->status_in, row->status_out);
}

/* printf counts bytes, a terminal counts characters. */
static void print_cell(const char *text, size_t width, apr_pool_t *pool)
{
    const char *shown = spbe_visible_fit(
        text == NULL || text[0] == '\0' ? "-" : text, width, pool);
    size_t have = spbe_visible_width(spbe_span_from(shown));

    printf("%s%*s  ", shown, (int)(width - have), "");
}

/* "(1200 kali) ...": a record that stands for many. */
static const char *title_of(const cJSON *h, apr_pool_t *pool)
{
    const char *title = spbe_ctl_text(h, "title", pool);
    const char *total = spbe_ctl_text(h, "total", pool);

    return total[0] == '\0'
               ? title
               : apr_pstrcat(pool, "(", total, " kali) ", title, NULL);
}

static int print_row(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    listing_t *listing = baton;
    char time[SPBE_STAMP_SIZE];
    cJSON *h = cJSON_Parse(row->h);

    spbe_stamp_local(row->ts, time);
    print_cell(time, 23, pool);
    print_cell(row->ref, 13, pool);
    print_cell(row->kind, 7, pool);
    print_cell(row->class_name, 13, pool);
    print_cell(statuses(row, pool), 7, pool);
    print_cell(row->application, 13, pool);
    puts(spbe_visible_fit(title_of(h, pool), listing->title, pool));
    cJSON_Delete(h);
    listing->n++;
    return ferror(stdout);
}

static size_t title_width(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1 ||
        size.ws_col < FIXED + 20) {
        return WIDE;
    }
    return size.ws_col - FIXED;
}

static void print_table_head(apr_pool_t *pool)
{
    print_cell("WAKTU", 23, pool);
    print_cell("REFERENSI", 13, pool);
    print_cell("JENIS", 7, pool);
    print_cell("KELAS", 13, pool);
    print_cell("STATUS", 7, pool);
    print_cell("APLIKASI", 13, pool);
    puts("JUDUL");
}

int spbe_ctl_list(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    spbe_filter_t filter = {.node = ctl->node};
    listing_t listing = {.title = title_width()};
    spbe_ctl_keys_t keys = {.recipients = NULL};
    apr_status_t rv;
    int code;

    keys.files = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = read_options(ctl, argc, argv, &filter, &keys, &listing.json);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &listing.store, &keys);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if (listing.json) {
        putchar('[');
    }
    else {
        print_table_head(ctl->pool);
    }
    rv = spbe_ctl_query(&listing.store, &filter,
                        listing.json ? print_json : print_row, &listing,
                        ctl->pool);
    if (listing.json) {
        puts("]");
    }
    if (listing.opened > 0) {
        fflush(stdout);
        spbe_drop_reading(ctl, "list", (apr_uint64_t)listing.opened);
    }
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_ctl_store_error(&listing.store));
    }
    if (listing.json && listing.n > 0 && listing.store.sources == NULL &&
        listing.store.archive_error != NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "no details: %s",
                             listing.store.archive_error);
    }
    return SPBE_CTL_FINE;
}
