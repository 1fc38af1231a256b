/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_vocab.c - which vocabularies a schema's dialect has.
 */
#include "input/schema_build.h"

#include <string.h>

#define DIALECT_2020 "https://json-schema.org/draft/2020-12/schema"
#define DIALECT_OPENAPI "https://spec.openapis.org/oas/3.1/dialect/base"

static unsigned vocab_of_name(spbe_span_t name)
{
    static const struct {
        const char *name;
        unsigned bit;
    } rows[] = {
        {"core", SPBE_VOCAB_CORE},
        {"applicator", SPBE_VOCAB_APPLICATOR},
        {"unevaluated", SPBE_VOCAB_UNEVALUATED},
        {"validation", SPBE_VOCAB_VALIDATION},
        {"content", SPBE_VOCAB_CONTENT},
        {"format-annotation", SPBE_VOCAB_FORMAT},
        {"format-assertion", SPBE_VOCAB_FORMAT | SPBE_VOCAB_ASSERT_FORMAT},
        {"meta-data", SPBE_VOCAB_KNOWN},
    };
    const spbe_span_t prefix =
        SPBE_SPAN("https://json-schema.org/draft/2020-12/vocab/");
    size_t i;

    if (!spbe_span_starts(name, prefix)) {
        return 0;
    }
    name = spbe_span_slice(name, prefix.len, name.len);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (spbe_span_eq(name, spbe_span_from(rows[i].name))) {
            return rows[i].bit;
        }
    }
    return 0;
}

static unsigned vocab_of_dialect(const spbe_node_t *list, const char **error)
{
    unsigned vocab = SPBE_VOCAB_KNOWN | SPBE_VOCAB_CORE;
    const spbe_node_t *member;

    if (list == NULL || list->type != SPBE_NODE_OBJECT) {
        return SPBE_VOCAB_USUAL;
    }
    for (member = list->first; member != NULL; member = member->next) {
        unsigned bit = vocab_of_name(member->name);

        if (bit == 0 && member->type == SPBE_NODE_BOOLEAN && member->truth) {
            *error = "its dialect requires a vocabulary that is not one of "
                     "draft 2020-12";
            return 0;
        }
        vocab |= bit;
    }
    return vocab;
}

static unsigned find_vocab(const spbe_schemas_t *schemas,
                           const spbe_node_t *dialect, const char **error)
{
    const spbe_resource_t *meta;
    const char *fragment, *uri;

    if (dialect->type != SPBE_NODE_STRING) {
        *error = "$schema is the address of a dialect: \"" DIALECT_2020 "\"";
        return 0;
    }
    uri = spbe_schema_uri_split(spbe_span_dup(dialect->text, schemas->pool),
                                &fragment, schemas->pool);
    if (strcmp(uri, DIALECT_2020) == 0 || strcmp(uri, DIALECT_OPENAPI) == 0) {
        return SPBE_VOCAB_USUAL;
    }
    meta = apr_hash_get(schemas->resources, uri, APR_HASH_KEY_STRING);
    if (meta != NULL) {
        return vocab_of_dialect(SPBE_NODE_MEMBER(meta->root, "$vocabulary"),
                                error);
    }
    if (schemas->options.strict) {
        *error = "this dialect is unknown; write \"" DIALECT_2020 "\"";
        return 0;
    }
    return SPBE_VOCAB_USUAL;
}

unsigned spbe_schema_docs_vocab(const spbe_schemas_t *schemas,
                                spbe_resource_t *resource,
                                const spbe_node_t **where, const char **error)
{
    const spbe_resource_t *from = resource;
    const spbe_node_t *dialect = NULL;

    if (resource->vocab != 0) {
        return resource->vocab;
    }
    for (; from != NULL && dialect == NULL; from = from->outer) {
        dialect = SPBE_NODE_MEMBER(from->root, "$schema");
        if (dialect == NULL && SPBE_NODE_MEMBER(from->root, "openapi")) {
            dialect = SPBE_NODE_MEMBER(from->root, "jsonSchemaDialect");
        }
    }
    *where = dialect;
    resource->vocab = dialect == NULL ? SPBE_VOCAB_USUAL
                                      : find_vocab(schemas, dialect, error);
    return resource->vocab;
}
