/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_path.c - a path that everything behind the server reads alike.
 *
 * What browsers have resolved before they send it ("/../"), and what only
 * servers of one kind take apart ("\", ";", a dot at the end), is named. Two
 * slashes in the middle pass: sloppy links have them, and httpd merges them.
 */
#include "input/reading_int.h"
#include "text/percent.h"
#include "text/utf8.h"

typedef struct fault {
    spbe_reason_t reason;
    const char *detail;
} fault_t;

static const fault_t fine = {SPBE_REASON_NONE, NULL};

static fault_t path(const char *detail)
{
    return (fault_t){SPBE_REASON_PATH, detail};
}

/* One byte that was written as %XY. */
static fault_t encoded(int byte)
{
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
        (byte >= 'A' && byte <= 'Z')) {
        return path("an encoded letter or digit");
    }
    if (byte == '.') {
        return path("an encoded dot");
    }
    return byte == '/' || byte == '\\' ? path("an encoded slash") : fine;
}

static fault_t escapes(spbe_span_t raw)
{
    fault_t fault = fine;
    size_t i;

    for (i = 0; i < raw.len && fault.reason == SPBE_REASON_NONE; i++) {
        int high, low;

        if (raw.ptr[i] == '\\') {
            return path("a backslash");
        }
        if (raw.ptr[i] != '%') {
            continue;
        }
        high = i + 1 < raw.len ? spbe_percent_hex(raw.ptr[i + 1]) : -1;
        low = i + 2 < raw.len ? spbe_percent_hex(raw.ptr[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return (fault_t){SPBE_REASON_PERCENT,
                             "a % without two hexadecimal digits"};
        }
        fault = encoded(high * 16 + low);
    }
    return fault;
}

/* After one decoding no % may be left that could be decoded again. */
static fault_t twice(spbe_span_t decoded)
{
    size_t i;

    for (i = 0; i + 2 < decoded.len; i++) {
        if (decoded.ptr[i] == '%' &&
            (spbe_percent_hex(decoded.ptr[i + 1]) >= 0 ||
             decoded.ptr[i + 1] == 'u') &&
            spbe_percent_hex(decoded.ptr[i + 2]) >= 0) {
            return (fault_t){SPBE_REASON_DOUBLE,
                             "an encoded % before hexadecimal digits"};
        }
    }
    return fine;
}

/* Characters that some file systems and servers take for / \ or a dot. */
static fault_t look_alikes(spbe_span_t decoded)
{
    while (decoded.len > 0) {
        unsigned long c = spbe_utf8_next(&decoded);

        if (c == 0xff0e || c == 0xff0f || c == 0xff3c || c == 0x2024 ||
            c == 0x2215 || c == 0x2216 || c == 0x29f8) {
            return path("a character that looks like a slash or a dot");
        }
    }
    return fine;
}

/* "admin.", "index.php..": names that Windows takes for those without dots.
 * Titles of people ("S.Kom.") end in one as well. */
static int is_plain_name(spbe_span_t name)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '_' || c == '.')) {
            return 0;
        }
    }
    return name.len > 0;
}

static fault_t tail(spbe_span_t name)
{
    size_t n = name.len;

    while (n > 0 && name.ptr[n - 1] == '.') {
        n--;
    }
    if (name.len > 0 && name.ptr[name.len - 1] == ' ') {
        return path("a segment that ends in a space");
    }
    if (n + 1 < name.len ||
        (n < name.len && is_plain_name(spbe_span_slice(name, 0, n))) ||
        spbe_span_istarts(name, SPBE_SPAN("WEB-INF."))) {
        return path("a segment that ends in a dot");
    }
    return fine;
}

static fault_t segment(spbe_span_t text)
{
    spbe_span_t rest = text, name = spbe_span_cut(&rest, ';');
    int parameter = name.len < text.len;

    if (spbe_span_eq(name, SPBE_SPAN("..")) ||
        spbe_span_eq(name, SPBE_SPAN("."))) {
        return path(parameter ? "a dot segment with a parameter"
                              : "a dot segment");
    }
    if (parameter && (rest.len == 0 || rest.ptr[0] == ';' ||
                      rest.ptr[rest.len - 1] == ';')) {
        return path("an empty parameter of a segment");
    }
    if (spbe_span_ifind(name, SPBE_SPAN("::$")) != SPBE_NPOS ||
        spbe_span_ifind(name, SPBE_SPAN(":$i30")) != SPBE_NPOS) {
        return path("a stream of a file");
    }
    return tail(name);
}

static fault_t segments(spbe_span_t decoded)
{
    fault_t fault = fine;

    if (spbe_span_starts(decoded, SPBE_SPAN("//"))) {
        return path("two slashes at the beginning");
    }
    while (decoded.len > 0 && fault.reason == SPBE_REASON_NONE) {
        fault = segment(spbe_span_cut(&decoded, '/'));
    }
    return fault;
}

static fault_t characters(spbe_span_t decoded)
{
    fault_t fault = fine;

    fault.reason = spbe_reading_text(decoded, SPBE_TEXT_SHOWN, &fault.detail);
    return fault;
}

void spbe_reading_path(const spbe_reader_t *reader)
{
    static fault_t (*const checks[])(spbe_span_t) = {twice, characters,
                                                     look_alikes, segments};
    const spbe_span_t raw = reader->reading->view->path;
    fault_t fault = escapes(raw);
    spbe_span_t decoded;
    size_t i;

    /* A browser keeps the fragment; some servers cut it off. */
    if (fault.reason == SPBE_REASON_NONE &&
        (spbe_span_chr(raw, '#') != SPBE_NPOS ||
         spbe_span_chr(reader->reading->view->query, '#') != SPBE_NPOS)) {
        fault = path("a fragment");
    }
    spbe_percent_decode(raw, 0, &decoded, reader->pool);
    reader->reading->path = decoded;
    if (fault.reason != SPBE_REASON_NONE) {
        spbe_reading_add(reader, fault.reason, SPBE_IN_PATH, SPBE_SPAN_EMPTY,
                         fault.detail);
    }
    for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        fault = checks[i](decoded);
        if (fault.reason != SPBE_REASON_NONE) {
            spbe_reading_add(reader, fault.reason, SPBE_IN_PATH,
                             SPBE_SPAN_EMPTY, fault.detail);
        }
    }
}
