/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/place.c - line and column in a JSON text. See place.h.
 */
#include "failure/place.h"

#include <string.h>
#include <apr_strings.h>

const char *spbe_place_at(spbe_span_t json, size_t offset, apr_pool_t *pool)
{
    spbe_span_t before = spbe_span_slice(json, 0, offset);
    size_t line = 1, start = 0, i;

    for (i = 0; i < before.len; i++) {
        if (before.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    return apr_psprintf(pool, "%" APR_SIZE_T_FMT ":%" APR_SIZE_T_FMT, line,
                        before.len - start + 1);
}

/* Counts the values that come before item in document order. */
static int count_to(const cJSON *node, const cJSON *item, size_t *n)
{
    for (; node != NULL; node = node->next) {
        if (node == item) {
            return 1;
        }
        (*n)++;
        if (count_to(node->child, item, n)) {
            return 1;
        }
    }
    return 0;
}

static size_t after_string(spbe_span_t s, size_t i)
{
    for (i++; i < s.len && s.ptr[i] != '"'; i++) {
        if (s.ptr[i] == '\\') {
            i++;
        }
    }
    return i < s.len ? i + 1 : s.len;
}

static size_t after_any_of(spbe_span_t s, size_t i, const char *set, int in)
{
    while (i < s.len && (strchr(set, s.ptr[i]) != NULL) == in) {
        i++;
    }
    return i;
}

static size_t after_value(spbe_span_t s, size_t i)
{
    if (s.ptr[i] == '"') {
        return after_string(s, i);
    }
    if (s.ptr[i] == '{' || s.ptr[i] == '[') {
        return i + 1;
    }
    return after_any_of(s, i + 1, " \t\r\n,]}", 0);
}

/* Offset of the n-th value, or of the name before it. */
static size_t nth(spbe_span_t s, size_t n, int name)
{
    size_t i = spbe_span_starts(s, SPBE_SPAN("\xef\xbb\xbf")) ? 3 : 0;
    size_t last = 0, end;

    for (;;) {
        i = after_any_of(s, i, " \t\r\n,:]}", 1);
        if (i >= s.len) {
            return 0;
        }
        end = after_value(s, i);
        if (s.ptr[i] == '"') {
            size_t colon = after_any_of(s, end, " \t\r\n", 1);

            if (colon < s.len && s.ptr[colon] == ':') {
                last = i;
                i = colon + 1;
                continue;
            }
        }
        if (n-- == 0) {
            return name ? last : i;
        }
        i = end;
    }
}

const char *spbe_place_find(spbe_span_t json, const cJSON *root,
                            const cJSON *item, int name, apr_pool_t *pool)
{
    size_t n = 0;

    if (!count_to(root, item, &n)) {
        n = 0;
    }
    return spbe_place_at(json, nth(json, n, name), pool);
}
