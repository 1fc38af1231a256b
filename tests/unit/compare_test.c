/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/compare_test.c - compare.c, and names of provinces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "input/compare.h"
#include "input/format_region.h"

#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

static void holds(void **state)
{
    static const struct {
        const char *left, *op, *right;
        int want;
    } rows[] = {
        /* dates */
        {"2026-01-01", "<", "2026-01-02", 1},
        {"2026-01-02", "<", "2026-01-02", 0},
        {"2026-01-03", "<", "2026-01-02", 0},
        {"2026-01-02", "<=", "2026-01-02", 1},
        {"2026-01-03", "<=", "2026-01-02", 0},
        {"2026-01-02", "==", "2026-01-02", 1},
        {"2026-01-02", "==", "2026-01-03", 0},
        {"2026-01-02", "!=", "2026-01-02", 0},
        {"2026-01-02", "!=", "2026-01-03", 1},
        {"2026-01-02", ">=", "2026-01-02", 1},
        {"2026-01-01", ">=", "2026-01-02", 0},
        {"2026-01-03", ">", "2026-01-02", 1},
        {"2026-01-02", ">", "2026-01-02", 0},
        {"2025-12-31", "<", "2026-01-01", 1},
        {"2026-02-01", "<", "2026-01-31", 0},
        {"31-12-2025", "<", "01-01-2026", 1},
        {"31/12/2025", "==", "2025-12-31", 1},
        {"01-02-2026", "<", "2026-01-03", 0},
        {" 2026-01-02 ", "<", "2026-01-03", 1},
        /* not dates: cannot be told */
        {"2026-02-30", "<", "2026-01-01", 1},
        {"2026-01-01", ">", "besok", 1},
        {"2026-01-01", ">", "5", 1},
        {"", "<", "2026-01-01", 1},
        {"2026-01-01", ">", "", 1},
        {"  ", "==", "a", 1},
        /* times */
        {"2026-01-01T08:00:00+07:00", "==", "2026-01-01T01:00:00Z", 1},
        {"2026-01-01T00:30:00+07:00", "<", "2025-12-31T18:00:00Z", 1},
        {"2026-01-01T00:30:00+07:00", ">", "2025-12-31T18:00:00Z", 0},
        {"2026-03-01T00:00:00+09:00", "<", "2026-02-28T16:00:00Z", 1},
        {"2024-03-01T00:00:00Z", ">", "2024-02-29T23:59:59Z", 1},
        {"0000-03-01T00:00:00Z", ">", "0000-02-29T23:59:59Z", 1},
        {"2000-01-01T00:00:00Z", ">", "1999-12-31T23:59:59Z", 1},
        {"2100-03-01T00:30:00+01:00", "==", "2100-02-28T23:30:00Z", 1},
        {"2016-12-31T23:59:60Z", ">", "2016-12-31T23:59:59Z", 1},
        {"2026-01-01T08:00:00.5Z", ">", "2026-01-01T08:00:00.49Z", 1},
        {"2026-01-01T08:00:00.50Z", "==", "2026-01-01T08:00:00.5Z", 1},
        {"2026-01-01T08:00:00.05Z", "<", "2026-01-01T08:00:00.1Z", 1},
        {"2026-01-01T08:00", "<", "2026-01-01T09:00", 1},
        {"2026-01-01T08:00", "<", "2026-01-01 07:00", 0},
        /* a zone on one side alone */
        {"2026-01-01T08:00", "<", "2026-01-01T07:00:00Z", 1},
        {"2026-01-01T08:00", "==", "2026-01-01T07:00:00Z", 1},
        /* a day against a time: the day counts */
        {"2026-01-01", "<=", "2026-01-01T08:00:00+07:00", 1},
        {"2026-01-02", "<=", "2026-01-01T08:00:00+07:00", 0},
        {"08:00", "<", "16:30", 1},
        {"16:30", "<", "08:00", 0},
        {"08:00", "==", "08:00:00", 1},
        /* numbers */
        {"9", "<", "10", 1},
        {"10", "<", "9", 0},
        {"1.0", "==", "1", 1},
        {"-5", "<", "-4", 1},
        {"0.1", "<", "0.10000000000000000001", 1},
        {"9007199254740993", ">", "9007199254740992", 1},
        {"9007199254740992", ">", "9007199254740993", 0},
        {"1e3", "==", "1000", 1},
        {"satu", "<", "2", 1},
        /* other texts */
        {"a@b.example", "==", "a@b.example", 1},
        {"a@b.example", "==", "a@c.example", 0},
        {"Rahasia", "==", "rahasia", 0},
        {"rahasia ", "==", "rahasia", 0},
        {"lama", "!=", "lama", 0},
        {"lama", "!=", "baru", 1},
        {"lama", "<", "baru", 1},
        {"0012", "==", "12", 0},
        /* birth */
        {"2171010508900001", "born", "1990-08-05", 1},
        {"2171014508900001", "born", "1990-08-05", 1},
        {"2171010508050001", "born", "2005-08-05", 1},
        {"2171010508050001", "born", "1905-08-05", 1},
        {"2171014508900001", "born", "05-08-1990", 1},
        {"2171017101900001", "born", "1990-01-31", 1},
        {"2171016902000001", "born", "2000-02-29", 1},
        {"2171010508900001", "born", "1990-08-06", 0},
        {"2171010508900001", "born", "1990-09-05", 0},
        {"2171010508900001", "born", "1991-08-05", 0},
        {"2171014508900001", "born", "1990-08-06", 0},
        {"2171010508900001", "born", "1990-08-05T00:00:00Z", 1},
        {"2171010508900001", "born", "5 Agustus 1990", 1},
        {"2171010508900001", "born", "1990-02-30", 1},
        {"2171018508900001", "born", "1990-08-05", 1},
        {"217101050890000", "born", "1991-08-05", 1},
        {"", "born", "1990-08-05", 1},
        /* province */
        {"29444", "province", "21", 1},
        {"29444", "province", "2171", 1},
        {"29444", "province", "21.71.01.1001", 1},
        {"29444", "province", "Kepulauan Riau", 1},
        {"29444", "province", "KEPRI", 1},
        {"29444", "province", "Kep. Riau", 1},
        {"29444", "province", "Provinsi Kepulauan Riau", 1},
        {"10110", "province", "Kepulauan Riau", 0},
        {"10110", "province", "DKI Jakarta", 1},
        {"10110", "province", "31", 1},
        {"29444", "province", "31", 0},
        {"16110", "province", "Jawa Barat", 1},
        {"40111", "province", "Jawa Barat", 1},
        {"60111", "province", "Jawa Barat", 0},
        {"15111", "province", "Banten", 1},
        {"42111", "province", "Banten", 1},
        {"55111", "province", "D.I. Yogyakarta", 1},
        {"98111", "province", "Papua Selatan", 1},
        {"80111", "province", "NTT", 1},
        {"30111", "province", "Sumatera Utara", 0},
        {"29444", "province", "Negeri Jiran", 1},
        {"29444", "province", "99", 1},
        {"29444", "province", "21x", 1},
        {"2944", "province", "31", 1},
        {"09444", "province", "31", 1},
        {"29444", "province", "", 1},
        /* no such operator */
        {"1", "=", "2", 1},
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        if (spbe_compare_holds(rows[i].op, spbe_span_from(rows[i].left),
                               spbe_span_from(rows[i].right)) != rows[i].want) {
            fail_msg("%s %s %s should be %d", rows[i].left, rows[i].op,
                     rows[i].right, rows[i].want);
        }
    }
}

