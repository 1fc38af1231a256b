/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_scan.h - the finders behind spbe_redact_text.
 *
 * Private to redact*.c. A finder looks through the whole text once and marks
 * what has to go; it never shortens the text, so each sees what the others
 * see and their order does not matter. Linear in the length of the text: what
 * looks ahead or back does so by a constant number of bytes, or goes on behind
 * what it has looked at.
 */
#ifndef SPBE_RECORD_REDACT_SCAN_H
#define SPBE_RECORD_REDACT_SCAN_H

#include "record/redact.h"

typedef struct spbe_hide {
    spbe_span_t text;
    char *map; /* one byte per byte of text; not 0: it has to go */
} spbe_hide_t;

static inline int spbe_hide_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline int spbe_hide_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline int spbe_hide_alnum(char c)
{
    return spbe_hide_digit(c) || spbe_hide_alpha(c);
}

static inline int spbe_hide_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The byte at i, or NUL outside of the text. i may be (size_t)-1. */
static inline char spbe_hide_at(spbe_span_t s, size_t i)
{
    return i < s.len ? s.ptr[i] : '\0';
}

static inline int spbe_hide_is(spbe_span_t s, size_t i, spbe_span_t what)
{
    return i < s.len &&
           spbe_span_istarts((spbe_span_t){s.ptr + i, s.len - i}, what);
}

void spbe_hide_mark(spbe_hide_t *hide, size_t from, size_t to);

/* The end of the line that i is in, not counting its line end. */
size_t spbe_hide_line_end(spbe_span_t s, size_t i);

/*
 * Length of the quotation mark at i, with the backslashes before it or as an
 * HTML or URL escape; 0 when there is none.
 */
size_t spbe_hide_quote(spbe_span_t s, size_t i);

/*
 * The offset of the mark that closes the one at i of that length, or the end
 * of the line.
 */
size_t spbe_hide_quote_end(spbe_span_t s, size_t i, size_t length);

/* Where to go on behind a quotation that began at i and ended at end: not all
 * are closed. */
size_t spbe_hide_after_quote(spbe_span_t s, size_t i, size_t length,
                             size_t end);

/* i is at '(', '[' or '{': the offset of its partner, or at most max bytes
 * further. Brackets in quotation marks do not count. */
size_t spbe_hide_bracket_end(spbe_span_t s, size_t i, size_t max);

/* Length of the HTML tag at i, or 0: "a<b" is a comparison. */
size_t spbe_hide_tag(spbe_span_t s, size_t i);
/* Does the tag at i end a paragraph, a cell or the like? */
int spbe_hide_ends_block(spbe_span_t s, size_t i);

/*
 * The end of the SQL literal whose text begins at i. Doubled marks and marks
 * behind a backslash are inside; MySQL's "near 'x'' at line 1" ends in a mark
 * of its own. escaped: the marks themselves have a backslash.
 */
size_t spbe_hide_sql_end(spbe_span_t s, size_t i, char mark, int escaped);

void spbe_hide_digits(spbe_hide_t *hide);
void spbe_hide_names(spbe_hide_t *hide, const spbe_redact_t *redact);
void spbe_hide_urls(spbe_hide_t *hide);
void spbe_hide_tokens(spbe_hide_t *hide);
void spbe_hide_sql(spbe_hide_t *hide);
/* The bytes [from, to) are a piece out of the middle of a statement. */
void spbe_hide_sql_piece(spbe_hide_t *hide, size_t from, size_t to);
void spbe_hide_phrases(spbe_hide_t *hide);
void spbe_hide_calls(spbe_hide_t *hide);

#endif
