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
    PERHAPS = 1,   /* "select": a statement when its second word comes */
    CONDITION = 2, /* "where": only what follows an operator, on this line */
    STATEMENT = 3
} region_t;

typedef struct sql {
    spbe_hide_t *hide;
    spbe_span_t s;
    size_t i;
    region_t region;
    spbe_span_t second; /* PERHAPS: the word that makes it a statement */
    size_t until;       /* PERHAPS: not beyond this offset */
    int value;          /* a literal may stand here: after an operator */
    int values;         /* behind VALUES: brackets hold literals */
    int between;        /* the AND of BETWEEN is an operator */
    unsigned list;      /* depth of brackets that hold literals */
    char enclosing;     /* the mark the statement stands in, or NUL */
    int escaped;        /* that mark has a backslash */
} sql_t;

/* How far the second word may stand from the first. */
#define NEAR 16
#define FAR 600

static const struct opening {
    spbe_span_t word, second; /* no second: stands for itself */
    size_t reach;
} openings[] = {
    {{"SELECT", 6}, {"FROM", 4}, FAR},
    {{"INSERT", 6}, {"INTO", 4}, NEAR},
    {{"REPLACE", 7}, {"INTO", 4}, NEAR},
    {{"DELETE", 6}, {"FROM", 4}, NEAR},
    {{"UPDATE", 6}, {"SET", 3}, FAR},
    {{"MERGE", 5}, {"INTO", 4}, NEAR},
    {{"IDENTIFIED", 10}, {"BY", 2}, NEAR},
    {{"WHERE", 5}, {"", 0}, 0},
    {{"VALUES", 6}, {"", 0}, 0},
    {{"HAVING", 6}, {"", 0}, 0},
    {{"CALL", 4}, {"", 0}, 0},
    {{"EXEC", 4}, {"", 0}, 0},
};
#define OPENINGS (sizeof(openings) / sizeof(openings[0]))

static const spbe_span_t operators[] = {
    {"LIKE", 4},  {"ILIKE", 5},   {"IN", 2},     {"VALUES", 6},
    {"VALUE", 5}, {"BETWEEN", 7}, {"REGEXP", 6}, {"RLIKE", 5},
    {"THEN", 4},  {"ELSE", 4},    {"WHEN", 4},   {"BY", 2},
};

static int is_operator(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (spbe_span_ieq(word, operators[i])) {
            return 1;
        }
    }
    return 0;
}

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

static int is_upper(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < word.len; i++) {
        if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z') {
            return 0;
        }
    }
    return 1;
}

static const struct opening *find_opening(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < OPENINGS; i++) {
        if (spbe_span_ieq(word, openings[i].word)) {
            return &openings[i];
        }
    }
    return NULL;
}

/*
 * In capitals a keyword is enough. In small letters it may be English, or the
 * name of a method: then a second keyword has to follow, or, behind "where",
 * only what follows an operator goes.
 */
static void enter(sql_t *q, spbe_span_t word, size_t from)
{
    const struct opening *opening = find_opening(word);
    char before = spbe_hide_at(q->s, from - 1);
    char after = spbe_hide_at(q->s, from + word.len);
    int is_values = spbe_span_ieq(word, SPBE_SPAN("values"));

    if (opening == NULL || q->region == STATEMENT ||
        (!spbe_hide_space(after) && !(after == '(' && is_values) &&
         !(after == '\\'))) {
        return;
    }
    if (q->region == OUTSIDE) {
        q->enclosing = is_mark(before) ? before : '\0';
        q->escaped = spbe_hide_at(q->s, from - 2) == '\\';
    }
    if (is_upper(word)) {
        q->region = STATEMENT;
    }
    else if (opening->second.len > 0) {
        q->region = PERHAPS;
        q->second = opening->second;
        q->until = from + word.len + opening->reach;
    }
    else if (opening->word.ptr[0] != 'C' && opening->word.ptr[0] != 'E') {
        q->region = CONDITION;
    }
}

