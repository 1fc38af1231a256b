/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_php.c - PHP's own errors and traces.
 *
 * "PHP Fatal error:  Uncaught X: msg in F:L", "Warning: msg in F on line L",
 * "X: msg in F:L" before "Stack trace:", the frames "#0 F(L): call()", and
 * Xdebug's and Whoops' numbered ones. Of several errors the gravest is taken,
 * of equal ones the first. What frameworks print is in trace_php_page.c.
 */
#include "failure/trace_int.h"

#include <string.h>

typedef struct head {
    spbe_span_t exception, message, file, whole;
    long line;
    int rank; /* the higher the graver; 0: no head */
} head_t;

static const struct {
    const char *word;
    const char *label;
    int rank;
} LEVELS[] = {
    {"Fatal error: ", "Fatal error", 9},
    {"Parse error: ", "Parse error", 9},
    {"Compile error: ", "Compile error", 9},
    {"Core error: ", "Core error", 9},
    {"Recoverable fatal error: ", "Recoverable fatal error", 8},
    {"Catchable fatal error: ", "Catchable fatal error", 8},
    {"User error: ", "User error", 7},
    {"Warning: ", "Warning", 5},
    {"Core warning: ", "Core warning", 5},
    {"Compile warning: ", "Compile warning", 5},
    {"User warning: ", "User warning", 4},
    {"Notice: ", "Notice", 3},
    {"User notice: ", "User notice", 3},
    {"Strict standards: ", "Strict standards", 2},
    {"Strict Standards: ", "Strict standards", 2},
    {"Deprecated: ", "Deprecated", 1},
};

/* Up to this much text belongs to one message. */
#define MESSAGE_SPAN 16384
/* So many lines are looked at for the beginning of an error. */
#define HEADS_MAX 2000

static head_t no_head(int rank)
{
    const spbe_span_t none = SPBE_SPAN_EMPTY;

    return (head_t){none, none, none, none, 0, rank};
}

/* text ends in " in F:L" or " in F on line L": cuts that off. */
static int cut_place(spbe_span_t *text, spbe_span_t *file, long *line)
{
    spbe_span_t s = spbe_span_trim(*text);
    size_t in = spbe_trace_last(s, " in "), below = spbe_trace_last(s, "\nin ");

    if (in == SPBE_NPOS || (below != SPBE_NPOS && below > in)) {
        in = below;
    }
    if (in == SPBE_NPOS) {
        return 0;
    }
    if (spbe_span_eq(spbe_trace_from(s, in + 4),
                     SPBE_SPAN("Unknown on line 0"))) {
        *file = SPBE_SPAN("Unknown");
        *line = 0;
    }
    else {
        spbe_span_t where = spbe_trace_from(s, in + 4);

        spbe_trace_skip(&where, "file ");
        if (!spbe_trace_place(where, file, line)) {
            return 0;
        }
    }
    *text = spbe_span_slice(s, 0, in);
    /* "..., called in F on line 9 and defined in F:21" */
    if (spbe_span_ends(*text, SPBE_SPAN(" and defined"))) {
        text->len -= 12;
    }
    return 1;
}

/* What stands before the trace of the error that begins at text. */
static spbe_span_t before_trace(spbe_span_t text)
{
    size_t end;

    text = spbe_span_slice(text, 0, MESSAGE_SPAN);
    end = spbe_trace_at(text, "\nStack trace:");
    return end == SPBE_NPOS ? SPBE_SPAN_EMPTY : spbe_span_slice(text, 0, end);
}

/* "... 'X' with message 'msg'", old PHP and Yii */
static int split_quoted(spbe_span_t s, head_t *head)
{
    size_t at = spbe_trace_at(s, "' with message '"), open;

    open =
        at == SPBE_NPOS ? at : spbe_span_rchr(spbe_span_slice(s, 0, at), '\'');
    if (open == SPBE_NPOS) {
        return 0;
    }
    head->exception = spbe_span_slice(s, open + 1, at);
    s = spbe_span_trim(spbe_trace_from(s, at + 16));
    s.len -= spbe_span_ends(s, SPBE_SPAN("'")) ? 1 : 0;
    head->message = s;
    return 1;
}

/* "X: msg", SoapFault: "X exception: msg" */
static void split_uncaught(spbe_span_t s, head_t *head)
{
    size_t at;

    if (split_quoted(s, head)) {
        return;
    }
    at = spbe_trace_at(s, ":");
    while (at != SPBE_NPOS && at + 1 < s.len && s.ptr[at + 1] != ' ') {
        size_t next = spbe_trace_at(spbe_trace_from(s, at + 1), ":");

        at = next == SPBE_NPOS ? next : at + 1 + next;
    }
    head->exception = spbe_span_slice(s, 0, at);
    if (spbe_span_ends(head->exception, SPBE_SPAN(" exception"))) {
        head->exception.len -= 10;
    }
    head->message =
        at == SPBE_NPOS ? SPBE_SPAN_EMPTY : spbe_trace_from(s, at + 1);
}

