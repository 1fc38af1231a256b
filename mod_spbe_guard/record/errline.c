/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/errline.c - one line of httpd's error log. See errline.h.
 *
 * "[time] [module:level] [pid 1:tid 2] (111)Connection refused: [client
 * 192.0.2.1:55] AH01071: Got error 'said', referer: http://..."
 *
 * A visitor can put words into lines of httpd's own modules, a URL for one.
 * These are never judged: else he could have them taken out.
 */
#include "record/errline.h"

#include <apr_lib.h>

#define GROUP_MAX 100
#define STATUS_MAX 160

typedef struct reader {
    spbe_span_t line;
    size_t at;
    spbe_span_t module; /* empty: not named */
    int has_level;
    apr_uint64_t key;
} reader_t;

/* clang-format off */
/* Modules of httpd, and of others that judge requests, whose lines quote no
 * handler. */
static const char *const own_modules[] = {
    "spbe_guard", "access_compat", "actions", "alias", "allowmethods",
    "asis", "auth_*", "authn_*", "authnz_*", "authz_*", "autoindex",
    "brotli", "buffer", "cache*", "charset_lite", "core", "data", "dav*",
    "dbd", "deflate", "dialup", "dir", "echo", "env", "evasive*", "expires",
    "file_cache", "filter", "headers", "heart*", "http", "http2", "ident",
    "imagemap", "include", "info", "lbmethod_*", "ldap", "log_*", "logio",
    "macro", "md", "mime*", "mpm_*", "negotiation", "proxy",
    "proxy_balancer", "proxy_connect", "proxy_express", "proxy_fdpass",
    "proxy_ftp", "proxy_hcheck", "proxy_html", "proxy_http*",
    "proxy_wstunnel", "qos", "ratelimit", "reflector", "remoteip",
    "reqtimeout", "request", "rewrite", "security2", "sed", "session*",
    "setenvif", "slotmem_*", "so", "socache_*", "speling", "ssl", "status",
    "substitute", "suexec", "unique_id", "unixd", "userdir", "usertrack",
    "version", "vhost_alias", "watchdog", "xml2enc"
};

/* Whose every line is one message of a script. */
static const char *const message_modules[] = { "php*", "lua*" };
static const char *const piece_modules[] = { "proxy_*" };
static const char *const levels[] = {
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
    "trace*"
};

/* First words of the groups that httpd prints. */
static const char *const first_words[] = {
    "pid ", "tid ", "client ", "client/", "remote ", "log ", "ref ", "id ",
    "host ", "R:", "C:"
};
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int fits(spbe_span_t word, const char *pattern)
{
    spbe_span_t p = spbe_span_from(pattern);

    if (spbe_span_ends(p, SPBE_SPAN("*"))) {
        p.len--;
        return spbe_span_starts(word, p);
    }
    return spbe_span_eq(word, p);
}

static int in_list(spbe_span_t word, const char *const *list, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (fits(word, list[i])) {
            return 1;
        }
    }
    return 0;
}

static void add_key(reader_t *reader, spbe_span_t bytes)
{
    size_t i;

    for (i = 0; i < bytes.len; i++) {
        reader->key ^= (unsigned char)bytes.ptr[i];
        reader->key *= APR_UINT64_C(1099511628211);
    }
}

static spbe_span_t rest_of(const reader_t *reader)
{
    return spbe_span_slice(reader->line, reader->at, reader->line.len);
}

/*
 * The group at the front of what is left, without brackets; else empty. A field
 * of ErrorLogFormat that has no value takes the bracket behind it along: there
 * the group ends where the next begins.
 */
static spbe_span_t peek_group(const reader_t *reader)
{
    spbe_span_t rest = spbe_span_slice(rest_of(reader), 0, GROUP_MAX);
    size_t end, next;

    if (rest.len == 0 || *rest.ptr != '[') {
        return SPBE_SPAN_EMPTY;
    }
    end = spbe_span_chr(rest, ']');
    next = spbe_span_find(rest, SPBE_SPAN(" ["));
    if (next < end) {
        end = next;
    }
    return end == SPBE_NPOS ? SPBE_SPAN_EMPTY : spbe_span_slice(rest, 1, end);
}

static void take_group(reader_t *reader, spbe_span_t group)
{
    reader->at += group.len + 1;
    reader->at += (size_t)spbe_span_starts(rest_of(reader), SPBE_SPAN("]"));
    reader->at += (size_t)spbe_span_starts(rest_of(reader), SPBE_SPAN(" "));
}

