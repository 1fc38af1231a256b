/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/fence.c - Markdown code fences. See fence.h.
 */
#include "failure/fence.h"

#define FENCE SPBE_SPAN("```")

typedef enum where {
    OUTSIDE = 0,
    INSIDE = 1,
    INSIDE_STRING = 2, /* of JSON: its closing quote ends the sample too */
    UNKNOWN = 3        /* the text begins in the middle */
} where_t;

/* Tags that stand in no Markdown text, but in every page. */
static int is_page(spbe_span_t rest)
{
    static const char *const tags[] = {"<!doctype", "<html", "<body", "<head",
                                       "</div",     "</td",  NULL};
    size_t i;

    for (i = 0; tags[i] != NULL; i++) {
        if (spbe_span_istarts(rest, spbe_span_from(tags[i]))) {
            return 1;
        }
    }
    return 0;
}

/* Is at the beginning of a line? *string: of one inside a JSON string. */
static int begins_line(spbe_span_t text, size_t at, int *string)
{
    *string = 0;
    while (at > 0 && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '>')) {
        at--;
    }
    if (at == 0 || text.ptr[at - 1] == '\n') {
        return 1;
    }
    *string = text.ptr[at - 1] == '"' ||
              (at > 1 && text.ptr[at - 2] == '\\' && text.ptr[at - 1] == 'n');
    return *string;
}

/* Does a word follow, the language of the sample? Then the fence opens. */
static int has_info(spbe_span_t text, size_t at)
{
    char c = at < text.len ? text.ptr[at] : '\n';

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static where_t next_state(where_t now, int info, int string)
{
    if (info) {
        return string ? INSIDE_STRING : INSIDE;
    }
    switch (now) {
    case OUTSIDE:
        return string ? INSIDE_STRING : INSIDE;
    case UNKNOWN:
        return UNKNOWN;
    default:
        return OUTSIDE;
    }
}

int spbe_fence_open(spbe_span_t text, int cut)
{
    where_t now = cut ? UNKNOWN : OUTSIDE;
    spbe_span_t rest;
    int string;
    size_t i;

    if (spbe_span_find(text, FENCE) == SPBE_NPOS) {
        return 0;
    }
    for (i = 0; i < text.len; i++) {
        rest = spbe_span_slice(text, i, text.len);
        if (text.ptr[i] == '<' && now != INSIDE && now != INSIDE_STRING &&
            is_page(rest)) {
            return 0;
        }
        if (spbe_span_starts(rest, FENCE) && begins_line(text, i, &string)) {
            i += FENCE.len;
            now = next_state(now, has_info(text, i), string);
            i--;
        }
        else if (now == INSIDE_STRING && text.ptr[i] == '"') {
            now = OUTSIDE;
        }
        else if (text.ptr[i] == '\\' && i + 1 < text.len &&
                 text.ptr[i + 1] != 'n') {
            i++;
        }
    }
    return now == INSIDE || now == INSIDE_STRING;
}
