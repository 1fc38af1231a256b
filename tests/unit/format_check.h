/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/format_check.h - rows for the tests of formats: each asks the
 * judge, and the browser's pattern, which must not contradict it.
 */
#ifndef SPBE_TESTS_FORMAT_CHECK_H
#define SPBE_TESTS_FORMAT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <apr_general.h>
#include <cmocka.h>
#include "input/format.h"
#include "input/regex.h"
#include "text/utf8.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

/* 21 November 2026, 05:00 UTC: 14:00 of the same day at UTC+9. */
#define NOW apr_time_from_sec(1795237200)

typedef struct format_row {
    const char *format;
    const char *text;
    size_t len;
    int valid;
} format_row_t;

#define YES(format, text)                                                      \
    {                                                                          \
        (format), (text), sizeof(text) - 1, 1                                  \
    }
#define NO(format, text)                                                       \
    {                                                                          \
        (format), (text), sizeof(text) - 1, 0                                  \
    }

static inline size_t characters(spbe_span_t text)
{
    size_t n = 0;

    for (; text.len > 0; n++) {
        spbe_utf8_next(&text);
    }
    return n;
}

/* 1: judge, pattern and greatest length say what want says. */
static inline int agrees(const spbe_format_t *f, spbe_span_t text, int want,
                         apr_pool_t *pool)
{
    const char *error = NULL;
    spbe_regex_t *regex;
    int matches;

    if (f->valid(text, NOW) != want) {
        return 0;
    }
    if (want && f->max_length > 0 && characters(text) > f->max_length) {
        return 0;
    }
    /* A browser's text is never broken UTF-8. */
    if (f->pattern == NULL || !spbe_utf8_valid(text)) {
        return 1;
    }
    regex = spbe_regex_compile(spbe_span_from(f->pattern), &error, pool);
    if (regex == NULL) {
        print_error("%s: %s\n", f->name, error);
        return 0;
    }
    matches = spbe_regex_match(regex, text, NULL) == SPBE_REGEX_YES;
    return matches == want || (matches && !f->complete);
}

static inline void check_rows(const format_row_t *rows, size_t count)
{
    apr_pool_t *pool;
    size_t i;
    int bad = 0;

    apr_initialize();
    assert_true(count > 0);
    for (i = 0; i < count; i++) {
        const spbe_format_t *f =
            spbe_format_find(spbe_span_from(rows[i].format));
        spbe_span_t text = {rows[i].text, rows[i].len};

        apr_pool_create(&pool, NULL);
        if (f == NULL || !agrees(f, text, rows[i].valid, pool)) {
            print_error("row %u: %s should %s \"%s\"\n", (unsigned)i,
                        rows[i].format, rows[i].valid ? "accept" : "refuse",
                        rows[i].text);
            bad = 1;
        }
        apr_pool_destroy(pool);
    }
    assert_false(bad);
}

#endif
