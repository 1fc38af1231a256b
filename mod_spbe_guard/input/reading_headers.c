/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_headers.c - header fields that two programs read in two ways.
 *
 * httpd joins repeated fields by ", " before anyone can count them, so a field
 * that is one value is looked at for a comma too.
 */
#include "input/reading_int.h"
#include "text/mime.h"
#include "text/utf8.h"

#include <string.h>

#define RANGES_MAX 50

static const char comma_detail[] = "more than one value";

static unsigned count(spbe_span_t s, char c)
{
    unsigned n = 0;
    size_t i;

    for (i = 0; i < s.len; i++) {
        n += s.ptr[i] == c;
    }
    return n;
}

static const char *one_value(spbe_span_t value)
{
    return count(value, ',') > 0 ? comma_detail : NULL;
}

/* "Sun, 06 Nov 1994 ..." */
static const char *one_date(spbe_span_t value)
{
    return count(value, ',') > 1 ? comma_detail : NULL;
}

static const char *any(spbe_span_t value)
{
    return NULL;
}

/* Commas are in addresses, but no blanks: httpd joins two fields so. */
static const char *one_address(spbe_span_t value)
{
    size_t at = spbe_span_find(value, SPBE_SPAN(", "));
    spbe_span_t rest =
        spbe_span_slice(value, at == SPBE_NPOS ? value.len : at, value.len);

    return spbe_span_find(rest, SPBE_SPAN("://")) == SPBE_NPOS ? NULL
                                                               : comma_detail;
}

/* Outside of quotes; inside them a comma is text. */
static const char *one_type(spbe_span_t value)
{
    int quoted = 0;
    size_t i;

    for (i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"') {
            quoted = !quoted;
        }
        else if (value.ptr[i] == ',' && !quoted) {
            return comma_detail;
        }
    }
    return NULL;
}

static const char *host(spbe_span_t value)
{
    spbe_span_t rest = value, name;
    size_t i;

    if (spbe_span_starts(value, SPBE_SPAN("["))) {
        name = spbe_span_cut(&rest, ']');
        name = spbe_span_slice(name, 1, name.len);
        if (name.len + 1 == value.len || (rest.len > 0 && rest.ptr[0] != ':')) {
            return "no host and port";
        }
        rest = spbe_span_slice(rest, 1, rest.len);
    }
    else {
        name = spbe_span_cut(&rest, ':');
    }
    for (i = 0; i < rest.len; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9') {
            return "no host and port";
        }
    }
    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
              c == ':')) {
            return "no host and port";
        }
    }
    return rest.len > 5 ? "no host and port" : NULL;
}

static const char *length(spbe_span_t value)
{
    size_t i;

    for (i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9') {
            return "a Content-Length that is no number";
        }
    }
    return value.len == 0 || value.len > 18
               ? "a Content-Length that is no number"
               : NULL;
}

static const char *chunked(spbe_span_t value)
{
    return spbe_span_ieq(value, SPBE_SPAN("chunked"))
               ? NULL
               : "a Transfer-Encoding other than chunked";
}

static const char *credentials(spbe_span_t value)
{
    int single = spbe_span_istarts(value, SPBE_SPAN("Basic ")) ||
                 spbe_span_istarts(value, SPBE_SPAN("Bearer "));

    return single ? one_value(value) : NULL;
}

static const char *origin(spbe_span_t value)
{
    return count(value, ',') > 0 || count(value, ' ') > 0 ? comma_detail : NULL;
}

static const char *range(spbe_span_t value)
{
    size_t i;

    if (count(value, '=') > 1) {
        return comma_detail;
    }
    /* Other units are for those who know them. */
    for (i = 6; spbe_span_istarts(value, SPBE_SPAN("bytes=")) && i < value.len;
         i++) {
        if (value.ptr[i] == '\0' ||
            strchr("0123456789-, \t", value.ptr[i]) == NULL) {
            return "a range that is no range";
        }
    }
    return count(value, ',') >= RANGES_MAX ? "too many ranges" : NULL;
}

static const char *expect(spbe_span_t value)
{
    return spbe_span_ieq(value, SPBE_SPAN("100-continue"))
               ? NULL
               : "an expectation other than 100-continue";
}

static const char *plain_encoding(spbe_span_t value)
{
    return spbe_span_ieq(value, SPBE_SPAN("binary")) ||
                   spbe_span_ieq(value, SPBE_SPAN("8bit")) ||
                   spbe_span_ieq(value, SPBE_SPAN("7bit"))
               ? NULL
               : "a transfer encoding of e-mail";
}

/* Fields that may come once. */
typedef struct single {
    spbe_span_t name;
    spbe_reason_t reason;
    const char *(*odd)(spbe_span_t value);
} single_t;

