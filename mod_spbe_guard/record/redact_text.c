/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_text.c - marks, lines, quotation marks and brackets for the
 * finders. See redact_scan.h.
 */
#include "record/redact_scan.h"

#include <string.h>

#define BACKSLASHES 8
#define TAG_MAX 300

void spbe_hide_mark(spbe_hide_t *hide, size_t from, size_t to)
{
    if (to > hide->text.len) {
        to = hide->text.len;
    }
    if (from < to) {
        memset(hide->map + from, 1, to - from);
    }
}

size_t spbe_hide_line_end(spbe_span_t s, size_t i)
{
    const char *end = i < s.len ? memchr(s.ptr + i, '\n', s.len - i) : NULL;
    size_t at = end == NULL ? s.len : (size_t)(end - s.ptr);

    return at > i && s.ptr[at - 1] == '\r' ? at - 1 : at;
}

size_t spbe_hide_quote(spbe_span_t s, size_t i)
{
    static const spbe_span_t escapes[] = {
        {"&quot;", 6}, {"&#039;", 6},  {"&#39;", 5},   {"&#34;", 5},
        {"&apos;", 6}, {"&#x27;", 6},  {"&#x22;", 6},  {"%22", 3},
        {"%27", 3},    {"\\u0022", 6}, {"\\u0027", 6},
    };
    size_t k = i;
    char c = spbe_hide_at(s, i);

    while (k < i + BACKSLASHES && spbe_hide_at(s, k) == '\\') {
        k++;
    }
    if (spbe_hide_at(s, k) == '\'' || spbe_hide_at(s, k) == '"' ||
        spbe_hide_at(s, k) == '`') {
        return k + 1 - i;
    }
    if (c != '&' && c != '%' && c != '\\') {
        return 0;
    }
    for (k = 0; k < sizeof(escapes) / sizeof(escapes[0]); k++) {
        if (spbe_hide_is(s, i, escapes[k])) {
            return escapes[k].len;
        }
    }
    return 0;
}

size_t spbe_hide_quote_end(spbe_span_t s, size_t i, size_t length)
{
    size_t end = spbe_hide_line_end(s, i), k = i + length;
    spbe_span_t mark = spbe_span_slice(s, i, i + length);

    while (k < end) {
        if (memcmp(s.ptr + k, mark.ptr, 1) == 0 &&
            spbe_span_starts(spbe_span_slice(s, k, end), mark)) {
            return k;
        }
        /* Inside plain marks a backslash takes the next byte with it. */
        k += length == 1 && s.ptr[k] == '\\' ? 2 : 1;
    }
    return end;
}

size_t spbe_hide_after_quote(spbe_span_t s, size_t i, size_t length, size_t end)
{
    return spbe_span_starts(spbe_span_slice(s, end, s.len),
                            spbe_span_slice(s, i, i + length))
               ? end + length
               : end;
}

/* The offset behind the quotation that begins at i, or i + 1. */
static size_t skip_quoted(spbe_span_t s, size_t i)
{
    size_t length = spbe_hide_quote(s, i);

    if (length == 0 || (i > 0 && spbe_hide_alnum(s.ptr[i - 1]))) {
        return i + 1;
    }
    return spbe_hide_after_quote(s, i, length,
                                 spbe_hide_quote_end(s, i, length));
}

size_t spbe_hide_bracket_end(spbe_span_t s, size_t i, size_t max)
{
    size_t end = i + max < s.len ? i + max : s.len;
    unsigned depth = 0;

    while (i < end) {
        char c = s.ptr[i];

        if (c == '(' || c == '[' || c == '{') {
            depth++;
        }
        else if (c == ')' || c == ']' || c == '}') {
            if (--depth == 0) {
                return i;
            }
        }
        i = c == '"' || c == '\'' ? skip_quoted(s, i) : i + 1;
    }
    return end;
}

size_t spbe_hide_tag(spbe_span_t s, size_t i)
{
    size_t k = i + 1, max = i + TAG_MAX;

    k += spbe_hide_at(s, k) == '/' ? 1 : 0;
    if (!spbe_hide_alpha(spbe_hide_at(s, k))) {
        return 0;
    }
    while (spbe_hide_alnum(spbe_hide_at(s, k))) {
        k++;
    }
    if (spbe_hide_at(s, k) == ' ') {
        for (k++; spbe_hide_alpha(spbe_hide_at(s, k)); k++) {
        }
        if (spbe_hide_at(s, k) != '=' && spbe_hide_at(s, k) != '/') {
            return 0;
        }
    }
    while (k < max && k < s.len && s.ptr[k] != '>') {
        k++;
    }
    return spbe_hide_at(s, k) == '>' ? k + 1 - i : 0;
}

int spbe_hide_ends_block(spbe_span_t s, size_t i)
{
    static const spbe_span_t tags[] = {
        {"</p", 3},  {"</pre", 5}, {"</td", 4},    {"</div", 5},
        {"</li", 4}, {"</h", 3},   {"</title", 7}, {"<br", 3},
    };
    size_t k;

    for (k = 0; k < sizeof(tags) / sizeof(tags[0]); k++) {
        if (spbe_hide_is(s, i, tags[k])) {
            return 1;
        }
    }
    return 0;
}

size_t spbe_hide_sql_end(spbe_span_t s, size_t i, char mark, int escaped)
{
    while (i < s.len) {
        if (s.ptr[i] == '\\' && !escaped) {
            i += 2;
            continue;
        }
        if (s.ptr[i] == mark && (!escaped || s.ptr[i - 1] == '\\')) {
            if (escaped || spbe_hide_at(s, i + 1) != mark ||
                spbe_hide_is(s, i + 2, SPBE_SPAN(" at line"))) {
                return escaped ? i - 1 : i;
            }
            i++;
        }
        if (s.ptr[i] == '\n' && spbe_hide_at(s, i + 1) == '\n') {
            return i;
        }
        i++;
    }
    return s.len;
}
