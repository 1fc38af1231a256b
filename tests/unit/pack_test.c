/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/pack_test.c - details made smaller, and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include "record/pack.h"

static apr_pool_t *pool;

/* Letters that repeat after so many; 0: never. */
static spbe_span_t text_of(size_t len, unsigned period)
{
    char *text = apr_palloc(pool, len + 1);
    unsigned seed = 7;
    size_t i;

    for (i = 0; i < len; i++) {
        seed = seed * 1103515245u + 12345u;
        text[i] = period > 0 ? (char)('a' + i % period) : (char)(seed >> 16);
    }
    return (spbe_span_t){text, len};
}

static void pack_and_back(void **state)
{
    static const struct {
        size_t len;
        unsigned period;
        size_t most; /* bytes packed; 0: spbe_pack_bound */
    } tests[] = {
        {0, 1, 10},
        {1, 1, 12},
        {511, 0, 0},
        {512, 0, 0},
        {513, 0, 0},
        {4096, 26, 80},
        {32768, 0, 0},
        {32769, 26, 300},
        {1 << 20, 26, 12000},
        {SPBE_PACK_MAX, 1, 30000},
        {SPBE_PACK_MAX, 0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t text = text_of(tests[i].len, tests[i].period), back;
        size_t bound = spbe_pack_bound(text.len), len = 0;
        unsigned char *out = malloc(bound);

        assert_non_null(out);
        assert_int_equal(spbe_pack(text, out, &len), SPBE_OK);
        if (len > (tests[i].most == 0 ? bound : tests[i].most)) {
            fail_msg("%zu bytes became %zu", text.len, len);
        }
        assert_int_equal(
            spbe_unpack((spbe_span_t){(const char *)out, len}, &back, pool),
            SPBE_OK);
        assert_true(spbe_span_eq(text, back));
        free(out);
    }
}

static void pack_too_big(void **state)
{
    spbe_span_t text = text_of(SPBE_PACK_MAX + 1, 1);
    unsigned char *out = malloc(spbe_pack_bound(text.len));
    size_t len;

    assert_int_equal(spbe_pack(text, out, &len), SPBE_BAD);
    free(out);
}

/* "halo halo halo halo", packed by another program. */
#define HALO "\x78\xda\xcb\x48\xcc\xc9\x57\xc8\x40\x21\x00\x45\x33\x06\xf1"

static void pack_strange(void **state)
{
    static const struct {
        const char *name;
        spbe_span_t packed;
        spbe_rc_t want;
    } tests[] = {
        {"as it is", {HALO, sizeof(HALO) - 1}, SPBE_OK},
        {"cut off", {HALO, sizeof(HALO) - 2}, SPBE_BAD},
        {"the head alone", {HALO, 2}, SPBE_BAD},
        {"something behind it", {HALO "x", sizeof(HALO)}, SPBE_BAD},
        {"nothing", {"", 0}, SPBE_BAD},
        {"another format", {"\x1f\x8b\x08", 3}, SPBE_BAD},
        {"wants a dictionary", {"\x78\xbb\x00\x00\x00\x01", 6}, SPBE_BAD},
        {"text", {"{\"message\":\"x\"}", 15}, SPBE_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        /* Exactly as long, so that a read behind its end is seen. */
        char *copy = malloc(tests[i].packed.len + (tests[i].packed.len == 0));
        spbe_span_t text;
        spbe_rc_t rc;

        assert_non_null(copy);
        memcpy(copy, tests[i].packed.ptr, tests[i].packed.len);
        rc = spbe_unpack((spbe_span_t){copy, tests[i].packed.len}, &text, pool);
        if (rc != tests[i].want ||
            (rc == SPBE_OK &&
             !spbe_span_eq(text, SPBE_SPAN("halo halo halo halo")))) {
            fail_msg("%s: %d", tests[i].name, rc);
        }
        free(copy);
    }
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pack_and_back),
        cmocka_unit_test(pack_too_big),
        cmocka_unit_test(pack_strange),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
