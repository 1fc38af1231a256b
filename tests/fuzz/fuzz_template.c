/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_template.c - failure/template.c and csp.c. The template is
 * the administrator's; it must be refused or rendered, never followed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "failure/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const spbe_page_request_t request = { .accept = "text/html" };
    static const spbe_page_data_t shown = { .status = 503, .uncertain = 1,
                                            .reference = "7QF3-M2P9-XKC",
                                            .retry_after = 30 };
    const char *error = NULL;
    spbe_pages_t *pages;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    pages = spbe_pages_create("x.html",
                              (spbe_span_t){ (const char *)data, size },
                              &error, pool);
    if ((pages == NULL) == (error == NULL)) {
        abort();
    }
    if (pages != NULL) {
        spbe_page_render(pages, &request, &shown, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
