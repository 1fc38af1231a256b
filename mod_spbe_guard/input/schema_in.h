/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_in.h - what the files of the schema engine share.
 *
 * Written while a schema is compiled, read only afterwards. Nobody but
 * input/schema*.c includes this.
 */
#ifndef SPBE_INPUT_SCHEMA_IN_H
#define SPBE_INPUT_SCHEMA_IN_H

#include <apr_hash.h>

#include "input/schema.h"

/* Vocabularies that are in force in a schema resource. */
#define SPBE_VOCAB_CORE (1u << 0)
#define SPBE_VOCAB_APPLICATOR (1u << 1)
#define SPBE_VOCAB_UNEVALUATED (1u << 2)
#define SPBE_VOCAB_VALIDATION (1u << 3)
#define SPBE_VOCAB_CONTENT (1u << 4)
#define SPBE_VOCAB_FORMAT (1u << 5)
#define SPBE_VOCAB_ASSERT_FORMAT (1u << 6)
#define SPBE_VOCAB_KNOWN (1u << 7)
#define SPBE_VOCAB_USUAL 0xbfu /* all but ASSERT_FORMAT */

/* More than this between two steps into the instance is an error. */
#define SPBE_SCHEMA_INPLACE_MAX 200
/* Schemas within schemas while validating. */
#define SPBE_SCHEMA_DEPTH_MAX 1000

typedef struct spbe_resource spbe_resource_t;
struct spbe_resource {
    const char *base; /* absolute, without fragment */
    const spbe_node_t *root;
    spbe_resource_t *outer; /* NULL: a document */
    apr_hash_t *anchors;    /* name -> const spbe_node_t */
    apr_hash_t *dynamic;    /* name -> spbe_dynamic_t */
    unsigned vocab;         /* 0: not looked at yet */
    int used;               /* some schema of it has been compiled */
};

typedef struct spbe_dynamic {
    const spbe_node_t *node;
    const spbe_schema_t *schema; /* NULL until something asks for the name */
} spbe_dynamic_t;

typedef struct spbe_place {
    const spbe_node_t *node;
    spbe_resource_t *resource;
} spbe_place_t;

struct spbe_schemas {
    spbe_schema_options_t options;
    apr_pool_t *pool;
    apr_hash_t *resources;       /* URI -> spbe_resource_t */
    apr_array_header_t *list;    /* spbe_resource_t *, each once */
    apr_hash_t *places;          /* node -> spbe_place_t */
    apr_hash_t *compiled;        /* node -> spbe_schema_t */
    apr_array_header_t *names;   /* const char *: of $dynamicRef */
    apr_array_header_t *doubles; /* const spbe_node_t *: $id or anchor twice */
};

/* --- compiled rules, one struct for each type of instance --- */

typedef struct spbe_bound {
    const spbe_node_t *node; /* NULL: no such rule */
    long long value;         /* where small */
    int small;
} spbe_bound_t;

typedef enum spbe_number_kind {
    SPBE_NUMBER_ANY = 0,
    SPBE_NUMBER_INT32 = 1,
    SPBE_NUMBER_INT64 = 2,
    SPBE_NUMBER_DOUBLE = 3
} spbe_number_kind_t;

typedef struct spbe_number_rules {
    spbe_bound_t minimum, maximum, exclusive_minimum, exclusive_maximum;
    spbe_bound_t multiple_of;
    spbe_number_kind_t kind; /* OpenAPI's formats of numbers */
    int identifier;          /* no number is one */
} spbe_number_rules_t;

typedef struct spbe_size {
    const spbe_node_t *node; /* NULL: no such rule */
    size_t value;
} spbe_size_t;

typedef enum spbe_encoding {
    SPBE_ENCODING_NONE = 0,
    SPBE_ENCODING_BASE64 = 1,
    SPBE_ENCODING_BASE64URL = 2,
    SPBE_ENCODING_BASE32 = 3,
    SPBE_ENCODING_BASE16 = 4,
    SPBE_ENCODING_QUOTED = 5
} spbe_encoding_t;

typedef struct spbe_string_rules {
    spbe_size_t min, max;
    const spbe_node_t *pattern_node;
    const spbe_regex_t *pattern;
    const spbe_format_t *format;
    const spbe_node_t *content; /* any keyword of content, for messages */
    const char *media;          /* contentMediaType */
    const char *encoding_name;
    const spbe_schema_t *inside; /* contentSchema */
    spbe_encoding_t encoding;
    unsigned assert_format : 1;
    unsigned assert_content : 1;
    unsigned json : 1; /* media is JSON */
} spbe_string_rules_t;

typedef struct spbe_array_rules {
    const spbe_schema_t **prefix;
    size_t prefixes;
    const spbe_schema_t *items, *contains, *unevaluated;
    spbe_size_t min, max, min_contains, max_contains;
    int unique;
} spbe_array_rules_t;

typedef struct spbe_name {
    spbe_span_t name;
    unsigned hash;
    const char *cstr;
    const spbe_schema_t *schema; /* of properties, or NULL */
    int required;                /* its number from 0, or -1 */
} spbe_name_t;

