/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_net.c - addresses of the network and of mail: RFC 2673 (IPv4),
 * RFC 4291 (IPv6), RFC 1123 (host names), RFC 5321 and 6531 (mailboxes).
 *
 * Asks no name server: an address that is well written need not exist.
 */
#include "input/format_rules.h"
#include "text/utf8.h"

#define LABEL_MAX 63
#define NAME_MAX_LENGTH 253
#define LOCAL_MAX 64
#define MAILBOX_MAX 254

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_alnum(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static int is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static int is_octet(spbe_span_t s)
{
    int value;

    if (s.len == 0 || s.len > 3 || (s.len > 1 && s.ptr[0] == '0')) {
        return 0;
    }
    value = spbe_format_time_digits(s, 0, s.len);
    return value >= 0 && value <= 255;
}

int spbe_format_net_ipv4(spbe_span_t text, apr_time_t now)
{
    int i;

    for (i = 0; i < 3; i++) {
        if (spbe_span_chr(text, '.') == SPBE_NPOS ||
            !is_octet(spbe_span_cut(&text, '.'))) {
            return 0;
        }
    }
    return is_octet(text);
}

/* Takes the colon after a group, and a second one; 0 when none may be there. */
static int take_colons(spbe_span_t *rest, int *gap)
{
    if (rest->ptr[0] != ':' || rest->len == 1) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, 1, rest->len);
    if (rest->ptr[0] != ':') {
        return 1;
    }
    *rest = spbe_span_slice(*rest, 1, rest->len);
    return *gap ? 0 : (*gap = 1);
}

int spbe_format_net_ipv6(spbe_span_t text, apr_time_t now)
{
    spbe_span_t rest = text;
    int gap = spbe_span_starts(text, SPBE_SPAN("::"));
    unsigned groups = 0;
    size_t n;

    rest = spbe_span_slice(rest, gap ? 2 : 0, rest.len);
    while (rest.len > 0) {
        for (n = 0; n < rest.len && n < 5 && is_hex(rest.ptr[n]); n++) {
        }
        if (n < rest.len && rest.ptr[n] == '.') {
            groups += 2;
            if (!spbe_format_net_ipv4(rest, now)) {
                return 0;
            }
            break;
        }
        if (n == 0 || n > 4 || ++groups > 8) {
            return 0;
        }
        rest = spbe_span_slice(rest, n, rest.len);
        if (rest.len > 0 && !take_colons(&rest, &gap)) {
            return 0;
        }
    }
    return gap ? groups <= 7 : groups == 8;
}

int spbe_format_net_is_ldh(spbe_span_t label)
{
    size_t i;

    if (label.len == 0 || label.len > LABEL_MAX || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-') {
        return 0;
    }
    for (i = 0; i < label.len; i++) {
        if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-') {
            return 0;
        }
    }
    return 1;
}

static int is_label(spbe_span_t label)
{
    if (!spbe_format_net_is_ldh(label)) {
        return 0;
    }
    return !spbe_span_istarts(label, SPBE_SPAN("xn--")) ||
           spbe_format_idn_is_alabel(label);
}

int spbe_format_net_hostname(spbe_span_t text, apr_time_t now)
{
    /* A dot at the end makes an empty label, which the loop would not see. */
    if (text.len == 0 || text.len > NAME_MAX_LENGTH ||
        text.ptr[text.len - 1] == '.') {
        return 0;
    }
    while (text.len > 0) {
        if (!is_label(spbe_span_cut(&text, '.'))) {
            return 0;
        }
    }
    return 1;
}

/* atext of RFC 5322. */
static int is_atext(char c)
{
    return is_alnum(c) ||
           (c != '\0' &&
            spbe_span_chr(SPBE_SPAN("!#$%&'*+-/=?^_`{|}~"), c) != SPBE_NPOS);
}

