/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/policy_node.c - what all objects of an OpenAPI document share: known
 * names, references within the document, texts and switches.
 */
#include "input/policy_int.h"

#include <string.h>

#include <apr_strings.h>

#include "text/json.h"
#include "text/percent.h"

#define REFS 32 /* a reference to a reference to ... */

const spbe_node_t *spbe_policy_member(const spbe_node_t *node, const char *name)
{
    return spbe_node_member(node, spbe_span_from(name));
}

static int listed(const char *const *list, spbe_span_t name)
{
    for (; *list != NULL; list++) {
        if (spbe_span_eq(name, spbe_span_from(*list))) {
            return 1;
        }
    }
    return 0;
}

static const char *join(const char *const *list, apr_pool_t *pool)
{
    const char *text = "";

    for (; *list != NULL; list++) {
        text =
            apr_pstrcat(pool, text, text[0] == '\0' ? "" : ", ", *list, NULL);
    }
    return text;
}

static void check_name(spbe_policy_reader_t *reader, const spbe_node_t *member,
                       const char *what, const char *const *allowed,
                       const char *own)
{
    spbe_span_t name = member->name;

    if (listed(allowed, name) ||
        (own != NULL && spbe_span_eq(name, spbe_span_from(own)))) {
        return;
    }
    if (!spbe_span_starts(name, SPBE_SPAN("x-"))) {
        spbe_problem_error(reader->problems, member,
                           "\"%s\" is not known in %s; allowed are %s",
                           spbe_span_dup(name, reader->pool), what,
                           join(allowed, reader->pool));
    }
    else if (spbe_span_istarts(name, SPBE_SPAN("x-spbe-"))) {
        spbe_problem_error(
            reader->problems, member, "\"%s\" is not known in %s%s%s",
            spbe_span_dup(name, reader->pool), what,
            own == NULL ? "" : "; allowed is ", own == NULL ? "" : own);
    }
}

int spbe_policy_keys(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     const char *what, const char *const *allowed,
                     const char *own)
{
    const spbe_node_t *member;

    if (node->type != SPBE_NODE_OBJECT) {
        spbe_problem_error(reader->problems, node, "%s is an object", what);
        return 0;
    }
    for (member = node->first; member != NULL; member = member->next) {
        check_name(reader, member, what, allowed, own);
    }
    return 1;
}

/* One token of a JSON Pointer: "~1" is '/', "~0" is '~'. */
static spbe_span_t unescape(spbe_span_t token, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, token.len + 1);
    size_t i, n = 0;

    for (i = 0; i < token.len; i++) {
        if (token.ptr[i] == '~' && i + 1 < token.len) {
            i++;
            out[n++] = token.ptr[i] == '1' ? '/' : '~';
        }
        else {
            out[n++] = token.ptr[i];
        }
    }
    return (spbe_span_t){out, n};
}

static const spbe_node_t *element(const spbe_node_t *node, spbe_span_t token)
{
    const spbe_node_t *child = node->first;
    unsigned long long index;

    if (node->type == SPBE_NODE_OBJECT) {
        return spbe_node_member(node, token);
    }
    if (node->type != SPBE_NODE_ARRAY ||
        !spbe_json_unsigned(token, node->count, &index)) {
        return NULL;
    }
    for (; index > 0 && child != NULL; index--) {
        child = child->next;
    }
    return child;
}

static const spbe_node_t *at(const spbe_node_t *root, spbe_span_t pointer,
                             apr_pool_t *pool)
{
    const spbe_node_t *node = root;

    spbe_percent_decode(pointer, 0, &pointer, pool);
    if (pointer.len == 0) {
        return root;
    }
    if (pointer.ptr[0] != '/') {
        return NULL;
    }
    spbe_span_cut(&pointer, '/');
    for (;;) {
        size_t slash = spbe_span_chr(pointer, '/');

        node = element(node, unescape(spbe_span_cut(&pointer, '/'), pool));
        if (node == NULL || slash == SPBE_NPOS) {
            return node;
        }
    }
}

