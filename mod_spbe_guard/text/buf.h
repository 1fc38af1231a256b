/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/buf.h - bytes that grow at their end.
 *
 * The memory comes from a pool and is never given back before the pool is, so
 * a buffer is for building one text, not for a stream.
 */
#ifndef SPBE_TEXT_BUF_H
#define SPBE_TEXT_BUF_H

#include <apr_pools.h>
#include "text/span.h"

typedef struct spbe_buf {
    char *ptr;
    size_t len;
    size_t size;
    apr_pool_t *pool;
} spbe_buf_t;

/* size: of the first piece of memory; a guess that may be wrong. */
void spbe_buf_init(spbe_buf_t *buf, size_t size, apr_pool_t *pool);
void spbe_buf_add(spbe_buf_t *buf, spbe_span_t bytes);
void spbe_buf_addc(spbe_buf_t *buf, char c);
void spbe_buf_adds(spbe_buf_t *buf, const char *cstr);
void spbe_buf_printf(spbe_buf_t *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

spbe_span_t spbe_buf_span(const spbe_buf_t *buf);
/* The bytes with a NUL behind them; NUL bytes inside stay. */
char *spbe_buf_cstr(spbe_buf_t *buf);

#endif
