/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_unknown.c - fields that no policy knows. Never asked of headers
 * and cookies: browsers and sister sites send theirs.
 */
#include "input/check_int.h"

#include "text/buf.h"

/* Looked at in one body: a list of many objects is judged by its schema. */
#define MEMBERS_MAX 5000

static int is_place(const spbe_param_t *param, spbe_place_t place)
{
    if (param->anywhere) {
        return place == SPBE_IN_QUERY || place == SPBE_IN_FORM ||
               place == SPBE_IN_JSON;
    }
    return param->in == place;
}

static int has_part(const spbe_param_t *param, spbe_span_t name)
{
    int i;

    for (i = 0; param->parts != NULL && i < param->parts->nelts; i++) {
        if (spbe_span_eq(name, spbe_span_from(APR_ARRAY_IDX(param->parts, i,
                                                            const char *)))) {
            return 1;
        }
    }
    return 0;
}

static int is_deep(const spbe_param_t *param, spbe_span_t name)
{
    spbe_span_t prefix;

    if (param->style != SPBE_STYLE_DEEP) {
        return 0;
    }
    prefix = spbe_span_from(param->name);
    return name.len > prefix.len && name.ptr[prefix.len] == '[' &&
           spbe_span_starts(name, prefix);
}

/* Most names differ in their first letter already. */
static int is_name(const char *want, spbe_span_t name)
{
    return want[0] == (name.len > 0 ? name.ptr[0] : '\0') &&
           spbe_span_eq(name, spbe_span_from(want));
}

int spbe_check_knows(const apr_array_header_t *params, spbe_place_t place,
                     spbe_span_t name)
{
    int i;

    for (i = 0; params != NULL && i < params->nelts; i++) {
        const spbe_param_t *param = &APR_ARRAY_IDX(params, i, spbe_param_t);

        if (is_place(param, place) &&
            (is_name(param->name, name) || has_part(param, name) ||
             is_deep(param, name))) {
            return 1;
        }
    }
    return 0;
}

/* Said already? A field sent a hundred times is one finding. */
static int is_said(const spbe_check_t *check, const spbe_finding_t *finding)
{
    const apr_array_header_t *list = check->verdict->findings;
    int i;

    for (i = 0; i < list->nelts; i++) {
        const spbe_finding_t *old = &APR_ARRAY_IDX(list, i, spbe_finding_t);

        if (old->reason == finding->reason && old->place == finding->place &&
            spbe_span_eq(old->field, finding->field) && old->pointer == NULL &&
            finding->pointer == NULL) {
            return 1;
        }
    }
    return 0;
}

void spbe_check_unknown(const spbe_check_t *check, spbe_place_t place,
                        spbe_span_t field, const char *pointer,
                        spbe_span_t value)
{
    spbe_finding_t finding = {.reason = SPBE_REASON_UNKNOWN,
                              .place = place,
                              .field = field,
                              .pointer = pointer,
                              .value = value};

    finding.action = spbe_check_action(check, finding.reason, field);
    if (!is_said(check, &finding)) {
        spbe_verdict_add(check->verdict, &finding);
    }
}

static int known_to_lines(const spbe_check_t *check, spbe_place_t place,
                          spbe_span_t name)
{
    const spbe_operation_t *open = spbe_check_open(check->settings);

    return open != NULL && spbe_check_knows(open->params, place, name);
}

/* Does anybody speak of fields here? Without, all would be unknown. */
static int is_judged(const spbe_check_t *check)
{
    return check->match->operation != NULL ||
           spbe_check_open(check->settings) != NULL;
}

void spbe_check_unknown_query(const spbe_check_t *check)
{
    const spbe_operation_t *operation = check->match->operation;
    const apr_array_header_t *query = check->reading->query;
    int i;

    for (i = 0; is_judged(check) && i < query->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(query, i, spbe_field_t);

        if ((operation != NULL &&
             spbe_check_knows(operation->params, SPBE_IN_QUERY, field->name)) ||
            known_to_lines(check, SPBE_IN_QUERY, field->name) ||
            spbe_settings_ignored(check->settings, field->name)) {
            continue;
        }
        spbe_check_unknown(check, SPBE_IN_QUERY, field->name, NULL,
                           field->value);
    }
}

/* Names that the schema allows beyond its properties have been judged by it. */
static int known_to_body(const spbe_body_t *body, spbe_place_t place,
                         spbe_span_t name)
{
    if (body == NULL) {
        return 0;
    }
    return body->schema == NULL || body->open ||
           spbe_check_knows(body->fields, SPBE_IN_FORM, name) ||
           spbe_check_knows(body->fields, SPBE_IN_FILE, name) ||
           spbe_schema_forbids(body->schema, name);
}

