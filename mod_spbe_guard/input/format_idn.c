/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_idn.c - internationalised host names: IDNA2008 (RFC 5890 to
 * 5893), by libidn2 label by label.
 *
 * Registration rules, not the laxer ones of a lookup. What concerns the whole
 * name, its length and the Bidi rule across labels, is ours.
 */
#include "input/format_rules.h"

#include <idn2.h>
#include <string.h>

#include "text/utf8.h"

#define LABEL_MAX 63
#define NAME_MAX_LENGTH 253
/* UTF-8 of the longest label: fewer than 63 characters, of four bytes each. */
#define LABEL_BYTES 256

/* libidn2 wants NUL-terminated text; 0 when the label cannot be that. */
static int copy_label(spbe_span_t label, uint8_t *out)
{
    if (label.len == 0 || label.len >= LABEL_BYTES ||
        memchr(label.ptr, '\0', label.len) != NULL || !spbe_utf8_valid(label)) {
        return 0;
    }
    memcpy(out, label.ptr, label.len);
    out[label.len] = '\0';
    return 1;
}

static int is_rtl_char(unsigned long c)
{
    return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
           (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
           (c >= 0x1e800 && c <= 0x1efff);
}

static int has_rtl(spbe_span_t s)
{
    while (s.len > 0) {
        if (is_rtl_char(spbe_utf8_next(&s))) {
            return 1;
        }
    }
    return 0;
}

/* RFC 5893 rule 4, which libidn2 leaves out: European and Arabic digits do not
 * stand in one label. */
static int mixes_digits(spbe_span_t s)
{
    int european = 0, arabic = 0;

    while (s.len > 0) {
        unsigned long c = spbe_utf8_next(&s);

        european |= (c >= '0' && c <= '9') || (c >= 0x6f0 && c <= 0x6f9);
        arabic |= c >= 0x660 && c <= 0x669;
    }
    return european && arabic;
}

static int is_ascii(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] >= 0x80) {
            return 0;
        }
    }
    return 1;
}

/* Length of the A-label that a U-label is registered as; 0: it may not be. */
static size_t register_label(const uint8_t *label)
{
    uint8_t *encoded = NULL;
    size_t len = 0;

    if (idn2_register_u8(label, NULL, &encoded, 0) == IDN2_OK) {
        len = strlen((const char *)encoded);
    }
    idn2_free(encoded);
    return len <= LABEL_MAX ? len : 0;
}

static size_t lookup_label(const uint8_t *label)
{
    uint8_t *encoded = NULL;
    size_t len = 0;

    if (idn2_lookup_u8(label, &encoded, IDN2_NFC_INPUT) == IDN2_OK) {
        len = strlen((const char *)encoded);
    }
    idn2_free(encoded);
    return len <= LABEL_MAX ? len : 0;
}

/* Of a U-label, does registering it give label again? */
static int encodes_to(const char *ulabel, const char *label)
{
    uint8_t *encoded = NULL;
    int same = idn2_register_u8((const uint8_t *)ulabel, NULL, &encoded, 0) ==
                   IDN2_OK &&
               spbe_span_ieq(spbe_span_from((const char *)encoded),
                             spbe_span_from(label));

    idn2_free(encoded);
    return same;
}

/* *rtl is raised when the label is written from right to left. */
static int check_alabel(spbe_span_t label, int *rtl)
{
    char name[LABEL_BYTES];
    char *decoded = NULL;
    int fine;

    if (!copy_label(label, (uint8_t *)name)) {
        return 0;
    }
    fine = idn2_to_unicode_8z8z(name, &decoded, 0) == IDN2_OK &&
           !is_ascii(spbe_span_from(decoded)) && encodes_to(decoded, name) &&
           !mixes_digits(spbe_span_from(decoded));
    if (fine && has_rtl(spbe_span_from(decoded))) {
        *rtl = 1;
    }
    idn2_free(decoded);
    return fine;
}

int spbe_format_idn_is_alabel(spbe_span_t label)
{
    int rtl = 0;

    return check_alabel(label, &rtl);
}

/* Length of the label as DNS holds it; 0 when it is not one. */
static size_t check_label(spbe_span_t label, int lenient, int *rtl)
{
    uint8_t name[LABEL_BYTES];

    if (is_ascii(label)) {
        if (!spbe_format_net_is_ldh(label) ||
            (spbe_span_istarts(label, SPBE_SPAN("xn--")) &&
             !check_alabel(label, rtl))) {
            return 0;
        }
        return label.len;
    }
    if (!copy_label(label, name) || mixes_digits(label)) {
        return 0;
    }
    *rtl |= has_rtl(label);
    return lenient ? lookup_label(name) : register_label(name);
}

/* Takes a label and the dot behind it, any of the four that RFC 3490 names;
 * *more: there was one. */
static spbe_span_t take_label(spbe_span_t *rest, int *more)
{
    spbe_span_t whole = *rest;

    *more = 0;
    while (rest->len > 0) {
        size_t before = whole.len - rest->len;
        unsigned long c = spbe_utf8_next(rest);

        if (c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61) {
            *more = 1;
            return spbe_span_slice(whole, 0, before);
        }
    }
    return whole;
}

int spbe_format_idn_is_name(spbe_span_t name, int lenient)
{
    int more = 1, rtl = 0, digit_first = 0;
    size_t total = 0;

    if (name.len > NAME_MAX_LENGTH * 4) {
        return 0;
    }
    while (more) {
        spbe_span_t label = take_label(&name, &more);
        size_t len = check_label(label, lenient, &rtl);

        if (len == 0) {
            return 0;
        }
        digit_first |= label.ptr[0] >= '0' && label.ptr[0] <= '9';
        total += len + (more ? 1 : 0);
    }
    /* RFC 5893: beside a right-to-left label none may begin with a digit. */
    return total <= NAME_MAX_LENGTH && !(rtl && digit_first);
}

int spbe_format_idn_hostname(spbe_span_t text, apr_time_t now)
{
    return spbe_format_idn_is_name(text, 0);
}
