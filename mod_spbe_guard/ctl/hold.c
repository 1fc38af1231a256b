/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/hold.c - "hold": what must not be purged, and until when.
 */
#include "store/hold.h"

#include <stdio.h>
#include <string.h>
#include <apr_strings.h>
#include "ctl/drop.h"
#include "ctl/full.h"
#include "ctl/home.h"
#include "ctl/print.h"
#include "record/ref.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/visible.h"

/* The key that details are sealed with was written so long before. */
#define BEFORE apr_time_from_sec(10 * 60)
#define BEHIND apr_time_from_sec(60)

typedef struct holding {
    const spbe_ctl_t *ctl;
    const char *since, *until, *reason, *by;
    apr_array_header_t *words;
    int json;
} holding_t;

static const char *word(const holding_t *h, int i)
{
    return i < h->words->nelts ? APR_ARRAY_IDX(h->words, i, const char *)
                               : NULL;
}

static const char *local(apr_time_t time, apr_pool_t *pool)
{
    char stamp[SPBE_STAMP_SIZE];

    if (time == 0) {
        return "seterusnya (no end)";
    }
    spbe_stamp_local(time, stamp);
    return apr_pstrdup(pool, stamp);
}

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    if (time != 0) {
        spbe_stamp_write(time, stamp);
        spbe_jsonout_text(buf, name, stamp);
    }
}

static void print_json(const apr_array_header_t *holds, apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 512, pool);
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < holds->nelts; i++) {
        const spbe_hold_t *hold = &APR_ARRAY_IDX(holds, i, spbe_hold_t);

        spbe_jsonout_comma(&buf);
        spbe_buf_addc(&buf, '{');
        spbe_jsonout_text(&buf, "id", hold->id);
        add_time(&buf, "made", hold->made);
        spbe_jsonout_text(&buf, "ref", hold->ref);
        add_time(&buf, "since", hold->since);
        add_time(&buf, "until", hold->until);
        spbe_jsonout_text(&buf, "by", hold->by);
        spbe_jsonout_text(&buf, "reason", hold->text);
        spbe_buf_addc(&buf, '}');
    }
    spbe_buf_addc(&buf, ']');
    puts(spbe_buf_cstr(&buf));
}

static int list(const holding_t *h)
{
    apr_pool_t *pool = h->ctl->pool;
    apr_array_header_t *holds;
    apr_status_t rv = spbe_hold_read(h->ctl->home, &holds, pool);
    char reason[128];
    int i;

    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/" SPBE_HOLD_FILE ": %s",
                             spbe_visible(h->ctl->home, pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    if (h->json) {
        print_json(holds, pool);
        return SPBE_CTL_FINE;
    }
    printf("%d penahanan hukum (legal holds)\n", holds->nelts);
    for (i = 0; i < holds->nelts; i++) {
        const spbe_hold_t *hold = &APR_ARRAY_IDX(holds, i, spbe_hold_t);

        printf("\n%s\n", spbe_visible(hold->id, pool));
        spbe_ctl_print_line(stdout, "Referensi",
                            hold->ref == NULL ? "" : hold->ref, pool);
        spbe_ctl_print_line(stdout, "Dari", local(hold->since, pool), pool);
        spbe_ctl_print_line(stdout, "Sampai", local(hold->until, pool), pool);
        spbe_ctl_print_line(stdout, "Alasan", hold->text, pool);
        spbe_ctl_print_line(stdout, "Oleh", hold->by, pool);
        spbe_ctl_print_line(stdout, "Dibuat", local(hold->made, pool), pool);
    }
    return SPBE_CTL_FINE;
}

/* When the lines of a record came in. */
typedef struct span {
    spbe_ctl_store_t store;
    spbe_order_t *order;
    const char *of; /* another record that has its details */
    apr_pool_t *pool;
    int n;
} span_t;

static void widen(span_t *span, apr_time_t from, apr_time_t to)
{
    spbe_order_t *order = span->order;

    from = from > BEFORE ? from - BEFORE : 0;
    if (span->n == 0 || from < order->since) {
        order->since = from;
    }
    if (span->n == 0 || to + BEHIND > order->until) {
        order->until = to + BEHIND;
    }
    span->n++;
}

static int take_row(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    span_t *span = baton;
    spbe_details_t details = {.parts = 0};
    cJSON *h = cJSON_Parse(row->h);
    const char *of = spbe_ctl_text(h, "of", pool);

    widen(span, row->ts, row->ts);
    if (span->store.archive_error == NULL &&
        spbe_details_get(&span->store.source, row, &details, pool) ==
            APR_SUCCESS &&
        details.parts > 0) {
        widen(span, details.received, details.last);
    }
    if (of[0] != '\0' && strcmp(of, row->id) != 0) {
        span->of = apr_pstrdup(span->pool, of);
    }
    cJSON_Delete(h);
    return 0;
}

static int find(const holding_t *h, const char *typed, spbe_order_t *order)
{
    apr_pool_t *pool = h->ctl->pool;
    span_t span = {.order = order, .pool = pool};
    char ref[SPBE_REF_SIZE];
    spbe_filter_t filter = {.limit = 100};
    apr_status_t rv;
    int code;

    if (!spbe_ref_parse(spbe_span_from(typed), ref)) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "%s: not a reference",
                             spbe_visible(typed, pool));
    }
    order->ref = filter.ref = apr_pstrdup(pool, ref);
    code = spbe_ctl_store_open(h->ctl, &span.store, NULL);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    rv = spbe_ctl_query(&span.store, &filter, take_row, &span, pool);
    if (rv == APR_SUCCESS && span.of != NULL) {
        filter.ref = NULL;
        filter.id = span.of;
        rv = spbe_ctl_query(&span.store, &filter, take_row, &span, pool);
    }
    if (rv != APR_SUCCESS || span.n == 0) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: %s", ref,
                             rv == APR_SUCCESS
                                 ? "no record has this reference"
                                 : spbe_ctl_store_error(&span.store));
    }
    return SPBE_CTL_FINE;
}

