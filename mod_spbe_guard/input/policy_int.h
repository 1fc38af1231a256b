/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_int.h - private to policy*.c and param*.c.
 */
#ifndef SPBE_INPUT_POLICY_INT_H
#define SPBE_INPUT_POLICY_INT_H

#include <apr_hash.h>

#include "input/policy.h"
#include "input/route.h"

#define SPBE_POLICY_URI "file:///policy.json"

typedef struct spbe_policy_route {
    spbe_route_t *route;            /* with the base path */
    const char *allow;              /* "GET, HEAD, POST" */
    apr_array_header_t *operations; /* const spbe_operation_t * */
    const spbe_node_t *node;        /* the path item */
} spbe_policy_route_t;

struct spbe_policy {
    apr_array_header_t *routes;     /* spbe_policy_route_t *, by precedence */
    apr_array_header_t *operations; /* const spbe_operation_t * */
    int variables;                  /* the most that one route has */
};

typedef struct spbe_policy_reader {
    spbe_problems_t *problems;
    spbe_problems_t *lint; /* warnings of schemas: many may be the same */
    apr_hash_t *linted;    /* by compiled schema */
    const spbe_node_t *root;
    spbe_schemas_t *schemas;
    spbe_policy_t *policy;
    apr_table_t *ids;   /* operationId */
    apr_hash_t *shapes; /* spbe_policy_route_t by shape */
    size_t counted;     /* bytes of the document... */
    unsigned lines;     /* ... that hold so many ends of lines */
    apr_pool_t *pool;
} spbe_policy_reader_t;

/* --- policy_node.c: objects of the document --- */

/* An object with none but these names (the list ends with NULL) and x-*? Else
 * that is said. what: "a parameter". own: x-spbe-* names allowed, or NULL. */
int spbe_policy_keys(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     const char *what, const char *const *allowed,
                     const char *own);
/* What a $ref leads to, or node itself; NULL when that has been said. */
const spbe_node_t *spbe_policy_resolve(spbe_policy_reader_t *reader,
                                       const spbe_node_t *node);
/* A string member, or NULL; what is no string is said. */
const char *spbe_policy_text(spbe_policy_reader_t *reader,
                             const spbe_node_t *node, const char *name);
/* A boolean member. */
int spbe_policy_flag(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     const char *name, int absent);
const spbe_node_t *spbe_policy_member(const spbe_node_t *node,
                                      const char *name);
/* What a $ref leads to, silently; for looking into schemas. */
const spbe_node_t *spbe_policy_follow(const spbe_node_t *root,
                                      const spbe_node_t *node);
/* Compiled, or NULL when that has been said. */
const spbe_schema_t *spbe_policy_schema(spbe_policy_reader_t *reader,
                                        const spbe_node_t *node);
void spbe_policy_lint(spbe_policy_reader_t *reader,
                      const spbe_schema_t *schema);

/* --- policy_server.c --- */

/* Base paths ("" or "/api") of a servers list: const char *. */
apr_array_header_t *spbe_policy_bases(spbe_policy_reader_t *reader,
                                      const spbe_node_t *servers);

/* --- policy_param.c --- */

/* Adds the parameters of a list to params (spbe_param_t); one of the same name
 * and place that outer brought is replaced. */
void spbe_policy_params(spbe_policy_reader_t *reader, const spbe_node_t *list,
                        apr_array_header_t *params);
/* style, explode, allowReserved of a parameter or an encoding. */
void spbe_policy_style(spbe_policy_reader_t *reader, const spbe_node_t *node,
                       spbe_param_t *param);
/* Fills in what follows from the schema: about, types, many, parts. */
void spbe_policy_describe(spbe_param_t *param, apr_pool_t *pool);

/* --- policy_body.c --- */

/* spbe_body_t of a requestBody; *required. NULL when that has been said. */
apr_array_header_t *spbe_policy_bodies(spbe_policy_reader_t *reader,
                                       const spbe_node_t *node,
                                       unsigned *required);

/* --- policy_media.c --- */

/* Can a media type, or a range of them, mean a body of this type? */
int spbe_policy_covers(const char *range, const char *type);
int spbe_policy_is_form(const char *range);
/* Says so when the schema has rules for a body that is not looked into. */
void spbe_policy_media_rules(spbe_policy_reader_t *reader,
                             const spbe_node_t *schema, const char *media_type);

/* --- policy_closed.c --- */

/* For spbe_body_t.closed; node is the JSON of schema. */
apr_hash_t *spbe_policy_closed(spbe_policy_reader_t *reader,
                               const spbe_schema_t *schema,
                               const spbe_node_t *node);

/* --- policy_file.c --- */

/* The rule of a property that is a file, or several: encoding may be NULL.
 * NULL: no file. */
spbe_file_rule_t *spbe_policy_file(spbe_policy_reader_t *reader,
                                   const spbe_node_t *property,
                                   const spbe_node_t *encoding);
/* "500K" "2M" "1G" "1000": 1, or 0. */
int spbe_policy_size(spbe_span_t text, apr_int64_t *bytes);
/*
 * "pdf", "image/png", "image/" star: 1, with *type as a rule has it. 0: none
 * of these. -1: an extension whose files cannot be looked into; with a dot in
 * front, that is on purpose, and 1.
 */
int spbe_policy_file_type(spbe_span_t text, spbe_span_t *type);
/* What to say of -1. */
const char *spbe_policy_file_unknown(spbe_span_t text, apr_pool_t *pool);
/* Says that x-spbe-file has no effect for a property of this body, and what is
 * wrong in it. */
void spbe_policy_file_idle(spbe_policy_reader_t *reader,
                           const spbe_node_t *property);

/* --- policy_compare.c --- */

/* spbe_compare_t of x-spbe-compare in node, or NULL. */
apr_array_header_t *spbe_policy_compare(spbe_policy_reader_t *reader,
                                        const spbe_node_t *node);
/* Says so when a name is none that the operation has. */
void spbe_policy_compare_names(spbe_policy_reader_t *reader,
                               const spbe_node_t *node,
                               const apr_array_header_t *compare,
                               const apr_array_header_t *params,
                               const apr_array_header_t *bodies);

/* --- policy_path.c --- */

/* Reads paths into reader->policy. */
void spbe_policy_paths(spbe_policy_reader_t *reader, const spbe_node_t *paths,
                       const spbe_node_t *servers);

/* --- policy_reach.c --- */

/* Sorts the routes by precedence and warns of those never reached, and of
 * those that take what another one was meant for. */
void spbe_policy_arrange(spbe_policy_reader_t *reader);

#endif
