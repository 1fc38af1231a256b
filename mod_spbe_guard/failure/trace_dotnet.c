/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_dotnet.c - traces of .NET and ASP.NET's yellow page.
 *
 * "System.XException: msg", " ---> Inner: msg", frames "   at N.C.M(T a) in
 * F:line 12". .NET prints the innermost exception's frames first. The yellow
 * page writes "[XException: msg]" and "   N.C.M(T a) in F:12" or "+51".
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>

/* "N.C.M(T a)" with what is behind it */
static int call(spbe_span_t line, spbe_span_t *function, spbe_span_t *behind)
{
    size_t open = spbe_span_chr(line, '('), close;

    if (open == SPBE_NPOS || open == 0 ||
        !spbe_trace_has(spbe_span_slice(line, 0, open), ".")) {
        return 0;
    }
    close = spbe_trace_at(line, ") in ");
    close = close == SPBE_NPOS ? spbe_span_rchr(line, ')') : close;
    if (close == SPBE_NPOS || close < open) {
        return 0;
    }
    *function = spbe_span_slice(line, 0, open);
    *behind = spbe_trace_from(line, close + 1);
    return spbe_span_chr(*function, ' ') == SPBE_NPOS;
}

/* " in F:line 12" or " in F:12" */
static void where(spbe_span_t behind, spbe_span_t *file, long *line)
{
    size_t at = spbe_trace_last(behind, ":line ");
    spbe_span_t number;

    *file = SPBE_SPAN_EMPTY;
    *line = 0;
    if (!spbe_trace_skip(&behind, " in ")) {
        return;
    }
    if (at != SPBE_NPOS) {
        *file = spbe_span_slice(behind, 0, at - 4);
        number = spbe_trace_from(behind, at - 4 + 6);
        spbe_trace_number(&number, line);
        return;
    }
    spbe_trace_place(behind, file, line);
}

static int at_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t function, behind, file;
    long number;

    if (!spbe_trace_skip(&line, "at ") ||
        !call(spbe_span_trim(line), &function, &behind)) {
        return 0;
    }
    /* Java has the file between the brackets, JavaScript a path. */
    if (behind.len > 0 && !spbe_trace_has(behind, " in ")) {
        return 0;
    }
    if (spbe_trace_has(line, ".java:") || spbe_trace_has(line, ".kt:") ||
        spbe_trace_has(line, "(/") || spbe_trace_has(line, "(node:") ||
        spbe_trace_has(line, "(Unknown Source)") ||
        spbe_trace_has(line, "(Native Method)") || spbe_trace_has(line, "(<")) {
        return 0;
    }
    where(behind, &file, &number);
    spbe_trace_add(out, file, number, function, pool);
    return file.len > 0 || spbe_trace_has(line, "System.") ||
                   spbe_trace_has(line, "Microsoft.")
               ? 2
               : 1;
}

/* N.C.M(T a) in F:12   or   N.C.M(T a) +51 */
static int yellow_frame(spbe_span_t line, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t function, behind, file;
    long number;

    if (!call(spbe_span_trim(line), &function, &behind) ||
        !(spbe_span_starts(behind, SPBE_SPAN(" in ")) ||
          spbe_span_starts(behind, SPBE_SPAN(" +")))) {
        return 0;
    }
    where(behind, &file, &number);
    spbe_trace_add(out, file, number, function, pool);
    return 2;
}

static int is_name(spbe_span_t class)
{
    return spbe_trace_is_class(class) &&
           spbe_span_chr(class, '/') == SPBE_NPOS &&
           (spbe_span_ends(class, SPBE_SPAN("Exception")) ||
            spbe_span_ends(class, SPBE_SPAN("Error")));
}

static int name_in(spbe_span_t line, spbe_span_t *class, spbe_span_t *message)
{
    spbe_span_t head = spbe_span_trim(line);
    size_t at, paren;

    at = spbe_trace_at(head, "Unhandled exception. ");
    head = at == SPBE_NPOS ? head : spbe_trace_from(head, at + 21);
    spbe_trace_skip(&head, "Exception Details: ");
    spbe_trace_skip(&head, "Unhandled Exception: ");
    if (spbe_trace_skip(&head, "[")) {
        head = spbe_span_slice(head, 0, spbe_span_rchr(head, ']'));
    }
    at = spbe_trace_at(head, ": ");
    *class = spbe_span_slice(head, 0, at);
    *message =
        at == SPBE_NPOS ? SPBE_SPAN_EMPTY : spbe_trace_from(head, at + 2);
    /* SqlException (0x80131904): msg */
    paren = spbe_trace_at(*class, " (0x");
    *class = spbe_span_slice(*class, 0, paren);
    at = spbe_trace_at(*message, " ---> ");
    *message = spbe_span_slice(*message, 0, at);
    return is_name(*class);
}

static int find_name(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t class, message;
    int lines = 0;

    while (text.len > 0 && lines++ < 4000) {
        spbe_span_t line = spbe_trace_line(&text);

        if (spbe_trace_has(line, "E") && name_in(line, &class, &message)) {
            spbe_trace_name(out, class, message, pool);
            spbe_trace_mark(out, line);
            return 1;
        }
    }
    return 0;
}

int spbe_trace_dotnet(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text;
    int found = 0, sure = 0, strange = 0, yellow;

    out->language = "dotnet";
    yellow = spbe_trace_has(text, "Stack Trace:") ||
             (spbe_trace_has(text, "[") && spbe_trace_has(text, "]\n   "));
    while (rest.len > 0 && strange < 24) {
        spbe_span_t whole = spbe_trace_line(&rest);
        spbe_span_t line = spbe_trace_ltrim(whole);
        int kind = at_frame(line, out, pool);

        if (kind == 0 && yellow) {
            kind = yellow_frame(line, out, pool);
        }
        strange = kind > 0 || found == 0 ? 0 : strange + 1;
        if (kind > 0) {
            spbe_trace_mark(out, whole);
            found++;
            sure += kind - 1;
        }
    }
    if (!find_name(text, out, pool) && sure == 0) {
        return 0;
    }
    /* Exceptions' names alone are Java's and Python's as well. */
    if (found == 0) {
        return spbe_trace_has(text, "Exception Details:") ||
                       (out->exception != NULL &&
                        strncmp(out->exception, "System.", 7) == 0)
                   ? SPBE_TRACE_WEAK + 1
                   : 0;
    }
    return found * (sure > 0 ? SPBE_TRACE_STRONG : SPBE_TRACE_WEAK);
}