typedef struct spbe_pattern {
    const spbe_regex_t *regex;
    const spbe_node_t *node; /* the schema's JSON; its name is the pattern */
    const spbe_schema_t *schema;
} spbe_pattern_t;

typedef struct spbe_dependent {
    spbe_span_t name;
    apr_array_header_t *required; /* const char *, or NULL */
    const spbe_schema_t *schema;  /* or NULL */
    const char *keyword;
} spbe_dependent_t;

typedef struct spbe_object_rules {
    apr_array_header_t *names; /* spbe_name_t: properties and required */
    unsigned *slots;           /* number in names + 1, by hash */
    unsigned mask;
    apr_array_header_t *required;   /* const char *, in their order; or NULL */
    apr_array_header_t *patterns;   /* spbe_pattern_t, or NULL */
    apr_array_header_t *dependents; /* spbe_dependent_t, or NULL */
    const spbe_schema_t *additional, *property_names, *unevaluated;
    spbe_size_t min, max;
} spbe_object_rules_t;

typedef struct spbe_choice_rules {
    const spbe_node_t *fixed;    /* const */
    const spbe_node_t *choices;  /* enum */
    const spbe_node_t **members; /* of enum, for few */
    unsigned *hashes;
    unsigned *slots; /* number + 1, by hash; NULL for few */
    unsigned mask, count;
} spbe_choice_rules_t;

typedef struct spbe_apply_rules {
    const spbe_schema_t *ref;
    const spbe_schema_t *dynamic;        /* where $dynamicRef leads at first */
    const char *dynamic_name;            /* NULL: as $ref */
    apr_array_header_t *all, *any, *one; /* const spbe_schema_t *; or NULL */
    const spbe_schema_t *none, *condition, *then, *otherwise;
} spbe_apply_rules_t;

typedef struct spbe_edge {
    spbe_schema_t *to;
    int inplace; /* judges the same instance */
} spbe_edge_t;

struct spbe_schema {
    const spbe_node_t *source;
    const spbe_resource_t *resource;
    spbe_number_rules_t *number;
    spbe_string_rules_t *string;
    spbe_array_rules_t *array;
    spbe_object_rules_t *object;
    spbe_choice_rules_t *choice;
    spbe_apply_rules_t *apply;
    unsigned types;  /* of "type"; SPBE_TYPE_ANY without */
    unsigned joined; /* what spbe_schema_types says */
    unsigned typed : 1;
    unsigned always : 2;   /* boolean schema: 1 true, 2 false */
    unsigned broken : 1;   /* errors were reported for it or what it leads to */
    unsigned about_id : 1; /* the identifier's format makes it personal */
    unsigned state : 2;    /* of spbe_schema_finish: 0 new, 1 open, 2 done */
    unsigned height;       /* of what judges the same instance */
    spbe_about_t about;    /* joined, once finished */
    apr_array_header_t *edges; /* spbe_edge_t; NULL: none */
    apr_hash_t *joint;         /* name -> spbe_schema_t: several parts of
                                  this one speak of it; NULL: none */
};

/* --- schema_names.c: the table of an object's names --- */

unsigned spbe_schema_names_hash(spbe_span_t name);
/* Finds or adds; only while compiling. */
spbe_name_t *spbe_schema_names_add(spbe_object_rules_t *object,
                                   spbe_span_t name, apr_pool_t *pool);
/* NULL: not there. */
const spbe_name_t *spbe_schema_names_find(const spbe_object_rules_t *object,
                                          spbe_span_t name);
void spbe_schema_names_index(spbe_object_rules_t *object, apr_pool_t *pool);
void spbe_schema_choice_index(spbe_choice_rules_t *choice, apr_pool_t *pool);

/* --- types, schema_finish.c and schema_words.c --- */

unsigned spbe_schema_types_and(unsigned a, unsigned b);
unsigned spbe_schema_types_or(unsigned a, unsigned b);
/* SPBE_TYPE_ of a node. */
unsigned spbe_schema_type_of(const spbe_node_t *node);
/* "string, null", in pool. */
const char *spbe_schema_type_names(unsigned types, apr_pool_t *pool);

/* --- schema_members.c --- */

/* Schemas that are looked at for one answer. */
#define SPBE_SCHEMA_VISITS 20000

typedef int spbe_schema_walker_t(const spbe_schema_t *schema, void *baton);

/* Calls walk for a schema and those it joins by $ref and allOf, until one
 * call is not 0, which is returned. */
int spbe_schema_each(const spbe_schema_t *schema, spbe_schema_walker_t *walk,
                     void *baton, int *left);
typedef struct spbe_member_about {
    spbe_span_t name;
    spbe_about_t about;
} spbe_member_about_t;

/* Joins what all properties of that name say. */
void spbe_schema_member_about(const spbe_schema_t *schema,
                              spbe_member_about_t *member);
/* The words that are there stay; the stricter sensitivity wins. */
void spbe_schema_about_join(spbe_about_t *about, const spbe_about_t *other);
/* Appends a const char * that is not there yet. */
void spbe_schema_add_name(apr_array_header_t *names, const char *name);

#endif
