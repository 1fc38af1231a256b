/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/review_print.c - a review for people and for programs; the verdict on
 * each application.
 *
 * Ready: SPBE_REVIEW_ENOUGH requests were examined, and none would be refused
 * but those of clients that look like attackers (store/review.h).
 */
#include "ctl/review.h"

#include <stdio.h>
#include <string.h>
#include <apr_strings.h>
#include "ctl/print.h"
#include "text/stamp.h"
#include "text/visible.h"

spbe_review_verdict_t spbe_review_judge(const spbe_review_app_t *app)
{
    if (app->sum.refused > 0) {
        return SPBE_REVIEW_ON;
    }
    if (app->sum.reject > app->sum.attackers) {
        return SPBE_REVIEW_NOT_READY;
    }
    return app->received < SPBE_REVIEW_ENOUGH ? SPBE_REVIEW_TOO_FEW
                                              : SPBE_REVIEW_READY;
}

const char *spbe_review_word(spbe_review_verdict_t verdict)
{
    static const char *const words[] = {"too-few", "not-ready", "ready", "on"};

    return words[verdict];
}

/* "1,4 %"; "" where the whole is not known. */
static const char *percent(apr_int64_t part, apr_int64_t whole,
                           apr_pool_t *pool)
{
    apr_int64_t thousandths = whole <= 0 ? 0 : part * 1000 / whole;

    if (whole <= 0) {
        return "";
    }
    return apr_psprintf(pool, "%" APR_INT64_T_FMT ",%" APR_INT64_T_FMT " %%",
                        thousandths / 10, thousandths % 10);
}

const char *spbe_review_sentence(const spbe_review_app_t *app, apr_pool_t *pool)
{
    apr_int64_t citizens = app->sum.reject - app->sum.attackers;

    switch (spbe_review_judge(app)) {
    case SPBE_REVIEW_ON:
        return apr_psprintf(
            pool,
            "sudah On (On already): %" APR_INT64_T_FMT
            " permintaan ditolak, %" APR_INT64_T_FMT " akan ditolak di tempat "
            "yang masih DetectOnly",
            app->sum.refused, app->sum.reject - app->sum.refused);
    case SPBE_REVIEW_NOT_READY:
        return apr_psprintf(pool,
                            "belum siap (not ready): %" APR_INT64_T_FMT
                            " permintaan dari %" APR_INT64_T_FMT
                            " klien akan ditolak; izinkan atau perbaiki dahulu",
                            citizens, app->sum.clients);
    case SPBE_REVIEW_TOO_FEW:
        return apr_psprintf(pool,
                            "belum cukup (too few requests): %" APR_INT64_T_FMT
                            " dari %d permintaan sudah diperiksa%s",
                            app->received, SPBE_REVIEW_ENOUGH,
                            app->received < (apr_int64_t)app->counts.received
                                ? "; hitungan per hari, hari pertama tidak "
                                  "dihitung karena tidak utuh"
                                : "");
    default:
        return apr_psprintf(
            pool,
            "siap (ready to switch On): %" APR_INT64_T_FMT
            " permintaan diperiksa dalam %" APR_INT64_T_FMT " hari, %s",
            app->received, app->days,
            app->sum.reject == 0
                ? "tidak ada yang akan ditolak"
                : apr_psprintf(pool,
                               "yang akan ditolak (%" APR_INT64_T_FMT
                               ") hanya dari klien yang tampak menyerang",
                               app->sum.reject));
    }
}

static const char *outcome(const spbe_review_row_t *row)
{
    if (row->refused > 0) {
        return "ditolak";
    }
    return row->wanted != NULL && strcmp(row->wanted, "reject") == 0
               ? "akan ditolak"
               : "hanya dicatat";
}

static const char *safe(const char *text, apr_pool_t *pool)
{
    return text == NULL ? "-" : spbe_visible(text, pool);
}

