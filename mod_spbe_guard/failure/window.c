/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/window.c - the last bytes of a response. See window.h.
 */
#include "failure/window.h"

#include <stdlib.h>
#include <string.h>
#include <apr_errno.h>

#define FIRST_SIZE 8192

static apr_status_t free_window(void *data)
{
    spbe_window_t *window = data;

    free(window->bytes);
    *window = (spbe_window_t){.pool = window->pool};
    return APR_SUCCESS;
}

void spbe_window_init(spbe_window_t *window, apr_pool_t *pool)
{
    *window = (spbe_window_t){.pool = pool};
}

/* Text that could not be kept would pass unseen, so this does not return. */
static void no_memory(apr_pool_t *pool)
{
    apr_abortfunc_t handler = apr_pool_abort_get(pool);

    if (handler != NULL) {
        handler(APR_ENOMEM);
    }
    abort();
}

static void grow(spbe_window_t *window, size_t need)
{
    size_t size = window->size == 0 ? FIRST_SIZE : window->size;
    char *bytes;

    while (size < need) {
        size *= 2;
    }
    bytes = realloc(window->bytes, size);
    if (bytes == NULL) {
        no_memory(window->pool);
    }
    if (window->bytes == NULL) {
        apr_pool_cleanup_register(window->pool, window, free_window,
                                  apr_pool_cleanup_null);
    }
    window->bytes = bytes;
    window->size = size;
}

void spbe_window_append(spbe_window_t *window, spbe_span_t more)
{
    if (more.len == 0) {
        return;
    }
    if (window->len + more.len > window->size) {
        grow(window, window->len + more.len);
    }
    memcpy(window->bytes + window->len, more.ptr, more.len);
    window->len += more.len;
}

void spbe_window_drop(spbe_window_t *window, apr_uint64_t before)
{
    size_t n;

    if (before <= window->offset) {
        return;
    }
    n = before - window->offset < window->len
            ? (size_t)(before - window->offset)
            : window->len;
    memmove(window->bytes, window->bytes + n, window->len - n);
    window->len -= n;
    window->offset += n;
}
