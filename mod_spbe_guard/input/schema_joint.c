/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_joint.c - members that several parts of a schema speak of.
 *
 * {"allOf": [{"properties": {"a": A}}, {"properties": {"a": B}}]} says of a
 * what {"allOf": [A, B]} would. Such a schema is made here, for those who ask
 * what is said of a; validating needs none.
 */
#include "input/schema_build.h"

typedef struct joint {
    apr_pool_t *pool;
    apr_hash_t *seen;      /* name -> spbe_schema_t, the first or the joint */
    spbe_schema_t *schema; /* whose members are looked at */
} joint_t;

static spbe_schema_t *make(joint_t *joint, const spbe_schema_t *first)
{
    spbe_schema_t *made = apr_pcalloc(joint->pool, sizeof(*made));

    made->source = first->source;
    made->resource = first->resource;
    made->types = SPBE_TYPE_ANY;
    made->joined = first->joined;
    made->about = first->about;
    made->state = 2;
    made->apply = apr_pcalloc(joint->pool, sizeof(*made->apply));
    made->apply->all =
        apr_array_make(joint->pool, 2, sizeof(const spbe_schema_t *));
    APR_ARRAY_PUSH(made->apply->all, const spbe_schema_t *) = first;
    return made;
}

static void append(spbe_schema_t *made, const spbe_schema_t *part)
{
    const apr_array_header_t *all = made->apply->all;
    int i;

    for (i = 0; i < all->nelts; i++) {
        if (APR_ARRAY_IDX(all, i, const spbe_schema_t *) == part) {
            return;
        }
    }
    APR_ARRAY_PUSH(made->apply->all, const spbe_schema_t *) = part;
    made->joined = spbe_schema_types_and(made->joined, part->joined);
    spbe_schema_about_join(&made->about, &part->about);
}

static void join_name(joint_t *joint, const spbe_name_t *entry)
{
    spbe_schema_t *schema = joint->schema, *made = NULL;
    const spbe_schema_t *first =
        apr_hash_get(joint->seen, entry->name.ptr, entry->name.len);

    if (first == NULL) {
        apr_hash_set(joint->seen, entry->name.ptr, entry->name.len,
                     entry->schema);
        return;
    }
    if (first == entry->schema) {
        return;
    }
    if (schema->joint == NULL) {
        schema->joint = apr_hash_make(joint->pool);
    }
    made = apr_hash_get(schema->joint, entry->name.ptr, entry->name.len);
    if (made == NULL) {
        made = make(joint, first);
        apr_hash_set(schema->joint, entry->name.ptr, entry->name.len, made);
    }
    append(made, entry->schema);
}

static int join_part(const spbe_schema_t *part, void *baton)
{
    int i;

    for (i = 0; part->object != NULL && i < part->object->names->nelts; i++) {
        const spbe_name_t *entry =
            &APR_ARRAY_IDX(part->object->names, i, spbe_name_t);

        if (entry->schema != NULL && entry->name.len > 0) {
            join_name(baton, entry);
        }
    }
    return 0;
}

void spbe_schema_joint(spbe_build_t *build, spbe_schema_t *schema)
{
    joint_t joint = {build->schemas->pool, NULL, schema};
    int left = SPBE_SCHEMA_VISITS;
    apr_pool_t *scratch;

    if (schema->apply == NULL || !(schema->joined & SPBE_TYPE_OBJECT)) {
        return;
    }
    apr_pool_create(&scratch, build->schemas->pool);
    joint.seen = apr_hash_make(scratch);
    spbe_schema_each(schema, join_part, &joint, &left);
    apr_pool_destroy(scratch);
}
