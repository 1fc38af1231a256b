/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/genre.c - texts that are about errors by their kind. See genre.h.
 */
#include "failure/genre.h"

/* The offset behind a heading that stands alone in its line or tag. */
static size_t heading(spbe_span_t text, size_t from, spbe_span_t word)
{
    while (from < text.len) {
        spbe_span_t rest = spbe_span_slice(text, from, text.len);
        size_t at = spbe_span_find(rest, word);
        char before, after;

        if (at == SPBE_NPOS) {
            break;
        }
        before = from + at == 0 ? '\n' : text.ptr[from + at - 1];
        from += at + word.len;
        after = from == text.len ? '\0' : text.ptr[from];
        if ((before == '\n' || before == '>' || before == ' ')
            && (after == '\n' || after == '\r' || after == '<')) {
            return from;
        }
    }
    return SPBE_NPOS;
}

static int is_manual(spbe_span_t text)
{
    size_t name;

    name = heading(text, 0, SPBE_SPAN("NAME"));
    return name != SPBE_NPOS
           && (heading(text, name, SPBE_SPAN("SYNOPSIS")) != SPBE_NPOS
               || heading(text, name, SPBE_SPAN("DESCRIPTION")) != SPBE_NPOS);
}

/* Do the header lines at the begin name all of it? */
static int is_mail(spbe_span_t text)
{
    static const char *const names[] = { "From:", "Subject:", "Date:",
                                         "Message-ID:" };
    unsigned seen = 0;
    size_t i;

    while (text.len > 0) {
        spbe_span_t line = spbe_span_line(&text);

        if (line.len == 0) {
            break; /* the end of the header */
        }
        for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
            if (spbe_span_istarts(line, spbe_span_from(names[i]))) {
                seen |= 1u << i;
            }
        }
    }
    return (seen & 3) == 3 && seen > 3;
}

int spbe_genre_quotes(spbe_span_t text)
{
    text = spbe_span_slice(text, 0, SPBE_GENRE_HEAD);
    return is_manual(text) || is_mail(text);
}

/* Offset of the last occurrence, or SPBE_NPOS. */
static size_t last(spbe_span_t text, spbe_span_t word)
{
    size_t at;

    for (at = text.len; at >= word.len && word.len > 0; at--) {
        if (spbe_span_starts(spbe_span_slice(text, at - word.len, text.len),
                             word)) {
            return at - word.len;
        }
    }
    return SPBE_NPOS;
}

static int is_open(spbe_span_t text, spbe_span_t begin, spbe_span_t end)
{
    size_t opened = last(text, begin), closed = last(text, end);

    return opened != SPBE_NPOS && (closed == SPBE_NPOS || closed < opened);
}

int spbe_genre_in_feed(spbe_span_t before)
{
    return (is_open(before, SPBE_SPAN("<item"), SPBE_SPAN("</item"))
            && is_open(before, SPBE_SPAN("<description"),
                       SPBE_SPAN("</description")))
           || (is_open(before, SPBE_SPAN("<entry"), SPBE_SPAN("</entry"))
               && (is_open(before, SPBE_SPAN("<content"),
                           SPBE_SPAN("</content"))
                   || is_open(before, SPBE_SPAN("<summary"),
                              SPBE_SPAN("</summary"))));
}
