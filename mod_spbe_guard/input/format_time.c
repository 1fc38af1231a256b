/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_time.c - dates, times and durations: RFC 3339, what HTML's date
 * fields send, and the day first as it is written in Indonesia.
 *
 * ASCII digits only. A leap second is accepted where it can be: in the last
 * minute of a day of UTC.
 */
#include "input/format_rules.h"

#include <apr_time.h>

int spbe_format_time_digits(spbe_span_t s, size_t at, size_t count)
{
    int value = 0;
    size_t i;

    if (at > s.len || count > s.len - at) {
        return -1;
    }
    for (i = at; i < at + count; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return -1;
        }
        value = value * 10 + (s.ptr[i] - '0');
    }
    return value;
}

int spbe_format_time_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1) {
        return 0;
    }
    return day <= days[month - 1] + (month == 2 && leap);
}

static int read_iso(spbe_span_t s, spbe_day_t *day)
{
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-') {
        return 0;
    }
    day->year = spbe_format_time_digits(s, 0, 4);
    day->month = spbe_format_time_digits(s, 5, 2);
    day->day = spbe_format_time_digits(s, 8, 2);
    return spbe_format_time_exists(day->year, day->month, day->day);
}

static int read_day_first(spbe_span_t s, spbe_day_t *day)
{
    if (s.len != 10 || s.ptr[2] != s.ptr[5] ||
        (s.ptr[2] != '-' && s.ptr[2] != '/' && s.ptr[2] != '.')) {
        return 0;
    }
    day->day = spbe_format_time_digits(s, 0, 2);
    day->month = spbe_format_time_digits(s, 3, 2);
    day->year = spbe_format_time_digits(s, 6, 4);
    return spbe_format_time_exists(day->year, day->month, day->day);
}

int spbe_format_time_read_day(spbe_span_t s, spbe_day_t *day)
{
    return read_iso(s, day) || read_day_first(s, day);
}

int spbe_format_time_compare(const spbe_day_t *a, const spbe_day_t *b)
{
    if (a->year != b->year) {
        return a->year - b->year;
    }
    return a->month != b->month ? a->month - b->month : a->day - b->day;
}

