/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_keyword.c - the table of keywords: those of draft 2020-12, of
 * OpenAPI 3.1, our own, and those of other drafts with what to write instead.
 */
#include "input/schema_build.h"

#define FILL(name) spbe_schema_words_##name
#define APPLY SPBE_VOCAB_APPLICATOR
#define VALID SPBE_VOCAB_VALIDATION

static const spbe_keyword_t keywords[] = {
    {"type", VALID, 0, FILL(type), NULL},
    {"properties", APPLY, SPBE_SHAPE_MAP, FILL(properties), NULL},
    {"required", VALID, 0, FILL(required), NULL},
    {"items", APPLY, SPBE_SHAPE_SCHEMA, FILL(items), NULL},
    {"$ref", 0, 0, FILL(ref), NULL},
    {"minLength", VALID, 0, FILL(min_length), NULL},
    {"maxLength", VALID, 0, FILL(max_length), NULL},
    {"pattern", VALID, 0, FILL(pattern), NULL},
    {"format", SPBE_VOCAB_FORMAT, 0, FILL(format), NULL},
    {"enum", VALID, 0, FILL(enumeration), NULL},
    {"const", VALID, 0, FILL(fixed), NULL},
    {"minimum", VALID, 0, FILL(minimum), NULL},
    {"maximum", VALID, 0, FILL(maximum), NULL},
    {"exclusiveMinimum", VALID, 0, FILL(exclusive_minimum), NULL},
    {"exclusiveMaximum", VALID, 0, FILL(exclusive_maximum), NULL},
    {"multipleOf", VALID, 0, FILL(multiple_of), NULL},
    {"minItems", VALID, 0, FILL(min_items), NULL},
    {"maxItems", VALID, 0, FILL(max_items), NULL},
    {"uniqueItems", VALID, 0, FILL(unique), NULL},
    {"minContains", VALID, 0, FILL(min_contains), NULL},
    {"maxContains", VALID, 0, FILL(max_contains), NULL},
    {"minProperties", VALID, 0, FILL(min_properties), NULL},
    {"maxProperties", VALID, 0, FILL(max_properties), NULL},
    {"dependentRequired", VALID, 0, FILL(dependent_required), NULL},
    {"patternProperties", APPLY, SPBE_SHAPE_MAP, FILL(pattern_properties),
     NULL},
    {"additionalProperties", APPLY, SPBE_SHAPE_SCHEMA, FILL(additional), NULL},
    {"propertyNames", APPLY, SPBE_SHAPE_SCHEMA, FILL(property_names), NULL},
    {"dependentSchemas", APPLY, SPBE_SHAPE_MAP, FILL(dependent_schemas), NULL},
    {"prefixItems", APPLY, SPBE_SHAPE_LIST, FILL(prefix), NULL},
    {"contains", APPLY, SPBE_SHAPE_SCHEMA, FILL(contains), NULL},
    {"allOf", APPLY, SPBE_SHAPE_LIST, FILL(all), NULL},
    {"anyOf", APPLY, SPBE_SHAPE_LIST, FILL(any), NULL},
    {"oneOf", APPLY, SPBE_SHAPE_LIST, FILL(one), NULL},
    {"not", APPLY, SPBE_SHAPE_SCHEMA, FILL(none), NULL},
    {"if", APPLY, SPBE_SHAPE_SCHEMA, FILL(condition), NULL},
    {"then", APPLY, SPBE_SHAPE_SCHEMA, FILL(then), NULL},
    {"else", APPLY, SPBE_SHAPE_SCHEMA, FILL(otherwise), NULL},
    {"unevaluatedProperties", SPBE_VOCAB_UNEVALUATED, SPBE_SHAPE_SCHEMA,
     FILL(unevaluated_properties), NULL},
    {"unevaluatedItems", SPBE_VOCAB_UNEVALUATED, SPBE_SHAPE_SCHEMA,
     FILL(unevaluated_items), NULL},
    {"contentEncoding", SPBE_VOCAB_CONTENT, 0, FILL(encoding), NULL},
    {"contentMediaType", SPBE_VOCAB_CONTENT, 0, FILL(media), NULL},
    {"contentSchema", SPBE_VOCAB_CONTENT, SPBE_SHAPE_SCHEMA, FILL(inside),
     NULL},
    {"$dynamicRef", 0, 0, FILL(dynamic_ref), NULL},
    {"$defs", 0, SPBE_SHAPE_MAP, FILL(defs), NULL},
    {"$id", 0, 0, FILL(id), NULL},
    {"$anchor", 0, 0, FILL(anchor), NULL},
    {"$dynamicAnchor", 0, 0, FILL(anchor), NULL},
    {"$schema", 0, 0, FILL(string_only), NULL},
    {"$vocabulary", 0, 0, FILL(object_only), NULL},
    {"$comment", 0, 0, FILL(string_only), NULL},
    {"title", 0, 0, FILL(string_only), NULL},
    {"description", 0, 0, FILL(string_only), NULL},
    {"default", 0, 0, NULL, NULL},
    {"examples", 0, 0, FILL(array_only), NULL},
    {"deprecated", 0, 0, FILL(boolean_only), NULL},
    {"readOnly", 0, 0, FILL(boolean_only), NULL},
    {"writeOnly", 0, 0, FILL(boolean_only), NULL},
    {"discriminator", 0, 0, FILL(object_only), NULL},
    {"xml", 0, 0, FILL(object_only), NULL},
    {"externalDocs", 0, 0, FILL(object_only), NULL},
    {"example", 0, 0, NULL, NULL},
    {"x-spbe-label", 0, 0, FILL(label), NULL},
    {"x-spbe-hint", 0, 0, FILL(hint), NULL},
    {"x-spbe-sensitivity", 0, 0, FILL(sensitivity), NULL},
    /* Of other drafts and of OpenAPI 3.0. */
    {"definitions", 0, SPBE_SHAPE_MAP, NULL, "$defs"},
    {"dependencies", APPLY, SPBE_SHAPE_MAP, FILL(dependencies),
     "dependentRequired or dependentSchemas"},
    {"nullable", 0, 0, NULL,
     "\"type\": [\"string\", \"null\"], with the type it has"},
    {"additionalItems", 0, 0, NULL, "prefixItems, and items for the rest"},
    {"id", 0, 0, NULL, "$id"},
    {"$recursiveRef", 0, 0, NULL, "$dynamicRef"},
    {"$recursiveAnchor", 0, 0, NULL, "$dynamicAnchor"},
    {"divisibleBy", 0, 0, NULL, "multipleOf"},
    {"disallow", 0, 0, NULL, "not"},
    {"extends", 0, 0, NULL, "allOf"},
};

const spbe_keyword_t *spbe_schema_keyword(spbe_span_t name)
{
    size_t i;

    for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (spbe_span_eq(name, spbe_span_from(keywords[i].name))) {
            return &keywords[i];
        }
    }
    return NULL;
}
