/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_apply.c - schemas that judge the same instance: references,
 * allOf, anyOf, oneOf, not, if.
 */
#include "input/schema_run.h"

/* A branch: its faults are not told, its marks count only if it is valid. */
static int branch(spbe_run_t *run, const spbe_schema_t *schema,
                  const spbe_node_t *node, const spbe_path_t *path,
                  spbe_marks_t *marks)
{
    spbe_marks_t own = {NULL, 0};
    spbe_hold_t hold;
    size_t i;
    int ok;

    run->quiet++;
    if (marks == NULL) {
        ok = spbe_schema_run(run, schema, node, path, NULL);
        run->quiet--;
        return ok;
    }
    own.seen = spbe_schema_run_hold(run, node->count, &hold);
    ok = spbe_schema_run(run, schema, node, path, &own);
    for (i = 0; ok && i < node->count; i++) {
        marks->seen[i] |= own.seen[i];
    }
    spbe_schema_run_release(run, &hold);
    run->quiet--;
    return ok;
}

static int other_constant(const spbe_schema_t *schema, void *baton)
{
    const spbe_node_t *const *node = baton, *member;
    int i;

    for (i = 0; schema->object != NULL && i < schema->object->names->nelts;
         i++) {
        const spbe_name_t *entry =
            &APR_ARRAY_IDX(schema->object->names, i, spbe_name_t);

        if (entry->schema == NULL || entry->schema->choice == NULL ||
            entry->schema->choice->fixed == NULL) {
            continue;
        }
        member = spbe_node_member(*node, entry->name);
        if (member != NULL &&
            !spbe_node_equal(entry->schema->choice->fixed, member)) {
            return 1;
        }
    }
    return 0;
}

/* An object whose member of a fixed value has another is meant for another
 * branch. */
static int is_meant(const spbe_schema_t *schema, const spbe_node_t *node)
{
    int left = SPBE_SCHEMA_VISITS;

    return node->type != SPBE_NODE_OBJECT ||
           !spbe_schema_each(schema, other_constant, &node, &left);
}

/* The only branch that the value can be meant for, or NULL. */
static const spbe_schema_t *only_branch(const apr_array_header_t *list,
                                        const spbe_node_t *node)
{
    unsigned type = spbe_schema_type_of(node), fit = 0, meant = 0;
    const spbe_schema_t *by_type = NULL, *by_member = NULL;
    int i;

    if (type == SPBE_TYPE_NUMBER) {
        type |= SPBE_TYPE_INTEGER;
    }
    for (i = 0; i < list->nelts; i++) {
        const spbe_schema_t *one =
            APR_ARRAY_IDX(list, i, const spbe_schema_t *);

        if (!(one->joined & type)) {
            continue;
        }
        fit++;
        by_type = one;
        if (is_meant(one, node)) {
            meant++;
            by_member = one;
        }
    }
    return fit == 1 ? by_type : meant == 1 ? by_member : NULL;
}

/* Nothing fits. Where only one of the branches can be meant (the other being
 * null, mostly), what is wrong is what is wrong there. */
static int tell_branch(spbe_run_t *run, const spbe_schema_t *schema,
                       const apr_array_header_t *list, const char *keyword,
                       const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_schema_t *only;
    int before;

    if (!spbe_schema_run_wants(run)) {
        return 0;
    }
    only = only_branch(list, node);
    before = run->faults->nelts;
    if (only != NULL) {
        spbe_schema_run(run, only, node, path, NULL);
    }
    if (run->faults->nelts == before) {
        spbe_schema_run_fault(run, schema, keyword, path, SPBE_SPAN_EMPTY);
    }
    return 0;
}

static int check_any(spbe_run_t *run, const spbe_schema_t *schema,
                     const spbe_node_t *node, const spbe_path_t *path,
                     spbe_marks_t *marks)
{
    const apr_array_header_t *list = schema->apply->any;
    int i, found = 0;

    for (i = 0; i < list->nelts && !run->failed; i++) {
        found |= branch(run, APR_ARRAY_IDX(list, i, const spbe_schema_t *),
                        node, path, marks);
        if (found && marks == NULL) {
            return 1;
        }
    }
    if (found) {
        return 1;
    }
    if (marks != NULL) {
        marks->unsure = 1;
    }
    return tell_branch(run, schema, list, "anyOf", node, path);
}

