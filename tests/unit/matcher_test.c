/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/matcher_test.c - both engines find what a naive search finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <apr_general.h>

#include "failure/matcher.h"

#define HITS_MAX 4096

static const spbe_literal_t literals[] = {
    {{"aaaa", 4}, 0, 0},
    {{"aaaaa", 5}, 0, 1},
    {{"abab", 4}, 0, 2},
    {{"ABAB", 4}, 1, 3},
    {{"baba", 4}, 0, 4},
    {{"b\\n<", 4}, 0, 5},
    {{"(.*)[a]", 7}, 0, 6},
    {{"a\xff\x00"
      "b",
      4},
     0,
     7},
    {{"A[b]{", 5}, 1, 8},
    {{"abab", 4}, 0, 9},
    {{"bbbbaaaabbbbaaaa", 16}, 1, 10},
};
#define N (sizeof(literals) / sizeof(literals[0]))

typedef struct hits {
    struct {
        unsigned literal;
        size_t end;
    } list[HITS_MAX];
    size_t n;
} hits_t;

static void add(void *baton, unsigned literal, size_t end)
{
    hits_t *hits = baton;

    assert_true(hits->n < HITS_MAX);
    hits->list[hits->n].literal = literal;
    hits->list[hits->n++].end = end;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(((hits_t *)NULL)->list[0]));
}

static void naive(spbe_span_t text, hits_t *hits)
{
    size_t i, k;

    for (i = 0; i < text.len; i++) {
        for (k = 0; k < N; k++) {
            spbe_span_t rest = spbe_span_slice(text, i, text.len);

            if (literals[k].nocase ? spbe_span_istarts(rest, literals[k].text)
                                   : spbe_span_starts(rest, literals[k].text)) {
                add(hits, (unsigned)k, i + literals[k].text.len);
            }
        }
    }
}

/* Few different bytes, so that there are many hits. */
static void fill(char *text, size_t len, unsigned *seed)
{
    static const char alphabet[] = "aaaaaabbbbABab\\n<(.*)[a]{\xff\x00";
    size_t i;

    for (i = 0; i < len; i++) {
        text[i] = alphabet[(size_t)rand_r(seed) % (sizeof(alphabet) - 1)];
    }
}

static void check(const spbe_matcher_t *matcher, spbe_span_t text)
{
    spbe_matcher_scratch_t *scratch = spbe_matcher_scratch_create(matcher);
    hits_t *got = calloc(1, sizeof(*got)), *expected = calloc(1, sizeof(*got));

    assert_non_null(scratch);
    spbe_matcher_run(matcher, scratch, text, add, got);
    naive(text, expected);
    qsort(got->list, got->n, sizeof(got->list[0]), compare);
    qsort(expected->list, expected->n, sizeof(got->list[0]), compare);
    assert_int_equal(got->n, expected->n);
    assert_memory_equal(got->list, expected->list,
                        got->n * sizeof(got->list[0]));
    free(got);
    free(expected);
    spbe_matcher_scratch_destroy(scratch);
}

static void matcher_random(void **state)
{
    unsigned seed = 20, round, slow;
    char text[600];
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    for (slow = 0; slow < 2; slow++) {
        const spbe_matcher_t *m =
            spbe_matcher_create(literals, N, (int)slow, pool);

        if (slow) {
            assert_string_equal(spbe_matcher_name(m), "portable");
        }
        for (round = 0; round < 500; round++) {
            fill(text, sizeof(text), &seed);
            check(m, (spbe_span_t){text, round + 1});
        }
    }
    apr_pool_destroy(pool);
}

static void matcher_edges(void **state)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "aaa",
                                        "aaaa",
                                        "AAAA",
                                        "aBaB",
                                        "a\\n<",
                                        "xb\\n<",
                                        "aaaaaaaaa",
                                        "(.*)[a]",
                                        "a[B]{",
                                        "bbbbaaaabbbbaaaa",
                                        "BBBBaaaaBBBBaaaa"};
    apr_pool_t *pool;
    size_t i;

    apr_pool_create(&pool, NULL);
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        check(spbe_matcher_create(literals, N, 0, pool),
              spbe_span_from(texts[i]));
        check(spbe_matcher_create(literals, N, 1, pool),
              spbe_span_from(texts[i]));
    }
    apr_pool_destroy(pool);
}

/* Vectorscan 5.4.9 overlooks these behind the first 64 bytes of a text: then
 * it must not be the engine. */
static void matcher_small_set(void **state)
{
    static const spbe_literal_t small[] = {
        {{".js:", 4}, 0, 0},   {{".ts:", 4}, 0, 1}, {{".mjs:", 5}, 0, 2},
        {{".cjs:", 5}, 0, 3},  {{".java:", 6}, 0, 4}, {{".go:", 4}, 0, 5},
        {{".cs:", 4}, 0, 6},   {{".vue:", 5}, 0, 7},
    };
    apr_pool_t *pool;
    spbe_matcher_t *m;
    spbe_matcher_scratch_t *scratch;
    char text[300];
    size_t at;

    apr_pool_create(&pool, NULL);
    m = spbe_matcher_create(small, 8, 0, pool);
    scratch = spbe_matcher_scratch_create(m);
    for (at = 0; at + 4 <= sizeof(text); at++) {
        hits_t hits = {.n = 0};

        memset(text, 'a', sizeof(text));
        memcpy(text + at, ".js:", 4);
        spbe_matcher_run(m, scratch, (spbe_span_t){text, sizeof(text)}, add,
                         &hits);
        assert_int_equal(hits.n, 1);
        assert_int_equal(hits.list[0].end, at + 4);
    }
    spbe_matcher_scratch_destroy(scratch);
    apr_pool_destroy(pool);
}

static void matcher_none(void **state)
{
    apr_pool_t *pool;
    spbe_matcher_scratch_t *scratch;
    const spbe_matcher_t *m;
    hits_t *hits = calloc(1, sizeof(*hits));

    apr_pool_create(&pool, NULL);
    m = spbe_matcher_create(NULL, 0, 0, pool);
    scratch = spbe_matcher_scratch_create(m);
    spbe_matcher_run(m, scratch, SPBE_SPAN("aaaaaaaa"), add, hits);
    assert_int_equal(hits->n, 0);
    spbe_matcher_scratch_destroy(scratch);
    spbe_matcher_scratch_destroy(NULL);
    apr_pool_destroy(pool);
    free(hits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matcher_random),
        cmocka_unit_test(matcher_edges),
        cmocka_unit_test(matcher_none),
        cmocka_unit_test(matcher_small_set),
    };
    int failed;

    apr_initialize();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_terminate();
    return failed;
}
