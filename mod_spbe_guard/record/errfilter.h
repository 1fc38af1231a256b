/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errfilter.h - httpd's error log as it streams by, without what
 * handlers said in lines that leak.
 *
 * Lines leave in the order they came. Lines of a text that has many wait for
 * what follows them, SPBE_ERRFILTER_HOLD at least and SPBE_ERRFILTER_LONGEST
 * at most; everything behind them waits with them. One line in is one line
 * out, and a line that says nothing leaking leaves byte for byte.
 */
#ifndef SPBE_RECORD_ERRFILTER_H
#define SPBE_RECORD_ERRFILTER_H

#include <apr_time.h>

#include "failure/rules.h"
#include "record/ref.h"

#define SPBE_ERRFILTER_HOLD apr_time_from_msec(200)
#define SPBE_ERRFILTER_LONGEST apr_time_from_sec(2)
/* A handler that has leaked is not believed for so long after its last line. */
#define SPBE_ERRFILTER_AFTER apr_time_from_sec(1)
#define SPBE_ERRFILTER_PIECE 8192 /* a longer line is judged in pieces */
#define SPBE_ERRFILTER_QUEUE (1024 * 1024) /* bytes that may wait */

typedef struct spbe_errfilter spbe_errfilter_t;

typedef struct spbe_errfilter_counts {
    apr_uint64_t lines;    /* that left */
    apr_uint64_t replaced; /* of them */
} spbe_errfilter_counts_t;

/* Called with bytes that may go out. They are the caller's for the call. */
typedef void spbe_errfilter_out_t(void *baton, spbe_span_t bytes);

/*
 * Who keeps what was taken out of lines that no request is known for. begin: a
 * text begins to be taken out; 1 and its reference when it will be kept. line:
 * one line of it, as it was said, in the order they came.
 */
typedef struct spbe_errfilter_keep {
    int (*begin)(void *baton, char ref[SPBE_REF_SIZE]);
    void (*line)(void *baton, const char *ref, spbe_span_t said);
    void *baton;
} spbe_errfilter_keep_t;

/* NULL when memory is short. */
spbe_errfilter_t *spbe_errfilter_create(const spbe_rules_t *rules,
                                        spbe_errfilter_out_t *out, void *baton,
                                        apr_pool_t *pool);

/* Without it such texts are gone, and the line says so. */
void spbe_errfilter_set_keep(spbe_errfilter_t *filter,
                             const spbe_errfilter_keep_t *keep);

/* The next bytes, cut anywhere. */
void spbe_errfilter_feed(spbe_errfilter_t *filter, spbe_span_t bytes,
                         apr_time_t now);

/* When spbe_errfilter_due wants to be called; 0: nothing waits. */
apr_time_t spbe_errfilter_next(const spbe_errfilter_t *filter);
void spbe_errfilter_due(spbe_errfilter_t *filter, apr_time_t now);

/* The end: everything leaves, a last line without its end too. */
void spbe_errfilter_end(spbe_errfilter_t *filter, apr_time_t now);

spbe_errfilter_counts_t spbe_errfilter_counts(const spbe_errfilter_t *filter);

#endif
