/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/format_id_test.c - format_id.c, format_place.c, format_region.c: the
 * numbers of the country. All numbers are invented.
 */
#include "format_check.h"
#include "input/format_region.h"

/* clang-format off */
static void nik(void **state)
{
    static const format_row_t rows[] = {
        YES("nik", "1101010101000001"),
        YES("nik", "9699990101999999"),
        YES("nik", "2171010101900001"),
        YES("nik", "2171013112999999"),
        YES("nik", "2171014101900001"),
        YES("nik", "2171017112990001"),
        YES("nik", "3174096512850002"),
        YES("nik", "2171012802010001"),
        YES("nik", "2171012902000001"),
        YES("nik", "2171012902040001"),
        YES("nik", "2171016902960001"),
        YES("nik", "2171016802010001"),
        YES("nik", "2171013004900001"),
        YES("nik", "2171017004900001"),
        YES("nik", "2171017101900001"),
        YES("nik", "9171010101900001"),
        YES("nik", "6401010101900001"),
        YES("nik", "6471010101900001"),
        YES("nik", "2171990101900001"),
        YES("nik", "2101010101900001"),
        YES("nik", "2170010101900001"),
        YES("nik", "2171010101269999"),
        NO("nik", "2171012902010001"),
        NO("nik", "2171012902030001"),
        NO("nik", "2171016902010001"),
        NO("nik", "2171013002900001"),
        NO("nik", "2171013104900001"),
        NO("nik", "2171013106900001"),
        NO("nik", "2171013109900001"),
        NO("nik", "2171013111900001"),
        NO("nik", "2171017104900001"),
        NO("nik", "2171017002900001"),
        NO("nik", "2171010001900001"),
        NO("nik", "2171013201900001"),
        NO("nik", "2171014001900001"),
        NO("nik", "2171017201900001"),
        NO("nik", "2171018101900001"),
        NO("nik", "2171019901900001"),
        NO("nik", "2171014002900001"),
        NO("nik", "2171010100900001"),
        NO("nik", "2171010113900001"),
        NO("nik", "2171014199900001"),
        NO("nik", "2171010101900000"),
        NO("nik", "2171014101900000"),
        NO("nik", "0071010101900001"),
        NO("nik", "1071010101900001"),
        NO("nik", "2271010101900001"),
        NO("nik", "3071010101900001"),
        NO("nik", "3771010101900001"),
        NO("nik", "5071010101900001"),
        NO("nik", "5471010101900001"),
        NO("nik", "6071010101900001"),
        NO("nik", "6671010101900001"),
        NO("nik", "7071010101900001"),
        NO("nik", "7771010101900001"),
        NO("nik", "8071010101900001"),
        NO("nik", "8371010101900001"),
        NO("nik", "9071010101900001"),
        NO("nik", "9771010101900001"),
        NO("nik", "9971010101900001"),
        NO("nik", "2100010101900001"),
        NO("nik", "2171000101900001"),
        NO("nik", "0000000000000000"),
        NO("nik", "9999999999999999"),
        NO("nik", "21.71.01.010190.0001"),
        NO("nik", "2171 0101 0190 0001"),
        NO("nik", "217101-010190-0001"),
        NO("nik", "2.17101010190e15"),
        NO("nik", "2171010101900001.0"),
        NO("nik", "217101010190000"),
        NO("nik", "21710101019000011"),
        NO("nik", ""),
        NO("nik", " 2171010101900001"),
        NO("nik", "2171010101900001 "),
        NO("nik", "2171010101900001\n"),
        NO("nik", "2171010101900001\x00"),
        NO("nik", "21710101\x00" "1900001"),
        NO("nik", "21710101\r\n01900001"),
        NO("nik", "21710101A1900001"),
        NO("nik", "21710101\xef\xbc\x90" "1900001"),
        NO("nik", "21710101٠1900001"),
        NO("nik", "21710101\xe2\x80\x8b" "01900001"),
        NO("nik", "'2171010101900001"),
        NO("nik", "21710101\t01900001"),
        NO("nik", "-171010101900001"),
        NO("nik", "+171010101900001"),
        NO("nik", "21710101  01900001"),
    };

    check_rows(rows, ROWS(rows));
}

static void no_kk(void **state)
{
    static const format_row_t rows[] = {
        YES("no_kk", "2171010101200001"),
        YES("no_kk", "2171013112209999"),
        YES("no_kk", "2171013102200001"),
        YES("no_kk", "2171010112990001"),
        YES("no_kk", "1101010507080001"),
        NO("no_kk", "2171014101200001"),
        NO("no_kk", "2171013201200001"),
        NO("no_kk", "2171010001200001"),
        NO("no_kk", "2171010113200001"),
        NO("no_kk", "2171010100200001"),
        NO("no_kk", "2171010101200000"),
        NO("no_kk", "2071010101200001"),
        NO("no_kk", "2100010101200001"),
        NO("no_kk", "2171000101200001"),
        NO("no_kk", "2171 0101 0120 0001"),
        NO("no_kk", "0000000000000000"),
        NO("no_kk", "217101010120000"),
        NO("no_kk", "21710101012000011"),
        NO("no_kk", ""),
        NO("no_kk", " 2171010101200001"),
        NO("no_kk", "2171010101200001 "),
        NO("no_kk", "2171010101200001\n"),
        NO("no_kk", "2171010101200001\x00"),
        NO("no_kk", "21710101\x00" "1200001"),
        NO("no_kk", "21710101\r\n01200001"),
        NO("no_kk", "21710101A1200001"),
        NO("no_kk", "21710101\xef\xbc\x90" "1200001"),
        NO("no_kk", "21710101٠1200001"),
        NO("no_kk", "21710101\xe2\x80\x8b" "01200001"),
        NO("no_kk", "'2171010101200001"),
        NO("no_kk", "21710101\t01200001"),
        NO("no_kk", "-171010101200001"),
        NO("no_kk", "+171010101200001"),
        NO("no_kk", "21710101  01200001"),
    };

    check_rows(rows, ROWS(rows));
}

