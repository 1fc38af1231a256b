/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_uri.c - RFC 3986 (URI), RFC 3987 (IRI), RFC 6570 (templates).
 *
 * Syntax alone: nothing is resolved, no scheme is known. What a scheme allows
 * is for the policy to say.
 */
#include "input/format_rules.h"
#include "text/utf8.h"

typedef enum part {
    PART_USER = 0,
    PART_HOST = 1,
    PART_PATH = 2,
    PART_QUERY = 3,
    PART_FRAGMENT = 4
} part_t;

static int is_alpha(unsigned long c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(unsigned long c)
{
    return c >= '0' && c <= '9';
}

static int is_hex(char c)
{
    return is_digit((unsigned char)c) ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static int is_one_of(unsigned long c, spbe_span_t set)
{
    return c < 0x80 && spbe_span_chr(set, (char)c) != SPBE_NPOS;
}

/* unreserved and sub-delims. */
static int is_plain(unsigned long c)
{
    return is_alpha(c) || is_digit(c) ||
           is_one_of(c, SPBE_SPAN("-._~!$&'()*+,;="));
}

static int is_private(unsigned long c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0xffffd) ||
           (c >= 0x100000 && c <= 0x10fffd);
}

/* ucschar of RFC 3987. */
static int is_ucs(unsigned long c)
{
    if (c >= 0x10000) {
        return c <= 0xefffd && (c & 0xffff) <= 0xfffd &&
               !(c >= 0xe0000 && c < 0xe1000);
    }
    return (c >= 0xa0 && c <= 0xd7ff) || (c >= 0xf900 && c <= 0xfdcf) ||
           (c >= 0xfdf0 && c <= 0xffef);
}

static int fits(unsigned long c, part_t part, int iri)
{
    if (is_plain(c) || (iri && is_ucs(c))) {
        return 1;
    }
    switch (part) {
    case PART_USER:
        return c == ':';
    case PART_HOST:
        return 0;
    case PART_PATH:
        return is_one_of(c, SPBE_SPAN(":@/"));
    case PART_QUERY:
        return is_one_of(c, SPBE_SPAN(":@/?")) || (iri && is_private(c));
    case PART_FRAGMENT:
        return is_one_of(c, SPBE_SPAN(":@/?"));
    }
    return 0;
}

/* "%" was taken: two hexadecimal digits follow, and are taken. */
static int take_hex(spbe_span_t *rest)
{
    if (rest->len < 2 || !is_hex(rest->ptr[0]) || !is_hex(rest->ptr[1])) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, 2, rest->len);
    return 1;
}

static int is_part(spbe_span_t s, part_t part, int iri)
{
    while (s.len > 0) {
        unsigned long c = spbe_utf8_next(&s);

        if (c == '%' ? !take_hex(&s) : !fits(c, part, iri)) {
            return 0;
        }
    }
    return 1;
}

static int is_future_address(spbe_span_t s)
{
    size_t dot = spbe_span_chr(s, '.'), i;

    if (s.len < 4 || (s.ptr[0] | 0x20) != 'v' || dot == SPBE_NPOS || dot < 2 ||
        dot + 1 == s.len) {
        return 0;
    }
    for (i = 1; i < dot; i++) {
        if (!is_hex(s.ptr[i])) {
            return 0;
        }
    }
    for (i = dot + 1; i < s.len; i++) {
        if (!is_plain((unsigned char)s.ptr[i]) && s.ptr[i] != ':') {
            return 0;
        }
    }
    return 1;
}

static int is_port(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (!is_digit((unsigned char)s.ptr[i])) {
            return 0;
        }
    }
    return 1;
}

/* host [ ":" port ] */
static int is_host_port(spbe_span_t s, int iri)
{
    spbe_span_t host;
    size_t end;

    if (s.len == 0 || s.ptr[0] != '[') {
        host = spbe_span_cut(&s, ':');
        return is_part(host, PART_HOST, iri) && is_port(s);
    }
    end = spbe_span_chr(s, ']');
    if (end == SPBE_NPOS) {
        return 0;
    }
    host = spbe_span_slice(s, 1, end);
    s = spbe_span_slice(s, end + 1, s.len);
    if (s.len > 0 && s.ptr[0] != ':') {
        return 0;
    }
    return (spbe_format_net_ipv6(host, 0) || is_future_address(host)) &&
           is_port(spbe_span_slice(s, 1, s.len));
}

static int is_authority(spbe_span_t s, int iri)
{
    size_t at = spbe_span_chr(s, '@');

    if (at == SPBE_NPOS) {
        return is_host_port(s, iri);
    }
    return is_part(spbe_span_slice(s, 0, at), PART_USER, iri) &&
           is_host_port(spbe_span_slice(s, at + 1, s.len), iri);
}

