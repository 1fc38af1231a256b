/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_filename.c - the name of a file, as sent in a multipart body.
 *
 * Names of people's files have blanks, brackets, dots and letters of all
 * scripts; none has what makes it a path on some system.
 */
#include "input/reading_int.h"
#include "text/percent.h"

#include <string.h>

/* Windows takes "CON" and "con.txt" for a device. */
static int is_device(spbe_span_t name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", NULL};
    spbe_span_t rest = name, stem = spbe_span_cut(&rest, '.');
    int i;

    for (i = 0; devices[i] != NULL; i++) {
        if (spbe_span_ieq(stem, spbe_span_from(devices[i]))) {
            return 1;
        }
    }
    return stem.len == 4 &&
           (spbe_span_istarts(stem, SPBE_SPAN("com")) ||
            spbe_span_istarts(stem, SPBE_SPAN("lpt"))) &&
           stem.ptr[3] >= '1' && stem.ptr[3] <= '9';
}

static const char *path_like(spbe_span_t name)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (c == '/' || c == '\\') {
            return "a path";
        }
        if (c == ':' &&
            (i == 1 || spbe_span_starts(spbe_span_slice(name, i, name.len),
                                        SPBE_SPAN("::$")))) {
            return "a drive or a stream";
        }
        if (c != '\0' && strchr("<>|*?", c) != NULL) {
            return "a character that no file name has";
        }
    }
    return NULL;
}

static const char *edges(spbe_span_t name)
{
    char first = name.ptr[0], last = name.ptr[name.len - 1];

    if (first == '.') {
        return "a dot at the beginning";
    }
    if (last == '.') {
        return "a dot at the end";
    }
    return first == ' ' || last == ' ' ? "a space at the edge" : NULL;
}

static const char *plain(spbe_span_t name)
{
    const char *detail = NULL;

    if (name.len > 255) {
        return "longer than 255 bytes";
    }
    if (spbe_reading_text(name, SPBE_TEXT_SHOWN, &detail) != SPBE_REASON_NONE) {
        return detail;
    }
    detail = path_like(name);
    if (detail == NULL) {
        detail = edges(name);
    }
    return detail == NULL && is_device(name) ? "the name of a device" : detail;
}

const char *spbe_reading_filename(spbe_span_t name, apr_pool_t *pool)
{
    const char *detail;
    spbe_span_t decoded;

    if (name.len == 0) {
        return NULL; /* no file was chosen */
    }
    detail = plain(name);
    if (detail != NULL) {
        return detail;
    }
    /* Some decode the name once more; browsers write %22 for a quote. */
    spbe_percent_decode(name, 0, &decoded, pool);
    if (decoded.ptr == name.ptr || decoded.len == 0) {
        return NULL;
    }
    if (spbe_span_chr(decoded, '/') != SPBE_NPOS ||
        spbe_span_chr(decoded, '\\') != SPBE_NPOS ||
        spbe_reading_text(decoded, SPBE_TEXT_SHOWN, &detail) ==
            SPBE_REASON_CONTROL) {
        return "an encoded path or control character";
    }
    return spbe_span_starts(decoded, SPBE_SPAN("."))
               ? "an encoded dot at the beginning"
               : NULL;
}
