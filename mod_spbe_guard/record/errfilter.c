/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errfilter.c - httpd's error log without what leaks. See errfilter.h.
 *
 * Lines of one request and handler are one text, a stream, and are scanned as
 * one: a traceback is found in its second line and begins in its first. What
 * a line says is judged with the rules of a failed response: a handler that
 * writes to the error log has something to say about a failure.
 */
#include "record/errfilter.h"

#include <stdlib.h>
#include <string.h>

#include "failure/leak.h"
#include "record/errqueue.h"

#define STREAMS 64
#define STATUS 500
#define ALL APR_UINT64_MAX

typedef struct stream {
    apr_uint64_t key;
    int used, pieces, raw;
    spbe_scan_t *scan;       /* NULL: nothing of it waits */
    apr_pool_t *pool;        /* of scan */
    apr_uint64_t fed;        /* bytes, in scan */
    apr_time_t first, last;  /* line that waits */
    apr_time_t leaked;       /* last line that was replaced; 0: none */
    char ref[SPBE_REF_SIZE]; /* of what is kept of it; "": nothing is */
} stream_t;

struct spbe_errfilter {
    const spbe_rules_t *rules;
    spbe_scratch_t *scratch;
    apr_pool_t *pool;
    spbe_errqueue_t queue;
    stream_t streams[STREAMS];
    spbe_errline_t line;     /* whose pieces come */
    int goes_on;             /* the next piece is of that line */
    spbe_errstate_t decided; /* of its last piece, when it is a message */
    size_t carried;
    char carry[SPBE_ERRFILTER_PIECE + 1];
    char plain[SPBE_ERRFILTER_PIECE + 1];
};

static apr_status_t free_filter(void *data)
{
    spbe_errfilter_t *filter = data;

    spbe_errqueue_free(&filter->queue);
    spbe_scratch_destroy(filter->scratch);
    return APR_SUCCESS;
}

spbe_errfilter_t *spbe_errfilter_create(const spbe_rules_t *rules,
                                        spbe_errfilter_out_t *out, void *baton,
                                        apr_pool_t *pool)
{
    spbe_errfilter_t *filter = apr_pcalloc(pool, sizeof(*filter));

    filter->rules = rules;
    filter->pool = pool;
    spbe_errqueue_init(&filter->queue, out, baton);
    filter->scratch = spbe_scratch_create(rules);
    if (filter->scratch == NULL) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, filter, free_filter, apr_pool_cleanup_null);
    return filter;
}

void spbe_errfilter_set_keep(spbe_errfilter_t *filter,
                             const spbe_errfilter_keep_t *keep)
{
    filter->queue.keep = *keep;
}

/* ---- streams --------------------------------------------------------------
 */

static void close_scan(stream_t *stream)
{
    if (stream->scan != NULL) {
        apr_pool_destroy(stream->pool);
        stream->scan = NULL;
    }
    stream->fed = 0;
}

static const spbe_leak_t *first_leak(const spbe_scan_t *scan)
{
    size_t n;
    const spbe_leak_t *leaks = spbe_scan_leaks(scan, &n);

    return n > 0 ? leaks : spbe_scan_fatal(scan);
}

/* A reference for what will be taken out, if somebody keeps it. */
static void begin_text(const spbe_errfilter_t *filter, char ref[SPBE_REF_SIZE])
{
    const spbe_errfilter_keep_t *keep = &filter->queue.keep;

    if (keep->begin == NULL || !keep->begin(keep->baton, ref)) {
        ref[0] = '\0';
    }
}

/* 1 when it leaks: then nothing of it waits any more. */
static int look(spbe_errfilter_t *filter, int n)
{
    stream_t *stream = &filter->streams[n];
    const spbe_leak_t *leak = first_leak(stream->scan);

    if (leak == NULL) {
        return 0;
    }
    if (stream->pieces) {
        spbe_errqueue_settle(&filter->queue, n, leak->start, SPBE_ERRSTATE_KEEP,
                             NULL);
    }
    if (stream->raw) {
        begin_text(filter, stream->ref);
    }
    spbe_errqueue_settle(&filter->queue, n, ALL, SPBE_ERRSTATE_REPLACE,
                         stream->ref);
    stream->leaked = stream->last;
    close_scan(stream);
    return 1;
}