spbe_day_t spbe_format_time_today(apr_time_t now)
{
    apr_time_exp_t parts;

    apr_time_exp_tz(&parts, now, 9 * 3600);
    return (spbe_day_t){parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
}

static spbe_span_t take_fraction(spbe_span_t *rest)
{
    spbe_span_t digits = SPBE_SPAN_EMPTY;

    if (rest->len == 0 || rest->ptr[0] != '.') {
        return digits;
    }
    digits = spbe_span_slice(*rest, 1, 1);
    while (1 + digits.len < rest->len && rest->ptr[1 + digits.len] >= '0' &&
           rest->ptr[1 + digits.len] <= '9') {
        digits.len++;
    }
    if (digits.len > 0) {
        *rest = spbe_span_slice(*rest, 1 + digits.len, rest->len);
    }
    return digits;
}

static int read_zone(spbe_span_t s, spbe_clock_t *clock)
{
    int hour, minute;

    clock->zoned = s.len > 0;
    clock->offset = 0;
    if (s.len == 0 || (s.len == 1 && (s.ptr[0] | 0x20) == 'z')) {
        return 1;
    }
    if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || s.ptr[3] != ':') {
        return 0;
    }
    hour = spbe_format_time_digits(s, 1, 2);
    minute = spbe_format_time_digits(s, 4, 2);
    clock->offset = (s.ptr[0] == '-' ? -1 : 1) * (hour * 60 + minute);
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

static int second_fits(const spbe_clock_t *clock)
{
    int utc;

    if (clock->second != 60) {
        return clock->second >= 0 && clock->second <= 59;
    }
    utc = clock->hour * 60 + clock->minute - clock->offset;
    return clock->zoned && (utc + 2 * 1440) % 1440 == 23 * 60 + 59;
}

int spbe_format_time_read_clock(spbe_span_t s, int loose, spbe_clock_t *clock)
{
    spbe_span_t rest = spbe_span_slice(s, 5, s.len);

    clock->hour = spbe_format_time_digits(s, 0, 2);
    clock->minute = spbe_format_time_digits(s, 3, 2);
    clock->second = 0;
    clock->fraction = SPBE_SPAN_EMPTY;
    if (clock->hour < 0 || clock->hour > 23 || clock->minute < 0 ||
        clock->minute > 59 || s.ptr[2] != ':') {
        return 0;
    }
    if (rest.len > 0 && rest.ptr[0] == ':') {
        clock->second = spbe_format_time_digits(rest, 1, 2);
        rest = spbe_span_slice(rest, 3, rest.len);
        clock->fraction = take_fraction(&rest);
    }
    else if (!loose) {
        return 0;
    }
    return read_zone(rest, clock) && second_fits(clock) &&
           (loose || clock->zoned);
}

int spbe_format_time_date(spbe_span_t text, apr_time_t now)
{
    spbe_day_t day;

    return read_iso(text, &day);
}

int spbe_format_time_time(spbe_span_t text, apr_time_t now)
{
    spbe_clock_t clock;

    return spbe_format_time_read_clock(text, 0, &clock);
}

static int read_both(spbe_span_t text, int loose, spbe_clock_t *clock)
{
    spbe_day_t day;

    return text.len > 11 && (text.ptr[10] | 0x20) == 't' &&
           read_iso(spbe_span_slice(text, 0, 10), &day) &&
           spbe_format_time_read_clock(spbe_span_slice(text, 11, text.len),
                                       loose, clock);
}

int spbe_format_time_datetime(spbe_span_t text, apr_time_t now)
{
    spbe_clock_t clock;

    return read_both(text, 0, &clock);
}

int spbe_format_time_time_local(spbe_span_t text, apr_time_t now)
{
    spbe_clock_t clock;

    return spbe_format_time_read_clock(text, 1, &clock) && !clock.zoned;
}

int spbe_format_time_datetime_local(spbe_span_t text, apr_time_t now)
{
    spbe_clock_t clock;

    return read_both(text, 1, &clock) && !clock.zoned;
}

int spbe_format_time_tanggal(spbe_span_t text, apr_time_t now)
{
    spbe_day_t day;

    return read_day_first(text, &day);
}

/* As HTML's date field sends it: a day between 1900 and today. */
int spbe_format_time_lahir(spbe_span_t text, apr_time_t now)
{
    spbe_day_t day, today = spbe_format_time_today(now);

    return read_iso(text, &day) && day.year >= 1900 &&
           spbe_format_time_compare(&day, &today) <= 0;
}

/* Takes 1*DIGIT and the unit; 0 and nothing taken when that is not there. */
static int take_unit(spbe_span_t *rest, char unit)
{
    size_t n = 0;

    while (n < rest->len && rest->ptr[n] >= '0' && rest->ptr[n] <= '9') {
        n++;
    }
    if (n == 0 || n == rest->len || rest->ptr[n] != unit) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, n + 1, rest->len);
    return 1;
}

/* Units of a chain (YMD or HMS): a run of neighbours, at least one. */
static int take_chain(spbe_span_t *rest, const char *units)
{
    size_t i = 0;

    while (i < 3 && !take_unit(rest, units[i])) {
        i++;
    }
    if (i == 3) {
        return 0;
    }
    do {
        i++;
    } while (i < 3 && take_unit(rest, units[i]));
    return 1;
}

/* RFC 3339 appendix A: no signs, fractions or gaps between units. */
int spbe_format_time_duration(spbe_span_t text, apr_time_t now)
{
    spbe_span_t rest = spbe_span_slice(text, 1, text.len);
    int some;

    if (text.len == 0 || text.ptr[0] != 'P') {
        return 0;
    }
    if (take_unit(&rest, 'W')) {
        return rest.len == 0;
    }
    some = take_chain(&rest, "YMD");
    if (rest.len > 0 && rest.ptr[0] == 'T') {
        rest = spbe_span_slice(rest, 1, rest.len);
        some = take_chain(&rest, "HMS");
    }
    return some && rest.len == 0;
}
