/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/group_test.c - signature lines, lines out of pieces, heads, and
 * the first public key on paper.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/checker.h"
#include "store/entry.h"
#include "store/firstkey.h"
#include "store/group.h"
#include "store/head.h"
#include "store/lines.h"

static apr_pool_t *pool;

/* A line as FORMAT.md has it; its signature was made with another program from
 * the seed 00 01 02 ... 1f. */
#define H32 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define SIGNER "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
#define LINE                                                                   \
    "{\"g\":7,\"t\":\"2026-03-04T10:22:33.123456Z\",\"up\":99,"                \
    "\"boot\":\"0badb007\",\"n\":3,\"b\":\"" H32 "\",\"p\":\"" H32             \
    "\",\"k\":\"" SIGNER "\",\"x\":\"" H32 "\""
#define SIGNATURE                                                              \
    "qlNDGNB2MHMd8UHh7RmieNXM-MxbuWmRvR4v7aGySnj"                              \
    "itCNEKUP454mSUeHZwKOUqkGTsvAjyzRrAyolWu3_AQ"

static void group_read(void **state)
{
    spbe_span_t line = SPBE_SPAN(LINE ",\"s\":\"" SIGNATURE "\"}");
    spbe_checker_t *checker = spbe_checker_create(pool);
    spbe_group_t group;
    spbe_buf_t message, again;
    int bit;

    assert_true(spbe_group_is(line));
    assert_int_equal(spbe_group_parse(line, &group), SPBE_OK);
    assert_int_equal(group.number, 7);
    assert_int_equal(group.up, 99);
    assert_string_equal(group.boot, "0badb007");
    assert_int_equal(group.entries, 3);
    assert_int_equal(group.time, apr_time_from_sec(1772619753) + 123456);
    assert_int_equal(group.body[31], 31);
    spbe_buf_init(&message, 64, pool);
    spbe_group_add_message(&message, line);
    assert_string_equal(spbe_buf_cstr(&message), "spbe-guard group 1\n" LINE);
    assert_true(spbe_checker_check(checker, group.signer,
                                   spbe_buf_span(&message), group.signature));
    for (bit = 0; bit < 512; bit += 23) {
        group.signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(spbe_checker_check(
            checker, group.signer, spbe_buf_span(&message), group.signature));
        group.signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    spbe_buf_init(&again, 64, pool);
    spbe_group_add(&again, &group);
    spbe_group_add_signature(&again, group.signature);
    assert_string_equal(spbe_buf_cstr(&again), line.ptr);
}

static void group_odd(void **state)
{
    static const struct {
        const char *label, *from, *to;
    } tests[] = {
        {"number 0", "{\"g\":7", "{\"g\":0"},
        {"leading zero", "{\"g\":7", "{\"g\":07"},
        {"sign", "{\"g\":7", "{\"g\":-7"},
        {"number too long", "{\"g\":7", "{\"g\":99999999999999999999"},
        {"white space", "{\"g\":7,", "{\"g\":7, "},
        {"order", "\"up\":99,\"boot\":\"0badb007\"",
         "\"boot\":\"0badb007\",\"up\":99"},
        {"time without fraction", ".123456Z", "Z"},
        {"time with zone", "123456Z", "123456+00:00"},
        {"boot", "0badb007", "0BADB007"},
        {"short hash", "\"b\":\"A", "\"b\":\""},
        {"hash with bits left over", "Hh8\",\"p\"", "Hh9\",\"p\""},
        {"padding", "Hh8\",\"p\"", "Hh8=\",\"p\""},
        {"a member more", ",\"s\":", ",\"y\":1,\"s\":"},
        {"behind it", "\"}", "\"} "},
        {"no end", "\"}", "\""},
    };
    const char *line = LINE ",\"s\":\"" SIGNATURE "\"}";
    spbe_group_t group;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *at = strstr(line, tests[i].from);
        const char *text =
            apr_psprintf(pool, "%.*s%s%s", (int)(at - line), line, tests[i].to,
                         at + strlen(tests[i].from));

        if (spbe_group_parse(spbe_span_from(text), &group) != SPBE_BAD) {
            fail_msg("%s", tests[i].label);
        }
    }
    for (i = 0; i < strlen(line); i++) {
        assert_int_equal(spbe_group_parse((spbe_span_t){line, i}, &group),
                         SPBE_BAD);
    }
}

