/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_run.h - how an instance is judged: where it stands, what is
 * left of its steps, what has been evaluated.
 */
#ifndef SPBE_INPUT_SCHEMA_RUN_H
#define SPBE_INPUT_SCHEMA_RUN_H

#include "input/schema_in.h"

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
/* A pattern gave up: a fault, even where faults are not told. */
void spbe_schema_run_limit(spbe_run_t *run, const spbe_schema_t *schema,
                           const spbe_path_t *path);
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
                                            spbe_span_t missing,
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
