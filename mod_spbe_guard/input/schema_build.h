/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_build.h - how a schema is compiled: documents and references,
 * the queue, the table of keywords.
 */
#ifndef SPBE_INPUT_SCHEMA_BUILD_H
#define SPBE_INPUT_SCHEMA_BUILD_H

#include "input/schema_in.h"

/* --- schema_uri.c --- */

/* RFC 3986 section 5.2. The result has the reference's fragment. */
const char *spbe_schema_uri_resolve(const char *base, spbe_span_t reference,
                                    apr_pool_t *pool);
/* Cuts the fragment off; *fragment is NULL when there is none. */
const char *spbe_schema_uri_split(const char *uri, const char **fragment,
                                  apr_pool_t *pool);

/* --- schema_docs.c --- */

/* Finds $id and anchors from node on. */
void spbe_schema_docs_scan(spbe_schemas_t *schemas, const spbe_node_t *node,
                           spbe_resource_t *resource);
spbe_resource_t *spbe_schema_docs_resource(const spbe_schemas_t *schemas,
                                           const spbe_node_t *node);
/*
 * The schema that a reference leads to and the resource it lies in; NULL and a
 * sentence in *error. *dynamic is the name when it is a $dynamicAnchor.
 */
const spbe_node_t *
spbe_schema_docs_find(spbe_schemas_t *schemas, const spbe_resource_t *from,
                      spbe_span_t reference, spbe_resource_t **resource,
                      const char **dynamic, const char **error);
/* 0 and a sentence when $schema is unknown. */
unsigned spbe_schema_docs_vocab(const spbe_schemas_t *schemas,
                                spbe_resource_t *resource,
                                const spbe_node_t **where, const char **error);

/* --- schema_compile.c --- */

typedef struct spbe_build {
    spbe_schemas_t *schemas;
    spbe_problems_t *problems;
    apr_array_header_t *queue; /* spbe_schema_t * */
    int broken;
    spbe_schema_t *schema; /* that is being filled */
    spbe_resource_t *resource;
    unsigned vocab;
} spbe_build_t;

/* What the value of a keyword holds, to find the schemas in it. */
typedef enum spbe_shape {
    SPBE_SHAPE_PLAIN = 0,
    SPBE_SHAPE_SCHEMA = 1,
    SPBE_SHAPE_LIST = 2, /* array of schemas */
    SPBE_SHAPE_MAP = 3   /* object of schemas */
} spbe_shape_t;

typedef struct spbe_keyword {
    const char *name;
    unsigned vocab; /* 0: read whatever $vocabulary says */
    spbe_shape_t shape;
    void (*fill)(spbe_build_t *build, const spbe_node_t *value);
    const char *instead; /* not one of 2020-12: what to write */
} spbe_keyword_t;

/* NULL: not a keyword. */
const spbe_keyword_t *spbe_schema_keyword(spbe_span_t name);

/* The schema of a node, to be filled later; NULL when it cannot be one. */
const spbe_schema_t *spbe_schema_compile_get(spbe_build_t *build,
                                             const spbe_node_t *node,
                                             spbe_resource_t *resource,
                                             int inplace);
void spbe_schema_compile_error(spbe_build_t *build, const spbe_node_t *node,
                               const char *format, ...)
    __attribute__((format(printf, 3, 4)));

spbe_number_rules_t *spbe_schema_compile_number(spbe_build_t *build);
spbe_string_rules_t *spbe_schema_compile_string(spbe_build_t *build);
spbe_array_rules_t *spbe_schema_compile_array(spbe_build_t *build);
spbe_object_rules_t *spbe_schema_compile_object(spbe_build_t *build);
spbe_choice_rules_t *spbe_schema_compile_choice(spbe_build_t *build);
spbe_apply_rules_t *spbe_schema_compile_apply(spbe_build_t *build);

/* --- schema_words.c, schema_about.c: keywords --- */

#define SPBE_FILL(name)                                                        \
    void spbe_schema_words_##name(spbe_build_t *build, const spbe_node_t *value)
SPBE_FILL(type);
SPBE_FILL(enumeration);
SPBE_FILL(fixed);
SPBE_FILL(minimum);
SPBE_FILL(maximum);
SPBE_FILL(exclusive_minimum);
SPBE_FILL(exclusive_maximum);
SPBE_FILL(multiple_of);
SPBE_FILL(min_length);
SPBE_FILL(max_length);
SPBE_FILL(pattern);
SPBE_FILL(format);
SPBE_FILL(encoding);
SPBE_FILL(media);
SPBE_FILL(inside);
SPBE_FILL(min_items);
SPBE_FILL(max_items);
SPBE_FILL(unique);
SPBE_FILL(min_contains);
SPBE_FILL(max_contains);
SPBE_FILL(min_properties);
SPBE_FILL(max_properties);
SPBE_FILL(required);
SPBE_FILL(dependent_required);
SPBE_FILL(properties);
SPBE_FILL(pattern_properties);
SPBE_FILL(additional);
SPBE_FILL(property_names);
SPBE_FILL(dependent_schemas);
SPBE_FILL(dependencies);
SPBE_FILL(unevaluated_properties);
SPBE_FILL(prefix);
SPBE_FILL(items);
SPBE_FILL(contains);
SPBE_FILL(unevaluated_items);
SPBE_FILL(all);
SPBE_FILL(any);
SPBE_FILL(one);
SPBE_FILL(none);
SPBE_FILL(condition);
SPBE_FILL(then);
SPBE_FILL(otherwise);
SPBE_FILL(ref);
SPBE_FILL(dynamic_ref);
SPBE_FILL(defs);
SPBE_FILL(id);
SPBE_FILL(anchor);
SPBE_FILL(label);
SPBE_FILL(hint);
SPBE_FILL(sensitivity);
SPBE_FILL(string_only);
SPBE_FILL(boolean_only);
SPBE_FILL(object_only);
SPBE_FILL(array_only);

/* --- schema_finish.c --- */

/* Cycles, joined types and labels of everything in the queue. */
void spbe_schema_finish(spbe_build_t *build);
/* schema_joint.c: once all are finished. */
void spbe_schema_joint(spbe_build_t *build, spbe_schema_t *schema);

#endif
