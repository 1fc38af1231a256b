/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check_int.h - private to check*.c.
 */
#ifndef SPBE_INPUT_CHECK_INT_H
#define SPBE_INPUT_CHECK_INT_H

#include "input/check.h"
#include "input/style.h"

/* One request being judged. */
typedef struct spbe_check {
    const spbe_settings_t *settings;
    const spbe_reading_t *reading;
    const spbe_match_t *match;
    const spbe_check_tools_t *tools;
    spbe_verdict_t *verdict;
    spbe_node_t *form; /* the body's fields as an object, once made */
    int partial;       /* not all of the body was read: what is missing says
                          nothing */
    apr_pool_t *pool;
} spbe_check_t;

/* What came for one parameter. */
typedef struct spbe_check_value {
    int sent; /* something other than an empty field */
    int bad;  /* not as its style has it */
    spbe_node_t *node;
    spbe_place_t place;
    spbe_span_t text;         /* decoded, of the first; for records */
    apr_array_header_t *more; /* spbe_node_t *: the same field again where one
                                 is expected; or NULL */
} spbe_check_value_t;

/* --- check_collect.c --- */
void spbe_check_collect(const spbe_check_t *check, const spbe_param_t *param,
                        spbe_check_value_t *value);
/* How the fields of this form were encoded. */
spbe_coding_t spbe_check_coding(const spbe_check_t *check);

/* --- check_fault.c --- */

/* What a finding of a policy's reason does. */
spbe_action_t spbe_check_action(const spbe_check_t *check, spbe_reason_t reason,
                                spbe_span_t field);
/* One finding; reason SCHEMA where keyword says which. */
void spbe_check_find(const spbe_check_t *check, spbe_reason_t reason,
                     spbe_place_t place, spbe_span_t field, const char *keyword,
                     const char *arg, const spbe_about_t *about);
/* Validates; findings of one field. 1: valid. */
int spbe_check_node(const spbe_check_t *check, const spbe_param_t *param,
                    spbe_place_t place, const spbe_node_t *node);
/* Validates a JSON body; findings with pointers. */
void spbe_check_json(const spbe_check_t *check, const spbe_schema_t *schema,
                     const spbe_node_t *node);
/* Validates a form made into an object; findings by field. */
void spbe_check_object(const spbe_check_t *check, const spbe_body_t *body,
                       const spbe_node_t *object);

/* --- check_param.c --- */

/* Parameters of a place mask (1u << SPBE_IN_...). */
void spbe_check_params(const spbe_check_t *check,
                       const apr_array_header_t *params, unsigned places);
/* SpbeGuardParam lines, when all that will be read has been. */
void spbe_check_lines(const spbe_check_t *check,
                      const spbe_operation_t *operation);
const spbe_operation_t *spbe_check_open(const spbe_settings_t *settings);

/* --- check_form.c --- */
void spbe_check_form(spbe_check_t *check, const spbe_body_t *body);
/* The files of one parameter: count, and each one. */
void spbe_check_files(const spbe_check_t *check, const spbe_param_t *param,
                      const apr_array_header_t *files);
/* const spbe_field_t *: files of that name; unused file inputs left out. */
apr_array_header_t *spbe_check_find_files(const spbe_check_t *check,
                                          const char *name);
/* Files that no policy names. */
void spbe_check_other_files(const spbe_check_t *check, const spbe_body_t *body);

/* --- check_method.c --- */

/* What a request leads to; where its path is none of the policy's, what the
 * file that will run leads to. */
spbe_match_t spbe_check_match(const spbe_settings_t *settings,
                              const spbe_view_t *view, spbe_span_t method,
                              int preflight, apr_pool_t *pool);
int spbe_check_is_post(const spbe_check_t *check);
void spbe_check_find_method(const spbe_check_t *check, const char *allow);
/*
 * spbe_match_t of the operations that a POST says it is, beside the one that it
 * is: by header fields and query, or by its form. say: a method that the path
 * does not have is a finding.
 */
apr_array_header_t *spbe_check_overrides(const spbe_check_t *check, int of_form,
                                         int say);
/* A CORS preflight? *asked: what the request behind it will lead to. */
int spbe_check_preflight(const spbe_check_t *check, spbe_match_t *asked);

/* --- check_unknown.c --- */

/* Does a list of parameters know this field? */
int spbe_check_knows(const apr_array_header_t *params, spbe_place_t place,
                     spbe_span_t name);
void spbe_check_unknown_query(const spbe_check_t *check);
void spbe_check_unknown_form(const spbe_check_t *check,
                             const spbe_body_t *body);
void spbe_check_unknown_json(const spbe_check_t *check,
                             const spbe_body_t *body);
void spbe_check_unknown(const spbe_check_t *check, spbe_place_t place,
                        spbe_span_t field, const char *pointer,
                        spbe_span_t value);

/* --- check_compare.c --- */
void spbe_check_compare(const spbe_check_t *check,
                        const apr_array_header_t *compare,
                        const apr_array_header_t *fields);

#endif
