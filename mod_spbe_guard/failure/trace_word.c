/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_word.c - the small steps all trace readers take.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>

/* A class name or a path longer than this is none. */
#define NAME_MAX_LEN 256
#define PATH_MAX_LEN 1024
#define MESSAGE_MAX_LEN 4096
/* Readers look at each line several times; what is longer is no frame. */
#define LINE_MAX_LEN 4096

spbe_span_t spbe_trace_from(spbe_span_t s, size_t from)
{
    return spbe_span_slice(s, from, s.len);
}

spbe_span_t spbe_trace_line(spbe_span_t *rest)
{
    return spbe_span_slice(spbe_span_line(rest), 0, LINE_MAX_LEN);
}

spbe_span_t spbe_trace_ltrim(spbe_span_t s)
{
    while (s.len > 0 && (apr_isspace(s.ptr[0]) || s.ptr[0] == '\0')) {
        s.ptr++;
        s.len--;
    }
    return s;
}

int spbe_trace_skip(spbe_span_t *s, const char *literal)
{
    spbe_span_t want = spbe_span_from(literal);

    if (!spbe_span_starts(*s, want)) {
        return 0;
    }
    *s = spbe_trace_from(*s, want.len);
    return 1;
}

size_t spbe_trace_at(spbe_span_t s, const char *literal)
{
    return spbe_span_find(s, spbe_span_from(literal));
}

int spbe_trace_has(spbe_span_t s, const char *literal)
{
    return spbe_trace_at(s, literal) != SPBE_NPOS;
}

size_t spbe_trace_last(spbe_span_t s, const char *literal)
{
    size_t len = strlen(literal), i;

    for (i = s.len; i >= len; i--) {
        if (memcmp(s.ptr + i - len, literal, len) == 0) {
            return i - len;
        }
        if (i == 0) {
            break;
        }
    }
    return SPBE_NPOS;
}

int spbe_trace_number(spbe_span_t *s, long *number)
{
    size_t n = 0;
    long value = 0;

    while (n < s->len && n < 9 && apr_isdigit(s->ptr[n])) {
        value = value * 10 + (s->ptr[n] - '0');
        n++;
    }
    if (n == 0) {
        return 0;
    }
    *number = value;
    *s = spbe_trace_from(*s, n);
    return 1;
}

int spbe_trace_is_class(spbe_span_t s)
{
    size_t i;
    int letters = 0;

    if (s.len == 0 || s.len > NAME_MAX_LEN ||
        !(apr_isalpha(s.ptr[0]) || s.ptr[0] == '_' || s.ptr[0] == '\\')) {
        return 0;
    }
    for (i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        letters += apr_isalpha(c) ? 1 : 0;
        if (!apr_isalnum(c) && memchr("_$.\\:/-@+`", c, 10) == NULL) {
            return 0;
        }
    }
    return letters > 0 && memchr(":.-/", s.ptr[s.len - 1], 4) == NULL;
}

int spbe_trace_head(spbe_span_t line, spbe_span_t *class, spbe_span_t *message)
{
    size_t at = spbe_trace_at(line, ": ");

    line = spbe_span_trim(line);
    if (at == SPBE_NPOS && line.len > 0 && line.ptr[line.len - 1] == ':') {
        at = line.len - 1;
    }
    *class = at == SPBE_NPOS ? line : spbe_span_slice(line, 0, at);
    *message = at == SPBE_NPOS ? SPBE_SPAN_EMPTY
                               : spbe_span_trim(spbe_trace_from(line, at + 1));
    return spbe_trace_is_class(*class);
}

int spbe_trace_is_path(spbe_span_t s)
{
    size_t dot;

    if (s.len < 3 || s.len > PATH_MAX_LEN || apr_isspace(s.ptr[0]) ||
        apr_isspace(s.ptr[s.len - 1]) || memchr(s.ptr, '\n', s.len)) {
        return 0;
    }
    if (s.ptr[0] == '/' || (apr_isalpha(s.ptr[0]) && s.ptr[1] == ':')) {
        return 1;
    }
    dot = spbe_span_rchr(s, '.');
    return dot != SPBE_NPOS && s.len - dot <= 8 && s.len - dot > 1 &&
           spbe_span_chr(s, ' ') == SPBE_NPOS;
}