/* No more will come, or it has waited long enough. */
static void finish(spbe_errfilter_t *filter, int n)
{
    stream_t *stream = &filter->streams[n];

    if (stream->scan == NULL) {
        return;
    }
    spbe_scan_feed(stream->scan, filter->scratch, SPBE_SPAN_EMPTY, 1);
    if (!look(filter, n)) {
        spbe_errqueue_settle(&filter->queue, n, ALL, SPBE_ERRSTATE_KEEP, NULL);
        close_scan(stream);
    }
}

/* The one of this key, or the one that has been silent for longest. */
static int find_stream(spbe_errfilter_t *filter, const spbe_errline_t *line)
{
    int i, oldest = 0;

    for (i = 0; i < STREAMS; i++) {
        stream_t *stream = &filter->streams[i];

        if (stream->used && stream->key == line->key) {
            return i;
        }
        if (stream->last < filter->streams[oldest].last) {
            oldest = i;
        }
    }
    finish(filter, oldest);
    filter->streams[oldest] =
        (stream_t){.used = 1,
                   .key = line->key,
                   .pieces = line->kind == SPBE_ERRLINE_PIECES,
                   .raw = line->raw};
    return oldest;
}

static void open_scan(spbe_errfilter_t *filter, stream_t *stream,
                      apr_time_t now)
{
    if (stream->scan == NULL) {
        apr_pool_create(&stream->pool, filter->pool);
        stream->scan = spbe_scan_create(filter->rules, STATUS, stream->pool);
        stream->first = now;
        stream->fed = 0;
    }
}

/* ---- what comes -----------------------------------------------------------
 */

static spbe_span_t plain_text(spbe_errfilter_t *filter,
                              const spbe_errline_t *line)
{
    size_t n = line->said.len;

    if (line->escaped) {
        n = spbe_errline_unescape(line->said, filter->plain);
    }
    else {
        memcpy(filter->plain, line->said.ptr, n);
    }
    filter->plain[n++] = '\n';
    return (spbe_span_t){filter->plain, n};
}

static spbe_errstate_t judge(spbe_errfilter_t *filter,
                             const spbe_errline_t *line)
{
    apr_pool_t *pool;
    spbe_scan_t *scan;
    int leaks;

    if (filter->goes_on && filter->decided == SPBE_ERRSTATE_REPLACE) {
        return SPBE_ERRSTATE_REPLACE;
    }
    apr_pool_create(&pool, filter->pool);
    scan = spbe_scan_create(filter->rules, STATUS, pool);
    spbe_scan_feed(scan, filter->scratch, plain_text(filter, line), 1);
    leaks = first_leak(scan) != NULL;
    apr_pool_destroy(pool);
    return leaks ? SPBE_ERRSTATE_REPLACE : SPBE_ERRSTATE_KEEP;
}

/* Whoever has leaked a moment ago is still at it. */
static int goes_on_leaking(const spbe_errfilter_t *filter,
                           const stream_t *stream, const spbe_errline_t *line,
                           apr_time_t now)
{
    return stream->leaked != 0 && !(line->begins && !filter->goes_on) &&
           now - stream->leaked <= SPBE_ERRFILTER_AFTER;
}

static void take_up(spbe_errfilter_t *filter, spbe_erritem_t *item,
                    const spbe_errline_t *line, apr_time_t now)
{
    int n = find_stream(filter, line);
    stream_t *stream = &filter->streams[n];
    spbe_span_t text;

    if (goes_on_leaking(filter, stream, line, now)) {
        item->state = SPBE_ERRSTATE_REPLACE;
        spbe_errqueue_name(item, stream->ref);
        stream->last = stream->leaked = now;
        return;
    }
    stream->leaked = 0;
    open_scan(filter, stream, now);
    text = plain_text(filter, line);
    item->state = SPBE_ERRSTATE_WAIT;
    item->stream = n;
    stream->fed += text.len;
    item->end = stream->fed;
    filter->queue.waiting++;
    stream->last = now;
    spbe_scan_feed(stream->scan, filter->scratch, text, 0);
    look(filter, n);
}

static void finish_all(spbe_errfilter_t *filter)
{
    int i;

    for (i = 0; i < STREAMS; i++) {
        finish(filter, i);
    }
    spbe_errqueue_leave(&filter->queue);
}

static void read_line(spbe_errfilter_t *filter, spbe_span_t bytes)
{
    spbe_errline_t *line = &filter->line;

    if (!filter->goes_on) {
        spbe_errline_parse(bytes, line);
        filter->decided = SPBE_ERRSTATE_KEEP;
        return;
    }
    line->head = line->tail = SPBE_SPAN_EMPTY;
    line->said = bytes;
}

