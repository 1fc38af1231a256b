/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify_find.c - one pass for the letters of all rules.
 *
 * A table by the hash of three letters, with the words that begin with them
 * in a chain. No state of its own, so threads need no scratch.
 */
#include "failure/classify_find.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_tables.h>

#define GRAM 3
#define BUCKETS 4096

typedef struct word {
    spbe_span_t letters;
    int rule;
    struct word *next;
} word_t;

struct spbe_class_find {
    word_t *bucket[BUCKETS];
    apr_array_header_t *always; /* int */
};

static unsigned char low(char c)
{
    unsigned char u = (unsigned char)c;

    return u >= 'A' && u <= 'Z' ? (unsigned char)(u | 0x20) : u;
}

static unsigned hash(const char *p)
{
    unsigned h = low(p[0]) * 0x9e5u + low(p[1]) * 0x47u + low(p[2]);

    return (h ^ h >> 7) % BUCKETS;
}

spbe_class_find_t *spbe_class_find_create(apr_pool_t *pool)
{
    spbe_class_find_t *find = apr_pcalloc(pool, sizeof(*find));

    find->always = apr_array_make(pool, 4, sizeof(int));
    return find;
}

/* Offset behind the group or class that begins at s[i]. */
static size_t behind_group(spbe_span_t s, size_t i)
{
    int depth = 0, in_class = 0;

    for (; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '\\') {
            i++;
        }
        else if (in_class) {
            in_class = c != ']';
        }
        else if (c == '[') {
            in_class = 1;
        }
        else if (c == '(') {
            depth++;
        }
        else if (c == ')') {
            depth--;
        }
        if (depth == 0 && !in_class && (c == ')' || c == ']')) {
            return i + 1;
        }
    }
    return s.len;
}

/* "[Aa]" is one letter without case. */
static int is_case_pair(spbe_span_t s, size_t i)
{
    return i + 3 < s.len && s.ptr[i + 3] == ']' && apr_isalpha(s.ptr[i + 1]) &&
           s.ptr[i + 1] != s.ptr[i + 2] &&
           low(s.ptr[i + 1]) == low(s.ptr[i + 2]);
}

/* One step through the expression: returns the offset behind it, *letter is
 * the letter that must stand there or 0. */
static size_t step(spbe_span_t s, size_t i, char *letter)
{
    char c = s.ptr[i];

    *letter = 0;
    if (c == '\\' && i + 1 < s.len) {
        *letter = apr_isalnum(s.ptr[i + 1]) ? 0 : s.ptr[i + 1];
        return i + 2;
    }
    if (c == '[') {
        *letter = is_case_pair(s, i) ? s.ptr[i + 1] : 0;
        return behind_group(s, i);
    }
    if (c == '(') {
        return behind_group(s, i);
    }
    if (memchr(".^$*+?{}", c, 8) == NULL) {
        *letter = c;
    }
    return i + 1;
}

spbe_span_t spbe_class_find_letters(spbe_span_t s, apr_pool_t *pool)
{
    char *run = apr_palloc(pool, s.len + 1),
         *best = apr_palloc(pool, s.len + 1);
    size_t i = 0, len = 0, best_len = 0;

    while (i < s.len) {
        char letter, next;
        size_t end = step(s, i, &letter);

        next = end < s.len ? s.ptr[end] : '\0';
        /* "x?" and "x*" need not be there; "x+" is, once */
        if (letter != 0 && next != '?' && next != '*' && next != '{') {
            run[len++] = (char)low(letter);
        }
        else {
            len = 0;
        }
        if (len > best_len) {
            memcpy(best, run, len);
            best_len = len;
        }
        if (next == '+') {
            len = 0;
        }
        i = end;
    }
    return best_len >= GRAM ? (spbe_span_t){best, best_len} : SPBE_SPAN_EMPTY;
}

static void learn(spbe_class_find_t *find, spbe_span_t letters, int rule,
                  apr_pool_t *pool)
{
    word_t *word = apr_palloc(pool, sizeof(*word));
    unsigned h = hash(letters.ptr);

    word->letters = letters;
    word->rule = rule;
    word->next = find->bucket[h];
    find->bucket[h] = word;
}

/* Takes the first alternative off *rest. */
static spbe_span_t next_alternative(spbe_span_t *rest)
{
    spbe_span_t all = *rest;
    size_t i = 0;

    while (i < all.len && all.ptr[i] != '|') {
        char letter;

        i = step(all, i, &letter);
    }
    *rest = spbe_span_slice(all, i + 1, all.len);
    return spbe_span_slice(all, 0, i);
}

int spbe_class_find_add(spbe_class_find_t *find, spbe_span_t regex, int rule,
                        apr_pool_t *pool)
{
    int all = 1;

    while (regex.len > 0) {
        spbe_span_t letters =
            spbe_class_find_letters(next_alternative(&regex), pool);

        if (letters.len == 0) {
            all = 0;
        }
        else {
            learn(find, letters, rule, pool);
        }
    }
    if (!all) {
        APR_ARRAY_PUSH(find->always, int) = rule;
    }
    return all;
}

static int same(spbe_span_t letters, const char *at)
{
    size_t i;

    for (i = GRAM; i < letters.len; i++) {
        if ((unsigned char)letters.ptr[i] != low(at[i])) {
            return 0;
        }
    }
    return letters.ptr[0] == (char)low(at[0]) &&
           letters.ptr[1] == (char)low(at[1]) &&
           letters.ptr[2] == (char)low(at[2]);
}

void spbe_class_find_run(const spbe_class_find_t *find, spbe_span_t text,
                         unsigned char *candidate)
{
    const word_t *word;
    size_t i;
    int k;

    for (k = 0; k < find->always->nelts; k++) {
        candidate[APR_ARRAY_IDX(find->always, k, int)] = 1;
    }
    for (i = 0; i + GRAM <= text.len; i++) {
        for (word = find->bucket[hash(text.ptr + i)]; word != NULL;
             word = word->next) {
            if (!candidate[word->rule] && word->letters.len <= text.len - i &&
                same(word->letters, text.ptr + i)) {
                candidate[word->rule] = 1;
            }
        }
    }
}
