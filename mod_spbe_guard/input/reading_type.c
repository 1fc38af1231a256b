/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_type.c - what Content-Type and Content-Encoding say of a body.
 *
 * The kind is found as leniently as PHP does it, so that a malformed type gets
 * its body read and is refused, instead of being taken for something else.
 */
#include "input/reading_int.h"
#include "text/mime.h"
#include "text/parts.h"

#include <apr_lib.h>

/* What stands before the first of ";, \t". */
static spbe_span_t essence(spbe_span_t content_type)
{
    spbe_span_t s = spbe_span_trim(content_type);
    size_t n = 0;

    while (n < s.len && s.ptr[n] != ';' && s.ptr[n] != ',' && s.ptr[n] != ' ' &&
           s.ptr[n] != '\t') {
        n++;
    }
    return spbe_span_slice(s, 0, n);
}

static int iends(spbe_span_t s, spbe_span_t suffix)
{
    return s.len >= suffix.len &&
           spbe_span_ieq(spbe_span_slice(s, s.len - suffix.len, s.len), suffix);
}

static int is_one_of(spbe_span_t type, const char *const *names)
{
    size_t i;

    for (i = 0; names[i] != NULL; i++) {
        if (spbe_span_ieq(type, spbe_span_from(names[i]))) {
            return 1;
        }
    }
    return 0;
}

spbe_body_kind_t spbe_reading_kind(spbe_span_t content_type)
{
    static const char *const json[] = {
        "application/json",        "text/json",
        "application/x-json",      "text/x-json",
        "application/csp-report",  "application/json-rpc",
        "application/jsonrequest", NULL};
    static const char *const xml[] = {"application/xml", "text/xml", NULL};
    static const char *const script[] = {"application/javascript",
                                         "application/x-javascript",
                                         "application/ecmascript", NULL};
    spbe_span_t type = essence(content_type);

    if (spbe_span_ieq(type, SPBE_SPAN("application/x-www-form-urlencoded"))) {
        return SPBE_BODY_FORM;
    }
    if (spbe_span_ieq(type, SPBE_SPAN("multipart/form-data"))) {
        return SPBE_BODY_MULTIPART;
    }
    if (spbe_span_istarts(type, SPBE_SPAN("multipart/"))) {
        return SPBE_BODY_PARTS;
    }
    if (is_one_of(type, json) || iends(type, SPBE_SPAN("+json"))) {
        return SPBE_BODY_JSON;
    }
    if (is_one_of(type, xml) || iends(type, SPBE_SPAN("+xml"))) {
        return SPBE_BODY_XML;
    }
    return type.len == 0 || spbe_span_istarts(type, SPBE_SPAN("text/")) ||
                   is_one_of(type, script)
               ? SPBE_BODY_TEXT
               : SPBE_BODY_OTHER;
}

int spbe_reading_is_utf8_name(spbe_span_t charset)
{
    static const char *const names[] = {"utf-8", "utf8", "us-ascii", "ascii",
                                        NULL};

    return is_one_of(charset, names);
}

int spbe_reading_is_ascii_like(spbe_span_t charset)
{
    static const char *const names[] = {
        "us-ascii", "ascii",        "iso-8859-1", "iso8859-1",   "latin1",
        "latin-1",  "windows-1252", "cp1252",     "iso-8859-15", NULL};

    return is_one_of(charset, names);
}

int spbe_reading_is_ascii(spbe_span_t bytes)
{
    size_t i;

    for (i = 0; i < bytes.len; i++) {
        if ((unsigned char)bytes.ptr[i] >= 0x80) {
            return 0;
        }
    }
    return 1;
}

spbe_span_t spbe_reading_parameter(spbe_span_t content_type, const char *name)
{
    spbe_span_t rest = content_type, type;
    spbe_mime_param_t param;

    if (spbe_mime_type(&rest, &type) != SPBE_OK) {
        return SPBE_SPAN_EMPTY;
    }
    while (spbe_mime_param(&rest, &param) == SPBE_OK) {
        if (spbe_span_ieq(param.name, spbe_span_from(name))) {
            return param.value;
        }
    }
    return SPBE_SPAN_EMPTY;
}

static void add(const spbe_reader_t *reader, spbe_reason_t reason,
                const char *detail)
{
    spbe_reading_add(reader, reason, SPBE_IN_HEADER, SPBE_SPAN("Content-Type"),
                     detail);
}

/* Is the body left to the application, parameters of its type and all? */
static int is_foreign(const spbe_reader_t *reader)
{
    return reader->reading->kind == SPBE_BODY_OTHER ||
           reader->reading->kind == SPBE_BODY_PARTS;
}

/* What was seen among the parameters. */
#define SEEN_CHARSET 1u
#define SEEN_BOUNDARY 2u

static void boundary(const spbe_reader_t *reader,
                     const spbe_mime_param_t *param, unsigned *seen)
{
    if (reader->reading->kind != SPBE_BODY_MULTIPART) {
        if (!is_foreign(reader)) {
            add(reader, SPBE_REASON_TYPE, "a boundary for what has no parts");
        }
    }
    else if (*seen & SEEN_BOUNDARY) {
        add(reader, SPBE_REASON_BOUNDARY, "a boundary twice");
    }
    else if (param->escaped || !spbe_parts_boundary_valid(param->value)) {
        add(reader, SPBE_REASON_BOUNDARY, "a malformed boundary");
    }
    *seen |= SEEN_BOUNDARY;
}

