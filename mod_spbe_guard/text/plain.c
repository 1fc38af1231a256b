/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain.c - HTML, JSON and error-log escapes to plain text. See plain.h.
 *
 * One pass, one output buffer of the input's size. Nothing here validates:
 * a strict reading is done elsewhere, this one serves people and rules.
 */
#include "text/plain.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

typedef struct out {
    char *ptr;
    size_t len;
} out_t;

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

static const struct {
    const char *name;
    unsigned long code;
} ENTITIES[] = {
    {"amp", '&'},       {"apos", '\''},    {"bull", 0x2022},  {"gt", '>'},
    {"hellip", 0x2026}, {"laquo", 0xab},   {"ldquo", 0x201c}, {"lsquo", 0x2018},
    {"lt", '<'},        {"mdash", 0x2014}, {"middot", 0xb7},  {"nbsp", ' '},
    {"ndash", 0x2013},  {"quot", '"'},     {"raquo", 0xbb},   {"rarr", 0x2192},
    {"rdquo", 0x201d},  {"rsquo", 0x2019},
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

static int hex(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put(out_t *out, char c)
{
    out->ptr[out->len++] = c;
}

static void put_line_end(out_t *out)
{
    if (out->len > 0 && out->ptr[out->len - 1] != '\n') {
        put(out, '\n');
    }
}

size_t spbe_plain_utf8(unsigned long code, char *out)
{
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        code = '?';
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* The number of "&#...;" whose digits begin at s[i]; *end is behind it. */
static unsigned long numeric_entity(spbe_span_t s, size_t i, size_t *end)
{
    unsigned long code = 0;
    int base = 10;
    size_t from;

    if (i < s.len && (s.ptr[i] == 'x' || s.ptr[i] == 'X')) {
        base = 16;
        i++;
    }
    for (from = i; i < s.len && i < from + 8; i++) {
        int digit = hex(s.ptr[i]);

        if (digit < 0 || digit >= base) {
            break;
        }
        code = code * (unsigned long)base + (unsigned long)digit;
    }
    *end = i > from && i < s.len && s.ptr[i] == ';' ? i + 1 : 0;
    return code == 0xa0 ? ' ' : code;
}

/* s[i] is '&'. Writes what it stands for and returns what is behind it. */
static size_t put_entity(out_t *out, spbe_span_t s, size_t i)
{
    spbe_span_t name = spbe_span_slice(s, i + 1, i + 9);
    size_t end = spbe_span_chr(name, ';'), k;

    if (name.len > 1 && name.ptr[0] == '#') {
        unsigned long code = numeric_entity(s, i + 2, &end);

        if (end > 0) {
            out->len += spbe_plain_utf8(code, out->ptr + out->len);
            return end;
        }
        end = SPBE_NPOS;
    }
    for (k = 0; end != SPBE_NPOS && k < sizeof(ENTITIES) / sizeof(*ENTITIES);
         k++) {
        if (spbe_span_eq(spbe_span_slice(name, 0, end),
                         spbe_span_from(ENTITIES[k].name))) {
            out->len += spbe_plain_utf8(ENTITIES[k].code, out->ptr + out->len);
            return i + end + 2;
        }
    }
    put(out, '&');
    return i + 1;
}

/* Lower-case name of the tag at s[i] == '<', "" when it is no element. */
static void tag_name(spbe_span_t s, size_t i, char name[12])
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

/* Offset behind the tag at i. A quote that never ends does not hide '>'. */
static size_t tag_end(spbe_span_t s, size_t i)
{
    size_t k, plain = SPBE_NPOS;
    char quote = 0;

    for (k = i + 1; k < s.len && k < i + 4096; k++) {
        char c = s.ptr[k];

        if (c == '>' && plain == SPBE_NPOS) {
            plain = k + 1;
        }
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        }
        else if (c == '>') {
            return k + 1;
        }
        else if ((c == '"' || c == '\'') && s.ptr[k - 1] == '=') {
            quote = c;
        }
    }
    return plain != SPBE_NPOS ? plain : (k < s.len ? k : s.len);
}

/* Offset behind "</name" + its '>', or the end. */
static size_t skip_element(spbe_span_t s, size_t from, const char *name)
{
    spbe_span_t rest = spbe_span_slice(s, from, s.len);
    char close[16];
    size_t at;

    apr_snprintf(close, sizeof(close), "</%s", name);
    at = spbe_span_ifind(rest, spbe_span_from(close));
    return at == SPBE_NPOS ? s.len : tag_end(s, from + at);
}

static size_t put_comment(out_t *out, spbe_span_t s, size_t i)
{
    size_t end =
        spbe_span_find(spbe_span_slice(s, i + 4, s.len), SPBE_SPAN("-->"));

    end = end == SPBE_NPOS ? s.len : i + 4 + end;
    put_line_end(out);
    for (i += 4; i < end;) {
        if (s.ptr[i] == '&') {
            i = put_entity(out, spbe_span_slice(s, 0, end), i);
        }
        else {
            put(out, s.ptr[i++]);
        }
    }
    if (out->len > 0 && end < s.len) {
        put_line_end(out);
    }
    return end + 3 < s.len ? end + 3 : s.len;
}

static size_t put_tag(out_t *out, spbe_span_t s, size_t i)
{
    spbe_span_t rest = spbe_span_slice(s, i, s.len);
    char name[12];
    size_t end;

    if (spbe_span_starts(rest, SPBE_SPAN("<!--"))) {
        return put_comment(out, s, i);
    }
    if (rest.len > 2 && (rest.ptr[1] == '!' || rest.ptr[1] == '?')) {
        return tag_end(s, i);
    }
    tag_name(s, i, name);
    if (name[0] == '\0') {
        put(out, '<');
        return i + 1;
    }
    end = tag_end(s, i);
    if (rest.ptr[1] != '/' &&
        (strcmp(name, "script") == 0 || strcmp(name, "style") == 0)) {
        end = skip_element(s, end, name);
    }
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) {
        if (rest.ptr[1] == '/') {
            put(out, '\t');
        }
    }
    else if (listed(name, BLOCKS, sizeof(BLOCKS) / sizeof(*BLOCKS))) {
        put_line_end(out);
    }
    return end;
}

/* The next byte as it is; U+00A0 as a space; a line end behind a comma as a
 * space, because templates break "File x,<LF> line 3" there. */
static size_t put_byte(out_t *out, spbe_span_t s, size_t i)
{
    if (s.ptr[i] == '\xc2' && i + 1 < s.len && s.ptr[i + 1] == '\xa0') {
        put(out, ' ');
        return i + 2;
    }
    if (s.ptr[i] == '\n' && out->len > 0 && out->ptr[out->len - 1] == ',') {
        put(out, ' ');
        for (i++; i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t'); i++) {
        }
        return i;
    }
    put(out, s.ptr[i]);
    return i + 1;
}

spbe_span_t spbe_plain_html(spbe_span_t html, apr_pool_t *pool)
{
    /* An entity of one byte more than its text does not exist; 4 is for the
     * widest character at the very end. */
    out_t out = {apr_palloc(pool, html.len + 4), 0};
    size_t i = 0;

    while (i < html.len) {
        if (html.ptr[i] == '<') {
            i = put_tag(&out, html, i);
        }
        else if (html.ptr[i] == '&') {
            i = put_entity(&out, html, i);
        }
        else {
            i = put_byte(&out, html, i);
        }
    }
    return (spbe_span_t){out.ptr, out.len};
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
    return 0;
}
