/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/drop.h - what the operator orders goes into home/drop, and the logger
 * carries it out. See store/order.h.
 */
#ifndef SPBE_CTL_DROP_H
#define SPBE_CTL_DROP_H

#include "ctl/ctl.h"
#include "store/order.h"

#define SPBE_DROP_WAIT apr_time_from_sec(30)

/* Gives the order id, time and node, and puts it there. A code when that has
 * been said on stderr. */
int spbe_drop_put(const spbe_ctl_t *ctl, spbe_order_t *order);

/* Waits until the logger has said what became of it. SPBE_CTL_FINE; *result is
 * set, in ctl->pool. SPBE_CTL_TROUBLE: it was refused, or not taken in time
 * (said on stderr). */
int spbe_drop_wait(const spbe_ctl_t *ctl, const spbe_order_t *order,
                   spbe_order_result_t *result);

/* Details were read out: recorded where that can be, else said on stderr that
 * it is not. */
void spbe_drop_reading(const spbe_ctl_t *ctl, const char *object,
                       apr_uint64_t records);

#endif
