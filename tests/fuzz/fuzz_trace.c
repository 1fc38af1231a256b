/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_trace.c - trace readers, fingerprint and title.
 *
 * The attacker controls parts of what a failing application prints: names,
 * messages, whole bodies.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>

#include "failure/trace.h"

static void check(const spbe_trace_t *trace, int found, apr_pool_t *pool)
{
    const char *title = spbe_trace_title(trace, pool);
    const char *print = spbe_trace_fingerprint(trace, "a", "/", pool);

    if (trace->frames == NULL || trace->frames->nelts > SPBE_TRACE_FRAMES ||
        strlen(title) > 200 || strlen(print) != 16 ||
        (found && trace->exception == NULL && trace->frames->nelts == 0)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const HINTS[] = {NULL, "php", "java", "python"};
    spbe_span_t body = {(const char *)data, size};
    spbe_trace_t trace;
    apr_pool_t *pool;
    size_t i;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    for (i = 0; i < 4; i++) {
        int found = spbe_trace_parse(body, HINTS[i], &trace, pool);

        check(&trace, found, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
