/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/style.c - values in one piece. See style.h; the table is that of
 * "Style Examples" in OpenAPI 3.1.1, which keeps to RFC 6570.
 */
#include "input/style.h"

#include "text/decimal.h"
#include "text/percent.h"

static const char *const style_names[] = {
    "form",           "simple",        "label",     "matrix",
    "spaceDelimited", "pipeDelimited", "deepObject"};

const char *spbe_style_name(spbe_style_t style)
{
    return style_names[style];
}

int spbe_style_find(spbe_span_t name, spbe_style_t *style)
{
    size_t i;

    for (i = 0; i < sizeof(style_names) / sizeof(style_names[0]); i++) {
        if (spbe_span_eq(name, spbe_span_from(style_names[i]))) {
            *style = (spbe_style_t)i;
            return 1;
        }
    }
    return 0;
}

spbe_node_t *spbe_style_scalar(spbe_span_t text, unsigned types,
                               apr_pool_t *pool)
{
    spbe_node_t *node;

    if (types & SPBE_TYPE_STRING) {
        return spbe_node_make(SPBE_NODE_STRING, text, pool);
    }
    if ((types & (SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER)) &&
        spbe_decimal_valid(text)) {
        return spbe_node_make(SPBE_NODE_NUMBER, text, pool);
    }
    if ((types & SPBE_TYPE_BOOLEAN) &&
        (spbe_span_eq(text, SPBE_SPAN("true")) ||
         spbe_span_eq(text, SPBE_SPAN("false")))) {
        node = spbe_node_make(SPBE_NODE_BOOLEAN, text, pool);
        node->truth = text.len == 4;
        return node;
    }
    if ((types & SPBE_TYPE_NULL) &&
        (text.len == 0 || spbe_span_eq(text, SPBE_SPAN("null")))) {
        return spbe_node_make(SPBE_NODE_NULL, SPBE_SPAN_EMPTY, pool);
    }
    return spbe_node_make(SPBE_NODE_STRING, text, pool);
}

/* How one parameter's text is taken apart. */
typedef struct cutter {
    const spbe_param_t *param;
    spbe_coding_t coding;
    apr_pool_t *pool;
} cutter_t;

static spbe_span_t decode(const cutter_t *cutter, spbe_span_t raw)
{
    spbe_span_t text = raw;

    if (cutter->coding != SPBE_CODING_NONE) {
        spbe_percent_decode(raw, cutter->coding == SPBE_CODING_PLUS, &text,
                            cutter->pool);
    }
    return cutter->param->in == SPBE_IN_HEADER ? spbe_span_trim(text) : text;
}

static unsigned types_of(const spbe_schema_t *schema)
{
    return schema == NULL ? SPBE_TYPE_ANY : spbe_schema_types(schema);
}

static spbe_node_t *scalar(const cutter_t *cutter, spbe_span_t raw,
                           const spbe_schema_t *schema)
{
    return spbe_style_scalar(decode(cutter, raw), types_of(schema),
                             cutter->pool);
}

/* What stands between items: one character, or its encoded form; a query's
 * blank may be written as '+'. */
typedef struct delimiter {
    char c;
    spbe_span_t encoded; /* empty: only c itself */
} delimiter_t;

static delimiter_t delimiter(const cutter_t *cutter)
{
    switch (cutter->param->style) {
    case SPBE_STYLE_SPACE:
        return (delimiter_t){cutter->coding == SPBE_CODING_NONE ? ' ' : '+',
                             SPBE_SPAN("%20")};
    case SPBE_STYLE_PIPE:
        return (delimiter_t){'|', SPBE_SPAN("%7C")};
    case SPBE_STYLE_LABEL:
        return (delimiter_t){cutter->param->explode ? '.' : ',',
                             SPBE_SPAN_EMPTY};
    default:
        return (delimiter_t){',', SPBE_SPAN_EMPTY};
    }
}

/* Bytes of the delimiter that stands at i, or 0. */
static size_t delimiter_at(spbe_span_t text, size_t i, const delimiter_t *by)
{
    if (text.ptr[i] == by->c) {
        return 1;
    }
    if (by->encoded.len == 0 || text.ptr[i] != '%') {
        return 0;
    }
    return spbe_span_istarts(spbe_span_slice(text, i, text.len), by->encoded)
               ? by->encoded.len
               : 0;
}

/* Takes an item off the front; *more: a delimiter stood behind it. One pass:
 * a search for each kind of delimiter would be quadratic. */
static spbe_span_t next_item(spbe_span_t *rest, const delimiter_t *by,
                             int *more)
{
    spbe_span_t all = *rest;
    size_t i, width = 0;

    for (i = 0; i < all.len && width == 0; i += width == 0) {
        width = delimiter_at(all, i, by);
    }
    *more = width > 0;
    *rest = spbe_span_slice(all, i + width, all.len);
    return spbe_span_slice(all, 0, i);
}

static spbe_node_t *array_of(const cutter_t *cutter, spbe_span_t raw)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, cutter->pool);
    const spbe_schema_t *items = cutter->param->schema == NULL
                                     ? NULL
                                     : spbe_schema_items(cutter->param->schema);
    delimiter_t by = delimiter(cutter);
    int more = raw.len > 0;

    while (more) {
        spbe_node_add(node, SPBE_SPAN_EMPTY,
                      scalar(cutter, next_item(&raw, &by, &more), items));
    }
    return node;
}