/* "in /var/www/x.php", "at line 3": the statement is over. */
static int is_place(sql_t *q, spbe_span_t word, size_t from)
{
    spbe_span_t s = q->s;

    if (spbe_span_eq(word, SPBE_SPAN("in"))) {
        return spbe_hide_is(s, from, SPBE_SPAN("in /")) ||
               spbe_hide_is(s, from + 4, SPBE_SPAN(":\\")) ||
               spbe_hide_is(s, from, SPBE_SPAN("in <b>")) ||
               spbe_hide_is(s, from, SPBE_SPAN("in file"));
    }
    return spbe_span_eq(word, SPBE_SPAN("at")) &&
           (spbe_hide_is(s, from, SPBE_SPAN("at line")) ||
            spbe_hide_is(s, from, SPBE_SPAN("at /")));
}

static void follow_up(sql_t *q, spbe_span_t word)
{
    if (q->i > q->until) {
        leave(q);
    }
    else if (spbe_span_ieq(word, q->second)) {
        q->region = STATEMENT;
    }
}

static void read_word(sql_t *q)
{
    size_t from = q->i;
    spbe_span_t word;

    while (q->i < q->s.len &&
           (spbe_hide_alnum(q->s.ptr[q->i]) || q->s.ptr[q->i] == '_' ||
            q->s.ptr[q->i] == '$' || (unsigned char)q->s.ptr[q->i] > 127)) {
        q->i++;
    }
    word = spbe_span_slice(q->s, from, q->i);
    enter(q, word, from);
    if (q->region == OUTSIDE) {
        return;
    }
    if (is_place(q, word, from)) {
        leave(q);
        return;
    }
    if (q->region == PERHAPS) {
        follow_up(q, word);
    }
    q->value = is_operator(word) ||
               (q->between && spbe_span_ieq(word, SPBE_SPAN("AND"))) ||
               (q->value && spbe_span_ieq(word, SPBE_SPAN("NOT")));
    q->between = spbe_span_ieq(word, SPBE_SPAN("BETWEEN")) ||
                 (q->between && !spbe_span_ieq(word, SPBE_SPAN("AND")));
    q->values =
        spbe_span_ieq(word, SPBE_SPAN("VALUES")) || (q->values && q->list > 0);
}

static void read_number(sql_t *q)
{
    size_t from = q->i;

    while (q->i < q->s.len &&
           (spbe_hide_alnum(q->s.ptr[q->i]) || q->s.ptr[q->i] == '.')) {
        q->i++;
    }
    if (q->region >= CONDITION && (q->value || q->list > 0)) {
        spbe_hide_mark(q->hide, from, q->i);
    }
    q->value = 0;
}

/* Is the mark at i the one that the whole statement stands in? */
static int is_enclosing(const sql_t *q, size_t i)
{
    return q->enclosing == q->s.ptr[i] &&
           q->escaped == (spbe_hide_at(q->s, i - 1) == '\\');
}

/* An apostrophe in a word: "doesn't". N'..' and _utf8'..' are literals. */
static int is_apostrophe(const sql_t *q, size_t i)
{
    return spbe_hide_alnum(spbe_hide_at(q->s, i - 1)) &&
           spbe_hide_alpha(spbe_hide_at(q->s, i - 2));
}

static int is_literal(const sql_t *q, size_t i, size_t end)
{
    int placed = q->value || q->list > 0;

    if (q->region < CONDITION) {
        return 0;
    }
    if (q->s.ptr[i] == '\'') {
        return !is_apostrophe(q, i) && (placed || q->region == STATEMENT);
    }
    /* In double marks it is a name unless it stands where a value does. */
    return placed && spbe_hide_at(q->s, end + 1) != '.';
}

/* {"message":"... SQL: select 1)","file": - the statement ends there too. */
static int ends_json_string(const sql_t *q, size_t i)
{
    return q->s.ptr[i] == '"' && !q->value && q->list == 0 &&
           spbe_hide_at(q->s, i - 1) != '\\' &&
           (spbe_hide_is(q->s, i + 1, SPBE_SPAN(",\"")) ||
            spbe_hide_at(q->s, i + 1) == '}');
}

