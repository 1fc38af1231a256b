/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_sql.c - literals in SQL statements. Keywords, tables, columns
 * and operators stay.
 *
 * One pass over the text as tokens. A statement begins at a keyword and ends
 * at a semicolon, an empty line, a file name, or the quotation mark that
 * stands before its first word.
 */
#include "record/redact_scan.h"

typedef enum region {
    OUTSIDE = 0,
    PERHAPS = 1, /* "where", "select": only what follows an operator */
    STATEMENT = 2
} region_t;

typedef struct sql {
    spbe_hide_t *hide;
    spbe_span_t s;
    size_t i;
    region_t region;
    int value;       /* a literal may stand here: after an operator */
    int values;      /* behind VALUES: brackets hold literals */
    int between;     /* the AND of BETWEEN is an operator */
    unsigned list;   /* depth of brackets that hold literals */
    char enclosing;  /* the mark the statement stands in, or NUL */
    int escaped;     /* that mark has a backslash */
} sql_t;

static const spbe_span_t strong[] = {
    { "SELECT", 6 }, { "INSERT", 6 }, { "UPDATE", 6 }, { "DELETE", 6 },
    { "REPLACE", 7 }, { "WHERE", 5 }, { "VALUES", 6 }, { "HAVING", 6 },
    { "MERGE", 5 },  { "CALL", 4 },  { "EXEC", 4 },    { "IDENTIFIED", 10 },
};
static const spbe_span_t second[] = {
    { "FROM", 4 }, { "INTO", 4 }, { "SET", 3 }, { "JOIN", 4 },
};
static const spbe_span_t operators[] = {
    { "LIKE", 4 },   { "ILIKE", 5 },  { "IN", 2 },    { "VALUES", 6 },
    { "VALUE", 5 },  { "BETWEEN", 7 }, { "REGEXP", 6 }, { "RLIKE", 5 },
    { "THEN", 4 },   { "ELSE", 4 },   { "WHEN", 4 },
};

static int is_one_of(spbe_span_t word, const spbe_span_t *list, size_t n,
                     int nocase)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (nocase ? spbe_span_ieq(word, list[i])
                   : spbe_span_eq(word, list[i])) {
            return 1;
        }
    }
    return 0;
}
#define IS_ONE_OF(word, list, nocase)                                          \
    is_one_of(word, list, sizeof(list) / sizeof((list)[0]), nocase)

static void leave(sql_t *q)
{
    q->region = OUTSIDE;
    q->value = q->values = q->between = 0;
    q->list = 0;
    q->enclosing = '\0';
}

static int is_mark(char c)
{
    return c == '\'' || c == '"' || c == '`';
}

/* A keyword begins a statement only as a word before a blank or a bracket. */
static void enter(sql_t *q, spbe_span_t word, size_t from)
{
    char before = spbe_hide_at(q->s, from - 1);
    char after = spbe_hide_at(q->s, from + word.len);
    int upper = word.ptr[0] <= 'Z';

    if (!spbe_hide_space(after)
        && !(after == '(' && upper && word.len == 6 && word.ptr[0] == 'V')) {
        return;
    }
    if (q->region == OUTSIDE) {
        q->enclosing = is_mark(before) ? before : '\0';
        q->escaped = spbe_hide_at(q->s, from - 2) == '\\';
    }
    if (upper || q->region == STATEMENT) {
        q->region = STATEMENT;
    } else {
        q->region = PERHAPS;
    }
}

/* "in /var/www/x.php", "at line 3": the statement is over. */
static int is_place(sql_t *q, spbe_span_t word, size_t from)
{
    spbe_span_t s = q->s;

    if (spbe_span_eq(word, SPBE_SPAN("in"))) {
        return spbe_hide_is(s, from, SPBE_SPAN("in /"))
               || spbe_hide_is(s, from + 4, SPBE_SPAN(":\\"))
               || spbe_hide_is(s, from, SPBE_SPAN("in file"));
    }
    return spbe_span_eq(word, SPBE_SPAN("at"))
           && (spbe_hide_is(s, from, SPBE_SPAN("at line"))
               || spbe_hide_is(s, from, SPBE_SPAN("at /")));
}

static void read_word(sql_t *q)
{
    size_t from = q->i;
    spbe_span_t word;

    while (q->i < q->s.len
           && (spbe_hide_alnum(q->s.ptr[q->i]) || q->s.ptr[q->i] == '_'
               || q->s.ptr[q->i] == '$' || (unsigned char)q->s.ptr[q->i] > 127)) {
        q->i++;
    }
    word = spbe_span_slice(q->s, from, q->i);
    if (IS_ONE_OF(word, strong, 1)) {
        enter(q, word, from);
    }
    if (q->region == OUTSIDE) {
        return;
    }
    if (is_place(q, word, from)) {
        leave(q);
        return;
    }
    if (q->region == PERHAPS && IS_ONE_OF(word, second, 1)) {
        q->region = STATEMENT;
    }
    q->value = IS_ONE_OF(word, operators, 1)
               || (q->between && spbe_span_ieq(word, SPBE_SPAN("AND")))
               || (q->value && spbe_span_ieq(word, SPBE_SPAN("NOT")));
    q->between = spbe_span_ieq(word, SPBE_SPAN("BETWEEN"))
                 || (q->between && !spbe_span_ieq(word, SPBE_SPAN("AND")));
    q->values = spbe_span_ieq(word, SPBE_SPAN("VALUES"))
                || (q->values && q->list > 0);
}

