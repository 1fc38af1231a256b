/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_array.c - the rules for arrays: one pass over the elements,
 * another for uniqueItems by hash.
 */
#include "input/schema_run.h"

static int child(spbe_run_t *run, const spbe_schema_t *owner,
                 const spbe_schema_t *schema, const char *keyword,
                 const spbe_node_t *item, size_t index, const spbe_path_t *up)
{
    spbe_path_t path = {up, item, index, 0, schema};

    if (schema->always == 2) {
        return spbe_schema_run_fault(run, owner, keyword, &path,
                                     SPBE_SPAN_EMPTY);
    }
    return spbe_schema_run(run, schema, item, &path, NULL);
}

static int check_items(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *node, const spbe_path_t *path,
                       spbe_marks_t *marks)
{
    const spbe_array_rules_t *rules = schema->array;
    const spbe_node_t *item;
    size_t i = 0;
    int ok = 1;

    for (item = node->first; item != NULL; item = item->next, i++) {
        const spbe_schema_t *one =
            i < rules->prefixes ? rules->prefix[i] : rules->items;

        if (one == NULL) {
            break;
        }
        ok &=
            child(run, schema, one,
                  i < rules->prefixes ? "prefixItems" : "items", item, i, path);
        if (!ok && !spbe_schema_run_wants(run)) {
            return 0;
        }
        if (marks != NULL) {
            marks->seen[i] = 1;
        }
    }
    return ok;
}

static size_t count_containing(spbe_run_t *run, const spbe_schema_t *schema,
                               const spbe_node_t *node, const spbe_path_t *path,
                               spbe_marks_t *marks)
{
    const spbe_node_t *item;
    size_t i = 0, found = 0;

    run->quiet++;
    for (item = node->first; item != NULL && !run->failed;
         item = item->next, i++) {
        if (child(run, schema, schema->array->contains, "contains", item, i,
                  path)) {
            found++;
            if (marks != NULL) {
                marks->seen[i] = 1;
            }
        }
    }
    run->quiet--;
    return found;
}

static int check_contains(spbe_run_t *run, const spbe_schema_t *schema,
                          const spbe_node_t *node, const spbe_path_t *path,
                          spbe_marks_t *marks)
{
    const spbe_array_rules_t *rules = schema->array;
    size_t min = rules->min_contains.node ? rules->min_contains.value : 1;
    size_t found = count_containing(run, schema, node, path, marks);

    if (found < min) {
        int named = rules->min_contains.node != NULL;

        return spbe_schema_run_fault(
            run, schema, named ? "minContains" : "contains", path,
            named ? rules->min_contains.node->text : SPBE_SPAN_EMPTY);
    }
    if (rules->max_contains.node != NULL && found > rules->max_contains.value) {
        return spbe_schema_run_fault(run, schema, "maxContains", path,
                                     rules->max_contains.node->text);
    }
    return 1;
}

/* What comparing a value can cost at most. */
static size_t weight(const spbe_node_t *node)
{
    const spbe_node_t *one;
    size_t sum = 1 + (node->text.len + node->name.len) / 32;

    for (one = node->first; one != NULL; one = one->next) {
        sum += weight(one);
    }
    return sum;
}

/* Elements whose hashes were made equal on purpose use up the steps. */
static int put_unique(spbe_run_t *run, const spbe_node_t **slots,
                      unsigned *hashes, unsigned mask, const spbe_node_t *item)
{
    unsigned hash = spbe_node_hash(item);
    size_t cost = weight(item);
    unsigned at;

    for (at = hash & mask; slots[at] != NULL; at = (at + 1) & mask) {
        if (!spbe_schema_run_spend(run, 1)) {
            return 0;
        }
        if (hashes[at] != hash) {
            continue;
        }
        if (!spbe_schema_run_spend(run, cost) ||
            spbe_node_equal(slots[at], item)) {
            return 0;
        }
    }
    slots[at] = item;
    hashes[at] = hash;
    return spbe_schema_run_spend(run, cost);
}

static int unique_pairs(spbe_run_t *run, const spbe_node_t *node)
{
    const spbe_node_t *a, *b;

    for (a = node->first; a != NULL; a = a->next) {
        for (b = a->next; b != NULL; b = b->next) {
            if (a->type == b->type && (!spbe_schema_run_spend(run, weight(a)) ||
                                       spbe_node_equal(a, b))) {
                return 0;
            }
        }
    }
    return 1;
}

static int is_unique(spbe_run_t *run, const spbe_node_t *node)
{
    const spbe_node_t **slots, *item;
    spbe_hold_t hold, inner;
    unsigned *hashes;
    size_t size = 16;
    int ok = 1;

    if (node->count <= 4) {
        return unique_pairs(run, node);
    }
    while (size < node->count * 2) {
        size *= 2;
    }
    slots = spbe_schema_run_hold(run, size * sizeof(*slots), &hold);
    hashes = spbe_schema_run_hold(run, size * sizeof(*hashes), &inner);
    for (item = node->first; ok && item != NULL; item = item->next) {
        ok = put_unique(run, slots, hashes, (unsigned)size - 1, item);
    }
    spbe_schema_run_release(run, &hold);
    return ok;
}

static int check_count(spbe_run_t *run, const spbe_schema_t *schema,
                       const spbe_node_t *node, const spbe_path_t *path)
{
    const spbe_array_rules_t *rules = schema->array;

    if (rules->min.node != NULL && node->count < rules->min.value) {
        return spbe_schema_run_fault(run, schema, "minItems", path,
                                     rules->min.node->text);
    }
    if (rules->max.node != NULL && node->count > rules->max.value) {
        return spbe_schema_run_fault(run, schema, "maxItems", path,
                                     rules->max.node->text);
    }
    return 1;
}

int spbe_schema_array(spbe_run_t *run, const spbe_schema_t *schema,
                      const spbe_node_t *node, const spbe_path_t *path,
                      spbe_marks_t *marks)
{
    const spbe_array_rules_t *rules = schema->array;
    int ok = check_count(run, schema, node, path);

    if (ok || spbe_schema_run_wants(run)) {
        ok &= check_items(run, schema, node, path, marks);
    }
    if (rules->contains != NULL && (ok || spbe_schema_run_wants(run))) {
        ok &= check_contains(run, schema, node, path, marks);
    }
    if (rules->unique && (ok || spbe_schema_run_wants(run)) &&
        !is_unique(run, node)) {
        ok = spbe_schema_run_fault(run, schema, "uniqueItems", path,
                                   SPBE_SPAN_EMPTY);
    }
    return ok;
}

int spbe_schema_array_rest(spbe_run_t *run, const spbe_schema_t *schema,
                           const spbe_node_t *node, const spbe_path_t *path,
                           spbe_marks_t *marks)
{
    const spbe_node_t *item;
    size_t i = 0;
    int ok = 1;

    for (item = node->first; item != NULL; item = item->next, i++) {
        if (marks->seen[i]) {
            continue;
        }
        marks->seen[i] = 1;
        ok &= child(run, schema, schema->array->unevaluated, "unevaluatedItems",
                    item, i, path);
        if (!ok && !spbe_schema_run_wants(run)) {
            return 0;
        }
    }
    return ok;
}