/* Takes the digits at the end of *s. */
static int last_number(spbe_span_t *s, long *number)
{
    size_t n = s->len;
    spbe_span_t digits;

    while (n > 0 && s->len - n < 9 && apr_isdigit(s->ptr[n - 1])) {
        n--;
    }
    digits = spbe_trace_from(*s, n);
    *s = spbe_span_slice(*s, 0, n);
    return spbe_trace_number(&digits, number);
}

/* Takes suffix off the end of *s. */
static int chop(spbe_span_t *s, const char *suffix)
{
    spbe_span_t want = spbe_span_from(suffix);

    if (!spbe_span_ends(*s, want)) {
        return 0;
    }
    *s = spbe_span_slice(*s, 0, s->len - want.len);
    return 1;
}

static void unquote(spbe_span_t *s)
{
    *s = spbe_span_trim(*s);
    if (s->len > 1 && (s->ptr[0] == '"' || s->ptr[0] == '\'') &&
        s->ptr[s->len - 1] == s->ptr[0]) {
        *s = spbe_span_slice(*s, 1, s->len - 1);
    }
}

int spbe_trace_place(spbe_span_t s, spbe_span_t *file, long *line)
{
    static const char *const JOINTS[] = {":",         "(line ",  " on line ",
                                         " at line ", ", line ", " line ",
                                         "(",         " : "};
    spbe_span_t head;
    long column;
    size_t i;

    s = spbe_span_trim(s);
    if (s.len == 0) {
        return 0;
    }
    if (!chop(&s, ").")) {
        chop(&s, ")");
    }
    if (!last_number(&s, line)) {
        return 0;
    }
    head = s;
    /* file:line:column and (line,column) */
    if ((chop(&head, ":") || chop(&head, ",")) && last_number(&head, &column) &&
        (spbe_span_ends(head, SPBE_SPAN(":")) ||
         spbe_span_ends(head, SPBE_SPAN("(")))) {
        s = head;
        *line = column;
    }
    for (i = 0; i < sizeof(JOINTS) / sizeof(*JOINTS); i++) {
        if (chop(&s, JOINTS[i])) {
            unquote(&s);
            *file = s;
            return spbe_trace_is_path(s);
        }
    }
    return 0;
}

static const char *string_of(spbe_span_t s, size_t limit, apr_pool_t *pool)
{
    s = spbe_span_trim(s);
    return s.len == 0 ? NULL
                      : spbe_span_dup(spbe_span_slice(s, 0, limit), pool);
}

void spbe_trace_add(spbe_trace_t *out, spbe_span_t file, long line,
                    spbe_span_t function, apr_pool_t *pool)
{
    spbe_frame_t *frame;

    if (out->frames->nelts >= SPBE_TRACE_FRAMES ||
        (file.len == 0 && function.len == 0)) {
        return;
    }
    frame = apr_array_push(out->frames);
    frame->file = string_of(file, PATH_MAX_LEN, pool);
    frame->function = string_of(function, NAME_MAX_LEN, pool);
    frame->line = line;
    frame->vendor = spbe_trace_vendor(frame->file, frame->function);
}

void spbe_trace_name(spbe_trace_t *out, spbe_span_t exception,
                     spbe_span_t message, apr_pool_t *pool)
{
    out->exception = string_of(exception, NAME_MAX_LEN, pool);
    out->message = string_of(message, MESSAGE_MAX_LEN, pool);
}

void spbe_trace_mark(spbe_trace_t *out, spbe_span_t part)
{
    const char *end = part.ptr + part.len;

    if (part.len == 0) {
        return; /* lies nowhere */
    }
    if (out->text.len == 0) {
        out->text = part;
        return;
    }
    if (out->text.ptr + out->text.len > end) {
        end = out->text.ptr + out->text.len;
    }
    if (part.ptr < out->text.ptr) {
        out->text.ptr = part.ptr;
    }
    out->text.len = (size_t)(end - out->text.ptr);
}

void spbe_trace_reverse(spbe_trace_t *out)
{
    spbe_frame_t *f = (spbe_frame_t *)out->frames->elts;
    int i, n = out->frames->nelts;

    for (i = 0; i < n / 2; i++) {
        spbe_frame_t swap = f[i];

        f[i] = f[n - 1 - i];
        f[n - 1 - i] = swap;
    }
}
