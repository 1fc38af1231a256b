/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_bound.c - keywords that are a number: bounds and sizes.
 */
#include "input/schema_build.h"

#include <stdint.h>
#include <stdlib.h>

#include "text/decimal.h"

/* Integers of up to 18 digits; others are compared by their text. */
static int small_integer(spbe_span_t text, long long *value)
{
    size_t i = text.len > 0 && text.ptr[0] == '-';

    if (text.len > 18 + i) {
        return 0;
    }
    for (*value = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
        *value = *value * 10 + (text.ptr[i] - '0');
    }
    *value = text.ptr[0] == '-' ? -*value : *value;
    return 1;
}

static int set_bound(spbe_build_t *build, const spbe_node_t *value,
                     spbe_bound_t *bound)
{
    if (value->type != SPBE_NODE_NUMBER) {
        spbe_schema_compile_error(build, value, "%.*s is a number",
                                  (int)value->name.len, value->name.ptr);
        return 0;
    }
    bound->node = value;
    bound->small = small_integer(value->text, &bound->value);
    return 1;
}

SPBE_FILL(minimum)
{
    set_bound(build, value, &spbe_schema_compile_number(build)->minimum);
}

SPBE_FILL(maximum)
{
    set_bound(build, value, &spbe_schema_compile_number(build)->maximum);
}

/* Draft 4 had a boolean here that changed the meaning of its sibling. */
static int is_draft4(spbe_build_t *build, const spbe_node_t *value,
                     const char *sibling)
{
    if (value->type != SPBE_NODE_BOOLEAN) {
        return 0;
    }
    spbe_schema_compile_error(build, value,
                              "%.*s is a number since draft 6: write the "
                              "number of %s here and remove %s",
                              (int)value->name.len, value->name.ptr, sibling,
                              sibling);
    return 1;
}

SPBE_FILL(exclusive_minimum)
{
    if (!is_draft4(build, value, "minimum")) {
        set_bound(build, value,
                  &spbe_schema_compile_number(build)->exclusive_minimum);
    }
}

SPBE_FILL(exclusive_maximum)
{
    if (!is_draft4(build, value, "maximum")) {
        set_bound(build, value,
                  &spbe_schema_compile_number(build)->exclusive_maximum);
    }
}

SPBE_FILL(multiple_of)
{
    spbe_bound_t *bound = &spbe_schema_compile_number(build)->multiple_of;

    if (set_bound(build, value, bound) &&
        spbe_decimal_compare(value->text, SPBE_SPAN("0")) <= 0) {
        spbe_schema_compile_error(build, value, "multipleOf is above 0");
    }
}

static void set_size(spbe_build_t *build, const spbe_node_t *value,
                     spbe_size_t *size)
{
    double number;

    if (value->type != SPBE_NODE_NUMBER ||
        !spbe_decimal_is_integer(value->text) ||
        spbe_decimal_compare(value->text, SPBE_SPAN("0")) < 0) {
        spbe_schema_compile_error(build, value, "%.*s is an integer from 0",
                                  (int)value->name.len, value->name.ptr);
        return;
    }
    number = strtod(spbe_span_dup(value->text, build->schemas->pool), NULL);
    size->node = value;
    size->value = number < 1e15 ? (size_t)number : SIZE_MAX;
}

SPBE_FILL(min_length)
{
    set_size(build, value, &spbe_schema_compile_string(build)->min);
}

SPBE_FILL(max_length)
{
    set_size(build, value, &spbe_schema_compile_string(build)->max);
}

SPBE_FILL(min_items)
{
    set_size(build, value, &spbe_schema_compile_array(build)->min);
}

SPBE_FILL(max_items)
{
    set_size(build, value, &spbe_schema_compile_array(build)->max);
}

SPBE_FILL(min_contains)
{
    set_size(build, value, &spbe_schema_compile_array(build)->min_contains);
}

SPBE_FILL(max_contains)
{
    set_size(build, value, &spbe_schema_compile_array(build)->max_contains);
}

SPBE_FILL(min_properties)
{
    set_size(build, value, &spbe_schema_compile_object(build)->min);
}

SPBE_FILL(max_properties)
{
    set_size(build, value, &spbe_schema_compile_object(build)->max);
}