static int check_one(spbe_run_t *run, const spbe_schema_t *schema,
                     const spbe_node_t *node, const spbe_path_t *path,
                     spbe_marks_t *marks)
{
    const apr_array_header_t *list = schema->apply->one;
    int i, found = 0;

    for (i = 0; i < list->nelts && found < 2 && !run->failed; i++) {
        found += branch(run, APR_ARRAY_IDX(list, i, const spbe_schema_t *),
                        node, path, marks);
    }
    if (found == 1) {
        return 1;
    }
    if (marks != NULL) {
        marks->unsure = 1;
    }
    if (found == 0) {
        return tell_branch(run, schema, list, "oneOf", node, path);
    }
    return spbe_schema_run_fault(run, schema, "oneOf", path, SPBE_SPAN_EMPTY);
}

static int check_all(spbe_run_t *run, const spbe_schema_t *schema,
                     const spbe_node_t *node, const spbe_path_t *path,
                     spbe_marks_t *marks)
{
    const apr_array_header_t *list = schema->apply->all;
    int i, ok = 1;

    for (i = 0; i < list->nelts && (ok || spbe_schema_run_wants(run)); i++) {
        ok &=
            spbe_schema_run(run, APR_ARRAY_IDX(list, i, const spbe_schema_t *),
                            node, path, marks);
    }
    return ok;
}

static int check_if(spbe_run_t *run, const spbe_schema_t *schema,
                    const spbe_node_t *node, const spbe_path_t *path,
                    spbe_marks_t *marks)
{
    const spbe_apply_rules_t *apply = schema->apply;
    const spbe_schema_t *next = branch(run, apply->condition, node, path, marks)
                                    ? apply->then
                                    : apply->otherwise;

    return next == NULL || spbe_schema_run(run, next, node, path, marks);
}

/* The outermost schema on the way here that has that $dynamicAnchor. */
static const spbe_schema_t *dynamic(spbe_run_t *run,
                                    const spbe_apply_rules_t *apply)
{
    const spbe_schema_t *found = apply->dynamic;
    const spbe_scope_t *scope;

    if (apply->dynamic_name == NULL) {
        return found;
    }
    for (scope = run->scope; scope != NULL; scope = scope->up) {
        const spbe_dynamic_t *entry = apr_hash_get(
            scope->resource->dynamic, apply->dynamic_name, APR_HASH_KEY_STRING);

        spbe_schema_run_spend(run, 1);
        if (entry != NULL && entry->schema != NULL) {
            found = entry->schema;
        }
    }
    return found;
}

static int check_references(spbe_run_t *run, const spbe_schema_t *schema,
                            const spbe_node_t *node, const spbe_path_t *path,
                            spbe_marks_t *marks)
{
    const spbe_apply_rules_t *apply = schema->apply;
    int ok = 1;

    if (apply->ref != NULL) {
        ok = spbe_schema_run(run, apply->ref, node, path, marks);
    }
    if (apply->dynamic != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= spbe_schema_run(run, dynamic(run, apply), node, path, marks);
    }
    return ok;
}

int spbe_schema_apply(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks)
{
    const spbe_apply_rules_t *apply = schema->apply;
    int ok = check_references(run, schema, node, path, marks);

    if (apply->all != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= check_all(run, schema, node, path, marks);
    }
    if (apply->any != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= check_any(run, schema, node, path, marks);
    }
    if (apply->one != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= check_one(run, schema, node, path, marks);
    }
    if (apply->none != NULL && (ok || spbe_schema_run_wants(run)) &&
        branch(run, apply->none, node, path, NULL)) {
        ok = spbe_schema_run_fault(run, schema, "not", path, SPBE_SPAN_EMPTY);
    }
    if (apply->condition != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= check_if(run, schema, node, path, marks);
    }
    return ok;
}
