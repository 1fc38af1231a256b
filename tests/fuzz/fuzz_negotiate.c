/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_negotiate.c - failure/negotiate.c and page.c. All header
 * fields come from the visitor. Input: fields, one per line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "failure/negotiate.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *field(spbe_span_t *rest, apr_pool_t *pool)
{
    return rest->len == 0 ? NULL : spbe_span_dup(spbe_span_line(rest), pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t rest = { (const char *)data, size };
    spbe_page_data_t shown = { .status = 500, .reference = "7QF3-M2P9-XKC" };
    spbe_page_request_t request;
    const char *error = NULL;
    spbe_pages_t *pages;
    spbe_page_t page;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    request.accept = field(&rest, pool);
    request.accept_language = field(&rest, pool);
    request.request_type = field(&rest, pool);
    request.requested_with = field(&rest, pool);
    request.fetch_dest = field(&rest, pool);
    request.path = field(&rest, pool);
    request.response_type = field(&rest, pool);
    request.languages = field(&rest, pool);
    shown.contact = field(&rest, pool);
    shown.application = field(&rest, pool);
    pages = spbe_pages_create("built-in page", SPBE_SPAN_EMPTY, &error, pool);
    if (pages == NULL) {
        abort();
    }
    page = spbe_page_render(pages, &request, &shown, pool);
    if (!spbe_utf8_valid(page.body)
        || spbe_span_find(page.body, SPBE_SPAN("7QF3-M2P9-XKC"))
               == SPBE_NPOS) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
