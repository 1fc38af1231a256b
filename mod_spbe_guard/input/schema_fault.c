/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_fault.c - where a fault is, whose it is, what was expected.
 *
 * Called only when there is one.
 */
#include "input/schema_run.h"

#include <apr_strings.h>

#include "text/buf.h"

#define CHOICES_MAX 20
#define CHOICES_BYTES 300

static void add_step(spbe_buf_t *out, const spbe_path_t *path)
{
    size_t i;

    spbe_buf_addc(out, '/');
    if (!path->member) {
        spbe_buf_printf(out, "%lu", (unsigned long)path->index);
        return;
    }
    for (i = 0; i < path->node->name.len; i++) {
        char c = path->node->name.ptr[i];

        if (c == '~' || c == '/') {
            spbe_buf_adds(out, c == '~' ? "~0" : "~1");
        }
        else {
            spbe_buf_addc(out, c);
        }
    }
}

const char *spbe_schema_fault_pointer(const spbe_path_t *path, apr_pool_t *pool)
{
    const spbe_path_t *step;
    apr_array_header_t *steps;
    spbe_buf_t out;
    int i;

    if (path->up == NULL) {
        return "";
    }
    steps = apr_array_make(pool, 8, sizeof(step));
    for (step = path; step->up != NULL; step = step->up) {
        APR_ARRAY_PUSH(steps, const spbe_path_t *) = step;
    }
    spbe_buf_init(&out, 32, pool);
    for (i = steps->nelts; i-- > 0;) {
        add_step(&out, APR_ARRAY_IDX(steps, i, const spbe_path_t *));
    }
    return spbe_buf_cstr(&out);
}

static int says_something(const spbe_about_t *about)
{
    return about->label_id != NULL || about->hint_id != NULL ||
           about->sensitivity != SPBE_SENS_UNSET;
}

/* What is said of the value at path, in whichever part of the schema. */
static spbe_about_t said(const spbe_path_t *path)
{
    spbe_member_about_t member = {SPBE_SPAN_EMPTY, path->schema->about};

    if (path->member && path->up != NULL) {
        member.name = path->node->name;
        spbe_schema_member_about(path->up->schema, &member);
    }
    return member.about;
}

/* An element without words of its own is spoken of as its array is; a secret
 * object's members are secret. */
const spbe_about_t *spbe_schema_fault_about(const spbe_path_t *path,
                                            spbe_span_t missing,
                                            apr_pool_t *pool)
{
    spbe_about_t *about = apr_pcalloc(pool, sizeof(*about));
    int words = 1;

    if (missing.len > 0) {
        spbe_member_about_t member = {missing, *about};

        spbe_schema_member_about(path->schema, &member);
        *about = member.about;
        words = 0;
    }
    for (; path != NULL; path = path->up) {
        spbe_about_t own = said(path);

        if (about->sensitivity != SPBE_SENS_UNSET) {
            own.sensitivity = SPBE_SENS_UNSET;
        }
        if (words) {
            spbe_schema_about_join(about, &own);
        }
        else if (own.sensitivity != SPBE_SENS_UNSET) {
            about->sensitivity = own.sensitivity;
        }
        words = words && !path->member;
    }
    return says_something(about) ? about : NULL;
}

spbe_span_t spbe_schema_fault_choices(const spbe_node_t *choices,
                                      apr_pool_t *pool)
{
    const spbe_node_t *value;
    spbe_buf_t out;

    if (choices->count > CHOICES_MAX) {
        return SPBE_SPAN_EMPTY;
    }
    spbe_buf_init(&out, 64, pool);
    for (value = choices->first; value != NULL; value = value->next) {
        if (value->type != SPBE_NODE_STRING &&
            value->type != SPBE_NODE_NUMBER) {
            return SPBE_SPAN_EMPTY;
        }
        spbe_buf_adds(&out, value == choices->first ? "" : ", ");
        spbe_buf_add(&out, value->text);
        if (out.len > CHOICES_BYTES) {
            return SPBE_SPAN_EMPTY;
        }
    }
    return spbe_buf_span(&out);
}
