/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/jsontree.h - a whole JSON document as a tree, in the caller's pool.
 *
 * Made by the strict parser of text/json.h, so nothing outside RFC 8259 gets
 * in; numbers keep their text. What RFC 8259 leaves to each parser (duplicate
 * names, lone surrogates, numbers that a double cannot hold) is named, so that
 * the caller can refuse it. The same nodes hold values made from form fields.
 */
#ifndef SPBE_TEXT_JSONTREE_H
#define SPBE_TEXT_JSONTREE_H

#include <apr_pools.h>

#include "text/span.h"

typedef enum spbe_node_type {
    SPBE_NODE_NULL = 0,
    SPBE_NODE_BOOLEAN = 1,
    SPBE_NODE_NUMBER = 2,
    SPBE_NODE_STRING = 3,
    SPBE_NODE_ARRAY = 4,
    SPBE_NODE_OBJECT = 5
} spbe_node_type_t;

typedef struct spbe_node spbe_node_t;
struct spbe_node {
    spbe_node_type_t type;
    int truth;          /* boolean */
    spbe_span_t text;   /* string: its characters, decoded; number: as sent */
    spbe_span_t name;   /* member of an object: its name, decoded */
    spbe_node_t *first; /* of an array or object, in the order sent */
    spbe_node_t *last;
    spbe_node_t *next;  /* sibling */
    size_t count;       /* children */
    size_t offset;      /* where it begins in the source; 0 if made by hand */
    const spbe_node_t *const *sorted; /* members by name, or NULL: few, or made
                                         by hand; see spbe_node_index */
};

/* Why a document has no tree, or is one that two parsers read differently. */
typedef enum spbe_json_fault {
    SPBE_JSON_FINE = 0,
    SPBE_JSON_SYNTAX = 1,     /* not RFC 8259 */
    SPBE_JSON_UTF8 = 2,       /* not UTF-8, or begins with a BOM */
    SPBE_JSON_TOO_DEEP = 3,
    SPBE_JSON_TOO_MANY = 4,   /* nodes */
    SPBE_JSON_DUPLICATE = 5,  /* a name twice in one object, once decoded */
    SPBE_JSON_SURROGATE = 6,  /* \ud800 without its other half */
    SPBE_JSON_INEXACT = 7     /* a number no double holds: beyond its range, or
                                 an integer that it would change */
} spbe_json_fault_t;

typedef struct spbe_json_limits {
    unsigned depth; /* at most SPBE_JSON_DEPTH; 0: that */
    unsigned nodes; /* 0: 1,000,000 */
} spbe_json_limits_t;

typedef struct spbe_json_report {
    spbe_json_fault_t fault; /* the worst: of the first three kinds there is no
                                tree; of the last three the first one met */
    unsigned seen;           /* bit 1u << fault for every fault met */
    size_t offset;           /* in the source, of fault */
    spbe_span_t name;        /* SPBE_JSON_DUPLICATE: which, decoded */
} spbe_json_report_t;

/*
 * NULL for SPBE_JSON_SYNTAX, _UTF8, _TOO_DEEP and _TOO_MANY; for the others the
 * whole tree (a duplicate name stands twice in it). Linear time. Strings refer
 * to input where nothing is escaped.
 */
spbe_node_t *spbe_json_tree(spbe_span_t input, const spbe_json_limits_t *limits,
                            spbe_json_report_t *report, apr_pool_t *pool);

/* Member of an object, the first of that name; NULL. node may be NULL. */
const spbe_node_t *spbe_node_member(const spbe_node_t *node, spbe_span_t name);
#define SPBE_NODE_MEMBER(node, lit) spbe_node_member((node), SPBE_SPAN(lit))

/* Equal as JSON Schema has it: 1 and 1.0 are, members in any order. Not
 * quadratic where objects have their index, as those of a document do. */
int spbe_node_equal(const spbe_node_t *a, const spbe_node_t *b);
/* Equal nodes have equal hashes; keyed anew in every process, so that values
 * that share one cannot be prepared. */
unsigned spbe_node_hash(const spbe_node_t *node);

/* Nodes made by hand; spans are not copied. */
spbe_node_t *spbe_node_make(spbe_node_type_t type, spbe_span_t text,
                            apr_pool_t *pool);
/* Appends child to an array, or to an object under name. */
void spbe_node_add(spbe_node_t *parent, spbe_span_t name, spbe_node_t *child);

/* Makes members found quickly in an object of many; once all are added. */
void spbe_node_index(spbe_node_t *node, apr_pool_t *pool);

/* Line and column from 1 of an offset; a column counts bytes. */
void spbe_json_place(spbe_span_t source, size_t offset, unsigned *line,
                     unsigned *column);

#endif
