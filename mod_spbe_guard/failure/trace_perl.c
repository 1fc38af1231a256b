/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_perl.c - Perl's die and warn, Carp's traces, Plack's pages.
 *
 * "msg at F line 12." and "\tPkg::f(args) called at F line 12". Perl names no
 * class: where the message does not begin with one (DBD::mysql::st execute
 * failed), the exception is called "die".
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

/* " at F line 12" at offset at of line */
static int place(spbe_span_t line, size_t at, spbe_span_t *file, long *number)
{
    spbe_span_t s = spbe_trace_from(line, at + 4);
    size_t mid = spbe_trace_at(s, " line ");

    if (mid == SPBE_NPOS) {
        return 0;
    }
    *file = spbe_span_slice(s, 0, mid);
    s = spbe_trace_from(s, mid + 6);
    return file->len > 0 &&
           (spbe_span_chr(*file, ' ') == SPBE_NPOS || file->ptr[0] == '(') &&
           spbe_trace_number(&s, number) &&
           (s.len == 0 || !apr_isalnum(s.ptr[0]));
}

/* The last " at F line N" of the line. */
static size_t find_place(spbe_span_t line, spbe_span_t *file, long *number)
{
    size_t end = line.len, at;

    while (end > 0) {
        at = spbe_trace_last(spbe_span_slice(line, 0, end), " at ");
        if (at == SPBE_NPOS) {
            return SPBE_NPOS;
        }
        if (place(line, at, file, number)) {
            return at;
        }
        end = at + 3;
    }
    return SPBE_NPOS;
}

static void name_of(spbe_span_t message, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class = SPBE_SPAN("die");
    size_t at;

    spbe_trace_skip(&message, "Error: "); /* Plack's title */
    at = spbe_trace_at(message, " failed: ");
    if (spbe_span_starts(message, SPBE_SPAN("DB")) && at != SPBE_NPOS) {
        class = spbe_span_slice(message, 0, at + 7);
        message = spbe_trace_from(message, at + 9);
    }
    else if (spbe_trace_has(message, "Uncaught exception from") ||
             spbe_trace_has(message, "Caught exception in ")) {
        at = spbe_trace_at(message, "\"");
        message = at == SPBE_NPOS ? message : spbe_trace_from(message, at + 1);
    }
    spbe_trace_name(out, class, message, pool);
}

/* [Sat Nov 21 18:00:00 2026] x.pl: msg */
static spbe_span_t without_stamp(spbe_span_t line)
{
    size_t close, colon;

    if (line.len == 0 || line.ptr[0] != '[') {
        return line;
    }
    close = spbe_trace_at(line, "] ");
    if (close == SPBE_NPOS || close > 40) {
        return line;
    }
    line = spbe_trace_from(line, close + 2);
    colon = spbe_trace_at(line, ": ");
    if (colon != SPBE_NPOS && colon < 80 && colon > 3 &&
        (spbe_span_ends(spbe_span_slice(line, 0, colon), SPBE_SPAN(".pl")) ||
         spbe_span_ends(spbe_span_slice(line, 0, colon), SPBE_SPAN(".cgi")))) {
        line = spbe_trace_from(line, colon + 2);
    }
    return line;
}

/* "Pkg::f(args) called at F line 12" */
static int called(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_last(line, " called at ");
    spbe_span_t file, function;
    long number;

    if (at == SPBE_NPOS || !place(line, at + 7, &file, &number)) {
        return 0;
    }
    function = spbe_trace_ltrim(spbe_span_slice(line, 0, at));
    function = spbe_span_slice(function, 0, spbe_span_chr(function, '('));
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* Mojolicious' page: File "F", line 12, in "Pkg" */
static int file_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "\", line "), in;
    spbe_span_t file, function = SPBE_SPAN_EMPTY;
    long number;

    if (!spbe_trace_skip(&line, "File \"") || at == SPBE_NPOS) {
        return 0;
    }
    file = spbe_span_slice(line, 0, at - 6);
    line = spbe_trace_from(line, at - 6 + 8);
    if (!spbe_trace_number(&line, &number)) {
        return 0;
    }
    in = spbe_trace_at(line, "in \"");
    if (in != SPBE_NPOS) {
        function = spbe_trace_from(line, in + 4);
        function = spbe_span_slice(function, 0, spbe_span_chr(function, '"'));
    }
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* Plack's page: "in Pkg::f at F line 12" */
static int in_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t file;
    size_t at;
    long number;

    if (!spbe_trace_skip(&line, "in ")) {
        return 0;
    }
    at = spbe_trace_at(line, " at ");
    if (at == SPBE_NPOS || !place(line, at, &file, &number)) {
        return 0;
    }
    spbe_trace_add(out, file, number, spbe_span_slice(line, 0, at), pool);
    return 1;
}

/*
 * DBI passes on messages of several lines; the place stands behind the last.
 * Returns the message from its first line on, if one of the lines above is.
 */
static spbe_span_t whole_message(spbe_span_t text, spbe_span_t message)
{
    size_t end = (size_t)(message.ptr - text.ptr), stop = end;
    int i;

    for (i = 0; i < 6 && stop > 0; i++) {
        size_t start = spbe_span_rchr(spbe_span_slice(text, 0, stop - 1), '\n');
        spbe_span_t line;

        start = start == SPBE_NPOS ? 0 : start + 1;
        line = spbe_span_slice(text, start, end);
        if (spbe_span_starts(line, SPBE_SPAN("DBD::")) ||
            spbe_span_starts(line, SPBE_SPAN("DBI ")) ||
            spbe_span_starts(line, SPBE_SPAN("DBIx::"))) {
            return spbe_span_slice(text, start, end + message.len);
        }
        stop = start;
    }
    return message;
}

static int is_noise(spbe_span_t message)
{
    return spbe_trace_has(message, "BEGIN failed--") ||
           spbe_trace_has(message, "Compilation failed in require") ||
           message.len == 0;
}

int spbe_trace_perl(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t all = text;
    int found = 0, strange = 0, surely = 0;

    out->language = "perl";
    while (text.len > 0 && strange < 12) {
        spbe_span_t whole = spbe_trace_line(&text), file;
        spbe_span_t line = without_stamp(spbe_trace_ltrim(whole));
        spbe_span_t message;
        size_t at;
        long number;

        if (found > 0 &&
            (called(line, out, pool) || in_frame(line, out, pool) ||
             file_frame(line, out, pool))) {
            spbe_trace_mark(out, whole);
            surely = 1;
            found++;
            continue;
        }
        at = find_place(line, &file, &number);
        message = spbe_trace_ltrim(
            spbe_span_slice(line, 0, at == SPBE_NPOS ? 0 : at));
        if (is_noise(message) || found > 0) {
            strange += found > 0 && line.len > 0 ? 1 : 0;
            continue;
        }
        /* PHP says "in F on line N"; a sentence may hold "at x line 2". */
        if (!spbe_trace_is_path(file) && file.ptr[0] != '(') {
            continue;
        }
        surely = spbe_trace_has(file, ".p") || spbe_trace_has(file, ".cgi") ||
                 spbe_trace_has(file, ".t");
        name_of(whole_message(all, message), out, pool);
        spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
        spbe_trace_mark(out, whole);
        found++;
    }
    return found * (surely ? SPBE_TRACE_STRONG : SPBE_TRACE_WEAK);
}
