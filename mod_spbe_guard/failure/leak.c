/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/leak.c - find leaks in the bytes of one response. See leak.h.
 *
 * Literals are looked for in pieces that overlap by the longest literal less
 * one byte; answer.c decides what was found.
 */
#include "failure/leak.h"

#include <stdlib.h>

#include "failure/genre.h"
#include "failure/scan.h"

#define PIECE (64 * 1024)
#define CONTEXT 4096 /* kept for the record in front of a fatal leak */

typedef struct collector {
    spbe_scan_t *scan;
    apr_uint64_t base; /* offset of the piece's first byte */
} collector_t;

static apr_uint64_t minus(apr_uint64_t a, apr_uint64_t b)
{
    return a > b ? a - b : 0;
}

static int counts(const spbe_scan_t *scan, const spbe_rule_t *rule)
{
    return scan->status >= rule->min_status;
}

spbe_scan_t *spbe_scan_create(const spbe_rules_t *rules, int status,
                              apr_pool_t *pool)
{
    spbe_scan_t *scan = apr_pcalloc(pool, sizeof(*scan));

    scan->rules = rules;
    scan->pool = pool;
    scan->status = status < 0 ? 0 : (unsigned)status;
    spbe_window_init(&scan->window, pool);
    return scan;
}

static void prepare(spbe_scan_t *scan)
{
    if (scan->pending == NULL) {
        scan->pending = apr_array_make(scan->pool, 8, sizeof(spbe_pending_t));
        scan->states = apr_pcalloc(scan->pool, spbe_rules_count(scan->rules) *
                                                   sizeof(spbe_state_t));
        scan->tally = spbe_tally_create(scan->pool);
    }
}

static void on_hit(void *baton, unsigned literal, size_t end)
{
    collector_t *c = baton;
    spbe_scan_t *scan = c->scan;
    const spbe_literal_t *l =
        &APR_ARRAY_IDX(scan->rules->literals, literal, spbe_literal_t);
    apr_uint64_t at = c->base + end;
    spbe_pending_t *p;

    /* In the overlap it has been reported before. */
    if (at <= scan->scanned ||
        !counts(scan, spbe_rules_at(scan->rules, l->owner))) {
        return;
    }
    prepare(scan);
    p = apr_array_push(scan->pending);
    p->hit = (spbe_hit_t){at - l->text.len, at, l->owner};
    p->next_try = 0;
    p->tries = 0;
}

static int compare_pending(const void *a, const void *b)
{
    return spbe_hit_compare(&((const spbe_pending_t *)a)->hit,
                            &((const spbe_pending_t *)b)->hit);
}

/* text: all that is at hand, of which [from, to) is new. */
static void find_literals(spbe_scan_t *scan, spbe_scratch_t *scratch,
                          spbe_span_t text, apr_uint64_t offset, size_t from,
                          size_t to)
{
    collector_t c = {.scan = scan};
    size_t start = (size_t)minus(from, scan->rules->overlap);
    int old = scan->pending == NULL ? 0 : scan->pending->nelts;

    c.base = offset + start;
    spbe_matcher_run(scan->rules->matcher, scratch->matcher,
                     spbe_span_slice(text, start, to), on_hit, &c);
    scan->scanned = offset + to;
    if (scan->pending != NULL && scan->pending->nelts - old > 1) {
        spbe_pending_t *first =
            (spbe_pending_t *)(void *)scan->pending->elts + old;

        qsort(first, (size_t)(scan->pending->nelts - old), sizeof(*first),
              compare_pending);
    }
}

static int waiting(const spbe_scan_t *scan)
{
    return scan->pending != NULL && scan->pending->nelts > 0;
}

static void feed_in_place(spbe_scan_t *scan, spbe_scratch_t *scratch,
                          spbe_span_t bytes)
{
    size_t from, to;

    scan->in_place = 1;
    scan->text = bytes;
    for (from = 0; from < bytes.len && spbe_scan_fatal(scan) == NULL;
         from = to) {
        to = from + PIECE < bytes.len ? from + PIECE : bytes.len;
        find_literals(scan, scratch, bytes, 0, from, to);
        spbe_answer_all(scan, scratch, bytes, 0, 1);
    }
}

/* All is decided: only the text from the leak's start on is kept. */
static void keep_for_record(spbe_scan_t *scan, spbe_span_t bytes)
{
    spbe_window_t *window = &scan->window;
    size_t room;

    if (window->len + bytes.len > SPBE_SCAN_WINDOW) {
        spbe_window_drop(window, minus(spbe_scan_fatal(scan)->start, CONTEXT));
    }
    room = (size_t)minus(SPBE_SCAN_WINDOW, window->len);
    spbe_window_append(window, spbe_span_slice(bytes, 0, room));
}

/*
 * SPBE_SCAN_WINDOW is more than any hit that waits can need: the largest
 * ahead, back, lookbehind and SPBE_QUOTED_BACK together.
 */
static void feed_piece(spbe_scan_t *scan, spbe_scratch_t *scratch,
                       spbe_span_t piece)
{
    spbe_window_t *window = &scan->window;
    spbe_span_t text;
    size_t from;

    if (window->len + piece.len > SPBE_SCAN_WINDOW + PIECE) {
        if (window->offset == 0) {
            scan->manual = spbe_genre_quotes(
                (spbe_span_t){window->bytes, window->len});
        }
        spbe_window_drop(window,
                         window->offset + window->len - SPBE_SCAN_WINDOW);
    }
    from = window->len;
    spbe_window_append(window, piece);
    text = (spbe_span_t){window->bytes, window->len};
    if (spbe_scan_fatal(scan) == NULL) {
        find_literals(scan, scratch, text, window->offset, from, text.len);
    }
    scan->scanned = window->offset + window->len;
    spbe_answer_all(scan, scratch, text, window->offset, 0);
}

