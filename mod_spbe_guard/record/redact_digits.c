/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_digits.c - runs of ten and more digits, also with separators:
 * NIK, KK, NIP, NPWP, card, account and telephone numbers.
 *
 * Times, dates, addresses of hosts, versions and UUIDs are recognised first
 * and stay: a developer needs them.
 */
#include "record/redact_scan.h"

#include "text/percent.h"

#define MANY 10
#define SEPARATORS 3 /* characters between two groups: " - " */

static size_t count_digits(spbe_span_t s, size_t i)
{
    size_t n = 0;

    while (spbe_hide_digit(spbe_hide_at(s, i + n))) {
        n++;
    }
    return n;
}

static int value_at(spbe_span_t s, size_t i, size_t len)
{
    int value = 0;

    while (len-- > 0) {
        value = value * 10 + (spbe_hide_at(s, i++) - '0');
    }
    return value;
}

/* Does another group of digits hang on at i? */
static int joined(spbe_span_t s, size_t i)
{
    char c = spbe_hide_at(s, i);

    return spbe_hide_digit(c) ||
           ((c == '.' || c == '-') && spbe_hide_digit(spbe_hide_at(s, i + 1)));
}

static size_t uuid_length(spbe_span_t s, size_t i)
{
    size_t k;

    for (k = 0; k < 36; k++) {
        char c = spbe_hide_at(s, i + k);

        if (k == 8 || k == 13 || k == 18 || k == 23 ? c != '-'
                                                    : spbe_percent_hex(c) < 0) {
            return 0;
        }
    }
    return spbe_hide_alnum(spbe_hide_at(s, i + 36)) ? 0 : 36;
}

static int is_year(spbe_span_t s, size_t i)
{
    return count_digits(s, i) == 4 && value_at(s, i, 4) >= 1900 &&
           value_at(s, i, 4) < 2100;
}

static int is_day_month(spbe_span_t s, size_t day, size_t month)
{
    int d = value_at(s, day, 2), m = value_at(s, month, 2);

    return d >= 1 && d <= 31 && m >= 1 && m <= 12;
}

/* 2026-03-04, 04/03/2026, with '-', '/' or '.'. */
static size_t date_length(spbe_span_t s, size_t i)
{
    size_t first = count_digits(s, i), last = first == 4 ? 8 : 6;
    char sep = spbe_hide_at(s, i + first);
    int good;

    if ((first != 4 && first != 2) ||
        (sep != '-' && sep != '/' && sep != '.') ||
        count_digits(s, i + first + 1) != 2 ||
        spbe_hide_at(s, i + first + 3) != sep) {
        return 0;
    }
    good = first == 4 ? is_year(s, i) && count_digits(s, i + last) == 2 &&
                            is_day_month(s, i + 8, i + 5)
                      : is_year(s, i + last) && is_day_month(s, i, i + 3);
    return good && !joined(s, i + 10) ? 10 : 0;
}

/* 10:22, 10:22:33, 10:22:33.123456, and a year behind it as httpd writes. */
static size_t time_length(spbe_span_t s, size_t i)
{
    size_t k = i + count_digits(s, i);
    char after;

    if (k - i > 2 || spbe_hide_at(s, k) != ':' || count_digits(s, k + 1) != 2) {
        return 0;
    }
    k += 3;
    if (spbe_hide_at(s, k) == ':' && count_digits(s, k + 1) == 2) {
        k += 3;
        if ((spbe_hide_at(s, k) == '.' || spbe_hide_at(s, k) == ',') &&
            count_digits(s, k + 1) >= 1 && count_digits(s, k + 1) <= 9) {
            k += 1 + count_digits(s, k + 1);
        }
        after = spbe_hide_at(s, k + 5);
        if (spbe_hide_at(s, k) == ' ' && is_year(s, k + 1) &&
            (after == ']' || after == '\0' || after == '\n')) {
            k += 5;
        }
    }
    return k - i;
}

static size_t ipv4_length(spbe_span_t s, size_t i)
{
    size_t k = i;
    int group;

    for (group = 0; group < 4; group++) {
        size_t n = count_digits(s, k);

        if (n == 0 || n > 3 || value_at(s, k, n) > 255 ||
            (n > 1 && s.ptr[k] == '0') ||
            (group < 3 && spbe_hide_at(s, k + n) != '.')) {
            return 0;
        }
        k += n + (group < 3 ? 1 : 0);
    }
    return joined(s, k) ? 0 : k - i;
}

