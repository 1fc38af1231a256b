/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/upload_type.c - kinds of files: extensions, media types, contents.
 *
 * What browsers call a file depends on the programs of its owner, so each kind
 * has several names.
 */
#include "input/upload_int.h"

#include <string.h>

#include <apr_lib.h>

#include "text/nearest.h"

static const spbe_upload_type_t types[] = {
    {"pdf", 0, 0, {"application/pdf", "application/x-pdf"}},
    {"jpg", 0, 0, {"image/jpeg", "image/pjpeg", "image/jpg"}},
    {"jpeg", 0, 0, {"image/jpeg", "image/pjpeg", "image/jpg"}},
    {"jfif", 0, 0, {"image/jpeg", "image/pjpeg", "image/jpg"}},
    {"png", 0, 0, {"image/png", "image/x-png"}},
    {"gif", 0, 0, {"image/gif"}},
    {"webp", 0, 0, {"image/webp"}},
    {"bmp", 0, 0, {"image/bmp", "image/x-ms-bmp", "image/x-bmp"}},
    {"tif", 0, 0, {"image/tiff"}},
    {"tiff", 0, 0, {"image/tiff"}},
    {"heic", 0, 0, {"image/heic", "image/heif"}},
    {"heif", 0, 0, {"image/heif", "image/heic"}},
    {"avif", 0, 0, {"image/avif"}},
    {"svg", SPBE_UPLOAD_TEXT, 1, {"image/svg+xml", "image/svg"}},
    {"doc", SPBE_UPLOAD_OLE, 0, {"application/msword"}},
    {"xls",
     SPBE_UPLOAD_OLE,
     0,
     {"application/vnd.ms-excel", "application/msexcel"}},
    {"ppt",
     SPBE_UPLOAD_OLE,
     0,
     {"application/vnd.ms-powerpoint", "application/mspowerpoint"}},
    {"docx",
     SPBE_UPLOAD_OFFICE,
     0,
     {"application/"
      "vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/zip"}},
    {"xlsx",
     SPBE_UPLOAD_OFFICE,
     0,
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/zip"}},
    {"pptx",
     SPBE_UPLOAD_OFFICE,
     0,
     {"application/"
      "vnd.openxmlformats-officedocument.presentationml.presentation",
      "application/zip"}},
    {"odt",
     SPBE_UPLOAD_ODF,
     0,
     {"application/vnd.oasis.opendocument.text", "application/zip"}},
    {"ods",
     SPBE_UPLOAD_ODF,
     0,
     {"application/vnd.oasis.opendocument.spreadsheet", "application/zip"}},
    {"odp",
     SPBE_UPLOAD_ODF,
     0,
     {"application/vnd.oasis.opendocument.presentation", "application/zip"}},
    {"rtf", 0, 0, {"application/rtf", "text/rtf"}},
    {"csv",
     SPBE_UPLOAD_TEXT,
     0,
     {"text/csv", "application/csv", "application/vnd.ms-excel", "text/plain"}},
    {"txt", SPBE_UPLOAD_TEXT, 0, {"text/plain"}},
    {"md", SPBE_UPLOAD_TEXT, 0, {"text/markdown", "text/plain"}},
    {"json", SPBE_UPLOAD_TEXT, 0, {"application/json", "text/plain"}},
    {"geojson",
     SPBE_UPLOAD_TEXT,
     0,
     {"application/geo+json", "application/json", "text/plain"}},
    {"xml", SPBE_UPLOAD_TEXT, 1, {"application/xml", "text/xml"}},
    {"kml",
     SPBE_UPLOAD_TEXT,
     0,
     {"application/vnd.google-earth.kml+xml", "text/xml"}},
    {"html", SPBE_UPLOAD_TEXT, 1, {"text/html"}},
    {"htm", SPBE_UPLOAD_TEXT, 1, {"text/html"}},
    {"zip",
     SPBE_UPLOAD_ZIP,
     0,
     {"application/zip", "application/x-zip-compressed", "application/x-zip"}},
    {"rar",
     0,
     0,
     {"application/vnd.rar", "application/x-rar",
      "application/x-rar-compressed", "application/x-compressed"}},
    {"7z", 0, 0, {"application/x-7z-compressed", "application/x-compressed"}},
    {"gz", 0, 0, {"application/gzip", "application/x-gzip"}},
    {"tgz",
     0,
     0,
     {"application/gzip", "application/x-gzip", "application/x-compressed-tar",
      "application/x-compressed"}},
    {"mp3", 0, 0, {"audio/mpeg", "audio/mp3"}},
    {"wav", 0, 0, {"audio/wav", "audio/x-wav", "audio/vnd.wave"}},
    {"ogg", 0, 0, {"audio/ogg", "application/ogg", "video/ogg"}},
    {"m4a", 0, 0, {"audio/mp4", "audio/x-m4a", "audio/m4a", "video/mp4"}},
    {"mp4", 0, 0, {"video/mp4", "application/mp4", "video/x-m4v"}},
    {"mov", 0, 0, {"video/quicktime"}},
    {"webm", 0, 0, {"video/webm", "audio/webm"}},
    {"p12", 0, 0, {"application/x-pkcs12", "application/octet-stream"}},
    {"p7m", 0, 0, {"application/pkcs7-mime", "application/octet-stream"}},
};

const spbe_upload_type_t *spbe_upload_type(spbe_span_t extension)
{
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (spbe_span_ieq(extension, spbe_span_from(types[i].extension))) {
            return &types[i];
        }
    }
    return NULL;
}

