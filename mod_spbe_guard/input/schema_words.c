/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_words.c - keywords that state something of a value: type,
 * enum, pattern, format, content.
 */
#include "input/schema_build.h"

#include <string.h>

#include <apr_strings.h>

#include "text/media.h"

static const struct {
    const char *name;
    unsigned bit;
} types[] = {
    {"null", SPBE_TYPE_NULL},       {"boolean", SPBE_TYPE_BOOLEAN},
    {"number", SPBE_TYPE_NUMBER},   {"string", SPBE_TYPE_STRING},
    {"array", SPBE_TYPE_ARRAY},     {"object", SPBE_TYPE_OBJECT},
    {"integer", SPBE_TYPE_INTEGER},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

static unsigned type_named(const spbe_node_t *node)
{
    size_t i;

    for (i = 0; i < TYPES && node->type == SPBE_NODE_STRING; i++) {
        if (spbe_span_eq(node->text, spbe_span_from(types[i].name))) {
            return types[i].bit;
        }
    }
    return 0;
}

SPBE_FILL(type)
{
    const spbe_node_t *one =
        value->type == SPBE_NODE_ARRAY ? value->first : value;
    unsigned found = 0, bit;

    do {
        bit = one == NULL ? 0 : type_named(one);
        if (bit == 0 || (found & bit)) {
            spbe_schema_compile_error(
                build, value,
                "type is one of string, number, integer, boolean, array, "
                "object, null, or an array of some of them");
            return;
        }
        found = spbe_schema_types_or(found, bit);
        one = one->next;
    } while (value->type == SPBE_NODE_ARRAY && one != NULL);
    build->schema->types = found;
    build->schema->typed = 1;
}

const char *spbe_schema_type_names(unsigned mask, apr_pool_t *pool)
{
    const char *names = "";
    size_t i;

    for (i = 0; i < TYPES; i++) {
        if (mask & types[i].bit) {
            names = apr_pstrcat(pool, names, *names ? ", " : "", types[i].name,
                                NULL);
        }
    }
    return names;
}

unsigned spbe_schema_type_of(const spbe_node_t *node)
{
    return 1u << node->type; /* in the same order */
}

SPBE_FILL(enumeration)
{
    if (value->type != SPBE_NODE_ARRAY ||
        (value->count == 0 && build->schemas->options.strict)) {
        spbe_schema_compile_error(build, value,
                                  "enum is an array of the values allowed");
        return;
    }
    spbe_schema_compile_choice(build)->choices = value;
}

SPBE_FILL(fixed)
{
    spbe_schema_compile_choice(build)->fixed = value;
}

static int is_type(spbe_build_t *build, const spbe_node_t *value,
                   spbe_node_type_t type, const char *what)
{
    if (value->type == type) {
        return 1;
    }
    spbe_schema_compile_error(build, value, "%.*s is %s", (int)value->name.len,
                              value->name.ptr, what);
    return 0;
}

SPBE_FILL(unique)
{
    if (is_type(build, value, SPBE_NODE_BOOLEAN, "true or false")) {
        spbe_schema_compile_array(build)->unique = value->truth;
    }
}

SPBE_FILL(pattern)
{
    spbe_string_rules_t *string = spbe_schema_compile_string(build);
    const char *error = NULL;

    if (!is_type(build, value, SPBE_NODE_STRING, "a regular expression")) {
        return;
    }
    string->pattern_node = value;
    string->pattern =
        spbe_regex_compile(value->text, &error, build->schemas->pool);
    if (string->pattern == NULL) {
        spbe_schema_compile_error(build, value,
                                  "this pattern cannot be used: "
                                  "%s",
                                  error);
    }
}

/* OpenAPI's formats, of which some bind numbers; 0: not one of them. */
static int openapi_format(spbe_build_t *build, const spbe_node_t *value)
{
    static const struct {
        const char *name;
        spbe_number_kind_t kind;
        spbe_encoding_t encoding;
    } rows[] = {
        {"int32", SPBE_NUMBER_INT32, 0},
        {"int64", SPBE_NUMBER_INT64, 0},
        {"float", SPBE_NUMBER_DOUBLE, 0},
        {"double", SPBE_NUMBER_DOUBLE, 0},
        {"byte", 0, SPBE_ENCODING_BASE64},
        {"binary", 0, 0},
        {"password", 0, 0},
    };
    int asserted = build->schemas->options.assert_format;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!spbe_span_eq(value->text, spbe_span_from(rows[i].name))) {
            continue;
        }
        if (rows[i].kind != 0 && asserted) {
            spbe_schema_compile_number(build)->kind = rows[i].kind;
        }
        if (rows[i].encoding != 0 && asserted) {
            spbe_string_rules_t *string = spbe_schema_compile_string(build);

            string->encoding = rows[i].encoding;
            string->encoding_name = "base64";
            string->assert_content = 1;
        }
        return 1;
    }
    return 0;
}

