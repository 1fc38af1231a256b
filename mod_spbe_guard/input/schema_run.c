/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_run.c - an instance against a compiled schema.
 *
 * Steps and depth are counted, so that no schema and no instance can hold a
 * thread for long or use up its stack. A valid instance costs no memory but
 * for what unevaluated* has to remember.
 */
#include "input/schema_run.h"

#include <string.h>

#include <apr_strings.h>

#include "text/decimal.h"

#define CHUNK 4096

int spbe_schema_run_spend(spbe_run_t *run, size_t steps)
{
    if (run->failed || steps >= (size_t)run->steps) {
        run->failed = 1;
        return 0;
    }
    run->steps -= (long)steps;
    return 1;
}

int spbe_schema_run_wants(const spbe_run_t *run)
{
    return run->faults != NULL && run->quiet == 0 && !run->failed &&
           run->faults->nelts < SPBE_FAULTS_MAX;
}

static void push_fault(spbe_run_t *run, const spbe_schema_t *schema,
                       const char *keyword, const spbe_path_t *path,
                       spbe_span_t arg)
{
    spbe_span_t missing = SPBE_SPAN_EMPTY;
    spbe_fault_t *fault;

    if (strcmp(keyword, "required") == 0 ||
        strcmp(keyword, "dependentRequired") == 0) {
        missing = arg;
    }
    fault = apr_array_push(run->faults);
    fault->keyword = keyword;
    fault->pointer = spbe_schema_fault_pointer(path, run->pool);
    fault->node = path->node;
    fault->schema = schema;
    fault->arg = arg.len == 0 ? NULL : spbe_span_dup(arg, run->pool);
    fault->about = spbe_schema_fault_about(path, missing, run->pool);
}

int spbe_schema_run_fault(spbe_run_t *run, const spbe_schema_t *schema,
                          const char *keyword, const spbe_path_t *path,
                          spbe_span_t arg)
{
    if (spbe_schema_run_wants(run)) {
        push_fault(run, schema, keyword, path, arg);
    }
    return 0;
}

void spbe_schema_run_limit(spbe_run_t *run, const spbe_schema_t *schema,
                           const spbe_path_t *path)
{
    if (!run->limit && run->faults != NULL &&
        run->faults->nelts < SPBE_FAULTS_MAX) {
        push_fault(run, schema, "limit", path, SPBE_SPAN_EMPTY);
    }
    run->limit = 1;
}

int spbe_schema_run_match(spbe_run_t *run, const spbe_schema_t *schema,
                          const spbe_regex_t *regex, spbe_span_t text,
                          const spbe_path_t *path)
{
    spbe_regex_answer_t answer;

    if (!spbe_schema_run_spend(run, 4 + text.len / 64)) {
        return 0;
    }
    if (run->scratch == NULL) {
        run->scratch = spbe_regex_scratch_create(run->pool);
    }
    answer = spbe_regex_match(regex, text, run->scratch);
    if (answer == SPBE_REGEX_LIMIT) {
        spbe_schema_run_limit(run, schema, path);
    }
    return answer == SPBE_REGEX_YES;
}

static spbe_chunk_t *make_chunk(spbe_run_t *run, size_t size)
{
    spbe_chunk_t *chunk = apr_palloc(run->pool, sizeof(*chunk));

    chunk->size = size > CHUNK ? size : CHUNK;
    chunk->used = 0;
    chunk->bytes = apr_palloc(run->pool, chunk->size);
    chunk->next = NULL;
    return chunk;
}

/* The next chunk that has room; those behind the current one are free. */
static spbe_chunk_t *next_chunk(spbe_run_t *run, size_t size)
{
    spbe_chunk_t *chunk = run->chunk;

    while (chunk != NULL && chunk->next != NULL) {
        chunk = chunk->next;
        chunk->used = 0;
        if (chunk->size >= size) {
            return chunk;
        }
    }
    if (chunk == NULL && run->chunks != NULL) {
        run->chunks->used = 0;
        run->chunk = run->chunks;
        return run->chunks->size >= size ? run->chunks : next_chunk(run, size);
    }
    *(chunk == NULL ? &run->chunks : &chunk->next) = make_chunk(run, size);
    return chunk == NULL ? run->chunks : chunk->next;
}

void *spbe_schema_run_hold(spbe_run_t *run, size_t size, spbe_hold_t *hold)
{
    unsigned char *bytes;

    size = (size + 7) & ~(size_t)7;
    hold->chunk = run->chunk;
    hold->used = run->chunk == NULL ? 0 : run->chunk->used;
    spbe_schema_run_spend(run, size / 32);
    if (run->chunk == NULL || run->chunk->size - run->chunk->used < size) {
        run->chunk = next_chunk(run, size);
    }
    bytes = run->chunk->bytes + run->chunk->used;
    run->chunk->used += size;
    memset(bytes, 0, size);
    return bytes;
}

void spbe_schema_run_release(spbe_run_t *run, const spbe_hold_t *hold)
{
    run->chunk = hold->chunk;
    if (hold->chunk != NULL) {
        hold->chunk->used = hold->used;
    }
}

