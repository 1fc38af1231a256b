/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_leak.c - a response of an application, which is beyond our
 * control and may repeat what a visitor sent.
 *
 * The built-in rules find the same in it whole, in pieces, and with either
 * engine. The first two bytes choose the pieces and the status.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <sanitizer/lsan_interface.h>

#include "failure/builtin.h"
#include "failure/leak.h"

typedef struct engine {
    spbe_rules_t *rules;
    spbe_scratch_t *scratch;
} engine_t;

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static engine_t make_engine(int slow, apr_pool_t *pool)
{
    engine_t e = {.rules = spbe_rules_create(pool)};
    const spbe_builtin_t *file;

    for (file = spbe_builtin_all(); file->name != NULL; file++) {
        if (strncmp(file->name, "rules/leak-", 11) == 0) {
            require(spbe_rules_add(e.rules, file->name, file->data) == NULL);
        }
    }
    require(spbe_rules_compile(e.rules, slow) == NULL);
    e.scratch = spbe_scratch_create(e.rules);
    require(e.scratch != NULL);
    return e;
}

static spbe_scan_t *scan(const engine_t *e, int status, spbe_span_t text,
                         unsigned seed, apr_pool_t *pool)
{
    spbe_scan_t *s = spbe_scan_create(e->rules, status, pool);
    apr_uint64_t safe = 0;
    spbe_span_t piece;

    while (seed != 0 && text.len > 0) {
        piece = spbe_span_slice(text, 0, (size_t)rand_r(&seed) % 97);
        spbe_scan_feed(s, e->scratch, piece, 0);
        text = spbe_span_slice(text, piece.len, text.len);
        require(spbe_scan_safe(s) >= safe);
        safe = spbe_scan_safe(s);
    }
    spbe_scan_feed(s, e->scratch, text, 1);
    return s;
}

static void compare(const spbe_scan_t *a, const spbe_scan_t *b)
{
    const spbe_leak_t *x, *y, *fx = spbe_scan_fatal(a),
                              *fy = spbe_scan_fatal(b);
    size_t n, m, i;

    x = spbe_scan_leaks(a, &n);
    y = spbe_scan_leaks(b, &m);
    require(n == m);
    for (i = 0; i < n; i++) {
        require(x[i].start == y[i].start && x[i].end == y[i].end);
        require(strcmp(x[i].rule->id, y[i].rule->id) == 0);
    }
    require((fx == NULL) == (fy == NULL));
    require(fx == NULL || fx - x == fy - y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Made once, never freed: compiling takes longer than scanning. */
    static engine_t fast, slow;
    static apr_pool_t *global;
    spbe_span_t text = {(const char *)data + 2, size - 2};
    const spbe_scan_t *whole;
    apr_pool_t *pool;
    int status;

    if (size < 2) {
        return 0;
    }
    if (global == NULL) {
        apr_initialize();
        apr_pool_create(&global, NULL);
        __lsan_disable();
        fast = make_engine(0, global);
        slow = make_engine(1, global);
        __lsan_enable();
    }
    apr_pool_create(&pool, global);
    status = 200 + data[1] % 4 * 100;
    whole = scan(&fast, status, text, 0, pool);
    compare(whole, scan(&fast, status, text, data[0] + 1u, pool));
    compare(whole, scan(&slow, status, text, data[0] + 2u, pool));
    apr_pool_destroy(pool);
    return 0;
}
