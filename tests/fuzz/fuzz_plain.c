/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_plain.c - HTML, JSON and log escapes to plain text.
 *
 * The attacker controls the text; the result must never outgrow what is
 * promised, and the loose tokens must come to an end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>

#include "text/loose.h"
#include "text/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t in = {(const char *)data, size}, text;
    spbe_loose_t loose = {in};
    apr_pool_t *pool;
    size_t tokens = 0;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (spbe_plain_html(in, pool).len > size ||
        spbe_plain_json(in, pool).len > size ||
        spbe_plain_log(in, pool).len > size ||
        spbe_plain_text(in, pool).len > 2 * size + 4) {
        abort();
    }
    while (spbe_loose_next(&loose, &text) != SPBE_LOOSE_END) {
        if (++tokens > size) {
            abort();
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