static void nip(void **state)
{
    static const format_row_t rows[] = {
        YES("nip", "196608011988031001"),
        YES("nip", "196608012010122999"),
        YES("nip", "19660801 198803 1 001"),
        YES("nip", "19660801.198803.2.001"),
        YES("nip", "19660801 198803 1001"),
        YES("nip", "199202292016031001"),
        YES("nip", "199001012019211001"),
        YES("nip", "198512312022212034"),
        YES("nip", "199001012023992001"),
        YES("nip", "190001011920011001"),
        YES("nip", "200011212026101001"),
        YES("nip", "199506302027012001"),
        NO("nip", "196608011988001001"),
        NO("nip", "196608011988131001"),
        NO("nip", "196608011988201001"),
        NO("nip", "196608011988030001"),
        NO("nip", "196608011988033001"),
        NO("nip", "196608011988031000"),
        NO("nip", "196613011988031001"),
        NO("nip", "196600011988031001"),
        NO("nip", "196608321988031001"),
        NO("nip", "196608001988031001"),
        NO("nip", "196602301988031001"),
        NO("nip", "199102292016031001"),
        NO("nip", "199104312016031001"),
        NO("nip", "189912311920011001"),
        NO("nip", "202612012027011001"),
        NO("nip", "196608011966031001"),
        NO("nip", "196608011960031001"),
        NO("nip", "199001012028011001"),
        NO("nip", "196608411988031001"),
        NO("nip", "19660801-198803-1-001"),
        NO("nip", "19660801  198803 1 001"),
        NO("nip", "19660801 198803 1 001 "),
        NO("nip", "1966 0801 198803 1 001"),
        NO("nip", "130803123"),
        NO("nip", "19660801198803 1 0 01"),
        NO("nip", "000000000000000000"),
        NO("nip", "19660801198803100"),
        NO("nip", "1966080119880310011"),
        NO("nip", ""),
        NO("nip", " 196608011988031001"),
        NO("nip", "196608011988031001 "),
        NO("nip", "196608011988031001\n"),
        NO("nip", "196608011988031001\x00"),
        NO("nip", "196608011\x00" "88031001"),
        NO("nip", "196608011\r\n988031001"),
        NO("nip", "196608011A88031001"),
        NO("nip", "196608011\xef\xbc\x99" "88031001"),
        NO("nip", "196608011٩88031001"),
        NO("nip", "196608011\xe2\x80\x8b" "988031001"),
        NO("nip", "'196608011988031001"),
        NO("nip", "196608011\t988031001"),
        NO("nip", "-96608011988031001"),
        NO("nip", "+96608011988031001"),
        NO("nip", "196608011  988031001"),
    };

    check_rows(rows, ROWS(rows));
}

static void npwp15(void **state)
{
    static const format_row_t rows[] = {
        YES("npwp15", "012345678901234"),
        YES("npwp15", "01.234.567.8-901.234"),
        YES("npwp15", "01.234.567.8.901.234"),
        YES("npwp15", "01 234 567 8 901 234"),
        YES("npwp15", "01.234567.8-901234"),
        YES("npwp15", "09.999.999.9-999.999"),
        YES("npwp15", "00.000.000.1-000.000"),
        YES("npwp15", "999999999999999"),
        YES("npwp15", "012345678901000"),
        NO("npwp15", "00.000.000.0-000.000"),
        NO("npwp15", "000000000000000"),
        NO("npwp15", "01-234-567-8-901-234"),
        NO("npwp15", "01.234.567.8--901.234"),
        NO("npwp15", "01..234.567.8-901.234"),
        NO("npwp15", ".01.234.567.8-901.234"),
        NO("npwp15", "01.234.567.8-901.234."),
        NO("npwp15", "0.1234.567.8-901.234"),
        NO("npwp15", "01.234.567.8_901.234"),
        NO("npwp15", "01,234,567,8-901,234"),
        NO("npwp15", "3171010101900001"),
        NO("npwp15", "01234567890123"),
        NO("npwp15", "0123456789012341"),
        NO("npwp15", ""),
        NO("npwp15", " 012345678901234"),
        NO("npwp15", "012345678901234 "),
        NO("npwp15", "012345678901234\n"),
        NO("npwp15", "012345678901234\x00"),
        NO("npwp15", "0123456\x00" "8901234"),
        NO("npwp15", "0123456\r\n78901234"),
        NO("npwp15", "0123456A8901234"),
        NO("npwp15", "0123456\xef\xbc\x97" "8901234"),
        NO("npwp15", "0123456٧8901234"),
        NO("npwp15", "0123456\xe2\x80\x8b" "78901234"),
        NO("npwp15", "'012345678901234"),
        NO("npwp15", "0123456\t78901234"),
        NO("npwp15", "-12345678901234"),
        NO("npwp15", "+12345678901234"),
        NO("npwp15", "0123456  78901234"),
    };

    check_rows(rows, ROWS(rows));
}

static void npwp16(void **state)
{
    static const format_row_t rows[] = {
        YES("npwp16", "0012345678901234"),
        YES("npwp16", "2171010101900001"),
        YES("npwp16", "1000000000001234"),
        YES("npwp16", "9999999999999990"),
        YES("npwp16", "0000000000000001"),
        NO("npwp16", "0000000000000000"),
        NO("npwp16", "1111111111111111"),
        NO("npwp16", "9999999999999999"),
        NO("npwp16", "0012 3456 7890 1234"),
        NO("npwp16", "00.12.345.678.9-012.34"),
        NO("npwp16", "012345678901234"),
        NO("npwp16", "001234567890123"),
        NO("npwp16", "00123456789012341"),
        NO("npwp16", ""),
        NO("npwp16", " 0012345678901234"),
        NO("npwp16", "0012345678901234 "),
        NO("npwp16", "0012345678901234\n"),
        NO("npwp16", "0012345678901234\x00"),
        NO("npwp16", "00123456\x00" "8901234"),
        NO("npwp16", "00123456\r\n78901234"),
        NO("npwp16", "00123456A8901234"),
        NO("npwp16", "00123456\xef\xbc\x97" "8901234"),
        NO("npwp16", "00123456٧8901234"),
        NO("npwp16", "00123456\xe2\x80\x8b" "78901234"),
        NO("npwp16", "'0012345678901234"),
        NO("npwp16", "00123456\t78901234"),
        NO("npwp16", "-012345678901234"),
        NO("npwp16", "+012345678901234"),
        NO("npwp16", "00123456  78901234"),
    };

    check_rows(rows, ROWS(rows));
}

