/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_media.c - media types of bodies: which of an operation's a
 * request has, and which are looked into at all.
 */
#include "input/policy_int.h"

#include <string.h>

#include "input/reading.h"

int spbe_policy_covers(const char *range, const char *type)
{
    size_t length = strlen(range);

    if (strcmp(range, "*/*") == 0) {
        return 1;
    }
    if (length > 1 && strcmp(range + length - 2, "/*") == 0) {
        return strncmp(range, type, length - 1) == 0;
    }
    return strcmp(range, type) == 0;
}

int spbe_policy_is_form(const char *range)
{
    return spbe_policy_covers(range, "application/x-www-form-urlencoded") ||
           spbe_policy_covers(range, "multipart/form-data");
}

int spbe_policy_is_examined(const char *media_type)
{
    spbe_body_kind_t kind = spbe_reading_kind(spbe_span_from(media_type));

    return spbe_policy_is_form(media_type) ||
           spbe_policy_covers(media_type, "application/json") ||
           spbe_policy_covers(media_type, "text/json") ||
           kind == SPBE_BODY_JSON;
}

const spbe_body_t *spbe_operation_body(const spbe_operation_t *operation,
                                       spbe_span_t media_type)
{
    const spbe_body_t *best = NULL;
    int i, level, found = 0;

    for (i = 0; operation->bodies != NULL && i < operation->bodies->nelts;
         i++) {
        const spbe_body_t *body =
            &APR_ARRAY_IDX(operation->bodies, i, spbe_body_t);
        spbe_span_t range = spbe_span_from(body->media_type);

        level = 0;
        if (spbe_span_ieq(range, media_type)) {
            level = 3;
        }
        else if (spbe_span_ends(range, SPBE_SPAN("/*"))) {
            range.len--;
            level = spbe_span_istarts(media_type, range) ? 2 : 0;
            level = spbe_span_eq(range, SPBE_SPAN("*/")) ? 1 : level;
        }
        if (level > found) {
            found = level;
            best = body;
        }
    }
    return best;
}

/* Does it say more than that bytes come? */
static int has_rules(const spbe_node_t *schema)
{
    static const char *const plain[] = {"type",     "format",
                                        "title",    "description",
                                        "examples", "contentMediaType"};
    const spbe_node_t *member, *type;
    size_t i;

    if (schema == NULL || schema->type != SPBE_NODE_OBJECT) {
        return schema != NULL && schema->type == SPBE_NODE_BOOLEAN &&
               !schema->truth;
    }
    for (member = schema->first; member != NULL; member = member->next) {
        for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
            if (spbe_span_eq(member->name, spbe_span_from(plain[i]))) {
                break;
            }
        }
        if (i == sizeof(plain) / sizeof(plain[0])) {
            return 1;
        }
    }
    type = SPBE_NODE_MEMBER(schema, "type");
    member = SPBE_NODE_MEMBER(schema, "format");
    return (type != NULL && !spbe_span_eq(type->text, SPBE_SPAN("string"))) ||
           (member != NULL && !spbe_span_eq(member->text, SPBE_SPAN("binary")));
}

void spbe_policy_media_rules(spbe_policy_reader_t *reader,
                             const spbe_node_t *schema, const char *media_type)
{
    if (!spbe_policy_is_examined(media_type) &&
        has_rules(spbe_policy_follow(reader->root, schema))) {
        spbe_problem_warn(reader->problems, schema,
                          "this schema is never applied: of bodies only forms "
                          "and JSON are looked into, %.100s is not",
                          media_type);
    }
}
