/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_entry.c - store/entry.c. The archive is a file that may have
 * been damaged or edited.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "store/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is written as an entry is one line and reads back as that kind. */
static void check_written(spbe_buf_t *buf, spbe_entry_kind_t kind)
{
    spbe_span_t text = spbe_buf_span(buf);
    spbe_entry_t entry;

    text.len--;
    if (spbe_span_chr(text, '\n') != SPBE_NPOS ||
        spbe_entry_parse(text, &entry) != SPBE_OK || entry.kind != kind) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    spbe_entry_t entry;
    spbe_buf_t buf;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    spbe_entry_parse(text, &entry);
    spbe_buf_init(&buf, 64, pool);
    spbe_entry_add_bad(&buf, apr_time_now(), text, "why");
    check_written(&buf, SPBE_ENTRY_BAD);
    buf.len = 0;
    spbe_entry_add_lost(&buf, apr_time_now(), size, "why");
    check_written(&buf, SPBE_ENTRY_LOST);
    apr_pool_destroy(pool);
    return 0;
}
