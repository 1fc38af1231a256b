/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/hold.h - legal holds: stretches of time of which nothing is purged.
 *
 * They stand in home/holds.json, written by the logger alone when an action
 * said so; it can be made again from the actions in the archive.
 */
#ifndef SPBE_STORE_HOLD_H
#define SPBE_STORE_HOLD_H

#include "store/order.h"

#define SPBE_HOLD_FILE "holds.json"
#define SPBE_HOLD_MAX 1024

typedef struct spbe_hold {
    const char *id; /* of the action that made it */
    apr_time_t made;
    apr_time_t since, until; /* of receipt; until 0: without end */
    const char *ref;         /* or NULL */
    const char *by, *text;
} spbe_hold_t;

/* *holds: spbe_hold_t, in the order in which they were made; empty when there
 * is no file. APR_EINVAL: it is damaged, and nothing may be purged. */
apr_status_t spbe_hold_read(const char *home, apr_array_header_t **holds,
                            apr_pool_t *pool);

/* Renamed into place (0640), on the disk when this returns. */
apr_status_t spbe_hold_write(const char *home, const apr_array_header_t *holds,
                             apr_pool_t *scratch);

/* Takes a HOLD in (again is harmless) or a RELEASE out. NULL, or why it does
 * not apply. */
const char *spbe_hold_apply(apr_array_header_t *holds,
                            const spbe_order_t *order, apr_pool_t *pool);

/* The first that something received from..to is under, or NULL. */
const spbe_hold_t *spbe_hold_find(const apr_array_header_t *holds,
                                  apr_time_t from, apr_time_t to);

#endif
