/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_purge.c - what is gone, and who ordered it. See verify.h.
 *
 * An order is believed only as far as the logger would have carried it out:
 * whole segments, by their addresses, a day old, under no hold. Otherwise
 * whoever signs today could take any group of the past out.
 */
#include "store/verify_int.h"

#include <string.h>
#include <apr_strings.h>

#define ORDERS 65536
#define PARTS 65536
#define FRONT 2600 /* h ends before; "d" may be long */

static void take_order(spbe_verify_t *verify, spbe_span_t text)
{
    spbe_order_t o;
    spbe_line_t line;
    const char *why;

    apr_pool_clear(verify->scratch);
    if (spbe_line_parse(text, &line, &why, verify->scratch) != SPBE_OK ||
        line.h == NULL ||
        spbe_order_parse(spbe_span_from(line.h), &o, &why, verify->scratch) !=
            SPBE_OK ||
        o.what == SPBE_ORDER_READ || verify->orders->nelts >= ORDERS) {
        return;
    }
    APR_ARRAY_PUSH(verify->ordered, spbe_verify_order_t) =
        (spbe_verify_order_t){.what = o.what,
                              .id = apr_pstrdup(verify->pool, o.id),
                              .by = apr_pstrdup(verify->pool, o.by),
                              .hold = apr_pstrdup(verify->pool, o.hold),
                              .all = o.all,
                              .from = o.from,
                              .upto = o.to,
                              .first = o.first,
                              .behind = o.behind,
                              .before = o.before,
                              .since = o.since,
                              .until = o.until};
}

static int has(spbe_span_t text, const char *what)
{
    return spbe_span_find(text, spbe_span_from(what)) != SPBE_NPOS;
}

void spbe_verify_line(spbe_verify_t *verify, spbe_span_t text,
                      const spbe_line_t *front)
{
    spbe_span_t open = spbe_span_slice(text, 0, FRONT);
    spbe_line_t line = *front;

    /* Quotation marks of a text would be escaped. */
    line.h = has(open, "\"kind\":\"key\"") ? "\"kind\":\"key\"" : NULL;
    if ((line.h != NULL || line.part > 1) &&
        spbe_keylines_has(&verify->keys, &line) &&
        !spbe_span_ends(text, SPBE_SPAN("\"d\":\"\"}"))) {
        verify->key_lines++;
    }
    if (has(open, "\"do\":{")) {
        take_order(verify, text);
    }
}

static void take_orders(spbe_verify_t *verify, const spbe_group_t *group)
{
    int i;

    for (i = 0; i < verify->ordered->nelts; i++) {
        spbe_verify_order_t order =
            APR_ARRAY_IDX(verify->ordered, i, spbe_verify_order_t);

        order.group = group->number;
        order.nth = verify->part.nth;
        order.time = group->time;
        APR_ARRAY_PUSH(verify->orders, spbe_verify_order_t) = order;
    }
}

void spbe_verify_part(spbe_verify_t *verify, const spbe_group_t *group,
                      int is_bare)
{
    spbe_verify_part_t *part = &verify->part;
    int is_emptied = spbe_body_emptied(verify->body) > 0;

    if (part->first == 0) {
        part->first = group->number;
        part->since = group->time;
    }
    part->last = group->number;
    part->until = group->time;
    part->is_bare |= is_bare;
    part->has_body |= !is_bare;
    part->is_emptied |= is_emptied;
    part->has_hidden |=
        !is_bare && spbe_body_hidden(verify->body) > verify->key_lines;
    if (is_bare || is_emptied) {
        if (part->from == 0) {
            part->from = group->number;
            part->offset = verify->begin;
            part->time = group->time;
        }
        part->upto = group->number;
    }
    if (!is_bare) {
        take_orders(verify, group);
    }
}

void spbe_verify_part_begin(spbe_verify_t *verify, apr_uint64_t address)
{
    spbe_verify_part_t *part = &verify->part;
    apr_array_header_t *parts = verify->parts;

    part->next = address;
    if (part->from > 0 && parts->nelts < PARTS) {
        APR_ARRAY_PUSH(parts, spbe_verify_part_t) = *part;
    }
    else if (part->from > 0) {
        /* Nobody purges so; the last one stands for all that follow. */
        APR_ARRAY_IDX(parts, parts->nelts - 1, spbe_verify_part_t).upto =
            part->upto;
    }
    *part = (spbe_verify_part_t){
        .nth = part->nth + 1, .segment = verify->segment, .address = address};
    apr_pool_clear(verify->key_pool);
    spbe_keylines_init(&verify->keys, verify->key_pool);
}

