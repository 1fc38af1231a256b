/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_json.c - traces given as JSON objects.
 *
 * {"exception":"X","message":"..","file":"F","line":12,"trace":[{"file":..,
 * "line":..,"class":..,"function":..}]} of Laravel, Symfony, CodeIgniter,
 * Whoops, Slim, Ignition and others: told by the members' names. Works on
 * text that is cut off, because tokens are taken as they come.
 */
#include "failure/trace_int.h"

#include <string.h>
#include <apr_strings.h>
#include "text/loose.h"
#include "text/plain.h"

#define DEPTH 32

typedef struct level {
    spbe_span_t exception, message, file, line, function, class;
    int placed; /* its frame has been added */
} level_t;

typedef struct walk {
    level_t at[DEPTH];
    int depth;
    spbe_trace_t *out;
    apr_pool_t *pool;
} walk_t;

enum {
    EXCEPTION, MESSAGE, FILE_NAME, LINE, FUNCTION, CLASS, STACK, NOTHING
};

static const struct {
    const char *key;
    int means;
} KEYS[] = {
    {"exception", EXCEPTION},
    {"exception_class", EXCEPTION},
    {"exceptionClass", EXCEPTION},
    {"ExceptionType", EXCEPTION},
    {"exceptionType", EXCEPTION},
    {"type", EXCEPTION},
    {"name", EXCEPTION},
    {"error_class", EXCEPTION},
    {"errorType", EXCEPTION},
    {"title", EXCEPTION},
    {"error", EXCEPTION},
    {"message", MESSAGE},
    {"ExceptionMessage", MESSAGE},
    {"detail", MESSAGE},
    {"exceptionMessage", MESSAGE},
    {"errorMessage", MESSAGE},
    {"hydra:description", MESSAGE},
    {"description", MESSAGE},
    {"debugMessage", MESSAGE},
    {"reason", MESSAGE},
    {"file", FILE_NAME},
    {"filename", FILE_NAME},
    {"fileName", FILE_NAME},
    {"line", LINE},
    {"line_number", LINE},
    {"lineno", LINE},
    {"lineNumber", LINE},
    {"function", FUNCTION},
    {"method", FUNCTION},
    {"methodName", FUNCTION},
    {"call", FUNCTION},
    {"stack", STACK},
    {"stackTrace", STACK},
    {"class", CLASS},
    {"className", CLASS},
    {"declaringClass", CLASS},
};

/* "F:12" in a list: Monolog's frames. */
static void listed_place(walk_t *walk, spbe_span_t value)
{
    spbe_span_t file;
    long line;

    if (value.len < 512 && spbe_trace_place(value, &file, &line) &&
        spbe_span_chr(file, ' ') == SPBE_NPOS &&
        spbe_span_chr(file, '/') != SPBE_NPOS) {
        spbe_trace_add(walk->out, file, line, SPBE_SPAN_EMPTY, walk->pool);
    }
}

static int meaning(spbe_span_t key)
{
    size_t i;

    for (i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++) {
        if (spbe_span_eq(key, spbe_span_from(KEYS[i].key))) {
            return KEYS[i].means;
        }
    }
    return NOTHING;
}

static int is_name(spbe_span_t s)
{
    return spbe_trace_is_class(s) &&
           (spbe_trace_has(s, "Exception") || spbe_trace_has(s, "Error") ||
            spbe_trace_has(s, "Throwable") ||
            spbe_span_chr(s, '\\') != SPBE_NPOS);
}

/* V8's stack without the line that names it: the message beside it does. */
static void stack(walk_t *walk, level_t *level, spbe_span_t value)
{
    spbe_trace_t found = *walk->out;

    if (walk->out->frames->nelts > 0 || walk->out->exception != NULL ||
        level->message.len == 0 ||
        !spbe_span_starts(spbe_trace_ltrim(value), SPBE_SPAN("at "))) {
        return;
    }
    found.frames = apr_array_make(walk->pool, 8, sizeof(spbe_frame_t));
    if (spbe_trace_node(value, &found, walk->pool) > 0) {
        walk->out->frames = found.frames;
        spbe_trace_name(walk->out, SPBE_SPAN("Error"), level->message,
                        walk->pool);
    }
}

