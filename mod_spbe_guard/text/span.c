/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/span.c - bytes as {pointer, length}. See span.h.
 */
#include "text/span.h"

#include <string.h>
#include <apr_lib.h>

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;

    return (u >= 'A' && u <= 'Z') ? (unsigned char)(u + 32) : u;
}

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int alike(const char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) {
            return 0;
        }
    }
    return 1;
}

static int same(const char *a, const char *b, size_t len)
{
    return len == 0 || memcmp(a, b, len) == 0;
}

spbe_span_t spbe_span_trim(spbe_span_t s)
{
    while (s.len > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

spbe_span_t spbe_span_cut(spbe_span_t *rest, char sep)
{
    size_t at = spbe_span_chr(*rest, sep);
    spbe_span_t head;

    if (at == SPBE_NPOS) {
        head = *rest;
        *rest = spbe_span_slice(*rest, rest->len, rest->len);
        return head;
    }
    head = spbe_span_slice(*rest, 0, at);
    *rest = spbe_span_slice(*rest, at + 1, rest->len);
    return head;
}

spbe_span_t spbe_span_line(spbe_span_t *rest)
{
    spbe_span_t line = spbe_span_cut(rest, '\n');

    if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

int spbe_span_starts(spbe_span_t s, spbe_span_t prefix)
{
    return s.len >= prefix.len && same(s.ptr, prefix.ptr, prefix.len);
}

int spbe_span_istarts(spbe_span_t s, spbe_span_t prefix)
{
    return s.len >= prefix.len && alike(s.ptr, prefix.ptr, prefix.len);
}

int spbe_span_ends(spbe_span_t s, spbe_span_t suffix)
{
    return s.len >= suffix.len
           && same(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len);
}

size_t spbe_span_find(spbe_span_t s, spbe_span_t needle)
{
    const char *hit;

    if (needle.len == 0) {
        return 0;
    }
    if (s.len < needle.len) {
        return SPBE_NPOS;
    }
    hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return hit == NULL ? SPBE_NPOS : (size_t)(hit - s.ptr);
}

size_t spbe_span_ifind(spbe_span_t s, spbe_span_t needle)
{
    size_t i;

    for (i = 0; i + needle.len <= s.len; i++) {
        if (alike(s.ptr + i, needle.ptr, needle.len)) {
            return i;
        }
    }
    return SPBE_NPOS;
}

size_t spbe_span_chr(spbe_span_t s, char c)
{
    const char *hit = s.len == 0 ? NULL : memchr(s.ptr, c, s.len);

    return hit == NULL ? SPBE_NPOS : (size_t)(hit - s.ptr);
}

size_t spbe_span_rchr(spbe_span_t s, char c)
{
    const char *hit = s.len == 0 ? NULL : memrchr(s.ptr, c, s.len);

    return hit == NULL ? SPBE_NPOS : (size_t)(hit - s.ptr);
}

char *spbe_span_dup(spbe_span_t s, apr_pool_t *pool)
{
    char *copy = apr_palloc(pool, s.len + 1);
    size_t i;

    for (i = 0; i < s.len; i++) {
        copy[i] = s.ptr[i] == '\0' ? '?' : s.ptr[i];
    }
    copy[s.len] = '\0';
    return copy;
}
