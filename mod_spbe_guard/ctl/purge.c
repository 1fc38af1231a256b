/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/purge.c - "purge": says what would go; on a signed order the logger does
 * it. The tool itself takes nothing out of the archive.
 */
#include <stdio.h>
#include <string.h>
#include <apr_strings.h>
#include "ctl/drop.h"
#include "ctl/retention.h"
#include "store/segments.h"
#include "store/hold.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/visible.h"

typedef struct piece {
    spbe_segments_one_t segment;
    spbe_segments_content_t content;
    const char *why; /* it stays; NULL: it goes */
} piece_t;

typedef struct purging {
    const spbe_ctl_t *ctl;
    const char *older, *order, *by;
    int details, all, apply, json;
    apr_time_t before, now;
    apr_array_header_t *pieces; /* piece_t: what is old enough */
    apr_array_header_t *holds;  /* spbe_hold_t */
} purging_t;

static const char *local(apr_time_t time, apr_pool_t *pool)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_local(time, stamp);
    return apr_pstrdup(pool, stamp);
}

static int read_before(purging_t *p)
{
    spbe_retention_t retention;
    long days;

    p->now = apr_time_now();
    if (p->older == NULL) {
        spbe_retention_read(p->ctl->home, &retention, p->ctl->pool);
        if (!retention.is_set || retention.days == 0) {
            return spbe_ctl_fail(SPBE_CTL_USAGE,
                                 "purge needs --older-than TIME: no retention "
                                 "is set");
        }
        days = retention.days;
    }
    else if (!spbe_retention_parse(p->older, &days) || days == 0) {
        return spbe_stamp_since(spbe_span_from(p->older), p->now, &p->before)
                   ? SPBE_CTL_FINE
                   : spbe_ctl_fail(SPBE_CTL_USAGE,
                                   "--older-than %s: allowed are 90d, 12m, 5y, "
                                   "2026-03-04, 2026-03-04T10:00:00Z",
                                   spbe_visible(p->older, p->ctl->pool));
    }
    p->before = p->now - apr_time_from_sec(days * 24 * 60 * 60);
    return SPBE_CTL_FINE;
}

/* Why the logger would refuse it, or NULL. */
static const char *why_not(const purging_t *p, const piece_t *piece)
{
    const spbe_segments_one_t *s = &piece->segment;
    const spbe_hold_t *hold = spbe_hold_find(p->holds, s->from, s->to);

    if (hold != NULL) {
        return apr_psprintf(p->ctl->pool, "ditahan (held): %s %s, %s", hold->id,
                            hold->ref == NULL ? "" : hold->ref,
                            spbe_visible(hold->text, p->ctl->pool));
    }
    if (s->group_from == 0 || s->group_to < s->group_from) {
        return "tidak terbaca (unreadable): spbe-guardctl verify";
    }
    if (p->all ? piece->content.records == 0
               : piece->content.details_bytes == 0) {
        return "sudah dihapus (nothing is left in it)";
    }
    return NULL;
}

static int collect(purging_t *p)
{
    apr_array_header_t *segments;
    apr_status_t rv = spbe_segments_list(p->ctl->home, &segments, p->ctl->pool);
    char reason[128];
    int i;

    p->pieces = apr_array_make(p->ctl->pool, 16, sizeof(piece_t));
    for (i = 0; rv == APR_SUCCESS && i < segments->nelts; i++) {
        piece_t piece = {.segment =
                             APR_ARRAY_IDX(segments, i, spbe_segments_one_t)};

        if (piece.segment.is_last || piece.segment.to == 0 ||
            piece.segment.to >= p->before ||
            piece.segment.to >= p->now - SPBE_ORDER_YOUNG) {
            continue;
        }
        rv = spbe_segments_read(p->ctl->home, &piece.segment, &piece.content,
                                p->ctl->pool);
        piece.why = why_not(p, &piece);
        APR_ARRAY_PUSH(p->pieces, piece_t) = piece;
    }
    return rv == APR_SUCCESS
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s",
                               spbe_visible(p->ctl->home, p->ctl->pool),
                               apr_strerror(rv, reason, sizeof(reason)));
}

typedef struct sum {
    int segments;
    apr_uint64_t records, bytes;
    apr_time_t from, to;
} sum_t;

static sum_t sum_of(const purging_t *p)
{
    sum_t sum = {0};
    int i;

    for (i = 0; i < p->pieces->nelts; i++) {
        const piece_t *piece = &APR_ARRAY_IDX(p->pieces, i, piece_t);

        if (piece->why != NULL) {
            continue;
        }
        sum.from = sum.segments == 0 ? piece->segment.from : sum.from;
        sum.to = piece->segment.to;
        sum.segments++;
        sum.records +=
            p->all ? piece->content.records : piece->content.detailed;
        sum.bytes +=
            p->all ? piece->content.bytes : piece->content.details_bytes;
    }
    return sum;
}

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(time, stamp);
    spbe_jsonout_text(buf, name, stamp);
}

static void add_pieces(spbe_buf_t *buf, const purging_t *p)
{
    int i;

    spbe_jsonout_name(buf, "held_back");
    spbe_buf_addc(buf, '[');
    for (i = 0; i < p->pieces->nelts; i++) {
        const piece_t *piece = &APR_ARRAY_IDX(p->pieces, i, piece_t);

        if (piece->why != NULL) {
            spbe_jsonout_comma(buf);
            spbe_buf_addc(buf, '{');
            spbe_jsonout_number(buf, "segment",
                                (apr_int64_t)piece->segment.first);
            add_time(buf, "from", piece->segment.from);
            add_time(buf, "to", piece->segment.to);
            spbe_jsonout_text(buf, "why", piece->why);
            spbe_buf_addc(buf, '}');
        }
    }
    spbe_buf_addc(buf, ']');
}

