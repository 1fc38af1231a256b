/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_object.c - the rules for objects: one pass over the members.
 */
#include "input/schema_run.h"

#include "text/utf8.h"

/* Names of faults are cut: they are what a visitor has sent. */
#define NAME_BYTES 100

static spbe_span_t bounded(spbe_span_t name)
{
    return spbe_utf8_cut(name, NAME_BYTES);
}

/* One member by one of the schema's rules; false is told as the keyword. */
static int child(spbe_run_t *run, const spbe_schema_t *owner,
                 const spbe_schema_t *schema, const char *keyword,
                 const spbe_node_t *member, const spbe_path_t *up)
{
    spbe_path_t path = {up, member, 0, 1, schema};

    if (schema->always == 2) {
        return spbe_schema_run_fault(run, owner, keyword, &path,
                                     bounded(member->name));
    }
    return spbe_schema_run(run, schema, member, &path, NULL);
}

static int check_name(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *member, const spbe_path_t *up)
{
    const spbe_schema_t *names = schema->object->property_names;
    spbe_node_t name = {.type = SPBE_NODE_STRING,
                        .text = member->name,
                        .name = SPBE_SPAN_EMPTY};
    spbe_path_t path = {up, member, 0, 1, names};
    int ok;

    run->quiet++;
    ok = spbe_schema_run(run, names, &name, &path, NULL);
    run->quiet--;
    return ok || spbe_schema_run_fault(run, schema, "propertyNames", &path,
                                       bounded(member->name));
}

static int by_patterns(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *member, const spbe_path_t *path,
                       int *known)
{
    const apr_array_header_t *patterns = schema->object->patterns;
    spbe_path_t at = {path, member, 0, 1, schema};
    int i, ok = 1;

    for (i = 0; patterns != NULL && i < patterns->nelts; i++) {
        const spbe_pattern_t *pattern =
            &APR_ARRAY_IDX(patterns, i, spbe_pattern_t);

        if (!spbe_schema_run_match(run, schema, pattern->regex, member->name,
                                   &at)) {
            continue;
        }
        *known = 1;
        ok &= child(run, schema, pattern->schema, "patternProperties", member,
                    path);
    }
    return ok;
}

/* *known: some rule but propertyNames looked at the member. */
static int check_member(spbe_run_t *run, const spbe_schema_t *schema,
                        const spbe_name_t *entry, const spbe_node_t *member,
                        const spbe_path_t *path, int *known)
{
    const spbe_object_rules_t *rules = schema->object;
    int ok = 1;

    *known = 0;
    if (entry != NULL && entry->schema != NULL) {
        *known = 1;
        ok = child(run, schema, entry->schema, "properties", member, path);
    }
    if (rules->patterns != NULL) {
        ok &= by_patterns(run, schema, member, path, known);
    }
    if (!*known && rules->additional != NULL) {
        *known = 1;
        ok &= child(run, schema, rules->additional, "additionalProperties",
                    member, path);
    }
    if (rules->property_names != NULL) {
        ok &= check_name(run, schema, member, path);
    }
    return ok;
}

/* Whether a name is there is seen in the pass, for the first 64 of them. */
static int check_required(spbe_run_t *run, const spbe_schema_t *schema,
                          const spbe_node_t *node, const spbe_path_t *path,
                          unsigned long long seen)
{
    const apr_array_header_t *required = schema->object->required;
    int ok = 1, i;

    for (i = 0; i < required->nelts && (ok || spbe_schema_run_wants(run));
         i++) {
        spbe_span_t name =
            spbe_span_from(APR_ARRAY_IDX(required, i, const char *));

        if (i < 64 ? (seen >> i) & 1
                   : spbe_schema_run_spend(run, node->count / 8) &&
                         spbe_node_member(node, name) != NULL) {
            continue;
        }
        ok = spbe_schema_run_fault(run, schema, "required", path, name);
    }
    return ok;
}

static int all_seen(const apr_array_header_t *required, unsigned long long seen)
{
    return required->nelts < 64 && seen == (1ull << required->nelts) - 1;
}