/* One step; NULL and said. */
static const spbe_node_t *step(spbe_policy_reader_t *reader,
                               const spbe_node_t *ref)
{
    const spbe_node_t *node;

    if (ref->type != SPBE_NODE_STRING || ref->text.len == 0 ||
        ref->text.ptr[0] != '#') {
        spbe_problem_error(reader->problems, ref,
                           "a $ref stays within this document: "
                           "\"#/components/...\"");
        return NULL;
    }
    node = at(reader->root, spbe_span_slice(ref->text, 1, ref->text.len),
              reader->pool);
    if (node == NULL) {
        spbe_problem_error(reader->problems, ref, "\"%s\" leads nowhere",
                           spbe_span_dup(ref->text, reader->pool));
    }
    return node;
}

const spbe_node_t *spbe_policy_resolve(spbe_policy_reader_t *reader,
                                       const spbe_node_t *node)
{
    static const char *const beside[] = {"$ref", "summary", "description",
                                         NULL};
    int i;

    for (i = 0; i < REFS; i++) {
        const spbe_node_t *ref = SPBE_NODE_MEMBER(node, "$ref");

        if (node->type != SPBE_NODE_OBJECT || ref == NULL) {
            return node;
        }
        spbe_policy_keys(reader, node, "an object with $ref", beside, NULL);
        node = step(reader, ref);
        if (node == NULL) {
            return NULL;
        }
    }
    spbe_problem_error(reader->problems, node, "$ref leads in a circle");
    return NULL;
}

const spbe_node_t *spbe_policy_follow(const spbe_node_t *root,
                                      const spbe_node_t *node)
{
    apr_pool_t *pool;
    int i;

    if (node == NULL || apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return node;
    }
    for (i = 0; i < REFS && node != NULL; i++) {
        const spbe_node_t *ref = node->type == SPBE_NODE_OBJECT
                                     ? SPBE_NODE_MEMBER(node, "$ref")
                                     : NULL;

        if (ref == NULL || ref->type != SPBE_NODE_STRING ||
            ref->text.len == 0 || ref->text.ptr[0] != '#') {
            break;
        }
        node = at(root, spbe_span_slice(ref->text, 1, ref->text.len), pool);
    }
    apr_pool_destroy(pool);
    return node;
}

const char *spbe_policy_text(spbe_policy_reader_t *reader,
                             const spbe_node_t *node, const char *name)
{
    const spbe_node_t *member = spbe_policy_member(node, name);

    if (member == NULL) {
        return NULL;
    }
    if (member->type != SPBE_NODE_STRING) {
        spbe_problem_error(reader->problems, member, "\"%s\" is a string",
                           name);
        return NULL;
    }
    return spbe_span_dup(member->text, reader->pool);
}

int spbe_policy_flag(spbe_policy_reader_t *reader, const spbe_node_t *node,
                     const char *name, int absent)
{
    const spbe_node_t *member = spbe_policy_member(node, name);

    if (member == NULL) {
        return absent;
    }
    if (member->type != SPBE_NODE_BOOLEAN) {
        spbe_problem_error(reader->problems, member, "\"%s\" is true or false",
                           name);
        return absent;
    }
    return member->truth;
}

const spbe_schema_t *spbe_policy_schema(spbe_policy_reader_t *reader,
                                        const spbe_node_t *node)
{
    return node == NULL ? NULL
                        : spbe_schema_compile(reader->schemas, SPBE_POLICY_URI,
                                              node, reader->problems);
}

void spbe_policy_lint(spbe_policy_reader_t *reader, const spbe_schema_t *schema)
{
    const spbe_schema_t **key;

    if (schema == NULL ||
        apr_hash_get(reader->linted, &schema, sizeof(schema)) != NULL) {
        return;
    }
    key = apr_pmemdup(reader->pool, &schema, sizeof(schema));
    apr_hash_set(reader->linted, key, sizeof(schema), key);
    spbe_schema_lint(schema, reader->lint);
}
