/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema.h - JSON Schema draft 2020-12: compiled once, then asked.
 *
 * All keywords of the core, applicator, unevaluated, validation, format
 * (asserted) and content vocabularies; references stay within the documents
 * that were added, nothing is fetched. Compiled schemas are immutable and
 * shared by all threads.
 */
#ifndef SPBE_INPUT_SCHEMA_H
#define SPBE_INPUT_SCHEMA_H

#include <apr_tables.h>

#include "input/format.h"
#include "input/problem.h"
#include "input/regex.h"
#include "text/jsontree.h"

typedef struct spbe_schema spbe_schema_t;
typedef struct spbe_schemas spbe_schemas_t; /* documents that know each other */

typedef enum spbe_sensitivity {
    SPBE_SENS_UNSET = 0,
    SPBE_SENS_PUBLIC = 1,   /* values may stand in records, cut */
    SPBE_SENS_PERSONAL = 2, /* only their form */
    SPBE_SENS_SECRET = 3    /* not even that */
} spbe_sensitivity_t;

/* x-spbe-label, x-spbe-hint, x-spbe-sensitivity of a field. */
typedef struct spbe_about {
    const char *label_id, *label_en; /* NULL: the field's name serves */
    const char *hint_id, *hint_en;   /* what is expected, in human words */
    spbe_sensitivity_t sensitivity;
} spbe_about_t;

typedef struct spbe_schema_options {
    int strict;        /* unknown keywords and formats are errors (policies);
                          0: ignored (the official suite) */
    int assert_format; /* policies: 1 */
    int assert_content;
} spbe_schema_options_t;

spbe_schemas_t *spbe_schemas_create(const spbe_schema_options_t *options,
                                    apr_pool_t *pool);

/*
 * Makes a document known under an absolute URI, without compiling it: its
 * $id, $anchor and $dynamicAnchor are found from there. root and what it
 * refers to must live as long as the pool.
 */
void spbe_schemas_add(spbe_schemas_t *schemas, const char *uri,
                      const spbe_node_t *root);

/*
 * Compiles the schema at node, which lies within a document added under uri.
 * NULL when problems->errors grew. The same node gives the same schema.
 */
const spbe_schema_t *spbe_schema_compile(spbe_schemas_t *schemas,
                                         const char *uri,
                                         const spbe_node_t *node,
                                         spbe_problems_t *problems);

/* One rule that an instance breaks. */
typedef struct spbe_fault {
    const char *keyword;       /* "minLength", "format", "required" ...;
                                  "limit": a pattern's limit was reached;
                                  "false": a schema that allows nothing. For
                                  members and elements that must not be there
                                  the keyword that forbids them: "properties",
                                  "additionalProperties", "items" ... */
    const char *pointer;       /* JSON Pointer of the instance; "" the root */
    const spbe_node_t *node;   /* the instance; for required its object */
    const spbe_schema_t *schema; /* that holds the keyword */
    const char *arg;           /* what is expected, or NULL: the limit, the
                                  format's name, the types' names "string,
                                  null", the missing or forbidden name (at most
                                  100 bytes), public choices "a, b, c" */
    const spbe_about_t *about; /* of the field (of the missing one), or NULL;
                                  an element's is its array's, sensitivity is
                                  inherited from what it lies in */
} spbe_fault_t;

#define SPBE_FAULTS_MAX 50

/*
 * 1: valid. 0: faults (spbe_fault_t, may be NULL) holds up to SPBE_FAULTS_MAX,
 * deepest cause first: for anyOf/oneOf the keyword itself, but where only one
 * branch is for that type of value (the other being null, mostly), or for an
 * object with such a member (by const), what is wrong there. -1: memory or time was short, or schemas refer to each other
 * without end; to be refused. Bounded: at most SPBE_SCHEMA_STEPS steps. A
 * pattern that reaches its limit makes the instance invalid, also where the
 * schema would turn that around (not, anyOf).
 */
#define SPBE_SCHEMA_STEPS 5000000
int spbe_schema_validate(const spbe_schema_t *schema, const spbe_node_t *node,
                         spbe_regex_scratch_t *scratch,
                         apr_array_header_t *faults, apr_pool_t *pool);

/* --- what others need to know of a compiled schema --- */

#define SPBE_TYPE_NULL (1u << 0)
#define SPBE_TYPE_BOOLEAN (1u << 1)
#define SPBE_TYPE_NUMBER (1u << 2) /* and integer */
#define SPBE_TYPE_STRING (1u << 3)
#define SPBE_TYPE_ARRAY (1u << 4)
#define SPBE_TYPE_OBJECT (1u << 5)
#define SPBE_TYPE_INTEGER (1u << 6) /* set without NUMBER: integers alone */
#define SPBE_TYPE_ANY 0x3fu

/* Types that an instance may have; looks through $ref, allOf (and), anyOf and
 * oneOf (or), enum and const. */
unsigned spbe_schema_types(const spbe_schema_t *schema);

/*
 * Of a member or element; looks through $ref and allOf; NULL if not stated. A
 * member: by properties, else by a pattern of patternProperties, else by
 * additionalProperties or unevaluatedProperties where it is an object. What
 * properties of several parts say of one name is joined.
 */
const spbe_schema_t *spbe_schema_property(const spbe_schema_t *schema,
                                          spbe_span_t name);
const spbe_schema_t *spbe_schema_items(const spbe_schema_t *schema);
/* Would an object with a member of that name break additionalProperties or
 * unevaluatedProperties: false? */
int spbe_schema_forbids(const spbe_schema_t *schema, spbe_span_t name);

/* Names in properties, through $ref and allOf: const char *. */
apr_array_header_t *spbe_schema_property_names(const spbe_schema_t *schema,
                                               apr_pool_t *pool);

/*
 * The rules that stand on one field, joined through $ref and allOf. complete:
 * nothing else restrains it (no anyOf, not, if, dependent*, ...).
 */
typedef struct spbe_flat {
    unsigned types;
    const spbe_node_t *min_length, *max_length; /* NULL: none */
    const spbe_node_t *minimum, *maximum;
    const spbe_node_t *exclusive_minimum, *exclusive_maximum;
    const spbe_node_t *multiple_of;
    const spbe_node_t *choices;      /* enum's array, or NULL */
    const spbe_node_t *fixed;        /* const, or NULL */
    const spbe_regex_t *pattern;     /* one; several: complete is 0 */
    const spbe_format_t *format;
    const spbe_node_t *min_items, *max_items;
    const apr_array_header_t *required; /* const char *, or NULL */
    const spbe_about_t *about;          /* never NULL */
    const spbe_node_t *source;          /* the schema's JSON: x-spbe-* */
    int complete;
} spbe_flat_t;

void spbe_schema_flatten(const spbe_schema_t *schema, spbe_flat_t *flat,
                         apr_pool_t *pool);

/* Warnings for every schema that can be reached: string without maxLength (and
 * without format, pattern, enum or const that bounds it), unanchored or slow
 * pattern, bounds in the wrong order, keywords without effect. */
void spbe_schema_lint(const spbe_schema_t *schema, spbe_problems_t *problems);
/* Of these only the names that are required of this one object, and that
 * nothing may or does declare. spbe_schema_lint says so as well. */
void spbe_schema_lint_required(const spbe_schema_t *schema,
                               spbe_problems_t *problems);

#endif
