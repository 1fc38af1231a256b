/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_file.c - which properties of a form are files, and what each
 * may be: format binary, contentMediaType, an encoding's contentType, and
 * x-spbe-file.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "input/upload_int.h"
#include "text/json.h"

#define SIZE_MAX_BYTES ((unsigned long long)1 << 40)

int spbe_policy_size(spbe_span_t text, apr_int64_t *bytes)
{
    static const char units[] = "KMG";
    unsigned long long value;
    int times = 0, i;

    for (i = 0; units[i] != '\0' && text.len > 0; i++) {
        if (apr_toupper(text.ptr[text.len - 1]) == units[i]) {
            times = i + 1;
        }
    }
    text.len -= times > 0;
    if (!spbe_json_unsigned(text, SIZE_MAX_BYTES, &value)) {
        return 0;
    }
    for (; times > 0 && value <= SIZE_MAX_BYTES; times--) {
        value *= 1024;
    }
    *bytes = (apr_int64_t)value;
    return value <= SIZE_MAX_BYTES;
}

static int is_token(spbe_span_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (!apr_isalnum(text.ptr[i]) &&
            (text.ptr[i] == '\0' || strchr(".+-_", text.ptr[i]) == NULL)) {
            return 0;
        }
    }
    return text.len > 0;
}

int spbe_policy_file_type(spbe_span_t text, spbe_span_t *type)
{
    int dotted = spbe_span_starts(text, SPBE_SPAN("."));
    spbe_span_t main;

    *type = text;
    if (spbe_span_chr(text, '/') == SPBE_NPOS) {
        *type = spbe_span_slice(text, dotted ? 1 : 0, text.len);
        if (!is_token(*type) || type->ptr[0] == '.') {
            return 0;
        }
        if (spbe_upload_type(*type) != NULL) {
            return !dotted;
        }
        return dotted ? 1 : -1;
    }
    main = spbe_span_cut(&text, '/');
    return is_token(main) &&
           (spbe_span_eq(text, SPBE_SPAN("*")) || is_token(text));
}

const char *spbe_policy_file_unknown(spbe_span_t text, apr_pool_t *pool)
{
    const char *word = spbe_span_dup(text, pool);
    const char *near = spbe_upload_nearest(text);

    return apr_psprintf(pool,
                        "\"%.60s\" is no kind of file that is known%s%s%s; "
                        "write \".%.60s\" to go by the name alone",
                        word, near == NULL ? "" : "; is \"",
                        near == NULL ? "" : near,
                        near == NULL ? "" : "\" meant?", word);
}

static int is_text(const spbe_node_t *node, const char *name, const char *value)
{
    const spbe_node_t *member = spbe_policy_member(node, name);

    return member != NULL && member->type == SPBE_NODE_STRING &&
           spbe_span_eq(member->text, spbe_span_from(value));
}

/* A media type that no form field has: neither text nor JSON. */
static int is_binary_type(spbe_span_t type)
{
    return !spbe_span_istarts(type, SPBE_SPAN("text/plain")) &&
           spbe_span_ifind(type, SPBE_SPAN("json")) == SPBE_NPOS;
}

static int binary_member(const spbe_node_t *node, const char *name)
{
    const spbe_node_t *member = spbe_policy_member(node, name);

    return member != NULL && member->type == SPBE_NODE_STRING &&
           is_binary_type(member->text);
}

/* The schema of one element. */
static int is_file(const spbe_node_t *node, const spbe_node_t *encoding)
{
    if (node->type != SPBE_NODE_OBJECT) {
        return 0;
    }
    if (SPBE_NODE_MEMBER(node, "x-spbe-file") != NULL ||
        is_text(node, "format", "binary")) {
        return 1;
    }
    if (is_text(node, "type", "object") ||
        SPBE_NODE_MEMBER(node, "contentEncoding") != NULL) {
        return 0;
    }
    return binary_member(node, "contentMediaType") ||
           (encoding != NULL && binary_member(encoding, "contentType"));
}

static void add_type(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     spbe_span_t text, apr_array_header_t *types)
{
    spbe_span_t type;
    int known;

    text = spbe_span_trim(spbe_span_cut(&text, ';'));
    if (spbe_span_ieq(text, SPBE_SPAN("application/octet-stream")) ||
        spbe_span_eq(text, SPBE_SPAN("*/*"))) {
        return;
    }
    known = spbe_policy_file_type(text, &type);
    if (known < 0) {
        spbe_problem_warn(reader->problems, node, "%s",
                          spbe_policy_file_unknown(text, reader->pool));
    }
    if (known == 0) {
        spbe_problem_error(reader->problems, node,
                           "\"%s\" is no type of file; allowed are "
                           "extensions (\"pdf\") and media types "
                           "(\"image/png\", \"image/*\")",
                           spbe_span_dup(text, reader->pool));
        return;
    }
    APR_ARRAY_PUSH(types, const char *) = spbe_span_dup(type, reader->pool);
}

/* "image/png, image/jpeg" */
static void add_types(spbe_policy_reader_t *reader, const spbe_node_t *node,
                      const char *name, apr_array_header_t *types)
{
    const spbe_node_t *member = spbe_policy_member(node, name);
    spbe_span_t rest;

    if (member == NULL || member->type != SPBE_NODE_STRING) {
        return;
    }
    rest = member->text;
    while (rest.len > 0) {
        add_type(reader, member, spbe_span_cut(&rest, ','), types);
    }
}

