/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/visible.c - text that may be shown on a terminal. See visible.h.
 */
#include "text/visible.h"

#include "text/utf8.h"

/* Ranges of characters that are not seen or change how others are seen. */
static int is_hidden(unsigned long c)
{
    static const struct {
        unsigned long from, to;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},
        {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
        {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
    };
    size_t i;

    for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (c >= ranges[i].from && c <= ranges[i].to) {
            return 1;
        }
    }
    return 0;
}

static void add_one(spbe_buf_t *buf, spbe_span_t bytes, unsigned long c)
{
    if (c == SPBE_UTF8_INVALID || (c < 0x80 && is_hidden(c))) {
        spbe_buf_printf(buf, "\\x%02x", (unsigned char)bytes.ptr[0]);
    }
    else if (is_hidden(c)) {
        spbe_buf_printf(buf, "\\u{%04lx}", c);
    }
    else {
        spbe_buf_add(buf, bytes);
    }
}

void spbe_visible_add(spbe_buf_t *buf, spbe_span_t s, int lines)
{
    while (s.len > 0) {
        const char *at = s.ptr;
        unsigned long c = spbe_utf8_next(&s);

        if (lines && c == '\n') {
            spbe_buf_addc(buf, '\n');
        }
        else if (lines && c == '\t') {
            spbe_buf_adds(buf, "    ");
        }
        else {
            add_one(buf, (spbe_span_t){at, (size_t)(s.ptr - at)}, c);
        }
    }
}

const char *spbe_visible(const char *s, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 64, pool);
    spbe_visible_add(&buf, spbe_span_from(s), 0);
    return spbe_buf_cstr(&buf);
}

size_t spbe_visible_width(spbe_span_t s)
{
    size_t width = 0;

    while (s.len > 0) {
        spbe_utf8_next(&s);
        width++;
    }
    return width;
}

const char *spbe_visible_fit(const char *s, size_t width, apr_pool_t *pool)
{
    const char *text = spbe_visible(s, pool);
    spbe_span_t rest = spbe_span_from(text);
    size_t keep = width > 3 ? width - 3 : 0;
    spbe_buf_t buf;

    if (spbe_visible_width(rest) <= width) {
        return text;
    }
    while (keep-- > 0) {
        spbe_utf8_next(&rest);
    }
    spbe_buf_init(&buf, 64, pool);
    spbe_buf_add(&buf, (spbe_span_t){text, (size_t)(rest.ptr - text)});
    spbe_buf_adds(&buf, "...");
    return spbe_buf_cstr(&buf);
}