static int read_uncaught(spbe_span_t text, head_t *head)
{
    spbe_span_t whole = before_trace(text), rest = text;

    if (whole.len == 0 || !cut_place(&whole, &head->file, &head->line)) {
        whole = spbe_trace_line(&rest);
        cut_place(&whole, &head->file, &head->line);
    }
    split_uncaught(whole, head);
    return head->exception.len > 0;
}

/* A level's word at the beginning of a line, behind dates and signs. */
static int level_at(spbe_span_t *line)
{
    size_t i, at;

    for (i = 0; i < sizeof(LEVELS) / sizeof(*LEVELS); i++) {
        spbe_span_t before;

        at = spbe_trace_at(*line, LEVELS[i].word);
        if (at == SPBE_NPOS) {
            continue;
        }
        before = spbe_span_trim(spbe_span_slice(*line, 0, at));
        if (before.len == 0 || spbe_span_ends(before, SPBE_SPAN("PHP")) ||
            spbe_span_ends(before, SPBE_SPAN(")")) ||
            spbe_span_ends(before, SPBE_SPAN("]")) ||
            spbe_span_ends(before, SPBE_SPAN(">"))) {
            *line = spbe_trace_ltrim(
                spbe_trace_from(*line, at + strlen(LEVELS[i].word)));
            return (int)i;
        }
    }
    return -1;
}

/* "msg in F on line L"; the message may have several lines. */
static int read_level(spbe_span_t text, head_t *head)
{
    spbe_span_t rest = spbe_span_slice(text, 0, MESSAGE_SPAN);
    int i;

    for (i = 0; i < 12 && rest.len > 0; i++) {
        spbe_span_t whole, line = spbe_trace_line(&rest);

        if (i > 0 && level_at(&line) >= 0) {
            break; /* another error: this one has no place */
        }
        whole = spbe_span_slice(text, 0, (size_t)(rest.ptr - text.ptr));
        if (cut_place(&whole, &head->file, &head->line)) {
            head->message = whole;
            return 1;
        }
    }
    rest = text;
    head->message = spbe_trace_line(&rest);
    return 0;
}

/* line lies in text; is it the beginning of an error? */
static int head_at(spbe_span_t text, spbe_span_t line, head_t *head)
{
    int level = level_at(&line), placed;

    *head = no_head(0);
    if (level < 0) {
        return 0;
    }
    line = spbe_trace_from(text, (size_t)(line.ptr - text.ptr));
    head->exception = spbe_span_from(LEVELS[level].label);
    head->rank = LEVELS[level].rank;
    if (spbe_trace_skip(&line, "Uncaught ")) {
        head->rank = 10;
        return read_uncaught(line, head);
    }
    placed = read_level(line, head);
    /* "Warning: " alone is a word of any text. */
    return placed || (head->rank > 5 && head->message.len > 0 &&
                      spbe_trace_has(head->message, ".php"));
}

/* "X: msg in F:L" on the lines right above "Stack trace:" at offset at. */
static int head_above(spbe_span_t text, size_t at, head_t *head)
{
    spbe_span_t whole = spbe_span_trim(spbe_span_slice(text, 0, at));
    spbe_span_t class, message;
    size_t from = whole.len;
    int i;

    *head = no_head(8);
    if (!cut_place(&whole, &head->file, &head->line)) {
        return 0;
    }
    for (i = 0; i < 24 && from > 0; i++) {
        spbe_span_t line;
        size_t start = spbe_span_rchr(spbe_span_slice(whole, 0, from), '\n');

        start = start == SPBE_NPOS ? 0 : start + 1;
        line = spbe_trace_ltrim(spbe_span_slice(whole, start, whole.len));
        spbe_trace_skip(&line, "PHP ");
        spbe_trace_skip(&line, "Uncaught ");
        if (spbe_trace_skip(&line, "Next ") ||
            spbe_trace_has(line, "' with message '") ||
            spbe_trace_head(line, &class, &message)) {
            split_uncaught(line, head);
            return spbe_trace_is_class(head->exception);
        }
        from = start == 0 ? 0 : start - 1;
    }
    return 0;
}

