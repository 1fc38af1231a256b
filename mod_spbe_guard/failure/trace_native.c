/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_native.c - what compiled programs and debuggers print.
 *
 * gdb "#1  0x.. in f (a=1) at x.c:12", sanitizers "#1 0x.. in f F:12:3",
 * backtrace_symbols "F(f+0x12) [0x7f..]", an abort's last words, and Lua.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

/* "#1  0x0000 in f (a=1) at x.c:12", "#1 0x.. in f /srv/x.c:12:3" */
static int hash_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t file = SPBE_SPAN_EMPTY, function;
    long number = 0, index;
    size_t at;
    int address;

    if (!spbe_trace_skip(&line, "#") || !spbe_trace_number(&line, &index)) {
        return 0;
    }
    line = spbe_trace_ltrim(line);
    address = spbe_trace_skip(&line, "0x");
    at = spbe_trace_at(line, " in ");
    if (address && at != SPBE_NPOS && at < 20) {
        line = spbe_trace_from(line, at + 4);
    }
    else if (address || !spbe_trace_has(line, ") at ")) {
        return 0;
    }
    function = spbe_span_slice(line, 0, spbe_span_chr(line, ' '));
    at = spbe_trace_last(line, " at ");
    at = at == SPBE_NPOS ? spbe_span_rchr(line, ' ') : at + 3;
    if (at != SPBE_NPOS) {
        line = spbe_span_trim(spbe_trace_from(line, at));
        if (!spbe_trace_place(line, &file, &number)) {
            spbe_trace_skip(&line, "(");
            file = spbe_span_slice(line, 0, spbe_span_chr(line, '+'));
            number = 0;
        }
    }
    function = spbe_span_slice(function, 0, spbe_span_chr(function, '('));
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* F(f+0x12) [0x7f12]   F(+0x12) [0x7f12]   F() [0x7f12] */
static int symbol_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t open = spbe_span_chr(line, '('),
           close = spbe_trace_at(line, ") [0x");
    spbe_span_t file, function;

    /* backtrace_symbols_fd leaves the blank out */
    close = close == SPBE_NPOS ? spbe_trace_at(line, ")[0x") : close;
    if (open == SPBE_NPOS || close == SPBE_NPOS || close < open) {
        return 0;
    }
    file = spbe_span_slice(line, 0, open);
    if (spbe_span_rchr(file, ' ') != SPBE_NPOS) {
        file = spbe_trace_from(file, spbe_span_rchr(file, ' ') + 1);
    }
    function = spbe_span_slice(line, open + 1, close);
    function = spbe_span_slice(function, 0, spbe_span_chr(function, '+'));
    spbe_trace_add(out, file, 0, function, pool);
    return 1;
}

/* The words programs die with: label, what to look for. */
static const struct {
    const char *sign;
    const char *name;
} LAST_WORDS[] = {
    {"ERROR: AddressSanitizer: ", "AddressSanitizer"},
    {"ERROR: LeakSanitizer: ", "LeakSanitizer"},
    {"WARNING: ThreadSanitizer: ", "ThreadSanitizer"},
    {": runtime error: ", "UndefinedBehaviorSanitizer"},
    {"terminate called after throwing an instance of ", NULL},
    {"*** stack smashing detected ***", "stack smashing"},
    {"Assertion `", "Assertion failed"},
    {"double free or corruption", "heap corruption"},
    {"free(): invalid", "heap corruption"},
    {"malloc(): ", "heap corruption"},
    {"corrupted size vs. prev_size", "heap corruption"},
    {"Program received signal ", "signal"},
    {"Program terminated with signal ", "signal"},
    {"Segmentation fault", "Segmentation fault"},
};

/* "F:2:42: runtime error: msg" */
static int place_of(spbe_span_t line, spbe_span_t sign, spbe_trace_t *out,
                    apr_pool_t *pool)
{
    spbe_span_t file;
    long number;

    if (sign.ptr[0] != ':') {
        return 1;
    }
    line = spbe_span_slice(line, 0, spbe_span_find(line, sign));
    if (!spbe_trace_place(line, &file, &number)) {
        return 0;
    }
    spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
    return 1;
}

/* "prog: F:2: f: Assertion `x' failed." */
static void assertion(spbe_span_t *line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(*line, ": Assertion `"), colon;
    spbe_span_t head = spbe_span_slice(*line, 0, at), file, function;
    long number;

    if (at == SPBE_NPOS) {
        return;
    }
    *line = spbe_trace_from(*line, at + 2);
    colon = spbe_trace_last(head, ": ");
    if (colon == SPBE_NPOS) {
        return;
    }
    function = spbe_trace_from(head, colon + 2);
    head = spbe_span_slice(head, 0, colon);
    colon = spbe_trace_last(head, ": ");
    head = colon == SPBE_NPOS ? head : spbe_trace_from(head, colon + 2);
    if (spbe_trace_place(head, &file, &number)) {
        spbe_trace_add(out, file, number, function, pool);
    }
}