SPBE_FILL(format)
{
    const spbe_format_t *format;
    spbe_string_rules_t *string;
    int openapi;

    if (!is_type(build, value, SPBE_NODE_STRING, "the name of a format")) {
        return;
    }
    openapi = openapi_format(build, value);
    format = spbe_format_find(value->text);
    if (format == NULL) {
        if (!openapi && build->schemas->options.strict) {
            const char *near = spbe_format_nearest(value->text);

            spbe_schema_compile_error(
                build, value,
                "there is no format %.*s%s%s%s spbe-guardctl policy formats "
                "lists them",
                (int)(value->text.len > 60 ? 60 : value->text.len),
                value->text.ptr, near == NULL ? "" : "; did you mean ",
                near == NULL ? "" : near, near == NULL ? ";" : "?");
        }
        return;
    }
    string = spbe_schema_compile_string(build);
    string->format = format;
    string->assert_format = build->schemas->options.assert_format ||
                            (build->vocab & SPBE_VOCAB_ASSERT_FORMAT);
    if (format->identifier && string->assert_format) {
        spbe_schema_compile_number(build)->identifier = 1;
        build->schema->about_id = 1;
    }
}

SPBE_FILL(encoding)
{
    static const struct {
        const char *name;
        spbe_encoding_t encoding;
    } rows[] = {
        {"base64", SPBE_ENCODING_BASE64},
        {"base64url", SPBE_ENCODING_BASE64URL},
        {"base32", SPBE_ENCODING_BASE32},
        {"base16", SPBE_ENCODING_BASE16},
        {"quoted-printable", SPBE_ENCODING_QUOTED},
        {"7bit", SPBE_ENCODING_NONE},
        {"8bit", SPBE_ENCODING_NONE},
        {"binary", SPBE_ENCODING_NONE},
    };
    spbe_string_rules_t *string = spbe_schema_compile_string(build);
    size_t i;

    if (!is_type(build, value, SPBE_NODE_STRING, "the name of an encoding")) {
        return;
    }
    string->content = value;
    string->assert_content = build->schemas->options.assert_content;
    string->encoding_name = spbe_span_dup(value->text, build->schemas->pool);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (spbe_span_ieq(value->text, spbe_span_from(rows[i].name))) {
            string->encoding = rows[i].encoding;
            return;
        }
    }
    if (build->schemas->options.strict) {
        spbe_schema_compile_error(build, value,
                                  "contentEncoding is one of base64, "
                                  "base64url, base32, base16, "
                                  "quoted-printable, 7bit, 8bit, binary");
    }
}

SPBE_FILL(media)
{
    spbe_string_rules_t *string = spbe_schema_compile_string(build);

    if (!is_type(build, value, SPBE_NODE_STRING, "a media type")) {
        return;
    }
    string->content = value;
    string->assert_content = build->schemas->options.assert_content;
    string->media = spbe_span_dup(value->text, build->schemas->pool);
    string->json = spbe_media_kind(string->media) == SPBE_MEDIA_JSON;
}

SPBE_FILL(inside)
{
    const spbe_schema_t *inside =
        spbe_schema_compile_get(build, value, build->resource, 0);

    spbe_schema_compile_string(build)->inside = inside;
}

SPBE_FILL(id)
{
    if (is_type(build, value, SPBE_NODE_STRING, "a URI") &&
        spbe_span_chr(value->text, '#') != SPBE_NPOS &&
        spbe_span_chr(value->text, '#') + 1 < value->text.len) {
        spbe_schema_compile_error(build, value,
                                  "$id has no fragment; write $anchor");
    }
}

SPBE_FILL(anchor)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz_";
    static const char rest[] = "-.0123456789";
    size_t i;

    if (!is_type(build, value, SPBE_NODE_STRING, "a name")) {
        return;
    }
    for (i = 0; i < value->text.len; i++) {
        char c = value->text.ptr[i];

        if (c == '\0' ||
            (strchr(first, c) == NULL && (i == 0 || strchr(rest, c) == NULL))) {
            break;
        }
    }
    if (i < value->text.len || i == 0) {
        spbe_schema_compile_error(build, value,
                                  "%.*s is a letter or _, then letters, "
                                  "digits and - _ .",
                                  (int)value->name.len, value->name.ptr);
    }
}

SPBE_FILL(string_only)
{
    is_type(build, value, SPBE_NODE_STRING, "a string");
}

SPBE_FILL(boolean_only)
{
    is_type(build, value, SPBE_NODE_BOOLEAN, "true or false");
}

SPBE_FILL(object_only)
{
    is_type(build, value, SPBE_NODE_OBJECT, "an object");
}

SPBE_FILL(array_only)
{
    is_type(build, value, SPBE_NODE_ARRAY, "an array");
}
