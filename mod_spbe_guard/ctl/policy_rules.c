/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/policy_rules.c - the rules of one field in plain words.
 */
#include "ctl/policy.h"

#include "text/jsonout.h"

static void add(spbe_buf_t *buf, const char *format, spbe_span_t value)
{
    spbe_buf_adds(buf, buf->len > 0 ? ", " : "");
    spbe_buf_printf(buf, format, (int)value.len, value.ptr);
}

static void number(spbe_buf_t *buf, const char *format, const spbe_node_t *node)
{
    if (node != NULL) {
        add(buf, format, node->text);
    }
}

static void types(spbe_buf_t *buf, unsigned mask)
{
    static const struct {
        unsigned bits;
        const char *name;
    } names[] = {
        {SPBE_TYPE_STRING, "text"},           {SPBE_TYPE_NUMBER, "number"},
        {SPBE_TYPE_BOOLEAN, "true or false"}, {SPBE_TYPE_ARRAY, "list"},
        {SPBE_TYPE_OBJECT, "object"},         {SPBE_TYPE_NULL, "null"},
    };
    size_t i, n = 0;

    if (mask & SPBE_TYPE_INTEGER && !(mask & SPBE_TYPE_NUMBER)) {
        spbe_buf_adds(buf, "whole number");
        n++;
    }
    if ((mask & SPBE_TYPE_ANY) == SPBE_TYPE_ANY) {
        spbe_buf_adds(buf, "anything");
        return;
    }
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (mask & names[i].bits) {
            spbe_buf_adds(buf, n++ > 0 ? " or " : "");
            spbe_buf_adds(buf, names[i].name);
        }
    }
}

static void choices(spbe_buf_t *buf, const spbe_node_t *list)
{
    const spbe_node_t *one;

    if (list == NULL) {
        return;
    }
    spbe_buf_adds(buf, ", one of");
    for (one = list->first; one != NULL; one = one->next) {
        spbe_buf_adds(buf, " ");
        if (one->type == SPBE_NODE_STRING) {
            spbe_jsonout_string(buf, one->text);
        }
        else {
            spbe_buf_add(buf, one->type == SPBE_NODE_NUMBER
                                  ? one->text
                                  : SPBE_SPAN("(other)"));
        }
    }
}

static void of_schema(spbe_buf_t *buf, const spbe_schema_t *schema,
                      apr_pool_t *pool)
{
    spbe_flat_t flat;

    spbe_schema_flatten(schema, &flat, pool);
    types(buf, spbe_schema_types(schema));
    if (flat.format != NULL) {
        add(buf, "format %.*s", spbe_span_from(flat.format->name));
        spbe_buf_printf(buf, " (%s)", spbe_format_about(flat.format));
    }
    number(buf, "at least %.*s characters", flat.min_length);
    number(buf, "at most %.*s characters", flat.max_length);
    number(buf, "at least %.*s", flat.minimum);
    number(buf, "at most %.*s", flat.maximum);
    number(buf, "above %.*s", flat.exclusive_minimum);
    number(buf, "below %.*s", flat.exclusive_maximum);
    number(buf, "a multiple of %.*s", flat.multiple_of);
    number(buf, "at least %.*s items", flat.min_items);
    number(buf, "at most %.*s items", flat.max_items);
    if (flat.pattern != NULL) {
        add(buf, "pattern %.*s", spbe_regex_source(flat.pattern));
    }
    choices(buf, flat.choices);
    if (flat.fixed != NULL) {
        add(buf, "exactly \"%.*s\"", flat.fixed->text);
    }
    if (!flat.complete) {
        spbe_buf_adds(buf, ", further rules");
    }
}

static void of_file(spbe_buf_t *buf, const spbe_param_t *param)
{
    const spbe_file_rule_t *rule = param->file;
    int i;

    spbe_buf_printf(buf, "file, at most %u",
                    rule->max_count == 0 ? 1 : rule->max_count);
    if (rule->max_size > 0) {
        spbe_buf_printf(buf, ", each at most %" APR_INT64_T_FMT " bytes",
                        rule->max_size);
    }
    for (i = 0; rule->types != NULL && i < rule->types->nelts; i++) {
        spbe_buf_adds(buf, i == 0 ? ", types " : " ");
        spbe_buf_adds(buf, APR_ARRAY_IDX(rule->types, i, const char *));
    }
}

void spbe_ctl_policy_rules(spbe_buf_t *buf, const spbe_param_t *param,
                           apr_pool_t *pool)
{
    spbe_buf_t part;
    const spbe_schema_t *items;

    spbe_buf_init(&part, 128, pool);
    if (param->in == SPBE_IN_FILE && param->file != NULL) {
        of_file(&part, param);
    }
    else if (param->schema == NULL) {
        spbe_buf_adds(&part, "anything");
    }
    else {
        of_schema(&part, param->schema, pool);
        items = spbe_schema_items(param->schema);
        if (items != NULL) {
            spbe_buf_t inner;

            spbe_buf_init(&inner, 128, pool);
            of_schema(&inner, items, pool);
            spbe_buf_adds(&part, "; each: ");
            spbe_buf_add(&part, spbe_buf_span(&inner));
        }
    }
    spbe_buf_add(buf, spbe_buf_span(&part));
    if (param->is_json) {
        spbe_buf_adds(buf, ", sent as JSON");
    }
    if (param->about->sensitivity == SPBE_SENS_PERSONAL ||
        param->about->sensitivity == SPBE_SENS_SECRET) {
        spbe_buf_adds(buf, param->about->sensitivity == SPBE_SENS_SECRET
                               ? "; secret"
                               : "; personal");
    }
}