static int is_scheme(spbe_span_t s)
{
    size_t i;

    if (s.len == 0 || !is_alpha((unsigned char)s.ptr[0])) {
        return 0;
    }
    for (i = 1; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (!is_alpha(c) && !is_digit(c) && !is_one_of(c, SPBE_SPAN("+-."))) {
            return 0;
        }
    }
    return 1;
}

/* Length of the scheme; 0: none. *bad: a colon where none may be. */
static size_t scheme_length(spbe_span_t s, int *bad)
{
    size_t i;

    *bad = 0;
    for (i = 0;
         i < s.len && !is_one_of((unsigned char)s.ptr[i], SPBE_SPAN(":/?#"));
         i++) {
    }
    if (i == s.len || s.ptr[i] != ':') {
        return 0;
    }
    *bad = !is_scheme(spbe_span_slice(s, 0, i));
    return i;
}

static int is_path(spbe_span_t s, int iri)
{
    size_t slash;

    if (!spbe_span_starts(s, SPBE_SPAN("//"))) {
        return is_part(s, PART_PATH, iri);
    }
    s = spbe_span_slice(s, 2, s.len);
    slash = spbe_span_chr(s, '/');
    if (slash == SPBE_NPOS) {
        slash = s.len;
    }
    return is_authority(spbe_span_slice(s, 0, slash), iri) &&
           is_part(spbe_span_slice(s, slash, s.len), PART_PATH, iri);
}

static int is_reference(spbe_span_t s, int iri, int absolute)
{
    spbe_span_t path, query;
    int bad;
    size_t scheme = scheme_length(s, &bad);

    if (bad || (absolute && scheme == 0)) {
        return 0;
    }
    s = spbe_span_slice(s, scheme == 0 ? 0 : scheme + 1, s.len);
    query = spbe_span_cut(&s, '#');
    path = spbe_span_cut(&query, '?');
    return is_path(path, iri) && is_part(query, PART_QUERY, iri) &&
           is_part(s, PART_FRAGMENT, iri);
}

int spbe_format_uri_uri(spbe_span_t text, apr_time_t now)
{
    return is_reference(text, 0, 1);
}

int spbe_format_uri_reference(spbe_span_t text, apr_time_t now)
{
    return is_reference(text, 0, 0);
}

int spbe_format_uri_iri(spbe_span_t text, apr_time_t now)
{
    return is_reference(text, 1, 1);
}

int spbe_format_uri_iri_reference(spbe_span_t text, apr_time_t now)
{
    return is_reference(text, 1, 0);
}

/* varname, then ":" max-length or "*". */
static int is_varspec(spbe_span_t s)
{
    int dot = 1; /* none may come: at the beginning, or after another */
    int length;

    while (s.len > 0 && s.ptr[0] != ':' && s.ptr[0] != '*') {
        unsigned long c = spbe_utf8_next(&s);

        if (c == '.'   ? dot
            : c == '%' ? !take_hex(&s)
                       : !is_alpha(c) && !is_digit(c) && c != '_') {
            return 0;
        }
        dot = c == '.';
    }
    if (dot) {
        return 0;
    }
    if (s.len == 0 || (s.len == 1 && s.ptr[0] == '*')) {
        return 1;
    }
    length = s.len > 5 ? -1 : spbe_format_time_digits(s, 1, s.len - 1);
    return s.ptr[0] == ':' && s.len > 1 && length > 0 && s.ptr[1] != '0';
}

static int is_expression(spbe_span_t s)
{
    if (s.len > 0 && is_one_of((unsigned char)s.ptr[0], SPBE_SPAN("+#./;?&"))) {
        s = spbe_span_slice(s, 1, s.len);
    }
    if (s.len == 0 || s.ptr[s.len - 1] == ',') {
        return 0;
    }
    while (s.len > 0) {
        if (!is_varspec(spbe_span_cut(&s, ','))) {
            return 0;
        }
    }
    return 1;
}

/* The apostrophe is a literal by erratum 6937. */
static int is_literal(unsigned long c)
{
    if (c < 0x80) {
        return c > ' ' && c < 0x7f && !is_one_of(c, SPBE_SPAN("\"<>\\^`{|}"));
    }
    return is_ucs(c) || is_private(c);
}

int spbe_format_uri_template(spbe_span_t text, apr_time_t now)
{
    while (text.len > 0) {
        unsigned long c = spbe_utf8_next(&text);

        if (c == '{') {
            if (spbe_span_chr(text, '}') == SPBE_NPOS ||
                !is_expression(spbe_span_cut(&text, '}'))) {
                return 0;
            }
        }
        else if (c == '%' ? !take_hex(&text) : !is_literal(c)) {
            return 0;
        }
    }
    return 1;
}
