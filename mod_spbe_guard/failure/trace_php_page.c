/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_php_page.c - error pages of PHP frameworks.
 *
 * CodeIgniter 3 names its values ("Severity:", "Filename:", "Line Number:"),
 * and so do its backtraces. The others (CodeIgniter 4, Symfony, Yii, Laravel,
 * Drupal) print a class, a message, and lines with "F.php" and a number in
 * some form; these are read by that alone.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>

#define PAGE_MAX_SCORE (2 * SPBE_TRACE_STRONG - 2)

/* Value of "Name: value", also when it stands on the next line. */
static int field(spbe_span_t line, spbe_span_t *rest, const char *name,
                 spbe_span_t *value)
{
    if (!spbe_trace_skip(&line, name)) {
        return 0;
    }
    *value = spbe_span_trim(line);
    if (value->len == 0 && rest->len > 0) {
        *value = spbe_span_trim(spbe_trace_line(rest));
    }
    return 1;
}

typedef struct named {
    spbe_span_t exception, message, file, where, line, function;
} named_t;

static void flush_frame(named_t *n, spbe_trace_t *out, apr_pool_t *pool)
{
    long line = 0;

    if (n->file.len > 0 && spbe_trace_number(&n->line, &line)) {
        spbe_trace_add(out, n->file, line, n->function, pool);
    }
    n->file = n->line = n->function = SPBE_SPAN_EMPTY;
}

/* The message of a database error is the line below its number. */
static void database_error(spbe_span_t *rest, named_t *n)
{
    while (n->message.len == 0 && rest->len > 0) {
        n->message = spbe_span_trim(spbe_trace_line(rest));
    }
}

static int read_named(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    const spbe_span_t none = SPBE_SPAN_EMPTY;
    named_t n = {none, none, none, none, none, none};
    spbe_span_t rest = text, value;

    while (rest.len > 0) {
        spbe_span_t whole = spbe_trace_line(&rest);
        spbe_span_t line = spbe_trace_ltrim(whole);

        if (field(line, &rest, "Severity:", &value) ||
            field(line, &rest, "Type:", &value) ||
            field(line, &rest, "Error Number:", &value)) {
            if (spbe_span_starts(line, SPBE_SPAN("Error"))) {
                database_error(&rest, &n);
                value = spbe_span_from(apr_pstrcat(
                    pool, "Database error ", spbe_span_dup(value, pool), NULL));
            }
            n.exception = n.exception.len > 0 ? n.exception : value;
        }
        else if (n.exception.len == 0 &&
                 spbe_span_starts(line,
                                  SPBE_SPAN("A Database Error Occurred")) &&
                 !spbe_trace_has(rest, "Error Number:")) {
            n.exception = SPBE_SPAN("Database error");
            database_error(&rest, &n);
        }
        else if (field(line, &rest, "Message:", &value)) {
            n.message = n.message.len > 0 ? n.message : value;
        }
        else if (field(line, &rest, "Filename:", &value) ||
                 field(line, &rest, "File:", &value)) {
            flush_frame(&n, out, pool);
            n.file = value;
        }
        else if (!field(line, &rest, "Line Number:", &n.line) &&
                 !field(line, &rest, "Line:", &n.line) &&
                 !field(line, &rest, "Function:", &n.function)) {
            continue;
        }
        spbe_trace_mark(out, whole);
    }
    flush_frame(&n, out, pool);
    if (n.exception.len == 0 && n.message.len == 0) {
        /* a translated page: heading, then what is wrong */
        database_error(&text, &n);
        n.exception = n.message;
        n.message = SPBE_SPAN_EMPTY;
        database_error(&text, &n);
    }
    spbe_trace_name(out, n.exception, n.message, pool);
    return out->frames->nelts;
}

/* The number behind "F.php": ":12" " : 12" "(12)" " (line 12)" " at line 12" */
static int number_behind(spbe_span_t s, long *number)
{
    static const char *const JOINTS[] = {
        ":",         " : ",       "(",      " (line ", "(line ",
        " at line ", " on line ", " line ", ", line ", " :"};
    size_t i;

    for (i = 0; i < sizeof(JOINTS) / sizeof(*JOINTS); i++) {
        spbe_span_t t = s;

        if (spbe_trace_skip(&t, JOINTS[i]) && spbe_trace_number(&t, number)) {
            return 1;
        }
    }
    return 0;
}

/* Drupal: "... in f() (line 12 of F.php).", Moodle: "line 12 of F.php: .." */
static int number_before(spbe_span_t s, long *number)
{
    size_t at = spbe_trace_last(s, "line ");

    if (at == SPBE_NPOS) {
        return 0;
    }
    s = spbe_trace_from(s, at + 5);
    return spbe_trace_number(&s, number) &&
           spbe_span_eq(spbe_span_trim(s), SPBE_SPAN("of"));
}

/* What stands behind a dash: the call. */
static spbe_span_t call_behind(spbe_span_t line)
{
    static const char *const DASHES[] = {": call to ", " \xe2\x80\x94 ",
                                         " \xe2\x80\x93 ", "\xe2\x80\x94",
                                         " -> "};
    size_t i, at;

    for (i = 0; i < sizeof(DASHES) / sizeof(*DASHES); i++) {
        at = spbe_trace_at(line, DASHES[i]);
        if (at != SPBE_NPOS) {
            line = spbe_trace_from(line, at + strlen(DASHES[i]));
            line = spbe_span_slice(line, 0, spbe_span_chr(line, '('));
            return spbe_span_trim(line);
        }
    }
    return SPBE_SPAN_EMPTY;
}