static int is_time(spbe_span_t group)
{
    size_t i, digits = 0, colons = 0;

    for (i = 0; i < group.len; i++) {
        digits += apr_isdigit(group.ptr[i]) != 0;
        colons += group.ptr[i] == ':';
    }
    return digits >= 6 && colons >= 2 && group.len <= 48;
}

/* "php:error", "error", ":error" */
static int read_level(reader_t *reader, spbe_span_t group)
{
    spbe_span_t level = group, module = spbe_span_cut(&level, ':');

    if (module.len == group.len) {
        level = module;
        module = SPBE_SPAN_EMPTY;
    }
    if (!in_list(level, levels, COUNT(levels))) {
        return 0;
    }
    reader->module = module;
    reader->has_level = 1;
    add_key(reader, module);
    return 1;
}

/* The last word of the group, as it is printed: not as one might type it. */
static int read_ref(spbe_span_t group, spbe_errline_t *out)
{
    size_t space = spbe_span_rchr(group, ' '), colon;
    char ref[SPBE_REF_SIZE];

    if (space != SPBE_NPOS) {
        group = spbe_span_slice(group, space + 1, group.len);
    }
    colon = spbe_span_rchr(group, ':');
    if (colon != SPBE_NPOS) {
        group = spbe_span_slice(group, colon + 1, group.len);
    }
    if (group.len != SPBE_REF_SIZE - 1 || group.ptr[4] != '-' ||
        !spbe_ref_parse(group, ref) || memcmp(ref, group.ptr, group.len) != 0) {
        return 0;
    }
    memcpy(out->ref, ref, sizeof(ref));
    return 1;
}

/* Nothing but names, numbers and addresses. */
static int is_plain(spbe_span_t group)
{
    size_t i;

    for (i = 0; i < group.len; i++) {
        char c = group.ptr[i];

        if (!apr_isalnum(c) &&
            (c == '\0' || strchr(".:,/_- *~$=%", c) == NULL)) {
            return 0;
        }
    }
    return 1;
}

static int has_first_word(spbe_span_t group)
{
    size_t i;

    for (i = 0; i < COUNT(first_words); i++) {
        if (spbe_span_starts(group, spbe_span_from(first_words[i]))) {
            return 1;
        }
    }
    return 0;
}

/* 1 when httpd printed it. Anything else may be how a message begins. */
static int read_group(reader_t *reader, spbe_span_t group, spbe_errline_t *out)
{
    if (!reader->has_level && read_level(reader, group)) {
        return 1;
    }
    if (!is_plain(group)) {
        return 0;
    }
    if (out->ref[0] == '\0' && read_ref(group, out)) {
        return 1;
    }
    if (!has_first_word(group)) {
        return 0;
    }
    add_key(reader, group);
    return 1;
}

/* "(111)Connection refused: " in front of a group or of httpd's number. */
static void skip_status(reader_t *reader)
{
    spbe_span_t rest = spbe_span_slice(rest_of(reader), 0, STATUS_MAX);
    size_t i = 1, client, number, end;

    if (rest.len < 3 || *rest.ptr != '(' || !apr_isdigit(rest.ptr[1])) {
        return;
    }
    while (i < rest.len && apr_isdigit(rest.ptr[i])) {
        i++;
    }
    client = spbe_span_find(rest, SPBE_SPAN(" [client "));
    number = spbe_span_find(rest, SPBE_SPAN(": AH"));
    end = client != SPBE_NPOS   ? client + 1
          : number != SPBE_NPOS ? number + 2
                                : 0;
    if (i < rest.len && rest.ptr[i] == ')') {
        reader->at += end;
    }
}

static void read_groups(reader_t *reader, spbe_errline_t *out)
{
    spbe_span_t group;

    while ((group = peek_group(reader)).len > 0 &&
           read_group(reader, group, out)) {
        take_group(reader, group);
    }
}

/* Offset of the first byte behind lead, when it stands at the front. */
static int skip(reader_t *reader, spbe_span_t lead)
{
    if (!spbe_span_starts(rest_of(reader), lead)) {
        return 0;
    }
    reader->at += lead.len;
    return 1;
}

/* "AH01215: ": httpd's own number. */
static unsigned read_number(reader_t *reader)
{
    spbe_span_t rest = rest_of(reader);
    unsigned number = 0;
    size_t i;

    if (rest.len < 9 || !spbe_span_starts(rest, SPBE_SPAN("AH")) ||
        rest.ptr[7] != ':' || rest.ptr[8] != ' ') {
        return 0;
    }
    for (i = 2; i < 7; i++) {
        if (!apr_isdigit(rest.ptr[i])) {
            return 0;
        }
        number = number * 10 + (unsigned)(rest.ptr[i] - '0');
    }
    reader->at += 9;
    return number;
}

