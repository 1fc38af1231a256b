/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_line.c - record/line.c and store/row.c. A line comes through
 * a pipe from a process that may have been taken over.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/line.h"
#include "store/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line that was accepted can be indexed, and written again. */
static void use_line(const spbe_line_t *line, apr_pool_t *pool)
{
    spbe_whole_t whole = {.id = line->id,
                          .writer = line->writer,
                          .seq = line->seq,
                          .h = line->h,
                          .complete = 1};
    spbe_encoded_t encoded = {line->id, line->h, NULL};
    apr_array_header_t *lines;
    spbe_line_t again;
    spbe_row_t row;
    const char *why;
    spbe_span_t text;

    spbe_row_from_whole(&row, &whole, pool);
    if (row.kind == NULL || row.h == NULL) {
        abort();
    }
    if (line->h == NULL || strlen(line->h) > 1500) {
        return;
    }
    lines = spbe_line_split(&encoded, line->writer, line->seq, pool);
    text = APR_ARRAY_IDX(lines, 0, spbe_span_t);
    text.len--;
    if (spbe_line_parse(text, &again, &why, pool) != SPBE_OK ||
        strcmp(again.h, line->h) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_line_t line;
    const char *why;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (spbe_line_parse((spbe_span_t){(const char *)data, size}, &line, &why,
                        pool) == SPBE_OK) {
        use_line(&line, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
