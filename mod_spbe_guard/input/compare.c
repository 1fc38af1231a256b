/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/compare.c - fields that must agree with each other. See compare.h.
 *
 * What cannot be compared agrees: each value has rules of its own, and a
 * comparison only adds to them.
 */
#include "input/compare.h"

#include <string.h>

#include "input/format_region.h"
#include "input/format_rules.h"
#include "text/decimal.h"

typedef struct moment {
    spbe_day_t day;
    spbe_clock_t clock;
    int timed;
} moment_t;

/* Bits of what an order may be. */
#define LESS 1u
#define SAME 2u
#define MORE 4u
#define ANY (LESS | SAME | MORE)

typedef struct op {
    const char *name;
    unsigned allowed; /* 0: not an order */
} op_t;

static const op_t ops[] = {
    {"<", LESS},         {"<=", LESS | SAME}, {"==", SAME},
    {"!=", LESS | MORE}, {">=", MORE | SAME}, {">", MORE},
    {"born", 0},         {"province", 0},     {NULL, 0},
};

static const op_t *find(const char *name)
{
    const op_t *op;

    for (op = ops; op->name != NULL; op++) {
        if (name != NULL && strcmp(op->name, name) == 0) {
            return op;
        }
    }
    return NULL;
}

int spbe_compare_known(const char *op)
{
    return find(op) != NULL;
}

int spbe_compare_is_flag(const char *op)
{
    const op_t *found = find(op);

    return found != NULL && found->allowed == 0;
}

/* A day, perhaps with the time behind 'T' or a blank. */
static int read_moment(spbe_span_t text, moment_t *m)
{
    m->timed = text.len > 10;
    if (!spbe_format_time_read_day(spbe_span_slice(text, 0, 10), &m->day)) {
        return 0;
    }
    if (!m->timed) {
        return 1;
    }
    return ((text.ptr[10] | 0x20) == 't' || text.ptr[10] == ' ') &&
           spbe_format_time_read_clock(spbe_span_slice(text, 11, text.len), 1,
                                       &m->clock);
}

static unsigned order(long long difference)
{
    return difference < 0 ? LESS : difference > 0 ? MORE : SAME;
}

/* Days since a 1 March; 400 years on top keep the divisions positive. */
static long long day_number(const spbe_day_t *day)
{
    long long year = day->year + (day->month > 2 ? 400 : 399);
    long long month = (day->month + 9) % 12;

    return year * 365 + year / 4 - year / 100 + year / 400 +
           (month * 306 + 5) / 10 + day->day;
}

static long long seconds(const moment_t *m)
{
    return ((day_number(&m->day) * 24 + m->clock.hour) * 60 + m->clock.minute -
            m->clock.offset) *
               60 +
           m->clock.second;
}

/* Digits behind the point; missing ones are zeros. */
static unsigned order_fractions(spbe_span_t a, spbe_span_t b)
{
    size_t i;

    for (i = 0; i < a.len || i < b.len; i++) {
        char x = i < a.len ? a.ptr[i] : '0', y = i < b.len ? b.ptr[i] : '0';

        if (x != y) {
            return order(x - y);
        }
    }
    return SAME;
}

static unsigned order_clocks(const moment_t *a, const moment_t *b)
{
    unsigned result = order(seconds(a) - seconds(b));

    return result != SAME
               ? result
               : order_fractions(a->clock.fraction, b->clock.fraction);
}

/* With a zone on one side alone it cannot be told. */
static unsigned order_moments(const moment_t *a, const moment_t *b)
{
    if (!a->timed || !b->timed) {
        return order(spbe_format_time_compare(&a->day, &b->day));
    }
    return a->clock.zoned == b->clock.zoned ? order_clocks(a, b) : ANY;
}

/* The times of one day: "08:00" and "16:30". */
static int read_time(spbe_span_t text, moment_t *m)
{
    m->day = (spbe_day_t){2000, 1, 1};
    m->timed = 1;
    return spbe_format_time_read_clock(text, 1, &m->clock);
}

/* 0: they are not both of a kind that has an order. */
static unsigned order_values(spbe_span_t left, spbe_span_t right)
{
    moment_t a, b;

    left = spbe_span_trim(left);
    right = spbe_span_trim(right);
    if ((read_moment(left, &a) && read_moment(right, &b)) ||
        (read_time(left, &a) && read_time(right, &b))) {
        return order_moments(&a, &b);
    }
    if (spbe_decimal_valid(left) && spbe_decimal_valid(right)) {
        return order(spbe_decimal_compare(left, right));
    }
    return 0;
}

/* Other texts have no order, but are the same or not: a repeated address. */
static int ordered(unsigned allowed, spbe_span_t left, spbe_span_t right)
{
    unsigned result = order_values(left, right);

    if (result != 0) {
        return (result & allowed) != 0;
    }
    if (allowed == SAME) {
        return spbe_span_eq(left, right);
    }
    return allowed != (LESS | MORE) || !spbe_span_eq(left, right);
}

/* DDMMYY of a NIK, 40 added to the day of women, against a day. The NIK stays
 * valid for life though it was made from a wrong date. */
static int born(spbe_span_t nik, spbe_span_t date)
{
    moment_t m;
    int day;

    if (!spbe_format_id_nik(nik, 0) || !read_moment(date, &m)) {
        return 1;
    }
    day = spbe_format_time_digits(nik, 6, 2);
    return (day > 40 ? day - 40 : day) == m.day.day &&
           spbe_format_time_digits(nik, 8, 2) == m.day.month &&
           spbe_format_time_digits(nik, 10, 2) == m.day.year % 100;
}

static int in_province(spbe_span_t code, spbe_span_t province)
{
    const spbe_region_t *region = spbe_format_region_named(province);

    if (region == NULL || !spbe_format_place_kode_pos(code, 0)) {
        return 1;
    }
    return strchr(region->zones, code.ptr[0]) != NULL;
}

int spbe_compare_holds(const char *op, spbe_span_t left, spbe_span_t right)
{
    const op_t *found = find(op);

    if (found == NULL || spbe_span_trim(left).len == 0 ||
        spbe_span_trim(right).len == 0) {
        return 1;
    }
    if (found->allowed != 0) {
        return ordered(found->allowed, left, right);
    }
    left = spbe_span_trim(left);
    right = spbe_span_trim(right);
    return strcmp(op, "born") == 0 ? born(left, right)
                                   : in_province(left, right);
}