/* Puts the order and says what became of it. */
static int carry_out(const holding_t *h, spbe_order_t *order, const char *done)
{
    spbe_order_result_t result;
    int code = spbe_drop_put(h->ctl, order);

    if (code == SPBE_CTL_FINE) {
        code = spbe_drop_wait(h->ctl, order, &result);
    }
    if (code == SPBE_CTL_FINE && h->json) {
        puts(spbe_order_result_json(&result, h->ctl->pool));
    }
    else if (code == SPBE_CTL_FINE) {
        printf("%s: %s\n", order->id, done);
    }
    return code;
}

static int check_signed(const holding_t *h)
{
    return h->reason != NULL && h->reason[0] != '\0'
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_USAGE,
                               "hold %s needs --reason (and --by, unless it "
                               "is you)",
                               word(h, 0));
}

static int add(const holding_t *h)
{
    spbe_order_t order = {
        .what = SPBE_ORDER_HOLD, .by = h->by, .text = h->reason};
    const char *ref = word(h, 1);
    int code = check_signed(h);

    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if ((ref == NULL) == (h->since == NULL) || h->words->nelts > 2) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "hold add needs a reference, or --since TIME "
                             "[--until TIME]");
    }
    code = ref != NULL
               ? find(h, ref, &order)
               : spbe_ctl_time(h->ctl, "--since", h->since, &order.since);
    if (code == SPBE_CTL_FINE && ref == NULL) {
        code = spbe_ctl_time(h->ctl, "--until", h->until, &order.until);
    }
    if (code == SPBE_CTL_FINE && order.until != 0 &&
        order.until < order.since) {
        code = spbe_ctl_fail(SPBE_CTL_USAGE, "--until is before --since");
    }
    return code == SPBE_CTL_FINE
               ? carry_out(h, &order,
                           apr_psprintf(h->ctl->pool, "ditahan (held) %s - %s",
                                        local(order.since, h->ctl->pool),
                                        local(order.until, h->ctl->pool)))
               : code;
}

static int release(const holding_t *h)
{
    spbe_order_t order = {.what = SPBE_ORDER_RELEASE,
                          .by = h->by,
                          .text = h->reason,
                          .hold = word(h, 1)};
    int code = check_signed(h);

    if (code == SPBE_CTL_FINE && (order.hold == NULL || h->words->nelts > 2)) {
        code = spbe_ctl_fail(SPBE_CTL_USAGE,
                             "hold release needs an id of hold list");
    }
    return code == SPBE_CTL_FINE
               ? carry_out(h, &order, "penahanan dilepas (released)")
               : code;
}

int spbe_ctl_hold(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    static const struct {
        const char *name;
        int (*run)(const holding_t *h);
    } commands[] = {{"list", list}, {"add", add}, {"release", release}};
    holding_t h = {.ctl = ctl, .by = spbe_home_who(ctl->pool)};
    const spbe_ctl_option_t options[] = {
        {"--since", &h.since, NULL},   {"--until", &h.until, NULL},
        {"--reason", &h.reason, NULL}, {"--by", &h.by, NULL},
        {"--json", NULL, &h.json},     {NULL, NULL, NULL},
    };
    size_t i;
    int code;

    h.words = apr_array_make(ctl->pool, 4, sizeof(const char *));
    code = spbe_ctl_words(ctl, argc, argv, options, h.words);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (word(&h, 0) != NULL && strcmp(word(&h, 0), commands[i].name) == 0) {
            return commands[i].run(&h);
        }
    }
    return spbe_ctl_fail(SPBE_CTL_USAGE, "hold: list, add or release; see "
                                         "spbe-guardctl hold --help");
}
