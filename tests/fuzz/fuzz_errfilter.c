/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_errfilter.c - an error log, into which handlers and visitors
 * write what they like.
 *
 * However it is cut, the same lines leave; as many as came; and where nothing
 * was replaced, the same bytes. The first byte chooses the pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <sanitizer/lsan_interface.h>

#include "failure/builtin.h"
#include "record/errfilter.h"
#include "text/buf.h"

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static spbe_rules_t *make_rules(apr_pool_t *pool)
{
    spbe_rules_t *rules = spbe_rules_create(pool);
    const spbe_builtin_t *file;

    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/leak-php.json", 19) == 0 ||
            strncmp(file->name, "rules/leak-python", 17) == 0 ||
            strncmp(file->name, "rules/log-", 10) == 0) {
            require(spbe_rules_add(rules, file->name, file->data) == NULL);
        }
    }
    require(spbe_rules_compile(rules, 0) == NULL);
    return rules;
}

static void add(void *baton, spbe_span_t bytes)
{
    spbe_buf_add(baton, bytes);
}

static spbe_span_t filtered(const spbe_rules_t *rules, spbe_span_t text,
                            unsigned seed, spbe_errfilter_counts_t *counts,
                            apr_pool_t *pool)
{
    spbe_errfilter_t *filter;
    spbe_span_t piece;
    spbe_buf_t out;

    spbe_buf_init(&out, text.len + 1, pool);
    filter = spbe_errfilter_create(rules, add, &out, pool);
    require(filter != NULL);
    while (seed != 0 && text.len > 0) {
        piece = spbe_span_slice(text, 0, (size_t)rand_r(&seed) % 97);
        spbe_errfilter_feed(filter, piece, 1000);
        text = spbe_span_slice(text, piece.len, text.len);
    }
    spbe_errfilter_feed(filter, text, 1000);
    spbe_errfilter_end(filter, 1000);
    *counts = spbe_errfilter_counts(filter);
    return spbe_buf_span(&out);
}

static size_t lines_of(spbe_span_t text)
{
    size_t i, n = 0;

    for (i = 0; i < text.len; i++) {
        n += text.ptr[i] == '\n';
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Made once, never freed: compiling takes longer than filtering. */
    static spbe_rules_t *rules;
    static apr_pool_t *global;
    spbe_errfilter_counts_t counts, again;
    spbe_span_t text, whole, pieces;
    apr_pool_t *pool;

    if (size == 0) {
        return 0;
    }
    if (rules == NULL) {
        __lsan_disable();
        apr_initialize();
        apr_pool_create(&global, NULL);
        rules = make_rules(global);
        __lsan_enable();
    }
    text = (spbe_span_t){(const char *)data + 1, size - 1};
    apr_pool_create(&pool, global);
    whole = filtered(rules, text, 0, &counts, pool);
    pieces = filtered(rules, text, data[0] + 1u, &again, pool);
    require(spbe_span_eq(whole, pieces));
    require(counts.replaced == again.replaced);
    require(lines_of(whole) == lines_of(text));
    require(counts.replaced > 0 || spbe_span_eq(whole, text));
    apr_pool_destroy(pool);
    return 0;
}
