/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_phrase.c - messages that quote what a user sent: "Duplicate
 * entry 'x' for key", "invalid literal ...: 'x'", "Key (nik)=(x) exists".
 */
#include "record/redact_scan.h"

#define BRACKET_MAX 4096
#define BLANKS 8

/* A quotation or a bracket behind one of these is a value. */
static const spbe_span_t phrases[] = {
    {"duplicate entry", 15}, {"string value:", 13},  {"integer value:", 14},
    {"double value:", 13},   {"decimal value:", 14}, {"date value:", 11},
    {"datetime value:", 15}, {"time value:", 11},    {"varchar value", 13},
    {"nvarchar value", 14},  {"invalid value", 13},  {"with value", 10},
    {"input string:", 13},   {"base 10:", 8},        {"base 16:", 8},
    {"to float:", 9},        {"to int:", 7},         {"type integer:", 13},
    {"type bigint:", 12},    {"type numeric:", 13},  {"type date:", 10},
    {"type timestamp:", 15}, {"type uuid:", 10},     {"type json", 9},
    {"type boolean:", 13},   {"value for enum", 14}, {"row contains", 12},
    {"key value is", 12},    {"time string", 11},    {"parameters:", 11},
    {"params:", 7},          {"with params", 11},    {"with parameters", 15},
    {"bindings:", 9},        {"bind message:", 13},
};

static size_t skip_blanks(spbe_span_t s, size_t i)
{
    size_t max = i + BLANKS;

    while (i < max && spbe_hide_at(s, i) == ' ') {
        i++;
    }
    return i;
}

/* Marks the quotation or bracket at i; where it ends, or i. */
static size_t hide_quote_or_bracket(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t mark = spbe_hide_quote(s, i), end;
    char c = spbe_hide_at(s, i);

    if (mark > 0) {
        end = spbe_hide_quote_end(s, i, mark);
        spbe_hide_mark(hide, i + mark, end);
        return spbe_hide_after_quote(s, i, mark, end);
    }
    if (c != '(' && c != '[' && c != '{') {
        return i;
    }
    end = spbe_hide_bracket_end(s, i, BRACKET_MAX);
    spbe_hide_mark(hide, i + 1, end);
    return end + 1;
}

/*
 * PostgreSQL: Key (nik)=(317...) already exists. The names in the first pair
 * of brackets stay.
 */
static size_t hide_key(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t end;

    if (!spbe_hide_is(s, i, SPBE_SPAN("key ("))) {
        return i;
    }
    end = spbe_hide_bracket_end(s, i + 4, 512);
    if (!spbe_hide_is(s, end, SPBE_SPAN(")=("))) {
        return i;
    }
    return hide_quote_or_bracket(hide, end + 2);
}

/* Does the text begin in the middle of a statement, not of a literal? */
static int begins_with_keyword(spbe_span_t s)
{
    static const spbe_span_t words[] = {
        {"SELECT", 6},   {"FROM", 4},  {"WHERE", 5},  {"ORDER BY", 8},
        {"GROUP BY", 8}, {"LIMIT", 5}, {"VALUES", 6}, {"SET", 3},
        {"INTO", 4},     {"AND", 3},   {"OR", 2},     {"JOIN", 4},
        {"LEFT", 4},     {"INNER", 5}, {"ON", 2},     {"AS", 2},
        {"IN", 2},       {"UNION", 5}, {"HAVING", 6}, {"LIKE", 4},
        {"select", 6},   {"from", 4},  {"where", 5},  {"order by", 8},
        {"group by", 8}, {"limit", 5}, {"values", 6}, {"FORM", 4},
    };
    size_t k;

    while (s.len > 0 &&
           spbe_span_chr(SPBE_SPAN(" ),=<>"), s.ptr[0]) != SPBE_NPOS) {
        s = spbe_span_slice(s, 1, s.len);
    }
    for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        if (spbe_span_starts(s, words[k]) &&
            !spbe_hide_alnum(spbe_hide_at(s, words[k].len))) {
            return 1;
        }
    }
    return 0;
}