static void feed_window(spbe_scan_t *scan, spbe_scratch_t *scratch,
                        spbe_span_t bytes)
{
    spbe_span_t piece;

    while (bytes.len > 0) {
        if (spbe_scan_fatal(scan) != NULL && !waiting(scan)) {
            keep_for_record(scan, bytes);
            return;
        }
        piece = spbe_span_slice(bytes, 0, PIECE);
        feed_piece(scan, scratch, piece);
        bytes = spbe_span_slice(bytes, piece.len, bytes.len);
    }
}

void spbe_scan_feed(spbe_scan_t *scan, spbe_scratch_t *scratch,
                    spbe_span_t bytes, int last)
{
    int first = scan->seen == 0;

    if (scan->finished) {
        return;
    }
    scan->seen += bytes.len;
    scan->finished = last;
    if (first && last) {
        feed_in_place(scan, scratch, bytes);
        return;
    }
    feed_window(scan, scratch, bytes);
    if (last) {
        spbe_answer_all(scan, scratch,
                        (spbe_span_t){scan->window.bytes, scan->window.len},
                        scan->window.offset, 1);
    }
}

const spbe_leak_t *spbe_scan_leaks(const spbe_scan_t *scan, size_t *n)
{
    if (scan->tally == NULL) {
        *n = 0;
        return NULL;
    }
    *n = (size_t)scan->tally->leaks->nelts;
    return (const spbe_leak_t *)(const void *)scan->tally->leaks->elts;
}

const spbe_leak_t *spbe_scan_fatal(const spbe_scan_t *scan)
{
    return scan->tally == NULL ? NULL : scan->tally->published;
}

/* A leak whose literal is not complete yet may begin that far back. */
static size_t hold_of(const spbe_scan_t *scan)
{
    return scan->rules
        ->hold[scan->status < SPBE_STATUSES ? scan->status : SPBE_STATUSES - 1];
}

/* No byte from the first waiting hit, or the fatal leak, on. */
static apr_uint64_t before_hits(const spbe_scan_t *scan, apr_uint64_t limit)
{
    const spbe_leak_t *fatal = spbe_scan_fatal(scan);
    apr_uint64_t start;
    int i;

    if (fatal != NULL && fatal->start < limit) {
        limit = fatal->start;
    }
    for (i = 0; waiting(scan) && i < scan->pending->nelts; i++) {
        const spbe_hit_t *hit =
            &APR_ARRAY_IDX(scan->pending, i, spbe_pending_t).hit;

        start = minus(hit->start, spbe_rules_at(scan->rules, hit->rule)->back);
        limit = start < limit ? start : limit;
    }
    return limit;
}

apr_uint64_t spbe_scan_safe(const spbe_scan_t *scan)
{
    if (scan->finished) {
        return scan->seen;
    }
    return before_hits(scan, spbe_scan_fatal(scan) != NULL
                                 ? scan->seen
                                 : minus(scan->seen, hold_of(scan)));
}

apr_uint64_t spbe_scan_flushable(const spbe_scan_t *scan)
{
    const char *bytes = scan->window.bytes;
    size_t len = scan->window.len;

    if (scan->finished) {
        return scan->seen;
    }
    while (len > 0 && bytes[len - 1] != '\n' && bytes[len - 1] != '>') {
        len--;
    }
    return before_hits(scan, scan->window.offset + len);
}

spbe_span_t spbe_scan_text(const spbe_scan_t *scan, apr_uint64_t *offset)
{
    const spbe_leak_t *fatal = spbe_scan_fatal(scan);
    spbe_span_t text = {scan->window.bytes, scan->window.len};
    size_t from;

    if (scan->in_place) {
        *offset = 0;
        return scan->text;
    }
    from = (size_t)minus(text.len, SPBE_SCAN_WINDOW);
    if (fatal != NULL && fatal->start < scan->window.offset + from) {
        from = (size_t)minus(fatal->start, scan->window.offset);
    }
    *offset = scan->window.offset + from;
    return text.len == 0 ? SPBE_SPAN_EMPTY
                         : spbe_span_slice(text, from, from + SPBE_SCAN_WINDOW);
}

typedef struct probe {
    int found;
} probe_t;

static void on_probe(void *baton, unsigned literal, size_t end)
{
    ((probe_t *)baton)->found = 1;
}

/* Nearly all such texts hold no literal at all and need no pool. */
const spbe_rule_t *spbe_scan_once(const spbe_rules_t *rules,
                                  spbe_scratch_t *scratch, int status,
                                  spbe_span_t text)
{
    const spbe_rule_t *rule = NULL;
    probe_t probe = {0};
    apr_pool_t *pool;
    spbe_scan_t *scan;

    spbe_matcher_run(rules->matcher, scratch->matcher, text, on_probe, &probe);
    if (!probe.found ||
        apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        return NULL;
    }
    scan = spbe_scan_create(rules, status, pool);
    spbe_scan_feed(scan, scratch, text, 1);
    if (spbe_scan_fatal(scan) != NULL) {
        rule = spbe_scan_fatal(scan)->rule;
    }
    apr_pool_destroy(pool);
    return rule;
}
