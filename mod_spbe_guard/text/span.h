/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/span.h - bytes as {pointer, length}.
 *
 * A span never owns its bytes and is never assumed to end in NUL; NUL is a
 * byte like any other. All functions allocate nothing, except those that take
 * a pool and say so. Case is ASCII case.
 */
#ifndef SPBE_TEXT_SPAN_H
#define SPBE_TEXT_SPAN_H

#include <stddef.h>
#include <string.h>
#include <apr_pools.h>

typedef struct spbe_span {
    const char *ptr;
    size_t len;
} spbe_span_t;

#define SPBE_SPAN_EMPTY ((spbe_span_t){ "", 0 })
/* For string literals only: the length is known when compiling. */
#define SPBE_SPAN(lit) ((spbe_span_t){ (lit), sizeof(lit) - 1 })
#define SPBE_NPOS ((size_t)-1)

/* NULL gives the empty span. */
static inline spbe_span_t spbe_span_from(const char *cstr)
{
    return cstr == NULL ? SPBE_SPAN_EMPTY
                        : (spbe_span_t){ cstr, strlen(cstr) };
}

/* Bytes [from, to) of s, clamped to what is there. */
static inline spbe_span_t spbe_span_slice(spbe_span_t s, size_t from,
                                          size_t to)
{
    to = to > s.len ? s.len : to;
    from = from > to ? to : from;
    return (spbe_span_t){ s.ptr + from, to - from };
}

/* Without ASCII white space at both ends. */
spbe_span_t spbe_span_trim(spbe_span_t s);
/*
 * Takes what stands before the first sep off the front of *rest and returns
 * it; sep itself is dropped. Without sep everything is taken.
 */
spbe_span_t spbe_span_cut(spbe_span_t *rest, char sep);
/* The same for lines: "\n" and "\r\n" end a line; the end is not returned. */
spbe_span_t spbe_span_line(spbe_span_t *rest);

int spbe_span_starts(spbe_span_t s, spbe_span_t prefix);
int spbe_span_istarts(spbe_span_t s, spbe_span_t prefix);
int spbe_span_ends(spbe_span_t s, spbe_span_t suffix);

static inline int spbe_span_eq(spbe_span_t a, spbe_span_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int spbe_span_ieq(spbe_span_t a, spbe_span_t b)
{
    return a.len == b.len && spbe_span_istarts(a, b);
}

/* Offset of the first occurrence, or SPBE_NPOS. An empty needle is at 0. */
size_t spbe_span_find(spbe_span_t s, spbe_span_t needle);
size_t spbe_span_ifind(spbe_span_t s, spbe_span_t needle);
size_t spbe_span_chr(spbe_span_t s, char c);
size_t spbe_span_rchr(spbe_span_t s, char c);

/* A NUL-terminated copy in pool; NUL bytes inside become '?'. */
char *spbe_span_dup(spbe_span_t s, apr_pool_t *pool);

#endif