/* Laravel's log: [object] (X(code: 0): msg at F:L) */
static int head_object(spbe_span_t text, head_t *head)
{
    size_t at = spbe_trace_at(text, "[object] (");
    spbe_span_t s;

    *head = no_head(8);
    if (at == SPBE_NPOS) {
        return 0;
    }
    s = spbe_span_slice(text, at + 10, at + 10 + MESSAGE_SPAN);
    head->exception = spbe_span_cut(&s, '(');
    spbe_span_cut(&s, ')');
    spbe_trace_skip(&s, ": ");
    at = spbe_trace_at(s, ")\n");
    s = spbe_span_slice(s, 0, at);
    at = spbe_trace_last(s, " at ");
    if (at == SPBE_NPOS || !spbe_trace_place(spbe_trace_from(s, at + 4),
                                             &head->file, &head->line)) {
        return 0;
    }
    head->message = spbe_span_slice(s, 0, at);
    return spbe_trace_is_class(head->exception);
}

/* Slim and others name the values: "Type: X", "Message: m", "File: F",
 * "Line: 12". */
static int head_fields(spbe_span_t text, head_t *head)
{
    spbe_span_t number = SPBE_SPAN_EMPTY;
    const struct {
        const char *name;
        spbe_span_t *value;
    } fields[] = {{"Type:", &head->exception},
                  {"Message:", &head->message},
                  {"File:", &head->file},
                  {"Line:", &number}};
    size_t i;

    *head = no_head(7);
    while (text.len > 0 && number.len == 0) {
        spbe_span_t line = spbe_trace_ltrim(spbe_trace_line(&text));

        for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
            if (fields[i].value->len == 0 &&
                spbe_trace_skip(&line, fields[i].name)) {
                *fields[i].value = spbe_span_trim(line);
                if (fields[i].value->len == 0) {
                    *fields[i].value = spbe_span_trim(spbe_trace_line(&text));
                }
            }
        }
    }
    head->whole = head->exception.len > 0 ? head->exception : head->message;
    return head->message.len > 0 && spbe_trace_has(head->file, ".php") &&
           spbe_trace_number(&number, &head->line);
}

static head_t find_head(spbe_span_t text)
{
    head_t best = no_head(0), head;
    spbe_span_t rest = text;
    size_t at;
    int tries = 0;

    while (rest.len > 0 && tries < HEADS_MAX) {
        spbe_span_t line = spbe_trace_line(&rest);

        tries += spbe_trace_has(line, ": ") ? 1 : 0;
        if (spbe_trace_has(line, ": ") && head_at(text, line, &head) &&
            head.rank > best.rank) {
            best = head;
            best.whole = line;
        }
    }
    if (best.rank >= 8) {
        return best;
    }
    at = spbe_trace_at(text, "Stack trace:");
    if (at == SPBE_NPOS) {
        /* Laravel's page as text leaves that line out. */
        at = spbe_trace_at(text, "\n#0 ");
    }
    if ((at != SPBE_NPOS && head_above(text, at, &head)) ||
        head_object(text, &head)) {
        head.whole =
            spbe_span_slice(text, (size_t)(head.exception.ptr - text.ptr), at);
        return head;
    }
    if (best.rank == 0 && spbe_trace_has(text, "Message:") &&
        head_fields(text, &head)) {
        return head;
    }
    return best;
}

static int same_place(const spbe_trace_t *out, const head_t *head)
{
    const spbe_frame_t *first = (const spbe_frame_t *)out->frames->elts;

    return out->frames->nelts > 0 && first->file != NULL &&
           first->line == head->line &&
           spbe_span_eq(spbe_span_from(first->file), head->file);
}

int spbe_trace_php(spbe_span_t text, spbe_trace_t *out, apr_pool_t *pool)
{
    head_t head = find_head(text);
    spbe_span_t rest = text;
    int found, score;

    out->language = "php";
    if (head.rank > 0) {
        spbe_trace_name(out, head.exception, head.message, pool);
        spbe_trace_mark(out, head.whole);
        rest = spbe_trace_from(text, (size_t)(head.whole.ptr - text.ptr));
        spbe_trace_add(out, head.file, head.line, SPBE_SPAN_EMPTY, pool);
    }
    found = spbe_trace_php_hash(rest, out, pool);
    if (found == 0) {
        apr_array_clear(out->frames);
        found = spbe_trace_php_numbered(rest, out, pool);
        if (head.rank > 0 && !same_place(out, &head)) {
            spbe_trace_t first = *out;

            first.frames =
                apr_array_make(pool, found + 1, sizeof(spbe_frame_t));
            spbe_trace_add(&first, head.file, head.line, SPBE_SPAN_EMPTY, pool);
            apr_array_cat(first.frames, out->frames);
            out->frames = first.frames;
        }
    }
    if (found == 0) {
        found = spbe_trace_php_dump(rest, out, pool);
    }
    score = found * SPBE_TRACE_STRONG;
    if (head.rank > 0) {
        score += head.file.len > 0 ? 2 * SPBE_TRACE_STRONG : SPBE_TRACE_WEAK;
    }
    return score;
}
