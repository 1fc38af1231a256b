/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_filename.c - the name of a file, as sent in a multipart body.
 *
 * Names of people's files have blanks, brackets, dots, question marks and
 * letters of all scripts, wherever in the name; none has what makes it a path
 * on some system. What a file of that name may be is asked in upload.c.
 */
#include "input/reading_int.h"
#include "input/upload_int.h"
#include "text/percent.h"

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
    }
    return NULL;
}

/* "a.php." and "a.php ": Windows takes them for the script. */
static int is_script_with_tail(spbe_span_t name)
{
    size_t n = name.len;

    while (n > 0 && (name.ptr[n - 1] == '.' || name.ptr[n - 1] == ' ')) {
        n--;
    }
    return n < name.len &&
           spbe_upload_script(spbe_span_slice(name, 0, n)) != NULL;
}

static int is_dots(spbe_span_t name)
{
    return spbe_span_eq(name, SPBE_SPAN(".")) ||
           spbe_span_eq(name, SPBE_SPAN(".."));
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
    if (detail == NULL && is_dots(name)) {
        detail = "a directory";
    }
    if (detail == NULL && spbe_reading_is_mail_word(name)) {
        detail = "a word encoded as in e-mail";
    }
    return detail == NULL && is_script_with_tail(name)
               ? "a dot or a blank behind the extension of a script"
               : detail;
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
    return is_dots(decoded) ? "an encoded directory" : NULL;
}
