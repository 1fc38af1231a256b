/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/parts_test.c - multipart bodies, strictly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "text/parts.h"

static apr_pool_t *pool;

#define H "A: b\r\n\r\n"

static const struct {
    const char *body;
    int cut;
    const char *read; /* data of each part in [], then the end */
} rows[] = {
    {"--B\r\n" H "x\r\n--B--\r\n", 0, "[x]END"},
    {"--B\r\n" H "x\r\n--B--", 0, "[x]END"},
    {"\r\n--B\r\n" H "x\r\n--B--", 0, "[x]END"},
    {"--B--", 0, "END"},
    {"--B--\r\n", 0, "END"},
    {"--B\r\n" H "\r\n--B--", 0, "[]END"},
    {"--B\r\n" H "\r\n\r\n\r\n--B--", 0, "[\r\n\r\n]END"},
    {"--B\r\n" H "1\r\n--B\r\n" H "2\r\n--B--", 0, "[1][2]END"},
    {"--B\r\n" H "a--B\r--b\n--C\r\n--B--", 0, "[a--B\r--b\n--C]END"},
    {"--B\r\n" H "-\r\n--\r\n--B--", 0, "[-\r\n--]END"},
    {"--B\r\n" H "1\r\n--B\r\n" H "2\r\n--B\r\n" H "3\r\n--B--", 0,
     "[1][2]TOO_MANY"},

    {"", 0, "BAD an empty body"},
    {"x", 0, "BAD the body does not begin with its boundary"},
    {"x\r\n--B\r\n" H "\r\n--B--", 0,
     "BAD the body does not begin with its boundary"},
    {"--b--", 0, "BAD the body does not begin with its boundary"},
    {"--B", 0, "BAD no final boundary"},
    {"--B\r", 0, "BAD no final boundary"},
    {"--B ", 0, "BAD no final boundary"},
    {"--B \r\n" H "\r\n--B--", 0, "BAD text behind a boundary"},
    {"--BB\r\n" H "\r\n--B--", 0, "BAD text behind a boundary"},
    {"--B\n" H "\r\n--B--", 0, "BAD a bare line feed behind a boundary"},
    {"--B--x", 0, "BAD text behind the final boundary"},
    {"--B--\n", 0, "BAD text behind the final boundary"},
    {"--B--\r\n\r\n", 0, "BAD text behind the final boundary"},
    {"--B\r\n\r\nx\r\n--B--", 0, "BAD a part without header fields"},
    {"--B\r\nA: b\r\n", 0, "BAD a part that ends in its header fields"},
    {"--B\r\nA: b\n\nx\r\n--B--", 0,
     "BAD a part that ends in its header fields"},
    {"--B\r\n" H "--B--", 0, "BAD a boundary right behind the header fields"},
    {"--B\r\n" H "x", 0, "BAD no final boundary"},
    {"--B\r\n" H "x\r\n", 0, "BAD no final boundary"},
    {"--B\r\n" H "x\r\n--", 0, "BAD no final boundary"},
    {"--B\r\n" H "x\n--B--", 0, "BAD a bare line feed before a boundary"},
    {"--B\r\n" H "\n--B--", 0, "BAD a bare line feed before a boundary"},
    {"--B\r\n" H "x\r--B--\r\n--B--", 0,
     "BAD a bare carriage return before a boundary"},
    {"--B\r\n" H "1\r\n--B\r\n\r\n2\r\n--B--", 0,
     "[1]BAD a part without header fields"},

    {"--B\r\n" H "1\r\n--B\r\n" H "hal", 1, "[1][hal?]END"},
    {"--B\r\n" H "1\r\n--B\r\nA: ", 1, "[1]END"},
    {"--B\r\n" H "1\r\n--B", 1, "[1]END"},
    {"--", 1, "END"},
    {"xx-", 1, "BAD the body does not begin with its boundary"},
};