static const single_t singles[] = {
    {SPBE_SPAN("Host"), SPBE_REASON_HEADER, host},
    {SPBE_SPAN("Content-Type"), SPBE_REASON_HEADER, one_type},
    {SPBE_SPAN("Content-Length"), SPBE_REASON_FRAMING, length},
    {SPBE_SPAN("Transfer-Encoding"), SPBE_REASON_FRAMING, chunked},
    {SPBE_SPAN("Authorization"), SPBE_REASON_HEADER, credentials},
    {SPBE_SPAN("Proxy-Authorization"), SPBE_REASON_HEADER, credentials},
    {SPBE_SPAN("Origin"), SPBE_REASON_HEADER, origin},
    {SPBE_SPAN("Referer"), SPBE_REASON_HEADER, one_address},
    {SPBE_SPAN("User-Agent"), SPBE_REASON_HEADER, any},
    {SPBE_SPAN("If-Modified-Since"), SPBE_REASON_HEADER, one_date},
    {SPBE_SPAN("If-Unmodified-Since"), SPBE_REASON_HEADER, one_date},
    {SPBE_SPAN("If-Range"), SPBE_REASON_HEADER, one_date},
    {SPBE_SPAN("Range"), SPBE_REASON_HEADER, range},
    {SPBE_SPAN("Expect"), SPBE_REASON_HEADER, expect},
    {SPBE_SPAN("Max-Forwards"), SPBE_REASON_HEADER, one_value},
    {SPBE_SPAN("Content-Transfer-Encoding"), SPBE_REASON_HEADER,
     plain_encoding},
    {SPBE_SPAN("X-HTTP-Method-Override"), SPBE_REASON_HEADER, one_value},
    {SPBE_SPAN("X-HTTP-Method"), SPBE_REASON_HEADER, one_value},
    {SPBE_SPAN("X-Method-Override"), SPBE_REASON_HEADER, one_value},
};
#define SINGLES (sizeof(singles) / sizeof(singles[0]))

static void add(const spbe_reader_t *reader, spbe_reason_t reason,
                spbe_span_t name, const char *detail)
{
    spbe_reading_add(reader, reason, SPBE_IN_HEADER, name, detail);
}

static void check_single(const spbe_reader_t *reader,
                         const spbe_header_t *header, unsigned *seen)
{
    size_t i;

    for (i = 0; i < SINGLES; i++) {
        const char *detail;

        if (!spbe_span_ieq(header->name, singles[i].name)) {
            continue;
        }
        detail = singles[i].odd(spbe_span_trim(header->value));
        if (*seen & 1u << i) {
            detail = "a field that came twice";
        }
        if (detail != NULL) {
            add(reader, singles[i].reason, header->name, detail);
        }
        *seen |= 1u << i;
        return;
    }
}

static void check_bytes(const spbe_reader_t *reader,
                        const spbe_header_t *header)
{
    spbe_span_t value = header->value;
    size_t i;

    if (!spbe_mime_is_token(header->name)) {
        add(reader, SPBE_REASON_HEADER, header->name,
            "a name with characters that are not allowed");
    }
    if (spbe_span_ieq(header->name, SPBE_SPAN("Cookie"))) {
        return; /* its own reason: reading_cookies.c */
    }
    for (i = spbe_utf8_plain(value); i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if ((c < ' ' && c != '\t') || c == 0x7f) {
            add(reader, SPBE_REASON_CONTROL, header->name,
                "a control character");
            return;
        }
    }
}

/* The same name when '_' stands for '-', as in the environment of CGI. */
static int is_twin(spbe_span_t a, spbe_span_t b)
{
    size_t i;

    if (a.len != b.len || spbe_span_ieq(a, b)) {
        return 0;
    }
    for (i = 0; i < a.len; i++) {
        spbe_span_t x = spbe_span_slice(a, i, i + 1);
        spbe_span_t y = spbe_span_slice(b, i, i + 1);

        if (!spbe_span_ieq(x, y) && !((x.ptr[0] == '_' || x.ptr[0] == '-') &&
                                      (y.ptr[0] == '_' || y.ptr[0] == '-'))) {
            return 0;
        }
    }
    return 1;
}

static void check_twins(const spbe_reader_t *reader,
                        const spbe_header_t *header)
{
    const apr_array_header_t *headers = reader->reading->view->headers;
    size_t k;
    int i;

    if (spbe_span_chr(header->name, '_') == SPBE_NPOS) {
        return;
    }
    for (i = 0; i < headers->nelts; i++) {
        if (is_twin(header->name,
                    APR_ARRAY_IDX(headers, i, spbe_header_t).name)) {
            add(reader, SPBE_REASON_HEADER, header->name,
                "two names that CGI takes for one");
            return;
        }
    }
    for (k = 0; k < SINGLES; k++) {
        if (is_twin(header->name, singles[k].name)) {
            add(reader, SPBE_REASON_HEADER, header->name,
                "a name that CGI takes for another");
            return;
        }
    }
}

/* Some programs make capitals of it, others look for it as it is. */
static int is_method(spbe_span_t method)
{
    size_t i;

    for (i = 0; i < method.len; i++) {
        char c = method.ptr[i];

        if (!((c >= 'A' && c <= 'Z') || c == '-' || c == '_')) {
            return 0;
        }
    }
    return method.len > 0;
}

void spbe_reading_headers(const spbe_reader_t *reader)
{
    const spbe_view_t *view = reader->reading->view;
    unsigned seen = 0;
    int i;

    if (!is_method(view->method)) {
        spbe_reading_add(reader, SPBE_REASON_HEADER, SPBE_IN_REQUEST,
                         SPBE_SPAN_EMPTY, "a method not in capitals");
    }
    if (view->both_lengths) {
        add(reader, SPBE_REASON_FRAMING, SPBE_SPAN("Transfer-Encoding"),
            "Content-Length and Transfer-Encoding together");
    }
    if (view->http_1_0 &&
        spbe_view_header(view, "Transfer-Encoding", NULL).len > 0) {
        add(reader, SPBE_REASON_FRAMING, SPBE_SPAN("Transfer-Encoding"),
            "Transfer-Encoding in HTTP/1.0");
    }
    for (i = 0; view->headers != NULL && i < view->headers->nelts; i++) {
        const spbe_header_t *header =
            &APR_ARRAY_IDX(view->headers, i, spbe_header_t);

        check_bytes(reader, header);
        check_single(reader, header, &seen);
        check_twins(reader, header);
        spbe_reading_effect(reader, header);
    }
}