static void operators(void **state)
{
    static const struct {
        const char *op;
        int known, flag;
    } rows[] = {
        {"<", 1, 0},  {"<=", 1, 0}, {"==", 1, 0},   {"!=", 1, 0},
        {">=", 1, 0}, {">", 1, 0},  {"born", 1, 1}, {"province", 1, 1},
        {"=", 0, 0},  {"", 0, 0},   {"BORN", 0, 0}, {NULL, 0, 0},
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        assert_int_equal(spbe_compare_known(rows[i].op), rows[i].known);
        assert_int_equal(spbe_compare_is_flag(rows[i].op), rows[i].flag);
    }
}

static void regions(void **state)
{
    static const struct {
        const char *name;
        int code;
    } rows[] = {
        {"Aceh", 11},
        {"sumatera utara", 12},
        {"SUMATRA UTARA", 12},
        {"Prov. Riau", 14},
        {"riau", 14},
        {"Kepulauan Bangka-Belitung", 19},
        {"Babel", 19},
        {"Propinsi Jawa Timur", 35},
        {"DIY", 34},
        {"Daerah Istimewa Yogyakarta", 34},
        {"Papua", 91},
        {"Papua Barat", 92},
        {"Papua Barat Daya", 96},
        {" Bali ", 51},
        {"64", 64},
        {"64.72", 64},
        {"20", 0},
        {"2", 0},
        {"", 0},
        {"provinsi", 0},
        {"Jawa", 0},
        {"Riau1", 0},
        {"Ba\xc3\xa7i", 0},
        {"64,72", 0},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         0},
    };
    const spbe_region_t *r;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        r = spbe_format_region_named(spbe_span_from(rows[i].name));
        if ((r == NULL ? 0 : r->code) != rows[i].code) {
            fail_msg("%s should be %d", rows[i].name, rows[i].code);
        }
    }
    /* Each is found by its own name and by every other spelling. */
    for (r = spbe_format_regions(); r->code != 0; r++) {
        spbe_span_t others = spbe_span_from(r->others);

        assert_ptr_equal(spbe_format_region_named(spbe_span_from(r->name)), r);
        while (others.len > 0) {
            assert_ptr_equal(
                spbe_format_region_named(spbe_span_cut(&others, ' ')), r);
        }
        assert_true(strlen(r->zones) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds),
        cmocka_unit_test(operators),
        cmocka_unit_test(regions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
