/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders_do.c - carries out what an operator ordered. See orders_do.h.
 */
#include "logger/orders_do.h"

#include <fcntl.h>
#include <unistd.h>
#include <apr_strings.h>
#include "store/hold.h"
#include "store/purge.h"
#include "store/segment.h"

/* A segment's first entries may be so much older than its first line says. */
#define SLACK apr_time_from_sec(60)

struct spbe_orders_purge {
    spbe_order_t order;
    spbe_purge_t *purge;
    spbe_purge_counts_t counts;
};

const spbe_order_t *spbe_orders_find_purge(const apr_array_header_t *list)
{
    int i;

    for (i = 0; i < list->nelts; i++) {
        if (APR_ARRAY_IDX(list, i, spbe_order_t).what == SPBE_ORDER_PURGE) {
            return &APR_ARRAY_IDX(list, i, spbe_order_t);
        }
    }
    return NULL;
}

static const char *failed(const char *what, apr_status_t rv, apr_pool_t *pool)
{
    char reason[160];

    return apr_psprintf(pool, "%s: %s", what,
                        apr_strerror(rv, reason, sizeof(reason)));
}

const char *spbe_orders_do(const char *home, const spbe_order_t *order,
                           apr_pool_t *scratch)
{
    apr_array_header_t *holds;
    const char *why;
    apr_status_t rv;

    if (order->what == SPBE_ORDER_READ) {
        return NULL;
    }
    rv = spbe_hold_read(home, &holds, scratch);
    if (rv != APR_SUCCESS) {
        return failed("the holds cannot be read", rv, scratch);
    }
    why = spbe_hold_apply(holds, order, scratch);
    if (why != NULL) {
        return why;
    }
    rv = spbe_hold_write(home, holds, scratch);
    return rv == APR_SUCCESS
               ? NULL
               : failed("the holds cannot be written", rv, scratch);
}

/* When what is in a segment was received. */
static apr_status_t times_of(int dir, apr_uint64_t address, apr_time_t *from,
                             apr_time_t *to, apr_pool_t *pool)
{
    spbe_segment_end_t end;
    apr_status_t rv;
    int fd;

    rv = spbe_segment_open(dir, address, O_RDONLY, &fd);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = spbe_segment_read_end(fd, &end, pool);
    close(fd);
    if (rv == APR_SUCCESS && (!end.has_head || end.group.number == 0)) {
        rv = APR_EINVAL;
    }
    if (rv == APR_SUCCESS) {
        *from = end.head.time - SLACK;
        *to = end.group.time;
    }
    return rv;
}

/* NULL, or why nothing of it may be purged. */
static const char *why_kept(const spbe_order_t *order,
                            const apr_array_header_t *holds, apr_time_t from,
                            apr_time_t to, apr_pool_t *pool)
{
    const spbe_hold_t *hold = spbe_hold_find(holds, from, to);

    if (to > apr_time_now() - SPBE_ORDER_YOUNG) {
        return "there is something in it that is younger than a day";
    }
    if (to > order->before) {
        return "there is something in it that was received later than the "
               "order says";
    }
    return hold == NULL ? NULL
                        : apr_psprintf(pool, "under the hold %s: %s", hold->id,
                                       hold->text);
}

static const char *check_segments(int dir, const spbe_order_t *order,
                                  const apr_array_header_t *holds,
                                  apr_pool_t *pool)
{
    apr_array_header_t *addresses;
    apr_status_t rv = spbe_segment_list(dir, &addresses, pool);
    const char *why = NULL;
    int i;

    for (i = 0; rv == APR_SUCCESS && why == NULL && i < addresses->nelts; i++) {
        apr_uint64_t address = APR_ARRAY_IDX(addresses, i, apr_uint64_t);
        apr_time_t from, to;

        if (address < order->first || address >= order->behind) {
            continue;
        }
        rv = times_of(dir, address, &from, &to, pool);
        if (rv == APR_SUCCESS) {
            why = why_kept(order, holds, from, to, pool);
        }
    }
    return rv == APR_SUCCESS
               ? why
               : failed("the archive cannot be looked at", rv, pool);
}

static const char *check(const char *home, const spbe_order_t *order,
                         apr_pool_t *pool)
{
    apr_array_header_t *holds;
    apr_status_t rv = spbe_hold_read(home, &holds, pool);
    const char *why;
    int dir;

    if (rv != APR_SUCCESS) {
        return failed("the holds cannot be read", rv, pool);
    }
    rv = spbe_segment_dir(home, 0, &dir);
    if (rv != APR_SUCCESS) {
        return failed("the archive cannot be looked at", rv, pool);
    }
    why = check_segments(dir, order, holds, pool);
    close(dir);
    return why;
}

const char *spbe_orders_begin_purge(spbe_orders_purge_t **result,
                                    const char *home, spbe_archive_t *archive,
                                    const spbe_order_t *order, apr_pool_t *pool)
{
    spbe_orders_purge_t *purge = apr_pcalloc(pool, sizeof(*purge));
    const char *why = check(home, order, pool);

    *result = purge;
    if (why != NULL) {
        return why;
    }
    purge->order = *order;
    purge->order.id = apr_pstrdup(pool, order->id);
    purge->order.node = apr_pstrdup(pool, order->node);
    purge->order.by = apr_pstrdup(pool, order->by);
    purge->order.text = apr_pstrdup(pool, order->text);
    purge->purge = spbe_purge_create(archive, &purge->order, pool);
    return NULL;
}

int spbe_orders_more_purge(spbe_orders_purge_t *purge,
                           spbe_order_result_t *result, apr_pool_t *pool)
{
    apr_status_t rv = spbe_purge_step(purge->purge, &purge->counts);

    if (rv == APR_SUCCESS) {
        return 1;
    }
    *result = (spbe_order_result_t){.id = purge->order.id,
                                    .done = APR_STATUS_IS_EOF(rv),
                                    .segments = purge->counts.segments,
                                    .bytes = purge->counts.bytes};
    if (!result->done) {
        result->why = rv == APR_EINVAL
                          ? "a segment is not as the order says"
                          : failed("a segment cannot be rewritten", rv, pool);
    }
    return 0;
}
