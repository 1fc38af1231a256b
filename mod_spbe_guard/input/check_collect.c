/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_collect.c - what came for one parameter, wherever it is looked
 * for, as a node that a schema can judge.
 *
 * An empty field of a form or a query is one that was not filled in: browsers
 * send it all the same.
 */
#include "input/check_int.h"

#include "text/buf.h"
#include "text/percent.h"

#define SCALARS                                                                \
    (SPBE_TYPE_NULL | SPBE_TYPE_BOOLEAN | SPBE_TYPE_NUMBER | SPBE_TYPE_INTEGER)

/* The fields of one parameter, in the order sent. */
typedef struct gather {
    const spbe_check_t *check;
    const spbe_param_t *param;
    spbe_check_value_t *value;
    apr_array_header_t *fields; /* const spbe_field_t * */
} gather_t;

spbe_coding_t spbe_check_coding(const spbe_check_t *check)
{
    return check->reading->kind == SPBE_BODY_MULTIPART ? SPBE_CODING_NONE
                                                       : SPBE_CODING_PLUS;
}

static spbe_coding_t coding_of(const gather_t *gather, spbe_place_t place)
{
    if (place == SPBE_IN_COOKIE) {
        return SPBE_CODING_PERCENT;
    }
    return place == SPBE_IN_QUERY ? SPBE_CODING_PLUS
                                  : spbe_check_coding(gather->check);
}

static unsigned types_of(const spbe_schema_t *schema)
{
    return schema == NULL ? SPBE_TYPE_ANY : spbe_schema_types(schema);
}

/* Text where the schema allows texts and numbers alike: what is valid. */
static spbe_node_t *scalar(const gather_t *gather, spbe_span_t text,
                           const spbe_schema_t *schema)
{
    const spbe_check_t *check = gather->check;
    unsigned types = types_of(schema);
    spbe_node_t *node = spbe_style_scalar(text, types, check->pool), *other;

    if (schema == NULL || !(types & SPBE_TYPE_STRING) || !(types & SCALARS) ||
        spbe_schema_validate(schema, node, check->tools->regex, NULL,
                             check->pool) == 1) {
        return node;
    }
    other = spbe_style_scalar(text, types & SCALARS, check->pool);
    return other->type == SPBE_NODE_STRING ||
                   spbe_schema_validate(schema, other, check->tools->regex,
                                        NULL, check->pool) != 1
               ? node
               : other;
}

static spbe_node_t *json(const gather_t *gather, spbe_span_t text)
{
    spbe_json_limits_t limits = {
        (unsigned)spbe_limit_depth(gather->check->settings),
        (unsigned)spbe_limit_nodes(gather->check->settings)};
    spbe_json_report_t report;
    spbe_node_t *node =
        spbe_json_tree(text, &limits, &report, gather->check->pool);

    return report.fault == SPBE_JSON_FINE ? node : NULL;
}

static int is_object_only(unsigned types)
{
    return (types & SPBE_TYPE_OBJECT) != 0 && (types & SPBE_TYPE_STRING) == 0;
}

/* Several fields of one name, where a list is expected. */
static spbe_node_t *list_of(gather_t *gather, const spbe_schema_t *items)
{
    spbe_node_t *list =
        spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, gather->check->pool);
    int i;

    for (i = 0; i < gather->fields->nelts; i++) {
        const spbe_field_t *field =
            APR_ARRAY_IDX(gather->fields, i, const spbe_field_t *);
        spbe_node_t *item = is_object_only(types_of(items))
                                ? json(gather, field->value)
                                : scalar(gather, field->value, items);

        if (item == NULL) {
            gather->value->bad = 1;
            return NULL;
        }
        spbe_node_add(list, SPBE_SPAN_EMPTY, item);
    }
    return list;
}

static spbe_node_t *one(const gather_t *gather, const spbe_field_t *field)
{
    const spbe_param_t *param = gather->param;

    if (param->is_json) {
        return json(gather, field->value);
    }
    if (param->types & (SPBE_TYPE_ARRAY | SPBE_TYPE_OBJECT) &&
        !(param->types & SPBE_TYPE_STRING)) {
        return spbe_style_value(param, field->raw,
                                coding_of(gather, field->place),
                                gather->check->pool);
    }
    return scalar(gather, field->value, param->schema);
}

static void take_fields(gather_t *gather)
{
    spbe_check_value_t *value = gather->value;
    const spbe_param_t *param = gather->param;
    int i, n = gather->fields->nelts;

    if (n == 0) {
        return;
    }
    value->sent = 1;
    value->text = APR_ARRAY_IDX(gather->fields, 0, const spbe_field_t *)->value;
    value->place =
        APR_ARRAY_IDX(gather->fields, 0, const spbe_field_t *)->place;
    if (param->many && !param->is_json &&
        (n > 1 || !(param->types & SPBE_TYPE_STRING))) {
        value->node = list_of(gather, param->schema == NULL
                                          ? NULL
                                          : spbe_schema_items(param->schema));
        return;
    }
    for (i = 0; i < n; i++) {
        spbe_node_t *node =
            one(gather, APR_ARRAY_IDX(gather->fields, i, const spbe_field_t *));

        value->bad |= node == NULL;
        if (i == 0) {
            value->node = node;
            continue;
        }
        if (value->more == NULL) {
            value->more =
                apr_array_make(gather->check->pool, 2, sizeof(spbe_node_t *));
        }
        if (node != NULL) {
            APR_ARRAY_PUSH(value->more, spbe_node_t *) = node;
        }
    }
}

