/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_assert.c - enum, const, and the rules for numbers and strings.
 */
#include "input/schema_run.h"

#include <string.h>

#include "text/decimal.h"

/* Chooses between the numbers' own compare and one of two small integers. */
typedef struct number {
    spbe_span_t text;
    long long value;
    int small;
} number_t;

static number_t read_number(spbe_span_t text)
{
    number_t number = {text, 0, 0};
    size_t i = text.ptr[0] == '-';

    if (text.len > 18 + i) {
        return number;
    }
    for (; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return number;
        }
        number.value = number.value * 10 + (text.ptr[i] - '0');
    }
    number.value = text.ptr[0] == '-' ? -number.value : number.value;
    number.small = 1;
    return number;
}

static int compare(const number_t *number, const spbe_bound_t *bound)
{
    if (number->small && bound->small) {
        return number->value < bound->value   ? -1
               : number->value > bound->value ? 1
                                              : 0;
    }
    return spbe_decimal_compare(number->text, bound->node->text);
}

static int is_multiple(const number_t *number, const spbe_bound_t *bound)
{
    if (number->small && bound->small) {
        return number->value % bound->value == 0;
    }
    return spbe_decimal_is_multiple(number->text, bound->node->text);
}

static int of_kind(spbe_number_kind_t kind, spbe_span_t text)
{
    switch (kind) {
    case SPBE_NUMBER_INT32:
        return spbe_decimal_is_integer(text) &&
               spbe_decimal_compare(text, SPBE_SPAN("-2147483648")) >= 0 &&
               spbe_decimal_compare(text, SPBE_SPAN("2147483647")) <= 0;
    case SPBE_NUMBER_INT64:
        return spbe_decimal_is_integer(text) &&
               spbe_decimal_compare(text, SPBE_SPAN("-9223372036854775808")) >=
                   0 &&
               spbe_decimal_compare(text, SPBE_SPAN("9223372036854775807")) <=
                   0;
    case SPBE_NUMBER_DOUBLE:
        return spbe_decimal_fits_double(text);
    default:
        return 1;
    }
}

static spbe_span_t kind_name(spbe_number_kind_t kind)
{
    return kind == SPBE_NUMBER_INT32   ? SPBE_SPAN("int32")
           : kind == SPBE_NUMBER_INT64 ? SPBE_SPAN("int64")
                                       : SPBE_SPAN("double");
}

int spbe_schema_assert_number(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_number_rules_t *rules = schema->number;
    number_t number = read_number(node->text);
    const struct {
        const char *keyword;
        const spbe_bound_t *bound;
        int low, high; /* allowed results of the comparison */
    } rows[] = {
        {"minimum", &rules->minimum, 0, 1},
        {"maximum", &rules->maximum, -1, 0},
        {"exclusiveMinimum", &rules->exclusive_minimum, 1, 1},
        {"exclusiveMaximum", &rules->exclusive_maximum, -1, -1},
    };
    int ok = 1;
    size_t i;

    if (rules->identifier) {
        return spbe_schema_run_fault(run, schema, "type", path,
                                     SPBE_SPAN("string"));
    }
    spbe_schema_run_spend(run, node->text.len / 64);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int order;

        if (rows[i].bound->node == NULL) {
            continue;
        }
        order = compare(&number, rows[i].bound);
        order = order < 0 ? -1 : order > 0;
        if (order < rows[i].low || order > rows[i].high) {
            ok = spbe_schema_run_fault(run, schema, rows[i].keyword, path,
                                       rows[i].bound->node->text);
        }
    }
    if (rules->multiple_of.node != NULL &&
        !is_multiple(&number, &rules->multiple_of)) {
        ok = spbe_schema_run_fault(run, schema, "multipleOf", path,
                                   rules->multiple_of.node->text);
    }
    if (!of_kind(rules->kind, node->text)) {
        ok = spbe_schema_run_fault(run, schema, "format", path,
                                   kind_name(rules->kind));
    }
    return ok;
}

static size_t characters(spbe_span_t text)
{
    size_t n = 0, i;

    for (i = 0; i < text.len; i++) {
        n += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    }
    return n;
}

