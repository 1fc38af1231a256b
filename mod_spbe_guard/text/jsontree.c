/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsontree.c - a whole JSON document as a tree. See jsontree.h.
 */
#include "text/jsontree.h"

#include <stdint.h>
#include <string.h>

#include "text/decimal.h"
#include "text/json.h"
#include "text/utf8.h"

#define NODES 1000000

typedef struct building {
    spbe_json_t json;
    spbe_json_report_t *report;
    apr_pool_t *pool;
    spbe_node_t *root;
    spbe_node_t *open[SPBE_JSON_DEPTH];
    unsigned opened;
    unsigned depth, left; /* limits */
    spbe_span_t name;     /* of the member that comes next */
    size_t begin;         /* of the token at hand */
} building_t;

static void note(spbe_json_report_t *report, spbe_json_fault_t fault,
                 size_t offset)
{
    report->seen |= 1u << fault;
    if (report->fault == SPBE_JSON_FINE) {
        report->fault = fault;
        report->offset = offset;
    }
}

/* Ends the building, so it outweighs what was only noted. */
static spbe_node_t *give_up(spbe_json_report_t *report, spbe_json_fault_t fault,
                            size_t offset)
{
    report->seen |= 1u << fault;
    report->fault = fault;
    report->offset = offset;
    return NULL;
}

static int is_ascii8(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    return (word & 0x8080808080808080ull) == 0;
}

/* Offset of the first byte that is no UTF-8, or SPBE_NPOS. */
static size_t bad_utf8(spbe_span_t input)
{
    spbe_span_t rest = input;

    if (spbe_span_starts(input, SPBE_SPAN("\xef\xbb\xbf"))) {
        return 0;
    }
    while (rest.len > 0) {
        size_t step = rest.len;

        if (rest.len >= 8 && is_ascii8(rest.ptr)) {
            rest.ptr += 8;
            rest.len -= 8;
        }
        else if (spbe_utf8_next(&rest) == SPBE_UTF8_INVALID) {
            return input.len - step;
        }
    }
    return SPBE_NPOS;
}

/* The characters of a string or name token. */
static spbe_span_t decode(building_t *b, spbe_span_t text)
{
    size_t lone;

    if (memchr(text.ptr, '\\', text.len) == NULL) {
        return text;
    }
    lone = spbe_json_lone(text);
    if (lone != SPBE_NPOS) {
        note(b->report, SPBE_JSON_SURROGATE,
             (size_t)(text.ptr - b->json.all.ptr) + lone);
    }
    return spbe_json_unescape(text, b->pool);
}

/* The second of two members of one name, or NULL. */
static const spbe_node_t *find_twice(const spbe_node_t *node)
{
    const spbe_node_t *a, *b;
    size_t i;

    if (node->sorted != NULL) {
        for (i = 1; i < node->count; i++) {
            if (spbe_span_eq(node->sorted[i - 1]->name,
                             node->sorted[i]->name)) {
                return node->sorted[i];
            }
        }
        return NULL;
    }
    for (a = node->first; a != NULL; a = a->next) {
        for (b = a->next; b != NULL; b = b->next) {
            if (spbe_span_eq(a->name, b->name)) {
                return b;
            }
        }
    }
    return NULL;
}

static void close_node(building_t *b)
{
    spbe_node_t *node = b->open[--b->opened];
    const spbe_node_t *twice;

    if (node->type != SPBE_NODE_OBJECT) {
        return;
    }
    spbe_node_index(node, b->pool);
    twice = find_twice(node);
    if (twice != NULL) {
        if (!(b->report->seen & 1u << SPBE_JSON_DUPLICATE)) {
            b->report->name = twice->name;
        }
        note(b->report, SPBE_JSON_DUPLICATE, twice->offset);
    }
}

