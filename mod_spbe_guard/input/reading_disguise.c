/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_disguise.c - a body that is something else than its type says.
 *
 * A form from another site can send text/plain without asking, and some
 * programs look at the body before they look at its type.
 */
#include "input/reading_int.h"

#include <string.h>

#define LOOK 65536 /* bytes that decide what a text is */

/* The first byte behind a mark of byte order and white space, from i on. */
static size_t skip(spbe_span_t s, size_t i)
{
    while (i < s.len && s.ptr[i] != '\0' && strchr(" \t\r\n", s.ptr[i])) {
        i++;
    }
    return i;
}

static char at(spbe_span_t s, size_t i)
{
    return i < s.len ? s.ptr[i] : '\0';
}

static int begins_json(spbe_span_t s)
{
    char next = at(s, skip(s, 1));

    if (at(s, 0) == '{') {
        return next == '"' || next == '}';
    }
    if (at(s, 0) != '[') {
        return 0;
    }
    /* "[1]" is a note, "[1,2]" a list. */
    return next == '{' || next == '"' || next == '[' ||
           (next >= '0' && next <= '9' && spbe_span_chr(s, ',') != SPBE_NPOS);
}

static int is_json(spbe_span_t s, int cut)
{
    char last = at(s, s.len - 1);

    return s.len >= 2 && begins_json(s) &&
           (cut || last == (s.ptr[0] == '{' ? '}' : ']'));
}

static int is_multipart(spbe_span_t s)
{
    return spbe_span_starts(s, SPBE_SPAN("--")) &&
           spbe_span_ifind(spbe_span_slice(s, 0, 512),
                           SPBE_SPAN("Content-Disposition:")) != SPBE_NPOS;
}

static int is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("_-.[]%", c) != NULL);
}

/* "a=1&b=2", without a blank anywhere: two pairs at least. */
static int is_form(spbe_span_t s)
{
    unsigned pairs = 0;

    s = spbe_span_slice(s, 0, LOOK);
    while (s.len > 0) {
        spbe_span_t piece = spbe_span_cut(&s, '&');
        size_t i = 0;

        while (i < piece.len && is_name_byte(piece.ptr[i])) {
            i++;
        }
        if (i == 0 || at(piece, i) != '=') {
            return 0;
        }
        for (; i < piece.len; i++) {
            if (skip(piece, i) != i) {
                return 0;
            }
        }
        pairs++;
    }
    return pairs > 1;
}

/* A document, not the piece of HTML that an editor sends. */
static int is_xml(spbe_span_t s)
{
    spbe_span_t tag = spbe_span_slice(s, 0, spbe_span_chr(s, '>'));

    return spbe_span_istarts(s, SPBE_SPAN("<?xml")) ||
           spbe_span_istarts(s, SPBE_SPAN("<!DOCTYPE")) ||
           (at(s, 0) == '<' &&
            spbe_span_find(tag, SPBE_SPAN("xmlns")) != SPBE_NPOS);
}

static const char *of_form(spbe_span_t s, int cut)
{
    if (is_json(s, cut)) {
        return "JSON as a form";
    }
    if (at(s, 0) == '"' && at(s, s.len - 1) == '"') {
        return "JSON as a form";
    }
    if (at(s, 0) == '<') {
        return "XML or HTML as a form";
    }
    if (is_multipart(s)) {
        return "multipart as a form";
    }
    return spbe_span_chr(s, '\r') != SPBE_NPOS ||
                   spbe_span_chr(s, '\n') != SPBE_NPOS
               ? "line breaks in a form"
               : NULL;
}

static const char *of_text(spbe_span_t s, spbe_span_t type, int cut)
{
    if (is_json(s, cut)) {
        return "JSON as a text";
    }
    if (is_multipart(s)) {
        return "multipart as a text";
    }
    if ((type.len == 0 || spbe_span_eq(type, SPBE_SPAN("text/plain"))) &&
        is_xml(s)) {
        return "XML or HTML as plain text";
    }
    return is_form(s) ? "a form as a text" : NULL;
}

/* "Content-Disposition: form-data" of a part, in whatever spelling. */
static const char *of_parts(spbe_span_t s)
{
    static const char detail[] = "a form in another multipart type";
    const spbe_span_t field = SPBE_SPAN("Content-Disposition");
    size_t hit;

    while ((hit = spbe_span_ifind(s, field)) != SPBE_NPOS) {
        spbe_span_t line;

        s = spbe_span_slice(s, hit + field.len, s.len);
        line = spbe_span_slice(s, 0, 256);
        if (spbe_span_ifind(line, SPBE_SPAN("form-data")) != SPBE_NPOS) {
            return detail;
        }
    }
    return NULL;
}

/* Old clients call JSON so, and its reader knows it from a script. */
static int is_json_script(const spbe_reading_t *reading, spbe_span_t body)
{
    return spbe_span_ends(reading->media_type, SPBE_SPAN("javascript")) &&
           is_json(body, reading->view->body_cut);
}

static const char *judge(spbe_reading_t *reading, spbe_span_t body)
{
    int cut = reading->view->body_cut;

    switch (reading->kind) {
    case SPBE_BODY_FORM:
        return of_form(body, cut);
    case SPBE_BODY_TEXT:
        if (is_json_script(reading, body)) {
            reading->kind = SPBE_BODY_JSON;
            return NULL;
        }
        return of_text(body, reading->media_type, cut);
    case SPBE_BODY_PARTS:
        return of_parts(body);
    default:
        return NULL;
    }
}

int spbe_reading_disguise(const spbe_reader_t *reader)
{
    spbe_reading_t *reading = reader->reading;
    spbe_span_t body = reading->view->body;
    spbe_reason_t reason = reading->media_type.len == 0
                               ? SPBE_REASON_TYPE_MISSING
                               : SPBE_REASON_TYPE;
    const char *detail;

    if (spbe_span_starts(body, SPBE_SPAN("\xef\xbb\xbf"))) {
        body = spbe_span_slice(body, 3, body.len);
    }
    detail = judge(reading, spbe_span_trim(body));
    if (detail == NULL) {
        return 0;
    }
    spbe_reading_add(reader, reason, SPBE_IN_REQUEST, SPBE_SPAN_EMPTY, detail);
    return 1;
}