const char *spbe_upload_nearest(spbe_span_t extension)
{
    spbe_nearest_t nearest = {.word = extension};
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        spbe_nearest_offer(&nearest, types[i].extension);
    }
    return nearest.best;
}

int spbe_upload_type_has(const spbe_upload_type_t *type, spbe_span_t media)
{
    size_t i;

    for (i = 0; i < sizeof(type->media) / sizeof(type->media[0]) &&
                type->media[i] != NULL;
         i++) {
        if (spbe_span_ieq(media, spbe_span_from(type->media[i]))) {
            return 1;
        }
    }
    return 0;
}

spbe_span_t spbe_upload_extension(spbe_span_t name)
{
    size_t at = spbe_span_rchr(name, '.');

    return at == SPBE_NPOS ? SPBE_SPAN_EMPTY
                           : spbe_span_slice(name, at + 1, name.len);
}

static int is_in(spbe_span_t word, const char *const *list)
{
    size_t i;

    for (i = 0; list[i] != NULL; i++) {
        if (spbe_span_ieq(word, spbe_span_from(list[i]))) {
            return 1;
        }
    }
    return 0;
}

/* Run by servers, some of them wherever in the name they stand. */
static const char *const scripts[] = {
    "php",   "php3", "php4",     "php5",     "php6", "php7", "php8",
    "phtml", "pht",  "phps",     "phar",     "asp",  "aspx", "ascx",
    "ashx",  "asmx", "asa",      "cer",      "cfm",  "cfml", "jsp",
    "jspx",  "jspf", "jsw",      "jsv",      "cgi",  "fcgi", "shtml",
    "shtm",  "stm",  "htaccess", "htpasswd", NULL};

int spbe_upload_is_run(spbe_span_t extension)
{
    static const char *const others[] = {"pl", "py", "rb", NULL};

    return is_in(extension, scripts) || is_in(extension, others);
}

/* "php;", "php%00", "php " are all cut off somewhere behind the word. */
static spbe_span_t leading_word(spbe_span_t text)
{
    size_t n = 0;

    text = spbe_span_trim(text);
    while (n < text.len && apr_isalnum(text.ptr[n])) {
        n++;
    }
    return spbe_span_slice(text, 0, n);
}

const char *spbe_upload_script(spbe_span_t name)
{
    /* Run by a shell or a browser when the name ends so. */
    static const char *const programs[] = {
        "pl",   "py",  "rb",  "sh",  "bash", "exe",  "com", "bat",   "cmd",
        "msi",  "scr", "dll", "vbs", "vbe",  "js",   "mjs", "jse",   "wsf",
        "hta",  "jar", "war", "ps1", "swf",  "html", "htm", "xhtml", "mht",
        "svgz", "lnk", "reg", "apk", "so",   NULL};
    static const char *const names[] = {"web.config", "crossdomain.xml",
                                        "clientaccesspolicy.xml", NULL};
    spbe_span_t rest = name;

    if (is_in(name, names)) {
        return "a name that configures servers";
    }
    spbe_span_cut(&rest, '.');
    while (rest.len > 0) {
        if (is_in(leading_word(spbe_span_cut(&rest, '.')), scripts)) {
            return "the extension of a script";
        }
    }
    return is_in(spbe_upload_extension(name), programs)
               ? "the extension of a program"
               : NULL;
}

/* "<?=" and "<? " are three bytes that a picture can hold by chance; with eight
 * readable ones behind them they are a script. */
