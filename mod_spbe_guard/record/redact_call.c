/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_call.c - arguments that stack traces print: PHP's
 * "#0 /x.php(3): login('admin', 'rahasia')", Xdebug's numbered lines, Perl's
 * "main::login('x') called at". Names, files and lines stay.
 */
#include "record/redact_scan.h"

#define ARGUMENT_MAX 4096

static size_t skip_digits(spbe_span_t s, size_t i)
{
    while (spbe_hide_digit(spbe_hide_at(s, i))) {
        i++;
    }
    return i;
}

/* "#12 " or "  12. " or "12.   0.0004 " at the front of the line. */
static int is_numbered(spbe_span_t line)
{
    size_t i = 0, end;

    while (spbe_hide_at(line, i) == ' ' || spbe_hide_at(line, i) == '\t') {
        i++;
    }
    if (spbe_hide_at(line, i) == '#') {
        end = skip_digits(line, i + 1);
        return end > i + 1 && spbe_hide_at(line, end) == ' ';
    }
    end = skip_digits(line, i);
    return end > i && end < i + 4 &&
           (spbe_hide_at(line, end) == '.' || spbe_hide_at(line, end) == ')') &&
           (spbe_hide_at(line, end + 1) == ' ' ||
            spbe_hide_at(line, end + 1) == '\t');
}

/* A string begins after '(' ',' '=' or '[' and perhaps a space. */
static int begins_argument(spbe_span_t s, size_t i)
{
    char before = spbe_hide_at(s, i - 1);

    if (before == ' ') {
        before = spbe_hide_at(s, i - 2);
    }
    return before == '(' || before == ',' || before == '=' || before == '[' ||
           before == '>' || before == ':';
}

/* Nothing is escaped by PHP: a mark closes where the arguments go on. */
static int closes_argument(spbe_span_t s, size_t i, size_t length)
{
    size_t next = i + length;

    return next >= s.len || spbe_hide_is(s, next, SPBE_SPAN(", ")) ||
           spbe_hide_at(s, next) == ')' || spbe_hide_at(s, next) == ']' ||
           spbe_hide_is(s, next, SPBE_SPAN(" )")) ||
           spbe_hide_is(s, next, SPBE_SPAN("...")) ||
           spbe_hide_is(s, next, SPBE_SPAN(" =>"));
}

/* The string may hold line ends; a new frame ends it for certain. */
static size_t argument_end(spbe_span_t s, size_t i, size_t length)
{
    spbe_span_t mark = spbe_span_slice(s, i, i + length);
    size_t k = i + length, max = k + ARGUMENT_MAX;

    while (k < s.len && k < max) {
        if (spbe_span_starts(spbe_span_slice(s, k, s.len), mark) &&
            closes_argument(s, k, length)) {
            return k;
        }
        if (s.ptr[k] == '\n' && spbe_hide_at(s, k + 1) == '#' &&
            spbe_hide_digit(spbe_hide_at(s, k + 2))) {
            return k;
        }
        k++;
    }
    return k;
}

/* require_once('/var/www/x.php'): the name of a file stays. */
static int is_file_argument(spbe_span_t s, size_t i)
{
    static const spbe_span_t calls[] = {
        {"require(", 8},
        {"require_once(", 13},
        {"include(", 8},
        {"include_once(", 13},
    };
    size_t k;

    for (k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
        if (i >= calls[k].len && spbe_hide_is(s, i - calls[k].len, calls[k])) {
            return 1;
        }
    }
    return 0;
}

/* Marks the strings from i to the end of the line; where it went on to. */
static size_t hide_arguments(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;

    while (i < s.len && s.ptr[i] != '\n') {
        size_t length = spbe_hide_quote(s, i), end;

        if (length == 0 || s.ptr[i] == '`' || !begins_argument(s, i)) {
            i++;
            continue;
        }
        end = argument_end(s, i, length);
        if (!is_file_argument(s, i)) {
            spbe_hide_mark(hide, i + length, end);
        }
        i = spbe_hide_after_quote(s, i, length, end);
    }
    return i;
}

/* The first bracket of the call: behind "file(12): " where that stands. */
static size_t call_start(spbe_span_t line)
{
    size_t at = spbe_span_find(line, SPBE_SPAN("): "));

    at = at == SPBE_NPOS ? 0 : at + 3;
    line = spbe_span_slice(line, at, line.len);
    return at + (spbe_span_chr(line, '(') == SPBE_NPOS
                     ? line.len
                     : spbe_span_chr(line, '('));
}

static int is_frame(spbe_span_t line)
{
    return is_numbered(line) ||
           spbe_span_find(line, SPBE_SPAN(") called at ")) != SPBE_NPOS;
}

void spbe_hide_calls(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    while (i < s.len) {
        size_t end = spbe_hide_line_end(s, i);
        spbe_span_t line = spbe_span_slice(s, i, end);

        if (is_frame(line)) {
            end = hide_arguments(hide, i + call_start(line));
        }
        /* A '\r' that belongs to the line end is stepped over as well. */
        i = end + 1;
    }
}
