/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errqueue.c - lines of the error log that wait to leave. See
 * errqueue.h.
 */
#include "record/errqueue.h"

#include <stdlib.h>
#include <string.h>

#define NOTE                                                                   \
    "[spbe-guard: rincian di log rahasia / detail in the confidential log"
#define NOTE_RAW                                                               \
    "[spbe-guard: rincian disamarkan / detail withheld, no request is known]"

void spbe_errqueue_init(spbe_errqueue_t *queue, spbe_errfilter_out_t *out,
                        void *baton)
{
    *queue = (spbe_errqueue_t){.out = out, .baton = baton};
    queue->last = &queue->first;
}

void spbe_errqueue_free(spbe_errqueue_t *queue)
{
    while (queue->first != NULL) {
        spbe_erritem_t *item = queue->first;

        queue->first = item->next;
        free(item);
    }
}

spbe_erritem_t *spbe_errqueue_add(spbe_errqueue_t *queue, spbe_span_t bytes,
                                  const spbe_errline_t *line, int goes_on,
                                  int ended)
{
    spbe_erritem_t *item = malloc(sizeof(*item) + bytes.len);

    if (item == NULL) {
        abort();
    }
    *item = (spbe_erritem_t){.state = SPBE_ERRSTATE_KEEP,
                             .goes_on = goes_on,
                             .ended = ended,
                             .head = line->head.len,
                             .tail = line->tail.len,
                             .raw = line->raw,
                             .len = bytes.len};
    memcpy(item->ref, line->ref, sizeof(item->ref));
    memcpy(item->bytes, bytes.ptr, bytes.len);
    *queue->last = item;
    queue->last = &item->next;
    queue->bytes += bytes.len;
    return item;
}

void spbe_errqueue_name(spbe_erritem_t *item, const char *ref)
{
    if (item->raw) {
        memcpy(item->ref, ref, sizeof(item->ref));
    }
}

void spbe_errqueue_settle(spbe_errqueue_t *queue, int stream, apr_uint64_t upto,
                          spbe_errstate_t state, const char *ref)
{
    spbe_erritem_t *item;

    for (item = queue->first; item != NULL && queue->waiting > 0;
         item = item->next) {
        if (item->state == SPBE_ERRSTATE_WAIT && item->stream == stream &&
            item->end <= upto) {
            item->state = state;
            queue->waiting--;
            if (ref != NULL) {
                spbe_errqueue_name(item, ref);
            }
        }
    }
}

static void put(spbe_errqueue_t *queue, spbe_span_t bytes)
{
    if (bytes.len > 0) {
        queue->out(queue->baton, bytes);
    }
}

static void put_note(spbe_errqueue_t *queue, const spbe_erritem_t *item)
{
    if (item->raw && item->ref[0] == '\0') {
        put(queue, SPBE_SPAN(NOTE_RAW));
    }
    else if (item->ref[0] == '\0') {
        put(queue, SPBE_SPAN(NOTE ", no ref in this line]"));
    }
    else {
        put(queue, SPBE_SPAN(NOTE ", ref "));
        put(queue, spbe_span_from(item->ref));
        put(queue, SPBE_SPAN("]"));
    }
}

/* A line gets one note, in however many pieces it came. */
static void put_replaced(spbe_errqueue_t *queue, const spbe_erritem_t *item)
{
    spbe_span_t bytes = {item->bytes, item->len};

    if (!item->goes_on) {
        put(queue, spbe_span_slice(bytes, 0, item->head));
    }
    if (!queue->noted) {
        put_note(queue, item);
        queue->noted = 1;
        queue->counts.replaced++;
    }
    put(queue, spbe_span_slice(bytes, item->len - item->tail, item->len));
    if (item->raw && item->ref[0] != '\0' && queue->keep.line != NULL) {
        queue->keep.line(queue->keep.baton, item->ref,
                         spbe_span_slice(bytes, item->head, item->len));
    }
}

static void begin(spbe_errqueue_t *queue, int goes_on)
{
    if (!goes_on) {
        queue->noted = 0;
        queue->counts.lines++;
    }
}

static void put_item(spbe_errqueue_t *queue, const spbe_erritem_t *item)
{
    begin(queue, item->goes_on);
    if (item->state == SPBE_ERRSTATE_REPLACE) {
        put_replaced(queue, item);
    }
    else {
        put(queue, (spbe_span_t){item->bytes, item->len});
    }
    if (item->ended) {
        put(queue, SPBE_SPAN("\n"));
    }
}

void spbe_errqueue_leave(spbe_errqueue_t *queue)
{
    while (queue->first != NULL && queue->first->state != SPBE_ERRSTATE_WAIT) {
        spbe_erritem_t *item = queue->first;

        queue->first = item->next;
        queue->bytes -= item->len;
        if (queue->first == NULL) {
            queue->last = &queue->first;
        }
        put_item(queue, item);
        free(item);
    }
}

void spbe_errqueue_pass(spbe_errqueue_t *queue, spbe_span_t bytes, int goes_on)
{
    begin(queue, goes_on);
    put(queue, bytes);
}
