/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/redact_url.c - what stands before an '@': passwords in URLs and data
 * source names, and e-mail addresses.
 */
#include "record/redact_scan.h"

#define BACK 128
#define AHEAD 255
#define URL_MAX 1024

/* Ends a URL in running text. */
static int ends_url(char c)
{
    return spbe_hide_space(c) || c == '\0' || c == '"' || c == '\'' ||
           c == '<' || c == '>' || c == '`' || c == '|' || c == '{' || c == '}';
}

static size_t url_end(spbe_span_t s, size_t i)
{
    size_t max = i + URL_MAX;

    while (i < s.len && i < max && !ends_url(s.ptr[i])) {
        i++;
    }
    return i;
}

/* Is it ":8080" and then the path, not a password? */
static int is_port(spbe_span_t authority, size_t colon)
{
    size_t i;

    for (i = colon + 1; i < authority.len; i++) {
        if (!spbe_hide_digit(authority.ptr[i])) {
            return 0;
        }
    }
    return authority.len - colon <= 6;
}

/*
 * url begins behind "://", base is its offset. A '/' or '#' in the password
 * moves the '@' out of what a URL's grammar calls the authority.
 */
static void hide_userinfo(spbe_hide_t *hide, size_t base, spbe_span_t url)
{
    size_t i = 0, colon, at;
    spbe_span_t authority;

    while (i < url.len && url.ptr[i] != '/' && url.ptr[i] != '?' &&
           url.ptr[i] != '#') {
        i++;
    }
    authority = spbe_span_slice(url, 0, i);
    colon = spbe_span_chr(authority, ':');
    at = spbe_span_rchr(authority, '@');
    if (at != SPBE_NPOS) {
        /* Without a colon it may be a token: https://TOKEN@github.com */
        spbe_hide_mark(hide, base + (colon < at ? colon + 1 : 0), base + at);
        return;
    }
    at = spbe_span_rchr(url, '@');
    if (colon != SPBE_NPOS && colon > 0 && at != SPBE_NPOS &&
        !is_port(authority, colon)) {
        spbe_hide_mark(hide, base + colon + 1, base + at);
    }
}

static void hide_in_urls(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    for (;;) {
        size_t hit =
            spbe_span_find(spbe_span_slice(s, i, s.len), SPBE_SPAN("://"));
        size_t end;

        if (hit == SPBE_NPOS) {
            return;
        }
        i += hit + 3;
        end = url_end(s, i);
        hide_userinfo(hide, i, spbe_span_slice(s, i, end));
    }
}

static int is_local(char c)
{
    return spbe_hide_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' ||
           c == '-' || (unsigned char)c >= 0x80;
}

/* The end of the domain behind the '@' at i; i when it is not one. */
static size_t domain_end(spbe_span_t s, size_t at)
{
    size_t i = at + 1, dot = 0;

    while (i < at + AHEAD &&
           (spbe_hide_alnum(spbe_hide_at(s, i)) || spbe_hide_at(s, i) == '-' ||
            (spbe_hide_at(s, i) == '.' &&
             spbe_hide_alnum(spbe_hide_at(s, i + 1))))) {
        dot = s.ptr[i] == '.' ? i : dot;
        i++;
    }
    /* "express@4.18.2" is a package: its last part begins with a digit. */
    return dot > at + 1 && i - dot > 2 && spbe_hide_alpha(s.ptr[dot + 1]) ? i
                                                                          : at;
}

/*
 * "root:rahasia@tcp(...)", "root:rahasia@localhost": from the colon on. A path
 * or a quoted user is neither.
 */
static int hide_login(spbe_hide_t *hide, size_t at)
{
    spbe_span_t s = hide->text;
    size_t i = at, colon = SPBE_NPOS;

    while (i > 0 && at - i < BACK && !ends_url(s.ptr[i - 1]) &&
           s.ptr[i - 1] != '@' && s.ptr[i - 1] != '/' && s.ptr[i - 1] != '(' &&
           s.ptr[i - 1] != ',') {
        i--;
        colon = s.ptr[i] == ':' ? i : colon;
    }
    if (colon == SPBE_NPOS || colon == i || colon + 1 == at ||
        !spbe_hide_alnum(s.ptr[colon - 1]) || s.ptr[colon + 1] == '\\' ||
        !spbe_hide_alnum(spbe_hide_at(s, at + 1))) {
        return 0;
    }
    spbe_hide_mark(hide, colon + 1, at);
    return 1;
}

static void hide_address(spbe_hide_t *hide, size_t at)
{
    spbe_span_t s = hide->text;
    size_t from = at, end = domain_end(s, at);

    while (from > 0 && at - from < BACK && is_local(s.ptr[from - 1])) {
        from--;
    }
    /* Behind "//" it is a URL, which keeps its host. */
    if (end > at && from < at && spbe_hide_at(s, from - 1) != '/') {
        spbe_hide_mark(hide, from, end);
    }
}

/* Oracle: scott/tiger@//host:1521/service. */
static void hide_oracle(spbe_hide_t *hide, size_t at)
{
    spbe_span_t s = hide->text;
    size_t from = at;

    if (!spbe_hide_is(s, at + 1, SPBE_SPAN("//"))) {
        return;
    }
    while (from > 0 && at - from < BACK && !ends_url(s.ptr[from - 1]) &&
           s.ptr[from - 1] != '/') {
        from--;
    }
    if (spbe_hide_at(s, from - 1) == '/') {
        spbe_hide_mark(hide, from, at);
    }
}

static void hide_at_signs(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i;

    for (i = 0; i < s.len; i++) {
        size_t hit = spbe_span_chr(spbe_span_slice(s, i, s.len), '@');

        if (hit == SPBE_NPOS) {
            return;
        }
        i += hit;
        if (!hide_login(hide, i)) {
            hide_address(hide, i);
        }
        hide_oracle(hide, i);
    }
}

/* "%40" is an '@' too; what stands before it in a query is an address. */
static void hide_escaped(spbe_hide_t *hide)
{
    spbe_span_t s = hide->text;
    size_t i = 0;

    for (;;) {
        size_t hit =
            spbe_span_find(spbe_span_slice(s, i, s.len), SPBE_SPAN("%40"));
        size_t from, end;

        if (hit == SPBE_NPOS) {
            return;
        }
        i += hit;
        from = i;
        while (from > 0 && i - from < BACK && is_local(s.ptr[from - 1])) {
            from--;
        }
        end = domain_end(s, i + 2);
        if (end > i + 2 && from < i) {
            spbe_hide_mark(hide, from, end);
        }
        i += 3;
    }
}

void spbe_hide_urls(spbe_hide_t *hide)
{
    hide_in_urls(hide);
    hide_at_signs(hide);
    hide_escaped(hide);
}