static void read_size(spbe_policy_reader_t *reader, const spbe_node_t *node,
                      spbe_file_rule_t *rule)
{
    if (node != NULL &&
        ((node->type != SPBE_NODE_STRING && node->type != SPBE_NODE_NUMBER) ||
         !spbe_policy_size(node->text, &rule->max_size) ||
         rule->max_size == 0)) {
        spbe_problem_error(reader->problems, node,
                           "maxSize is a number of bytes, or \"500K\", "
                           "\"2M\", \"1G\"");
    }
}

static void read_count(spbe_policy_reader_t *reader, const spbe_node_t *node,
                       spbe_file_rule_t *rule)
{
    unsigned long long count = 0;

    if (node == NULL) {
        return;
    }
    if (node->type != SPBE_NODE_NUMBER ||
        !spbe_json_unsigned(node->text, 1000, &count) || count == 0) {
        spbe_problem_error(reader->problems, node,
                           "maxCount is a number from 1 to 1000");
    }
    rule->max_count = (unsigned)count;
}

static void read_extension(spbe_policy_reader_t *reader,
                           const spbe_node_t *node, spbe_file_rule_t *rule,
                           apr_array_header_t *types)
{
    static const char *const allowed[] = {"maxSize", "types", "maxCount", NULL};
    const spbe_node_t *list, *item;

    if (node == NULL ||
        !spbe_policy_keys(reader, node, "x-spbe-file", allowed, NULL)) {
        return;
    }
    read_size(reader, SPBE_NODE_MEMBER(node, "maxSize"), rule);
    read_count(reader, SPBE_NODE_MEMBER(node, "maxCount"), rule);
    list = SPBE_NODE_MEMBER(node, "types");
    if (list != NULL && (list->type != SPBE_NODE_ARRAY || list->count == 0)) {
        spbe_problem_error(reader->problems, list,
                           "types is a list: [\"pdf\", \"image/png\"]");
        return;
    }
    for (item = list == NULL ? NULL : list->first; item != NULL;
         item = item->next) {
        add_type(reader, item,
                 item->type == SPBE_NODE_STRING ? item->text : SPBE_SPAN_EMPTY,
                 types);
    }
}

/* Of an array: its maxItems, else any number up to the limit "files". */
static void count_from_array(const spbe_node_t *array, spbe_file_rule_t *rule)
{
    const spbe_node_t *max = SPBE_NODE_MEMBER(array, "maxItems");
    unsigned long long count = 1000;

    if (max != NULL && max->type == SPBE_NODE_NUMBER) {
        spbe_json_unsigned(max->text, 1000, &count);
    }
    rule->max_count = (unsigned)count;
}

spbe_file_rule_t *spbe_policy_file(spbe_policy_reader_t *reader,
                                   const spbe_node_t *property,
                                   const spbe_node_t *encoding)
{
    const spbe_node_t *outer = spbe_policy_follow(reader->root, property);
    const spbe_node_t *inner = outer;
    spbe_file_rule_t *rule;
    apr_array_header_t *types;

    if (outer != NULL && is_text(outer, "type", "array")) {
        inner =
            spbe_policy_follow(reader->root, SPBE_NODE_MEMBER(outer, "items"));
    }
    if (inner == NULL || inner->type != SPBE_NODE_OBJECT ||
        (!is_file(inner, encoding) &&
         SPBE_NODE_MEMBER(outer, "x-spbe-file") == NULL)) {
        return NULL;
    }
    rule = apr_pcalloc(reader->pool, sizeof(*rule));
    types = apr_array_make(reader->pool, 2, sizeof(const char *));
    if (inner != outer) {
        count_from_array(outer, rule);
        read_extension(reader, SPBE_NODE_MEMBER(outer, "x-spbe-file"), rule,
                       types);
    }
    read_extension(reader, SPBE_NODE_MEMBER(inner, "x-spbe-file"), rule, types);
    if (types->nelts == 0) {
        add_types(reader, inner, "contentMediaType", types);
    }
    if (types->nelts == 0 && encoding != NULL) {
        add_types(reader, encoding, "contentType", types);
    }
    rule->types = types->nelts > 0 ? types : NULL;
    return rule;
}

static void idle(spbe_policy_reader_t *reader, const spbe_node_t *node)
{
    apr_array_header_t *types;
    spbe_file_rule_t rule = {0};

    if (node == NULL) {
        return;
    }
    types = apr_array_make(reader->pool, 2, sizeof(const char *));
    read_extension(reader, node, &rule, types);
    spbe_problem_warn(reader->problems, node,
                      "x-spbe-file has no effect here: files come in "
                      "multipart/form-data alone");
}

void spbe_policy_file_idle(spbe_policy_reader_t *reader,
                           const spbe_node_t *property)
{
    const spbe_node_t *outer = spbe_policy_follow(reader->root, property);

    if (outer == NULL || outer->type != SPBE_NODE_OBJECT) {
        return;
    }
    idle(reader, SPBE_NODE_MEMBER(outer, "x-spbe-file"));
    if (is_text(outer, "type", "array")) {
        outer =
            spbe_policy_follow(reader->root, SPBE_NODE_MEMBER(outer, "items"));
        if (outer != NULL && outer->type == SPBE_NODE_OBJECT) {
            idle(reader, SPBE_NODE_MEMBER(outer, "x-spbe-file"));
        }
    }
}
