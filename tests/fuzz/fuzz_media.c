/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_media.c - text/media.c. Types and first bytes come from an
 * application. Input: pattern, type and body, divided by line ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "text/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t rest = { (const char *)data, size };
    const char *pattern, *type;
    spbe_media_t media;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    pattern = spbe_span_dup(spbe_span_line(&rest), pool);
    type = spbe_span_dup(spbe_span_line(&rest), pool);
    media = spbe_media_parse(type);
    if (media.kind != spbe_media_kind(type)) {
        abort();
    }
    spbe_media_matches(pattern, type);
    spbe_media_matches(pattern, NULL);
    spbe_media_looks_like_text(rest);
    apr_pool_destroy(pool);
    return 0;
}