static int is_quoted(spbe_span_t s, int wide)
{
    size_t i;

    if (s.len < 2 || s.ptr[0] != '"' || s.ptr[s.len - 1] != '"') {
        return 0;
    }
    for (i = 1; i < s.len - 1; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '\\') {
            i++;
            c = (unsigned char)s.ptr[i];
            if (i == s.len - 1 || c < ' ' || c > '~') {
                return 0;
            }
        }
        else if (c < ' ' || c == '"' || c == 0x7f || (c >= 0x80 && !wide)) {
            return 0;
        }
    }
    return 1;
}

static int is_dotted(spbe_span_t s, int wide)
{
    size_t i;

    if (s.len == 0 || s.ptr[s.len - 1] == '.') {
        return 0;
    }
    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' ? i == 0 || s.ptr[i - 1] == '.'
                            : !is_atext(s.ptr[i]) &&
                                  !(wide && (unsigned char)s.ptr[i] >= 0x80)) {
            return 0;
        }
    }
    return 1;
}

static int is_local(spbe_span_t local, int wide)
{
    return local.len <= LOCAL_MAX &&
           (is_dotted(local, wide) || is_quoted(local, wide));
}

static int is_literal(spbe_span_t domain, apr_time_t now)
{
    spbe_span_t inner;

    if (domain.len < 3 || domain.ptr[0] != '[' ||
        domain.ptr[domain.len - 1] != ']') {
        return 0;
    }
    inner = spbe_span_slice(domain, 1, domain.len - 1);
    if (spbe_span_istarts(inner, SPBE_SPAN("IPv6:"))) {
        return spbe_format_net_ipv6(spbe_span_slice(inner, 5, inner.len), now);
    }
    return spbe_format_net_ipv4(inner, now);
}

int spbe_format_net_email(spbe_span_t text, apr_time_t now)
{
    size_t at = spbe_span_rchr(text, '@');
    spbe_span_t domain;

    if (at == SPBE_NPOS || text.len > MAILBOX_MAX ||
        !is_local(spbe_span_slice(text, 0, at), 0)) {
        return 0;
    }
    domain = spbe_span_slice(text, at + 1, text.len);
    return spbe_format_net_hostname(domain, now) || is_literal(domain, now);
}

int spbe_format_net_idn_email(spbe_span_t text, apr_time_t now)
{
    size_t at = spbe_span_rchr(text, '@');
    spbe_span_t domain;

    if (at == SPBE_NPOS || text.len > MAILBOX_MAX || !spbe_utf8_valid(text) ||
        !is_local(spbe_span_slice(text, 0, at), 1)) {
        return 0;
    }
    domain = spbe_span_slice(text, at + 1, text.len);
    return is_literal(domain, now) || spbe_format_idn_is_name(domain, 1);
}

/*
 * What people have: no quotes, no literal, a dot in the domain, and letters
 * after the last one, since "nama@gmail" is a slip of the finger.
 */
int spbe_format_net_surel(spbe_span_t text, apr_time_t now)
{
    size_t at = spbe_span_chr(text, '@'), dot = spbe_span_rchr(text, '.'), i;
    spbe_span_t domain, label;

    if (at == SPBE_NPOS || dot == SPBE_NPOS || dot < at || text.len - dot < 3 ||
        text.len > MAILBOX_MAX || !is_local(spbe_span_slice(text, 0, at), 0) ||
        text.ptr[0] == '"') {
        return 0;
    }
    domain = spbe_span_slice(text, at + 1, text.len);
    while (domain.len > 0) {
        label = spbe_span_cut(&domain, '.');
        if (!spbe_format_net_is_ldh(label)) {
            return 0;
        }
    }
    if (spbe_span_istarts(label, SPBE_SPAN("xn--"))) {
        return 1;
    }
    for (i = 0; i < label.len; i++) {
        if (is_digit(label.ptr[i]) || label.ptr[i] == '-') {
            return 0;
        }
    }
    return 1;
}