static void decide(spbe_errfilter_t *filter, spbe_span_t bytes, int ended,
                   apr_time_t now)
{
    const spbe_errline_t *line = &filter->line;
    spbe_erritem_t *item =
        spbe_errqueue_add(&filter->queue, bytes, line, filter->goes_on, ended);

    if (line->kind == SPBE_ERRLINE_MESSAGE) {
        filter->decided = item->state = judge(filter, line);
        if (item->state == SPBE_ERRSTATE_REPLACE && item->raw) {
            begin_text(filter, item->ref);
        }
    }
    else if (line->kind != SPBE_ERRLINE_OWN) {
        take_up(filter, item, line, now);
    }
    spbe_errqueue_leave(&filter->queue);
    if (filter->queue.bytes > SPBE_ERRFILTER_QUEUE) {
        finish_all(filter);
    }
}

/* piece: a line with its end, or SPBE_ERRFILTER_PIECE bytes of one. */
static void take_piece(spbe_errfilter_t *filter, spbe_span_t piece, int ended,
                       apr_time_t now)
{
    spbe_span_t bytes = spbe_span_slice(piece, 0, piece.len - (size_t)ended);

    read_line(filter, bytes);
    if (filter->line.kind == SPBE_ERRLINE_OWN && filter->queue.first == NULL) {
        spbe_errqueue_pass(&filter->queue, piece, filter->goes_on);
    }
    else {
        decide(filter, bytes, ended, now);
    }
    filter->goes_on = !ended;
}

/* Length of the line at the front of bytes, its end included, or of what of it
 * makes a piece with the carried bytes; 0: more must come. */
static size_t piece_of(const spbe_errfilter_t *filter, spbe_span_t bytes,
                       int *ended)
{
    size_t room = SPBE_ERRFILTER_PIECE - filter->carried;
    size_t end = spbe_span_chr(spbe_span_slice(bytes, 0, room + 1), '\n');

    *ended = end != SPBE_NPOS;
    return *ended ? end + 1 : bytes.len > room ? room : 0;
}

static void carry(spbe_errfilter_t *filter, spbe_span_t bytes)
{
    memcpy(filter->carry + filter->carried, bytes.ptr, bytes.len);
    filter->carried += bytes.len;
}

void spbe_errfilter_feed(spbe_errfilter_t *filter, spbe_span_t bytes,
                         apr_time_t now)
{
    spbe_span_t piece;
    size_t len;
    int ended;

    while ((len = piece_of(filter, bytes, &ended)) > 0 ||
           filter->carried == SPBE_ERRFILTER_PIECE) {
        piece = spbe_span_slice(bytes, 0, len);
        bytes = spbe_span_slice(bytes, len, bytes.len);
        if (filter->carried > 0) {
            carry(filter, piece);
            piece = (spbe_span_t){filter->carry, filter->carried};
            filter->carried = 0;
        }
        take_piece(filter, piece, ended, now);
    }
    carry(filter, bytes);
}

/* ---- time -----------------------------------------------------------------
 */

static apr_time_t due_at(const stream_t *stream)
{
    apr_time_t longest = stream->first + SPBE_ERRFILTER_LONGEST;
    apr_time_t idle = stream->last + SPBE_ERRFILTER_HOLD;

    return idle < longest ? idle : longest;
}

apr_time_t spbe_errfilter_next(const spbe_errfilter_t *filter)
{
    apr_time_t next = 0;
    int i;

    for (i = 0; filter->queue.waiting > 0 && i < STREAMS; i++) {
        const stream_t *stream = &filter->streams[i];

        if (stream->scan != NULL && (next == 0 || due_at(stream) < next)) {
            next = due_at(stream);
        }
    }
    return next;
}

void spbe_errfilter_due(spbe_errfilter_t *filter, apr_time_t now)
{
    int i;

    for (i = 0; i < STREAMS; i++) {
        stream_t *stream = &filter->streams[i];

        if (stream->scan != NULL && due_at(stream) <= now) {
            finish(filter, i);
        }
    }
    spbe_errqueue_leave(&filter->queue);
}

void spbe_errfilter_end(spbe_errfilter_t *filter, apr_time_t now)
{
    if (filter->carried > 0) {
        spbe_span_t piece = {filter->carry, filter->carried};

        filter->carried = 0;
        take_piece(filter, piece, 0, now);
    }
    finish_all(filter);
}

spbe_errfilter_counts_t spbe_errfilter_counts(const spbe_errfilter_t *filter)
{
    return filter->queue.counts;
}
