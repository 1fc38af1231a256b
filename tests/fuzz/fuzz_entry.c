/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_entry.c - store/entry.c and store/body.c. The archive is a
 * file that may have been damaged or edited.
 */
#include <stdint.h>
#include <stdlib.h>
#include <apr_general.h>
#include "store/body.h"
#include "store/entry.h"
#include "store/segment.h"

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

static void hash_of(spbe_body_t *body, spbe_span_t text,
                    unsigned char hash[SPBE_HASH_SIZE])
{
    spbe_body_start(body);
    spbe_body_add(body, text);
    if (!spbe_body_end(body, hash)) {
        abort();
    }
}

/* The parts are the text; without the hidden value the hash stays the same. */
static void check_split(spbe_span_t text, apr_pool_t *pool)
{
    unsigned char hash[SPBE_HASH_SIZE], before[SPBE_HASH_SIZE];
    spbe_body_t *body = spbe_body_create(pool);
    spbe_entry_split_t split, again;
    spbe_buf_t buf;
    spbe_span_t emptied;

    spbe_entry_split(text, &split);
    if (split.front.len + split.middle.len + split.hidden.len + split.back.len +
            (split.is_emptied ? 50 : 0) !=
        text.len) {
        abort();
    }
    if (split.hidden.len == 0 || split.is_emptied) {
        return;
    }
    hash_of(body, text, before);
    spbe_body_hash_hidden(body, split.hidden, hash);
    spbe_buf_init(&buf, 64, pool);
    spbe_entry_add_emptied(&buf, &split, hash);
    emptied = spbe_buf_span(&buf);
    emptied.len--;
    spbe_entry_split(emptied, &again);
    hash_of(body, emptied, hash);
    if (!again.is_emptied || memcmp(hash, before, sizeof(hash)) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    spbe_segment_t segment;
    spbe_entry_t entry;
    spbe_buf_t buf;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    spbe_entry_parse(text, &entry);
    spbe_segment_parse(text, &segment);
    check_split(text, pool);
    spbe_buf_init(&buf, 64, pool);
    spbe_entry_add_bad(&buf, apr_time_now(), text, "why");
    check_written(&buf, SPBE_ENTRY_BAD);
    buf.len--;
    check_split(spbe_buf_span(&buf), pool);
    buf.len = 0;
    spbe_entry_add_lost(&buf, apr_time_now(), size, "why");
    check_written(&buf, SPBE_ENTRY_LOST);
    apr_pool_destroy(pool);
    return 0;
}
