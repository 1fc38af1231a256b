/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_place.c - postal and region codes, vehicle plates, telephones.
 *
 * Operators' and offices' lists go stale and are not asked; plates' letters
 * are, since the regulation closes that list.
 */
#include "input/format_region.h"
#include "input/format_rules.h"

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int spbe_format_place_kode_pos(spbe_span_t text, apr_time_t now)
{
    return text.len == 5 && spbe_format_time_digits(text, 0, 5) >= 10000;
}

/* Regencies 01-69, cities 71-99 (Permendagri 58/2021). */
static int is_regency(int code)
{
    return code >= 1 && code <= 99 && code != 70;
}

/* The last four digits: 1 kelurahan, 2 desa, 3 desa adat, and a serial. */
static int is_village(spbe_span_t s)
{
    int code = spbe_format_time_digits(s, 6, 4);

    return code > 1000 && code < 4000 && code % 1000 > 0;
}

static int is_region(spbe_span_t s)
{
    if (spbe_format_region_find(spbe_format_time_digits(s, 0, 2)) == NULL ||
        (s.len > 2 && !is_regency(spbe_format_time_digits(s, 2, 2)))) {
        return 0;
    }
    switch (s.len) {
    case 2:
    case 4:
        return 1;
    case 6:
        return spbe_format_time_digits(s, 4, 2) > 0;
    case 9: /* an island */
        return s.ptr[4] == '4' && spbe_format_time_digits(s, 5, 4) > 0;
    case 10:
        return spbe_format_time_digits(s, 4, 2) > 0 && is_village(s);
    default:
        return 0;
    }
}

/* 2, 4, 6, 9 or 10 digits; with dots at every seam or at none. */
int spbe_format_place_kode_wilayah(spbe_span_t text, apr_time_t now)
{
    int dotted = text.len > 2 && text.ptr[2] == '.';
    char digits[10];
    size_t i, n = 0;

    for (i = 0; i < text.len; i++) {
        int seam = dotted && (i == 2 || i == 5 || (i == 8 && text.len != 11));

        if (seam ? text.ptr[i] != '.' : !is_digit(text.ptr[i])) {
            return 0;
        }
        if (!seam && n == sizeof(digits)) {
            return 0;
        }
        if (!seam) {
            digits[n++] = text.ptr[i];
        }
    }
    /* Of 12 characters, the third dot would stand within an island's code. */
    return text.len != 12 && is_region((spbe_span_t){digits, n}) &&
           is_digit(text.ptr[text.len - 1]);
}

/* Perpol 7/2021, with the codes of the provinces of 2022; RI: the state. */
static int is_plate_area(spbe_span_t area)
{
    static const char areas[] =
        "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE "
        "DG DH DK DL DM DN DP DR DT DW E EA EB ED F G H K KB KH KT KU L M N P "
        "PA PB PG PS PT PY R RI S T W Z";
    spbe_span_t rest = SPBE_SPAN(areas);

    while (rest.len > 0) {
        if (spbe_span_ieq(spbe_span_cut(&rest, ' '), area)) {
            return 1;
        }
    }
    return 0;
}

/* Takes up to max letters (or digits) off the front. */
static spbe_span_t take_run(spbe_span_t *rest, size_t max, int digits)
{
    spbe_span_t run;
    size_t n = 0;

    while (n < rest->len && n < max) {
        char c = rest->ptr[n] | 0x20;

        if (digits ? !is_digit(rest->ptr[n]) : c < 'a' || c > 'z') {
            break;
        }
        n++;
    }
    run = spbe_span_slice(*rest, 0, n);
    *rest = spbe_span_slice(*rest, n, rest->len);
    return run;
}

/* Takes one of set, when it is there. */
static int take_one(spbe_span_t *rest, spbe_span_t set)
{
    if (rest->len == 0 || spbe_span_chr(set, rest->ptr[0]) == SPBE_NPOS) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, 1, rest->len);
    return 1;
}

int spbe_format_place_plat_nomor(spbe_span_t text, apr_time_t now)
{
    spbe_span_t number, tail, area = take_run(&text, 2, 0);
    int apart;

    take_one(&text, SPBE_SPAN(" -"));
    number = take_run(&text, 4, 1);
    apart = take_one(&text, SPBE_SPAN(" -"));
    tail = take_run(&text, 3, 0);
    return text.len == 0 && is_plate_area(area) && number.len > 0 &&
           number.ptr[0] != '0' && (tail.len > 0 || !apart);
}