static void npwp(void **state)
{
    static const format_row_t rows[] = {
        YES("npwp", "01.234.567.8-901.234"),
        YES("npwp", "012345678901234"),
        YES("npwp", "0012345678901234"),
        YES("npwp", "2171010101900001"),
        YES("npwp", "0012 3456 7890 1234"),
        YES("npwp", "2171 0101 0190 0001"),
        YES("npwp", "1000000000001234"),
        YES("npwp", "123456789012 3456"),
        NO("npwp", "00.000.000.0-000.000"),
        NO("npwp", "0000000000000000"),
        NO("npwp", "5555 5555 5555 5555"),
        NO("npwp", "0012.3456.7890.1234"),
        NO("npwp", "0012  3456 7890 1234"),
        NO("npwp", "01234567890123"),
        NO("npwp", "00123456789012345"),
        NO("npwp", "0012-3456-7890-1234"),
        NO("npwp", "012345678901234A"),
        NO("npwp", "\xef\xbc\x90" "012345678901234"),
        NO("npwp", "01.234.567.8-901.234\n"),
        NO("npwp", "01.234.567.8-901.234\x00"),
        NO("npwp", " 012345678901234"),
        NO("npwp", ""),
        NO("npwp", "-"),
        NO("npwp", "١234567890123456"),
    };

    check_rows(rows, ROWS(rows));
}

static void npwp_ketat(void **state)
{
    static const format_row_t rows[] = {
        YES("npwp_ketat", "09.999.999.7-999.999"),
        YES("npwp_ketat", "123456782901000"),
        YES("npwp_ketat", "0099999997999999"),
        YES("npwp_ketat", "2171010101900001"),
        YES("npwp_ketat", "2171 0101 0190 0001"),
        YES("npwp_ketat", "0123456782901000"),
        NO("npwp_ketat", "09.999.999.9-999.999"),
        NO("npwp_ketat", "012345678901234"),
        NO("npwp_ketat", "0099999999999999"),
        NO("npwp_ketat", "2171010113900001"),
        NO("npwp_ketat", "1000000000001234"),
        NO("npwp_ketat", "00.000.000.0-000.000"),
        NO("npwp_ketat", "0000000000000000"),
        NO("npwp_ketat", "123456783901000"),
        NO("npwp_ketat", ""),
    };

    check_rows(rows, ROWS(rows));
}

static void nitku(void **state)
{
    static const format_row_t rows[] = {
        YES("nitku", "0012345678901234000000"),
        YES("nitku", "2171010101900001000001"),
        YES("nitku", "0012345678901234999999"),
        NO("nitku", "0000000000000000000000"),
        NO("nitku", "1111111111111111000000"),
        NO("nitku", "0012345678901234-000000"),
        NO("nitku", "0012345678901234 000000"),
        NO("nitku", "0012345678901234"),
        NO("nitku", "001234567890123400000"),
        NO("nitku", "00123456789012340000001"),
        NO("nitku", ""),
        NO("nitku", " 0012345678901234000000"),
        NO("nitku", "0012345678901234000000 "),
        NO("nitku", "0012345678901234000000\n"),
        NO("nitku", "0012345678901234000000\x00"),
        NO("nitku", "00123456789\x00" "1234000000"),
        NO("nitku", "00123456789\r\n01234000000"),
        NO("nitku", "00123456789A1234000000"),
        NO("nitku", "00123456789\xef\xbc\x90" "1234000000"),
        NO("nitku", "00123456789٠1234000000"),
        NO("nitku", "00123456789\xe2\x80\x8b" "01234000000"),
        NO("nitku", "'0012345678901234000000"),
        NO("nitku", "00123456789\t01234000000"),
        NO("nitku", "-012345678901234000000"),
        NO("nitku", "+012345678901234000000"),
        NO("nitku", "00123456789  01234000000"),
    };

    check_rows(rows, ROWS(rows));
}

static void nisn(void **state)
{
    static const format_row_t rows[] = {
        YES("nisn", "0078010691"),
        YES("nisn", "9999999999"),
        YES("nisn", "0000000001"),
        YES("nisn", "1234567890"),
        NO("nisn", "0000000000"),
        NO("nisn", "007 8010691"),
        NO("nisn", "007.801.0691"),
        NO("nisn", "007801069"),
        NO("nisn", "00780106911"),
        NO("nisn", ""),
        NO("nisn", " 0078010691"),
        NO("nisn", "0078010691 "),
        NO("nisn", "0078010691\n"),
        NO("nisn", "0078010691\x00"),
        NO("nisn", "00780\x00" "0691"),
        NO("nisn", "00780\r\n10691"),
        NO("nisn", "00780A0691"),
        NO("nisn", "00780\xef\xbc\x91" "0691"),
        NO("nisn", "00780١0691"),
        NO("nisn", "00780\xe2\x80\x8b" "10691"),
        NO("nisn", "'0078010691"),
        NO("nisn", "00780\t10691"),
        NO("nisn", "-078010691"),
        NO("nisn", "+078010691"),
        NO("nisn", "00780  10691"),
    };

    check_rows(rows, ROWS(rows));
}

static void nuptk(void **state)
{
    static const format_row_t rows[] = {
        YES("nuptk", "1234567890123456"),
        YES("nuptk", "9999999999999999"),
        YES("nuptk", "0000000000000001"),
        NO("nuptk", "0000000000000000"),
        NO("nuptk", "1234 5678 9012 3456"),
        NO("nuptk", "123456789012345"),
        NO("nuptk", "12345678901234561"),
        NO("nuptk", ""),
        NO("nuptk", " 1234567890123456"),
        NO("nuptk", "1234567890123456 "),
        NO("nuptk", "1234567890123456\n"),
        NO("nuptk", "1234567890123456\x00"),
        NO("nuptk", "12345678\x00" "0123456"),
        NO("nuptk", "12345678\r\n90123456"),
        NO("nuptk", "12345678A0123456"),
        NO("nuptk", "12345678\xef\xbc\x99" "0123456"),
        NO("nuptk", "12345678٩0123456"),
        NO("nuptk", "12345678\xe2\x80\x8b" "90123456"),
        NO("nuptk", "'1234567890123456"),
        NO("nuptk", "12345678\t90123456"),
        NO("nuptk", "-234567890123456"),
        NO("nuptk", "+234567890123456"),
        NO("nuptk", "12345678  90123456"),
    };

    check_rows(rows, ROWS(rows));
}

