/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_verify.c - store/verify.c and what it reads with: an archive
 * is what an intruder made of it.
 *
 * The input is a segment. Whatever it is, verify ends, keeps its limits, says
 * the same however the bytes are cut, and never passes: its signer is not the
 * one that is asked for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "store/firstkey.h"
#include "store/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct memory {
    spbe_span_t bytes;
    size_t at, piece;
} memory_t;

static apr_status_t next(void *baton, spbe_source_piece_t *piece)
{
    memory_t *memory = baton;

    if (memory->at >= memory->bytes.len) {
        return APR_EOF;
    }
    piece->offset = memory->at;
    piece->segment = "00000000000000000000.jsonl";
    piece->bytes =
        spbe_span_slice(memory->bytes, memory->at, memory->at + memory->piece);
    memory->at += piece->bytes.len;
    return APR_SUCCESS;
}

static apr_status_t seek(void *baton, apr_uint64_t offset)
{
    memory_t *memory = baton;

    memory->at = (size_t)offset;
    return APR_SUCCESS;
}

static const spbe_verify_report_t *verify(memory_t *memory, size_t piece,
                                          apr_pool_t *pool)
{
    static const unsigned char first[SPBE_SIGNER_SIZE] = {1};
    spbe_source_t source = {next, seek, memory};
    spbe_verify_report_t *report;

    memory->piece = piece;
    if (spbe_verify(&source, first, NULL, &report, pool) != APR_SUCCESS ||
        report->broken == 0 ||
        report->findings->nelts > 2 * SPBE_VERIFY_FINDINGS) {
        abort();
    }
    return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memory_t memory = {{(const char *)data, size}, 0, 1};
    const spbe_verify_report_t *whole, *cut;
    unsigned char key[SPBE_SIGNER_SIZE];
    spbe_head_t head;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    whole = verify(&memory, size + 1, pool);
    cut = verify(&memory, 1 + size / 7, pool);
    if (whole->broken != cut->broken || whole->entries != cut->entries ||
        whole->groups != cut->groups || whole->note != cut->note) {
        abort();
    }
    spbe_head_find(memory.bytes, &head, pool);
    spbe_firstkey_parse(memory.bytes, key);
    apr_pool_destroy(pool);
    return 0;
}
