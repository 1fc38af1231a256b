/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_order.c - store/order.c. The index part of a line, from
 * whoever could write to the pipe: what reads as an order that changes
 * something must be known as one that may not come from there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "record/line.h"
#include "store/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* It can be written, and read again as the same. */
static void use_order(const spbe_order_t *order, apr_pool_t *pool)
{
    spbe_span_t text = spbe_order_lines(order, "n:ctl-1:1", 1, pool);
    spbe_order_t again;
    spbe_line_t line;
    const char *why;

    text.len--;
    if (spbe_line_parse(text, &line, &why, pool) != SPBE_OK) {
        return; /* an id that is none */
    }
    if (spbe_order_parse(spbe_span_from(line.h), &again, &why, pool) !=
            SPBE_OK ||
        again.what != order->what || again.from != order->from ||
        again.behind != order->behind || again.all != order->all ||
        again.until != order->until) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t h = {(const char *)data, size};
    spbe_order_t order;
    const char *why;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (spbe_order_parse(h, &order, &why, pool) == SPBE_OK) {
        if (order.what != SPBE_ORDER_READ && !spbe_order_is_order(h, pool)) {
            abort();
        }
        use_order(&order, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
