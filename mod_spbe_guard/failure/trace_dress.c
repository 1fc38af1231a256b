/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_dress.c - what traces come wrapped in is taken off.
 *
 * httpd's error log: the line's prefix, mod_proxy_fcgi's "Got error '...'"
 * with PHP-FPM's "PHP message: " joined by "; ", mod_cgi's "stderr from F: "
 * (or ": F" at the end, before 2.4.60), escapes. FPM cuts at log_limit, httpd
 * at 8 KiB, and bytes are lost at each joint: pieces are put together as they
 * are and every joint is counted. HTML and JSON become text; terminal colours
 * go.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>
#include "text/plain.h"

#define GOT "Got error '"
#define MESSAGE "PHP message: "

typedef struct joiner {
    char *to;
    size_t len;
    int fpm; /* the line before was a piece from FPM */
    int seams;
    apr_pool_t *pool;
} joiner_t;

static int is_prefix(spbe_span_t word)
{
    static const char *const DAYS[] = {"Mon ", "Tue ", "Wed ", "Thu ",
                                       "Fri ", "Sat ", "Sun "};
    static const char *const NAMES[] = {"pid ",  "client ", "remote ", "tid ",
                                        "host ", "R:",      "C:"};
    size_t i;

    for (i = 0; i < 7; i++) {
        if (spbe_span_starts(word, spbe_span_from(DAYS[i])) ||
            spbe_span_starts(word, spbe_span_from(NAMES[i]))) {
            return 1;
        }
    }
    /* [proxy_fcgi:error] [error] */
    return spbe_span_chr(word, ' ') == SPBE_NPOS &&
           (spbe_span_ends(word, SPBE_SPAN("error")) ||
            spbe_span_ends(word, SPBE_SPAN("warn")) ||
            spbe_span_ends(word, SPBE_SPAN("notice")) ||
            spbe_span_ends(word, SPBE_SPAN("info")) ||
            spbe_span_ends(word, SPBE_SPAN("crit")) ||
            spbe_span_ends(word, SPBE_SPAN("alert")) ||
            spbe_span_ends(word, SPBE_SPAN("emerg")) ||
            spbe_span_ends(word, SPBE_SPAN("debug")));
}

static spbe_span_t without_prefix(spbe_span_t line)
{
    while (line.len > 0 && line.ptr[0] == '[') {
        size_t close = spbe_span_chr(line, ']');

        if (close == SPBE_NPOS || !is_prefix(spbe_span_slice(line, 1, close))) {
            break;
        }
        line = spbe_trace_ltrim(spbe_trace_from(line, close + 1));
    }
    return line;
}

static void put(joiner_t *join, spbe_span_t s)
{
    memcpy(join->to + join->len, s.ptr, s.len);
    join->len += s.len;
}

static void put_line_end(joiner_t *join)
{
    if (join->len > 0 && join->to[join->len - 1] != '\n') {
        join->to[join->len++] = '\n';
    }
}

/* Does a piece begin with something that begins a line? */
static int begins_line(spbe_span_t piece)
{
    return spbe_span_starts(piece, SPBE_SPAN("Stack trace:")) ||
           spbe_span_starts(piece, SPBE_SPAN("PHP ")) ||
           (piece.len > 2 && piece.ptr[0] == '#' && apr_isdigit(piece.ptr[1]));
}

/* text: what stands between the quotes, escapes undone. */
static void put_messages(joiner_t *join, spbe_span_t text)
{
    if (spbe_trace_skip(&text, MESSAGE)) {
        put_line_end(join);
    }
    else if (join->fpm) {
        join->seams++;
        if (begins_line(text)) {
            put_line_end(join);
        }
    }
    else {
        put_line_end(join);
    }
    while (text.len > 0) {
        size_t at = spbe_trace_at(text, "; " MESSAGE);
        spbe_span_t one = spbe_span_slice(text, 0, at);

        /* FPM ends a message that it cut with dots. */
        join->seams += spbe_span_ends(one, SPBE_SPAN("...")) ? 1 : 0;
        put(join, one);
        text = spbe_trace_from(
            text, at == SPBE_NPOS ? text.len : at + 2 + strlen(MESSAGE));
        if (at != SPBE_NPOS) {
            put_line_end(join);
        }
    }
}

static void put_fpm(joiner_t *join, spbe_span_t line)
{
    size_t end = spbe_trace_last(line, "'");

    if (end != SPBE_NPOS &&
        (end + 1 == line.len || spbe_span_starts(spbe_trace_from(line, end + 1),
                                                 SPBE_SPAN(", referer: ")))) {
        line = spbe_span_slice(line, 0, end);
    }
    else {
        join->seams++;
    }
    put_messages(join, spbe_plain_log(line, join->pool));
    join->fpm = 1;
}