/* However the pieces are cut, the lines are the same. */
static void lines_pieces(void **state)
{
    static const char *const tests[] = {
        "", "\n", "a\n", "a", "a\n\nbb\nccc\n", "a\nbb",
    };
    size_t i, size;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        for (size = 1; size <= strlen(tests[i]) + 1; size++) {
            spbe_lines_t *lines = spbe_lines_create(pool);
            spbe_span_t rest = spbe_span_from(tests[i]), line;
            apr_uint64_t at = 1000, offset;
            const char *expected = tests[i];
            int whole;

            while (rest.len > 0) {
                spbe_span_t piece = spbe_span_slice(rest, 0, size);

                spbe_lines_feed(lines, piece, at);
                at += piece.len;
                rest = spbe_span_slice(rest, size, rest.len);
                while (spbe_lines_next(lines, &line, &offset, &whole)) {
                    assert_true(whole);
                    assert_int_equal(offset, 1000 + (expected - tests[i]));
                    assert_memory_equal(line.ptr, expected, line.len);
                    assert_int_equal(expected[line.len], '\n');
                    expected += line.len + 1;
                }
            }
            assert_int_equal(spbe_lines_cut(lines), strlen(expected));
            assert_int_equal(spbe_lines_cut(lines), 0);
        }
    }
}

/* Longer than any entry: in pieces, and nothing of it is lost. */
static void lines_long(void **state)
{
    size_t sizes[] = {SPBE_ENTRY_MAX - 1, SPBE_ENTRY_MAX, SPBE_ENTRY_MAX + 1,
                      3 * SPBE_ENTRY_MAX + 7};
    size_t cuts[] = {1000, SPBE_ENTRY_MAX, 1 << 20};
    size_t i, k;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (k = 0; k < sizeof(cuts) / sizeof(cuts[0]); k++) {
            spbe_lines_t *lines = spbe_lines_create(pool);
            char *text = apr_palloc(pool, sizes[i] + 3);
            spbe_span_t rest = {text, sizes[i] + 3}, line;
            apr_uint64_t offset, at = 0, next = 0;
            int whole, wholes = 0;

            memset(text, 'x', sizes[i]);
            memcpy(text + sizes[i], "\ny\n", 3);
            while (rest.len > 0) {
                spbe_span_t piece = spbe_span_slice(rest, 0, cuts[k]);

                spbe_lines_feed(lines, piece, at);
                at += piece.len;
                rest = spbe_span_slice(rest, cuts[k], rest.len);
                while (spbe_lines_next(lines, &line, &offset, &whole)) {
                    assert_int_equal(offset, next);
                    assert_true(line.len <= SPBE_ENTRY_MAX);
                    next += line.len + (size_t)whole;
                    wholes += whole;
                }
            }
            assert_int_equal(next, sizes[i] + 3);
            assert_int_equal(wholes, 2);
        }
    }
}

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void head_text(void **state)
{
    static const struct {
        const char *text;
        spbe_rc_t rc;
        const char *node;
    } tests[] = {
        {"7:" HEX, SPBE_OK, NULL},
        {"  7:" HEX "\n", SPBE_OK, NULL},
        {"Mar  4 10:00:00 kantor spbe-guardlog[7]: spbe-guard head kantor-1 "
         "7:" HEX "\n",
         SPBE_OK, "kantor-1"},
        {"spbe-guard head kantor-1 7:" HEX " and more", SPBE_OK, "kantor-1"},
        {"spbe-guard head 7:" HEX, SPBE_NONE, NULL},
        {"spbe-guard head kantor-1 7:" HEX "00", SPBE_NONE, NULL},
        {"spbe-guard head ", SPBE_NONE, NULL},
        {"0:" HEX, SPBE_NONE, NULL},
        {"-1:" HEX, SPBE_NONE, NULL},
        {":" HEX, SPBE_NONE, NULL},
        {"7:" HEX "0", SPBE_NONE, NULL},
        {"7:" HEX "zz", SPBE_NONE, NULL},
        {"", SPBE_NONE, NULL},
    };
    char text[SPBE_HEAD_TEXT];
    spbe_head_t head;
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_rc_t rc =
            spbe_head_find(spbe_span_from(tests[i].text), &head, pool);

        if (rc != tests[i].rc) {
            fail_msg("%s", tests[i].text);
        }
        if (rc == SPBE_OK) {
            assert_int_equal(head.group, 7);
            spbe_head_write(&head, text);
            assert_string_equal(text, "7:" HEX);
            assert_true(head.node == NULL
                            ? tests[i].node == NULL
                            : strcmp(head.node, tests[i].node) == 0);
        }
    }
    assert_int_equal(spbe_head_parse(SPBE_SPAN("7:" HEX), &head), SPBE_OK);
    head.group = APR_INT64_MAX;
    spbe_head_write(&head, text);
    assert_string_equal(text, "9223372036854775807:" HEX);
}

