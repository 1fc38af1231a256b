/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/order.h - what an operator orders: a record of kind "action", whose
 * index part has the member "do".
 *
 * The operator's tool puts it as lines of the pipe into home/drop; the logger
 * appends them and then carries out what they say. Purge, hold and release may
 * come from there alone. A purge in the archive is what spbe-guardctl verify
 * accepts a purged range by. See store/FORMAT.md, "Actions".
 */
#ifndef SPBE_STORE_ORDER_H
#define SPBE_STORE_ORDER_H

#include <apr_errno.h>
#include <apr_tables.h>
#include <apr_time.h>
#include "text/rc.h"
#include "text/span.h"

#define SPBE_ORDER_DIR "drop"
#define SPBE_ORDER_REJECTED "drop/rejected"
/* A file in drop/ is whole when its name ends so; others are none of the
 * logger's. One that is refused goes to drop/rejected/ under its name, with
 * the reason in a file of the same name and ".why". */
#define SPBE_ORDER_ENDING ".lines"
#define SPBE_ORDER_FILE_MAX 65536 /* bytes of a file */
#define SPBE_ORDER_LENGTH 400     /* bytes of text, by and object each */

/* Only whole segments are purged, and none with anything so young in it. */
#define SPBE_ORDER_YOUNG apr_time_from_sec(24 * 60 * 60)

typedef enum spbe_order_what {
    SPBE_ORDER_PURGE = 0,
    SPBE_ORDER_HOLD = 1,
    SPBE_ORDER_RELEASE = 2,
    SPBE_ORDER_READ = 3 /* details were read out: nothing is to be done */
} spbe_order_what_t;

typedef struct spbe_order {
    spbe_order_what_t what;
    const char *id; /* UUIDv7 */
    apr_time_t ts;
    const char *node;
    const char *by;   /* who */
    const char *text; /* on whose order, or why */
    /* PURGE: groups from..to, which are the whole segments with the addresses
     * first..behind; everything in them was received before that time. */
    int all; /* 0: the details alone */
    apr_uint64_t from, to;
    apr_uint64_t first, behind;
    apr_time_t before;
    /* HOLD: what was received from since to until; until 0: without end. ref:
     * the reference that it is for, or NULL. */
    apr_time_t since, until;
    const char *ref;
    /* RELEASE: the id of the hold. */
    const char *hold;
    /* READ: what was read ("export", "show") and how many records. */
    const char *object;
    apr_uint64_t records;
} spbe_order_t;

/* "purge" "hold" "release" "read". */
const char *spbe_order_name(spbe_order_what_t what);

/* The lines of it as they stand in a file, each with its line end. */
spbe_span_t spbe_order_lines(const spbe_order_t *order, const char *writer,
                             apr_uint64_t seq, apr_pool_t *pool);

/*
 * h: the index part of a line. SPBE_OK: *action is set, in pool. SPBE_NONE: no
 * action, or one that the operator's tool does not make. SPBE_BAD: one that is
 * malformed; *why says how.
 */
spbe_rc_t spbe_order_parse(spbe_span_t h, spbe_order_t *order, const char **why,
                           apr_pool_t *pool);

/* May only come from the drop folder; also when it is malformed. Cheap for
 * what is no action. */
int spbe_order_is_order(spbe_span_t h, apr_pool_t *scratch);

/*
 * What became of an action: the logger keeps the last SPBE_ORDER_RESULTS in
 * state.json as the array "actions", the newest last.
 */
#define SPBE_ORDER_RESULTS 16

typedef struct spbe_order_result {
    const char *id;
    int done;                     /* 0: refused, or failed */
    const char *why;              /* one sentence, or NULL */
    apr_uint64_t segments, bytes; /* of a purge: how many, and given free */
} spbe_order_result_t;

/* One member of that array. */
const char *spbe_order_result_json(const spbe_order_result_t *result,
                                   apr_pool_t *pool);

#endif
