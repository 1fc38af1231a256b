/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain_tag.c - which angle brackets are tags, and is a text made of
 * them? See plain.h.
 */
#include "text/plain_int.h"

#include <stdlib.h>
#include <string.h>

/* Elements that are dropped; anything else in angle brackets is text. */
static const char *const ELEMENTS[] = {
    "a",        "abbr",     "acronym",  "address",    "article",  "aside",
    "b",        "base",     "big",      "blockquote", "body",     "br",
    "button",   "canvas",   "caption",  "center",     "circle",   "cite",
    "code",     "col",      "colgroup", "dd",         "defs",     "del",
    "details",  "dfn",      "dialog",   "dir",        "div",      "dl",
    "dt",       "em",       "fieldset", "figcaption", "figure",   "font",
    "footer",   "form",     "frame",    "frameset",   "g",        "h1",
    "h2",       "h3",       "h4",       "h5",         "h6",       "head",
    "header",   "hr",       "html",     "i",          "iframe",   "img",
    "input",    "ins",      "kbd",      "label",      "legend",   "li",
    "link",     "main",     "map",      "mark",       "meta",     "nav",
    "nobr",     "noscript", "object",   "ol",         "optgroup", "option",
    "p",        "param",    "path",     "pre",        "q",        "rect",
    "s",        "samp",     "script",   "section",    "select",   "small",
    "span",     "strike",   "strong",   "style",      "sub",      "summary",
    "sup",      "svg",      "table",    "tbody",      "td",       "template",
    "textarea", "tfoot",    "th",       "thead",      "time",     "title",
    "tr",       "tt",       "u",        "ul",         "use",      "var",
    "wbr",      "xmp",
};

/* Elements at whose beginning and end a line ends. */
static const char *const BLOCKS[] = {
    "address", "article",  "aside",      "blockquote", "body",  "br",
    "caption", "center",   "dd",         "details",    "div",   "dl",
    "dt",      "fieldset", "figcaption", "footer",     "form",  "h1",
    "h2",      "h3",       "h4",         "h5",         "h6",    "head",
    "header",  "hr",       "html",       "legend",     "li",    "main",
    "nav",     "ol",       "option",     "p",          "pre",   "section",
    "summary", "table",    "tbody",      "textarea",   "tfoot", "thead",
    "title",   "tr",       "ul",         "xmp",
};

static int by_name(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

static int listed(const char *name, const char *const *list, size_t n)
{
    return bsearch(name, list, n, sizeof(*list), by_name) != NULL;
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void spbe_plain_tag(spbe_span_t s, size_t i, char name[12])
{
    size_t n = 0;

    name[0] = '\0';
    /* Ruby writes `<main>': a quote before it says that it is no tag. */
    if (i > 0 && (s.ptr[i - 1] == '`' || s.ptr[i - 1] == '\'') &&
        spbe_span_starts(spbe_span_slice(s, i, s.len), SPBE_SPAN("<main>"))) {
        return;
    }
    i++;
    if (i < s.len && s.ptr[i] == '/') {
        i++;
    }
    while (i < s.len && n < 11 && (is_letter(s.ptr[i]) || is_digit(s.ptr[i]))) {
        name[n++] = (char)(s.ptr[i++] | 0x20);
    }
    name[n] = '\0';
    if (i < s.len && s.ptr[i] == '-' && n > 0) {
        strcpy(name, "span"); /* a custom element */
        return;
    }
    if (!listed(name, ELEMENTS, sizeof(ELEMENTS) / sizeof(*ELEMENTS))) {
        name[0] = '\0';
    }
}

int spbe_plain_is_block(const char *name)
{
    return listed(name, BLOCKS, sizeof(BLOCKS) / sizeof(*BLOCKS));
}

int spbe_plain_is_xml(spbe_span_t text)
{
    spbe_span_t s = spbe_span_trim(text);
    char name[12];

    if (s.len < 4 || s.ptr[0] != '<' ||
        spbe_span_find(s, SPBE_SPAN("</")) == SPBE_NPOS ||
        spbe_span_ifind(spbe_span_slice(s, 0, 2048), SPBE_SPAN("<html")) !=
            SPBE_NPOS) {
        return 0;
    }
    spbe_plain_tag(s, 0, name);
    return spbe_span_starts(s, SPBE_SPAN("<?xml")) ||
           (is_letter(s.ptr[1]) && name[0] == '\0');
}

/* An element is closed somewhere in the first of them. */
static int closes_element(spbe_span_t text)
{
    size_t at = 0, next;
    char name[12];
    int i;

    for (i = 0; i < 64; i++) {
        next = spbe_span_find(spbe_span_slice(text, at, text.len),
                              SPBE_SPAN("</"));
        if (next == SPBE_NPOS) {
            return 0;
        }
        at += next;
        spbe_plain_tag(text, at, name);
        if (name[0] != '\0') {
            return 1;
        }
        at += 2;
    }
    return 0;
}

int spbe_plain_is_html(spbe_span_t text)
{
    static const char *const SIGNS[] = {
        "<!doctype", "<html", "<br",   "<b>",    "<p>",   "<p ", "<pre",
        "<div",      "<h1",   "<body", "<table", "<span", "<!--"};
    size_t i;

    if (spbe_span_chr(text, '<') == SPBE_NPOS) {
        return 0;
    }
    for (i = 0; i < sizeof(SIGNS) / sizeof(*SIGNS); i++) {
        if (spbe_span_ifind(text, spbe_span_from(SIGNS[i])) != SPBE_NPOS) {
            return 1;
        }
    }
    return closes_element(text);
}
