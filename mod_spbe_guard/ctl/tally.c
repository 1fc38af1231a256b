/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/tally.c - "tally": how much was filled in, and what became of it, by day,
 * application and route.
 */
#include <stdio.h>
#include <apr_strings.h>
#include "ctl/full.h"
#include "ctl/print.h"
#include "store/review.h"
#include "text/stamp.h"
#include "text/visible.h"

#define DAYS 7

typedef struct listing {
    long n;
    int json;
} listing_t;

static int print_json(const spbe_review_tally_t *tally)
{
    cJSON *object = cJSON_CreateObject();
    char *text;

    cJSON_AddStringToObject(object, "day", tally->day);
    cJSON_AddStringToObject(object, "application", tally->application);
    cJSON_AddStringToObject(object, "route", tally->route);
#define X(name, text)                                                          \
    cJSON_AddNumberToObject(object, #name, (double)tally->counts.name);
    SPBE_TALLIES_COUNTS(X)
#undef X
    text = cJSON_PrintUnformatted(object);
    fputs(text == NULL ? "{}" : text, stdout);
    cJSON_free(text);
    cJSON_Delete(object);
    return ferror(stdout);
}

static void print_cell(const char *text, size_t width, apr_pool_t *pool)
{
    const char *shown = spbe_visible_fit(text, width, pool);
    size_t have = spbe_visible_width(spbe_span_from(shown));

    printf("%s%*s  ", shown, (int)(width - have), "");
}

static int print_row(void *baton, const spbe_review_tally_t *tally,
                     apr_pool_t *pool)
{
    listing_t *listing = baton;

    if (listing->json) {
        printf("%s", listing->n++ > 0 ? ",\n" : "");
        return print_json(tally);
    }
    listing->n++;
    print_cell(tally->day, 10, pool);
    print_cell(tally->application, 20, pool);
    print_cell(tally->route, 30, pool);
    printf("%7" APR_UINT64_T_FMT "  %10" APR_UINT64_T_FMT
           "  %7" APR_UINT64_T_FMT "  %7" APR_UINT64_T_FMT
           "  %7" APR_UINT64_T_FMT "\n",
           tally->counts.received, tally->counts.client_pages,
           tally->counts.valid, tally->counts.refused, tally->counts.logged);
    return ferror(stdout);
}

static void print_head(apr_pool_t *pool)
{
    puts("Isian Formulir: permintaan yang sampai ke pemeriksaan; Formulir "
         "Tervalidasi: halaman\ndengan aturan peramban; Hasil Verifikasi: "
         "valid, ditolak, hanya dicatat.\n");
    print_cell("HARI", 10, pool);
    print_cell("APLIKASI", 20, pool);
    print_cell("RUTE", 30, pool);
    puts("ISIAN    TERVALIDASI  VALID    DITOLAK  DICATAT");
}

int spbe_ctl_tally(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    const char *application = NULL, *since = NULL;
    char day[SPBE_STAMP_SIZE];
    spbe_ctl_store_t store;
    listing_t listing = {0};
    apr_time_t from = spbe_stamp_midnight(apr_time_now(), -DAYS);
    const spbe_ctl_option_t options[] = {
        {"--application", &application, NULL},
        {"--since", &since, NULL},
        {"--json", NULL, &listing.json},
        {NULL, NULL, NULL},
    };
    int behind = 0;
    int code = spbe_ctl_options(ctl, argc, argv, options, NULL);

    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_since(ctl, since, &from);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_store_open(ctl, &store, NULL);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    spbe_stamp_day(from, day);
    if (listing.json) {
        putchar('[');
    }
    else {
        print_head(ctl->pool);
    }
    if (spbe_review_tallies(store.database, application, day, 1, print_row,
                            &listing, ctl->pool) != APR_SUCCESS ||
        spbe_review_behind(store.database, from, &behind, ctl->pool) !=
            APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_database_error(store.database));
    }
    if (listing.json) {
        puts("]");
    }
    else if (behind) {
        puts("\n" SPBE_CTL_BEHIND);
    }
    return SPBE_CTL_FINE;
}
