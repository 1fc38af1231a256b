/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errqueue.h - lines of the error log that wait to leave, in the order
 * they came. Private to errfilter.c, which decides about them.
 */
#ifndef SPBE_RECORD_ERRQUEUE_H
#define SPBE_RECORD_ERRQUEUE_H

#include "record/errfilter.h"
#include "record/errline.h"

typedef enum spbe_errstate {
    SPBE_ERRSTATE_WAIT,
    SPBE_ERRSTATE_KEEP,
    SPBE_ERRSTATE_REPLACE
} spbe_errstate_t;

typedef struct spbe_erritem {
    struct spbe_erritem *next;
    spbe_errstate_t state;
    int stream;        /* whose decision it waits for */
    apr_uint64_t end;  /* of what it says, in its stream */
    int goes_on;       /* it does not begin a line */
    int ended;         /* it ends a line */
    size_t head, tail; /* bytes that stay when it is replaced */
    int raw;
    char ref[SPBE_REF_SIZE];
    size_t len;
    char bytes[];
} spbe_erritem_t;

typedef struct spbe_errqueue {
    spbe_errfilter_out_t *out;
    void *baton;
    spbe_errfilter_keep_t keep; /* line NULL: nobody */
    spbe_erritem_t *first, **last;
    size_t bytes;
    int waiting; /* items in state WAIT */
    int noted;   /* the line that is leaving has its note */
    spbe_errfilter_counts_t counts;
} spbe_errqueue_t;

void spbe_errqueue_init(spbe_errqueue_t *queue, spbe_errfilter_out_t *out,
                        void *baton);

/* A copy at the end, in state KEEP. */
spbe_erritem_t *spbe_errqueue_add(spbe_errqueue_t *queue, spbe_span_t bytes,
                                  const spbe_errline_t *line, int goes_on,
                                  int ended);

/* The stream's items that wait and end before upto get this state; ref: those
 * without a request get it. */
void spbe_errqueue_settle(spbe_errqueue_t *queue, int stream, apr_uint64_t upto,
                          spbe_errstate_t state, const char *ref);

/* An item without a request is part of the text with that reference. */
void spbe_errqueue_name(spbe_erritem_t *item, const char *ref);

/* Whatever no longer waits leaves, up to the first that does. */
void spbe_errqueue_leave(spbe_errqueue_t *queue);

/* The same for bytes that need no copy, as nothing is in front of them. */
void spbe_errqueue_pass(spbe_errqueue_t *queue, spbe_span_t bytes, int goes_on);

void spbe_errqueue_free(spbe_errqueue_t *queue);

#endif