static void bpjs(void **state)
{
    static const format_row_t rows[] = {
        YES("bpjs_kes", "0000039043765"),
        YES("bpjs_kes", "0001234567890"),
        YES("bpjs_kes", "9999999999999"),
        NO("bpjs_kes", "0000000000000"),
        NO("bpjs_kes", "0001 2345 67890"),
        NO("bpjs_kes", "000123456789"),
        NO("bpjs_kes", "00012345678901"),
        NO("bpjs_kes", ""),
        NO("bpjs_kes", " 0001234567890"),
        NO("bpjs_kes", "0001234567890 "),
        NO("bpjs_kes", "0001234567890\n"),
        NO("bpjs_kes", "0001234567890\x00"),
        NO("bpjs_kes", "000123\x00" "567890"),
        NO("bpjs_kes", "000123\r\n4567890"),
        NO("bpjs_kes", "000123A567890"),
        NO("bpjs_kes", "000123\xef\xbc\x94" "567890"),
        NO("bpjs_kes", "000123٤567890"),
        NO("bpjs_kes", "000123\xe2\x80\x8b" "4567890"),
        NO("bpjs_kes", "'0001234567890"),
        NO("bpjs_kes", "000123\t4567890"),
        NO("bpjs_kes", "-001234567890"),
        NO("bpjs_kes", "+001234567890"),
        NO("bpjs_kes", "000123  4567890"),
        YES("bpjs_tk", "12345678901"),
        YES("bpjs_tk", "92J40012345"),
        YES("bpjs_tk", "92j40012345"),
        NO("bpjs_tk", "00000000000"),
        NO("bpjs_tk", "J2940012345"),
        NO("bpjs_tk", "92JJ0012345"),
        NO("bpjs_tk", "92J4001234"),
        NO("bpjs_tk", "92J400123456"),
        NO("bpjs_tk", "9 2J40012345"),
        NO("bpjs_tk", "92Ä0012345"),
        NO("bpjs_tk", ""),
        NO("bpjs_tk", "1234567890"),
        NO("bpjs_tk", "123456789011"),
        NO("bpjs_tk", ""),
        NO("bpjs_tk", " 12345678901"),
        NO("bpjs_tk", "12345678901 "),
        NO("bpjs_tk", "12345678901\n"),
        NO("bpjs_tk", "12345678901\x00"),
        NO("bpjs_tk", "12345\x00" "78901"),
        NO("bpjs_tk", "12345\r\n678901"),
        NO("bpjs_tk", "12345A78901"),
        NO("bpjs_tk", "12345\xef\xbc\x96" "78901"),
        NO("bpjs_tk", "12345٦78901"),
        NO("bpjs_tk", "12345\xe2\x80\x8b" "678901"),
        NO("bpjs_tk", "'12345678901"),
        NO("bpjs_tk", "12345\t678901"),
        NO("bpjs_tk", "-2345678901"),
        NO("bpjs_tk", "+2345678901"),
        NO("bpjs_tk", "12345  678901"),
        YES("bpjs", "0001234567890"),
        YES("bpjs", "12345678901"),
        YES("bpjs", "92J40012345"),
        NO("bpjs", "123456789012"),
        NO("bpjs", "00000000000"),
        NO("bpjs", "0000000000000"),
        NO("bpjs", "1234567890"),
        NO("bpjs", "12345678901234"),
        NO("bpjs", ""),
        NO("bpjs", "0001234567890\n"),
    };

    check_rows(rows, ROWS(rows));
}

static void paspor(void **state)
{
    static const format_row_t rows[] = {
        YES("paspor", "A1234567"),
        YES("paspor", "X9999999"),
        YES("paspor", "AB123456"),
        YES("paspor", "AB1234567"),
        YES("paspor", "a1234567"),
        YES("paspor", "C000000"),
        YES("paspor", "E000001"),
        NO("paspor", "A12345"),
        NO("paspor", "A12345678"),
        NO("paspor", "ABC123456"),
        NO("paspor", "ABC1234567"),
        NO("paspor", "1A234567"),
        NO("paspor", "12345678"),
        NO("paspor", "A 1234567"),
        NO("paspor", "A-1234567"),
        NO("paspor", "A1234567 "),
        NO("paspor", "A1234567\n"),
        NO("paspor", "A1234567\x00"),
        NO("paspor", "Α123456"),
        NO("paspor", "A12345\xef\xbc\x96"),
        NO("paspor", "A1234O7"),
        NO("paspor", ""),
        NO("paspor", "A1234567<"),
        NO("paspor", "Ä1234567"),
        YES("paspor_asing", "K1234567A"),
        YES("paspor_asing", "123456789"),
        YES("paspor_asing", "AB12345"),
        YES("paspor_asing", "L01X00T47"),
        YES("paspor_asing", "C01X0"),
        NO("paspor_asing", "1234"),
        NO("paspor_asing", "K1234567AB"),
        NO("paspor_asing", "K123 4567"),
        NO("paspor_asing", "K123-4567"),
        NO("paspor_asing", "K1234567<"),
        NO("paspor_asing", "K12345\xef\xbc\x97"),
        NO("paspor_asing", ""),
        NO("paspor_asing", "K1234567\n"),
        NO("paspor_asing", "K12\x00" "4567"),
    };

    check_rows(rows, ROWS(rows));
}

