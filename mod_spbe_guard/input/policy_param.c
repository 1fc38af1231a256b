/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_param.c - parameters in path, query, header and cookie.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_strings.h>

#include "input/style.h"

typedef struct place {
    const char *name;
    spbe_place_t in;
    spbe_style_t style; /* without "style" */
    unsigned styles;    /* bit 1u << style: allowed */
    const char *list;
} place_t;

#define S(name) (1u << SPBE_STYLE_##name)

static const place_t places[] = {
    {"path", SPBE_IN_PATH, SPBE_STYLE_SIMPLE, S(SIMPLE) | S(LABEL) | S(MATRIX),
     "simple, label, matrix"},
    {"query", SPBE_IN_QUERY, SPBE_STYLE_FORM,
     S(FORM) | S(SPACE) | S(PIPE) | S(DEEP),
     "form, spaceDelimited, pipeDelimited, deepObject"},
    {"header", SPBE_IN_HEADER, SPBE_STYLE_SIMPLE, S(SIMPLE), "simple"},
    {"cookie", SPBE_IN_COOKIE, SPBE_STYLE_FORM, S(FORM), "form"},
    {"form", SPBE_IN_FORM, SPBE_STYLE_FORM,
     S(FORM) | S(SPACE) | S(PIPE) | S(DEEP),
     "form, spaceDelimited, pipeDelimited, deepObject"},
};

static const place_t *place_of(spbe_place_t in)
{
    size_t i;

    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (places[i].in == in) {
            return &places[i];
        }
    }
    return NULL;
}

void spbe_policy_style(spbe_policy_reader_t *reader, const spbe_node_t *node,
                       spbe_param_t *param)
{
    const place_t *place = place_of(param->in);
    const char *text = spbe_policy_text(reader, node, "style");

    param->style = place->style;
    if (text != NULL &&
        (!spbe_style_find(spbe_span_from(text), &param->style) ||
         (place->styles & (1u << param->style)) == 0)) {
        spbe_problem_error(reader->problems, SPBE_NODE_MEMBER(node, "style"),
                           "style \"%s\": allowed in %s are %s", text,
                           place->name, place->list);
        param->style = place->style;
    }
    param->explode = (unsigned)spbe_policy_flag(
        reader, node, "explode", param->style == SPBE_STYLE_FORM);
    param->allow_reserved =
        (unsigned)spbe_policy_flag(reader, node, "allowReserved", 0);
}

/* One that an identifier's format makes personal when nothing is said. */
static const spbe_about_t *about_of(const spbe_flat_t *flat, apr_pool_t *pool)
{
    spbe_about_t *about;

    if (flat->about->sensitivity != SPBE_SENS_UNSET || flat->format == NULL ||
        !flat->format->identifier) {
        return flat->about;
    }
    about = apr_pmemdup(pool, flat->about, sizeof(*about));
    about->sensitivity = SPBE_SENS_PERSONAL;
    return about;
}

/* An empty value is one of the choices? */
static unsigned empty_is_choice(const spbe_flat_t *flat)
{
    const spbe_node_t *choice;

    for (choice = flat->choices == NULL ? NULL : flat->choices->first;
         choice != NULL; choice = choice->next) {
        if (choice->type == SPBE_NODE_STRING && choice->text.len == 0) {
            return 1;
        }
    }
    return flat->fixed != NULL && flat->fixed->type == SPBE_NODE_STRING &&
           flat->fixed->text.len == 0;
}

void spbe_policy_describe(spbe_param_t *param, apr_pool_t *pool)
{
    static const spbe_about_t nothing;
    spbe_flat_t flat;
    int separate = param->explode || param->in == SPBE_IN_FILE;

    param->about = &nothing;
    param->types = SPBE_TYPE_ANY;
    if (param->schema == NULL) {
        return;
    }
    spbe_schema_flatten(param->schema, &flat, pool);
    param->about = about_of(&flat, pool);
    param->types = spbe_schema_types(param->schema);
    param->allow_empty |= empty_is_choice(&flat);
    if (param->is_json || param->in == SPBE_IN_PATH ||
        param->in == SPBE_IN_HEADER) {
        return;
    }
    param->many = separate && (param->types & SPBE_TYPE_ARRAY) != 0 &&
                  flat.types != SPBE_TYPE_ANY;
    if (param->style == SPBE_STYLE_FORM && param->explode &&
        (param->types & SPBE_TYPE_OBJECT) != 0 &&
        (param->types & SPBE_TYPE_STRING) == 0) {
        param->parts = spbe_schema_property_names(param->schema, pool);
    }
}

static int is_json_type(spbe_span_t type)
{
    type = spbe_span_trim(spbe_span_cut(&type, ';'));
    return spbe_span_ieq(type, SPBE_SPAN("application/json")) ||
           spbe_span_ends(type, SPBE_SPAN("+json"));
}

/* content: one media type instead of schema and style. */
static const spbe_node_t *read_content(spbe_policy_reader_t *reader,
                                       const spbe_node_t *content,
                                       spbe_param_t *param)
{
    static const char *const allowed[] = {"schema", "example", "examples",
                                          "encoding", NULL};

    if (content->type != SPBE_NODE_OBJECT || content->count != 1) {
        spbe_problem_error(reader->problems, content,
                           "a parameter's \"content\" has one media type");
        return NULL;
    }
    if (!spbe_policy_keys(reader, content->first, "a media type", allowed,
                          NULL)) {
        return NULL;
    }
    param->is_json = is_json_type(content->first->name) ? 1 : 0;
    if (!param->is_json) {
        spbe_problem_warn(reader->problems, content->first,
                          "only JSON is looked into; this is taken as text");
    }
    return SPBE_NODE_MEMBER(content->first, "schema");
}