static int check_dependent(spbe_run_t *run, const spbe_schema_t *schema,
                           const spbe_dependent_t *dependent,
                           const spbe_node_t *node, const spbe_path_t *path,
                           spbe_marks_t *marks)
{
    const apr_array_header_t *required = dependent->required;
    int ok = 1, i;

    spbe_schema_run_spend(run, 1 + node->count / 8);
    if (spbe_node_member(node, dependent->name) == NULL) {
        return 1;
    }
    if (dependent->schema != NULL) {
        ok = spbe_schema_run(run, dependent->schema, node, path, marks);
    }
    for (i = 0; required != NULL && i < required->nelts; i++) {
        spbe_span_t name =
            spbe_span_from(APR_ARRAY_IDX(required, i, const char *));

        spbe_schema_run_spend(run, 1 + node->count / 8);
        if (spbe_node_member(node, name) == NULL) {
            ok = spbe_schema_run_fault(run, schema, "dependentRequired", path,
                                       name);
        }
    }
    return ok;
}

static int check_count(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_object_rules_t *rules = schema->object;
    int ok = 1;

    if (rules->min.node != NULL && node->count < rules->min.value) {
        ok = spbe_schema_run_fault(run, schema, "minProperties", path,
                                   rules->min.node->text);
    }
    if (rules->max.node != NULL && node->count > rules->max.value) {
        ok = spbe_schema_run_fault(run, schema, "maxProperties", path,
                                   rules->max.node->text);
    }
    return ok;
}

static int check_members(spbe_run_t *run, const spbe_schema_t *schema,
                         const spbe_node_t *node, const spbe_path_t *path,
                         spbe_marks_t *marks, unsigned long long *seen)
{
    const spbe_node_t *member;
    int ok = 1, known;
    size_t i = 0;

    for (member = node->first; member != NULL; member = member->next, i++) {
        const spbe_name_t *entry =
            spbe_schema_names_find(schema->object, member->name);

        if (entry != NULL && entry->required >= 0 && entry->required < 64) {
            *seen |= 1ull << entry->required;
        }
        if (!check_member(run, schema, entry, member, path, &known)) {
            ok = 0;
            if (!spbe_schema_run_wants(run)) {
                return 0;
            }
        }
        if (known && marks != NULL) {
            marks->seen[i] = 1;
        }
    }
    return ok;
}

int spbe_schema_object(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *node, const spbe_path_t *path,
                       spbe_marks_t *marks)
{
    const spbe_object_rules_t *rules = schema->object;
    unsigned long long seen = 0;
    int ok, i;

    ok = spbe_schema_run_spend(run, node->count / 4) &&
         check_count(run, schema, node, path);
    if (!ok && !spbe_schema_run_wants(run)) {
        return 0;
    }
    ok &= check_members(run, schema, node, path, marks, &seen);
    if (!ok && !spbe_schema_run_wants(run)) {
        return 0;
    }
    if (rules->required != NULL && !all_seen(rules->required, seen)) {
        ok &= check_required(run, schema, node, path, seen);
    }
    for (i = 0; rules->dependents != NULL && i < rules->dependents->nelts &&
                (ok || spbe_schema_run_wants(run));
         i++) {
        ok &= check_dependent(
            run, schema, &APR_ARRAY_IDX(rules->dependents, i, spbe_dependent_t),
            node, path, marks);
    }
    return ok;
}

int spbe_schema_object_rest(spbe_run_t *run, const spbe_schema_t *schema,
                            const spbe_node_t *node, const spbe_path_t *path,
                            spbe_marks_t *marks)
{
    const spbe_node_t *member;
    size_t i = 0;
    int ok = 1;

    for (member = node->first; member != NULL; member = member->next, i++) {
        if (marks->seen[i]) {
            continue;
        }
        marks->seen[i] = 1;
        ok &= child(run, schema, schema->object->unevaluated,
                    "unevaluatedProperties", member, path);
        if (!ok && !spbe_schema_run_wants(run)) {
            return 0;
        }
    }
    return ok;
}
