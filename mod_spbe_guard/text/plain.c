/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/plain.c - HTML, JSON and error-log escapes to plain text. See plain.h.
 *
 * One pass, one output buffer of the input's size. Nothing here validates:
 * a strict reading is done elsewhere, this one serves people and rules.
 */
#include "text/plain_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

typedef struct out {
    char *ptr;
    size_t len;
    int xml; /* every name in angle brackets is a tag */
} out_t;

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
    if (spbe_span_starts(name, SPBE_SPAN("nbsp"))) {
        put(out, ' '); /* without its semicolon, as browsers read it */
        return i + 5;
    }
    put(out, '&');
    return i + 1;
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
    if (spbe_span_starts(rest, SPBE_SPAN("<![CDATA["))) {
        return i + 9;
    }
    if (rest.len > 2 && (rest.ptr[1] == '!' || rest.ptr[1] == '?')) {
        return tag_end(s, i);
    }
    spbe_plain_tag(s, i, name);
    if (out->xml && rest.len > 1 &&
        (is_letter(rest.ptr[1]) || rest.ptr[1] == '/')) {
        put_line_end(out);
        return tag_end(s, i);
    }
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
    else if (spbe_plain_is_block(name)) {
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

static spbe_span_t convert(spbe_span_t html, int xml, apr_pool_t *pool)
{
    /* An entity of one byte more than its text does not exist; 4 is for the
     * widest character at the very end. */
    out_t out = {apr_palloc(pool, html.len + 4), 0, xml};
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

spbe_span_t spbe_plain_html(spbe_span_t html, apr_pool_t *pool)
{
    return convert(html, 0, pool);
}

spbe_span_t spbe_plain_xml(spbe_span_t xml, apr_pool_t *pool)
{
    return convert(xml, 1, pool);
}
