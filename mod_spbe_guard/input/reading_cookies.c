/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_cookies.c - cookies: taken apart; what is odd is only recorded
 * unless the administrator wants more, for a visitor cannot repair the cookie
 * of a sister site.
 */
#include "input/check.h"
#include "input/reading_int.h"
#include "text/cookie.h"

#include <stdlib.h>
#include <string.h>

static void odd(const spbe_reader_t *reader, spbe_span_t name,
                const char *detail)
{
    spbe_reading_add(reader, SPBE_REASON_COOKIE, SPBE_IN_COOKIE, name, detail);
}

/* Cookies are passed on as they are: a value is not decoded. */
static void take(const spbe_reader_t *reader, const spbe_pair_t *pair)
{
    const char *detail = NULL;

    APR_ARRAY_PUSH(reader->reading->cookies, spbe_field_t) =
        (spbe_field_t){.place = SPBE_IN_COOKIE,
                       .name = pair->name,
                       .value = pair->value,
                       .raw = pair->value,
                       .filename = SPBE_SPAN_EMPTY,
                       .type = SPBE_SPAN_EMPTY};
    if (pair->name.len == 0) {
        odd(reader, SPBE_SPAN_EMPTY, "a cookie without a name");
    }
    if (spbe_span_starts(pair->name, SPBE_SPAN("$"))) {
        odd(reader, pair->name, "a name that some read as an attribute");
    }
    if (spbe_span_chr(pair->value, '"') == 0 &&
        (pair->value.len == 1 ||
         spbe_span_rchr(pair->value, '"') != pair->value.len - 1)) {
        odd(reader, pair->name, "an open quote");
    }
    if (spbe_reading_text(pair->name, 0, &detail) == SPBE_REASON_CONTROL ||
        spbe_reading_text(pair->value, 0, &detail) == SPBE_REASON_CONTROL) {
        odd(reader, pair->name, "a control character");
    }
    if ((apr_int64_t)pair->name.len > spbe_limit_name(reader->settings)) {
        odd(reader, pair->name, "name-length");
    }
}

static int by_name(const void *left, const void *right)
{
    const spbe_span_t *a = left, *b = right;
    size_t shorter = a->len < b->len ? a->len : b->len;
    int way = shorter == 0 ? 0 : memcmp(a->ptr, b->ptr, shorter);

    if (way != 0) {
        return way;
    }
    return a->len < b->len ? -1 : a->len > b->len;
}

static void find_twice(const spbe_reader_t *reader)
{
    const apr_array_header_t *cookies = reader->reading->cookies;
    spbe_span_t *names;
    int i, n = cookies->nelts;

    if (n < 2) {
        return;
    }
    names = apr_palloc(reader->pool, (size_t)n * sizeof(*names));
    for (i = 0; i < n; i++) {
        names[i] = APR_ARRAY_IDX(cookies, i, spbe_field_t).name;
    }
    qsort(names, (size_t)n, sizeof(*names), by_name);
    for (i = 1; i < n; i++) {
        if (spbe_span_eq(names[i - 1], names[i]) &&
            (i < 2 || !spbe_span_eq(names[i - 2], names[i])) &&
            !spbe_check_allows_many(reader->settings, reader->reading,
                                    SPBE_IN_COOKIE, names[i], reader->pool)) {
            odd(reader, names[i], "a cookie more than once");
        }
    }
}

void spbe_reading_cookies(const spbe_reader_t *reader)
{
    const apr_array_header_t *headers = reader->reading->view->headers;
    int left = (int)spbe_limit_fields(reader->settings);
    spbe_rc_t rc = SPBE_OK;
    int i;

    for (i = 0; headers != NULL && i < headers->nelts; i++) {
        const spbe_header_t *header = &APR_ARRAY_IDX(headers, i, spbe_header_t);
        spbe_form_t form;
        spbe_pair_t pair;

        if (!spbe_span_ieq(header->name, SPBE_SPAN("Cookie"))) {
            continue;
        }
        spbe_form_init(&form, header->value, (unsigned)left);
        while ((rc = spbe_cookie_next(&form, &pair)) == SPBE_OK) {
            take(reader, &pair);
        }
        left = (int)form.left;
        if (rc == SPBE_TOO_MANY) {
            odd(reader, SPBE_SPAN_EMPTY, "fields");
            break;
        }
    }
    find_twice(reader);
}
