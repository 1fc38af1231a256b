/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/nearest_test.c - distances, and which of several names is meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "text/nearest.h"

#define FORTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void nearest_distance(void **state)
{
    static const struct {
        const char *a, *b;
        int distance;
    } rows[] = {
        {"", "", 0},           {"", "nik", 3},
        {"nik", "", 3},        {"nik", "nik", 0},
        {"nikk", "nik", 1},    {"NIK", "nik", 0},
        {"nki", "nik", 1},     {"nim", "nik", 1},
        {"nama", "alamat", 3}, {"tangal", "tanggal", 1},
        {FORTY, FORTY, 0},     {FORTY "a", "a", -1},
        {"a", FORTY "a", -1},  {FORTY, "", 40},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s %s\n", rows[i].a, rows[i].b);
        assert_int_equal(spbe_nearest_distance(spbe_span_from(rows[i].a),
                                               spbe_span_from(rows[i].b)),
                         rows[i].distance);
    }
}

static void nearest_choice(void **state)
{
    static const char *const names[] = {
        "nik", "nip", "nisn", "tanggal", "tanggal_lahir", "pdf", "hp"};
    static const struct {
        const char *word, *best; /* NULL: none is near */
    } rows[] = {
        {"nikk", "nik"},       {"nki", "nik"},
        {"NIK", "nik"},        {"nis", "nik"}, /* the first of those as near */
        {"tangal", "tanggal"}, {"tanggal_lahr", "tanggal_lahir"},
        {"pdff", "pdf"},       {"hq", NULL},
        {"alamat", NULL},      {"", NULL},
        {"x", NULL},
    };
    size_t i, k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spbe_nearest_t nearest = {.word = spbe_span_from(rows[i].word)};

        print_message("%s\n", rows[i].word);
        for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            spbe_nearest_offer(&nearest, names[k]);
        }
        if (rows[i].best == NULL) {
            assert_null(nearest.best);
        }
        else {
            assert_string_equal(nearest.best, rows[i].best);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_distance),
        cmocka_unit_test(nearest_choice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
