/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_path.c - a path that everything behind the server reads alike.
 *
 * What browsers have resolved before they send it ("/../", in whatever
 * spelling), and what only servers of one kind take for a slash or for such a
 * segment, is named. Two slashes in the middle pass: sloppy links have them,
 * and httpd merges them. So do letters encoded without need, a dot or a ';' at
 * the end: everyone decodes them alike.
 */
#include "input/reading_int.h"
#include "input/upload_int.h"
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

static fault_t escapes(spbe_span_t raw)
{
    size_t i;

    for (i = 0; i < raw.len; i++) {
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
        if (high * 16 + low == '/' || high * 16 + low == '\\') {
            return path("an encoded slash");
        }
    }
    return fine;
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

/* "..", and what is left of "..%20", "..%3f", "..;x" when a server has cut off
 * what it takes for the end of a name. */
static int is_dots(spbe_span_t name)
{
    size_t n = 0;

    while (n < name.len && name.ptr[n] == '.') {
        n++;
    }
    if (n == 0) {
        return 0;
    }
    name = spbe_span_slice(name, n, name.len);
    return n <= 2 && (name.len == 0 || name.ptr[0] == ' ' ||
                      name.ptr[0] == '?' || name.ptr[0] == '#' ||
                      spbe_span_starts(name, SPBE_SPAN("\xc2\xa0")));
}

static int is_only_dots(spbe_span_t text)
{
    size_t n = 0;

    while (n < text.len && text.ptr[n] == '.') {
        n++;
    }
    return n > 1 && n == text.len;
}

/* "x.php.", "x.php%20": Windows takes them for the script, whose rules here do
 * not match. Titles and sentences ("S.Kom.", "dll...") end in a dot as well. */
static int is_script_with_tail(spbe_span_t name)
{
    size_t n = name.len;

    while (n > 0 && (name.ptr[n - 1] == '.' || name.ptr[n - 1] == ' ')) {
        n--;
    }
    return n < name.len && spbe_upload_is_run(spbe_upload_extension(
                               spbe_span_slice(name, 0, n)));
}

static fault_t segment(spbe_span_t text)
{
    spbe_span_t rest = text, name = spbe_span_cut(&rest, ';');
    int parameter = name.len < text.len;

    if (is_dots(name)) {
        return path(parameter ? "a dot segment with a parameter"
                              : "a dot segment");
    }
    if (parameter && name.len == 0 && rest.len == 0) {
        return path("an empty segment with a ';'");
    }
    if (spbe_span_ifind(name, SPBE_SPAN("::$")) != SPBE_NPOS ||
        spbe_span_ifind(name, SPBE_SPAN(":$i30")) != SPBE_NPOS) {
        return path("a stream of a file");
    }
    return is_script_with_tail(name)
               ? path("a dot or a blank behind the extension of a script")
               : fine;
}

/* Exactly two: with three nobody finds a host there. */
static int begins_as_host(spbe_span_t decoded)
{
    return spbe_span_starts(decoded, SPBE_SPAN("//")) &&
           !spbe_span_starts(decoded, SPBE_SPAN("///"));
}

static fault_t segments(spbe_span_t decoded)
{
    fault_t fault = fine;

    if (begins_as_host(decoded)) {
        return path("two slashes at the beginning");
    }
    while (decoded.len > 0 && fault.reason == SPBE_REASON_NONE) {
        spbe_span_t text = spbe_span_cut(&decoded, '/');

        fault = segment(text);
        /* "....//": "../" to those who cut "../" out of it. */
        if (is_only_dots(text) && spbe_span_starts(decoded, SPBE_SPAN("/"))) {
            fault = path("a dot segment");
        }
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
