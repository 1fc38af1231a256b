/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_numbers.c - numbers of writers: which never came? See verify.h.
 *
 * Threads overtake each other, and a spill file comes late: beside numbers of
 * the last minute of an archive others may still be on their way. These are
 * not asked for.
 */
#include "store/verify_int.h"

#include <apr_hash.h>
#include <apr_strings.h>

#define RECENT 32768 /* beyond, the oldest is judged at once */
#define RECENT_TIME apr_time_from_sec(60)
#define WRITER 128

typedef struct number {
    char writer[WRITER + 1];
    apr_uint64_t seq;
    unsigned part, parts;
    apr_time_t received;
} number_t;

/* A ring. */
typedef struct spbe_verify_recent {
    number_t *numbers;
    unsigned first, count;
    apr_hash_t *highest; /* of writers with recent ones: the highest old one */
} spbe_verify_recent_t;

static spbe_verify_recent_t *recent_of(spbe_verify_t *verify)
{
    if (verify->recent == NULL) {
        verify->recent = apr_pcalloc(verify->pool, sizeof(*verify->recent));
        verify->recent->numbers =
            apr_palloc(verify->pool, RECENT * sizeof(number_t));
        verify->recent->highest = apr_hash_make(verify->pool);
    }
    return verify->recent;
}

static const number_t *number_at(const spbe_verify_recent_t *recent, unsigned i)
{
    return &recent->numbers[(recent->first + i) % RECENT];
}

static void add(spbe_verify_t *verify, const number_t *number)
{
    spbe_line_t line = {.writer = number->writer,
                        .seq = number->seq,
                        .part = number->part,
                        .parts = number->parts};

    spbe_seen_add(verify->seen, &line);
}

void spbe_verify_number(spbe_verify_t *verify, const spbe_line_t *line,
                        apr_time_t received)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    number_t *number;

    while (recent->count == RECENT ||
           (recent->count > 0 &&
            number_at(recent, 0)->received + RECENT_TIME <= received)) {
        add(verify, number_at(recent, 0));
        recent->first = (recent->first + 1) % RECENT;
        recent->count--;
    }
    number = &recent->numbers[(recent->first + recent->count) % RECENT];
    recent->count++;
    apr_cpystrn(number->writer, line->writer, sizeof(number->writer));
    number->seq = line->seq;
    number->part = line->part;
    number->parts = line->parts;
    number->received = received;
}

/* How far each writer had come a minute before the end; then the rest. */
static void add_recent(spbe_verify_t *verify)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    unsigned i;

    for (i = 0; i < recent->count; i++) {
        const char *writer = number_at(recent, i)->writer;
        apr_uint64_t *highest;

        if (apr_hash_get(recent->highest, writer, APR_HASH_KEY_STRING) ==
            NULL) {
            highest = apr_palloc(verify->pool, sizeof(*highest));
            *highest = spbe_seen_highest(verify->seen, spbe_span_from(writer));
            apr_hash_set(recent->highest, writer, APR_HASH_KEY_STRING, highest);
        }
    }
    for (i = 0; i < recent->count; i++) {
        add(verify, number_at(recent, i));
    }
}

static int see_gap(void *baton, spbe_span_t writer, apr_uint64_t from,
                   apr_uint64_t to)
{
    spbe_verify_t *verify = baton;
    const apr_uint64_t *highest = apr_hash_get(
        verify->recent->highest, writer.ptr, (apr_ssize_t)writer.len);
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_LOST, .from = from};

    if (highest != NULL && *highest < from) {
        return 0;
    }
    to = highest != NULL && *highest < to ? *highest : to;
    finding.upto = to;
    finding.n = to - from + 1;
    verify->report->lost += finding.n;
    if (verify->report->ask < SPBE_VERIFY_FINDINGS / 2) {
        finding.writer = spbe_span_dup(writer, verify->pool);
    }
    spbe_verify_find(verify, &finding);
    return 0;
}

void spbe_verify_judge_numbers(spbe_verify_t *verify)
{
    add_recent(verify);
    spbe_seen_all_gaps(verify->seen, see_gap, verify);
    verify->report->duplicates = spbe_seen_duplicates(verify->seen);
}