void spbe_check_unknown_form(const spbe_check_t *check, const spbe_body_t *body)
{
    const apr_array_header_t *form = check->reading->form;
    int i;

    for (i = 0; is_judged(check) && form != NULL && i < form->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(form, i, spbe_field_t);

        if (known_to_body(body, field->place, field->name) ||
            known_to_lines(check, field->place, field->name) ||
            spbe_settings_ignored(check->settings, field->name)) {
            continue;
        }
        spbe_check_unknown(check, field->place, field->name, NULL,
                           field->place == SPBE_IN_FILE ? SPBE_SPAN_EMPTY
                                                        : field->value);
    }
}

/* Does the schema list its properties and leave it at that? Then another name
 * is one that nobody thought of. */
static int is_closed(apr_hash_t *closed, const spbe_schema_t *schema)
{
    return closed != NULL &&
           apr_hash_get(closed, &schema, sizeof(schema)) != NULL;
}

typedef struct walk {
    const spbe_check_t *check;
    apr_hash_t *closed;
    int left;
} walk_t;

/* Where a value stands; a list of the way there, made into text when needed. */
typedef struct way {
    const struct way *up;
    spbe_span_t name;
    size_t index;
} way_t;

static void write_way(const way_t *way, spbe_buf_t *buf)
{
    size_t i;

    if (way->up == NULL) {
        return;
    }
    write_way(way->up, buf);
    spbe_buf_addc(buf, '/');
    if (way->name.ptr == NULL) {
        spbe_buf_printf(buf, "%lu", (unsigned long)way->index);
        return;
    }
    for (i = 0; i < way->name.len; i++) {
        char c = way->name.ptr[i];

        if (c == '~' || c == '/') {
            spbe_buf_adds(buf, c == '~' ? "~0" : "~1");
        }
        else {
            spbe_buf_addc(buf, c);
        }
    }
}

static void walk_node(walk_t *walk, const spbe_schema_t *schema,
                      const spbe_node_t *node, const way_t *way);

static void find_member(const walk_t *walk, const spbe_node_t *member,
                        const way_t *way)
{
    spbe_buf_t buf;

    if (known_to_lines(walk->check, SPBE_IN_JSON, member->name) ||
        spbe_settings_ignored(walk->check->settings, member->name)) {
        return;
    }
    spbe_buf_init(&buf, 64, walk->check->pool);
    write_way(way, &buf);
    spbe_check_unknown(
        walk->check, SPBE_IN_JSON, member->name, spbe_buf_cstr(&buf),
        member->type == SPBE_NODE_STRING || member->type == SPBE_NODE_NUMBER
            ? member->text
            : SPBE_SPAN_EMPTY);
}

static void walk_object(walk_t *walk, const spbe_schema_t *schema,
                        const spbe_node_t *node, const way_t *way)
{
    const spbe_node_t *member;
    int closed = is_closed(walk->closed, schema);

    for (member = node->first; member != NULL && walk->left-- > 0;
         member = member->next) {
        const spbe_schema_t *inner = spbe_schema_property(schema, member->name);
        way_t step = {way, member->name, 0};

        if (inner != NULL) {
            walk_node(walk, inner, member, &step);
        }
        else if (closed) {
            find_member(walk, member, &step);
        }
    }
}

static void walk_node(walk_t *walk, const spbe_schema_t *schema,
                      const spbe_node_t *node, const way_t *way)
{
    const spbe_node_t *child;
    way_t step = {way, {NULL, 0}, 0};

    if (node->type == SPBE_NODE_OBJECT) {
        walk_object(walk, schema, node, way);
        return;
    }
    schema = node->type == SPBE_NODE_ARRAY ? spbe_schema_items(schema) : NULL;
    if (schema == NULL) {
        return;
    }
    for (child = node->first; child != NULL && walk->left-- > 0;
         child = child->next, step.index++) {
        walk_node(walk, schema, child, &step);
    }
}

void spbe_check_unknown_json(const spbe_check_t *check, const spbe_body_t *body)
{
    walk_t walk = {check, body->closed, MEMBERS_MAX};
    way_t root = {NULL, {NULL, 0}, 0};

    if (body->closed == NULL || apr_hash_count(body->closed) == 0) {
        return;
    }
    walk_node(&walk, body->schema, check->reading->json, &root);
}
