/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_form.c - urlencoded and multipart bodies: the fields become an
 * object that the body's schema judges, files are looked into.
 */
#include "input/check_int.h"

#include <apr_strings.h>

#include "input/upload.h"

static void find_bad(const spbe_check_t *check, const spbe_param_t *field)
{
    spbe_check_find(
        check, SPBE_REASON_SCHEMA, SPBE_IN_FORM, spbe_span_from(field->name),
        field->is_json ? "contentMediaType" : "style",
        field->is_json ? "application/json" : spbe_style_name(field->style),
        field->about);
}

/* A browser sends an empty part for a file input that was left alone. */
static int is_unused(const spbe_field_t *field)
{
    return field->filename.len == 0 && field->value.len == 0;
}

apr_array_header_t *spbe_check_find_files(const spbe_check_t *check,
                                          const char *name)
{
    apr_array_header_t *files =
        apr_array_make(check->pool, 2, sizeof(const spbe_field_t *));
    const apr_array_header_t *form = check->reading->form;
    int i;

    for (i = 0; form != NULL && i < form->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(form, i, spbe_field_t);

        if (field->place == SPBE_IN_FILE && !is_unused(field) &&
            spbe_span_eq(field->name, spbe_span_from(name))) {
            APR_ARRAY_PUSH(files, const spbe_field_t *) = field;
        }
    }
    return files;
}

void spbe_check_files(const spbe_check_t *check, const spbe_param_t *param,
                      const apr_array_header_t *files)
{
    unsigned most = param->file == NULL || param->file->max_count == 0
                        ? 1
                        : param->file->max_count;
    int i;

    if ((unsigned)files->nelts > most) {
        spbe_check_find(check, SPBE_REASON_FILE_COUNT, SPBE_IN_FILE,
                        spbe_span_from(param->name), "maxCount",
                        apr_psprintf(check->pool, "%u", most), param->about);
    }
    for (i = 0; i < files->nelts; i++) {
        spbe_upload_check(APR_ARRAY_IDX(files, i, const spbe_field_t *),
                          param->file, param->about, check->settings,
                          check->tools->magic, check->verdict, check->pool);
    }
}

/* A text where a file is expected, or the other way. */
static void find_wrong_kind(const spbe_check_t *check,
                            const spbe_param_t *param)
{
    const apr_array_header_t *form = check->reading->form;
    int i;

    for (i = 0; form != NULL && i < form->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(form, i, spbe_field_t);

        if (field->place != param->in && !param->is_json && !is_unused(field) &&
            spbe_span_eq(field->name, spbe_span_from(param->name))) {
            spbe_check_find(
                check, SPBE_REASON_SCHEMA, field->place, field->name, "type",
                param->in == SPBE_IN_FILE ? "file" : "text", param->about);
            return;
        }
    }
}

static void add_files(const spbe_check_t *check, const spbe_param_t *param,
                      spbe_node_t *object)
{
    apr_array_header_t *files = spbe_check_find_files(check, param->name);
    spbe_node_t *list;
    int i;

    spbe_check_files(check, param, files);
    if (files->nelts == 0) {
        return;
    }
    if (!(param->types & SPBE_TYPE_ARRAY) ||
        (param->types & SPBE_TYPE_STRING) != 0) {
        spbe_node_add(
            object, spbe_span_from(param->name),
            spbe_node_make(SPBE_NODE_STRING, SPBE_SPAN_EMPTY, check->pool));
        return;
    }
    list = spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, check->pool);
    for (i = 0; i < files->nelts; i++) {
        spbe_node_add(
            list, SPBE_SPAN_EMPTY,
            spbe_node_make(SPBE_NODE_STRING, SPBE_SPAN_EMPTY, check->pool));
    }
    spbe_node_add(object, spbe_span_from(param->name), list);
}

static void add_field(const spbe_check_t *check, const spbe_param_t *param,
                      spbe_node_t *object)
{
    spbe_check_value_t value;
    int i;

    find_wrong_kind(check, param);
    if (param->in == SPBE_IN_FILE) {
        add_files(check, param, object);
        return;
    }
    spbe_check_collect(check, param, &value);
    if (value.bad) {
        find_bad(check, param);
    }
    if (value.node != NULL) {
        spbe_node_add(object, spbe_span_from(param->name), value.node);
    }
    for (i = 0; value.more != NULL && i < value.more->nelts; i++) {
        spbe_check_node(check, param, SPBE_IN_FORM,
                        APR_ARRAY_IDX(value.more, i, spbe_node_t *));
    }
}

/* Names beyond the properties: those that the schema has something to say of,
 * be it that they are forbidden. */
static void add_other(const spbe_check_t *check, const spbe_body_t *body,
                      const spbe_field_t *field, spbe_node_t *object)
{
    const spbe_schema_t *schema =
        spbe_schema_property(body->schema, field->name);

    if (spbe_check_knows(body->fields, SPBE_IN_FORM, field->name) ||
        spbe_check_knows(body->fields, SPBE_IN_FILE, field->name) ||
        spbe_settings_ignored(check->settings, field->name) ||
        (schema == NULL && !spbe_schema_forbids(body->schema, field->name)) ||
        object->count >= SPBE_STYLE_MEMBERS ||
        spbe_node_member(object, field->name) != NULL) {
        return;
    }
    spbe_node_add(
        object, field->name,
        spbe_style_scalar(
            field->place == SPBE_IN_FILE ? SPBE_SPAN_EMPTY : field->value,
            schema == NULL ? SPBE_TYPE_ANY : spbe_schema_types(schema),
            check->pool));
}

void spbe_check_other_files(const spbe_check_t *check, const spbe_body_t *body)
{
    const spbe_operation_t *open = spbe_check_open(check->settings);
    const apr_array_header_t *form = check->reading->form;
    int i;

    for (i = 0; form != NULL && i < form->nelts; i++) {
        const spbe_field_t *field = &APR_ARRAY_IDX(form, i, spbe_field_t);

        if (field->place != SPBE_IN_FILE || is_unused(field) ||
            (body != NULL &&
             spbe_check_knows(body->fields, SPBE_IN_FILE, field->name)) ||
            (open != NULL &&
             spbe_check_knows(open->params, SPBE_IN_FILE, field->name))) {
            continue;
        }
        spbe_upload_check(field, NULL, NULL, check->settings,
                          check->tools->magic, check->verdict, check->pool);
    }
}

void spbe_check_form(spbe_check_t *check, const spbe_body_t *body)
{
    const apr_array_header_t *form = check->reading->form;
    spbe_node_t *object =
        spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, check->pool);
    int i;

    for (i = 0; i < body->fields->nelts; i++) {
        add_field(check, &APR_ARRAY_IDX(body->fields, i, spbe_param_t), object);
    }
    for (i = 0; form != NULL && i < form->nelts; i++) {
        add_other(check, body, &APR_ARRAY_IDX(form, i, spbe_field_t), object);
    }
    spbe_node_index(object, check->pool);
    check->form = object;
    spbe_check_object(check, body, object);
}