static int plain_integer(spbe_span_t text)
{
    size_t i;

    for (i = text.ptr[0] == '-'; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
    }
    return 1;
}

static int type_fits(unsigned types, const spbe_node_t *node)
{
    if (types & spbe_schema_type_of(node)) {
        return 1;
    }
    return node->type == SPBE_NODE_NUMBER && (types & SPBE_TYPE_INTEGER) &&
           (plain_integer(node->text) || spbe_decimal_is_integer(node->text));
}

static int type_fault(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_path_t *path)
{
    spbe_span_t names = SPBE_SPAN_EMPTY;

    if (spbe_schema_run_wants(run)) {
        names =
            spbe_span_from(spbe_schema_type_names(schema->types, run->pool));
    }
    return spbe_schema_run_fault(run, schema, "type", path, names);
}

/* The rules for the one type that the instance has. */
static int by_type(spbe_run_t *run, const spbe_schema_t *schema,
                   const spbe_node_t *node, const spbe_path_t *path,
                   spbe_marks_t *marks)
{
    switch (node->type) {
    case SPBE_NODE_NUMBER:
        return schema->number == NULL ||
               spbe_schema_assert_number(run, schema, node, path);
    case SPBE_NODE_STRING:
        return schema->string == NULL ||
               spbe_schema_assert_string(run, schema, node, path);
    case SPBE_NODE_ARRAY:
        return schema->array == NULL ||
               spbe_schema_array(run, schema, node, path, marks);
    case SPBE_NODE_OBJECT:
        return schema->object == NULL ||
               spbe_schema_object(run, schema, node, path, marks);
    default:
        return 1;
    }
}

static int assertions(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks)
{
    int ok = 1;

    if (schema->typed && !type_fits(schema->types, node)) {
        return type_fault(run, schema, path);
    }
    if (schema->choice != NULL &&
        !spbe_schema_assert_choice(run, schema, node, path)) {
        ok = 0;
        if (!spbe_schema_run_wants(run)) {
            return 0;
        }
    }
    if (!by_type(run, schema, node, path, marks)) {
        ok = 0;
        if (!spbe_schema_run_wants(run)) {
            return 0;
        }
    }
    if (schema->apply != NULL &&
        !spbe_schema_apply(run, schema, node, path, marks)) {
        ok = 0;
    }
    return ok;
}

static int has_rest(const spbe_schema_t *schema, const spbe_node_t *node)
{
    if (node->type == SPBE_NODE_OBJECT) {
        return schema->object != NULL && schema->object->unevaluated != NULL;
    }
    return node->type == SPBE_NODE_ARRAY && schema->array != NULL &&
           schema->array->unevaluated != NULL;
}

/* unevaluated* sees what this schema and those within it have looked at,
 * nothing of its neighbours. */
static int with_rest(spbe_run_t *run, const spbe_schema_t *schema,
                     const spbe_node_t *node, const spbe_path_t *path,
                     spbe_marks_t *outer)
{
    spbe_marks_t own = {NULL, 0};
    spbe_hold_t hold;
    size_t i;
    int ok;

    own.seen = spbe_schema_run_hold(run, node->count, &hold);
    ok = assertions(run, schema, node, path, &own);
    if (!own.unsure && (ok || spbe_schema_run_wants(run))) {
        ok &= node->type == SPBE_NODE_OBJECT
                  ? spbe_schema_object_rest(run, schema, node, path, &own)
                  : spbe_schema_array_rest(run, schema, node, path, &own);
    }
    for (i = 0; outer != NULL && i < node->count; i++) {
        outer->seen[i] |= own.seen[i];
    }
    if (outer != NULL) {
        outer->unsure |= own.unsure;
    }
    spbe_schema_run_release(run, &hold);
    return ok;
}

static int run_scoped(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks)
{
    spbe_scope_t scope = {run->scope, schema->resource};
    const spbe_scope_t *before = run->scope;
    int ok;

    if (before == NULL || before->resource != schema->resource) {
        run->scope = &scope;
    }
    ok = has_rest(schema, node) ? with_rest(run, schema, node, path, marks)
                                : assertions(run, schema, node, path, marks);
    run->scope = before;
    return ok;
}

int spbe_schema_run(spbe_run_t *run, const spbe_schema_t *schema,
                    const spbe_node_t *node, const spbe_path_t *path,
                    spbe_marks_t *marks)
{
    int ok;

    if (!spbe_schema_run_spend(run, 1)) {
        return 0;
    }
    if (schema->always != 0) {
        return schema->always == 1 ||
               spbe_schema_run_fault(run, schema, "false", path,
                                     SPBE_SPAN_EMPTY);
    }
    if (run->depth >= SPBE_SCHEMA_DEPTH_MAX) {
        run->failed = 1;
        return 0;
    }
    run->depth++;
    ok = run_scoped(run, schema, node, path, marks);
    run->depth--;
    return ok && !run->failed;
}