/* The segment as a whole, as a purge leaves it. */
static int is_whole(const spbe_verify_part_t *part)
{
    return part->is_bare ? !part->has_body : !part->has_hidden;
}

/* Would the logger have carried it out there? */
static int covers(const spbe_verify_t *verify, const spbe_verify_order_t *order,
                  const spbe_verify_part_t *part)
{
    return order->time <= verify->now + SPBE_VERIFY_NOW &&
           order->what == SPBE_ORDER_PURGE && order->group > part->last &&
           order->nth != part->nth && order->all >= part->is_bare &&
           order->from <= part->first && order->upto >= part->last &&
           order->first <= part->address && part->next != 0 &&
           part->next <= order->behind && part->until < order->before &&
           part->until + SPBE_ORDER_YOUNG <= order->time;
}

/* A hold of before the order, not released before it. */
static const spbe_verify_order_t *find_hold(const spbe_verify_t *verify,
                                            const spbe_verify_order_t *order,
                                            const spbe_verify_part_t *part)
{
    int i;

    for (i = 0; i < verify->orders->nelts; i++) {
        const spbe_verify_order_t *hold =
            &APR_ARRAY_IDX(verify->orders, i, spbe_verify_order_t);

        if (hold->what == SPBE_ORDER_HOLD && hold->group < order->group &&
            (hold->released == 0 || hold->released > order->group) &&
            hold->since <= part->until &&
            (hold->until == 0 || hold->until >= part->since)) {
            return hold;
        }
    }
    return NULL;
}

static void find_gone(spbe_verify_t *verify, spbe_verify_kind_t kind,
                      const spbe_verify_part_t *part,
                      const spbe_verify_order_t *hold)
{
    spbe_verify_finding_t finding = {.kind = kind,
                                     .from = part->from,
                                     .upto = part->upto,
                                     .segment = part->segment,
                                     .offset = part->offset,
                                     .time = part->time,
                                     .all = part->is_bare};

    if (hold != NULL) {
        finding.id = hold->id;
        finding.by = hold->by;
    }
    spbe_verify_find(verify, &finding);
}

static void judge_part(spbe_verify_t *verify, const spbe_verify_part_t *part)
{
    const spbe_verify_order_t *hold = NULL;
    int i;

    for (i = 0; is_whole(part) && i < verify->orders->nelts; i++) {
        spbe_verify_order_t *order =
            &APR_ARRAY_IDX(verify->orders, i, spbe_verify_order_t);

        if (!covers(verify, order, part)) {
            continue;
        }
        hold = find_hold(verify, order, part);
        if (hold == NULL) {
            order->used += part->upto - part->from + 1;
            return;
        }
    }
    find_gone(verify, hold == NULL ? SPBE_VERIFY_PURGED : SPBE_VERIFY_HELD,
              part, hold);
}

static void release_holds(spbe_verify_t *verify)
{
    spbe_verify_order_t *all = (spbe_verify_order_t *)verify->orders->elts;
    int i, k;

    for (i = 0; i < verify->orders->nelts; i++) {
        for (k = 0; all[i].what == SPBE_ORDER_RELEASE && k < i; k++) {
            if (all[k].what == SPBE_ORDER_HOLD && all[k].released == 0 &&
                strcmp(all[k].id, all[i].hold) == 0) {
                all[k].released = all[i].group;
            }
        }
    }
}

static void name_orders(spbe_verify_t *verify)
{
    int i;

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

void spbe_verify_judge_purges(spbe_verify_t *verify)
{
    int i;

    spbe_verify_part_begin(verify, 0);
    release_holds(verify);
    for (i = 0; i < verify->parts->nelts; i++) {
        judge_part(verify,
                   &APR_ARRAY_IDX(verify->parts, i, spbe_verify_part_t));
    }
    name_orders(verify);
}
