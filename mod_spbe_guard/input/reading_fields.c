/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_fields.c - the query and urlencoded bodies: each field alone.
 *
 * Decoded once. A query that is no list of pairs ("?2026-01-01", "?/route",
 * base64) is one name, and no rule for names is put to it.
 */
#include "input/reading_int.h"
#include "text/form.h"
#include "text/percent.h"

#include <string.h>

typedef struct walk {
    const spbe_reader_t *reader;
    spbe_place_t place;
    int lone; /* the only piece, and no pair */
} walk_t;

/* "image/png;base64", "text/html;charset=utf-8", "400;0,700": no program that
 * takes ';' for '&' finds another value of use there. */
static int is_harmless(spbe_span_t behind)
{
    return spbe_span_istarts(behind, SPBE_SPAN("charset=")) ||
           spbe_span_istarts(behind, SPBE_SPAN("base64,")) ||
           (behind.len > 0 && behind.ptr[0] >= '0' && behind.ptr[0] <= '9' &&
            spbe_span_chr(behind, '=') == SPBE_NPOS);
}

/* Browsers and libraries encode a ';' that is meant. */
static const char *separator(spbe_span_t piece)
{
    if (spbe_span_istarts(piece, SPBE_SPAN("amp;"))) {
        return "&amp; as a separator";
    }
    while (spbe_span_chr(piece, ';') != SPBE_NPOS) {
        spbe_span_cut(&piece, ';');
        if (!is_harmless(piece)) {
            return "a raw ';'";
        }
    }
    return NULL;
}

/* "a[b][]", "items[0].name", "[0].name"; NULL when it is that, or plain. */
static const char *brackets(spbe_span_t name)
{
    int open = 0, behind = 0;
    size_t i;

    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (c == '[') {
            if (open || (i == 0 && (name.len == 1 || name.ptr[1] < '0' ||
                                    name.ptr[1] > '9'))) {
                return "brackets that are not in pairs";
            }
            open = 1;
            behind = 0;
        }
        else if (c == ']') {
            if (!open) {
                return "brackets that are not in pairs";
            }
            open = 0;
            behind = 1;
        }
        else if (behind) {
            if (c != '.') {
                return "text behind a bracket";
            }
            behind = 0;
        }
    }
    return open ? "brackets that are not in pairs" : NULL;
}

static unsigned depth(spbe_span_t name)
{
    unsigned n = 0;
    size_t i;

    for (i = 0; i < name.len; i++) {
        n += name.ptr[i] == '[';
    }
    return n;
}

/* A field to some, to JavaScript the way to all objects. */
static int is_prototype(spbe_span_t name)
{
    return spbe_span_find(name, SPBE_SPAN("__proto__")) != SPBE_NPOS ||
           spbe_span_find(name, SPBE_SPAN("constructor[prototype]")) !=
               SPBE_NPOS ||
           spbe_span_find(name, SPBE_SPAN("constructor][prototype]")) !=
               SPBE_NPOS ||
           spbe_span_find(name, SPBE_SPAN("constructor.prototype")) !=
               SPBE_NPOS;
}

static const char *odd_name(spbe_span_t name)
{
    if (name.len == 0) {
        return "an empty name";
    }
    if (name.ptr[0] == ' ') {
        return "a space before a name"; /* PHP drops it */
    }
    if (is_prototype(name)) {
        return "the name of a prototype";
    }
    return brackets(name);
}

void spbe_reading_check_name(const spbe_reader_t *reader, spbe_place_t place,
                             spbe_span_t name)
{
    const char *detail = NULL;
    spbe_reason_t reason =
        spbe_reading_text(name, SPBE_TEXT_SHOWN | SPBE_TEXT_NAME, &detail);

    if (reason != SPBE_REASON_NONE) {
        spbe_reading_add(reader, reason, place, name, detail);
    }
    detail = odd_name(name);
    if (detail != NULL) {
        spbe_reading_add(reader, SPBE_REASON_NAME, place, name, detail);
    }
    if ((apr_int64_t)name.len > spbe_limit_name(reader->settings)) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, place, name, "name-length");
    }
    if (depth(name) > spbe_limit_depth(reader->settings)) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, place, name, "depth");
    }
}

/* Fields of an answer that a line of a value may not look like. */
static int is_answer(spbe_span_t line)
{
    static const char *const names[] = {
        "set-cookie:",   "location:",       "refresh:",
        "content-type:", "content-length:", "transfer-encoding:",
        "http/1.",       "link:",           NULL};
    size_t i;

    for (i = 0; names[i] != NULL; i++) {
        if (spbe_span_istarts(line, spbe_span_from(names[i]))) {
            return 1;
        }
    }
    return 0;
}

/* Addresses carry texts of several lines ("https://wa.me/?text="), none of
 * them a field of a header. */
static const char *lines(spbe_span_t value)
{
    size_t at;

    while ((at = spbe_span_chr(value, '\n')) != SPBE_NPOS) {
        spbe_span_t line = spbe_span_slice(value, 0, at);

        if (at > 0 && value.ptr[at - 1] == '\r') {
            line = spbe_span_slice(line, 0, at - 1);
        }
        if (spbe_span_chr(line, '\r') != SPBE_NPOS) {
            return "a carriage return alone";
        }
        value = spbe_span_slice(value, at + 1, value.len);
        if (is_answer(value)) {
            return "a line break and a header field";
        }
    }
    return spbe_span_chr(value, '\r') == SPBE_NPOS ? NULL
                                                   : "a carriage return alone";
}

