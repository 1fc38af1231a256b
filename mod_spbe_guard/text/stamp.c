/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/stamp.c - points in time as text. See stamp.h.
 */
#include "text/stamp.h"

#include <time.h>
#include <apr_strings.h>

void spbe_stamp_write(apr_time_t time, char out[SPBE_STAMP_SIZE])
{
    apr_time_exp_t t;

    apr_time_exp_gmt(&t, time);
    apr_snprintf(out, SPBE_STAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                 (t.tm_year + 1900) % 10000, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                 t.tm_min, t.tm_sec, t.tm_usec);
}

void spbe_stamp_local(apr_time_t time, char out[SPBE_STAMP_SIZE])
{
    time_t seconds = (time_t)apr_time_sec(time);
    struct tm t;

    if (localtime_r(&seconds, &t) == NULL ||
        strftime(out, SPBE_STAMP_SIZE, "%d-%m-%Y %H:%M:%S %Z", &t) == 0) {
        out[0] = '\0';
    }
}

void spbe_stamp_plain(apr_time_t time, char out[SPBE_STAMP_SIZE])
{
    time_t seconds = (time_t)apr_time_sec(time);
    struct tm t;

    out[0] = '\0';
    if (localtime_r(&seconds, &t) != NULL) {
        strftime(out, SPBE_STAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &t);
    }
}

/* n digits off the front; -1 when they are not there. */
static int take_digits(spbe_span_t *rest, size_t n)
{
    int value = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        if (i >= rest->len || rest->ptr[i] < '0' || rest->ptr[i] > '9') {
            return -1;
        }
        value = value * 10 + (rest->ptr[i] - '0');
    }
    *rest = spbe_span_slice(*rest, n, rest->len);
    return value;
}

static int take_char(spbe_span_t *rest, const char *allowed)
{
    if (rest->len == 0 ||
        spbe_span_chr(spbe_span_from(allowed), rest->ptr[0]) == SPBE_NPOS) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, 1, rest->len);
    return 1;
}

static int in_range(int value, int low, int high)
{
    return value >= low && value <= high;
}

static int read_date(spbe_span_t *rest, apr_time_exp_t *t)
{
    t->tm_year = take_digits(rest, 4) - 1900;
    if (!take_char(rest, "-")) {
        return 0;
    }
    t->tm_mon = take_digits(rest, 2) - 1;
    if (!take_char(rest, "-")) {
        return 0;
    }
    t->tm_mday = take_digits(rest, 2);
    return t->tm_year >= 70 && in_range(t->tm_mon, 0, 11) &&
           in_range(t->tm_mday, 1, 31);
}

static int read_fraction(spbe_span_t *rest, apr_time_exp_t *t)
{
    int scale = 100000, digit, any = 0;

    if (!take_char(rest, ".,")) {
        return 1;
    }
    while ((digit = take_digits(rest, 1)) >= 0) {
        t->tm_usec += digit * scale;
        scale /= 10;
        any = 1;
    }
    return any;
}

static int read_clock(spbe_span_t *rest, apr_time_exp_t *t)
{
    t->tm_hour = take_digits(rest, 2);
    if (!take_char(rest, ":")) {
        return 0;
    }
    t->tm_min = take_digits(rest, 2);
    if (take_char(rest, ":")) {
        t->tm_sec = take_digits(rest, 2);
    }
    return in_range(t->tm_hour, 0, 23) && in_range(t->tm_min, 0, 59) &&
           in_range(t->tm_sec, 0, 60) && read_fraction(rest, t);
}

static int read_zone(spbe_span_t *rest, apr_time_exp_t *t)
{
    int sign = rest->len > 0 && rest->ptr[0] == '-' ? -1 : 1, hours, minutes;

    if (take_char(rest, "Zz")) {
        return rest->len == 0;
    }
    if (!take_char(rest, "+-")) {
        return 0;
    }
    hours = take_digits(rest, 2);
    take_char(rest, ":");
    minutes = take_digits(rest, 2);
    t->tm_gmtoff = sign * (hours * 3600 + minutes * 60);
    return in_range(hours, 0, 23) && in_range(minutes, 0, 59) && rest->len == 0;
}

/* *zoned: the text says which zone it is in. */
static int read_stamp(spbe_span_t text, apr_time_exp_t *t, int *zoned)
{
    *zoned = 0;
    if (!read_date(&text, t)) {
        return 0;
    }
    if (text.len == 0) {
        return 1;
    }
    if (!take_char(&text, "Tt ") || !read_clock(&text, t)) {
        return 0;
    }
    *zoned = text.len > 0;
    return !*zoned || read_zone(&text, t);
}

int spbe_stamp_parse(spbe_span_t text, apr_time_t *time)
{
    apr_time_exp_t t = {0};
    int zoned;

    return read_stamp(text, &t, &zoned) &&
           apr_time_exp_gmt_get(time, &t) == APR_SUCCESS;
}

/* The rules of the zone decide, not the offset of today. */
static apr_time_t from_local(const apr_time_exp_t *t)
{
    struct tm local = {.tm_year = t->tm_year,
                       .tm_mon = t->tm_mon,
                       .tm_mday = t->tm_mday,
                       .tm_hour = t->tm_hour,
                       .tm_min = t->tm_min,
                       .tm_sec = t->tm_sec,
                       .tm_isdst = -1};

    return apr_time_from_sec(mktime(&local)) + t->tm_usec;
}

static int parse_local(spbe_span_t text, apr_time_t *time)
{
    apr_time_exp_t t = {0};
    int zoned;

    if (!read_stamp(text, &t, &zoned)) {
        return 0;
    }
    if (zoned) {
        return apr_time_exp_gmt_get(time, &t) == APR_SUCCESS;
    }
    *time = from_local(&t);
    return 1;
}

apr_time_t spbe_stamp_midnight(apr_time_t time, int days)
{
    time_t seconds = (time_t)apr_time_sec(time);
    apr_time_exp_t t = {0};
    struct tm local;

    if (localtime_r(&seconds, &local) == NULL) {
        return time;
    }
    t.tm_year = local.tm_year;
    t.tm_mon = local.tm_mon;
    t.tm_mday = local.tm_mday + days;
    return from_local(&t);
}

void spbe_stamp_day(apr_time_t time, char out[SPBE_STAMP_SIZE])
{
    spbe_stamp_plain(time, out);
    out[sizeof("2026-03-04") - 1] = '\0';
}

int spbe_stamp_since(spbe_span_t text, apr_time_t now, apr_time_t *time)
{
    apr_int64_t n = 0, unit;
    int digit, any = 0;
    spbe_span_t rest = text;

    while ((digit = take_digits(&rest, 1)) >= 0 && n < 1000000) {
        n = n * 10 + digit;
        any = 1;
    }
    if (!any || rest.len != 1) {
        return parse_local(text, time);
    }
    switch (rest.ptr[0]) {
    case 's':
        unit = 1;
        break;
    case 'm':
        unit = 60;
        break;
    case 'h':
        unit = 3600;
        break;
    case 'd':
        unit = 86400;
        break;
    default:
        return 0;
    }
    *time = now - apr_time_from_sec(n * unit);
    return 1;
}