/* An object of its own with file and line, or inside a list of frames. */
static void place(walk_t *walk, level_t *level)
{
    const char *call = NULL;
    spbe_span_t file;
    long line = 0;

    if (!level->placed && level->line.len == 0 &&
        spbe_trace_place(level->file, &file, &line)) {
        level->placed = 1;
        spbe_trace_add(walk->out, file, line, SPBE_SPAN_EMPTY, walk->pool);
        return;
    }
    if (level->placed || level->file.len == 0 ||
        !spbe_trace_number(&level->line, &line)) {
        return;
    }
    level->placed = 1;
    if (level->function.len > 0) {
        call = apr_pstrcat(walk->pool, spbe_span_dup(level->class, walk->pool),
                           level->class.len > 0 ? "->" : "",
                           spbe_span_dup(level->function, walk->pool), NULL);
    }
    spbe_trace_add(walk->out, level->file, line,
                   call == NULL ? SPBE_SPAN_EMPTY : spbe_span_from(call),
                   walk->pool);
}

static void name(walk_t *walk, level_t *level, int anyway)
{
    spbe_span_t name = level->exception;

    if (name.len == 0 && level->function.len == 0 && is_name(level->class)) {
        name = level->class;
    }
    if (walk->out->exception == NULL && name.len > 0 &&
        (level->message.len > 0 || anyway)) {
        spbe_trace_name(walk->out, name, level->message, walk->pool);
    }
}

static level_t empty_level(void)
{
    const spbe_span_t none = SPBE_SPAN_EMPTY;

    return (level_t){none, none, none, none, none, none, 0};
}

static void open_level(walk_t *walk)
{
    level_t *level = &walk->at[walk->depth];

    /* Where it was thrown is said before the list of frames begins. */
    place(walk, level);
    name(walk, level, 0);
    if (walk->depth + 1 < DEPTH) {
        walk->depth++;
    }
    walk->at[walk->depth] = empty_level();
}

static void close_level(walk_t *walk)
{
    place(walk, &walk->at[walk->depth]);
    name(walk, &walk->at[walk->depth], 0);
    if (walk->out->exception == NULL && walk->out->message == NULL &&
        walk->out->frames->nelts > 0) {
        spbe_trace_name(walk->out, SPBE_SPAN_EMPTY,
                        walk->at[walk->depth].message, walk->pool);
    }
    if (walk->depth > 0) {
        walk->depth--;
    }
}

static void take(walk_t *walk, int means, spbe_span_t value)
{
    level_t *level = &walk->at[walk->depth];
    spbe_span_t *const slot[] = {&level->exception, &level->message,
                                 &level->file,      &level->line,
                                 &level->function,  &level->class};

    value = spbe_plain_json(value, walk->pool);
    if (means == STACK) {
        stack(walk, level, value);
        return;
    }
    if (means == NOTHING || slot[means]->len > 0 ||
        (means == EXCEPTION && !is_name(value))) {
        return;
    }
    *slot[means] = value;
}

static const char *language_of(const spbe_trace_t *out)
{
    static const char *const BY_END[][2] = {
        {".php", "php"}, {".py", "python"}, {".js", "node"},   {".ts", "node"},
        {".rb", "ruby"}, {".java", "java"}, {".cs", "dotnet"}, {".pm", "perl"},
        {".pl", "perl"}, {".go", "go"},     {".rs", "rust"},   {".kt", "java"},
    };
    const spbe_frame_t *f = (const spbe_frame_t *)out->frames->elts;
    size_t i;

    for (i = 0; out->frames->nelts > 0 && f->file != NULL &&
                i < sizeof(BY_END) / sizeof(*BY_END);
         i++) {
        if (strstr(f->file, BY_END[i][0]) != NULL) {
            return BY_END[i][1];
        }
    }
    return NULL;
}

int spbe_trace_json(spbe_span_t json, spbe_trace_t *out, apr_pool_t *pool)
{
    walk_t *walk = apr_pcalloc(pool, sizeof(*walk));
    spbe_loose_t loose = {json};
    spbe_loose_kind_t kind;
    spbe_span_t text;
    int means = NOTHING;

    walk->at[0] = empty_level();
    walk->out = out;
    walk->pool = pool;
    while ((kind = spbe_loose_next(&loose, &text)) != SPBE_LOOSE_END) {
        if (kind == SPBE_LOOSE_KEY) {
            means = meaning(text);
            continue;
        }
        if (kind == SPBE_LOOSE_OPEN) {
            open_level(walk);
        }
        else if (kind == SPBE_LOOSE_CLOSE) {
            close_level(walk);
        }
        else if (kind == SPBE_LOOSE_STRING && means == NOTHING) {
            listed_place(walk, spbe_plain_json(text, pool));
        }
        else {
            take(walk, means, text);
        }
        means = NOTHING;
    }
    while (walk->depth > 0) {
        close_level(walk);
    }
    name(walk, &walk->at[0], 1);
    out->language = language_of(out);
    return out->frames->nelts * SPBE_TRACE_STRONG +
           (out->exception != NULL ? SPBE_TRACE_STRONG / 2 : 0);
}
