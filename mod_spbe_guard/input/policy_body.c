/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_body.c - request bodies: by media type a schema and, for forms,
 * how each property is sent.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#define SCHEMA_DEPTH 8 /* allOf within allOf */

static const char *lower(spbe_span_t text, apr_pool_t *pool)
{
    char *copy = spbe_span_dup(text, pool), *p;

    for (p = copy; *p != '\0'; p++) {
        *p = (char)apr_tolower(*p);
    }
    return copy;
}

/* An object goes as JSON unless its encoding names a style. */
static void read_encoding(spbe_policy_reader_t *reader,
                          const spbe_node_t *encoding, spbe_param_t *field)
{
    static const char *const allowed[] = {
        "contentType", "headers", "style", "explode", "allowReserved", NULL};
    int styled = 0;

    field->style = SPBE_STYLE_FORM;
    field->explode = 1;
    if (encoding != NULL &&
        spbe_policy_keys(reader, encoding, "an encoding", allowed, NULL)) {
        const char *type = spbe_policy_text(reader, encoding, "contentType");

        styled = SPBE_NODE_MEMBER(encoding, "style") != NULL ||
                 SPBE_NODE_MEMBER(encoding, "explode") != NULL ||
                 SPBE_NODE_MEMBER(encoding, "allowReserved") != NULL;
        spbe_policy_style(reader, encoding, field);
        field->is_json =
            !styled && type != NULL && strstr(type, "json") != NULL;
        if (SPBE_NODE_MEMBER(encoding, "headers") != NULL) {
            spbe_problem_warn(reader->problems,
                              SPBE_NODE_MEMBER(encoding, "headers"),
                              "headers of a part are not looked at");
        }
    }
    if (!styled && field->schema != NULL) {
        unsigned types = spbe_schema_types(field->schema);

        field->is_json |=
            (types & SPBE_TYPE_OBJECT) != 0 && (types & SPBE_TYPE_STRING) == 0;
    }
}