static void read_number(sql_t *q)
{
    size_t from = q->i;

    while (q->i < q->s.len
           && (spbe_hide_alnum(q->s.ptr[q->i]) || q->s.ptr[q->i] == '.')) {
        q->i++;
    }
    if (q->region != OUTSIDE && (q->value || q->list > 0)) {
        spbe_hide_mark(q->hide, from, q->i);
    }
    q->value = 0;
}

/* Doubled marks and marks behind a backslash are inside; MySQL's "near 'x''
 * at line 1" ends in a mark of its own. */
static size_t literal_end(spbe_span_t s, size_t i, char mark, int escaped)
{
    while (i < s.len) {
        if (s.ptr[i] == '\\' && !escaped) {
            i += 2;
            continue;
        }
        if (s.ptr[i] == mark && (!escaped || s.ptr[i - 1] == '\\')) {
            if (escaped || spbe_hide_at(s, i + 1) != mark
                || spbe_hide_is(s, i + 2, SPBE_SPAN(" at line"))) {
                return escaped ? i - 1 : i;
            }
            i++;
        }
        if (s.ptr[i] == '\n' && spbe_hide_at(s, i + 1) == '\n') {
            return i;
        }
        i++;
    }
    return s.len;
}

/* Is the mark at i the one that the whole statement stands in? */
static int is_enclosing(const sql_t *q, size_t i)
{
    return q->enclosing == q->s.ptr[i]
           && q->escaped == (spbe_hide_at(q->s, i - 1) == '\\');
}

/* An apostrophe in a word: "doesn't". N'..' and _utf8'..' are literals. */
static int is_apostrophe(const sql_t *q, size_t i)
{
    return spbe_hide_alnum(spbe_hide_at(q->s, i - 1))
           && spbe_hide_alpha(spbe_hide_at(q->s, i - 2));
}

static int is_literal(const sql_t *q, size_t i, size_t end)
{
    int placed = q->value || q->list > 0;

    if (q->s.ptr[i] == '\'') {
        return !is_apostrophe(q, i) && (placed || q->region == STATEMENT);
    }
    /* In double marks it is a name unless it stands where a value does. */
    return placed && spbe_hide_at(q->s, end + 1) != '.'
           && q->enclosing != '"';
}

static void read_mark(sql_t *q)
{
    int escaped = spbe_hide_at(q->s, q->i - 1) == '\\';
    char mark = q->s.ptr[q->i];
    size_t end;

    if (is_enclosing(q, q->i)
        || spbe_hide_is(q->s, q->i + 1, SPBE_SPAN(" at line"))) {
        leave(q);
        q->i++;
        return;
    }
    if (q->region == OUTSIDE || is_apostrophe(q, q->i)) {
        q->i++;
        return;
    }
    end = literal_end(q->s, q->i + 1, mark, escaped);
    if (mark != '`' && is_literal(q, q->i, end)) {
        spbe_hide_mark(q->hide, q->i + 1, end);
    }
    q->value = 0;
    q->i = end + (spbe_hide_at(q->s, end) == '\n' ? 0 : 1 + escaped);
}

/* An empty line, or the first frame of a stack trace. */
static int is_end_of_lines(const sql_t *q)
{
    char next = spbe_hide_at(q->s, q->i + 1);

    return next == '\n' || next == '\r' || next == '#'
           || spbe_hide_is(q->s, q->i + 1, SPBE_SPAN("\tat "))
           || spbe_hide_is(q->s, q->i + 1, SPBE_SPAN("Stack trace"));
}

static void read_sign(sql_t *q)
{
    char c = q->s.ptr[q->i];

    if (q->region != OUTSIDE) {
        if (c == '(') {
            q->list += q->list > 0 || q->value || q->values ? 1 : 0;
            q->value = 0;
        } else if (c == ')') {
            q->list -= q->list > 0 ? 1 : 0;
        } else if (c == '=' || c == '<' || c == '>') {
            q->value = 1;
        } else if (c == ';' || (c == '\n' && is_end_of_lines(q))) {
            leave(q);
        } else if (!spbe_hide_space(c) && c != '-' && c != '+' && c != '%'
                   && c != '\\') {
            q->value = 0;
        }
    }
    q->i++;
}

static void read_all(sql_t *q)
{
    while (q->i < q->s.len) {
        char c = q->s.ptr[q->i];

        if (spbe_hide_digit(c)) {
            read_number(q);
        } else if (spbe_hide_alpha(c) || c == '_' || (unsigned char)c > 127) {
            read_word(q);
        } else if (is_mark(c)) {
            read_mark(q);
        } else {
            read_sign(q);
        }
    }
}

void spbe_hide_sql(spbe_hide_t *hide)
{
    sql_t q = { .hide = hide, .s = hide->text };

    read_all(&q);
}

void spbe_hide_sql_piece(spbe_hide_t *hide, size_t from, size_t to)
{
    spbe_hide_t piece = { spbe_span_slice(hide->text, from, to),
                          hide->map + from };
    sql_t q = { .hide = &piece, .s = piece.text, .region = STATEMENT };

    read_all(&q);
}
