/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/problem.c - errors and warnings of a policy, with line and column.
 */
#include "input/problem.h"

#include <stdarg.h>

#include <apr_strings.h>

spbe_problems_t *spbe_problems_create(const char *file, spbe_span_t source,
                                      apr_pool_t *pool)
{
    spbe_problems_t *problems = apr_pcalloc(pool, sizeof(*problems));

    problems->list = apr_array_make(pool, 8, sizeof(spbe_problem_t));
    problems->file = file;
    problems->source = source;
    problems->pool = pool;
    return problems;
}

static void add(spbe_problems_t *problems, const spbe_node_t *node,
                int warning, const char *format, va_list args)
{
    spbe_problem_t *problem;

    *(warning ? &problems->warnings : &problems->errors) += 1;
    if (problems->list->nelts >= SPBE_PROBLEMS_MAX) {
        return;
    }
    problem = apr_array_push(problems->list);
    *problem = (spbe_problem_t){ .warning = warning, .file = problems->file };
    problem->text = apr_pvsprintf(problems->pool, format, args);
    if (node != NULL && problems->source.len > 0) {
        spbe_json_place(problems->source, node->offset, &problem->line,
                        &problem->column);
    }
}

void spbe_problem_error(spbe_problems_t *problems, const spbe_node_t *node,
                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, node, 0, format, args);
    va_end(args);
}

void spbe_problem_warn(spbe_problems_t *problems, const spbe_node_t *node,
                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, node, 1, format, args);
    va_end(args);
}

const char *spbe_problem_line(const spbe_problem_t *problem, apr_pool_t *pool)
{
    const char *kind = problem->warning ? "warning: " : "";

    if (problem->line == 0) {
        return apr_psprintf(pool, "%s: %s%s", problem->file, kind,
                            problem->text);
    }
    return apr_psprintf(pool, "%s:%u:%u: %s%s", problem->file, problem->line,
                        problem->column, kind, problem->text);
}

const char *spbe_problems_first_error(const spbe_problems_t *problems,
                                      apr_pool_t *pool)
{
    int i;

    for (i = 0; i < problems->list->nelts; i++) {
        const spbe_problem_t *problem =
            &APR_ARRAY_IDX(problems->list, i, spbe_problem_t);

        if (!problem->warning) {
            return spbe_problem_line(problem, pool);
        }
    }
    return problems->errors == 0
               ? NULL
               : apr_psprintf(pool, "%s: too many warnings; see the errors "
                              "with spbe-guardctl policy check",
                              problems->file);
}
