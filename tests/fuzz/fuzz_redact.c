/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_redact.c - record/redact*.c. Messages, traces and log lines
 * come from an application, and a visitor has a say in them.
 *
 * What is planted as a quoted password must not come out, whatever stands
 * before it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "record/redact.h"
#include "text/buf.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CANARY "Zx9vQ7canary"

static void check_planted(const spbe_redact_t *redact, spbe_span_t text,
                          apr_pool_t *pool)
{
    spbe_span_t out;
    spbe_buf_t buf;

    spbe_buf_init(&buf, text.len + 64, pool);
    spbe_buf_add(&buf, text);
    spbe_buf_adds(&buf, "\n\npassword=\"" CANARY "\"\n");
    out = spbe_redact_text(redact, spbe_buf_span(&buf), 0, pool);
    if (spbe_span_find(text, SPBE_SPAN(CANARY)) == SPBE_NPOS &&
        spbe_span_find(out, SPBE_SPAN(CANARY)) != SPBE_NPOS) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size}, out;
    spbe_redact_t *redact;
    apr_pool_t *pool;
    size_t limit = size > 0 ? data[0] : 0;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    redact = spbe_redact_create(NULL, pool);
    out = spbe_redact_text(redact, text, limit, pool);
    if (limit > 0 && out.len > limit) {
        abort();
    }
    if (spbe_utf8_valid(text) && !spbe_utf8_valid(out)) {
        abort();
    }
    spbe_redact_is_secret(redact, text);
    spbe_redact_mask(redact, SPBE_SPAN("nama"), text, pool);
    check_planted(redact, text, pool);
    apr_pool_destroy(pool);
    return 0;
}