/* "Chrome/120.0.6099.109": a letter and '/', and a part of one digit. */
static size_t version_length(spbe_span_t s, size_t i)
{
    size_t k = i, groups = 0, single = 0, total = 0;

    if (spbe_hide_at(s, i - 1) != '/' ||
        !spbe_hide_alpha(spbe_hide_at(s, i - 2))) {
        return 0;
    }
    do {
        size_t n = count_digits(s, k);

        single += n == 1;
        total += n;
        groups++;
        k += n + 1;
    } while (spbe_hide_at(s, k - 1) == '.' &&
             spbe_hide_digit(spbe_hide_at(s, k)));
    k--;
    return groups >= 3 && groups <= 4 && single > 0 && total <= 13 &&
                   !joined(s, k)
               ? k - i
               : 0;
}

/* /releases/20260304102233/: a folder named after the time of a release. */
static size_t release_length(spbe_span_t s, size_t i)
{
    char before = spbe_hide_at(s, i - 1), after = spbe_hide_at(s, i + 14);

    if ((before != '/' && before != '\\') || count_digits(s, i) != 14 ||
        (after != '/' && after != '\\')) {
        return 0;
    }
    return value_at(s, i, 4) >= 2000 && value_at(s, i, 4) < 2100 &&
                   is_day_month(s, i + 6, i + 4) &&
                   value_at(s, i + 8, 2) < 24 && value_at(s, i + 10, 2) < 60 &&
                   value_at(s, i + 12, 2) < 60
               ? 14
               : 0;
}

static size_t hex_length(spbe_span_t s, size_t i)
{
    size_t k = i + 2;

    if (s.ptr[i] != '0' || (spbe_hide_at(s, i + 1) | 32) != 'x') {
        return 0;
    }
    while (spbe_percent_hex(spbe_hide_at(s, k)) >= 0) {
        k++;
    }
    return k - i > 2 ? k - i : 0;
}

/* Length of something at i that has digits and stays, or 0. */
static size_t keep_length(spbe_span_t s, size_t i)
{
    static size_t (*const shapes[])(spbe_span_t, size_t) = {
        time_length,    date_length,    ipv4_length,
        version_length, release_length, hex_length,
    };
    size_t k;

    for (k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
        size_t len = shapes[k](s, i);

        if (len > 0) {
            return len;
        }
    }
    return 0;
}

/* Length of the separator at i when digits follow it, or 0. */
static size_t separator_length(spbe_span_t s, size_t i)
{
    static const spbe_span_t longer[] = {
        {"%20", 3},      {"&nbsp;", 6},       {"&#160;", 6},
        {"\xc2\xa0", 2}, {"\xe2\x80\x91", 3}, {"\xe2\x80\x93", 3},
    };
    size_t k, len = 0;

    for (k = 0; k < sizeof(longer) / sizeof(longer[0]); k++) {
        if (spbe_hide_is(s, i, longer[k])) {
            len = longer[k].len;
        }
    }
    while (len < SEPARATORS &&
           spbe_span_chr(SPBE_SPAN(" .-()+"), spbe_hide_at(s, i + len)) !=
               SPBE_NPOS) {
        len++;
    }
    return spbe_hide_digit(spbe_hide_at(s, i + len)) ? len : 0;
}

typedef struct run {
    size_t end, digits, groups;
} run_t;

static run_t read_run(spbe_span_t s, size_t i)
{
    run_t run = {i, 0, 0};

    for (;;) {
        size_t n = count_digits(s, run.end), sep;

        run.digits += n;
        run.groups++;
        run.end += n;
        sep = separator_length(s, run.end);
        /* What follows a space may be a time or an address of its own. */
        if (sep == 0 ||
            (s.ptr[run.end] == ' ' && keep_length(s, run.end + sep) > 0)) {
            return run;
        }
        run.end += sep;
    }
}

/* Sizes and thread ids, as PHP and httpd print them. */
static int is_harmless(spbe_span_t s, size_t i, run_t run)
{
    if (run.groups > 1) {
        return 0;
    }
    return (run.digits <= 13 &&
            spbe_hide_is(s, run.end, SPBE_SPAN(" bytes"))) ||
           (i >= 4 && spbe_hide_is(s, i - 4, SPBE_SPAN("tid ")));
}

void spbe_hide_digits(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    while (i < s.len) {
        size_t skip = 0;
        run_t run;

        if (spbe_hide_alnum(s.ptr[i]) &&
            !spbe_hide_alnum(spbe_hide_at(s, i - 1))) {
            skip = uuid_length(s, i);
        }
        if (skip == 0 && spbe_hide_digit(s.ptr[i])) {
            skip = keep_length(s, i);
        }
        if (skip > 0 || !spbe_hide_digit(s.ptr[i])) {
            i += skip > 0 ? skip : 1;
            continue;
        }
        run = read_run(s, i);
        if (run.digits >= MANY && !is_harmless(s, i, run)) {
            spbe_hide_mark(hide, i, run.end);
        }
        i = run.end;
    }
}
