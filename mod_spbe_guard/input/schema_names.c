/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_names.c - names of properties and values of enum by hash.
 *
 * Both tables are made from the schema alone, so no visitor can make them
 * slow.
 */
#include "input/schema_in.h"

#include <string.h>

#include <apr_strings.h>

/* An enum with up to this many values is compared one by one. */
#define FEW 4

unsigned spbe_schema_names_hash(spbe_span_t name)
{
    unsigned hash = 2166136261u;
    size_t i;

    for (i = 0; i < name.len; i++) {
        hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
    }
    return hash ^ (hash >> 15);
}

spbe_name_t *spbe_schema_names_add(spbe_object_rules_t *object,
                                   spbe_span_t name, apr_pool_t *pool)
{
    unsigned hash = spbe_schema_names_hash(name);
    spbe_name_t *entry;
    int i;

    /* Tables of hundreds of names are rare, and this is start-up. */
    for (i = 0; i < object->names->nelts; i++) {
        entry = &APR_ARRAY_IDX(object->names, i, spbe_name_t);
        if (entry->hash == hash && spbe_span_eq(entry->name, name)) {
            return entry;
        }
    }
    entry = apr_array_push(object->names);
    entry->cstr = spbe_span_dup(name, pool);
    entry->name = name;
    entry->hash = hash;
    entry->schema = NULL;
    entry->required = -1;
    return entry;
}

const spbe_name_t *spbe_schema_names_find(const spbe_object_rules_t *object,
                                          spbe_span_t name)
{
    const spbe_name_t *names = (const spbe_name_t *)object->names->elts;
    unsigned hash, at;

    if (object->slots == NULL) {
        return NULL;
    }
    hash = spbe_schema_names_hash(name);
    for (at = hash & object->mask; object->slots[at] != 0;
         at = (at + 1) & object->mask) {
        const spbe_name_t *entry = &names[object->slots[at] - 1];

        if (entry->hash == hash && entry->name.len == name.len &&
            memcmp(entry->name.ptr, name.ptr, name.len) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* A power of two that leaves at least half of the slots free. */
static unsigned table_size(unsigned count)
{
    unsigned size = 4;

    while (size < count * 2) {
        size *= 2;
    }
    return size;
}

static void put(unsigned *slots, unsigned mask, unsigned hash, unsigned number)
{
    unsigned at = hash & mask;

    while (slots[at] != 0) {
        at = (at + 1) & mask;
    }
    slots[at] = number + 1;
}

void spbe_schema_names_index(spbe_object_rules_t *object, apr_pool_t *pool)
{
    unsigned size, i;

    if (object->names->nelts == 0) {
        return;
    }
    size = table_size(object->names->nelts);
    object->mask = size - 1;
    object->slots = apr_pcalloc(pool, size * sizeof(unsigned));
    for (i = 0; i < (unsigned)object->names->nelts; i++) {
        put(object->slots, object->mask,
            APR_ARRAY_IDX(object->names, i, spbe_name_t).hash, i);
    }
}

void spbe_schema_choice_index(spbe_choice_rules_t *choice, apr_pool_t *pool)
{
    const spbe_node_t *value;
    unsigned size, i = 0;

    choice->count = choice->choices->count;
    choice->members = apr_palloc(pool, (choice->count + 1) * sizeof(value));
    choice->hashes = apr_palloc(pool, (choice->count + 1) * sizeof(unsigned));
    for (value = choice->choices->first; value != NULL; value = value->next) {
        choice->members[i] = value;
        choice->hashes[i++] = spbe_node_hash(value);
    }
    if (choice->count <= FEW) {
        return;
    }
    size = table_size(choice->count);
    choice->mask = size - 1;
    choice->slots = apr_pcalloc(pool, size * sizeof(unsigned));
    for (i = 0; i < choice->count; i++) {
        put(choice->slots, choice->mask, choice->hashes[i], i);
    }
}