/* A part of a day has no counts of its own. */
static const char *share_of(const spbe_review_item_t *item, int partial,
                            apr_pool_t *pool)
{
    const char *share = percent(item->row.requests, item->received, pool);

    return *share != '\0' ? apr_psprintf(pool, " (%s)", share)
           : partial      ? " (hitungan per hari)"
                          : "";
}

static void print_block(const char *block, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(block);

    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);

        printf("      %s\n",
               safe(apr_pstrmemdup(pool, line.ptr, line.len), pool));
    }
}

static void print_advice(const spbe_review_item_t *item, apr_pool_t *pool)
{
    int allows = item->effect != NULL && strcmp(item->effect, "allow") == 0;

    if (item->line == NULL) {
        return;
    }
    if (item->block == NULL) {
        printf("    %s%s\n", allows ? "mengizinkannya: " : "", item->line);
        return;
    }
    puts(allows ? "    mengizinkannya:" : "    menolaknya:");
    print_block(item->block, pool);
    if (!allows && item->policy != NULL) {
        printf("    mengizinkannya: # kebijakan "
               "(SpbeGuardPolicy/SpbeGuardParam): %s\n",
               item->policy);
    }
}

static void print_item(const spbe_review_item_t *item, int partial,
                       apr_pool_t *pool)
{
    const spbe_review_row_t *row = &item->row;

    printf("  %s  %s %s\n", safe(row->route, pool), safe(row->place, pool),
           safe(row->field, pool));
    printf("    %s%s%s: %s, %" APR_INT64_T_FMT
           " permintaan%s, %" APR_INT64_T_FMT " klien",
           safe(row->reason, pool), row->keyword == NULL ? "" : " ",
           row->keyword == NULL ? "" : safe(row->keyword, pool), outcome(row),
           row->requests, share_of(item, partial, pool), row->clients);
    if (row->attackers > 0) {
        printf(", %" APR_INT64_T_FMT " di antaranya tampak menyerang",
               row->attackers);
    }
    putchar('\n');
    if (item->example != NULL) {
        printf("    bentuk nilai: %s\n", safe(item->example, pool));
    }
    print_advice(item, pool);
}

static void print_app(const spbe_review_app_t *app, int partial,
                      apr_pool_t *pool)
{
    int i;

    printf("%s\n", safe(app->name, pool));
#define X(name, text)                                                          \
    spbe_ctl_print_line(                                                       \
        stdout, text,                                                          \
        apr_psprintf(pool, "%" APR_UINT64_T_FMT, app->counts.name), pool);
    SPBE_TALLIES_COUNTS(X)
#undef X
    for (i = 0; i < app->items->nelts && i < SPBE_REVIEW_SHOWN; i++) {
        print_item(&APR_ARRAY_IDX(app->items, i, spbe_review_item_t), partial,
                   pool);
    }
    if (i < app->items->nelts) {
        printf("  ... dan %d temuan lain (--json menunjukkan semuanya)\n",
               app->items->nelts - i);
    }
    putchar('\n');
}

static void print_head(const spbe_review_t *review)
{
    char since[SPBE_STAMP_SIZE];

    spbe_stamp_local(review->since, since);
    printf("Hasil Verifikasi dan Database Log sejak %s\n", since);
    if (spbe_review_is_partial(review)) {
        spbe_stamp_local(spbe_stamp_midnight(review->since, 0), since);
        printf("hitungan per hari (counts are per day): sejak %s\n", since);
    }
    if (review->behind) {
        puts(SPBE_CTL_BEHIND);
    }
    putchar('\n');
}

/* What was found before a cure stays in the log. */
static void print_again(const spbe_review_t *review)
{
    char now[SPBE_STAMP_SIZE];

    spbe_stamp_plain(review->now, now);
    printf("\nsesudah mengubah setelan (after a change): --since WAKTU "
           "perubahan itu, misalnya\n  spbe-guardctl review --since %s\n",
           now);
}

