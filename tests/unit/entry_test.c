/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/entry_test.c - lines of the archive: written, read, and taken
 * apart for hashing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/body.h"
#include "store/entry.h"

static apr_pool_t *pool;

#define T "{\"t\":\"2026-03-04T10:00:00.000001Z\""
#define HASH "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" /* of nothing */

static void entry_parse(void **state)
{
    static const struct {
        const char *text;
        spbe_rc_t rc;
        spbe_entry_kind_t kind;
    } tests[] = {
        {T ",\"l\":{\"v\":1}}", SPBE_OK, SPBE_ENTRY_LINE},
        {T ",\"x\":\"" HASH "\",\"l\":{\"v\":1}}", SPBE_OK, SPBE_ENTRY_LINE},
        {T ",\"thin\":5,\"l\":{\"v\":1}}", SPBE_OK, SPBE_ENTRY_LINE},
        {T ",\"thin\":x,\"l\":{\"v\":1}}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T ",\"bad\":\"x\",\"why\":\"y\"}", SPBE_OK, SPBE_ENTRY_BAD},
        {T ",\"lost\":17,\"why\":\"y\"}", SPBE_OK, SPBE_ENTRY_LOST},
        {T ",\"lost\":17}", SPBE_OK, SPBE_ENTRY_LOST},
        {T ",\"lost\":2,\"why\":\"y\",\"w\":\"n\",\"from\":3,\"to\":4}",
         SPBE_OK, SPBE_ENTRY_LOST},
        {T ",\"lost\":2,\"why\":\"y\",\"w\":\"n\",\"from\":3}", SPBE_BAD,
         SPBE_ENTRY_BAD},
        {T ",\"lost\":2,\"why\":\"y\",\"w\":\"n\",\"from\":4,\"to\":3}",
         SPBE_BAD, SPBE_ENTRY_BAD},
        {T ",\"lost\":x}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T ",\"purged\":2,\"w\":\"n\",\"from\":3,\"to\":4}", SPBE_OK,
         SPBE_ENTRY_PURGED},
        {T ",\"purged\":2}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T ",\"segment\":{\"v\":1}}", SPBE_OK, SPBE_ENTRY_SEGMENT},
        {T ",\"what\":1}", SPBE_BAD, SPBE_ENTRY_BAD},
        {T ",\"l\":{}", SPBE_OK, SPBE_ENTRY_LINE}, /* the line is bad then */
        {"{\"t\":\"gestern\",\"l\":{}}", SPBE_BAD, SPBE_ENTRY_BAD},
        {"", SPBE_BAD, SPBE_ENTRY_BAD},
        {"{", SPBE_BAD, SPBE_ENTRY_BAD},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_entry_t entry;

        if (spbe_entry_parse(spbe_span_from(tests[i].text), &entry) !=
                tests[i].rc ||
            entry.kind != tests[i].kind) {
            fail_msg("%s", tests[i].text);
        }
    }
}

/* What is written reads back as it was. */
static void entry_members(void **state)
{
    apr_time_t now = apr_time_from_sec(1709540000);
    spbe_entry_t entry;
    spbe_buf_t buf;
    spbe_span_t rest;

    spbe_buf_init(&buf, 64, pool);
    spbe_entry_add_gap(&buf, now, SPBE_SPAN("kantor:1:2"), 3, 9, "a \"b\"");
    spbe_entry_add_purged(&buf, now, SPBE_SPAN("kantor:1:2"), 1, 2);
    spbe_entry_add_thin(&buf, now, 6, SPBE_SPAN("{\"v\":1,\"d\":\"abcdef\"}"));
    spbe_entry_add_bad(&buf, now, SPBE_SPAN("a\"\\"), "no JSON");
    rest = spbe_buf_span(&buf);
    assert_int_equal(spbe_entry_parse(spbe_span_cut(&rest, '\n'), &entry),
                     SPBE_OK);
    assert_int_equal(entry.kind, SPBE_ENTRY_LOST);
    assert_int_equal(entry.received, now);
    assert_int_equal(entry.lost, 7);
    assert_int_equal(entry.from, 3);
    assert_int_equal(entry.to, 9);
    assert_true(spbe_span_eq(entry.writer, SPBE_SPAN("kantor:1:2")));
    assert_true(spbe_span_eq(entry.why, SPBE_SPAN("a \\\"b\\\"")));
    assert_int_equal(spbe_entry_parse(spbe_span_cut(&rest, '\n'), &entry),
                     SPBE_OK);
    assert_int_equal(entry.kind, SPBE_ENTRY_PURGED);
    assert_int_equal(entry.lost, 2);
    assert_int_equal(entry.from, 1);
    assert_int_equal(spbe_entry_parse(spbe_span_cut(&rest, '\n'), &entry),
                     SPBE_OK);
    assert_int_equal(entry.kind, SPBE_ENTRY_LINE);
    assert_int_equal(entry.thin, 6);
    assert_true(spbe_span_eq(entry.line, SPBE_SPAN("{\"v\":1,\"d\":\"\"}")));
    assert_int_equal(spbe_entry_parse(spbe_span_cut(&rest, '\n'), &entry),
                     SPBE_OK);
    assert_int_equal(entry.kind, SPBE_ENTRY_BAD);
    assert_true(spbe_span_eq(entry.why, SPBE_SPAN("no JSON")));
    assert_int_equal(rest.len, 0);
}