static const spbe_node_t *schema_of(spbe_policy_reader_t *reader,
                                    const spbe_node_t *node,
                                    spbe_param_t *param)
{
    const spbe_node_t *schema = SPBE_NODE_MEMBER(node, "schema");
    const spbe_node_t *content = SPBE_NODE_MEMBER(node, "content");

    if ((schema != NULL) == (content != NULL)) {
        spbe_problem_error(reader->problems, node,
                           "a parameter needs either \"schema\" or "
                           "\"content\"");
        return NULL;
    }
    if (content == NULL) {
        spbe_policy_style(reader, node, param);
        return schema;
    }
    if (SPBE_NODE_MEMBER(node, "style") != NULL ||
        SPBE_NODE_MEMBER(node, "explode") != NULL) {
        spbe_problem_error(reader->problems, node,
                           "\"style\" and \"explode\" go with \"schema\", "
                           "not with \"content\"");
    }
    return read_content(reader, content, param);
}

static const place_t *read_place(spbe_policy_reader_t *reader,
                                 const spbe_node_t *node)
{
    const char *in = spbe_policy_text(reader, node, "in");
    size_t i;

    for (i = 0; in != NULL && places[i].in != SPBE_IN_FORM; i++) {
        if (strcmp(in, places[i].name) == 0) {
            return &places[i];
        }
    }
    spbe_problem_error(reader->problems, node,
                       "a parameter needs \"in\": path, query, header or "
                       "cookie; fields of a form belong into requestBody");
    return NULL;
}

/* What the standard leaves to others. */
static int is_reserved_header(const spbe_param_t *param)
{
    return param->in == SPBE_IN_HEADER &&
           (strcasecmp(param->name, "Accept") == 0 ||
            strcasecmp(param->name, "Content-Type") == 0 ||
            strcasecmp(param->name, "Authorization") == 0);
}

/* 1: *param is set. */
static int read_param(spbe_policy_reader_t *reader, const spbe_node_t *node,
                      spbe_param_t *param)
{
    static const char *const allowed[] = {
        "name",     "in",         "description",
        "required", "deprecated", "allowEmptyValue",
        "style",    "explode",    "allowReserved",
        "schema",   "example",    "examples",
        "content",  NULL};
    const spbe_node_t *schema;
    const place_t *place;

    *param = (spbe_param_t){0};
    if (!spbe_policy_keys(reader, node, "a parameter", allowed, NULL)) {
        return 0;
    }
    param->name = spbe_policy_text(reader, node, "name");
    place = read_place(reader, node);
    if (param->name == NULL || param->name[0] == '\0' || place == NULL) {
        if (place != NULL) {
            spbe_problem_error(reader->problems, node,
                               "a parameter needs \"name\"");
        }
        return 0;
    }
    param->in = place->in;
    param->style = place->style;
    param->required = (unsigned)spbe_policy_flag(reader, node, "required", 0);
    param->allow_empty =
        (unsigned)spbe_policy_flag(reader, node, "allowEmptyValue", 0);
    if (param->in == SPBE_IN_PATH && !param->required) {
        spbe_problem_error(reader->problems, node,
                           "a parameter in path needs \"required\": true");
    }
    schema = schema_of(reader, node, param);
    if (is_reserved_header(param)) {
        spbe_problem_warn(reader->problems, node,
                          "OpenAPI ignores a parameter for the header %s",
                          param->name);
        return 0;
    }
    param->schema = spbe_policy_schema(reader, schema);
    spbe_policy_describe(param, reader->pool);
    spbe_policy_lint(reader, param->schema);
    return 1;
}

static int same(const spbe_param_t *a, const spbe_param_t *b)
{
    return a->in == b->in &&
           (a->in == SPBE_IN_HEADER ? strcasecmp(a->name, b->name)
                                    : strcmp(a->name, b->name)) == 0;
}

static spbe_param_t *find(const apr_array_header_t *params, int from, int to,
                          const spbe_param_t *wanted)
{
    for (; from < to; from++) {
        spbe_param_t *param = &APR_ARRAY_IDX(params, from, spbe_param_t);

        if (same(param, wanted)) {
            return param;
        }
    }
    return NULL;
}

void spbe_policy_params(spbe_policy_reader_t *reader, const spbe_node_t *list,
                        apr_array_header_t *params)
{
    int outer = params->nelts;
    apr_array_header_t *seen =
        apr_array_make(reader->pool, 4, sizeof(spbe_param_t));
    const spbe_node_t *item;

    if (list != NULL && list->type != SPBE_NODE_ARRAY) {
        spbe_problem_error(reader->problems, list, "\"parameters\" is a list");
        return;
    }
    for (item = list == NULL ? NULL : list->first; item != NULL;
         item = item->next) {
        const spbe_node_t *node = spbe_policy_resolve(reader, item);
        spbe_param_t param, *old;

        if (node == NULL || !read_param(reader, node, &param)) {
            continue;
        }
        if (find(seen, 0, seen->nelts, &param) != NULL) {
            spbe_problem_error(reader->problems, item,
                               "the parameter %s stands in this list twice",
                               param.name);
            continue;
        }
        APR_ARRAY_PUSH(seen, spbe_param_t) = param;
        old = find(params, 0, outer, &param);
        *(old != NULL ? old : (spbe_param_t *)apr_array_push(params)) = param;
    }
}