void spbe_review_print(const spbe_review_t *review)
{
    int i, found = 0, partial = spbe_review_is_partial(review);

    print_head(review);
    for (i = 0; i < review->apps->nelts; i++) {
        print_app(APR_ARRAY_IDX(review->apps, i, spbe_review_app_t *), partial,
                  review->pool);
    }
    for (i = 0; i < review->apps->nelts; i++) {
        const spbe_review_app_t *app =
            APR_ARRAY_IDX(review->apps, i, spbe_review_app_t *);

        found = found || app->items->nelts > 0;
        printf("%s: %s\n", safe(app->name, review->pool),
               spbe_review_sentence(app, review->pool));
    }
    if (found) {
        print_again(review);
    }
    if (review->apps->nelts == 0) {
        puts("belum ada permintaan yang diperiksa (nothing was examined)");
    }
}

static void add_text(cJSON *object, const char *name, const char *value)
{
    cJSON_AddItemToObject(object, name,
                          value == NULL ? cJSON_CreateNull()
                                        : cJSON_CreateString(value));
}

static void add_time(cJSON *object, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    cJSON_AddStringToObject(object, name, stamp);
}

static cJSON *item_json(const spbe_review_item_t *item)
{
    const spbe_review_row_t *row = &item->row;
    cJSON *object = cJSON_CreateObject();

    add_text(object, "route", row->route);
    add_text(object, "place", row->place);
    add_text(object, "field", row->field);
    add_text(object, "reason", row->reason);
    add_text(object, "keyword", row->keyword);
    add_text(object, "wanted", row->wanted);
    cJSON_AddNumberToObject(object, "requests", (double)row->requests);
    cJSON_AddNumberToObject(object, "refused", (double)row->refused);
    cJSON_AddNumberToObject(object, "clients", (double)row->clients);
    cJSON_AddNumberToObject(object, "attackers", (double)row->attackers);
    if (item->received > 0) {
        cJSON_AddNumberToObject(object, "share",
                                (double)row->requests / (double)item->received);
    }
    else {
        cJSON_AddNullToObject(object, "share");
    }
    add_time(object, "first", row->first);
    add_time(object, "last", row->last);
    add_text(object, "example", item->example);
    add_text(object, "location", item->location);
    add_text(object, "line", item->line);
    add_text(object, "block", item->block);
    add_text(object, "effect", item->effect);
    return object;
}

static cJSON *app_json(const spbe_review_app_t *app, apr_pool_t *pool)
{
    cJSON *object = cJSON_CreateObject(), *list;
    int i;

    cJSON_AddStringToObject(object, "application", app->name);
#define X(name, text)                                                          \
    cJSON_AddNumberToObject(object, #name, (double)app->counts.name);
    SPBE_TALLIES_COUNTS(X)
#undef X
    cJSON_AddNumberToObject(object, "days", (double)app->days);
    list = cJSON_AddArrayToObject(object, "findings");
    for (i = 0; i < app->items->nelts; i++) {
        cJSON_AddItemToArray(
            list, item_json(&APR_ARRAY_IDX(app->items, i, spbe_review_item_t)));
    }
    cJSON_AddStringToObject(object, "verdict",
                            spbe_review_word(spbe_review_judge(app)));
    cJSON_AddStringToObject(object, "sentence",
                            spbe_review_sentence(app, pool));
    return object;
}

cJSON *spbe_review_json(const spbe_review_t *review)
{
    cJSON *object = cJSON_CreateObject(), *list;
    int i;

    add_time(object, "since", review->since);
    add_time(object, "counts_since", spbe_stamp_midnight(review->since, 0));
    cJSON_AddBoolToObject(object, "counts_behind", review->behind);
    list = cJSON_AddArrayToObject(object, "applications");
    for (i = 0; i < review->apps->nelts; i++) {
        cJSON_AddItemToArray(
            list, app_json(APR_ARRAY_IDX(review->apps, i, spbe_review_app_t *),
                           review->pool));
    }
    return object;
}
