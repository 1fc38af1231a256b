/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/contact.c - the contact line of the page. See contact.h.
 */
#include "failure/contact.h"

#include "failure/template.h"

static const struct {
    spbe_span_t scheme;
    size_t hidden; /* bytes of it that a person need not see */
} links[] = {
    { SPBE_SPAN("mailto:"), 7 },
    { SPBE_SPAN("tel:"), 4 },
    { SPBE_SPAN("https://"), 8 },
};

#define LINKS (sizeof(links) / sizeof(links[0]))

static size_t link_kind(spbe_span_t word)
{
    size_t i;

    for (i = 0; i < LINKS; i++) {
        if (spbe_span_istarts(word, links[i].scheme)
            && word.len > links[i].scheme.len) {
            break;
        }
    }
    return i;
}

/* Takes a word, or the white space between two words, off *rest. */
static spbe_span_t next_word(spbe_span_t *rest)
{
    int space = rest->ptr[0] == ' ';
    spbe_span_t word;
    size_t i = 0;

    while (i < rest->len && (rest->ptr[i] == ' ') == space) {
        i++;
    }
    word = spbe_span_slice(*rest, 0, i);
    *rest = spbe_span_slice(*rest, i, rest->len);
    return word;
}

/* The comma or full stop behind an address is not part of it. */
static size_t address_length(spbe_span_t word)
{
    size_t len = word.len;

    while (len > 0 && (word.ptr[len - 1] == ',' || word.ptr[len - 1] == ';'
                       || word.ptr[len - 1] == '.'
                       || word.ptr[len - 1] == ')')) {
        len--;
    }
    return len;
}

static void put_link(spbe_buf_t *out, spbe_span_t word, size_t kind)
{
    size_t len = address_length(word);
    spbe_span_t address = spbe_span_slice(word, 0, len);
    spbe_span_t shown = spbe_span_slice(address, links[kind].hidden, len);

    spbe_buf_adds(out, "<a href=\"");
    spbe_template_escape(out, SPBE_PAGE_HTML, address);
    spbe_buf_adds(out, "\">");
    spbe_template_escape(out, SPBE_PAGE_HTML, shown);
    spbe_buf_adds(out, "</a>");
    spbe_template_escape(out, SPBE_PAGE_HTML,
                         spbe_span_slice(word, len, word.len));
}

spbe_span_t spbe_contact_html(const char *contact, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(contact);
    spbe_buf_t out;

    spbe_buf_init(&out, rest.len + 128, pool);
    while (rest.len > 0) {
        spbe_span_t word = next_word(&rest);
        size_t kind = link_kind(word);

        if (kind < LINKS) {
            put_link(&out, word, kind);
        }
        else {
            spbe_template_escape(&out, SPBE_PAGE_HTML, word);
        }
    }
    return spbe_buf_span(&out);
}

spbe_span_t spbe_contact_text(const char *contact, apr_pool_t *pool)
{
    spbe_span_t rest = spbe_span_from(contact);
    spbe_buf_t out;

    spbe_buf_init(&out, rest.len + 1, pool);
    while (rest.len > 0) {
        spbe_span_t word = next_word(&rest);
        size_t kind = link_kind(word);

        /* https:// stays: without a link it is needed. */
        spbe_buf_add(&out, kind < 2 ? spbe_span_slice(word, links[kind].hidden,
                                                      word.len)
                                    : word);
    }
    return spbe_buf_span(&out);
}
