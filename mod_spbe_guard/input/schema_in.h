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
#define SPBE_SCHEMA_DEPTH_MAX 1500

typedef struct spbe_resource spbe_resource_t;
struct spbe_resource {
  const char *base; /* absolute, without fragment */
  const spbe_node_t *root;
  spbe_resource_t *outer; /* NULL: a document */
  apr_hash_t *anchors;    /* name -> const spbe_node_t */
  apr_hash_t *dynamic;    /* name -> spbe_dynamic_t */
  unsigned vocab;         /* 0: not looked at yet */
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
};

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

/* --- schema_finish.c --- */

/* Cycles, joined types and labels of everything in the queue. */
void spbe_schema_finish(spbe_build_t *build);
unsigned spbe_schema_types_and(unsigned a, unsigned b);
unsigned spbe_schema_types_or(unsigned a, unsigned b);
/* SPBE_TYPE_ of a node. */
unsigned spbe_schema_type_of(const spbe_node_t *node);
/* "string, null", in pool. */
const char *spbe_schema_type_names(unsigned types, apr_pool_t *pool);

/* --- schema_run.c: validating --- */

typedef struct spbe_path spbe_path_t;
struct spbe_path {
  const spbe_path_t *up;   /* NULL: the root */
  const spbe_node_t *node; /* a member has its name */
  size_t index;            /* of an element */
  int member;
  const spbe_schema_t *schema; /* by which it was entered */
};

typedef struct spbe_scope spbe_scope_t;
struct spbe_scope {
  const spbe_scope_t *up;
  const spbe_resource_t *resource;
};

/* Which children of the instance have been evaluated. */
typedef struct spbe_marks {
  unsigned char *seen;
  int unsure; /* a branch failed: others might have been */
} spbe_marks_t;

typedef struct spbe_chunk spbe_chunk_t;
struct spbe_chunk {
  spbe_chunk_t *next;
  unsigned char *bytes;
  size_t size, used;
};

typedef struct spbe_hold {
  spbe_chunk_t *chunk;
  size_t used;
} spbe_hold_t;

typedef struct spbe_run {
  apr_array_header_t *faults; /* or NULL */
  apr_pool_t *pool;
  spbe_regex_scratch_t *scratch;
  const spbe_scope_t *scope;
  spbe_chunk_t *chunks, *chunk;
  long steps; /* left */
  unsigned depth;
  unsigned quiet; /* within a branch whose faults are not told */
  int limit;      /* a pattern gave up: not valid, whatever follows */
  int failed;     /* steps or depth are used up */
  apr_time_t now; /* 0: not asked yet */
} spbe_run_t;

int spbe_schema_run(spbe_run_t *run, const spbe_schema_t *schema,
                    const spbe_node_t *node, const spbe_path_t *path,
                    spbe_marks_t *marks);
/* 0 when nothing is left. */
int spbe_schema_run_spend(spbe_run_t *run, size_t steps);
/* Is it worth to go on after a fault? */
int spbe_schema_run_wants(const spbe_run_t *run);
/* Always 0. arg is copied when it is needed. */
int spbe_schema_run_fault(spbe_run_t *run, const spbe_schema_t *schema,
                          const char *keyword, const spbe_path_t *path,
                          spbe_span_t arg);
/* A pattern that gave up counts as a fault, even where faults are not told. */
int spbe_schema_run_match(spbe_run_t *run, const spbe_schema_t *schema,
                          const spbe_regex_t *regex, spbe_span_t text,
                          const spbe_path_t *path);
/* Zeroed memory for a while, given back in reverse order. */
void *spbe_schema_run_hold(spbe_run_t *run, size_t size, spbe_hold_t *hold);
void spbe_schema_run_release(spbe_run_t *run, const spbe_hold_t *hold);

/* --- schema_fault.c --- */

const char *spbe_schema_fault_pointer(const spbe_path_t *path,
                                      apr_pool_t *pool);
const spbe_about_t *spbe_schema_fault_about(const spbe_path_t *path,
                                            const spbe_schema_t *missing,
                                            apr_pool_t *pool);
/* enum's values as "a, b, c"; empty when there are too many. */
spbe_span_t spbe_schema_fault_choices(const spbe_node_t *choices,
                                      apr_pool_t *pool);

/* --- schema_assert.c, schema_content.c, schema_object.c, schema_array.c,
 * schema_apply.c: 1 or 0 --- */

int spbe_schema_assert_choice(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path);
int spbe_schema_assert_number(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path);
int spbe_schema_assert_string(spbe_run_t *run, const spbe_schema_t *schema,
                              const spbe_node_t *node, const spbe_path_t *path);
int spbe_schema_content(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_node_t *node, const spbe_path_t *path);
int spbe_schema_object(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *node, const spbe_path_t *path,
                       spbe_marks_t *marks);
int spbe_schema_object_rest(spbe_run_t *run, const spbe_schema_t *schema,
                            const spbe_node_t *node, const spbe_path_t *path,
                            spbe_marks_t *marks);
int spbe_schema_array(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks);
int spbe_schema_array_rest(spbe_run_t *run, const spbe_schema_t *schema,
                           const spbe_node_t *node, const spbe_path_t *path,
                           spbe_marks_t *marks);
int spbe_schema_apply(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks);

#endif
