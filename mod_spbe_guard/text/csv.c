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
    if (is_formula(text)) {
        spbe_buf_addc(&shown, '\'');
    }
    spbe_visible_add(&shown, text, 1);
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
