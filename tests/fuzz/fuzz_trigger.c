/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_trigger.c - record/trigger*.c. Everything is a visitor's.
 * Input: Content-Type, query, Cookie and body, divided by line ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "record/trigger.h"
#include "text/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_json(const char *text)
{
    spbe_json_t json;
    spbe_json_token_t token;
    spbe_rc_t rc;

    spbe_json_init(&json, spbe_span_from(text));
    do {
        rc = spbe_json_next(&json, &token);
    } while (rc == SPBE_OK);
    if (rc != SPBE_END) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t rest = {(const char *)data, size};
    spbe_trigger_input_t input = {.method = "POST"};
    spbe_redact_t *redact;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    redact = spbe_redact_create(NULL, pool);
    input.content_type = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    input.query = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    input.cookie = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    input.path = input.query;
    input.body = rest;
    input.body_length = rest.len + (size & 1);
    check_json(spbe_trigger_json(redact, &input, pool));
    spbe_trigger_route(input.path, pool);
    apr_pool_destroy(pool);
    return 0;
}
