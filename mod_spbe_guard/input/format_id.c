/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_id.c - numbers of persons, taxpayers, employees, pupils.
 *
 * ASCII digits only, leading zeros kept. A right structure does not mean that
 * the number was issued, nor to whom. Where no official rule for a digit is
 * known, nothing is asked of it.
 */
#include "input/format_region.h"
#include "input/format_rules.h"

/* Digits of the longest number, NITKU. */
#define DIGITS_MAX 24

/*
 * Collects the digits of text by layout: 'd' a digit, 's' perhaps a blank or a
 * dot, '-' perhaps one of those or a hyphen, 'b' perhaps a blank. The digits'
 * span (in digits), or the empty one when text is not of that form.
 */
static spbe_span_t collect(spbe_span_t text, const char *layout, char *digits)
{
    size_t at = 0, n = 0;

    for (; *layout != '\0'; layout++) {
        char c = at < text.len ? text.ptr[at] : '\0';

        if (*layout == 'd') {
            if (c < '0' || c > '9') {
                return SPBE_SPAN_EMPTY;
            }
            digits[n++] = c;
            at++;
        }
        else if (c == ' ' || (c == '.' && *layout != 'b') ||
                 (c == '-' && *layout == '-')) {
            at++;
        }
    }
    return at == text.len ? (spbe_span_t){digits, n} : SPBE_SPAN_EMPTY;
}

static int all_digits(spbe_span_t s, size_t count)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return 0;
        }
    }
    return s.len == count;
}

static int all_same(spbe_span_t s)
{
    size_t i;

    for (i = 1; i < s.len; i++) {
        if (s.ptr[i] != s.ptr[0]) {
            return 0;
        }
    }
    return 1;
}

/* So many digits, not all of them 0. */
static int number(spbe_span_t s, size_t count)
{
    return all_digits(s, count) && !(s.ptr[0] == '0' && all_same(s));
}

static int part(spbe_span_t s, size_t at, size_t count)
{
    return spbe_format_time_digits(s, at, count);
}

/* Province of the list; regency and district by their being there: codes of
 * the past stay valid for life. */
static int is_origin(spbe_span_t s)
{
    return spbe_format_region_find(part(s, 0, 2)) != NULL &&
           part(s, 2, 2) > 0 && part(s, 4, 2) > 0;
}

/*
 * PP KK CC DDMMYY SSSS, the day 40 higher for women (PP 40/2019 pasal 30,
 * Permendagri 108/2019). The day must exist in one of the two centuries; as the
 * earlier one always lies in the past, the clock cannot decide anything.
 */
int spbe_format_id_nik(spbe_span_t text, apr_time_t now)
{
    int day, month, year;

    if (!all_digits(text, 16) || !is_origin(text)) {
        return 0;
    }
    day = part(text, 6, 2);
    month = part(text, 8, 2);
    year = part(text, 10, 2);
    if (day > 40) {
        day -= 40;
    }
    return (spbe_format_time_exists(1900 + year, month, day) ||
            spbe_format_time_exists(2000 + year, month, day)) &&
           part(text, 12, 4) > 0;
}

/* Region, day of recording, serial. Not every office kept to the calendar, so
 * the day must only be one that some month has. */
int spbe_format_id_no_kk(spbe_span_t text, apr_time_t now)
{
    int day, month;

    if (!all_digits(text, 16) || !is_origin(text)) {
        return 0;
    }
    day = part(text, 6, 2);
    month = part(text, 8, 2);
    return day >= 1 && day <= 31 && month >= 1 && month <= 12 &&
           part(text, 12, 4) > 0;
}

/*
 * Birth YYYYMMDD; PNS: year and month of appointment (Perka BKN 22/2007); PPPK:
 * year and a count of contracts that begins at 21; sex; serial from 001.
 */
int spbe_format_id_nip(spbe_span_t text, apr_time_t now)
{
    char digits[DIGITS_MAX];
    spbe_span_t s = collect(text, "ddddddddsddddddsdsddd", digits);
    spbe_day_t birth, today = spbe_format_time_today(now);
    int year, month, sex;

    if (s.len != 18) {
        return 0;
    }
    birth = (spbe_day_t){part(s, 0, 4), part(s, 4, 2), part(s, 6, 2)};
    year = part(s, 8, 4);
    month = part(s, 12, 2);
    sex = part(s, 14, 1);
    if (birth.year < 1900 ||
        !spbe_format_time_exists(birth.year, birth.month, birth.day) ||
        spbe_format_time_compare(&birth, &today) > 0) {
        return 0;
    }
    /* Numbers are made some months before the appointment they name. */
    return year > birth.year && year <= today.year + 1 &&
           ((month >= 1 && month <= 12) || month >= 21) &&
           (sex == 1 || sex == 2) && part(s, 15, 3) > 0;
}