static int has_short_tag(spbe_span_t look)
{
    size_t at;

    while ((at = spbe_span_find(look, SPBE_SPAN("<?"))) != SPBE_NPOS) {
        size_t n = 0;

        look = spbe_span_slice(look, at + 2, look.len);
        while (n < 9 && n < look.len && look.ptr[n] >= ' ' &&
               look.ptr[n] <= '~') {
            n++;
        }
        if (n == 9 && (look.ptr[0] == '=' || look.ptr[0] == ' ')) {
            return 1;
        }
    }
    return 0;
}

static int has_php(spbe_span_t content)
{
    spbe_span_t front = spbe_span_slice(content, 0, SPBE_UPLOAD_SEARCH);
    size_t from =
        content.len < SPBE_UPLOAD_LOOK ? 0 : content.len - SPBE_UPLOAD_LOOK;
    spbe_span_t end = spbe_span_slice(content, from, content.len);

    return spbe_span_ifind(front, SPBE_SPAN("<?php")) != SPBE_NPOS ||
           spbe_span_ifind(end, SPBE_SPAN("<?php")) != SPBE_NPOS ||
           has_short_tag(spbe_span_slice(content, 0, SPBE_UPLOAD_LOOK)) ||
           has_short_tag(end);
}

const char *spbe_upload_hidden(spbe_span_t content,
                               const spbe_upload_type_t *type)
{
    spbe_span_t look = spbe_span_slice(content, 0, SPBE_UPLOAD_LOOK);
    int image = type != NULL && strncmp(type->media[0], "image/", 6) == 0;

    /* A text may speak of PHP; a picture or a PDF does not. */
    if (type != NULL && type->kind == SPBE_UPLOAD_TEXT && !image) {
        return spbe_span_istarts(spbe_span_trim(look), SPBE_SPAN("<?php"))
                   ? "a PHP script"
                   : NULL;
    }
    if (has_php(content)) {
        return "PHP within the content";
    }
    return image && spbe_span_ifind(look, SPBE_SPAN("<script")) != SPBE_NPOS
               ? "a script within a picture"
               : NULL;
}

static int is_zip(spbe_span_t content)
{
    return spbe_span_starts(content, SPBE_SPAN("PK\003\004"));
}

static int is_text(const char *magic)
{
    static const char *const scripts[] = {"text/html", "text/x-php",
                                          "text/x-shellscript",
                                          "text/javascript", NULL};
    static const char *const others[] = {"application/json",
                                         "application/csv",
                                         "application/x-ndjson",
                                         "inode/x-empty",
                                         "application/x-empty",
                                         "message/rfc822",
                                         NULL};
    spbe_span_t name = spbe_span_from(magic);

    if (is_in(name, scripts)) {
        return 0;
    }
    return spbe_span_istarts(name, SPBE_SPAN("text/")) || is_in(name, others);
}

static int is_office(spbe_span_t content)
{
    return is_zip(content) &&
           spbe_span_find(spbe_span_slice(content, 0, SPBE_UPLOAD_LOOK),
                          SPBE_SPAN("[Content_Types].xml")) != SPBE_NPOS;
}

/* The archive's first entry is "mimetype", stored as it is. */
static int is_odf(spbe_span_t content, const spbe_upload_type_t *type)
{
    spbe_span_t first = spbe_span_slice(content, 30, 120);

    return is_zip(content) && spbe_span_starts(first, SPBE_SPAN("mimetype")) &&
           spbe_span_find(first, spbe_span_from(type->media[0])) != SPBE_NPOS;
}

int spbe_upload_fits(spbe_span_t content, const spbe_upload_type_t *type,
                     const char *magic)
{
    switch (type->kind) {
    case SPBE_UPLOAD_TEXT:
        return is_text(magic) ||
               spbe_upload_type_has(type, spbe_span_from(magic));
    case SPBE_UPLOAD_OFFICE:
        return is_office(content);
    case SPBE_UPLOAD_ODF:
        return is_odf(content, type);
    case SPBE_UPLOAD_OLE:
        return spbe_span_starts(content,
                                SPBE_SPAN("\320\317\021\340\241\261\032\341"));
    case SPBE_UPLOAD_ZIP:
        return is_zip(content) ||
               spbe_span_starts(content, SPBE_SPAN("PK\005\006"));
    case SPBE_UPLOAD_BINARY:
        break;
    }
    return spbe_upload_type_has(type, spbe_span_from(magic));
}