static int is_required(const spbe_flat_t *flat, const char *name)
{
    int i;

    for (i = 0; flat->required != NULL && i < flat->required->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(flat->required, i, const char *), name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The JSON of a property, through $ref and allOf. */
static const spbe_node_t *property_node(const spbe_node_t *root,
                                        const spbe_node_t *schema,
                                        const char *name, int depth)
{
    const spbe_node_t *node, *part;

    schema = spbe_policy_follow(root, schema);
    if (schema == NULL || schema->type != SPBE_NODE_OBJECT || depth == 0) {
        return NULL;
    }
    node = spbe_policy_member(SPBE_NODE_MEMBER(schema, "properties"), name);
    part = SPBE_NODE_MEMBER(schema, "allOf");
    for (part = part == NULL ? NULL : part->first; node == NULL && part != NULL;
         part = part->next) {
        node = property_node(root, part, name, depth - 1);
    }
    return node;
}

static void add_field(spbe_policy_reader_t *reader, const spbe_node_t *media,
                      const spbe_body_t *body, const spbe_flat_t *flat,
                      const char *name, apr_array_header_t *fields)
{
    const spbe_node_t *encoding =
        spbe_policy_member(SPBE_NODE_MEMBER(media, "encoding"), name);
    const spbe_node_t *node = property_node(
        reader->root, SPBE_NODE_MEMBER(media, "schema"), name, SCHEMA_DEPTH);
    spbe_param_t *field = apr_array_push(fields);

    *field = (spbe_param_t){.name = name, .in = SPBE_IN_FORM};
    field->schema = spbe_schema_property(body->schema, spbe_span_from(name));
    field->required = is_required(flat, name) ? 1 : 0;
    read_encoding(reader, encoding, field);
    if (spbe_policy_covers(body->media_type, "multipart/form-data")) {
        field->file = spbe_policy_file(reader, node, encoding);
    }
    else {
        spbe_policy_file_idle(reader, node);
    }
    if (field->file != NULL) {
        field->in = SPBE_IN_FILE;
        field->is_json = 0;
    }
    spbe_policy_describe(field, reader->pool);
    if (field->file != NULL) {
        field->many = field->file->max_count > 1;
        if (field->file->max_count == 0 && field->many == 0) {
            field->many = (field->types & SPBE_TYPE_STRING) == 0 &&
                          (field->types & SPBE_TYPE_ARRAY) != 0;
        }
    }
    else {
        spbe_policy_lint(reader, field->schema);
    }
}

static void check_encoding(spbe_policy_reader_t *reader,
                           const spbe_node_t *encoding, const spbe_body_t *body)
{
    const spbe_node_t *one;

    if (encoding == NULL) {
        return;
    }
    if (encoding->type != SPBE_NODE_OBJECT || body->fields == NULL) {
        spbe_problem_error(reader->problems, encoding,
                           "\"encoding\" is an object, and only for forms");
        return;
    }
    for (one = encoding->first; one != NULL; one = one->next) {
        if (spbe_schema_property(body->schema, one->name) == NULL) {
            spbe_problem_error(reader->problems, one,
                               "encoding for \"%s\", which is no property",
                               spbe_span_dup(one->name, reader->pool));
        }
    }
}

static void read_fields(spbe_policy_reader_t *reader, const spbe_node_t *media,
                        spbe_body_t *body)
{
    apr_array_header_t *fields, *names;
    spbe_flat_t flat;
    int i;

    names = spbe_schema_property_names(body->schema, reader->pool);
    fields =
        apr_array_make(reader->pool, names->nelts + 1, sizeof(spbe_param_t));
    spbe_schema_flatten(body->schema, &flat, reader->pool);
    for (i = 0; i < names->nelts; i++) {
        add_field(reader, media, body, &flat,
                  APR_ARRAY_IDX(names, i, const char *), fields);
    }
    body->fields = fields;
    spbe_schema_lint_required(body->schema, reader->lint);
}

/* Of a body without fields: JSON, or one that is not looked into. */
static void check_members(spbe_policy_reader_t *reader,
                          const spbe_node_t *schema, const spbe_body_t *body)
{
    apr_array_header_t *names =
        spbe_schema_property_names(body->schema, reader->pool);
    int i;

    for (i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        spbe_policy_file_idle(
            reader, property_node(reader->root, schema, name, SCHEMA_DEPTH));
    }
}

/* additionalProperties is written down and is not false? */
static unsigned is_open(const spbe_node_t *root, const spbe_node_t *schema,
                        int depth)
{
    static const char *const names[] = {
        "additionalProperties", "unevaluatedProperties", "patternProperties"};
    const spbe_node_t *part;
    size_t i;

    schema = spbe_policy_follow(root, schema);
    if (schema == NULL || schema->type != SPBE_NODE_OBJECT || depth == 0) {
        return 0;
    }
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const spbe_node_t *node = spbe_policy_member(schema, names[i]);

        if (node != NULL && (node->type != SPBE_NODE_BOOLEAN || node->truth)) {
            return 1;
        }
    }
    part = SPBE_NODE_MEMBER(schema, "allOf");
    for (part = part == NULL ? NULL : part->first; part != NULL;
         part = part->next) {
        if (is_open(root, part, depth - 1)) {
            return 1;
        }
    }
    return 0;
}

static int is_media_type(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash != NULL && slash != text && slash[1] != '\0' &&
           strchr(slash + 1, '/') == NULL && strpbrk(text, " \t,") == NULL &&
           (text[0] != '*' || strcmp(text, "*/*") == 0);
}

static void read_media(spbe_policy_reader_t *reader, const spbe_node_t *media,
                       apr_array_header_t *bodies)
{
    static const char *const allowed[] = {"schema", "example", "examples",
                                          "encoding", NULL};
    spbe_span_t key = media->name;
    const spbe_node_t *schema;
    spbe_body_t body = {0};

    body.media_type =
        lower(spbe_span_trim(spbe_span_cut(&key, ';')), reader->pool);
    if (!is_media_type(body.media_type)) {
        spbe_problem_error(reader->problems, media,
                           "\"%s\" is no media type: \"application/json\", "
                           "\"image/*\", \"*/*\"",
                           body.media_type);
        return;
    }
    if (!spbe_policy_keys(reader, media, "a media type", allowed, NULL)) {
        return;
    }
    schema = SPBE_NODE_MEMBER(media, "schema");
    body.schema = spbe_policy_schema(reader, schema);
    body.open = is_open(reader->root, schema, SCHEMA_DEPTH);
    body.compare =
        spbe_policy_compare(reader, spbe_policy_follow(reader->root, schema));
    if (body.schema != NULL && spbe_policy_is_form(body.media_type)) {
        read_fields(reader, media, &body);
    }
    else if (body.schema != NULL && spbe_policy_is_examined(body.media_type)) {
        spbe_policy_lint(reader, body.schema);
        check_members(reader, schema, &body);
    }
    spbe_policy_media_rules(reader, schema, body.media_type);
    if (body.schema != NULL) {
        body.closed = spbe_policy_closed(reader, body.schema, schema);
    }
    check_encoding(reader, SPBE_NODE_MEMBER(media, "encoding"), &body);
    APR_ARRAY_PUSH(bodies, spbe_body_t) = body;
    if (body.compare != NULL) {
        apr_array_header_t one = *bodies;

        one.elts += (size_t)(bodies->nelts - 1) * sizeof(body);
        one.nelts = 1;
        spbe_policy_compare_names(reader,
                                  spbe_policy_follow(reader->root, schema),
                                  body.compare, NULL, &one);
    }
}

apr_array_header_t *spbe_policy_bodies(spbe_policy_reader_t *reader,
                                       const spbe_node_t *node,
                                       unsigned *required)
{
    static const char *const allowed[] = {"description", "content", "required",
                                          NULL};
    apr_array_header_t *bodies =
        apr_array_make(reader->pool, 2, sizeof(spbe_body_t));
    const spbe_node_t *content, *media;

    node = spbe_policy_resolve(reader, node);
    if (node == NULL ||
        !spbe_policy_keys(reader, node, "a request body", allowed, NULL)) {
        return NULL;
    }
    *required = (unsigned)spbe_policy_flag(reader, node, "required", 0);
    content = SPBE_NODE_MEMBER(node, "content");
    if (content == NULL || content->type != SPBE_NODE_OBJECT ||
        content->count == 0) {
        spbe_problem_error(reader->problems, content == NULL ? node : content,
                           "a request body needs \"content\": media types "
                           "with their schemas");
        return NULL;
    }
    for (media = content->first; media != NULL; media = media->next) {
        read_media(reader, media, bodies);
    }
    return bodies;
}