static int any_frame(spbe_span_t line, spbe_span_t call, spbe_trace_t *out,
                     apr_pool_t *pool)
{
    size_t end = spbe_trace_at(line, ".php"), start;
    spbe_span_t file, own;
    long number = 0;

    if (end == SPBE_NPOS) {
        return 0;
    }
    end += 4;
    for (start = end; start > 0; start--) {
        char c = line.ptr[start - 1];

        if (apr_isspace(c) || c == '"' || c == '\'' || c == '(' || c == '>') {
            break;
        }
    }
    file = spbe_span_slice(line, start, end);
    if (!number_behind(spbe_trace_from(line, end), &number) &&
        !number_before(spbe_span_slice(line, 0, start), &number)) {
        return 0;
    }
    own = call_behind(spbe_trace_from(line, end));
    spbe_trace_add(out, file, number, own.len > 0 ? own : call, pool);
    return 1;
}

/* Symfony: "at App\X->f()" above "(src/X.php:12)" */
static spbe_span_t call_of(spbe_span_t line)
{
    if (!spbe_trace_skip(&line, "at ")) {
        return SPBE_SPAN_EMPTY;
    }
    line = spbe_span_slice(line, 0, spbe_span_chr(line, '('));
    return spbe_span_trim(line);
}

static int is_name(spbe_span_t word)
{
    return spbe_trace_is_class(word) && word.len > 5 &&
           spbe_span_chr(word, '/') == SPBE_NPOS &&
           spbe_span_chr(word, '.') == SPBE_NPOS &&
           (spbe_span_ends(word, SPBE_SPAN("Exception")) ||
            spbe_span_ends(word, SPBE_SPAN("Error")) ||
            (spbe_trace_has(word, "Exception") &&
             spbe_span_chr(word, '\\') != SPBE_NPOS)) &&
           (apr_isupper(word.ptr[0]) || spbe_span_chr(word, '\\') != SPBE_NPOS);
}

/* Drupal: "msg in C->f() (line 12 of F)." */
static spbe_span_t without_place(spbe_span_t message)
{
    size_t line = spbe_trace_last(message, " (line "), in;

    if (line == SPBE_NPOS) {
        return message;
    }
    message = spbe_span_slice(message, 0, line);
    in = spbe_trace_last(message, " in ");
    return spbe_span_ends(message, SPBE_SPAN("()"))
               ? spbe_span_slice(message, 0, in)
               : message;
}

/* Any word that is an exception's name, in the first lines. */
static int find_name(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    size_t code = spbe_trace_at(text, "\nError code: ");
    size_t info = spbe_trace_at(text, "Debug info: ");
    int lines = 0;

    if (code != SPBE_NPOS && info != SPBE_NPOS) {
        /* Moodle */
        spbe_span_t name = spbe_trace_from(text, code + 13);
        spbe_span_t message = spbe_trace_from(text, info + 12);

        spbe_trace_name(out, spbe_trace_line(&name), spbe_trace_line(&message),
                        pool);
        return 1;
    }

    while (text.len > 0 && lines++ < 120) {
        spbe_span_t line = spbe_span_trim(spbe_trace_line(&text));
        spbe_span_t words = line, message;

        while (words.len > 0) {
            spbe_span_t word = spbe_span_cut(&words, ' ');
            int colon = spbe_span_ends(word, SPBE_SPAN(":"));

            word.len -= colon ? 1 : 0;
            if (!is_name(word)) {
                continue;
            }
            message = colon || word.ptr == line.ptr ? words : SPBE_SPAN_EMPTY;
            if (spbe_span_starts(message, SPBE_SPAN("in ")) ||
                spbe_span_starts(message, SPBE_SPAN("#"))) {
                message = SPBE_SPAN_EMPTY;
            }
            while (message.len == 0 && text.len > 0) {
                message = spbe_span_trim(spbe_trace_line(&text));
                message = is_name(message) ? SPBE_SPAN_EMPTY : message;
            }
            message = without_place(message);
            /* CodeIgniter 4 offers to search for it. */
            message = spbe_span_slice(
                message, 0, spbe_trace_at(message, " search \xe2\x86\x92"));
            spbe_trace_name(out, word, message, pool);
            spbe_trace_mark(out, line);
            return 1;
        }
    }
    return 0;
}

int spbe_trace_php_page(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    spbe_span_t rest = text, call = SPBE_SPAN_EMPTY;
    int named, score;

    out->language = "php";
    if (spbe_trace_has(text, "Line Number:") &&
        (spbe_trace_has(text, "Filename:"))) {
        return (1 + read_named(text, out, pool)) * SPBE_TRACE_STRONG;
    }
    if (!spbe_trace_has(text, ".php")) {
        return 0;
    }
    named = find_name(text, out, pool);
    while (rest.len > 0) {
        spbe_span_t whole = spbe_trace_line(&rest);
        spbe_span_t line = spbe_trace_ltrim(whole);

        if (any_frame(line, call, out, pool)) {
            spbe_trace_mark(out, whole);
            call = SPBE_SPAN_EMPTY;
            continue;
        }
        call = line.len > 0 ? call_of(line) : call;
    }
    /* However many lines: less than one error in PHP's own words. */
    score = (out->frames->nelts + named) * SPBE_TRACE_WEAK;
    score = score > PAGE_MAX_SCORE ? PAGE_MAX_SCORE : score;
    return score;
}
