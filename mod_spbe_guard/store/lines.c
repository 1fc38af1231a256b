/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/lines.c - lines out of pieces. See lines.h.
 */
#include "store/lines.h"

#include "store/entry.h"

struct spbe_lines {
    spbe_span_t rest; /* of what was fed */
    apr_uint64_t at;  /* address of rest, or of held when there is some */
    size_t len;       /* of held */
    int taken;        /* held was returned: it goes with the next call */
    char held[SPBE_ENTRY_MAX];
};

spbe_lines_t *spbe_lines_create(apr_pool_t *pool)
{
    spbe_lines_t *lines = apr_palloc(pool, sizeof(*lines));

    lines->rest = SPBE_SPAN_EMPTY;
    lines->at = 0;
    lines->len = 0;
    lines->taken = 0;
    return lines;
}

static void forget(spbe_lines_t *lines)
{
    if (lines->taken) {
        lines->taken = 0;
        lines->len = 0;
    }
}

void spbe_lines_feed(spbe_lines_t *lines, spbe_span_t bytes,
                     apr_uint64_t offset)
{
    forget(lines);
    if (lines->len == 0) {
        lines->at = offset;
    }
    lines->rest = bytes;
}

/* Puts n bytes of rest behind what is held. */
static void hold(spbe_lines_t *lines, size_t n)
{
    memcpy(lines->held + lines->len, lines->rest.ptr, n);
    lines->len += n;
    lines->rest = spbe_span_slice(lines->rest, n, lines->rest.len);
}

static int give(spbe_lines_t *lines, spbe_span_t line, size_t length,
                spbe_span_t *out, apr_uint64_t *offset)
{
    *out = line;
    *offset = lines->at;
    lines->at += length;
    return 1;
}

static int next_held(spbe_lines_t *lines, size_t end, spbe_span_t *line,
                     apr_uint64_t *offset, int *whole)
{
    size_t n = end == SPBE_NPOS ? lines->rest.len : end;
    size_t room = sizeof(lines->held) - lines->len;

    *whole = n <= room && end != SPBE_NPOS;
    hold(lines, n < room ? n : room);
    if (!*whole && lines->len < sizeof(lines->held)) {
        return 0;
    }
    if (*whole) {
        lines->rest = spbe_span_slice(lines->rest, 1, lines->rest.len);
    }
    lines->taken = 1;
    return give(lines, (spbe_span_t){lines->held, lines->len},
                lines->len + (size_t)*whole, line, offset);
}

int spbe_lines_next(spbe_lines_t *lines, spbe_span_t *line,
                    apr_uint64_t *offset, int *whole)
{
    size_t end, n;

    forget(lines);
    if (lines->rest.len == 0) {
        return 0;
    }
    end = spbe_span_chr(lines->rest, '\n');
    if (lines->len > 0 ||
        (end == SPBE_NPOS && lines->rest.len < sizeof(lines->held))) {
        return next_held(lines, end, line, offset, whole);
    }
    *whole = end != SPBE_NPOS && end <= sizeof(lines->held);
    n = *whole ? end : sizeof(lines->held);
    *line = spbe_span_slice(lines->rest, 0, n);
    lines->rest =
        spbe_span_slice(lines->rest, n + (size_t)*whole, lines->rest.len);
    return give(lines, *line, n + (size_t)*whole, line, offset);
}

size_t spbe_lines_cut(spbe_lines_t *lines)
{
    size_t left;

    forget(lines);
    left = lines->len + lines->rest.len;
    lines->len = 0;
    lines->rest = SPBE_SPAN_EMPTY;
    return left;
}
