/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/media.c - what kind of body a Content-Type announces. See media.h.
 */
#include "text/media.h"

#include <string.h>

/* A text that is followed by binary data in the same window, such as a PHP
 * warning in front of a PDF, must be at least this long to count. */
#define TEXT_BEFORE_BINARY 24

typedef struct media_name {
    spbe_span_t pattern; /* one '*' at most */
    spbe_media_kind_t kind;
} media_name_t;

/* The first that fits decides. */
static const media_name_t names[] = {
    { SPBE_SPAN("text/html"), SPBE_MEDIA_HTML },
    { SPBE_SPAN("application/xhtml+xml"), SPBE_MEDIA_HTML },
    { SPBE_SPAN("application/vnd.wap.xhtml+xml"), SPBE_MEDIA_HTML },
    { SPBE_SPAN("text/event-stream"), SPBE_MEDIA_STREAM },
    { SPBE_SPAN("application/x-dom-event-stream"), SPBE_MEDIA_STREAM },
    { SPBE_SPAN("multipart/x-mixed-replace"), SPBE_MEDIA_STREAM },
    { SPBE_SPAN("application/grpc*"), SPBE_MEDIA_STREAM },
    { SPBE_SPAN("application/json*"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("application/x-json*"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("application/x-ndjson"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("application/ndjson"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("text/json"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("text/x-json"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("*+json"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("*+json-seq"), SPBE_MEDIA_JSON },
    { SPBE_SPAN("application/xml*"), SPBE_MEDIA_XML },
    { SPBE_SPAN("application/x-xml"), SPBE_MEDIA_XML },
    { SPBE_SPAN("text/xml*"), SPBE_MEDIA_XML },
    { SPBE_SPAN("text/xsl"), SPBE_MEDIA_XML },
    { SPBE_SPAN("*+xml"), SPBE_MEDIA_XML },
    { SPBE_SPAN("*/javascript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("*/x-javascript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("*/ecmascript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("*/x-ecmascript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("text/jscript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("text/livescript"), SPBE_MEDIA_SCRIPT },
    { SPBE_SPAN("text/*"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("message/*"), SPBE_MEDIA_TEXT },
    /* What httpd itself puts there when nobody set a type. */
    { SPBE_SPAN("httpd/*"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/x-httpd-*"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/x-www-form-urlencoded"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/x-php"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/yaml"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/x-yaml"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/csv"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/sql"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/graphql"), SPBE_MEDIA_TEXT },
    { SPBE_SPAN("application/x-sh"), SPBE_MEDIA_TEXT },
};

/* Beginnings of documents, archives and pictures. Those with a NUL or another
 * control character near the front are refused by that already. */
static const spbe_span_t magics[] = {
    SPBE_SPAN("%PDF"), SPBE_SPAN("%!PS"), SPBE_SPAN("PK\003\004"),
    SPBE_SPAN("PK\005\006"), SPBE_SPAN("\x89PNG"), SPBE_SPAN("GIF8"),
    SPBE_SPAN("\xff\xd8\xff"), SPBE_SPAN("RIFF"), SPBE_SPAN("\x1f\x8b"),
    SPBE_SPAN("\x7f" "ELF"), SPBE_SPAN("\xd0\xcf\x11\xe0"),
    SPBE_SPAN("{\\rtf"), SPBE_SPAN("Rar!"), SPBE_SPAN("7z\xbc\xaf"),
    SPBE_SPAN("OggS"), SPBE_SPAN("ID3"), SPBE_SPAN("wOFF"),
    SPBE_SPAN("wOF2"), SPBE_SPAN("SQLite format 3"), SPBE_SPAN("BZh"),
    SPBE_SPAN("fLaC"), SPBE_SPAN("!<arch>"), SPBE_SPAN("\xfd" "7zXZ"),
    SPBE_SPAN("8BPS"), SPBE_SPAN("FWS"), SPBE_SPAN("CWS"),
};

/* How a runtime's words begin when binary data follows them. */
static const spbe_span_t openings[] = {
    SPBE_SPAN("<"), SPBE_SPAN("PHP "), SPBE_SPAN("Warning:"),
    SPBE_SPAN("Notice:"), SPBE_SPAN("Deprecated:"), SPBE_SPAN("Strict "),
    SPBE_SPAN("Fatal error"), SPBE_SPAN("Parse error"),
    SPBE_SPAN("Uncaught "), SPBE_SPAN("Traceback "), SPBE_SPAN("Error"),
    SPBE_SPAN("Exception"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int glob(spbe_span_t pattern, spbe_span_t s)
{
    size_t star = spbe_span_chr(pattern, '*');
    spbe_span_t head, tail;

    if (star == SPBE_NPOS) {
        return spbe_span_ieq(pattern, s);
    }
    head = spbe_span_slice(pattern, 0, star);
    tail = spbe_span_slice(pattern, star + 1, pattern.len);
    return s.len >= head.len + tail.len && spbe_span_istarts(s, head)
           && spbe_span_ieq(spbe_span_slice(s, s.len - tail.len, s.len), tail);
}

static spbe_media_kind_t kind_of(spbe_span_t type)
{
    size_t i;

    if (spbe_span_chr(type, '/') == SPBE_NPOS) {
        return SPBE_MEDIA_TEXT;
    }
    for (i = 0; i < COUNT(names); i++) {
        if (glob(names[i].pattern, type)) {
            return names[i].kind;
        }
    }
    return SPBE_MEDIA_BINARY;
}

/* Takes one parameter off *rest; a ';' inside quotes does not end it. */
static spbe_span_t cut_parameter(spbe_span_t *rest)
{
    spbe_span_t param;
    int quoted = 0;
    size_t i;

    for (i = 0; i < rest->len; i++) {
        if (quoted && rest->ptr[i] == '\\') {
            i++;
        }
        else if (rest->ptr[i] == '"') {
            quoted = !quoted;
        }
        else if (rest->ptr[i] == ';' && !quoted) {
            break;
        }
    }
    param = spbe_span_slice(*rest, 0, i);
    *rest = spbe_span_slice(*rest, i + 1, rest->len);
    return spbe_span_trim(param);
}

static spbe_span_t find_charset(spbe_span_t params)
{
    spbe_span_t value, name;

    while (params.len > 0) {
        value = cut_parameter(&params);
        name = spbe_span_trim(spbe_span_cut(&value, '='));
        if (!spbe_span_ieq(name, SPBE_SPAN("charset"))) {
            continue;
        }
        value = spbe_span_trim(value);
        if (value.len > 0 && (value.ptr[0] == '"' || value.ptr[0] == '\'')) {
            char quote = value.ptr[0];

            value = spbe_span_slice(value, 1, value.len);
            value = spbe_span_cut(&value, quote);
        }
        return value;
    }
    return SPBE_SPAN_EMPTY;
}

spbe_media_t spbe_media_parse(const char *content_type)
{
    spbe_span_t rest = spbe_span_from(content_type);
    spbe_media_t media;

    media.type = spbe_span_cut(&rest, ';');
    /* "text/html, text/html": a field that was sent twice. */
    media.type = spbe_span_trim(spbe_span_cut(&media.type, ','));
    media.charset = find_charset(rest);
    media.kind = kind_of(media.type);
    return media;
}

spbe_media_kind_t spbe_media_kind(const char *content_type)
{
    return spbe_media_parse(content_type).kind;
}

int spbe_media_examinable(spbe_media_kind_t kind)
{
    return kind <= SPBE_MEDIA_SCRIPT;
}

int spbe_media_matches(const char *pattern, const char *type)
{
    spbe_media_t media = spbe_media_parse(type);
    spbe_span_t wanted = spbe_span_trim(spbe_span_from(pattern));

    if (spbe_span_ieq(wanted, SPBE_SPAN("unlabelled"))) {
        return media.type.len == 0;
    }
    if (spbe_span_eq(wanted, SPBE_SPAN("*/*"))) {
        return media.type.len > 0;
    }
    return media.type.len > 0 && glob(wanted, media.type);
}

static int is_control(unsigned char c)
{
    /* ESC colours the traces of some runtimes; backspace is in man pages. */
    return c < 0x20 ? !(c >= '\b' && c <= '\r') && c != 0x1b : c == 0x7f;
}

/* Length of the UTF-8 character at the front, 0 when it is none; one that the
 * end of s cuts off counts for as many bytes as are there. */
static size_t utf8_char(spbe_span_t s)
{
    unsigned char c = (unsigned char)s.ptr[0];
    size_t need = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3
                  : c < 0xf5 ? 4 : 0;
    size_t i;

    for (i = 1; i < need && i < s.len; i++) {
        if (((unsigned char)s.ptr[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return need < s.len ? need : s.len;
}

static int is_utf8(spbe_span_t s)
{
    size_t step;

    while (s.len > 0) {
        step = utf8_char(s);
        if (step == 0) {
            return 0;
        }
        s = spbe_span_slice(s, step, s.len);
    }
    return 1;
}

/* Letters of Western European texts are rare among their bytes, and never
 * mostly from the upper half, as in compressed or encrypted data. */
static int is_latin1(spbe_span_t s)
{
    size_t high = 0, i;

    for (i = 0; i < s.len; i++) {
        high += (unsigned char)s.ptr[i] >= 0x80;
    }
    return high * 5 <= s.len;
}

static int begins_with_any(spbe_span_t s, const spbe_span_t *list, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (spbe_span_istarts(s, list[i])) {
            return 1;
        }
    }
    return 0;
}

/* The part before the first control character that no text has. */
static spbe_span_t text_part(spbe_span_t s)
{
    size_t i = 0;

    while (i < s.len && !is_control((unsigned char)s.ptr[i])) {
        i++;
    }
    return spbe_span_slice(s, 0, i);
}

static int is_utf16_text(spbe_span_t s)
{
    size_t at, pairs = 0, ascii = 0, i;

    if (spbe_span_starts(s, SPBE_SPAN("\xff\xfe"))) {
        at = 1;
    }
    else if (spbe_span_starts(s, SPBE_SPAN("\xfe\xff"))) {
        at = 0;
    }
    else {
        return 0;
    }
    for (i = 2; i + 1 < s.len; i += 2, pairs++) {
        ascii += s.ptr[i + at] == '\0' && s.ptr[i + 1 - at] != '\0';
    }
    return pairs > 0 && ascii * 2 > pairs;
}

int spbe_media_looks_like_text(spbe_span_t first_bytes)
{
    spbe_span_t s = first_bytes, text;

    if (is_utf16_text(s)) {
        return 1;
    }
    if (spbe_span_starts(s, SPBE_SPAN("\xef\xbb\xbf"))) {
        s = spbe_span_slice(s, 3, s.len);
    }
    /* "MZ" and "BM" alone would refuse words: those files have NULs early. */
    if (s.len == 0 || begins_with_any(s, magics, COUNT(magics))) {
        return 0;
    }
    text = text_part(s);
    if (text.len < s.len
        && (text.len < TEXT_BEFORE_BINARY
            || !begins_with_any(spbe_span_trim(text), openings,
                                COUNT(openings)))) {
        return 0;
    }
    return is_utf8(text) || is_latin1(text);
}