static void read_mark(sql_t *q)
{
    int escaped = spbe_hide_at(q->s, q->i - 1) == '\\';
    char mark = q->s.ptr[q->i];
    size_t end;

    if (is_enclosing(q, q->i) || ends_json_string(q, q->i) ||
        spbe_hide_is(q->s, q->i + 1, SPBE_SPAN(" at line"))) {
        leave(q);
        q->i++;
        return;
    }
    if (q->region < CONDITION || is_apostrophe(q, q->i)) {
        q->i++;
        return;
    }
    end = spbe_hide_sql_end(q->s, q->i + 1, mark, escaped);
    if (mark != '`' && is_literal(q, q->i, end)) {
        spbe_hide_mark(q->hide, q->i + 1, end);
    }
    q->value = 0;
    q->i = end + (spbe_hide_at(q->s, end) == '\n' ? 0 : 1 + escaped);
}

/* An empty line, or the first frame of a stack trace. */
static int is_end_of_lines(const sql_t *q)
{
    static const spbe_span_t next[] = {
        {"\n", 1},
        {"\r", 1},
        {"#", 1},
        {"\tat ", 4},
        {"    at ", 7},
        {"  File \"", 8},
        {"Stack trace", 11},
        {"[stacktrace]", 12},
        {"Traceback", 9},
    };
    size_t i;

    for (i = 0; i < sizeof(next) / sizeof(next[0]); i++) {
        if (spbe_hide_is(q->s, q->i + 1, next[i])) {
            return 1;
        }
    }
    return 0;
}

/* 1 when a tag stood there; it says nothing about values. */
static int skip_tag(sql_t *q)
{
    size_t length = spbe_hide_tag(q->s, q->i);

    if (length == 0) {
        return 0;
    }
    if (spbe_hide_ends_block(q->s, q->i)) {
        leave(q);
    }
    q->i += length;
    return 1;
}

static void take_sign(sql_t *q, char c)
{
    if (c == '(') {
        q->list += q->list > 0 || q->value || q->values ? 1 : 0;
        q->value = 0;
    }
    else if (c == ')') {
        q->list -= q->list > 0 ? 1 : 0;
    }
    else if (c == '=' || c == '<' || c == '>') {
        q->value = 1;
    }
    else if (c == ';' || (c == '\n' && is_end_of_lines(q)) ||
             (c == '\n' && q->region == CONDITION)) {
        leave(q);
    }
    else if (!spbe_hide_space(c) && c != '-' && c != '+' && c != '%' &&
             c != '\\') {
        q->value = 0;
    }
}

static void read_sign(sql_t *q)
{
    char c = q->s.ptr[q->i];

    if (q->region != OUTSIDE) {
        if (c == '<' && skip_tag(q)) {
            return;
        }
        take_sign(q, c);
    }
    q->i++;
}

static void read_all(sql_t *q)
{
    while (q->i < q->s.len) {
        char c = q->s.ptr[q->i];

        if (spbe_hide_digit(c)) {
            read_number(q);
        }
        else if (spbe_hide_alpha(c) || c == '_' || (unsigned char)c > 127) {
            read_word(q);
        }
        else if (is_mark(c)) {
            read_mark(q);
        }
        else {
            read_sign(q);
        }
    }
}

void spbe_hide_sql(spbe_hide_t *hide)
{
    sql_t q = {.hide = hide, .s = hide->text};

    read_all(&q);
}

void spbe_hide_sql_piece(spbe_hide_t *hide, size_t from, size_t to)
{
    spbe_hide_t piece = {spbe_span_slice(hide->text, from, to),
                         hide->map + from};
    sql_t q = {.hide = &piece, .s = piece.text, .region = STATEMENT};

    read_all(&q);
}