static spbe_span_t npwp15(spbe_span_t text, char *digits)
{
    spbe_span_t s = collect(text, "ddsdddsdddsd-dddsddd", digits);

    /* 00.000.000.0-000.000 stands for "none" on paper. */
    return all_same(s) && s.len > 0 && s.ptr[0] == '0' ? SPBE_SPAN_EMPTY : s;
}

int spbe_format_id_npwp15(spbe_span_t text, apr_time_t now)
{
    char digits[DIGITS_MAX];

    return npwp15(text, digits).len == 15;
}

/* PMK 112/PMK.03/2022: a NIK, 0 and the old number, or what Coretax issues, of
 * which no rule is published. */
int spbe_format_id_npwp16(spbe_span_t text, apr_time_t now)
{
    return all_digits(text, 16) && !all_same(text);
}

static spbe_span_t npwp16(spbe_span_t text, char *digits)
{
    spbe_span_t s = collect(text, "ddddbddddbddddbdddd", digits);

    return all_same(s) ? SPBE_SPAN_EMPTY : s;
}

int spbe_format_id_npwp(spbe_span_t text, apr_time_t now)
{
    char digits[DIGITS_MAX];

    return npwp15(text, digits).len == 15 || npwp16(text, digits).len == 16;
}

/* The ninth digit as Luhn's check digit of the eight before it: true of every
 * published number, but no office has said so. */
static int luhn(spbe_span_t s)
{
    int sum = 0, i;

    for (i = 0; i < 9; i++) {
        int digit = s.ptr[i] - '0';

        if (i % 2 == 1) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
    }
    return sum % 10 == 0;
}

int spbe_format_id_npwp_ketat(spbe_span_t text, apr_time_t now)
{
    char digits[DIGITS_MAX];
    spbe_span_t s = npwp15(text, digits);

    if (s.len == 15) {
        return luhn(s);
    }
    s = npwp16(text, digits);
    if (s.len != 16) {
        return 0;
    }
    return s.ptr[0] == '0' ? luhn(spbe_span_slice(s, 1, s.len))
                           : spbe_format_id_nik(s, now);
}

/* NPWP of 16 digits and the place of business, 000000 the head office. */
int spbe_format_id_nitku(spbe_span_t text, apr_time_t now)
{
    return all_digits(text, 22) && !all_same(spbe_span_slice(text, 0, 16));
}

int spbe_format_id_nisn(spbe_span_t text, apr_time_t now)
{
    return number(text, 10);
}

int spbe_format_id_nuptk(spbe_span_t text, apr_time_t now)
{
    return number(text, 16);
}

int spbe_format_id_bpjs_kes(spbe_span_t text, apr_time_t now)
{
    return number(text, 13);
}

/* KPJ: the third place of old ones is a letter. */
int spbe_format_id_bpjs_tk(spbe_span_t text, apr_time_t now)
{
    char third = text.len == 11 ? (char)(text.ptr[2] | 0x20) : '\0';

    if (third < 'a' || third > 'z') {
        return number(text, 11);
    }
    return all_digits(spbe_span_slice(text, 0, 2), 2) &&
           all_digits(spbe_span_slice(text, 3, 11), 8);
}

int spbe_format_id_bpjs(spbe_span_t text, apr_time_t now)
{
    return spbe_format_id_bpjs_kes(text, now) ||
           spbe_format_id_bpjs_tk(text, now);
}

static int is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* One or two letters and six or seven digits: sources differ. */
int spbe_format_id_paspor(spbe_span_t text, apr_time_t now)
{
    size_t n = 0;

    while (n < text.len && n < 2 && is_letter(text.ptr[n])) {
        n++;
    }
    text = spbe_span_slice(text, n, text.len);
    return n > 0 && (all_digits(text, 6) || all_digits(text, 7));
}

/* ICAO 9303: up to nine letters and digits. */
int spbe_format_id_paspor_asing(spbe_span_t text, apr_time_t now)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (!is_letter(text.ptr[i]) &&
            (text.ptr[i] < '0' || text.ptr[i] > '9')) {
            return 0;
        }
    }
    return text.len >= 5 && text.len <= 9;
}

/* PBB: PP.KK.KKK.KKK.BBB-NNNN.J; the regions in it are the tax office's own. */
int spbe_format_id_nop(spbe_span_t text, apr_time_t now)
{
    char digits[DIGITS_MAX];
    spbe_span_t s = collect(text, "dd-dd-ddd-ddd-ddd-dddd-d", digits);

    return number(s, 18);
}

int spbe_format_id_nib(spbe_span_t text, apr_time_t now)
{
    return number(text, 13);
}

/* Schools: eight digits; courses and learning centres: a letter and seven. */
int spbe_format_id_npsn(spbe_span_t text, apr_time_t now)
{
    if (text.len > 0 && is_letter(text.ptr[0])) {
        return all_digits(spbe_span_slice(text, 1, text.len), 7);
    }
    return number(text, 8);
}