/* MySQL: near 'the rest of the statement' at line 1. */
static size_t hide_near(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t from = i + 6, at;

    /* Perl shows its source: "at x.pl line 2, near "){"". */
    if (spbe_hide_is(s, i, SPBE_SPAN("near \""))) {
        return spbe_hide_at(s, i - 2) == ','
                   ? i
                   : hide_quote_or_bracket(hide, i + 5);
    }
    if (!spbe_hide_is(s, i, SPBE_SPAN("near '"))) {
        return i;
    }
    at = spbe_span_find(spbe_span_slice(s, from, from + BRACKET_MAX),
                        SPBE_SPAN("' at line"));
    if (at == SPBE_NPOS) {
        return hide_quote_or_bracket(hide, i + 5);
    }
    if (begins_with_keyword(spbe_span_slice(s, from, from + at))) {
        spbe_hide_sql_piece(hide, from, from + at);
    }
    else {
        spbe_hide_mark(hide, from, from + at);
    }
    return from + at;
}

/* What quotes with ' and does not escape it ends where the phrase goes on. */
static size_t hide_until(spbe_hide_t *hide, size_t i)
{
    static const struct {
        spbe_span_t begin, finish;
    } pairs[] = {
        {{"duplicate entry '", 17}, {"' for key", 9}},
        {{"value: '", 8}, {"' for column", 12}},
    };
    spbe_span_t s = hide->text;
    size_t k;

    for (k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++) {
        size_t from = i + pairs[k].begin.len, at;

        if (!spbe_hide_is(s, i, pairs[k].begin)) {
            continue;
        }
        at = spbe_span_find(spbe_span_slice(s, from, from + BRACKET_MAX),
                            pairs[k].finish);
        if (at != SPBE_NPOS) {
            spbe_hide_mark(hide, from, from + at);
            return from + at;
        }
    }
    return i;
}

/* "value 'x'", "value: 'x'": not "php_value'", and not Django's headline
 * "Exception Value:". */
static size_t hide_value_word(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t from = i + 5, value;

    if (!spbe_hide_is(s, i, SPBE_SPAN("value")) ||
        spbe_hide_at(s, i - 1) == '_' ||
        spbe_hide_is(s, i - 10, SPBE_SPAN("exception "))) {
        return i;
    }
    from += spbe_hide_at(s, from) == ':' ? 1 : 0;
    value = skip_blanks(s, from);
    if (value == i + 5 || spbe_hide_quote(s, value) == 0) {
        return i;
    }
    return hide_quote_or_bracket(hide, value);
}

/* What is more than a phrase with a value behind it. */
static size_t hide_special(spbe_hide_t *hide, size_t i, char first)
{
    size_t next = i;

    if (first == 'd' || first == 'v') {
        next = hide_until(hide, i);
    }
    if (next == i && first == 'v') {
        next = hide_value_word(hide, i);
    }
    if (first == 'k') {
        next = hide_key(hide, i);
    }
    return first == 'n' ? hide_near(hide, i) : next;
}

static size_t hide_phrase(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    char first = (char)(s.ptr[i] | 32);
    size_t k, next = hide_special(hide, i, first);

    for (k = 0; next == i && k < sizeof(phrases) / sizeof(phrases[0]); k++) {
        size_t from = i + phrases[k].len, value;

        if (phrases[k].ptr[0] != first || !spbe_hide_is(s, i, phrases[k])) {
            continue;
        }
        value = skip_blanks(s, from);
        value += spbe_hide_at(s, value) == ':' ? 1 : 0;
        value = skip_blanks(s, value);
        next = hide_quote_or_bracket(hide, value);
        next = next == value ? i : next;
    }
    return next;
}

/* One bit per letter that some phrase begins with. */
static unsigned first_letters(void)
{
    unsigned bits = 1u << ('k' - 'a') | 1u << ('n' - 'a') | 1u << ('v' - 'a');
    size_t k;

    for (k = 0; k < sizeof(phrases) / sizeof(phrases[0]); k++) {
        bits |= 1u << (phrases[k].ptr[0] - 'a');
    }
    return bits;
}

void spbe_hide_phrases(spbe_hide_t *hide)
{
    unsigned letters = first_letters();
    spbe_span_t s = hide->text;
    size_t i = 0;

    while (i < s.len) {
        size_t next = i;

        if (spbe_hide_alpha(s.ptr[i]) &&
            !spbe_hide_alnum(spbe_hide_at(s, i - 1)) &&
            (letters >> ((s.ptr[i] | 32) - 'a') & 1)) {
            next = hide_phrase(hide, i);
        }
        i = next == i ? i + 1 : next;
    }
}