static void objects(void **state)
{
    static const format_row_t rows[] = {
        YES("nop", "217101000100101230"),
        YES("nop", "21.71.010.001.001-0123.0"),
        YES("nop", "21.71.010.001.001.0123.0"),
        YES("nop", "21 71 010 001 001 0123 0"),
        YES("nop", "21-71-010-001-001-0123-0"),
        NO("nop", "000000000000000000"),
        NO("nop", "21.71.010.001.001--0123.0"),
        NO("nop", "21.71.010.001.001-01230."),
        NO("nop", "21.71.010.001.0010-123.0"),
        NO("nop", "00.00.000.000.000-0000.0"),
        NO("nop", "21710100010010123"),
        NO("nop", "2171010001001012301"),
        NO("nop", ""),
        NO("nop", " 217101000100101230"),
        NO("nop", "217101000100101230 "),
        NO("nop", "217101000100101230\n"),
        NO("nop", "217101000100101230\x00"),
        NO("nop", "217101000\x00" "00101230"),
        NO("nop", "217101000\r\n100101230"),
        NO("nop", "217101000A00101230"),
        NO("nop", "217101000\xef\xbc\x91" "00101230"),
        NO("nop", "217101000١00101230"),
        NO("nop", "217101000\xe2\x80\x8b" "100101230"),
        NO("nop", "'217101000100101230"),
        NO("nop", "217101000\t100101230"),
        NO("nop", "-17101000100101230"),
        NO("nop", "+17101000100101230"),
        NO("nop", "217101000  100101230"),
        YES("nib", "9120001234567"),
        YES("nib", "0220001234567"),
        NO("nib", "0000000000000"),
        NO("nib", "9120 0012 34567"),
        NO("nib", "912000123456"),
        NO("nib", "91200012345671"),
        NO("nib", ""),
        NO("nib", " 9120001234567"),
        NO("nib", "9120001234567 "),
        NO("nib", "9120001234567\n"),
        NO("nib", "9120001234567\x00"),
        NO("nib", "912000\x00" "234567"),
        NO("nib", "912000\r\n1234567"),
        NO("nib", "912000A234567"),
        NO("nib", "912000\xef\xbc\x91" "234567"),
        NO("nib", "912000١234567"),
        NO("nib", "912000\xe2\x80\x8b" "1234567"),
        NO("nib", "'9120001234567"),
        NO("nib", "912000\t1234567"),
        NO("nib", "-120001234567"),
        NO("nib", "+120001234567"),
        NO("nib", "912000  1234567"),
        YES("npsn", "11000001"),
        YES("npsn", "69999999"),
        YES("npsn", "P9900001"),
        YES("npsn", "k5600001"),
        NO("npsn", "00000000"),
        NO("npsn", "PP900001"),
        NO("npsn", "1100000P"),
        NO("npsn", "P990001"),
        NO("npsn", "P99000011"),
        NO("npsn", "1100 0001"),
        NO("npsn", "11000001\n"),
        NO("npsn", "\xef\xbc\x91" "1000001"),
        NO("npsn", ""),
        NO("npsn", "1100001"),
        NO("npsn", "110000011"),
        NO("npsn", "11\x00" "0001"),
    };

    check_rows(rows, ROWS(rows));
}

static void hp(void **state)
{
    static const format_row_t rows[] = {
        YES("hp", "0811234567"),
        YES("hp", "081234567890"),
        YES("hp", "0812345678901"),
        YES("hp", "+6281234567890"),
        YES("hp", "6281234567890"),
        YES("hp", "+62 812 3456 7890"),
        YES("hp", "+62-812-3456-7890"),
        YES("hp", "0812-3456-7890"),
        YES("hp", "0812.3456.7890"),
        YES("hp", "0812 3456 7890"),
        YES("hp", "(0812) 3456 7890"),
        YES("hp", "(0812)34567890"),
        YES("hp", "(0812)-3456-7890"),
        YES("hp", "(0812) 3456789"),
        YES("hp", "+62 (0)812 3456 7890"),
        YES("hp", "+62(0)81234567890"),
        YES("hp", "(+62) 812-3456-7890"),
        YES("hp", "(62)81234567890"),
        YES("hp", "0 812 3456 7890"),
        YES("hp", "085212345678"),
        YES("hp", "088812345678"),
        YES("hp", "089912345678"),
        YES("hp", "0811234567"),
        YES("hp", "0813 1 2 3 4 5 6 7"),
        YES("hp", "08612345678"),
        YES("hp", "(08123) 456789"),
        NO("hp", "081123456"),
        NO("hp", "(081) 123456789"),
        NO("hp", "(081234) 56789"),
        NO("hp", "08123456"),
        NO("hp", "08123456789012"),
        NO("hp", "+628123456"),
        NO("hp", "080123456789"),
        NO("hp", "084123456789"),
        NO("hp", "+6284123456789"),
        NO("hp", "0778123456"),
        NO("hp", "021123456"),
        NO("hp", "8123456789"),
        NO("hp", "+1 812 3456 7890"),
        NO("hp", "+65 8123 4567"),
        NO("hp", "062812345678"),
        NO("hp", "0062812345678"),
        NO("hp", "+620812345678"),
        NO("hp", "+62 0812345678"),
        NO("hp", "0812  34567890"),
        NO("hp", "0812--34567890"),
        NO("hp", "0812 -34567890"),
        NO("hp", "0812-34567890-"),
        NO("hp", "-081234567890"),
        NO("hp", " 081234567890"),
        NO("hp", "081234567890 "),
        NO("hp", "(0812 34567890"),
        NO("hp", "0812) 34567890"),
        NO("hp", "((0812)) 34567890"),
        NO("hp", "(08123456789)"),
        NO("hp", "(0)81234567890"),
        NO("hp", "+62 (08) 1234567890"),
        NO("hp", "08123456789O"),
        NO("hp", "O81234567890"),
        NO("hp", "081234x67890"),
        NO("hp", "0812/34567890"),
        NO("hp", "0812,34567890"),
        NO("hp", "0812_34567890"),
        NO("hp", "\xef\xbc\x90" "81234567890"),
        NO("hp", "08123456789٠"),
        NO("hp", "0812345\x00" "7890"),
        NO("hp", "0812345\n7890"),
        NO("hp", "081234567890\r\n"),
        NO("hp", ""),
        NO("hp", "0"),
        NO("hp", "+62"),
        NO("hp", "62"),
        NO("hp", "08"),
        NO("hp", "tidak ada"),
        NO("hp", "-"),
        NO("hp", "081234567890/085612345678"),
        NO("hp", "+62+81234567890"),
    };

    check_rows(rows, ROWS(rows));
}