static int last_words(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t i, at, start;

    for (i = 0; i < sizeof(LAST_WORDS) / sizeof(*LAST_WORDS); i++) {
        spbe_span_t line, sign = spbe_span_from(LAST_WORDS[i].sign);

        at = spbe_span_find(text, sign);
        if (at == SPBE_NPOS) {
            continue;
        }
        start = spbe_span_rchr(spbe_span_slice(text, 0, at), '\n');
        line = spbe_trace_from(text, start == SPBE_NPOS ? 0 : start + 1);
        line = spbe_trace_line(&line);
        spbe_trace_mark(out, line);
        if (LAST_WORDS[i].name == NULL) {
            spbe_span_t class = spbe_trace_from(text, at + sign.len);
            size_t what;

            class = spbe_span_trim(spbe_trace_line(&class));
            class = spbe_span_slice(class, 1, class.len - 1);
            what = spbe_trace_at(text, "what():");
            line =
                spbe_trace_from(text, what == SPBE_NPOS ? text.len : what + 7);
            spbe_trace_name(out, class, spbe_trace_line(&line), pool);
            return 1;
        }
        if (spbe_span_ends(sign, SPBE_SPAN(": "))) {
            if (!place_of(line, sign, out, pool)) {
                continue; /* nginx and Go say "runtime error" as well */
            }
            line = spbe_trace_from(
                line, (size_t)(text.ptr + at + sign.len - line.ptr));
        }
        else if (spbe_trace_has(sign, "Assertion")) {
            assertion(&line, out, pool);
        }
        spbe_trace_name(out, spbe_span_from(LAST_WORDS[i].name), line, pool);
        return 1;
    }
    return 0;
}

int spbe_trace_native(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int named = last_words(text, out, pool), found = 0, strange = 0;

    out->language = "native";
    if (!named && !spbe_trace_has(text, "0x")) {
        return 0;
    }
    while (text.len > 0 && strange < 4) {
        spbe_span_t whole = spbe_trace_line(&text);
        spbe_span_t line = spbe_trace_ltrim(whole);

        if (hash_frame(line, out, pool) || symbol_frame(line, out, pool)) {
            spbe_trace_mark(out, whole);
            found++;
        }
        else if (found > 0) {
            strange++;
        }
    }
    return found * SPBE_TRACE_STRONG + (named ? SPBE_TRACE_WEAK : 0);
}

/* "F:12: in function 'f'" "[C]: in function 'error'" "F:12: in main chunk" */
static int lua_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t in = spbe_trace_at(line, ": in ");
    spbe_span_t place, file, function;
    long number = 0;

    if (in == SPBE_NPOS) {
        return 0;
    }
    place = spbe_span_slice(line, 0, in);
    function = spbe_trace_from(line, in + 5);
    if (!spbe_trace_skip(&function, "function ") &&
        !spbe_trace_skip(&function, "method ") &&
        !spbe_trace_skip(&function, "field ") &&
        !spbe_trace_skip(&function, "local ") &&
        !spbe_trace_skip(&function, "upvalue ")) {
        function =
            spbe_trace_has(function, "main chunk") ? function : SPBE_SPAN_EMPTY;
    }
    if (spbe_trace_skip(&function, "'") || spbe_trace_skip(&function, "<")) {
        function = spbe_span_slice(function, 0, function.len - 1);
    }
    file = place;
    if (!spbe_span_eq(place, SPBE_SPAN("[C]")) &&
        !spbe_trace_place(place, &file, &number) &&
        !spbe_trace_is_path(place)) {
        return 0;
    }
    spbe_trace_add(out, file, number, function, pool);
    return 1;
}

/* "lua: F:12: msg" on the line above */
static void lua_name(spbe_span_t before, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t line = spbe_span_trim(before);
    size_t at = spbe_trace_last(line, ".lua:"), start;

    /* The message may have several lines. */
    start = spbe_span_rchr(
        spbe_span_slice(line, 0, at == SPBE_NPOS ? line.len : at), '\n');
    line = start == SPBE_NPOS ? line : spbe_trace_from(line, start + 1);
    spbe_trace_mark(out, line);
    at = spbe_trace_at(line, ".lua:");
    if (at != SPBE_NPOS) {
        size_t colon = spbe_trace_at(spbe_trace_from(line, at + 5), ": ");

        line = colon == SPBE_NPOS ? line
                                  : spbe_trace_from(line, at + 5 + colon + 2);
    }
    spbe_trace_name(out, SPBE_SPAN("error"), line, pool);
}

/* "F.lua:12: msg" without a trace */
static int lua_line(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, ".lua:"), start;
    spbe_span_t line, file;
    long number;

    if (at == SPBE_NPOS) {
        return 0;
    }
    start = spbe_span_rchr(spbe_span_slice(text, 0, at), '\n');
    line = spbe_trace_from(text, start == SPBE_NPOS ? 0 : start + 1);
    line = spbe_trace_line(&line);
    file = spbe_span_slice(line, 0, spbe_trace_at(line, ".lua:") + 4);
    lua_name(line, out, pool);
    if (spbe_span_rchr(file, ' ') != SPBE_NPOS) {
        file = spbe_trace_from(file, spbe_span_rchr(file, ' ') + 1);
    }
    line = spbe_trace_from(text, at + 5);
    if (spbe_trace_number(&line, &number)) {
        spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
        return SPBE_TRACE_STRONG;
    }
    return 0;
}

int spbe_trace_lua(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, "stack traceback:");
    spbe_span_t rest;
    int found = 0;

    out->language = "lua";
    if (at == SPBE_NPOS) {
        return lua_line(text, out, pool);
    }
    lua_name(spbe_span_slice(text, 0, at), out, pool);
    if (spbe_trace_has(text, "coroutine 0:")) {
        /* nginx prints no line in the frames */
        lua_line(spbe_span_slice(text, 0, at), out, pool);
    }
    rest = spbe_trace_from(text, at + 16);
    spbe_trace_line(&rest);
    while (rest.len > 0) {
        spbe_span_t whole = spbe_trace_line(&rest);

        if (spbe_span_starts(whole, SPBE_SPAN("coroutine "))) {
            continue;
        }
        if (!lua_frame(spbe_trace_ltrim(whole), out, pool)) {
            break;
        }
        spbe_trace_mark(out, whole);
        found++;
    }
    return found * SPBE_TRACE_STRONG;
}
