/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/problem.h - what is wrong with a policy, said to its author.
 *
 * Errors stop the policy from being used, warnings do not. Each names file,
 * line and column, and says what is allowed instead.
 */
#ifndef SPBE_INPUT_PROBLEM_H
#define SPBE_INPUT_PROBLEM_H

#include <apr_tables.h>

#include "text/jsontree.h"

#define SPBE_PROBLEMS_MAX 200

typedef struct spbe_problem {
    int warning;        /* else an error */
    const char *file;
    unsigned line, column; /* 0: of the whole file */
    const char *text;
} spbe_problem_t;

typedef struct spbe_problems {
    apr_array_header_t *list; /* spbe_problem_t, in the order found */
    unsigned errors, warnings; /* counted beyond SPBE_PROBLEMS_MAX as well */
    const char *file;          /* of the document being read */
    spbe_span_t source;        /* its text, for line and column */
    apr_pool_t *pool;
} spbe_problems_t;

spbe_problems_t *spbe_problems_create(const char *file, spbe_span_t source,
                                      apr_pool_t *pool);

/* node: where; NULL: the whole file. Formats as apr_psprintf. */
void spbe_problem_error(spbe_problems_t *problems, const spbe_node_t *node,
                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void spbe_problem_warn(spbe_problems_t *problems, const spbe_node_t *node,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "file:line:column: text", the first error (or NULL), in pool. */
const char *spbe_problems_first_error(const spbe_problems_t *problems,
                                      apr_pool_t *pool);
const char *spbe_problem_line(const spbe_problem_t *problem, apr_pool_t *pool);

#endif