static void telepon(void **state)
{
    static const format_row_t rows[] = {
        YES("telepon", "(0778) 123456"),
        YES("telepon", "0778123456"),
        YES("telepon", "0778-123456"),
        YES("telepon", "021-12345678"),
        YES("telepon", "(021) 12345678"),
        YES("telepon", "(021)1234567"),
        YES("telepon", "+62 778 123456"),
        YES("telepon", "+62 (0)21 12345678"),
        YES("telepon", "62778123456"),
        YES("telepon", "0761 12345"),
        YES("telepon", "081234567890"),
        YES("telepon", "(0812) 3456 7890"),
        YES("telepon", "0969 21234"),
        YES("telepon", "022 1234567"),
        YES("telepon", "0778.123.456"),
        NO("telepon", "0778"),
        NO("telepon", "077812"),
        NO("telepon", "(07781) 123456"),
        NO("telepon", "(0) 778123456"),
        NO("telepon", "110"),
        NO("telepon", "1500123"),
        NO("telepon", "123456"),
        NO("telepon", "010123456"),
        NO("telepon", "(010) 123456"),
        NO("telepon", "0778 123456 ext 1"),
        NO("telepon", "0778123456789012"),
        NO("telepon", "0778 123456\n"),
        NO("telepon", "0778 12345\xef\xbc\x96"),
        NO("telepon", ""),
        NO("telepon", "(0778)"),
        NO("telepon", "0778 12\x00" "3456"),
        NO("telepon", "07781234X6"),
        NO("telepon", "084123456789"),
        YES("telepon_tetap", "(0778) 123456"),
        YES("telepon_tetap", "021-12345678"),
        YES("telepon_tetap", "+62 361 123456"),
        YES("telepon_tetap", "0411 123456"),
        NO("telepon_tetap", "081234567890"),
        NO("telepon_tetap", "+6281234567890"),
        NO("telepon_tetap", "(0812) 3456 7890"),
        NO("telepon_tetap", "0878123"),
        NO("telepon_tetap", "112"),
        NO("telepon_tetap", ""),
    };

    check_rows(rows, ROWS(rows));
}

static void kode_pos(void **state)
{
    static const format_row_t rows[] = {
        YES("kode_pos", "10110"),
        YES("kode_pos", "29444"),
        YES("kode_pos", "99999"),
        YES("kode_pos", "10000"),
        YES("kode_pos", "29999"),
        YES("kode_pos", "60119"),
        NO("kode_pos", "00000"),
        NO("kode_pos", "01234"),
        NO("kode_pos", "2944"),
        NO("kode_pos", "294444"),
        NO("kode_pos", "2944O"),
        NO("kode_pos", "29 444"),
        NO("kode_pos", "29444 "),
        NO("kode_pos", " 29444"),
        NO("kode_pos", "29444\n"),
        NO("kode_pos", "2944\xef\xbc\x94"),
        NO("kode_pos", "29\x00" "444"),
        NO("kode_pos", "-9444"),
        NO("kode_pos", "+9444"),
        NO("kode_pos", "29.444"),
        NO("kode_pos", "294,4"),
        NO("kode_pos", ""),
        NO("kode_pos", "29444-1234"),
    };

    check_rows(rows, ROWS(rows));
}

static void kode_wilayah(void **state)
{
    static const format_row_t rows[] = {
        YES("kode_wilayah", "21"),
        YES("kode_wilayah", "2171"),
        YES("kode_wilayah", "217101"),
        YES("kode_wilayah", "2171011001"),
        YES("kode_wilayah", "21.71"),
        YES("kode_wilayah", "21.71.01"),
        YES("kode_wilayah", "21.71.01.1001"),
        YES("kode_wilayah", "21.01.01.2001"),
        YES("kode_wilayah", "94.01.01.3001"),
        YES("kode_wilayah", "11.01.40001"),
        YES("kode_wilayah", "110140001"),
        YES("kode_wilayah", "9699993999"),
        YES("kode_wilayah", "96.99.99.3999"),
        YES("kode_wilayah", "3101"),
        YES("kode_wilayah", "3171"),
        NO("kode_wilayah", "20"),
        NO("kode_wilayah", "2"),
        NO("kode_wilayah", "217"),
        NO("kode_wilayah", "21710"),
        NO("kode_wilayah", "2170"),
        NO("kode_wilayah", "2100"),
        NO("kode_wilayah", "217100"),
        NO("kode_wilayah", "21710100"),
        NO("kode_wilayah", "217101100"),
        NO("kode_wilayah", "21710110011"),
        NO("kode_wilayah", "2171010001"),
        NO("kode_wilayah", "2171014001"),
        NO("kode_wilayah", "2171011000"),
        NO("kode_wilayah", "21.7101"),
        NO("kode_wilayah", "2171.01"),
        NO("kode_wilayah", "21.71.01."),
        NO("kode_wilayah", "21."),
        NO("kode_wilayah", ".21"),
        NO("kode_wilayah", "21..71"),
        NO("kode_wilayah", "21-71"),
        NO("kode_wilayah", "21 71"),
        NO("kode_wilayah", "21.71.01.0001"),
        NO("kode_wilayah", "21.71.40.001"),
        NO("kode_wilayah", "21.71.50001"),
        NO("kode_wilayah", "110140000"),
        NO("kode_wilayah", "22.71"),
        NO("kode_wilayah", "9999"),
        NO("kode_wilayah", ""),
        NO("kode_wilayah", "21.71.01.100A"),
        NO("kode_wilayah", "21.71.01.100\xef\xbc\x91"),
        NO("kode_wilayah", "217101\n"),
        NO("kode_wilayah", "21\x00" "71"),
        NO("kode_wilayah", "٢١"),
        NO("kode_wilayah", "2171011001 "),
    };

    check_rows(rows, ROWS(rows));
}