static const char *read_all(const char *body, int cut)
{
    spbe_parts_t parts;
    spbe_section_t section;
    const char *text = "";
    spbe_rc_t rc;

    spbe_parts_init(&parts, SPBE_SPAN("B"), spbe_span_from(body), cut, 2);
    while ((rc = spbe_parts_next(&parts, &section)) == SPBE_OK) {
        assert_string_equal(spbe_span_dup(section.head, pool), "A: b\r\n");
        text = apr_pstrcat(pool, text, "[", spbe_span_dup(section.data, pool),
                           section.complete ? "]" : "?]", NULL);
    }
    assert_int_equal(spbe_parts_next(&parts, &section), rc);
    return apr_pstrcat(pool, text,
                       rc == SPBE_END        ? "END"
                       : rc == SPBE_TOO_MANY ? "TOO_MANY"
                                             : "BAD ",
                       rc == SPBE_BAD ? parts.why : "", NULL);
}

static void parts_bodies(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *read = read_all(rows[i].body, rows[i].cut);

        if (strcmp(read, rows[i].read) != 0) {
            fail_msg("%s: %s", rows[i].body, read);
        }
    }
}

static void parts_boundaries(void **state)
{
    static const struct {
        const char *boundary;
        int valid;
    } tests[] = {
        {"B", 1},
        {"----WebKitFormBoundaryAbC123", 1},
        {"a'()+_,-./:=?", 1},
        {"", 0},
        {"a b", 1},
        {" a", 0},
        {"a ", 0},
        {"'a'", 1},
        {"*****", 1},
        {"--**", 1},
        {"a*b", 0},
        {"a\"b", 0},
        {"a\tb", 0},
        {"a@b", 0},
        {"\xc3\xa9", 0},
        {"1234567890123456789012345678901234567890123456789012345678901234"
         "567890",
         1},
        {"1234567890123456789012345678901234567890123456789012345678901234"
         "5678901",
         0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (spbe_parts_boundary_valid(spbe_span_from(tests[i].boundary)) !=
            tests[i].valid) {
            fail_msg("%s", tests[i].boundary);
        }
    }
    assert_false(spbe_parts_boundary_valid(SPBE_SPAN("a\0b")));
}

static void parts_headers(void **state)
{
    static const struct {
        const char *head;
        const char *read; /* name=value|, then the end */
    } tests[] = {
        {"A: b\r\n", "A=b|END"},
        {"A:b\r\nC:  d \r\n", "A=b|C=d|END"},
        {"A:\r\n", "A=|END"},
        {"A: b:c\r\n", "A=b:c|END"},
        {"A: \xc3\xa9\t\"\r\n", "A=\xc3\xa9\t\"|END"},
        {"", "END"},
        {"A b\r\n", "BAD"},
        {": b\r\n", "BAD"},
        {"A : b\r\n", "BAD"},
        {" A: b\r\n", "BAD"},
        {"A: b\r\n c\r\n", "A=b|BAD"},
        {"A: b\r\n\tc: d\r\n", "A=b|BAD"},
        {"A: b\nC: d\r\n", "BAD"},
        {"A: b\rC: d\r\n", "BAD"},
        {"A: \x7f\r\n", "BAD"},
        {"--B\r\n", "BAD"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t head = spbe_span_from(tests[i].head), name, value;
        const char *text = "";
        spbe_rc_t rc;

        while ((rc = spbe_parts_header(&head, &name, &value)) == SPBE_OK) {
            text = apr_pstrcat(pool, text, spbe_span_dup(name, pool), "=",
                               spbe_span_dup(value, pool), "|", NULL);
        }
        text = apr_pstrcat(pool, text, rc == SPBE_END ? "END" : "BAD", NULL);
        assert_string_equal(text, tests[i].read);
    }
}

/* A long body of near misses: the walk stays linear. */
static void parts_near_misses(void **state)
{
    size_t size = 4 << 20, i;
    char *body = apr_palloc(pool, size + 64);
    spbe_parts_t parts;
    spbe_section_t section;

    memcpy(body, "----------\r\nA: b\r\n\r\n", 20);
    for (i = 20; i < size; i++) {
        body[i] = i % 9 == 0 ? '\n' : '-';
    }
    spbe_parts_init(&parts, SPBE_SPAN("--------"), (spbe_span_t){body, size}, 0,
                    9);
    assert_int_equal(spbe_parts_next(&parts, &section), SPBE_BAD);
    assert_string_equal(parts.why, "no final boundary");
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
        cmocka_unit_test(parts_bodies),
        cmocka_unit_test(parts_boundaries),
        cmocka_unit_test(parts_headers),
        cmocka_unit_test(parts_near_misses),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