/* One line of a CGI program's stderr. */
static spbe_span_t cgi_line(spbe_span_t line)
{
    size_t at;

    if (spbe_trace_skip(&line, "stderr from ")) {
        at = spbe_trace_at(line, ": ");
        return spbe_trace_from(line, at == SPBE_NPOS ? 0 : at + 2);
    }
    at = spbe_trace_last(line, ": /");
    if (at != SPBE_NPOS &&
        spbe_span_chr(spbe_trace_from(line, at + 2), ' ') == SPBE_NPOS) {
        return spbe_span_slice(line, 0, at);
    }
    return line;
}

static void put_log_line(joiner_t *join, spbe_span_t line)
{
    spbe_span_t text = without_prefix(line);
    size_t got = spbe_trace_at(spbe_span_slice(text, 0, 160), GOT), cgi, tail;

    if (got != SPBE_NPOS) {
        put_fpm(join, spbe_trace_from(text, got + strlen(GOT)));
        return;
    }
    put_line_end(join);
    if (spbe_trace_has(spbe_span_slice(text, 0, 32), MESSAGE)) {
        put_messages(join, spbe_plain_log(text, join->pool));
        put_line_end(join);
        return;
    }
    join->fpm = 0;
    cgi = spbe_trace_at(text, "AH01215: ");
    if (cgi != SPBE_NPOS) {
        text = cgi_line(spbe_trace_from(text, cgi + 9));
    }
    else {
        tail = spbe_trace_last(text, ", referer: ");
        text = spbe_span_slice(text, 0, tail);
    }
    put(join, spbe_plain_log(text, join->pool));
    join->to[join->len++] = '\n';
}

static spbe_span_t from_log(spbe_span_t log, int *seams, apr_pool_t *pool)
{
    joiner_t join = {apr_palloc(pool, log.len + 2), 0, 0, 0, pool};

    while (log.len > 0) {
        put_log_line(&join, spbe_span_line(&log));
    }
    *seams = join.seams;
    return (spbe_span_t){join.to, join.len};
}

static int is_code(spbe_span_t s)
{
    size_t at = spbe_trace_at(s, "AH0");

    return at != SPBE_NPOS && at + 8 < s.len && s.ptr[at + 7] == ':';
}

static int is_log(spbe_span_t s)
{
    spbe_span_t rest = s, line = spbe_span_line(&rest);

    return spbe_trace_has(s, MESSAGE) || spbe_trace_has(s, GOT) ||
           spbe_trace_has(s, "AH01215: ") ||
           is_code(spbe_span_slice(line, 0, 400)) ||
           without_prefix(line).len < line.len;
}

/* A trace as one escaped line: JSON inside of something else. */
static int is_escaped(spbe_span_t s)
{
    static const char *const FRAMES[] = {"n#0 ", "n    at ", "n  File ",
                                         "n\\tat ", "n   at "};
    size_t i;

    /* Laravel's log: line ends are real, quotes and backslashes escaped. */
    if (spbe_trace_has(s, "\"[object] (")) {
        return 1;
    }
    if (spbe_trace_has(s, "\n#0 ") || spbe_trace_has(s, "\n    at ") ||
        spbe_trace_has(s, "\n  File ") || spbe_trace_has(s, "\n\tat ")) {
        return 0;
    }
    for (i = 0; i < sizeof(FRAMES) / sizeof(*FRAMES); i++) {
        size_t at = spbe_trace_at(s, FRAMES[i]);

        if (at != SPBE_NPOS && at > 0 && s.ptr[at - 1] == '\\') {
            return 1;
        }
    }
    return 0;
}

static spbe_span_t without_colours(spbe_span_t s, apr_pool_t *pool)
{
    char *to;
    size_t i, len = 0;

    if (spbe_trace_at(s, "\x1b[") == SPBE_NPOS) {
        return s;
    }
    to = apr_palloc(pool, s.len);
    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\x1b' && i + 1 < s.len && s.ptr[i + 1] == '[') {
            for (i += 2; i < s.len && !apr_isalpha(s.ptr[i]); i++) {
            }
            continue;
        }
        to[len++] = s.ptr[i];
    }
    return (spbe_span_t){to, len};
}

spbe_span_t spbe_trace_undress(spbe_span_t body, int *seams, apr_pool_t *pool)
{
    *seams = 0;
    if (is_log(body)) {
        return without_colours(from_log(body, seams, pool), pool);
    }
    if (!spbe_plain_is_json(body) && !spbe_plain_is_html(body)
        && !spbe_plain_is_xml(body) &&
        is_escaped(body)) {
        return spbe_plain_json(body, pool);
    }
    return without_colours(spbe_plain_text(body, pool), pool);
}