static void plat_nomor(void **state)
{
    static const format_row_t rows[] = {
        YES("plat_nomor", "BP 1234 AB"),
        YES("plat_nomor", "BP1234AB"),
        YES("plat_nomor", "BP-1234-AB"),
        YES("plat_nomor", "bp 1234 ab"),
        YES("plat_nomor", "B 1 A"),
        YES("plat_nomor", "B 1"),
        YES("plat_nomor", "B 9999 ZZZ"),
        YES("plat_nomor", "RI 1"),
        YES("plat_nomor", "RI 10"),
        YES("plat_nomor", "PG 1234 A"),
        YES("plat_nomor", "PY 1 XYZ"),
        YES("plat_nomor", "D 1234 ABC"),
        YES("plat_nomor", "KT 12 A"),
        YES("plat_nomor", "AB 3456 CD"),
        YES("plat_nomor", "L 5"),
        YES("plat_nomor", "Z 9999"),
        YES("plat_nomor", "DK1"),
        YES("plat_nomor", "H1234AB"),
        YES("plat_nomor", "BP 1234AB"),
        YES("plat_nomor", "W-1-A"),
        YES("plat_nomor", "EB 1 A"),
        YES("plat_nomor", "BN 77 X"),
        NO("plat_nomor", "BP 0123 AB"),
        NO("plat_nomor", "BP 0"),
        NO("plat_nomor", "BP 12345 A"),
        NO("plat_nomor", "BP 1234 ABCD"),
        NO("plat_nomor", "BP"),
        NO("plat_nomor", "1234 AB"),
        NO("plat_nomor", "BC 1234 A"),
        NO("plat_nomor", "CD 12 34"),
        NO("plat_nomor", "CC 12"),
        NO("plat_nomor", "DF 1"),
        NO("plat_nomor", "AC 1"),
        NO("plat_nomor", "X 1234"),
        NO("plat_nomor", "XX 1234"),
        NO("plat_nomor", "J 1"),
        NO("plat_nomor", "BP  1234 AB"),
        NO("plat_nomor", "BP 1234  AB"),
        NO("plat_nomor", "BP 1234 "),
        NO("plat_nomor", " BP 1234"),
        NO("plat_nomor", "BP 1234-"),
        NO("plat_nomor", "BP/1234/AB"),
        NO("plat_nomor", "BP.1234.AB"),
        NO("plat_nomor", "BP 12A4"),
        NO("plat_nomor", "BP 1234 A1"),
        NO("plat_nomor", "BP 1234 AB\n"),
        NO("plat_nomor", "BP 123\xef\xbc\x94 AB"),
        NO("plat_nomor", "\xef\xbc\xa2P 1234 AB"),
        NO("plat_nomor", "BP 12\x00" "34"),
        NO("plat_nomor", "ΒP 1234 AB"),
        NO("plat_nomor", ""),
        NO("plat_nomor", "TNI 123"),
        NO("plat_nomor", "RI 1 A\x00"),
        NO("plat_nomor", "BPX 1234"),
    };

    check_rows(rows, ROWS(rows));
}

static void tanggal(void **state)
{
    static const format_row_t rows[] = {
        YES("tanggal", "21-11-2026"),
        YES("tanggal", "21/11/2026"),
        YES("tanggal", "21.11.2026"),
        YES("tanggal", "29-02-2024"),
        YES("tanggal", "31/12/1899"),
        YES("tanggal", "01-01-0001"),
        YES("tanggal", "29.02.2000"),
        YES("tanggal", "30-04-2021"),
        NO("tanggal", "29-02-2023"),
        NO("tanggal", "29-02-1900"),
        NO("tanggal", "31-04-2021"),
        NO("tanggal", "30/02/2024"),
        NO("tanggal", "00-01-2021"),
        NO("tanggal", "01-00-2021"),
        NO("tanggal", "32-01-2021"),
        NO("tanggal", "01-13-2021"),
        NO("tanggal", "21-11/2026"),
        NO("tanggal", "21 11 2026"),
        NO("tanggal", "2026-11-21"),
        NO("tanggal", "1-1-2021"),
        NO("tanggal", "21-11-26"),
        NO("tanggal", "21-11-2026 "),
        NO("tanggal", "\xef\xbc\x92" "1-11-2026"),
        NO("tanggal", "21-11-202O"),
        NO("tanggal", "21112026"),
        NO("tanggal", ""),
        NO("tanggal", "21-11-2026\n"),
        NO("tanggal", "21_11_2026"),
        YES("tanggal_lahir", "1990-08-05"),
        YES("tanggal_lahir", "1900-01-01"),
        YES("tanggal_lahir", "2026-11-21"),
        YES("tanggal_lahir", "2024-02-29"),
        NO("tanggal_lahir", "1899-12-31"),
        NO("tanggal_lahir", "2026-11-22"),
        NO("tanggal_lahir", "2027-01-01"),
        NO("tanggal_lahir", "2023-02-29"),
        NO("tanggal_lahir", "05-08-1990"),
        NO("tanggal_lahir", "1990-8-5"),
        NO("tanggal_lahir", "1990-08-05T00:00:00Z"),
        NO("tanggal_lahir", ""),
        NO("tanggal_lahir", "9999-12-31"),
        NO("tanggal_lahir", "0000-00-00"),
        NO("tanggal_lahir", "1990-08-0\xef\xbc\x95"),
    };

    check_rows(rows, ROWS(rows));
}

