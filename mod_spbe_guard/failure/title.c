/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/title.c - a message with every value taken out.
 *
 * What stays is what the programmer wrote: words, names, error codes. What
 * goes, as '?': quoted strings, numbers, ids, addresses, what stands behind
 * '=', and SQL with its values. In doubt it goes: the title is not sealed.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>

#define TITLE_MAX_LEN 200
#define QUOTED_MAX_LEN 2000

typedef struct title {
    char *to;
    size_t len, limit;
} title_t;

/* Codes whose digits are no value; up to and including the character. */
static const struct {
    const char *begin;
    size_t more;
} CODES[] = {{"SQLSTATE[", 6}, {"ORA-", 5}, {"AH0", 4}, {"PLS-", 5}};

static void put(title_t *title, char c)
{
    if (c == '?' && title->len > 0 && title->to[title->len - 1] == '?') {
        return;
    }
    if (c == ' ' && (title->len == 0 || title->to[title->len - 1] == ' ')) {
        return;
    }
    if (title->len < title->limit) {
        title->to[title->len++] = c;
    }
}

static int is_word(char c)
{
    return apr_isalnum(c) || c == '_';
}

/* Behind the quoted string at s[i], or i when it is an apostrophe. */
static size_t skip_quoted(spbe_span_t s, size_t i)
{
    char open = s.ptr[i];
    size_t k;

    if (i > 0 && is_word(s.ptr[i - 1])) {
        return i;
    }
    for (k = i + 1; k < s.len && k < i + QUOTED_MAX_LEN; k++) {
        char c = s.ptr[k];

        if (c == '\\') {
            k++;
        }
        else if (c == '\n') {
            break;
        }
        else if ((c == open || (open == '`' && c == '\'')) &&
                 (open == '"' || k + 1 >= s.len || !is_word(s.ptr[k + 1]))) {
            return k + 1;
        }
    }
    /* Not closed, or cut off: what follows may be the value. */
    return k < s.len ? k : s.len;
}

static size_t put_code(title_t *title, spbe_span_t s, size_t i)
{
    size_t n, k, len;

    for (n = 0; n < sizeof(CODES) / sizeof(*CODES); n++) {
        len = strlen(CODES[n].begin);
        if (!spbe_span_starts(spbe_trace_from(s, i),
                              spbe_span_from(CODES[n].begin))) {
            continue;
        }
        for (k = 0;
             k < len + CODES[n].more && i + k < s.len &&
             (k < len || apr_isalnum(s.ptr[i + k]) || s.ptr[i + k] == ']');
             k++) {
            put(title, s.ptr[i + k]);
        }
        return i + k;
    }
    return i;
}

/* Letters, digits and what joins them in numbers, dates, ids, addresses. */
static size_t token_end(spbe_span_t s, size_t i, int *digits, int *at)
{
    size_t k;

    *digits = *at = 0;
    for (k = i; k < s.len; k++) {
        char c = s.ptr[k];

        if (apr_isdigit(c)) {
            ++*digits;
        }
        else if (c == '@') {
            ++*at;
        }
        else if (!(is_word(c) || (memchr(".-+:,/%", c, 7) != NULL &&
                                  k + 1 < s.len && is_word(s.ptr[k + 1])))) {
            break;
        }
    }
    return k;
}

static int is_id(spbe_span_t token)
{
    size_t i, hex = 0;

    for (i = 0; i < token.len; i++) {
        hex += apr_isxdigit(token.ptr[i]) || token.ptr[i] == '-' ? 1 : 0;
    }
    return hex == token.len && token.len >= 8;
}

static size_t put_token(title_t *title, spbe_span_t s, size_t i)
{
    int digits, at;
    size_t end = token_end(s, i, &digits, &at), k;
    spbe_span_t token = spbe_span_slice(s, i, end);

    if (digits == 0 && at == 0) {
        for (k = i; k < end; k++) {
            put(title, s.ptr[k]);
        }
        return end;
    }
    if (at > 0 || is_id(token) || apr_isdigit(token.ptr[0])) {
        put(title, '?');
        return end;
    }
    /* words with digits in them: names of files, hosts, functions */
    for (k = i; k < end; k++) {
        put(title, apr_isdigit(s.ptr[k]) ? '?' : s.ptr[k]);
    }
    return end;
}

/* "=value" "=(value)" */
static size_t put_assigned(title_t *title, spbe_span_t s, size_t i)
{
    char stop = ' ';

    put(title, '=');
    i++;
    if (i >= s.len || s.ptr[i] == ' ' || s.ptr[i] == '=' || s.ptr[i] == '>') {
        return i;
    }
    if (s.ptr[i] == '(') {
        stop = ')';
    }
    put(title, '?');
    while (i < s.len && s.ptr[i] != stop && s.ptr[i] != '\n' &&
           (stop == ')' || memchr(",;)&", s.ptr[i], 4) == NULL)) {
        i++;
    }
    return i;
}

/* Length of the UTF-8 character at s[i], 0 when it is none. */
static size_t utf8_len(spbe_span_t s, size_t i)
{
    unsigned char c = (unsigned char)s.ptr[i];
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2, k;

    if (c < 0xc2 || c > 0xf4 || i + n > s.len) {
        return 0;
    }
    for (k = 1; k < n; k++) {
        if (((unsigned char)s.ptr[i + k] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return n;
}

static size_t put_wide(title_t *title, spbe_span_t s, size_t i)
{
    size_t n = utf8_len(s, i);

    if (n == 0) {
        put(title, '?');
        return i + 1;
    }
    if (title->len + n <= title->limit) {
        memcpy(title->to + title->len, s.ptr + i, n);
        title->len += n;
    }
    return i + n;
}

static size_t put_next(title_t *title, spbe_span_t s, size_t i)
{
    char c = s.ptr[i];
    size_t end;

    if (c == '\'' || c == '"' || c == '`') {
        end = skip_quoted(s, i);
        if (end > i) {
            put(title, '?');
            return end;
        }
        put(title, c);
        return i + 1;
    }
    if (c == '=') {
        return put_assigned(title, s, i);
    }
    end = put_code(title, s, i);
    if (end > i) {
        return end;
    }
    if (is_word(c)) {
        return put_token(title, s, i);
    }
    if ((unsigned char)c >= 0x80) {
        return put_wide(title, s, i);
    }
    put(title, (unsigned char)c <= ' ' || c == 0x7f ? ' ' : c);
    return i + 1;
}

spbe_span_t spbe_trace_words(spbe_span_t message, size_t limit,
                             apr_pool_t *pool)
{
    title_t title = {apr_palloc(pool, limit + 1), 0, limit};
    size_t i = 0, sql = spbe_trace_at(message, "SQL: ");

    /* Laravel: "(SQL: ...)" "(Connection: x, SQL: ...)", values and all */
    if (sql != SPBE_NPOS) {
        message = spbe_span_slice(message, 0, sql + 4);
    }
    while (i < message.len && title.len < title.limit) {
        i = put_next(&title, message, i);
    }
    if (sql != SPBE_NPOS) {
        put(&title, ' ');
        put(&title, '?');
    }
    return spbe_span_trim((spbe_span_t){title.to, title.len});
}

const char *spbe_trace_title(const spbe_trace_t *trace, apr_pool_t *pool)
{
    const char *text =
        trace->message != NULL ? trace->message : trace->exception;

    return spbe_span_dup(
        spbe_trace_words(spbe_span_from(text), TITLE_MAX_LEN, pool), pool);
}
