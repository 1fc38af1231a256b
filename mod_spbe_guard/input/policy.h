/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy.h - which operations there are, and what each may be sent:
 * OpenAPI 3.1 in JSON, or SpbeGuardParam lines; both give the same structure.
 *
 * Compiled in check_config, immutable afterwards.
 */
#ifndef SPBE_INPUT_POLICY_H
#define SPBE_INPUT_POLICY_H

#include <apr_hash.h>

#include "input/problem.h"
#include "input/schema.h"
#include "input/verdict.h"

typedef enum spbe_style {
    SPBE_STYLE_FORM = 0,
    SPBE_STYLE_SIMPLE = 1,
    SPBE_STYLE_LABEL = 2,
    SPBE_STYLE_MATRIX = 3,
    SPBE_STYLE_SPACE = 4,
    SPBE_STYLE_PIPE = 5,
    SPBE_STYLE_DEEP = 6
} spbe_style_t;

/* What a file must be: format binary, or contentMediaType, with x-spbe-*. */
typedef struct spbe_file_rule {
    apr_int64_t max_size;            /* bytes; 0: no limit of its own */
    unsigned max_count;              /* 0: one, or maxItems of the array */
    const apr_array_header_t *types; /* const char *: "application/pdf",
                                        "image" star, or extensions "pdf"; NULL:
                                        any */
} spbe_file_rule_t;

typedef struct spbe_param {
    const char *name;
    spbe_place_t in; /* PATH QUERY HEADER COOKIE FORM FILE */
    spbe_style_t style;
    unsigned explode : 1;
    unsigned required : 1;
    unsigned allow_empty : 1;
    unsigned allow_reserved : 1;
    unsigned is_json : 1; /* content: application/json instead of a schema */
    const spbe_schema_t *schema;  /* NULL: anything */
    const spbe_about_t *about;    /* never NULL */
    const spbe_file_rule_t *file; /* in FILE */
    unsigned anywhere : 1; /* SpbeGuardParam without in=: query or form */
    unsigned many : 1;     /* its name may come more than once */
    unsigned types;        /* spbe_schema_types; SPBE_TYPE_ANY: no schema */
    const apr_array_header_t *parts; /* const char *: an exploded object's
                                        names; NULL */
} spbe_param_t;

typedef struct spbe_body {
    const char *media_type;           /* "application/json", "text" star */
    const spbe_schema_t *schema;      /* NULL: anything */
    const apr_array_header_t *fields; /* spbe_param_t: of a form's properties,
                                         in FORM or FILE; NULL for JSON */
    unsigned open : 1; /* names beyond the properties are allowed on purpose:
                          additionalProperties stands there and is not false */
    const apr_array_header_t *compare; /* spbe_compare_t of its schema; NULL */
    apr_hash_t *closed; /* spbe_schema_t * as keys: objects that list
                                 their properties and leave it at that; NULL */
} spbe_body_t;

/* x-spbe-compare of a form, a body or an operation. */
typedef struct spbe_compare {
    const char *left, *right; /* names of fields, or JSON Pointers */
    const char *op; /* "<" "<=" "==" "!=" ">=" ">" "born" "province" */
    int flag;       /* only recorded, never refused */
    const char *message_id, *message_en; /* for people; or NULL */
} spbe_compare_t;

typedef struct spbe_operation {
    const char *method; /* upper case; "*": any (SpbeGuardParam) */
    const char *route;  /* path template with the server's base path */
    const char *id;     /* operationId, or NULL */
    const apr_array_header_t
        *params; /* spbe_param_t: path query header cookie */
    const apr_array_header_t *bodies;  /* spbe_body_t, or NULL: none may come */
    const apr_array_header_t *compare; /* spbe_compare_t, or NULL */
    unsigned body_required : 1;
    unsigned open : 1; /* SpbeGuardParam: a field may be in query or form, and
                          any body may come */
    const char *base;  /* the server's base path: "" or "/api" */
    unsigned line;     /* of the document; 0: none */
} spbe_operation_t;

typedef struct spbe_policy spbe_policy_t;

/*
 * Reads an OpenAPI 3.1 document. NULL when problems has errors. problems has
 * the file's name and text.
 */
spbe_policy_t *spbe_policy_read(spbe_problems_t *problems, apr_pool_t *pool);

/* Name of a style as OpenAPI writes it: "form", "spaceDelimited". */
const char *spbe_style_name(spbe_style_t style);

/* The body that a media type (lower case, without parameters) leads to: exact
 * before "type/" star before star "/" star; NULL. */
const spbe_body_t *spbe_operation_body(const spbe_operation_t *operation,
                                       spbe_span_t media_type);

/* Is a body of this media type, or range of them, looked into: a form or JSON?
 * A schema of any other is never applied. */
int spbe_policy_is_examined(const char *media_type);

/* What a path and a method lead to. */
typedef struct spbe_match {
    const spbe_operation_t *operation; /* NULL: see below */
    const char *route;                 /* the template, or NULL: no path fits */
    const char *allow; /* route, but not that method: "GET, HEAD, POST" */
    const apr_array_header_t *values; /* spbe_field-like: of the template's
                                         names, in order: spbe_path_value_t */
    unsigned behind : 1; /* more stands behind what fits; see check */
    unsigned beside : 1; /* but for a path parameter where none is declared */
} spbe_match_t;

typedef struct spbe_path_value {
    spbe_span_t name;
    spbe_span_t raw; /* still percent-encoded */
} spbe_path_value_t;

/*
 * path: as sent (before '?'). Templates by the standard's precedence: concrete
 * before templated. HEAD is answered by GET's operation; a CORS preflight
 * (OPTIONS with Access-Control-Request-Method) never fails for its method.
 */
spbe_match_t spbe_policy_match(const spbe_policy_t *policy, spbe_span_t method,
                               spbe_span_t path, int preflight,
                               apr_pool_t *pool);

/* All operations, for listings: const spbe_operation_t *. */
const apr_array_header_t *spbe_policy_operations(const spbe_policy_t *policy);

/*
 * One SpbeGuardParam line: name, type, options. Collected by the directive;
 * compiled together: a later line of the same name replaces an earlier one.
 * NULL, or a sentence that says what is wrong and what is allowed.
 *
 * required is asked of a form that was sent: by POST, with a body, or by a GET
 * whose query has one of the fields - not of the page with the empty form. With
 * in=query, header or cookie it is always asked.
 */
typedef struct spbe_param_lines spbe_param_lines_t;
spbe_param_lines_t *spbe_param_lines_create(apr_pool_t *pool);
const char *spbe_param_lines_add(spbe_param_lines_t *lines, int argc,
                                 char *const argv[]);
spbe_param_lines_t *spbe_param_lines_merge(const spbe_param_lines_t *outer,
                                           const spbe_param_lines_t *inner,
                                           apr_pool_t *pool);
/* NULL and *error. */
spbe_policy_t *spbe_param_lines_compile(const spbe_param_lines_t *lines,
                                        const char **error, apr_pool_t *pool);

/*
 * What two sections say together, without compiling anything: each side is a
 * result of spbe_param_lines_compile or of this. inner's parameters replace
 * those of the same name; neither side is changed.
 */
const spbe_policy_t *spbe_param_policy_join(const spbe_policy_t *outer,
                                            const spbe_policy_t *inner,
                                            apr_pool_t *pool);

#endif
