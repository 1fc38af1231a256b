/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_token.c - secrets that are known by their own looks: JSON web
 * tokens, keys of well-known services, private keys, password hashes, long
 * random strings.
 */
#include "record/redact_scan.h"

#define RANDOM_MIN 32

typedef struct shape {
    spbe_span_t prefix;
    size_t more; /* at least so many characters behind it */
} shape_t;

static const shape_t shapes[] = {
    {{"AKIA", 4}, 16},
    {{"ASIA", 4}, 16},
    {{"AIza", 4}, 30},
    {{"ghp_", 4}, 20},
    {{"gho_", 4}, 20},
    {{"ghs_", 4}, 20},
    {{"ghu_", 4}, 20},
    {{"github_pat_", 11}, 20},
    {{"glpat-", 6}, 16},
    {{"xoxb-", 5}, 10},
    {{"xoxp-", 5}, 10},
    {{"xoxa-", 5}, 10},
    {{"sk_live_", 8}, 10},
    {{"sk_test_", 8}, 10},
    {{"rk_live_", 8}, 10},
    {{"pk_live_", 8}, 10},
    {{"sk-", 3}, 24},
    {{"SG.", 3}, 20},
    {{"npm_", 4}, 30},
    {{"hvs.", 4}, 20},
    {{"dop_v1_", 7}, 20},
    {{"ya29.", 5}, 20},
    {{"SB-Mid-server-", 14}, 8},
    {{"Mid-server-", 11}, 8},
    {{"base64:", 7}, 30},
    {{"$2y$", 4}, 20},
    {{"$2a$", 4}, 20},
    {{"$2b$", 4}, 20},
    {{"$argon2", 7}, 20},
    {{"$1$", 3}, 20},
    {{"$5$", 3}, 20},
    {{"$6$", 3}, 20},
    {{"$y$", 3}, 20},
    {{"{SSHA}", 6}, 20},
    {{"eyJ", 3}, 10},
};

static int is_token_char(char c)
{
    return spbe_hide_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/' ||
           c == '+' || c == '=' || c == '$';
}

static size_t token_end(spbe_span_t s, size_t i)
{
    while (i < s.len && is_token_char(s.ptr[i])) {
        i++;
    }
    return i;
}

/* Letters, digits and '+' '_' '-' only: no path, no name with dots. */
static int is_word_char(char c)
{
    return spbe_hide_alnum(c) || c == '_' || c == '-' || c == '+' || c == '=';
}

static char kind_of(char c)
{
    return spbe_hide_digit(c)       ? '9'
           : (c >= 'a' && c <= 'z') ? 'a'
           : (c >= 'A' && c <= 'Z') ? 'A'
                                    : '-';
}

/*
 * Capitals, small letters and digits that change places at every other
 * character: names that people or compilers make up stay well below.
 */
static int is_random(spbe_span_t word)
{
    size_t i, upper = 0, lower = 0, digits = 0, changes = 0;

    if (word.len < RANDOM_MIN || spbe_span_starts(word, SPBE_SPAN("_Z")) ||
        spbe_span_starts(word, SPBE_SPAN("_R"))) {
        return 0;
    }
    for (i = 0; i < word.len; i++) {
        char kind = kind_of(word.ptr[i]);

        upper += kind == 'A';
        lower += kind == 'a';
        digits += kind == '9';
        changes += i > 0 && kind != kind_of(word.ptr[i - 1]);
    }
    return upper >= 4 && lower >= 4 && digits >= 3 &&
           changes * 10 >= word.len * 4;
}

/* The characters that a shape or a scheme begins with. */
static int may_begin(char c)
{
    switch (c) {
    case 'A':
    case 'M':
    case 'S':
    case 'b':
    case 'd':
    case 'e':
    case 'g':
    case 'h':
    case 'n':
    case 'p':
    case 'r':
    case 's':
    case 'x':
    case 'y':
    case 'B':
    case 'N':
    case 'D':
    case '$':
    case '{':
        return 1;
    default:
        return 0;
    }
}

static size_t hide_shape(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t k, end;

    for (k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
        spbe_span_t prefix = shapes[k].prefix;

        if (s.ptr[i] != prefix.ptr[0] ||
            !spbe_span_starts(spbe_span_slice(s, i, s.len), prefix)) {
            continue;
        }
        end = token_end(s, i + prefix.len);
        if (end - i >= prefix.len + shapes[k].more) {
            spbe_hide_mark(hide, i, end);
            return end;
        }
    }
    return i;
}

/* "Bearer abc..." and "Basic dXNlcjpw": a word that no language has. */
static size_t hide_scheme(spbe_hide_t *hide, size_t i)
{
    static const spbe_span_t schemes[] = {
        {"bearer ", 7},
        {"basic ", 6},
        {"negotiate ", 10},
        {"digest username=", 16},
    };
    spbe_span_t s = hide->text;
    size_t k, from, end, digits = 0;

    for (k = 0; k < sizeof(schemes) / sizeof(schemes[0]); k++) {
        if ((s.ptr[i] | 32) != schemes[k].ptr[0] ||
            !spbe_hide_is(s, i, schemes[k])) {
            continue;
        }
        from = i + schemes[k].len;
        end = k == 3 ? spbe_hide_line_end(s, from) : token_end(s, from);
        for (i = from; i < end; i++) {
            digits += spbe_hide_digit(s.ptr[i]) || s.ptr[i] == '=';
        }
        if (end - from >= 24 || (end - from >= 6 && digits > 0)) {
            spbe_hide_mark(hide, from, end);
        }
        return end;
    }
    return i;
}

/* The words of one run of word characters. */
static size_t hide_word(spbe_hide_t *hide, size_t i)
{
    spbe_span_t s = hide->text;
    size_t end = i;

    while (end < s.len && is_word_char(s.ptr[end])) {
        end++;
    }
    if (is_random(spbe_span_slice(s, i, end))) {
        spbe_hide_mark(hide, i, end);
    }
    return end;
}

static void hide_private_keys(spbe_hide_t *hide)
{
    static const spbe_span_t begin = {"-----BEGIN ", 11};
    static const spbe_span_t finish = {"-----END ", 9};
    spbe_span_t s = hide->text;
    size_t i = 0, at;

    while ((at = spbe_span_find(spbe_span_slice(s, i, s.len), begin)) !=
           SPBE_NPOS) {
        size_t from = i + at + begin.len, end;
        spbe_span_t label = spbe_span_slice(s, from, from + 64);

        i = from;
        label = spbe_span_slice(label, 0,
                                spbe_span_find(label, SPBE_SPAN("-----")));
        if (spbe_span_find(label, SPBE_SPAN("PRIVATE")) == SPBE_NPOS) {
            continue;
        }
        /* Without its end the rest of the text is taken for the key. */
        end = spbe_span_find(spbe_span_slice(s, from, s.len), finish);
        end = end == SPBE_NPOS ? s.len : from + end;
        spbe_hide_mark(hide, from + label.len, end);
        i = end;
    }
}

void spbe_hide_tokens(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    hide_private_keys(hide);
    while (i < s.len) {
        size_t next = i;

        if (may_begin(s.ptr[i]) && !is_word_char(spbe_hide_at(s, i - 1))) {
            next = hide_shape(hide, i);
            next = next == i ? hide_scheme(hide, i) : next;
        }
        if (next == i && is_word_char(s.ptr[i])) {
            next = hide_word(hide, i);
        }
        i = next == i ? i + 1 : next;
    }
}
