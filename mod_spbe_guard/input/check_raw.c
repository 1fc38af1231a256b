/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_raw.c - request line, header fields, body. See check_raw.h.
 */
#include "input/check_raw.h"

#include <string.h>

#include "text/buf.h"
#include "text/json.h"
#include "text/percent.h"

#define SIZE_MAX_BODY ((unsigned long long)1 << 40)

/* "http://host/path" is "/path" (RFC 9112, 3.2.2). */
static spbe_span_t without_host(spbe_span_t target)
{
    size_t scheme = spbe_span_find(target, SPBE_SPAN("://")), slash;

    if (target.len == 0 || target.ptr[0] == '/' || scheme == SPBE_NPOS ||
        scheme > spbe_span_chr(target, '?')) {
        return target;
    }
    target = spbe_span_slice(target, scheme + 3, target.len);
    slash = spbe_span_chr(target, '/');
    if (slash > spbe_span_chr(target, '?')) {
        slash = spbe_span_chr(target, '?');
    }
    return slash == SPBE_NPOS ? SPBE_SPAN("/")
                              : spbe_span_slice(target, slash, target.len);
}

static const char *request_line(spbe_span_t line, spbe_view_t *view)
{
    size_t last = spbe_span_rchr(line, ' ');
    spbe_span_t version, target;

    if (last == SPBE_NPOS) {
        return "the first line is no request line: METHOD target HTTP/1.1";
    }
    version = spbe_span_slice(line, last + 1, line.len);
    line = spbe_span_slice(line, 0, last);
    view->method = spbe_span_cut(&line, ' ');
    if (view->method.len == 0 || line.len == 0 ||
        !spbe_span_starts(version, SPBE_SPAN("HTTP/"))) {
        return "the first line is no request line: METHOD target HTTP/1.1";
    }
    target = without_host(line);
    view->has_query = spbe_span_chr(target, '?') != SPBE_NPOS;
    view->path = spbe_span_cut(&target, '?');
    view->query = target;
    return NULL;
}

static const char *header_lines(spbe_span_t *rest, apr_array_header_t *headers)
{
    while (rest->len > 0) {
        spbe_span_t line = spbe_span_line(rest);
        spbe_header_t header;

        if (line.len == 0) {
            return NULL;
        }
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
            return "a header field is continued on a second line";
        }
        if (spbe_span_chr(line, ':') == SPBE_NPOS) {
            return "a header line has no ':'";
        }
        if (headers->nelts >= SPBE_CHECK_RAW_HEADERS) {
            return "too many header fields";
        }
        header.name = spbe_span_cut(&line, ':');
        header.value = spbe_span_trim(line);
        APR_ARRAY_PUSH(headers, spbe_header_t) = header;
    }
    return NULL;
}

/* The hexadecimal size in front of a chunk; 0: no size. */
static int chunk_size(spbe_span_t line, unsigned long long *size)
{
    spbe_span_t digits = spbe_span_trim(spbe_span_cut(&line, ';'));
    size_t i;

    *size = 0;
    for (i = 0; i < digits.len; i++) {
        int value = spbe_percent_hex(digits.ptr[i]);

        if (value < 0 || *size > SIZE_MAX_BODY) {
            return 0;
        }
        *size = *size * 16 + (unsigned)value;
    }
    return digits.len > 0;
}

static const char *chunked(spbe_span_t rest, spbe_span_t *body,
                           apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, rest.len < 256 ? 256 : rest.len, pool);
    for (;;) {
        unsigned long long size;

        if (!chunk_size(spbe_span_line(&rest), &size)) {
            return "a chunk has no size";
        }
        if (size == 0) {
            *body = spbe_buf_span(&buf);
            return NULL;
        }
        if (size > rest.len) {
            return "the last chunk is cut";
        }
        spbe_buf_add(&buf, spbe_span_slice(rest, 0, (size_t)size));
        rest = spbe_span_slice(rest, (size_t)size, rest.len);
        if (spbe_span_line(&rest).len > 0) {
            return "a chunk is longer than its size";
        }
    }
}

static const char *read_body(spbe_span_t rest, spbe_view_t *view,
                             apr_pool_t *pool)
{
    int has_coding, has_length;
    spbe_span_t coding =
        spbe_view_header(view, "Transfer-Encoding", &has_coding);
    spbe_span_t text = spbe_view_header(view, "Content-Length", &has_length);
    unsigned long long length;

    view->both_lengths = has_coding && has_length;
    if (has_coding) {
        view->has_body = 1;
        return spbe_span_ieq(coding, SPBE_SPAN("chunked"))
                   ? chunked(rest, &view->body, pool)
                   : "Transfer-Encoding is not chunked";
    }
    if (!has_length) {
        view->body = rest;
        view->has_body = rest.len > 0;
        return NULL;
    }
    if (!spbe_json_unsigned(text, SIZE_MAX_BODY, &length)) {
        return "Content-Length is no number";
    }
    if (length > rest.len) {
        return "the body is shorter than Content-Length";
    }
    view->body = spbe_span_slice(rest, 0, (size_t)length);
    view->has_body = length > 0;
    return NULL;
}

const char *spbe_check_raw(spbe_span_t raw, apr_time_t now, spbe_view_t *view,
                           apr_pool_t *pool)
{
    apr_array_header_t *headers =
        apr_array_make(pool, 16, sizeof(spbe_header_t));
    const char *error;

    *view = (spbe_view_t){.now = now, .headers = headers};
    view->body = view->query = SPBE_SPAN_EMPTY;
    error = request_line(spbe_span_line(&raw), view);
    if (error == NULL) {
        error = header_lines(&raw, headers);
    }
    return error != NULL ? error : read_body(raw, view, pool);
}
