/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders.h - what the operator's tool put into the drop folder.
 *
 * An order is appended to the archive first, then carried out, then its file
 * goes: who is killed in between does it again, which is harmless. A file that
 * is not as it should be, or may not be carried out, is moved to drop/rejected
 * with the reason beside it, and is not appended.
 */
#ifndef SPBE_LOGGER_ORDERS_H
#define SPBE_LOGGER_ORDERS_H

#include "logger/shelf.h"
#include "store/order.h"

typedef struct spbe_orders spbe_orders_t;

/* Makes the folders in home when they are missing. */
spbe_orders_t *spbe_orders_create(const char *home, apr_pool_t *pool);

/* Once a second, while no group is open and the archive can be written. */
void spbe_orders_pass(spbe_orders_t *orders, spbe_intake_t *intake,
                      spbe_shelf_t *shelf);

/* One segment of a purge that is under way; 1: there is more of it. */
int spbe_orders_step(spbe_orders_t *orders, spbe_shelf_t *shelf);

/* What became of the last ones: members of a JSON array; text is left as it is
 * while there was none. */
void spbe_orders_results(const spbe_orders_t *orders, char *text, size_t size);

#endif
