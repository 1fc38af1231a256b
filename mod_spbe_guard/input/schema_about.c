/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_about.c - x-spbe-label, x-spbe-hint, x-spbe-sensitivity.
 */
#include "input/schema_build.h"

static void say(spbe_build_t *build, const spbe_node_t *value)
{
    spbe_schema_compile_error(build, value,
                              "%.*s is a string, or an object with the "
                              "strings id and en",
                              (int)value->name.len, value->name.ptr);
}

/* A string serves both languages; of an object one may be missing. */
static void texts(spbe_build_t *build, const spbe_node_t *value,
                  const char **id, const char **en)
{
    apr_pool_t *pool = build->schemas->pool;
    const spbe_node_t *member;

    if (value->type == SPBE_NODE_STRING && value->text.len > 0) {
        *id = *en = spbe_span_dup(value->text, pool);
        return;
    }
    if (value->type != SPBE_NODE_OBJECT || value->count == 0) {
        say(build, value);
        return;
    }
    for (member = value->first; member != NULL; member = member->next) {
        int is_id = spbe_span_eq(member->name, SPBE_SPAN("id"));

        if (member->type != SPBE_NODE_STRING || member->text.len == 0 ||
            (!is_id && !spbe_span_eq(member->name, SPBE_SPAN("en")))) {
            say(build, value);
            return;
        }
        *(is_id ? id : en) = spbe_span_dup(member->text, pool);
    }
    *id = *id == NULL ? *en : *id;
    *en = *en == NULL ? *id : *en;
}

SPBE_FILL(label)
{
    spbe_about_t *about = &build->schema->about;

    texts(build, value, &about->label_id, &about->label_en);
}

SPBE_FILL(hint)
{
    spbe_about_t *about = &build->schema->about;

    texts(build, value, &about->hint_id, &about->hint_en);
}

SPBE_FILL(sensitivity)
{
    static const struct {
        const char *name;
        spbe_sensitivity_t sensitivity;
    } rows[] = {
        {"public", SPBE_SENS_PUBLIC},
        {"personal", SPBE_SENS_PERSONAL},
        {"secret", SPBE_SENS_SECRET},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (value->type == SPBE_NODE_STRING &&
            spbe_span_eq(value->text, spbe_span_from(rows[i].name))) {
            build->schema->about.sensitivity = rows[i].sensitivity;
            return;
        }
    }
    spbe_schema_compile_error(build, value,
                              "x-spbe-sensitivity is public, "
                              "personal or secret");
}
