/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/html.c - text inside HTML. See html.h.
 */
#include "text/html.h"

#include "text/visible.h"

static const char *reference(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void spbe_html_add(spbe_buf_t *buf, spbe_span_t text)
{
    spbe_buf_t shown;
    size_t i;

    spbe_buf_init(&shown, text.len + 16, buf->pool);
    spbe_visible_add(&shown, text, 1);
    for (i = 0; i < shown.len; i++) {
        const char *name = reference(shown.ptr[i]);

        if (name == NULL) {
            spbe_buf_addc(buf, shown.ptr[i]);
        }
        else {
            spbe_buf_adds(buf, name);
        }
    }
}
