/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_beam.c - Elixir's and Erlang's traces, and Phoenix's page.
 *
 * Elixir: "** (X) msg", below it "(app 1.0) lib/f.ex:12: M.f/1". Phoenix's page
 * has the place and the function in one line, or in two. Erlang: a class with
 * its reason, then {module,function,arity,[{file,"f.erl"},{line,12}]}.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* "[(app 1.0) ]lib/f.ex:12[: ]M.f/1" */
static int elixir_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = min(min(spbe_trace_at(line, ".ex:"),
                        spbe_trace_at(line, ".exs:")),
                    min(spbe_trace_at(line, ".eex:"),
                        spbe_trace_at(line, ".heex:")));
    spbe_span_t file, rest;
    size_t close;
    long number = 0;

    at = min(at, spbe_trace_at(line, ".erl:"));
    if (at == SPBE_NPOS) {
        return 0;
    }
    file = spbe_trace_from(line, at + 1);
    rest = spbe_trace_from(file, spbe_span_chr(file, ':') + 1);
    file = spbe_span_slice(line, 0, (size_t)(rest.ptr - 1 - line.ptr));
    close = spbe_trace_last(file, ") ");
    file = close == SPBE_NPOS ? file : spbe_trace_from(file, close + 2);
    if (!spbe_trace_is_path(file) || spbe_span_chr(file, ' ') != SPBE_NPOS ||
        !spbe_trace_number(&rest, &number)) {
        return 0;
    }
    spbe_trace_skip(&rest, ":");
    spbe_trace_add(out, file, number, spbe_span_trim(rest), pool);
    return 1;
}

/* "** (X) msg" */
static int elixir_name(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "** ("), close;
    spbe_span_t class;

    if (at == SPBE_NPOS) {
        return 0;
    }
    line = spbe_trace_from(line, at + 4);
    close = spbe_trace_at(line, ") ");
    class = spbe_span_slice(line, 0, close);
    if (close == SPBE_NPOS ||
        !(spbe_trace_is_class(class) ||
          spbe_span_starts(class, SPBE_SPAN("EXIT")))) {
        return 0;
    }
    spbe_trace_name(out, class, spbe_trace_from(line, close + 2), pool);
    return 1;
}

static int elixir(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int found = 0, strange = 0;

    while (text.len > 0 && strange < 40) {
        spbe_span_t whole = spbe_trace_line(&text);
        spbe_span_t line = spbe_trace_ltrim(whole);

        /* "** (exit) an exception was raised:" has its reason below. */
        if (found == 0 && elixir_name(line, out, pool)) {
            spbe_trace_mark(out, whole);
        }
        else if (elixir_frame(line, out, pool)) {
            spbe_trace_mark(out, whole);
            found++;
        }
        else {
            strange += found > 0 ? 1 : 0;
        }
    }
    return found;
}

/* What stands between sign and a quote or bracket. */
static spbe_span_t behind(spbe_span_t s, const char *sign, const char *stop)
{
    size_t at = spbe_trace_at(s, sign);

    if (at == SPBE_NPOS) {
        return SPBE_SPAN_EMPTY;
    }
    s = spbe_trace_from(s, at + spbe_span_from(sign).len);
    return spbe_span_slice(s, 0, spbe_trace_at(s, stop));
}

/* "{lists,nth,[4,[]],[{file,"lists.erl"},{line,198}]}" */
static int erlang_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t file = behind(line, "{file,\"", "\"");
    spbe_span_t digits = behind(line, "{line,", "}"), function;
    size_t at = spbe_trace_at(line, "[{file,"), open, comma;
    long number = 0;

    spbe_trace_number(&digits, &number);
    if (file.len == 0 || at == SPBE_NPOS) {
        return 0;
    }
    function = spbe_span_slice(line, 0, at);
    open = spbe_trace_last(function, "[{");
    open = open == SPBE_NPOS ? spbe_span_chr(function, '{') : open + 1;
    if (open == SPBE_NPOS) {
        return 0;
    }
    function = spbe_trace_from(function, open + 1);
    comma = spbe_span_chr(function, ',');
    if (comma != SPBE_NPOS) {
        size_t second =
            spbe_span_chr(spbe_trace_from(function, comma + 1), ',');

        function = spbe_span_slice(
            function, 0, second == SPBE_NPOS ? second : comma + 1 + second);
    }
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* "error:function_clause", "{badarith,[{..": an atom and what follows. */
static void erlang_name(spbe_span_t above, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t name;
    size_t start, n = 0, open = spbe_trace_last(above, ",[");

    above = spbe_span_trim(above);
    if (open != SPBE_NPOS && open + 2 >= above.len) {
        above = spbe_span_slice(above, 0, open);
    }
    else if (spbe_span_ends(above, SPBE_SPAN("["))) {
        above = spbe_span_trim(spbe_span_slice(above, 0, above.len - 1));
    }
    start = spbe_span_rchr(above, '\n');
    name = spbe_trace_from(above, start == SPBE_NPOS ? 0 : start + 1);
    start = spbe_span_rchr(name, '{');
    name = spbe_span_trim(
        spbe_trace_from(name, start == SPBE_NPOS ? 0 : start + 1));
    start = spbe_span_chr(name, ':');
    if (start != SPBE_NPOS) {
        name = spbe_trace_from(name, start + 1);
    }
    while (n < name.len && (apr_isalnum(name.ptr[n]) || name.ptr[n] == '_')) {
        n++;
    }
    if (n > 0) {
        spbe_trace_name(out, spbe_span_slice(name, 0, n), name, pool);
    }
}

static int erlang(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t first = spbe_trace_at(text, "[{file,\""), start;
    spbe_span_t above = spbe_span_slice(text, 0, first);
    int found = 0;

    if (first == SPBE_NPOS) {
        return 0;
    }
    start = spbe_trace_last(above, "[{");
    start = start == SPBE_NPOS ? 0 : start;
    erlang_name(spbe_span_slice(above, 0, start + 1), out, pool);
    text = spbe_trace_from(text, start);
    while (text.len > 0) {
        spbe_span_t line = spbe_trace_line(&text);

        if (erlang_frame(line, out, pool)) {
            spbe_trace_mark(out, line);
            found++;
        }
    }
    return found;
}

int spbe_trace_beam(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int found = elixir(text, out, pool);

    out->language = NULL;
    if (found == 0) {
        found = erlang(text, out, pool);
    }
    if (found > 0) {
        return found * SPBE_TRACE_STRONG;
    }
    return out->exception != NULL ? 2 : 0;
}
