/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_uri.c - references of schemas to absolute URIs (RFC 3986).
 *
 * Nothing is normalised beyond dot segments: two spellings are two names.
 */
#include "input/schema_build.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "text/buf.h"

typedef struct parts {
    spbe_span_t scheme, authority, path, query, fragment;
    unsigned has_scheme : 1, has_authority : 1, has_query : 1, has_fragment : 1;
} parts_t;

static size_t scheme_length(spbe_span_t uri)
{
    size_t i;

    if (uri.len == 0 || !apr_isalpha(uri.ptr[0])) {
        return 0;
    }
    for (i = 1; i < uri.len; i++) {
        char c = uri.ptr[i];

        if (c == ':') {
            return i;
        }
        if (!apr_isalnum(c) && c != '+' && c != '-' && c != '.') {
            return 0;
        }
    }
    return 0;
}

static int take_after(spbe_span_t *rest, char mark, spbe_span_t *tail)
{
    size_t at = spbe_span_chr(*rest, mark);

    *tail = SPBE_SPAN_EMPTY;
    if (at == SPBE_NPOS) {
        return 0;
    }
    *tail = spbe_span_slice(*rest, at + 1, rest->len);
    rest->len = at;
    return 1;
}

static parts_t split(spbe_span_t uri)
{
    parts_t parts = {.scheme = SPBE_SPAN_EMPTY};
    size_t scheme;

    parts.has_fragment = take_after(&uri, '#', &parts.fragment);
    parts.has_query = take_after(&uri, '?', &parts.query);
    scheme = scheme_length(uri);
    if (scheme > 0) {
        parts.has_scheme = 1;
        parts.scheme = spbe_span_slice(uri, 0, scheme);
        uri = spbe_span_slice(uri, scheme + 1, uri.len);
    }
    parts.authority = SPBE_SPAN_EMPTY;
    if (spbe_span_starts(uri, SPBE_SPAN("//"))) {
        size_t end;

        uri = spbe_span_slice(uri, 2, uri.len);
        end = spbe_span_chr(uri, '/');
        parts.has_authority = 1;
        parts.authority = spbe_span_slice(uri, 0, end);
        uri = spbe_span_slice(uri, parts.authority.len, uri.len);
    }
    parts.path = uri;
    return parts;
}

/* Takes the last segment off what has been written, with its slash. */
static void drop_segment(spbe_buf_t *out, size_t from)
{
    while (out->len > from && out->ptr[out->len - 1] != '/') {
        out->len--;
    }
    if (out->len > from) {
        out->len--;
    }
}

/* RFC 3986 section 5.2.4, for a path that begins with a slash. */
static void add_without_dots(spbe_buf_t *out, spbe_span_t path)
{
    size_t from = out->len;

    while (path.len > 0) {
        size_t end = spbe_span_chr(spbe_span_slice(path, 1, path.len), '/');
        size_t len = end == SPBE_NPOS ? path.len : end + 1;
        spbe_span_t segment = spbe_span_slice(path, 1, len);
        int last = len == path.len;

        path = spbe_span_slice(path, len, path.len);
        if (spbe_span_eq(segment, SPBE_SPAN(".."))) {
            drop_segment(out, from);
        }
        else if (!spbe_span_eq(segment, SPBE_SPAN("."))) {
            spbe_buf_addc(out, '/');
            spbe_buf_add(out, segment);
            continue;
        }
        if (last) {
            spbe_buf_addc(out, '/');
        }
    }
}

static void add_path(spbe_buf_t *out, spbe_span_t path)
{
    if (path.len > 0 && path.ptr[0] == '/') {
        add_without_dots(out, path);
        return;
    }
    spbe_buf_add(out, path);
}

/* The base's path up to its last slash, and the reference's behind it. */
static spbe_span_t merge(const parts_t *base, spbe_span_t path,
                         apr_pool_t *pool)
{
    spbe_buf_t joined;
    size_t slash = spbe_span_rchr(base->path, '/');

    spbe_buf_init(&joined, base->path.len + path.len + 2, pool);
    if (base->has_authority && base->path.len == 0) {
        spbe_buf_addc(&joined, '/');
    }
    else if (slash != SPBE_NPOS) {
        spbe_buf_add(&joined, spbe_span_slice(base->path, 0, slash + 1));
    }
    spbe_buf_add(&joined, path);
    return spbe_buf_span(&joined);
}

static parts_t against(const parts_t *base, parts_t ref, apr_pool_t *pool)
{
    if (ref.has_scheme) {
        return ref;
    }
    ref.has_scheme = base->has_scheme;
    ref.scheme = base->scheme;
    if (ref.has_authority) {
        return ref;
    }
    ref.has_authority = base->has_authority;
    ref.authority = base->authority;
    if (ref.path.len == 0) {
        ref.path = base->path;
        if (!ref.has_query) {
            ref.has_query = base->has_query;
            ref.query = base->query;
        }
    }
    else if (ref.path.ptr[0] != '/') {
        ref.path = merge(base, ref.path, pool);
    }
    return ref;
}

const char *spbe_schema_uri_resolve(const char *base, spbe_span_t reference,
                                    apr_pool_t *pool)
{
    parts_t from = split(spbe_span_from(base));
    parts_t to = against(&from, split(reference), pool);
    spbe_buf_t out;

    spbe_buf_init(&out, strlen(base) + reference.len + 8, pool);
    if (to.has_scheme) {
        spbe_buf_add(&out, to.scheme);
        spbe_buf_addc(&out, ':');
    }
    if (to.has_authority) {
        spbe_buf_adds(&out, "//");
        spbe_buf_add(&out, to.authority);
    }
    add_path(&out, to.path);
    if (to.has_query) {
        spbe_buf_addc(&out, '?');
        spbe_buf_add(&out, to.query);
    }
    if (to.has_fragment) {
        spbe_buf_addc(&out, '#');
        spbe_buf_add(&out, to.fragment);
    }
    return spbe_buf_cstr(&out);
}

const char *spbe_schema_uri_split(const char *uri, const char **fragment,
                                  apr_pool_t *pool)
{
    const char *mark = strchr(uri, '#');

    *fragment = mark == NULL ? NULL : mark + 1;
    return mark == NULL ? uri : apr_pstrmemdup(pool, uri, mark - uri);
}
