/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_anomaly.c - record/anomaly.c. Names, pointers and values are
 * a visitor's. Input: reason, action, place and sensitivity as a byte each,
 * then field, pointer, what is expected, detail and value, divided by line
 * ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/anomaly.h"
#include "record/line.h"
#include "store/anomalies.h"
#include "store/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing that ends a line, nothing that a terminal obeys. */
static void check_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            abort();
        }
    }
}

static void check_record(const spbe_encoded_t *encoded, apr_pool_t *pool)
{
    apr_array_header_t *lines = spbe_line_split(encoded, "n-1-1", 1, pool);
    spbe_span_t text = APR_ARRAY_IDX(lines, 0, spbe_span_t);
    spbe_line_t line;
    spbe_row_t row;
    apr_array_header_t *rows;
    const char *why;

    text.len--;
    if (strlen(encoded->h) > 1500 ||
        spbe_line_parse(text, &line, &why, pool) != SPBE_OK) {
        abort();
    }
    check_text(encoded->h);
    check_text(encoded->d);
    spbe_row_from_whole(
        &row,
        &(spbe_whole_t){
            .id = line.id, .writer = line.writer, .h = line.h, .complete = 1},
        pool);
    rows = spbe_anomalies_read(&row, pool);
    if (rows == NULL ||
        APR_ARRAY_IDX(rows, 0, spbe_anomaly_row_t).reason == NULL) {
        abort();
    }
}

static spbe_verdict_t *make_verdict(const uint8_t *data, spbe_span_t rest,
                                    const spbe_about_t *about, apr_pool_t *pool)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_finding_t finding = {
        .reason = (spbe_reason_t)(1 + data[0] % (SPBE_REASONS - 1)),
        .action = data[1] % 2 ? SPBE_ACTION_REJECT : SPBE_ACTION_LOG,
        .place = (spbe_place_t)(data[2] % 8),
        .about = about,
    };
    int i;

    finding.field = spbe_span_cut(&rest, '\n');
    finding.pointer = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    finding.arg = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    finding.detail = spbe_span_dup(spbe_span_cut(&rest, '\n'), pool);
    finding.value = rest;
    for (i = 0; i < 1 + data[3] % 60; i++) {
        spbe_verdict_add(verdict, &finding);
        finding.field = spbe_span_slice(finding.field, 1, finding.field.len);
    }
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_about_t about = {0};
    spbe_record_t record = {.id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
                            .kind = "anomaly",
                            .hash_key = SPBE_SPAN("kunci")};
    spbe_encoded_t encoded;
    apr_pool_t *pool;

    if (size < 4) {
        return 0;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    about.sensitivity = (spbe_sensitivity_t)(data[3] % 4);
    spbe_anomaly_describe(
        &record,
        make_verdict(data, (spbe_span_t){(const char *)data + 4, size - 4},
                     data[3] & 4 ? &about : NULL, pool),
        data[1] & 2, pool);
    encoded = spbe_record_encode(&record, spbe_redact_create(NULL, pool), 65536,
                                 pool);
    check_record(&encoded, pool);
    apr_pool_destroy(pool);
    return 0;
}