static void read_value(building_t *b, const spbe_json_token_t *token,
                       spbe_node_t *node)
{
    static const spbe_node_type_t types[] = {
        [SPBE_JSON_OBJECT] = SPBE_NODE_OBJECT,
        [SPBE_JSON_ARRAY] = SPBE_NODE_ARRAY,
        [SPBE_JSON_STRING] = SPBE_NODE_STRING,
        [SPBE_JSON_NUMBER] = SPBE_NODE_NUMBER,
        [SPBE_JSON_TRUE] = SPBE_NODE_BOOLEAN,
        [SPBE_JSON_FALSE] = SPBE_NODE_BOOLEAN,
        [SPBE_JSON_NULL] = SPBE_NODE_NULL,
    };

    node->type = types[token->type];
    node->truth = token->type == SPBE_JSON_TRUE;
    node->offset = b->begin;
    if (node->type == SPBE_NODE_STRING) {
        node->text = decode(b, token->text);
    }
    else if (node->type == SPBE_NODE_NUMBER) {
        node->text = token->text;
        if (!spbe_decimal_fits_double(token->text)) {
            note(b->report, SPBE_JSON_INEXACT, b->begin);
        }
    }
}

static void add_value(building_t *b, const spbe_json_token_t *token)
{
    spbe_node_t *node =
        spbe_node_make(SPBE_NODE_NULL, SPBE_SPAN_EMPTY, b->pool);

    read_value(b, token, node);
    if (b->opened > 0) {
        spbe_node_add(b->open[b->opened - 1], b->name, node);
    }
    else {
        b->root = node;
    }
    b->name = SPBE_SPAN_EMPTY;
    if (node->type >= SPBE_NODE_ARRAY) {
        b->open[b->opened++] = node;
    }
}

/* Takes one token in; what it returns ends the building unless it is FINE. */
static spbe_json_fault_t take(building_t *b, const spbe_json_token_t *token)
{
    switch (token->type) {
    case SPBE_JSON_OBJECT_END:
    case SPBE_JSON_ARRAY_END:
        close_node(b);
        return SPBE_JSON_FINE;
    case SPBE_JSON_NAME:
        b->name = decode(b, token->text);
        return SPBE_JSON_FINE;
    default:
        break;
    }
    if (b->json.depth > b->depth) {
        return SPBE_JSON_TOO_DEEP;
    }
    if (b->left-- == 0) {
        return SPBE_JSON_TOO_MANY;
    }
    add_value(b, token);
    return SPBE_JSON_FINE;
}

/* Where the token begins: between the marks stands what the parser returns. */
static size_t token_begin(const building_t *b, const spbe_json_token_t *token)
{
    size_t at = (size_t)(token->text.ptr - b->json.all.ptr);

    return token->type == SPBE_JSON_STRING || token->type == SPBE_JSON_NAME
               ? at - 1
               : at;
}

static spbe_node_t *build(building_t *b)
{
    spbe_json_token_t token;
    spbe_rc_t rc;

    while ((rc = spbe_json_next(&b->json, &token)) == SPBE_OK) {
        spbe_json_fault_t fault;

        b->begin = token_begin(b, &token);
        fault = take(b, &token);
        if (fault != SPBE_JSON_FINE) {
            return give_up(b->report, fault, b->begin);
        }
    }
    if (rc != SPBE_END) {
        return give_up(b->report,
                       b->json.too_deep ? SPBE_JSON_TOO_DEEP : SPBE_JSON_SYNTAX,
                       spbe_json_offset(&b->json));
    }
    return b->root;
}

spbe_node_t *spbe_json_tree(spbe_span_t input, const spbe_json_limits_t *limits,
                            spbe_json_report_t *report, apr_pool_t *pool)
{
    building_t b = {.report = report, .pool = pool, .name = SPBE_SPAN_EMPTY};
    size_t bad = bad_utf8(input);

    *report = (spbe_json_report_t){.name = SPBE_SPAN_EMPTY};
    if (bad != SPBE_NPOS) {
        return give_up(report, SPBE_JSON_UTF8, bad);
    }
    b.depth =
        limits != NULL && limits->depth > 0 ? limits->depth : SPBE_JSON_DEPTH;
    b.left = limits != NULL && limits->nodes > 0 ? limits->nodes : NODES;
    spbe_json_init(&b.json, input);
    b.json.is_utf8 = 1;
    return build(&b);
}

void spbe_json_place(spbe_span_t source, size_t offset, unsigned *line,
                     unsigned *column)
{
    size_t i;

    *line = 1;
    *column = 1;
    for (i = 0; i < offset && i < source.len; i++) {
        (*column)++;
        if (source.ptr[i] == '\n') {
            (*line)++;
            *column = 1;
        }
    }
}
