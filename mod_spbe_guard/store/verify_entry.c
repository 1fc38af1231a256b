/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_entry.c - what entries say: numbers of writers, and orders to
 * purge. See verify.h.
 */
#include "store/verify_int.h"

#include <string.h>
#include <apr_strings.h>
#include "text/json.h"

#define WRITER 128
#define ORDERS 65536
#define PURGES 65536

static int take(spbe_span_t *rest, const char *expected)
{
    spbe_span_t text = spbe_span_from(expected);

    if (!spbe_span_starts(*rest, text)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, text.len, rest->len);
    return 1;
}

static int take_number(spbe_span_t *rest, apr_uint64_t *number)
{
    unsigned long long n;
    size_t end = 0;

    while (end < rest->len && rest->ptr[end] >= '0' && rest->ptr[end] <= '9') {
        end++;
    }
    if ((end > 1 && rest->ptr[0] == '0') ||
        !spbe_json_unsigned(spbe_span_slice(*rest, 0, end), APR_INT64_MAX,
                            &n)) {
        return 0;
    }
    *number = n;
    *rest = spbe_span_slice(*rest, end, rest->len);
    return 1;
}

/* The front of a line as spbe_line_split writes it: all that numbers need, for
 * a twentieth of the time. */
static int read_front(spbe_span_t rest, spbe_line_t *line,
                      char writer[WRITER + 1])
{
    apr_uint64_t part, parts;
    size_t end;

    if (!take(&rest, "{\"v\":1,\"w\":\"")) {
        return 0;
    }
    end = spbe_span_chr(spbe_span_slice(rest, 0, WRITER + 1), '"');
    if (end == SPBE_NPOS || end == 0) {
        return 0;
    }
    memcpy(writer, rest.ptr, end);
    writer[end] = '\0';
    rest = spbe_span_slice(rest, end, rest.len);
    if (!take(&rest, "\",\"s\":") || !take_number(&rest, &line->seq) ||
        !take(&rest, ",\"id\":\"") || rest.len < SPBE_ID_SIZE) {
        return 0;
    }
    rest = spbe_span_slice(rest, SPBE_ID_SIZE - 1, rest.len);
    if (!take(&rest, "\",\"p\":") || !take_number(&rest, &part) ||
        !take(&rest, ",\"n\":") || !take_number(&rest, &parts) || part == 0 ||
        part > parts || parts > 4096) {
        return 0;
    }
    line->part = (unsigned)part;
    line->parts = (unsigned)parts;
    line->writer = writer;
    return 1;
}

static void take_order(spbe_verify_t *verify, spbe_span_t text)
{
    spbe_verify_order_t mine = {0};
    spbe_order_t order;
    spbe_line_t line;
    const char *why;

    apr_pool_clear(verify->scratch);
    if (spbe_line_parse(text, &line, &why, verify->scratch) != SPBE_OK ||
        line.h == NULL ||
        spbe_order_parse(spbe_span_from(line.h), &order, &why,
                         verify->scratch) != SPBE_OK ||
        order.what != SPBE_ORDER_PURGE || verify->orders->nelts >= ORDERS) {
        return;
    }
    mine.from = order.from;
    mine.upto = order.to;
    mine.all = order.all;
    mine.id = apr_pstrdup(verify->pool, order.id);
    mine.by = apr_pstrdup(verify->pool, order.by);
    APR_ARRAY_PUSH(verify->ordered, spbe_verify_order_t) = mine;
}

static void take_line(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    char writer[WRITER + 1];
    spbe_line_t line = {0};
    const char *why;

    if (!read_front(entry->line, &line, writer)) {
        apr_pool_clear(verify->scratch);
        if (spbe_line_parse(entry->line, &line, &why, verify->scratch) !=
            SPBE_OK) {
            return;
        }
    }
    spbe_verify_number(verify, &line, entry->received);
    if (spbe_span_find(entry->line, SPBE_SPAN("\"do\":{")) != SPBE_NPOS) {
        take_order(verify, entry->line);
    }
}

static void take_lost(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_REPORTED,
                                     .from = entry->from,
                                     .upto = entry->to,
                                     .segment = verify->segment,
                                     .offset = verify->begin,
                                     .time = entry->received,
                                     .n = entry->lost};

    verify->report->reported += entry->lost;
    if (entry->writer.len > 0) {
        spbe_seen_account(verify->seen, entry->writer, entry->from, entry->to);
    }
    if (verify->report->note < SPBE_VERIFY_FINDINGS / 4) {
        finding.writer = spbe_span_dup(entry->writer, verify->pool);
        finding.by = spbe_span_dup(entry->why, verify->pool);
    }
    spbe_verify_find(verify, &finding);
}

