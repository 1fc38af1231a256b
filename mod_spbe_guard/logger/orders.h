/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/orders.h - what the operator's tool put into the drop folder.
 *
 * An order is appended to the archive first, then carried out, then its file
 * goes: who is killed in between does it again, which is harmless. A file that
 * is not as it should be is moved to drop/rejected with the reason beside it.
 */
#ifndef SPBE_LOGGER_ORDERS_H
#define SPBE_LOGGER_ORDERS_H

#include "logger/notice.h"
#include "logger/share.h"
#include "logger/shelf.h"

#define SPBE_ORDERS_RESULTS SPBE_SHARE_ACTIONS

typedef struct spbe_orders spbe_orders_t;

/* notice: for what has been purged. */
spbe_orders_t *spbe_orders_create(const char *home, spbe_notice_t *notice,
                                  apr_pool_t *pool);

/* Once a second, while the archive can be written and no group is open. */
void spbe_orders_pass(spbe_orders_t *orders, spbe_intake_t *intake,
                      spbe_shelf_t *shelf);

/* A bit of a purge that is under way; 1: there is more. */
int spbe_orders_step(spbe_orders_t *orders, spbe_shelf_t *shelf);

/* What became of the last ones: members of a JSON array. */
void spbe_orders_results(const spbe_orders_t *orders,
                         char text[SPBE_ORDERS_RESULTS]);

#endif