void spbe_reading_check_value(const spbe_reader_t *reader, spbe_place_t place,
                              spbe_span_t name, spbe_span_t value)
{
    const char *detail = NULL;
    spbe_reason_t reason =
        spbe_reading_text(value, SPBE_TEXT_TAB | SPBE_TEXT_LINES, &detail);

    if (reason == SPBE_REASON_NONE && place == SPBE_IN_QUERY) {
        detail = lines(value);
        reason = detail == NULL ? SPBE_REASON_NONE : SPBE_REASON_CONTROL;
    }
    if (reason != SPBE_REASON_NONE) {
        spbe_reading_add_value(reader, reason, place, name, value, detail);
    }
    if ((apr_int64_t)value.len > spbe_limit_value(reader->settings)) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, place, name,
                         "value-length");
    }
    if (place == SPBE_IN_FORM && spbe_span_eq(name, SPBE_SPAN("_charset_")) &&
        value.len > 0 && !spbe_reading_is_utf8_name(value)) {
        spbe_reading_add(reader, SPBE_REASON_CHARSET, place, name,
                         "_charset_ names another charset than UTF-8");
    }
}

/* Nobody decodes a password a second time, and a good one looks encoded. */
static int is_password(spbe_span_t name)
{
    return spbe_span_ifind(name, SPBE_SPAN("pass")) != SPBE_NPOS ||
           spbe_span_ifind(name, SPBE_SPAN("pwd")) != SPBE_NPOS ||
           spbe_span_ifind(name, SPBE_SPAN("sandi")) != SPBE_NPOS;
}

static void doubled(const walk_t *walk, const spbe_field_t *field)
{
    const char *detail = spbe_reading_double(field->name);

    if (detail == NULL) {
        detail = spbe_reading_double(field->value);
        if (detail != NULL && is_password(field->name)) {
            return;
        }
    }
    if (detail != NULL) {
        spbe_reading_add_value(walk->reader, SPBE_REASON_DOUBLE, walk->place,
                               field->name, field->value, detail);
    }
}

static void take(const walk_t *walk, spbe_span_t piece, const spbe_pair_t *pair,
                 apr_array_header_t *fields)
{
    const spbe_reader_t *reader = walk->reader;
    spbe_field_t *field = apr_array_push(fields);
    const char *detail;
    spbe_rc_t name, value;

    *field = (spbe_field_t){.place = walk->place,
                            .raw = pair->value,
                            .filename = SPBE_SPAN_EMPTY,
                            .type = SPBE_SPAN_EMPTY};
    name = spbe_percent_decode(pair->name, 1, &field->name, reader->pool);
    value = spbe_percent_decode(pair->value, 1, &field->value, reader->pool);
    if (name != SPBE_OK || value != SPBE_OK) {
        spbe_reading_add_value(reader, SPBE_REASON_PERCENT, walk->place,
                               field->name, field->value,
                               "a % without two hexadecimal digits");
    }
    doubled(walk, field);
    if (walk->lone) {
        spbe_reading_check_value(reader, walk->place, field->name, field->name);
        return;
    }
    detail = separator(piece);
    if (detail != NULL) {
        spbe_reading_add(reader, SPBE_REASON_SEPARATOR, walk->place,
                         field->name, detail);
    }
    spbe_reading_check_name(reader, walk->place, field->name);
    spbe_reading_check_value(reader, walk->place, field->name, field->value);
}

/* No '&', and no value but the padding of base64. */
static int is_lone(spbe_span_t input)
{
    size_t at = spbe_span_chr(input, '=');

    if (spbe_span_chr(input, '&') != SPBE_NPOS || at == 0) {
        return 0;
    }
    return at == SPBE_NPOS || at + 1 == input.len ||
           (at + 2 == input.len && input.ptr[at + 1] == '=');
}

/* The piece that a pair was cut from. */
static spbe_span_t piece_of(const spbe_pair_t *pair, spbe_span_t input)
{
    size_t from = (size_t)(pair->name.ptr - input.ptr);
    size_t to = (size_t)(pair->value.ptr - input.ptr) + pair->value.len;

    return spbe_span_slice(input, from, to);
}

void spbe_reading_fields(const spbe_reader_t *reader, spbe_span_t input,
                         spbe_place_t place, int cut,
                         apr_array_header_t *fields)
{
    unsigned most = (unsigned)spbe_limit_fields(reader->settings);
    walk_t walk = {reader, place, place == SPBE_IN_QUERY && is_lone(input)};
    spbe_form_t form;
    spbe_pair_t pair;
    spbe_rc_t rc;

    spbe_form_init(&form, input, most);
    while ((rc = spbe_form_next(&form, &pair)) == SPBE_OK) {
        spbe_span_t piece = piece_of(&pair, input);

        if (piece.len == 0) {
            continue; /* "&&" and a '&' at the end mean nothing to anyone */
        }
        if (cut && form.rest.len == 0) {
            break;
        }
        take(&walk, piece, &pair, fields);
    }
    if (rc == SPBE_TOO_MANY) {
        spbe_reading_add(reader, SPBE_REASON_LIMIT, place, SPBE_SPAN_EMPTY,
                         "fields");
        reader->reading->broken = 1;
    }
}
