/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_line.c - record/line.c, store/row.c and store/anomalies.c. A
 * line comes through a pipe from a process that may have been taken over.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/line.h"
#include "store/anomalies.h"
#include "store/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Findings and tallies, whatever kind the line says it is. */
static void use_row(spbe_row_t *row, apr_pool_t *pool)
{
    spbe_tally_row_t tally;
    apr_array_header_t *rows;

    row->kind = "anomaly";
    rows = spbe_anomalies_read(row, pool);
    if (rows == NULL || rows->nelts < 1 || rows->nelts > 51 ||
        APR_ARRAY_IDX(rows, 0, spbe_anomaly_row_t).n < 0) {
        abort();
    }
    row->kind = "tally";
    if (spbe_anomalies_read_tally(row, &tally, pool) &&
        strlen(tally.day) != 10) {
        abort();
    }
}

/* A line that was accepted can be indexed, and written again. */
static void use_line(const spbe_line_t *line, apr_pool_t *pool)
{
    spbe_whole_t whole = {.id = line->id,
                          .writer = line->writer,
                          .seq = line->seq,
                          .h = line->h,
                          .complete = 1};
    spbe_encoded_t encoded = {.id = line->id, .h = line->h};
    apr_array_header_t *lines;
    spbe_line_t again;
    spbe_row_t row;
    const char *why;
    spbe_span_t text;

    spbe_row_from_whole(&row, &whole, pool);
    if (row.kind == NULL || row.h == NULL) {
        abort();
    }
    use_row(&row, pool);
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