/* 0: the name stands there twice, or there are too many. */
static int add_member(const cutter_t *cutter, spbe_node_t *node,
                      spbe_span_t raw_name, spbe_span_t raw)
{
    spbe_span_t name = decode(cutter, raw_name);
    const spbe_schema_t *schema =
        cutter->param->schema == NULL
            ? NULL
            : spbe_schema_property(cutter->param->schema, name);

    if (node->count >= SPBE_STYLE_MEMBERS ||
        spbe_node_member(node, name) != NULL) {
        return 0;
    }
    spbe_node_add(node, name, scalar(cutter, raw, schema));
    return 1;
}

/* "R=100,G=200" when exploded, else "R,100,G,200". A name twice has two
 * meanings. */
static spbe_node_t *object_of(const cutter_t *cutter, spbe_span_t raw,
                              int pairs)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, cutter->pool);
    delimiter_t by = delimiter(cutter);
    int more = raw.len > 0;

    while (more) {
        spbe_span_t name = next_item(&raw, &by, &more), value;

        if (pairs) {
            value = name;
            if (spbe_span_chr(value, '=') == SPBE_NPOS) {
                return NULL;
            }
            name = spbe_span_cut(&value, '=');
        }
        else if (!more) {
            return NULL;
        }
        else {
            value = next_item(&raw, &by, &more);
        }
        if (!add_member(cutter, node, name, value)) {
            return NULL;
        }
    }
    return node;
}

static int wants(const cutter_t *cutter, unsigned type)
{
    unsigned types = cutter->param->types;

    /* A schema that says nothing means the text as it is. */
    return (types & type) != 0 && (types & SPBE_TYPE_STRING) == 0;
}

static spbe_node_t *plain_value(const cutter_t *cutter, spbe_span_t raw)
{
    if (wants(cutter, SPBE_TYPE_ARRAY)) {
        return array_of(cutter, raw);
    }
    if (wants(cutter, SPBE_TYPE_OBJECT)) {
        return object_of(cutter, raw,
                         cutter->param->explode &&
                             (cutter->param->style == SPBE_STYLE_SIMPLE ||
                              cutter->param->style == SPBE_STYLE_LABEL));
    }
    return scalar(cutter, raw, cutter->param->schema);
}

/* ";color=blue,black" or, exploded, ";color=blue;color=black", ";R=100;G=200".
 * Without a value there is no '='. */
static spbe_node_t *matrix_array(const cutter_t *cutter, spbe_span_t raw,
                                 spbe_span_t name)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, cutter->pool);
    const spbe_schema_t *items = cutter->param->schema == NULL
                                     ? NULL
                                     : spbe_schema_items(cutter->param->schema);

    while (raw.len > 0) {
        spbe_span_t pair = spbe_span_cut(&raw, ';');

        if (!spbe_span_eq(decode(cutter, spbe_span_cut(&pair, '=')), name)) {
            return NULL;
        }
        spbe_node_add(node, SPBE_SPAN_EMPTY, scalar(cutter, pair, items));
    }
    return node;
}

static spbe_node_t *matrix_object(const cutter_t *cutter, spbe_span_t raw)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, cutter->pool);

    while (raw.len > 0) {
        spbe_span_t pair = spbe_span_cut(&raw, ';');
        spbe_span_t name = spbe_span_cut(&pair, '=');

        if (name.len == 0 || !add_member(cutter, node, name, pair)) {
            return NULL;
        }
    }
    return node;
}

static spbe_node_t *matrix_value(const cutter_t *cutter, spbe_span_t raw)
{
    spbe_span_t name = spbe_span_from(cutter->param->name);

    if (raw.len == 0 || raw.ptr[0] != ';') {
        return NULL;
    }
    spbe_span_cut(&raw, ';');
    if (cutter->param->explode && wants(cutter, SPBE_TYPE_ARRAY)) {
        return matrix_array(cutter, raw, name);
    }
    if (cutter->param->explode && wants(cutter, SPBE_TYPE_OBJECT)) {
        return matrix_object(cutter, raw);
    }
    if (spbe_span_chr(raw, ';') != SPBE_NPOS ||
        !spbe_span_eq(decode(cutter, spbe_span_cut(&raw, '=')), name)) {
        return NULL;
    }
    return plain_value(cutter, raw);
}

static spbe_node_t *label_value(const cutter_t *cutter, spbe_span_t raw)
{
    if (raw.len == 0 || raw.ptr[0] != '.') {
        return NULL;
    }
    return plain_value(cutter, spbe_span_slice(raw, 1, raw.len));
}

spbe_node_t *spbe_style_value(const spbe_param_t *param, spbe_span_t raw,
                              spbe_coding_t coding, apr_pool_t *pool)
{
    cutter_t cutter = {param, coding, pool};

    if (param->is_json) {
        spbe_json_report_t report;
        spbe_node_t *node =
            spbe_json_tree(decode(&cutter, raw), NULL, &report, pool);

        return report.fault == SPBE_JSON_FINE ? node : NULL;
    }
    switch (param->style) {
    case SPBE_STYLE_MATRIX:
        return matrix_value(&cutter, raw);
    case SPBE_STYLE_LABEL:
        return label_value(&cutter, raw);
    default:
        return plain_value(&cutter, raw);
    }
}
