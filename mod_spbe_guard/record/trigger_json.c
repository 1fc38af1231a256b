/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/trigger_json.c - the leaves of a JSON body as fields. See
 * trigger_out.h.
 */
#include "record/trigger_out.h"

#include <apr_strings.h>
#include "text/json.h"

#define NAME_MAX_BYTES 128

typedef struct level {
    size_t length; /* of the name that leads here */
    int index;     /* of the array's next element; -1 in an object */
} level_t;

typedef struct walk {
    spbe_trigger_out_t *out;
    spbe_json_t json;
    char name[NAME_MAX_BYTES * 2];
    size_t length;
    level_t levels[SPBE_JSON_DEPTH + 1];
    unsigned depth;
} walk_t;

/* A name too long for the buffer is cut: it would be cut when written. */
static void append(walk_t *w, spbe_span_t more)
{
    size_t i;

    for (i = 0; i < more.len && w->length < sizeof(w->name); i++) {
        w->name[w->length++] = more.ptr[i];
    }
}

static void name_member(walk_t *w, spbe_span_t name)
{
    w->length = w->levels[w->depth].length;
    if (w->length > 0) {
        append(w, SPBE_SPAN("."));
    }
    append(w, spbe_json_unescape(name, w->out->pool));
}

static void name_element(walk_t *w)
{
    level_t *level = &w->levels[w->depth];
    char text[24];

    if (level->index < 0) {
        return;
    }
    w->length = level->length;
    apr_snprintf(text, sizeof(text), "[%d]", level->index++);
    append(w, spbe_span_from(text));
}

static void open_level(walk_t *w, int is_array)
{
    w->depth++;
    w->levels[w->depth] = (level_t){w->length, is_array ? 0 : -1};
}

static void add_leaf(walk_t *w, const spbe_json_token_t *token)
{
    static const char *const types[] = {
        [SPBE_JSON_STRING] = "string", [SPBE_JSON_NUMBER] = "number",
        [SPBE_JSON_TRUE] = "boolean",  [SPBE_JSON_FALSE] = "boolean",
        [SPBE_JSON_NULL] = "null",
    };
    spbe_span_t value = token->text;

    if (token->type == SPBE_JSON_STRING) {
        value = spbe_json_unescape(value, w->out->pool);
    }
    spbe_trigger_add_typed(w->out, "json", (spbe_span_t){w->name, w->length},
                           types[token->type], value);
}

static void take(walk_t *w, const spbe_json_token_t *token)
{
    switch (token->type) {
    case SPBE_JSON_NAME:
        name_member(w, token->text);
        break;
    case SPBE_JSON_OBJECT:
    case SPBE_JSON_ARRAY:
        name_element(w);
        open_level(w, token->type == SPBE_JSON_ARRAY);
        break;
    case SPBE_JSON_OBJECT_END:
    case SPBE_JSON_ARRAY_END:
        w->depth--;
        break;
    default:
        name_element(w);
        add_leaf(w, token);
        break;
    }
}

void spbe_trigger_add_json(spbe_trigger_out_t *out, spbe_span_t body)
{
    walk_t w = {.out = out};
    spbe_json_token_t token;
    spbe_rc_t rc;

    w.levels[0] = (level_t){0, -1};
    spbe_json_init(&w.json, body);
    while ((rc = spbe_json_next(&w.json, &token)) == SPBE_OK) {
        take(&w, &token);
    }
    out->complete = out->complete && rc == SPBE_END;
}
