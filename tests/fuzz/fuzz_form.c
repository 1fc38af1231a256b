/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_form.c - text/form.c, text/cookie.c and text/percent.c.
 * Query, body and Cookie field are a visitor's.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "text/cookie.h"
#include "text/form.h"
#include "text/percent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pair lies within the input and never grows when decoded. */
static void check(spbe_span_t all, spbe_span_t part, apr_pool_t *pool)
{
    spbe_span_t out;

    if (part.len > 0 &&
        (part.ptr < all.ptr || part.ptr + part.len > all.ptr + all.len)) {
        abort();
    }
    spbe_percent_decode(part, 1, &out, pool);
    if (out.len > part.len) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t all = {(const char *)data, size};
    spbe_form_t form;
    spbe_pair_t pair;
    apr_pool_t *pool;
    int cookie;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    for (cookie = 0; cookie < 2; cookie++) {
        spbe_form_init(&form, all, 100);
        while ((cookie ? spbe_cookie_next(&form, &pair)
                       : spbe_form_next(&form, &pair)) == SPBE_OK) {
            check(all, pair.name, pool);
            check(all, pair.value, pool);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