static const char *split_text(const char *text)
{
    spbe_entry_split_t split;

    spbe_entry_split(spbe_span_from(text), &split);
    return apr_psprintf(pool, "%.*s|%.*s|%.*s|%.*s%s", (int)split.front.len,
                        split.front.ptr, (int)split.middle.len,
                        split.middle.ptr, (int)split.hidden.len,
                        split.hidden.ptr, (int)split.back.len, split.back.ptr,
                        split.is_emptied ? " -" : "");
}

static void entry_split(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        {T ",\"l\":{\"v\":1,\"d\":\"ab-_\"}}",
         T "|,\"l\":{\"v\":1,\"d\":\"|ab-_|\"}}"},
        {T ",\"l\":{\"v\":1,\"d\":\"\"}}", T "|,\"l\":{\"v\":1,\"d\":\"||\"}}"},
        {T ",\"x\":\"" HASH "\",\"l\":{\"v\":1,\"d\":\"\"}}",
         T "|,\"l\":{\"v\":1,\"d\":\"||\"}} -"},
        /* not both a value and its hash */
        {T ",\"x\":\"" HASH "\",\"l\":{\"v\":1,\"d\":\"a\"}}",
         T "|,\"x\":\"" HASH "\",\"l\":{\"v\":1,\"d\":\"a\"}}||"},
        {T ",\"x\":\"short\",\"l\":{\"v\":1,\"d\":\"\"}}",
         T "|,\"x\":\"short\",\"l\":{\"v\":1,\"d\":\"\"}}||"},
        /* not the last member, or no base64url: part of the rest */
        {T ",\"l\":{\"d\":\"ab\",\"v\":1}}",
         T "|,\"l\":{\"d\":\"ab\",\"v\":1}}||"},
        {T ",\"l\":{\"v\":1,\"d\":\"a b\"}}",
         T "|,\"l\":{\"v\":1,\"d\":\"a b\"}}||"},
        /* of an object inside */
        {T ",\"l\":{\"h\":{\"a\":1,\"d\":\"ab\"}}}",
         T "|,\"l\":{\"h\":{\"a\":1,\"d\":\"ab\"}}}||"},
        {T ",\"bad\":\"a\\\"\\\\\",\"why\":\"w\"}",
         T "|,\"bad\":\"|a\\\"\\\\|\",\"why\":\"w\"}"},
        {T ",\"bad\":\"a\"}", T "|,\"bad\":\"a\"}||"},
        {T ",\"bad\":\"a\\", T "|,\"bad\":\"a\\||"},
        {T ",\"lost\":3}", T "|,\"lost\":3}||"},
        {T ",\"thin\":3,\"l\":{\"v\":1,\"d\":\"\"}}",
         T "|,\"thin\":3,\"l\":{\"v\":1,\"d\":\"\"}}||"},
        {"{\"t\":\"open", "{\"t\":\"open|||"},
        {"nonsense", "nonsense|||"},
        {"", "|||"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_string_equal(split_text(tests[i].text), tests[i].want);
    }
}

static const char *body_of(const char *text, apr_uint64_t *emptied)
{
    spbe_body_t *body = spbe_body_create(pool);
    unsigned char *hash = apr_palloc(pool, SPBE_HASH_SIZE + 1);

    spbe_body_start(body);
    spbe_body_add(body, spbe_span_from(text));
    *emptied = spbe_body_emptied(body);
    assert_true(spbe_body_end(body, hash));
    hash[SPBE_HASH_SIZE] = 0;
    return (const char *)hash;
}

/* Emptied, the hash of the body stays; anything else changes it. */
static void entry_emptied(void **state)
{
    static const char *const tests[] = {
        T ",\"l\":{\"v\":1,\"h\":{\"a\":\"b\"},\"d\":\"c2VnZWw\"}}",
        T ",\"bad\":\"password=x\",\"why\":\"not JSON\"}",
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_body_t *body = spbe_body_create(pool);
        unsigned char hash[SPBE_HASH_SIZE];
        spbe_entry_split_t split;
        apr_uint64_t emptied;
        spbe_buf_t buf;
        const char *before = body_of(tests[i], &emptied);
        size_t at;

        assert_int_equal(emptied, 0);
        spbe_entry_split(spbe_span_from(tests[i]), &split);
        assert_true(spbe_body_hash_hidden(body, split.hidden, hash));
        spbe_buf_init(&buf, 64, pool);
        spbe_entry_add_emptied(&buf, &split, hash);
        buf.len--;
        assert_null(strstr(spbe_buf_cstr(&buf), "c2Vn"));
        assert_null(strstr(spbe_buf_cstr(&buf), "password"));
        assert_memory_equal(body_of(spbe_buf_cstr(&buf), &emptied), before,
                            SPBE_HASH_SIZE);
        assert_int_equal(emptied, 1);
        for (at = 0; at < buf.len; at++) {
            char *text = apr_pstrmemdup(pool, buf.ptr, buf.len);

            text[at] ^= 1;
            assert_memory_not_equal(body_of(text, &emptied), before,
                                    SPBE_HASH_SIZE);
        }
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
        cmocka_unit_test(entry_parse),
        cmocka_unit_test(entry_members),
        cmocka_unit_test(entry_split),
        cmocka_unit_test(entry_emptied),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