/* "stderr from /usr/lib/cgi-bin/x.py: " */
static int skip_script(reader_t *reader)
{
    spbe_span_t rest = rest_of(reader);
    size_t end = spbe_span_find(rest, SPBE_SPAN(": "));

    if (!spbe_span_starts(rest, SPBE_SPAN("stderr from ")) ||
        end == SPBE_NPOS) {
        return 0;
    }
    reader->at += end + 2;
    return 1;
}

static void cut_tail(spbe_errline_t *out, int quoted)
{
    spbe_span_t all = out->said;
    size_t end = spbe_errline_referer(all);

    if (quoted && end > 0 && all.ptr[end - 1] == '\'') {
        end--;
    }
    out->said = spbe_span_slice(all, 0, end);
    out->tail = spbe_span_slice(all, end, all.len);
}

/* What has no level was not printed by httpd, or before it had a log. */
static void parse_raw(spbe_span_t line, size_t time_end, spbe_errline_t *out)
{
    spbe_span_t text = spbe_span_slice(line, time_end, line.len);
    reader_t reader = {.line = text};

    out->raw = 1;
    out->key = 0;
    out->kind = read_number(&reader) > 0 ||
                        spbe_span_starts(text, SPBE_SPAN("spbe-guard"))
                    ? SPBE_ERRLINE_MESSAGE
                    : SPBE_ERRLINE_LINES;
    out->head = spbe_span_slice(line, 0, time_end);
    out->said = text;
}

/* A header of a handler that cannot be sent, in one message. */
static int names_header(unsigned number)
{
    return number == 2429 || number == 2430;
}

/* A number is httpd's; these quote what a handler said. */
static int quotes(unsigned number)
{
    return number == 1071 || number == 1215 || number == 1471 ||
           number == 2663 || names_header(number);
}

static spbe_errline_kind_t kind_of(const reader_t *reader, unsigned number)
{
    spbe_span_t module = reader->module;

    if (!quotes(number) &&
        (number > 0 || in_list(module, own_modules, COUNT(own_modules)))) {
        return SPBE_ERRLINE_OWN;
    }
    if (number == 1071 ||
        in_list(module, piece_modules, COUNT(piece_modules))) {
        return SPBE_ERRLINE_PIECES;
    }
    return names_header(number) ||
                   in_list(module, message_modules, COUNT(message_modules))
               ? SPBE_ERRLINE_MESSAGE
               : SPBE_ERRLINE_LINES;
}

static void parse_message(reader_t *reader, spbe_errline_t *out)
{
    unsigned number = read_number(reader);
    size_t before = reader->at;
    int quoted;

    out->kind = kind_of(reader, number);
    if (out->kind == SPBE_ERRLINE_OWN) {
        out->head = reader->line;
        return;
    }
    quoted = skip(reader, SPBE_SPAN("Got error '"));
    if (!quoted && (skip_script(reader) ||
                    skip(reader, SPBE_SPAN("mod_fcgid: stderr: ")))) {
        add_key(reader, spbe_span_slice(reader->line, before, reader->at));
    }
    out->escaped = 1;
    out->key = reader->key;
    out->head = spbe_span_slice(reader->line, 0, reader->at);
    out->said = rest_of(reader);
    out->begins = spbe_span_starts(out->said, SPBE_SPAN("PHP message: "));
    cut_tail(out, quoted);
}

static void clear(spbe_errline_t *out, spbe_span_t line)
{
    *out = (spbe_errline_t){.head = SPBE_SPAN_EMPTY,
                            .said = SPBE_SPAN_EMPTY,
                            .tail = spbe_span_slice(line, line.len, line.len)};
}

void spbe_errline_parse_message(spbe_span_t message, spbe_errline_t *out)
{
    reader_t reader = {.line = message};

    clear(out, message);
    parse_message(&reader, out);
}

void spbe_errline_parse(spbe_span_t line, spbe_errline_t *out)
{
    reader_t reader = {.line = line, .key = APR_UINT64_C(14695981039346656037)};
    spbe_span_t group = peek_group(&reader);

    clear(out, line);
    if (!is_time(group)) {
        parse_raw(line, 0, out);
        return;
    }
    take_group(&reader, group);
    read_groups(&reader, out);
    if (!reader.has_level) {
        parse_raw(line, reader.at, out);
        return;
    }
    skip_status(&reader);
    read_groups(&reader, out);
    parse_message(&reader, out);
}