#define SEPARATORS SPBE_SPAN(" .-")

typedef enum phone {
    PHONE_NONE = 0,
    PHONE_MOBILE = 1,
    PHONE_FIXED = 2
} phone_t;

static int take(spbe_span_t *rest, spbe_span_t word)
{
    if (!spbe_span_starts(*rest, word)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, word.len, rest->len);
    return 1;
}

/* +62, 62, (+62), (62), each perhaps with (0); or 0. */
static int take_prefix(spbe_span_t *rest)
{
    if (take(rest, SPBE_SPAN("+62")) || take(rest, SPBE_SPAN("62")) ||
        take(rest, SPBE_SPAN("(+62)")) || take(rest, SPBE_SPAN("(62)"))) {
        take_one(rest, SEPARATORS);
        if (take(rest, SPBE_SPAN("(0)"))) {
            take_one(rest, SEPARATORS);
        }
        return 1;
    }
    if (take(rest, SPBE_SPAN("0"))) {
        take_one(rest, SEPARATORS);
        return 1;
    }
    return 0;
}

static phone_t kind_of(char first, char second)
{
    if (first == '8') {
        return second >= '1' && second <= '9' && second != '4' ? PHONE_MOBILE
                                                               : PHONE_NONE;
    }
    return first >= '2' && first <= '9' && is_digit(second) ? PHONE_FIXED
                                                            : PHONE_NONE;
}

/* Digits with at most one separator before each; 0 when there is more. */
static size_t count_digits(spbe_span_t rest)
{
    size_t count = 0;

    while (rest.len > 0) {
        if (take_run(&rest, 1, 1).len == 0) {
            return 0;
        }
        count++;
        if (take_one(&rest, SEPARATORS) && rest.len == 0) {
            return 0;
        }
    }
    return count;
}

static phone_t judge(char first, char second, size_t count)
{
    phone_t kind = kind_of(first, second);
    size_t least = kind == PHONE_MOBILE ? 9 : 7;
    size_t most = kind == PHONE_MOBILE ? 12 : 11;

    return count >= least && count <= most ? kind : PHONE_NONE;
}

/* (0778) 123456: the area in parentheses, three or four digits with its 0 for
 * fixed lines, four or five for mobiles. */
static phone_t read_area(spbe_span_t rest)
{
    spbe_span_t area = take_run(&rest, 4, 1);
    phone_t kind;
    size_t count;

    if (area.len < 2 || !take(&rest, SPBE_SPAN(")"))) {
        return PHONE_NONE;
    }
    take_one(&rest, SEPARATORS);
    count = count_digits(rest);
    kind = judge(area.ptr[0], area.ptr[1], area.len + count);
    if (count == 0 || area.len > (kind == PHONE_MOBILE ? 4u : 3u) ||
        area.len < (kind == PHONE_MOBILE ? 3u : 2u)) {
        return PHONE_NONE;
    }
    return kind;
}

/*
 * The country's plan: a mobile number is 8 and 8 to 11 digits more, a fixed one
 * 7 to 11 with its area (Permenkominfo 14/2018).
 */
static phone_t read_phone(spbe_span_t text)
{
    spbe_span_t rest = text;
    size_t count;

    if (take(&rest, SPBE_SPAN("(0"))) {
        return read_area(rest);
    }
    if (!take_prefix(&rest)) {
        return PHONE_NONE;
    }
    count = count_digits(rest);
    if (count < 2) {
        return PHONE_NONE;
    }
    /* The first two stand together: no area has one digit. */
    return judge(rest.ptr[0], rest.ptr[1], count);
}

int spbe_format_place_hp(spbe_span_t text, apr_time_t now)
{
    return read_phone(text) == PHONE_MOBILE;
}

int spbe_format_place_telepon_tetap(spbe_span_t text, apr_time_t now)
{
    return read_phone(text) == PHONE_FIXED;
}

int spbe_format_place_telepon(spbe_span_t text, apr_time_t now)
{
    return read_phone(text) != PHONE_NONE;
}
