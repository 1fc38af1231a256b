/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/csv.c - write comma-separated values. See csv.h.
 */
#include "text/csv.h"

#include "text/visible.h"

/* Also what a spreadsheet in another script folds into the same. */
static int is_formula(spbe_span_t text)
{
    static const char *const begins[] = {
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "\xef\xbc\x9d",
        "\xef\xbc\x8b",
        "\xef\xbc\x8d",
        "\xef\xbc\xa0",
    };
    size_t i;

    for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (spbe_span_starts(text, spbe_span_from(begins[i]))) {
            return 1;
        }
    }
    return text.len > 0 && text.ptr[0] == '\0';
}

static int is_one_of(char c, spbe_span_t set)
{
    return spbe_span_chr(set, c) != SPBE_NPOS;
}

/* Up to where a program ends the cell that takes something else than the comma
 * for what separates: quotes in the middle of a cell are no quotes then. */
static size_t piece(spbe_span_t text)
{
    size_t i = 0;

    while (i < text.len && !is_one_of(text.ptr[i], SPBE_SPAN(",;|\n"))) {
        i++;
    }
    return i < text.len ? i + 1 : i;
}

/* What may stand before a formula: quotes at its beginning are taken off. */
static size_t lead(spbe_span_t text)
{
    size_t i = 0;

    while (i < text.len && is_one_of(text.ptr[i], SPBE_SPAN(" \""))) {
        i++;
    }
    return i;
}

static void add_pieces(spbe_buf_t *buf, spbe_span_t text)
{
    do {
        spbe_span_t one = spbe_span_slice(text, 0, piece(text));

        if (is_formula(spbe_span_slice(one, lead(one), one.len))) {
            spbe_buf_addc(buf, '\'');
        }
        spbe_visible_add(buf, one, 1);
        text = spbe_span_slice(text, one.len, text.len);
    } while (text.len > 0);
}

static int is_plain(spbe_span_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ',' || c == '"' || c == '\n' || c == ';' || c == '\'') {
            return 0;
        }
    }
    return text.len == 0 ||
           (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ');
}

static void add_quoted(spbe_buf_t *buf, spbe_span_t text)
{
    spbe_buf_addc(buf, '"');
    while (text.len > 0) {
        size_t at = spbe_span_chr(text, '"');
        size_t end = at == SPBE_NPOS ? text.len : at + 1;

        spbe_buf_add(buf, spbe_span_slice(text, 0, end));
        if (at != SPBE_NPOS) {
            spbe_buf_addc(buf, '"');
        }
        text = spbe_span_slice(text, end, text.len);
    }
    spbe_buf_addc(buf, '"');
}

void spbe_csv_cell(spbe_buf_t *buf, spbe_span_t text, int first)
{
    spbe_buf_t shown;

    if (!first) {
        spbe_buf_addc(buf, ',');
    }
    spbe_buf_init(&shown, text.len + 16, buf->pool);
    add_pieces(&shown, text);
    if (is_plain(spbe_buf_span(&shown))) {
        spbe_buf_add(buf, spbe_buf_span(&shown));
    }
    else {
        add_quoted(buf, spbe_buf_span(&shown));
    }
}

void spbe_csv_end(spbe_buf_t *buf)
{
    spbe_buf_adds(buf, "\r\n");
}
