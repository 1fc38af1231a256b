/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_multipart.c - text/multipart.c. Content-Type and body are a
 * visitor's. Input: Content-Type, a line end, the body.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "text/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(spbe_span_t all, spbe_span_t part)
{
    if (part.len > 0 &&
        (part.ptr < all.ptr || part.ptr + part.len > all.ptr + all.len)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t body = {(const char *)data, size};
    spbe_span_t type = spbe_span_line(&body);
    spbe_multipart_t mp;
    spbe_part_t part;
    unsigned n = 0;

    apr_initialize();
    if (spbe_multipart_init(&mp, type, body, 50) != SPBE_OK) {
        return 0;
    }
    while (spbe_multipart_next(&mp, &part) == SPBE_OK) {
        check(body, part.name);
        check(body, part.filename);
        check(body, part.type);
        check(body, part.data);
        if (++n > 50) {
            abort();
        }
    }
    return 0;
}