/* Programs of old name their own charset whatever they send; the body is
 * asked whether it matters. A file may hold any byte. */
static int may_be_ascii(const spbe_reader_t *reader, spbe_span_t charset)
{
    return reader->reading->kind != SPBE_BODY_MULTIPART &&
           spbe_reading_is_ascii_like(charset);
}

static void charset(const spbe_reader_t *reader, const spbe_mime_param_t *param,
                    unsigned *seen)
{
    if (*seen & SEEN_CHARSET) {
        add(reader, SPBE_REASON_CHARSET, "a charset twice");
    }
    else if (!is_foreign(reader) && !spbe_reading_is_utf8_name(param->value) &&
             !may_be_ascii(reader, param->value)) {
        add(reader, SPBE_REASON_CHARSET, "a charset other than UTF-8");
    }
    *seen |= SEEN_CHARSET;
}

static void parameter(const spbe_reader_t *reader,
                      const spbe_mime_param_t *param, unsigned *seen)
{
    spbe_span_t name = param->name;

    if (spbe_span_ieq(name, SPBE_SPAN("boundary"))) {
        boundary(reader, param, seen);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("charset"))) {
        charset(reader, param, seen);
    }
    else if (spbe_span_ifind(name, SPBE_SPAN("boundary")) != SPBE_NPOS) {
        /* PHP searches for the word alone. */
        add(reader, SPBE_REASON_BOUNDARY, "a parameter like boundary");
    }
    else if (spbe_span_chr(name, '*') != SPBE_NPOS) {
        add(reader, SPBE_REASON_TYPE, "a parameter in pieces or encoded");
    }
    else if (param->escaped) {
        add(reader, SPBE_REASON_TYPE, "a backslash in a parameter");
    }
}

/* Does one of the same name come behind it? Few are sent. */
static int comes_again(spbe_span_t rest, spbe_span_t name)
{
    spbe_mime_param_t param;
    unsigned left = 8;

    while (left-- > 0 && spbe_mime_param(&rest, &param) == SPBE_OK) {
        if (spbe_span_ieq(param.name, name)) {
            return 1;
        }
    }
    return 0;
}

static void parameters(const spbe_reader_t *reader, spbe_span_t rest)
{
    int multipart = reader->reading->kind == SPBE_BODY_MULTIPART;
    spbe_mime_param_t param;
    unsigned seen = 0;
    spbe_rc_t rc;

    while ((rc = spbe_mime_param(&rest, &param)) == SPBE_OK) {
        parameter(reader, &param, &seen);
        if (!is_foreign(reader) && comes_again(rest, param.name)) {
            add(reader, SPBE_REASON_TYPE, "a parameter twice");
        }
    }
    if (rc == SPBE_BAD) {
        add(reader, multipart ? SPBE_REASON_BOUNDARY : SPBE_REASON_TYPE,
            "malformed parameters");
    }
    else if (multipart && !(seen & SEEN_BOUNDARY)) {
        add(reader, SPBE_REASON_BOUNDARY, "no boundary");
    }
}

static void check_type(const spbe_reader_t *reader, spbe_span_t value)
{
    spbe_span_t rest = value, type;

    if (spbe_mime_type(&rest, &type) != SPBE_OK ||
        spbe_span_chr(type, '*') != SPBE_NPOS ||
        !spbe_span_eq(type, essence(value))) {
        add(reader, SPBE_REASON_TYPE, "no media type");
        return;
    }
    parameters(reader, rest);
}

static void check_encoding(const spbe_reader_t *reader)
{
    spbe_span_t encoding =
        spbe_view_header(reader->reading->view, "Content-Encoding", NULL);

    if (reader->reading->kind != SPBE_BODY_OTHER && encoding.len > 0 &&
        !spbe_span_ieq(encoding, SPBE_SPAN("identity"))) {
        spbe_reading_add(reader, SPBE_REASON_ENCODED, SPBE_IN_HEADER,
                         SPBE_SPAN("Content-Encoding"), "an encoded body");
    }
}

static spbe_span_t lower(spbe_span_t s, apr_pool_t *pool)
{
    char *copy = apr_palloc(pool, s.len + 1);
    size_t i;

    for (i = 0; i < s.len; i++) {
        copy[i] = (char)apr_tolower(s.ptr[i]);
    }
    return (spbe_span_t){copy, s.len};
}

void spbe_reading_type(const spbe_reader_t *reader)
{
    spbe_reading_t *reading = reader->reading;
    spbe_span_t value;

    if (!reading->view->has_body) {
        return;
    }
    value = spbe_view_header(reading->view, "Content-Type", NULL);
    reading->kind = spbe_reading_kind(value);
    reading->media_type = lower(essence(value), reader->pool);
    if (value.len > 0) {
        check_type(reader, value);
    }
    else if (!spbe_span_eq(reading->view->method, SPBE_SPAN("PUT"))) {
        /* WebDAV and "curl -T" put files without saying what they are. */
        add(reader, SPBE_REASON_TYPE_MISSING, "a body without Content-Type");
    }
    check_encoding(reader);
}