/* The same key in both forms, and every single mistake is found. */
static void firstkey_paper(void **state)
{
    unsigned char key[SPBE_SIGNER_SIZE], read[SPBE_SIGNER_SIZE];
    char text[SPBE_FIRSTKEY_TEXT];
    spbe_buf_t buf;
    size_t i;
    int n;

    for (n = 0; n < 200; n++) {
        for (i = 0; i < sizeof(key); i++) {
            key[i] = (unsigned char)(n == 0 ? 0 : n == 1 ? 255 : rand());
        }
        spbe_firstkey_print(key, text);
        assert_int_equal(strlen(text), SPBE_FIRSTKEY_TEXT - 1);
        assert_int_equal(spbe_firstkey_parse(spbe_span_from(text), read),
                         SPBE_OK);
        assert_memory_equal(read, key, sizeof(key));
        spbe_buf_init(&buf, 64, pool);
        spbe_firstkey_add(&buf, key);
        memset(read, 0, sizeof(read));
        assert_int_equal(spbe_firstkey_parse(spbe_buf_span(&buf), read),
                         SPBE_OK);
        assert_memory_equal(read, key, sizeof(key));
        /* typed by hand, one symbol wrong */
        for (i = 0; i < strlen(text); i++) {
            char kept = text[i];

            if (kept == '-') {
                continue;
            }
            text[i] = kept == '7' ? '8' : '7';
            assert_int_equal(spbe_firstkey_parse(spbe_span_from(text), read),
                             SPBE_BAD);
            text[i] = kept;
        }
    }
}

static void firstkey_typed(void **state)
{
    static const struct {
        const char *text;
        spbe_rc_t rc;
    } tests[] = {
        {H32, SPBE_OK},
        {"  " H32 "\r\n", SPBE_OK},
        {"key of kantor-1\n" H32 "\n", SPBE_OK},
        {"000G-40R4-0M30-E209-185G-R38E-1W8J-4GK3-2RS1-J6C8-XG3R-JS2M-G1KG-"
         "0G",
         SPBE_BAD},
        {"", SPBE_BAD},
        {"key", SPBE_BAD},
        {H32 "A", SPBE_BAD},
    };
    unsigned char key[SPBE_SIGNER_SIZE];
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        assert_int_equal(
            spbe_firstkey_parse(spbe_span_from(tests[i].text), key),
            tests[i].rc);
        assert_int_equal(key[31], tests[i].rc == SPBE_OK ? 31 : 0);
    }
    assert_int_equal(spbe_firstkey_read("/nonexistent", key), APR_ENOENT);
    assert_int_equal(spbe_firstkey_read("/dev/null", key), APR_EINVAL);
}

static int setup(void **state)
{
    apr_initialize();
    srand(1);
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
        cmocka_unit_test(group_read),     cmocka_unit_test(group_odd),
        cmocka_unit_test(lines_pieces),   cmocka_unit_test(lines_long),
        cmocka_unit_test(head_text),      cmocka_unit_test(firstkey_paper),
        cmocka_unit_test(firstkey_typed),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
