/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_reading.c - a whole request: target line, header fields,
 * empty line, body; each line ends in LF.
 *
 * Reads it whole and cut in half. Fields are decoded at most once (never
 * longer than the request), findings have a reason and a detail, and the same
 * request gives the same verdict twice.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "input/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(spbe_span_t text, spbe_view_t *view, apr_pool_t *pool)
{
    apr_array_header_t *headers =
        apr_array_make(pool, 8, sizeof(spbe_header_t));
    spbe_span_t target = spbe_span_cut(&text, '\n');

    view->method = SPBE_SPAN("POST");
    view->has_query = spbe_span_chr(target, '?') != SPBE_NPOS;
    view->path = spbe_span_cut(&target, '?');
    view->query = target;
    while (text.len > 0) {
        spbe_span_t line = spbe_span_cut(&text, '\n');
        spbe_span_t name = spbe_span_cut(&line, ':');

        if (name.len == 0) {
            break;
        }
        APR_ARRAY_PUSH(headers, spbe_header_t) = (spbe_header_t){name, line};
    }
    view->headers = headers;
    view->body = text;
    view->has_body = text.len > 0;
}

static void check_fields(const apr_array_header_t *fields, size_t most)
{
    int i;

    for (i = 0; i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);

        if (field->name.len + field->value.len > most ||
            field->raw.len > most) {
            abort();
        }
    }
}

static const spbe_verdict_t *judge(const spbe_view_t *view, size_t size,
                                   apr_pool_t *pool)
{
    static const spbe_settings_t settings = {.policy = NULL};
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_reading_t *reading = spbe_reading_head(view, &settings, verdict, pool);
    int i;

    spbe_reading_body(reading, &settings, verdict, pool);
    check_fields(reading->query, size);
    check_fields(reading->cookies, size);
    check_fields(reading->form, size);
    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        if (!spbe_reason_is_malformed(finding->reason) ||
            finding->detail == NULL) {
            abort();
        }
    }
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_view_t view = {.body_cut = 0};
    const spbe_verdict_t *first, *second;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    parse((spbe_span_t){(const char *)data, size}, &view, pool);
    first = judge(&view, size, pool);
    second = judge(&view, size, pool);
    if (first->worst != second->worst ||
        first->findings->nelts != second->findings->nelts) {
        abort();
    }
    view.body = spbe_span_slice(view.body, 0, view.body.len / 2);
    view.body_cut = 1;
    judge(&view, size, pool);
    apr_pool_destroy(pool);
    return 0;
}
