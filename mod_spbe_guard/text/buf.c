/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/buf.c - bytes that grow at their end. See buf.h.
 */
#include "text/buf.h"

#include <stdarg.h>
#include <string.h>
#include <apr_strings.h>

static void reserve(spbe_buf_t *buf, size_t more)
{
    size_t size = buf->size;
    char *grown;

    if (more <= buf->size - buf->len) {
        return;
    }
    while (size - buf->len < more) {
        size *= 2;
    }
    grown = apr_palloc(buf->pool, size);
    memcpy(grown, buf->ptr, buf->len);
    buf->ptr = grown;
    buf->size = size;
}

void spbe_buf_init(spbe_buf_t *buf, size_t size, apr_pool_t *pool)
{
    buf->size = size < 64 ? 64 : size;
    buf->ptr = apr_palloc(pool, buf->size);
    buf->len = 0;
    buf->pool = pool;
}

void spbe_buf_add(spbe_buf_t *buf, spbe_span_t bytes)
{
    if (bytes.len == 0) {
        return;
    }
    reserve(buf, bytes.len);
    memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
}

void spbe_buf_addc(spbe_buf_t *buf, char c)
{
    reserve(buf, 1);
    buf->ptr[buf->len++] = c;
}

void spbe_buf_adds(spbe_buf_t *buf, const char *cstr)
{
    spbe_buf_add(buf, spbe_span_from(cstr));
}

void spbe_buf_printf(spbe_buf_t *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    spbe_buf_adds(buf, apr_pvsprintf(buf->pool, format, args));
    va_end(args);
}

spbe_span_t spbe_buf_span(const spbe_buf_t *buf)
{
    return (spbe_span_t){buf->ptr, buf->len};
}

char *spbe_buf_cstr(spbe_buf_t *buf)
{
    reserve(buf, 1);
    buf->ptr[buf->len] = '\0';
    return buf->ptr;
}