/* Counts only where the number of bytes leaves a doubt. */
static int long_enough(spbe_span_t text, size_t min)
{
    return text.len >= min &&
           ((text.len + 3) / 4 >= min || characters(text) >= min);
}

static int short_enough(spbe_span_t text, size_t max)
{
    return text.len <= max || (text.len / 4 <= max && characters(text) <= max);
}

static int check_format(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_format_t *format = schema->string->format;

    if (run->now == 0) {
        run->now = apr_time_now();
    }
    spbe_schema_run_spend(run, 2 + node->text.len / 64);
    if (format->valid(node->text, run->now)) {
        return 1;
    }
    return spbe_schema_run_fault(run, schema, "format", path,
                                 spbe_span_from(format->name));
}

int spbe_schema_assert_string(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_string_rules_t *rules = schema->string;
    spbe_span_t text = node->text;
    int ok = 1;

    spbe_schema_run_spend(run, text.len / 64);
    if (rules->min.node != NULL && !long_enough(text, rules->min.value)) {
        ok = spbe_schema_run_fault(run, schema, "minLength", path,
                                   rules->min.node->text);
    }
    if (rules->max.node != NULL && !short_enough(text, rules->max.value)) {
        /* A text that is too long is not given to patterns. */
        return spbe_schema_run_fault(run, schema, "maxLength", path,
                                     rules->max.node->text);
    }
    if (rules->assert_format && !check_format(run, schema, node, path)) {
        ok = 0;
    }
    if (rules->pattern != NULL && (ok || spbe_schema_run_wants(run)) &&
        !spbe_schema_run_match(run, schema, rules->pattern, text, path)) {
        ok = spbe_schema_run_fault(run, schema, "pattern", path,
                                   SPBE_SPAN_EMPTY);
    }
    if (rules->assert_content && ok) {
        ok = spbe_schema_content(run, schema, node, path);
    }
    return ok;
}

static int is_choice(spbe_run_t *run, const spbe_choice_rules_t *choice,
                     const spbe_node_t *node)
{
    unsigned hash, at, i;

    spbe_schema_run_spend(run, 1 + node->count + node->text.len / 64);
    if (choice->slots == NULL) {
        for (i = 0; i < choice->count; i++) {
            if (spbe_node_equal(choice->members[i], node)) {
                return 1;
            }
        }
        return 0;
    }
    hash = spbe_node_hash(node);
    for (at = hash & choice->mask; choice->slots[at] != 0;
         at = (at + 1) & choice->mask) {
        i = choice->slots[at] - 1;
        if (choice->hashes[i] == hash &&
            spbe_node_equal(choice->members[i], node)) {
            return 1;
        }
    }
    return 0;
}

static int choice_fault(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_path_t *path)
{
    spbe_span_t arg = SPBE_SPAN_EMPTY;

    if (spbe_schema_run_wants(run) &&
        schema->about.sensitivity != SPBE_SENS_SECRET) {
        arg = spbe_schema_fault_choices(schema->choice->choices, run->pool);
    }
    return spbe_schema_run_fault(run, schema, "enum", path, arg);
}

static int fixed_fault(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_path_t *path)
{
    const spbe_node_t *fixed = schema->choice->fixed;
    spbe_span_t arg = SPBE_SPAN_EMPTY;

    if ((fixed->type == SPBE_NODE_STRING || fixed->type == SPBE_NODE_NUMBER) &&
        fixed->text.len <= 300 &&
        schema->about.sensitivity != SPBE_SENS_SECRET) {
        arg = fixed->text;
    }
    return spbe_schema_run_fault(run, schema, "const", path, arg);
}

int spbe_schema_assert_choice(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_choice_rules_t *choice = schema->choice;

    if (choice->choices != NULL && !is_choice(run, choice, node)) {
        return choice_fault(run, schema, path);
    }
    if (choice->fixed != NULL && !spbe_node_equal(choice->fixed, node)) {
        return fixed_fault(run, schema, path);
    }
    return 1;
}
