/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_token.c - short technical texts: UUID (RFC 4122), JSON Pointer
 * (RFC 6901, and relative), regular expressions, names of accounts.
 */
#include "input/format_rules.h"

#include <apr_pools.h>

#include "input/regex.h"

static int is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Formats of numbers and of bytes: nothing is asked of the text. */
int spbe_format_token_any(spbe_span_t text, apr_time_t now)
{
    return 1;
}

int spbe_format_token_uuid(spbe_span_t text, apr_time_t now)
{
    size_t i;

    if (text.len != 36) {
        return 0;
    }
    for (i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (i == 8 || i == 13 || i == 18 || i == 23
                ? c != '-'
                : !is_alnum(c) || (c | 0x20) > 'f') {
            return 0;
        }
    }
    return 1;
}

int spbe_format_token_pointer(spbe_span_t text, apr_time_t now)
{
    size_t i;

    if (text.len > 0 && text.ptr[0] != '/') {
        return 0;
    }
    for (i = 0; i < text.len; i++) {
        if (text.ptr[i] == '~' &&
            (i + 1 == text.len ||
             (text.ptr[i + 1] != '0' && text.ptr[i + 1] != '1'))) {
            return 0;
        }
    }
    return 1;
}

int spbe_format_token_relative_pointer(spbe_span_t text, apr_time_t now)
{
    size_t n = 0;

    while (n < text.len && text.ptr[n] >= '0' && text.ptr[n] <= '9') {
        n++;
    }
    if (n == 0 || (n > 1 && text.ptr[0] == '0')) {
        return 0;
    }
    text = spbe_span_slice(text, n, text.len);
    return spbe_span_eq(text, SPBE_SPAN("#")) ||
           spbe_format_token_pointer(text, now);
}

int spbe_format_token_regex(spbe_span_t text, apr_time_t now)
{
    apr_pool_t *pool;
    int fine;

    /* Unmanaged: the global pool's lock is not for requests. */
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        return 0;
    }
    fine = spbe_regex_valid(text, pool);
    apr_pool_destroy(pool);
    return fine;
}

/* Three to 64 letters, digits and ._@-, the first a letter or a digit. */
int spbe_format_token_username(spbe_span_t text, apr_time_t now)
{
    size_t i;

    if (text.len < 3 || text.len > 64 || !is_alnum(text.ptr[0])) {
        return 0;
    }
    for (i = 1; i < text.len; i++) {
        char c = text.ptr[i];

        if (!is_alnum(c) && c != '.' && c != '_' && c != '@' && c != '-') {
            return 0;
        }
    }
    return 1;
}