void spbe_verify_entry(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    if (entry->kind == SPBE_ENTRY_LINE) {
        take_line(verify, entry);
    }
    else if (entry->kind == SPBE_ENTRY_LOST) {
        take_lost(verify, entry);
    }
    else if (entry->kind == SPBE_ENTRY_PURGED) {
        spbe_seen_account(verify->seen, entry->writer, entry->from, entry->to);
        verify->report->purged += entry->lost;
    }
}

void spbe_verify_take_orders(spbe_verify_t *verify, apr_uint64_t number,
                             apr_time_t time)
{
    int i;

    for (i = 0; i < verify->ordered->nelts; i++) {
        spbe_verify_order_t order =
            APR_ARRAY_IDX(verify->ordered, i, spbe_verify_order_t);

        order.group = number;
        order.time = time;
        APR_ARRAY_PUSH(verify->orders, spbe_verify_order_t) = order;
    }
}

/* One stretch for each segment and kind: orders are of whole segments. */
void spbe_verify_purged(spbe_verify_t *verify, apr_uint64_t number, int all,
                        apr_time_t time)
{
    apr_array_header_t *all_of = verify->purges;
    spbe_verify_purge_t *last =
        all_of->nelts == 0
            ? NULL
            : &APR_ARRAY_IDX(all_of, all_of->nelts - 1, spbe_verify_purge_t);

    if (last != NULL && last->all == all && last->nth == verify->heads_seen) {
        last->upto = number;
        return;
    }
    /* Nobody purges so; the last one stands for all that follow. */
    if (all_of->nelts >= PURGES) {
        last->upto = number;
        last->all = 1;
        return;
    }
    APR_ARRAY_PUSH(all_of, spbe_verify_purge_t) =
        (spbe_verify_purge_t){.from = number,
                              .upto = number,
                              .all = all,
                              .nth = verify->heads_seen,
                              .segment = verify->segment,
                              .offset = verify->begin,
                              .time = time};
}

/* The order that covers most of what is left of it, from its beginning. */
static spbe_verify_order_t *find_order(const spbe_verify_t *verify,
                                       const spbe_verify_purge_t *purge,
                                       apr_uint64_t from)
{
    spbe_verify_order_t *best = NULL;
    int i;

    for (i = 0; i < verify->orders->nelts; i++) {
        spbe_verify_order_t *order =
            &APR_ARRAY_IDX(verify->orders, i, spbe_verify_order_t);

        if (order->from <= from && order->upto >= from &&
            order->group > purge->upto && order->all >= purge->all &&
            (best == NULL || order->upto > best->upto)) {
            best = order;
        }
    }
    return best;
}

static void judge_purge(spbe_verify_t *verify, const spbe_verify_purge_t *purge)
{
    apr_uint64_t from = purge->from;
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_PURGED,
                                     .segment = purge->segment,
                                     .offset = purge->offset,
                                     .time = purge->time,
                                     .all = purge->all};

    while (from <= purge->upto) {
        spbe_verify_order_t *order = find_order(verify, purge, from);

        if (order == NULL) {
            finding.from = from;
            finding.upto = purge->upto;
            spbe_verify_find(verify, &finding);
            return;
        }
        order->used +=
            (order->upto < purge->upto ? order->upto : purge->upto) - from + 1;
        from = order->upto + 1;
    }
}

void spbe_verify_judge_purges(spbe_verify_t *verify)
{
    int i;

    for (i = 0; i < verify->purges->nelts; i++) {
        judge_purge(verify,
                    &APR_ARRAY_IDX(verify->purges, i, spbe_verify_purge_t));
    }
    for (i = 0; i < verify->orders->nelts; i++) {
        const spbe_verify_order_t *order =
            &APR_ARRAY_IDX(verify->orders, i, spbe_verify_order_t);
        spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_ORDERED,
                                         .from = order->from,
                                         .upto = order->upto,
                                         .time = order->time,
                                         .n = order->used,
                                         .id = order->id,
                                         .by = order->by,
                                         .all = order->all};

        if (order->used > 0) {
            spbe_verify_find(verify, &finding);
        }
    }
}
