/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders_do.h - carries out what an operator ordered.
 */
#ifndef SPBE_LOGGER_ORDERS_DO_H
#define SPBE_LOGGER_ORDERS_DO_H

#include <apr_tables.h>
#include "store/archive.h"
#include "store/order.h"

/* The purge in a list of spbe_order_t, or NULL. */
const spbe_order_t *spbe_orders_find_purge(const apr_array_header_t *list);

/* Anything but a purge. NULL, or why not. */
const char *spbe_orders_do(const char *home, const spbe_order_t *order,
                           apr_pool_t *scratch);

typedef struct spbe_orders_purge spbe_orders_purge_t;

/* NULL, or why not: too young, under a hold, not whole segments. pool: of
 * this purge. */
const char *spbe_orders_begin_purge(spbe_orders_purge_t **purge,
                                    const char *home, spbe_archive_t *archive,
                                    const spbe_order_t *order,
                                    apr_pool_t *pool);

/* One segment; 1: there is more. Else *result says what became of it. */
int spbe_orders_more_purge(spbe_orders_purge_t *purge,
                           spbe_order_result_t *result, apr_pool_t *pool);

#endif