static void print_json(const purging_t *p, const sum_t *sum)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 512, p->ctl->pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "mode", p->all ? "all" : "details");
    add_time(&buf, "before", p->before);
    spbe_jsonout_raw(&buf, "applied", p->apply ? "true" : "false");
    spbe_jsonout_number(&buf, "segments", sum->segments);
    spbe_jsonout_number(&buf, "records", (apr_int64_t)sum->records);
    spbe_jsonout_number(&buf, "bytes", (apr_int64_t)sum->bytes);
    if (sum->segments > 0) {
        add_time(&buf, "from", sum->from);
        add_time(&buf, "to", sum->to);
    }
    add_pieces(&buf, p);
    spbe_buf_addc(&buf, '}');
    puts(spbe_buf_cstr(&buf));
}

static void print(const purging_t *p, const sum_t *sum)
{
    apr_pool_t *pool = p->ctl->pool;
    int i;

    printf("Diterima sebelum %s (received before), %s:\n",
           local(p->before, pool),
           p->all ? "catatan seluruhnya (whole records)"
                  : "rincian saja (details alone)");
    printf("  %d segmen, %" APR_UINT64_T_FMT " catatan, %" APR_UINT64_T_FMT
           " byte\n",
           sum->segments, sum->records, sum->bytes);
    if (sum->segments > 0) {
        printf("  dari %s sampai %s\n", local(sum->from, pool),
               local(sum->to, pool));
    }
    for (i = 0; i < p->pieces->nelts; i++) {
        const piece_t *piece = &APR_ARRAY_IDX(p->pieces, i, piece_t);

        if (piece->why != NULL) {
            printf("  tetap (stays): %s - %s: %s\n",
                   local(piece->segment.from, pool),
                   local(piece->segment.to, pool), piece->why);
        }
    }
    puts("  tetap (stays): segmen yang belum penuh dan 24 jam terakhir");
    if (!p->apply && sum->segments > 0) {
        printf("\nBelum ada yang dihapus. Dengan perintah tertulis (nothing "
               "was purged; by order):\n  spbe-guardctl --home %s purge "
               "--older-than %s %s --apply --order 'NOMOR DAN ISI PERINTAH' "
               "--by NAMA\n",
               spbe_visible(p->ctl->home, pool),
               p->older == NULL ? "..." : spbe_visible(p->older, pool),
               p->all ? "--all" : "--details");
    }
}

static int apply_one(purging_t *p, spbe_order_t *order)
{
    spbe_order_result_t result;
    int code = spbe_drop_put(p->ctl, order);

    if (code == SPBE_CTL_FINE) {
        code = spbe_drop_wait(p->ctl, order, &result);
    }
    if (code == SPBE_CTL_FINE && !p->json) {
        printf("perintah %s dikerjakan (carried out): grup %" APR_UINT64_T_FMT
               " - %" APR_UINT64_T_FMT ", %" APR_UINT64_T_FMT
               " byte dibebaskan\n",
               order->id, order->from, order->to, result.bytes);
    }
    return code;
}

/* One order for each stretch without a gap. */
static int apply(purging_t *p)
{
    spbe_order_t order = {.what = SPBE_ORDER_PURGE,
                          .by = p->by,
                          .text = p->order,
                          .all = p->all,
                          .before = p->before};
    int i, code = SPBE_CTL_FINE;

    for (i = 0; i <= p->pieces->nelts && code == SPBE_CTL_FINE; i++) {
        const piece_t *piece = i == p->pieces->nelts
                                   ? NULL
                                   : &APR_ARRAY_IDX(p->pieces, i, piece_t);
        int goes = piece != NULL && piece->why == NULL;

        if (order.from != 0 &&
            (!goes || piece->segment.first != order.behind)) {
            code = apply_one(p, &order);
            order.from = 0;
        }
        if (goes) {
            order.first = order.from == 0 ? piece->segment.first : order.first;
            order.from =
                order.from == 0 ? piece->segment.group_from : order.from;
            order.to = piece->segment.group_to;
            order.behind = piece->segment.behind;
        }
    }
    return code;
}

static int check(const purging_t *p)
{
    if (p->details && p->all) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "--details or --all, not both");
    }
    if (p->apply && (p->order == NULL || p->order[0] == '\0' || p->by == NULL ||
                     p->by[0] == '\0')) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "--apply needs --order TEXT (which order says "
                             "so) and --by NAME (who signs for it)");
    }
    return SPBE_CTL_FINE;
}

static int run(purging_t *p)
{
    char reason[128];
    apr_status_t rv;
    sum_t sum;
    int code;

    rv = spbe_hold_read(p->ctl->home, &p->holds, p->ctl->pool);
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/" SPBE_HOLD_FILE ": %s",
                             spbe_visible(p->ctl->home, p->ctl->pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    code = collect(p);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    sum = sum_of(p);
    if (p->json) {
        print_json(p, &sum);
    }
    else {
        print(p, &sum);
    }
    fflush(stdout);
    return p->apply ? apply(p) : SPBE_CTL_FINE;
}

int spbe_ctl_purge(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    purging_t p = {.ctl = ctl};
    const spbe_ctl_option_t options[] = {
        {"--older-than", &p.older, NULL},
        {"--order", &p.order, NULL},
        {"--by", &p.by, NULL},
        {"--details", NULL, &p.details},
        {"--all", NULL, &p.all},
        {"--apply", NULL, &p.apply},
        {"--json", NULL, &p.json},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_options(ctl, argc, argv, options, NULL);

    if (code == SPBE_CTL_FINE) {
        code = check(&p);
    }
    if (code == SPBE_CTL_FINE) {
        code = read_before(&p);
    }
    return code == SPBE_CTL_FINE ? run(&p) : code;
}
