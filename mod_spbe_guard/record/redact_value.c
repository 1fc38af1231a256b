/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_value.c - how far a secret value reaches. See redact_value.h.
 */
#include "record/redact_value.h"

#define BRACKET_MAX 4096
#define CELL_MAX 4096
#define NEXT_NAME_MAX 48

/* Say nothing secret, but much to a developer: "(using password: YES)". */
static int is_harmless(spbe_span_t value)
{
    static const spbe_span_t words[] = {
        {"yes", 3},   {"no", 2},     {"true", 4},  {"false", 5},
        {"null", 4},  {"none", 4},   {"nil", 3},   {"undefined", 9},
        {"array", 5}, {"object", 6}, {"empty", 5},
    };
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (spbe_span_ieq(value, words[i])) {
            return 1;
        }
    }
    return value.len == 0;
}

/* var_dump's "string(7) ", and the b, u, r of quoted strings. */
static size_t skip_prefix(spbe_span_t s, size_t i)
{
    size_t k = i;

    if (spbe_hide_is(s, i, SPBE_SPAN("string("))) {
        for (k = i + 7; spbe_hide_digit(spbe_hide_at(s, k)); k++) {
        }
        return spbe_hide_is(s, k, SPBE_SPAN(") ")) ? k + 2 : i;
    }
    while (k < i + 2 && spbe_hide_alpha(spbe_hide_at(s, k))) {
        k++;
    }
    return spbe_hide_quote(s, k) > 0 ? k : i;
}

/* After ',' or ';': does another pair begin, or the text go on? */
static int ends_list_item(spbe_span_t s, size_t i)
{
    size_t k = i;

    if (i >= s.len || spbe_hide_space(s.ptr[i])) {
        return 1;
    }
    k += spbe_hide_quote(s, i);
    while (k < i + NEXT_NAME_MAX &&
           (spbe_hide_alnum(spbe_hide_at(s, k)) || spbe_hide_at(s, k) == '_' ||
            spbe_hide_at(s, k) == '-' || spbe_hide_at(s, k) == ' ')) {
        k++;
    }
    k += spbe_hide_quote(s, k);
    return k > i && (spbe_hide_at(s, k) == '=' || spbe_hide_at(s, k) == ':');
}

static int ends_bare(spbe_span_t s, size_t i)
{
    char c = s.ptr[i];

    if (spbe_hide_space(c) || c == '&' || c == '"' || c == '\'' || c == '<' ||
        c == '>') {
        return 1;
    }
    return (c == ',' || c == ';') && ends_list_item(s, i + 1);
}

static size_t hide_bare(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t end = i, trimmed;

    while (end < s.len && !ends_bare(s, end)) {
        end++;
    }
    trimmed = end;
    while (trimmed > i && spbe_span_chr(SPBE_SPAN(")]}.,;:"),
                                        s.ptr[trimmed - 1]) != SPBE_NPOS) {
        trimmed--;
    }
    if (!is_harmless(spbe_span_slice(s, i, trimmed))) {
        spbe_hide_mark(hide, i, trimmed);
    }
    return end;
}

static size_t hide_quoted(spbe_hide_t *hide, size_t i, size_t mark)
{
    size_t end = spbe_hide_quote_end(hide->text, i, mark);

    spbe_hide_mark(hide, i + mark, end);
    return spbe_hide_after_quote(hide->text, i, mark, end);
}

static size_t hide_field(spbe_hide_t *hide, size_t i, char stop)
{
    size_t end = spbe_hide_line_end(hide->text, i), at;

    at = stop == '\0'
             ? SPBE_NPOS
             : spbe_span_chr(spbe_span_slice(hide->text, i, end), stop);
    end = at == SPBE_NPOS ? end : i + at;
    spbe_hide_mark(hide, i, end);
    return end;
}

static size_t hide_cell(spbe_hide_t *hide, size_t i)
{
    spbe_span_t cell = spbe_span_slice(hide->text, i, i + CELL_MAX);
    size_t len = spbe_span_chr(cell, '<');

    len = len == SPBE_NPOS ? cell.len : len;
    spbe_hide_mark(hide, i, i + len);
    return i + len;
}

size_t spbe_hide_value(spbe_hide_t *hide, size_t i, spbe_value_t kind)
{
    spbe_span_t s = hide->text;
    size_t mark, end;
    char c;

    i = skip_prefix(s, i);
    mark = spbe_hide_quote(s, i);
    c = spbe_hide_at(s, i);
    if (kind == SPBE_VALUE_CELL) {
        return hide_cell(hide, i);
    }
    if (mark > 0) {
        return hide_quoted(hide, i, mark);
    }
    if (kind != SPBE_VALUE_BARE) {
        return hide_field(hide, i,
                          kind == SPBE_VALUE_FIELD_SINGLE   ? '\''
                          : kind == SPBE_VALUE_FIELD_DOUBLE ? '"'
                                                            : '\0');
    }
    if (spbe_hide_is(s, i, SPBE_SPAN("[disamarkan]"))) {
        return i + 1;
    }
    if (c == '[' || c == '{' || c == '(') {
        end = spbe_hide_bracket_end(s, i, BRACKET_MAX);
        spbe_hide_mark(hide, i + 1, end);
        return end;
    }
    return hide_bare(hide, i);
}