/* A file whose part is declared JSON: a Blob has a file name. */
static int is_usable(const gather_t *gather, const spbe_field_t *field)
{
    if (field->place == SPBE_IN_FILE) {
        return gather->param->is_json;
    }
    return field->value.len > 0 || gather->param->allow_empty;
}

static void add_named(gather_t *gather, const apr_array_header_t *fields,
                      spbe_span_t name)
{
    int i;

    for (i = 0; fields != NULL && i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);

        if (spbe_span_eq(field->name, name) && is_usable(gather, field)) {
            APR_ARRAY_PUSH(gather->fields, const spbe_field_t *) = field;
        }
    }
}

static void add_deep(gather_t *gather, const apr_array_header_t *fields,
                     spbe_node_t *object)
{
    int i;

    for (i = 0; fields != NULL && i < fields->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(fields, i, spbe_field_t);
        int rc;

        if (field->place == SPBE_IN_FILE || field->value.len == 0) {
            continue;
        }
        rc = spbe_style_deep(gather->param, object, field->name, field->value,
                             gather->check->pool);
        if (rc != 0) {
            gather->value->sent = 1;
            gather->value->bad |= rc < 0;
            gather->value->place = field->place;
        }
    }
}

/* "R=100&G=200": the object's members are fields of their own. */
static void add_parts(gather_t *gather, const apr_array_header_t *fields,
                      spbe_node_t *object)
{
    const spbe_schema_t *schema = gather->param->schema;
    int i, k;

    for (i = 0; i < gather->param->parts->nelts; i++) {
        spbe_span_t name = spbe_span_from(
            APR_ARRAY_IDX(gather->param->parts, i, const char *));

        gather->fields->nelts = 0;
        add_named(gather, fields, name);
        for (k = 0; k < gather->fields->nelts; k++) {
            const spbe_field_t *field =
                APR_ARRAY_IDX(gather->fields, k, const spbe_field_t *);

            gather->value->sent = 1;
            gather->value->place = field->place;
            gather->value->bad |= k > 0;
            spbe_node_add(object, name,
                          scalar(gather, field->value,
                                 spbe_schema_property(schema, name)));
        }
    }
}

static void from_fields(gather_t *gather, const apr_array_header_t *first,
                        const apr_array_header_t *second)
{
    const spbe_param_t *param = gather->param;
    spbe_node_t *object;

    if (param->style != SPBE_STYLE_DEEP &&
        (param->parts == NULL || param->is_json)) {
        add_named(gather, first, spbe_span_from(param->name));
        add_named(gather, second, spbe_span_from(param->name));
        take_fields(gather);
        return;
    }
    object =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, gather->check->pool);
    if (param->style == SPBE_STYLE_DEEP) {
        add_deep(gather, first, object);
        add_deep(gather, second, object);
    }
    else {
        add_parts(gather, first, object);
        add_parts(gather, second, object);
    }
    gather->value->node = gather->value->sent ? object : NULL;
}

static void from_path(gather_t *gather)
{
    const apr_array_header_t *values = gather->check->match->values;
    int i;

    for (i = 0; values != NULL && i < values->nelts; i++) {
        const spbe_path_value_t *one_value =
            &APR_ARRAY_IDX(values, i, spbe_path_value_t);

        if (spbe_span_eq(one_value->name,
                         spbe_span_from(gather->param->name))) {
            spbe_field_t field = {.place = SPBE_IN_PATH, .raw = one_value->raw};

            spbe_percent_decode(field.raw, 0, &field.value,
                                gather->check->pool);
            gather->value->sent = 1;
            gather->value->text = field.value;
            gather->value->node =
                spbe_style_value(gather->param, field.raw, SPBE_CODING_PERCENT,
                                 gather->check->pool);
            gather->value->bad = gather->value->node == NULL;
            return;
        }
    }
}

/* A field that came in several lines is one list (RFC 9110, 5.2). */
static void from_headers(gather_t *gather)
{
    const spbe_view_t *view = gather->check->reading->view;
    spbe_span_t name = spbe_span_from(gather->param->name);
    spbe_buf_t buf;
    int i, n = 0;

    spbe_buf_init(&buf, 64, gather->check->pool);
    for (i = 0; view->headers != NULL && i < view->headers->nelts; i++) {
        const spbe_header_t *header =
            &APR_ARRAY_IDX(view->headers, i, spbe_header_t);

        if (spbe_span_ieq(header->name, name)) {
            spbe_buf_adds(&buf, n++ > 0 ? ", " : "");
            spbe_buf_add(&buf, spbe_span_trim(header->value));
        }
    }
    if (n == 0) {
        return;
    }
    gather->value->sent = 1;
    gather->value->text = spbe_buf_span(&buf);
    gather->value->node =
        spbe_style_value(gather->param, gather->value->text, SPBE_CODING_NONE,
                         gather->check->pool);
    gather->value->bad = gather->value->node == NULL;
}

void spbe_check_collect(const spbe_check_t *check, const spbe_param_t *param,
                        spbe_check_value_t *value)
{
    gather_t gather = {check, param, value, NULL};
    const spbe_reading_t *reading = check->reading;

    *value = (spbe_check_value_t){.place = param->in, .text = SPBE_SPAN_EMPTY};
    gather.fields = apr_array_make(check->pool, 2, sizeof(spbe_field_t *));
    switch (param->in) {
    case SPBE_IN_PATH:
        from_path(&gather);
        break;
    case SPBE_IN_HEADER:
        from_headers(&gather);
        break;
    case SPBE_IN_QUERY:
        from_fields(&gather, reading->query, NULL);
        break;
    case SPBE_IN_COOKIE:
        from_fields(&gather, reading->cookies, NULL);
        break;
    default:
        from_fields(&gather, reading->form,
                    param->anywhere ? reading->query : NULL);
    }
}