static void accounts(void **state)
{
    static const format_row_t rows[] = {
        YES("surel", "budi@contoh.example"),
        YES("surel", "budi.santoso+pajak@sub.contoh.co.id"),
        YES("surel", "a@b.id"),
        YES("surel", "BUDI@CONTOH.EXAMPLE"),
        YES("surel", "o'brien@contoh.example"),
        YES("surel", "a@b.xn--p1ai"),
        YES("surel", "1@2.com"),
        YES("surel",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aa@contoh.example"),
        NO("surel", "budi"),
        NO("surel", "budi@"),
        NO("surel", "@contoh.example"),
        NO("surel", "budi@contoh"),
        NO("surel", "budi@@contoh.example"),
        NO("surel", "budi@contoh@example.id"),
        NO("surel", "budi@contoh..id"),
        NO("surel", "budi@.contoh.id"),
        NO("surel", "budi@contoh.id."),
        NO("surel", "budi@-contoh.id"),
        NO("surel", "budi@contoh-.id"),
        NO("surel", "budi@contoh.i"),
        NO("surel", "budi@contoh.1d"),
        NO("surel", "budi@192.0.2.1"),
        NO("surel", "budi@[192.0.2.1]"),
        NO("surel", "\"budi\"@contoh.id"),
        NO("surel", "budi santoso@contoh.id"),
        NO("surel", "budi@contoh.id "),
        NO("surel", " budi@contoh.id"),
        NO("surel", "budi@contoh.id\n"),
        NO("surel", "budi@contoh.id\r\nBcc: x@y.id"),
        NO("surel", "budi@contoh.id,ani@contoh.id"),
        NO("surel", "Budi <budi@contoh.id>"),
        NO("surel", ".budi@contoh.id"),
        NO("surel", "budi.@contoh.id"),
        NO("surel", "bu..di@contoh.id"),
        NO("surel", "budi@con_toh.id"),
        NO("surel", "büdi@contoh.id"),
        NO("surel", "budi@contoh.id\x00"),
        NO("surel", "budi\xef\xbc\xa0" "contoh.id"),
        NO("surel",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaa@contoh.example"),
        NO("surel", "a@b.xn--"),
        NO("surel", ""),
        NO("surel", "budi@contoh.c-m"),
        YES("nama_pengguna", "budi"),
        YES("nama_pengguna", "b_1"),
        YES("nama_pengguna", "warga.contoh-2"),
        YES("nama_pengguna", "196608011988031001"),
        YES("nama_pengguna", "a@b"),
        NO("nama_pengguna", "ab"),
        NO("nama_pengguna", "_budi"),
        NO("nama_pengguna", ".budi"),
        NO("nama_pengguna", "-budi"),
        NO("nama_pengguna", "budi santoso"),
        NO("nama_pengguna", "budi\n"),
        NO("nama_pengguna", "büdi"),
        NO("nama_pengguna", "budi;"),
        NO("nama_pengguna", "budі"),
        NO("nama_pengguna", "budi/../x"),
        NO("nama_pengguna",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaa"),
        NO("nama_pengguna", ""),
        NO("nama_pengguna", "bu\x00" "di"),
    };

    check_rows(rows, ROWS(rows));
}

/* Everything that stands in the place of a digit, at every place. */
static void every_place(void **state)
{
    static const struct {
        const char *format, *text;
    } rows[] = {
        { "nik", "2171010101900001" }, { "no_kk", "2171010101200001" },
        { "nip", "196608011988031001" }, { "npwp", "012345678901234" },
        { "npwp16", "0012345678901234" },
        { "nitku", "0012345678901234000000" }, { "nisn", "0078010691" },
        { "nuptk", "1234567890123456" }, { "bpjs_kes", "0001234567890" },
        { "hp", "081234567890" }, { "telepon", "0778123456" },
        { "kode_pos", "29444" }, { "kode_wilayah", "2171011001" },
        { "nop", "217101000100101230" }, { "nib", "9120001234567" },
    };
    static const char instead[] = "\0\t\n\r!\"%'()*+,/:;<=>?@AZ[\\]^_`az{|}~\x7f"
                                  "\x80\xc0\xff";
    size_t i, at, k;

    for (i = 0; i < ROWS(rows); i++) {
        const spbe_format_t *f =
            spbe_format_find(spbe_span_from(rows[i].format));
        size_t len = strlen(rows[i].text);

        assert_true(f->valid(spbe_span_from(rows[i].text), NOW));
        for (at = 0; at < len; at++) {
            for (k = 0; k < sizeof(instead) - 1; k++) {
                char text[32];

                memcpy(text, rows[i].text, len);
                text[at] = instead[k];
                if (f->valid((spbe_span_t){ text, len }, NOW)) {
                    fail_msg("%s: byte %02x at %u of %s", f->name,
                             (unsigned char)instead[k], (unsigned)at,
                             rows[i].text);
                }
            }
            /* Shorter by one is refused, but where lengths differ anyway. */
            if (f->max_length == len) {
                assert_false(
                    f->valid(spbe_span_from(rows[i].text + 1), NOW));
            }
        }
    }
}

/* Every day and month a NIK can be made of, against the calendar. */
static void nik_days(void **state)
{
    static const int days[] = { 0,  31, 29, 31, 30, 31, 30,
                                31, 31, 30, 31, 30, 31 };
    const spbe_format_t *f = spbe_format_find(SPBE_SPAN("nik"));
    int day, month, year;
    char text[64];

    for (year = 0; year < 100; year++) {
        for (month = 0; month < 100; month++) {
            for (day = 0; day < 100; day++) {
                int d = day > 40 ? day - 40 : day;
                int want = month >= 1 && month <= 12 && d >= 1 &&
                           d <= days[month] &&
                           !(month == 2 && d == 29 && year % 4 != 0);

                snprintf(text, sizeof(text), "217101%02d%02d%02d0001", day,
                         month, year);
                if (f->valid(spbe_span_from(text), NOW) != want) {
                    fail_msg("%s should be %d", text, want);
                }
            }
        }
    }
}

/* Exactly the codes of the list begin a NIK, and a pattern's province. */
static void provinces(void **state)
{
    apr_pool_t *pool;
    unsigned count = 0;
    char text[64];
    int code;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    for (code = 0; code < 100; code++) {
        int want = spbe_format_region_find(code) != NULL;

        count += want;
        snprintf(text, sizeof(text), "%02d71010101900001", code);
        assert_true(agrees(spbe_format_find(SPBE_SPAN("nik")),
                           spbe_span_from(text), want, pool));
        text[2] = '\0';
        assert_true(agrees(spbe_format_find(SPBE_SPAN("kode_wilayah")),
                           spbe_span_from(text), want, pool));
    }
    assert_int_equal(count, 38);
    apr_pool_destroy(pool);
}

/* The list of the regulation, and every other pair of letters refused. */
static void plate_areas(void **state)
{
    static const char areas[] =
        " A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE "
        "DG DH DK DL DM DN DP DR DT DW E EA EB ED F G H K KB KH KT KU L M N P "
        "PA PB PG PS PT PY R RI S T W Z ";
    apr_pool_t *pool;
    char text[8], word[5];
    int a, b;

    apr_initialize();
    for (a = 'A'; a <= 'Z'; a++) {
        for (b = 'A' - 1; b <= 'Z'; b++) {
            apr_pool_create(&pool, NULL);
            snprintf(text, sizeof(text), b < 'A' ? "%c 1" : "%c%c 1", a, b);
            snprintf(word, sizeof(word), b < 'A' ? " %c " : " %c%c ", a, b);
            if (!agrees(spbe_format_find(SPBE_SPAN("plat_nomor")),
                        spbe_span_from(text), strstr(areas, word) != NULL,
                        pool)) {
                fail_msg("%s", text);
            }
            apr_pool_destroy(pool);
        }
    }
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nik),
        cmocka_unit_test(no_kk),
        cmocka_unit_test(nip),
        cmocka_unit_test(npwp15),
        cmocka_unit_test(npwp16),
        cmocka_unit_test(npwp),
        cmocka_unit_test(npwp_ketat),
        cmocka_unit_test(nitku),
        cmocka_unit_test(nisn),
        cmocka_unit_test(nuptk),
        cmocka_unit_test(bpjs),
        cmocka_unit_test(paspor),
        cmocka_unit_test(objects),
        cmocka_unit_test(hp),
        cmocka_unit_test(telepon),
        cmocka_unit_test(kode_pos),
        cmocka_unit_test(kode_wilayah),
        cmocka_unit_test(plat_nomor),
        cmocka_unit_test(tanggal),
        cmocka_unit_test(accounts),
        cmocka_unit_test(every_place),
        cmocka_unit_test(nik_days),
        cmocka_unit_test(provinces),
        cmocka_unit_test(plate_areas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
