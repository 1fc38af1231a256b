/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_script.c - Tcl's errorInfo, the shell, awk, R, Swift, Delphi.
 *
 * Each of them says little: one message, perhaps a place or a procedure.
 */
#include "failure/trace_int.h"

#include <apr_lib.h>

static spbe_span_t line_at(spbe_span_t text, size_t at)
{
    size_t start = spbe_span_rchr(spbe_span_slice(text, 0, at), '\n');

    text = spbe_trace_from(text, start == SPBE_NPOS ? 0 : start + 1);
    return spbe_trace_line(&text);
}

/* (procedure "x" line 1)   (file "a.tcl" line 2) */
static int tcl_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t name, digits;
    size_t quote;
    long number = 0;
    int file;

    file = spbe_trace_skip(&line, "(file \"");
    if (!file && !spbe_trace_skip(&line, "(procedure \"")) {
        return 0;
    }
    quote = spbe_span_chr(line, '"');
    name = spbe_span_slice(line, 0, quote);
    digits = spbe_trace_from(line, quote == SPBE_NPOS ? line.len : quote + 1);
    if (spbe_trace_skip(&digits, " line ")) {
        spbe_trace_number(&digits, &number);
    }
    spbe_trace_add(out, file ? name : SPBE_SPAN_EMPTY, number,
                   file ? SPBE_SPAN_EMPTY : name, pool);
    return 1;
}

static int tcl(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(text, "\n    while executing\n");
    spbe_span_t message;

    if (at == SPBE_NPOS) {
        return 0;
    }
    message = line_at(text, at);
    spbe_trace_name(out, SPBE_SPAN("Tcl error"), message, pool);
    spbe_trace_mark(out, message);
    text = spbe_trace_from(text, at + 1);
    while (text.len > 0) {
        spbe_span_t line = spbe_trace_line(&text);

        if (tcl_frame(spbe_trace_ltrim(line), out, pool)) {
            spbe_trace_mark(out, line);
        }
    }
    return SPBE_TRACE_STRONG;
}

/* "/usr/lib/cgi-bin/a.sh: line 14: mysql: command not found", dash leaves
 * "line " out: "a.sh: 14: mysql: not found" */
static int shell_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, ": ");
    spbe_span_t file = spbe_span_slice(line, 0, at), rest;
    long number;

    if (at == SPBE_NPOS || !spbe_trace_is_path(file) ||
        spbe_span_chr(file, ' ') != SPBE_NPOS ||
        spbe_trace_has(file, "://")) {
        return 0;
    }
    rest = spbe_trace_from(line, at + 2);
    spbe_trace_skip(&rest, "line ");
    if (!spbe_trace_number(&rest, &number) || !spbe_trace_skip(&rest, ": ")) {
        return 0;
    }
    if (!(spbe_trace_has(rest, "not found") ||
          spbe_trace_has(rest, "syntax error") ||
          spbe_trace_has(rest, "yntax error:") ||
          spbe_trace_has(rest, "unbound variable") ||
          spbe_trace_has(rest, "parameter not set") ||
          spbe_trace_has(rest, "No such file") ||
          spbe_trace_has(rest, "ermission denied") ||
          spbe_trace_has(rest, "annot ") ||
          spbe_trace_has(rest, "unexpected ") ||
          spbe_trace_has(rest, "division by 0") ||
          spbe_trace_has(rest, "expected"))) {
        return 0;
    }
    spbe_trace_name(out, SPBE_SPAN("shell error"), rest, pool);
    spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
    return 1;
}

/* "awk: cmd. line:1: fatal: ..." */
static int awk_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "awk: ");

    if (at == SPBE_NPOS || at > 1 || !spbe_trace_has(line, "line")) {
        return 0;
    }
    spbe_trace_name(out, SPBE_SPAN("awk error"), spbe_trace_from(line, at + 5),
                    pool);
    return 1;
}

/* "Error in f(x) : message" */
static int r_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, " : "), open;

    if (!spbe_trace_skip(&line, "Error in ") || at == SPBE_NPOS) {
        return 0;
    }
    at -= 9;
    open = spbe_span_chr(spbe_span_slice(line, 0, at), '(');
    if (open == SPBE_NPOS || open == 0) {
        return 0;
    }
    spbe_trace_name(out, SPBE_SPAN("R error"), spbe_trace_from(line, at + 3),
                    pool);
    spbe_trace_add(out, SPBE_SPAN_EMPTY, 0, spbe_span_slice(line, 0, open),
                   pool);
    return 1;
}

/* "Fatal error: message: file F, line 14", "F:14: Fatal error: message" */
static int swift_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "Fatal error: "),
           place = spbe_trace_last(line, ": file ");
    spbe_span_t file, message;
    long number;

    if (at == SPBE_NPOS || !spbe_trace_has(line, ".swift")) {
        return 0;
    }
    if (place != SPBE_NPOS && place > at) {
        message = spbe_span_slice(line, at + 13, place);
        file = spbe_trace_from(line, place + 7);
    }
    else {
        message = spbe_trace_from(line, at + 13);
        file = spbe_span_slice(line, 0, at < 2 ? 0 : at - 2);
    }
    spbe_trace_name(out, SPBE_SPAN("Fatal error"), message, pool);
    at = spbe_trace_at(file, ", line ");
    if (at != SPBE_NPOS) {
        spbe_span_t digits = spbe_trace_from(file, at + 7);

        if (spbe_trace_number(&digits, &number)) {
            spbe_trace_add(out, spbe_span_slice(file, 0, at), number,
                           SPBE_SPAN_EMPTY, pool);
        }
    }
    else if (spbe_trace_place(file, &file, &number)) {
        spbe_trace_add(out, file, number, SPBE_SPAN_EMPTY, pool);
    }
    return 1;
}

/* "Access violation at address 00401A2C in module 'a.exe'." */
static int delphi_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t at = spbe_trace_at(line, "Access violation at address ");

    if (at == SPBE_NPOS) {
        return 0;
    }
    spbe_trace_name(out, SPBE_SPAN("EAccessViolation"),
                    spbe_trace_from(line, at), pool);
    return 1;
}

static int any_line(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    return shell_line(line, out, pool) || awk_line(line, out, pool) ||
           r_line(line, out, pool) || swift_line(line, out, pool) ||
           delphi_line(line, out, pool);
}

int spbe_trace_script(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    int score = tcl(text, out, pool);

    out->language = NULL;
    while (score == 0 && text.len > 0) {
        spbe_span_t line = spbe_trace_line(&text);

        if (any_line(spbe_trace_ltrim(line), out, pool)) {
            spbe_trace_mark(out, line);
            score = SPBE_TRACE_WEAK;
        }
    }
    return score;
}
