/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_tree.h - a pattern of ECMA-262 taken apart; for regex*.c only.
 *
 * regex_parse.c and regex_set.c make the tree, regex_emit.c writes it for
 * PCRE2, regex_slow.c looks for what takes too long.
 */
#ifndef SPBE_INPUT_REGEX_TREE_H
#define SPBE_INPUT_REGEX_TREE_H

#include <apr_tables.h>

#include "text/buf.h"

#define SPBE_REGEX_MANY 0xffffffffu /* max of a repeat without an end */
#define SPBE_REGEX_CODE_MAX 0x10fffful

typedef enum spbe_regex_kind {
    SPBE_RE_SET = 0,      /* one character; text: for PCRE2 */
    SPBE_RE_START = 1,    /* ^ */
    SPBE_RE_END = 2,      /* $ */
    SPBE_RE_BOUNDARY = 3, /* \b \B; text: for PCRE2 */
    SPBE_RE_GROUP = 4,    /* number: from 1 when it captures, else 0 */
    SPBE_RE_LOOK = 5,     /* text: how it opens */
    SPBE_RE_BACK = 6,     /* group, or NULL: matches the empty text */
    SPBE_RE_SEQUENCE = 7,
    SPBE_RE_CHOICE = 8,
    SPBE_RE_REPEAT = 9
} spbe_regex_kind_t;

typedef struct spbe_regex_node spbe_regex_node_t;
struct spbe_regex_node {
    spbe_regex_kind_t kind;
    spbe_span_t text;
    spbe_regex_node_t *first; /* children */
    spbe_regex_node_t *next;
    const spbe_regex_node_t *group;
    unsigned min, max; /* REPEAT */
    unsigned number;
    spbe_span_t name; /* GROUP */
    unsigned lazy : 1;
    unsigned closed : 1;      /* GROUP: its ')' has been read */
    unsigned passed_over : 1; /* GROUP: a repeat can leave it out when it
                                 comes by again */
};

typedef struct spbe_regex_tree {
    spbe_regex_node_t *root;
    unsigned groups;     /* that capture */
    unsigned references; /* to them */
    spbe_buf_t sample;   /* characters that tell the sets apart, UTF-8 */
    const char *error;
    const char *beyond; /* of ECMA-262, but cannot be had; or NULL */
    apr_pool_t *pool;
} spbe_regex_tree_t;

/* What is being read. */
typedef struct spbe_regex_reader {
    spbe_span_t rest;
    spbe_regex_tree_t *tree;
    apr_array_header_t *group_nodes; /* spbe_regex_node_t *, by number - 1 */
    unsigned highest;                /* number that is referred to */
    apr_array_header_t *wanted;      /* spbe_span_t: names referred to */
    unsigned depth, behind;          /* groups and lookbehinds that are open */
} spbe_regex_reader_t;

/* 0 and tree->error when it is not of ECMA-262. */
int spbe_regex_parse(spbe_span_t pattern, spbe_regex_tree_t *tree,
                     apr_pool_t *pool);

/* regex_set.c: a character or a set of them at the front of rest, written for
 * PCRE2; 0: error. */
int spbe_regex_set_class(spbe_regex_reader_t *reader, spbe_span_t *text);
int spbe_regex_set_escape(spbe_regex_reader_t *reader, spbe_span_t *text);
int spbe_regex_set_char(spbe_regex_reader_t *reader, spbe_span_t *text);
int spbe_regex_set_dot(spbe_regex_reader_t *reader, spbe_span_t *text);

/* regex_name.c: \p{name} as PCRE2 has it, or 0. negated: for \P. */
int spbe_regex_name_property(spbe_span_t name, int negated, spbe_buf_t *out);
/* Of ECMA-262, but PCRE2 has no such property. */
int spbe_regex_name_is_beyond(spbe_span_t name);

/* regex_refer.c: NULL when no group that was read so far has that name. */
spbe_regex_node_t *spbe_regex_refer_find(const spbe_regex_reader_t *reader,
                                         spbe_span_t name);
/* Once the pattern has been read. 0: error. */
int spbe_regex_refer_check(spbe_regex_reader_t *reader);

/* regex_emit.c */
spbe_span_t spbe_regex_emit(const spbe_regex_tree_t *tree);
int spbe_regex_begins(const spbe_regex_node_t *node); /* with ^ */
int spbe_regex_ends(const spbe_regex_node_t *node);   /* with $ */

/* regex_slow.c: code is the whole pattern, compiled. */
struct pcre2_real_code_8;
int spbe_regex_slow(const spbe_regex_tree_t *tree,
                    const struct pcre2_real_code_8 *code);
/* regex_edge.c: a repeat within a repeat over the same characters? */
int spbe_regex_edge_ambiguous(const spbe_regex_tree_t *tree);
/* So often that what is within may try too many ways. */
static inline int spbe_regex_is_big(const spbe_regex_node_t *node)
{
    return node->kind == SPBE_RE_REPEAT && node->max >= 10;
}

/* The options that every pattern is compiled with. */
#define SPBE_REGEX_OPTIONS                                                     \
    (PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY |                   \
     PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C |                     \
     PCRE2_USE_OFFSET_LIMIT)

static inline int spbe_regex_fail(spbe_regex_reader_t *reader,
                                  const char *error)
{
    if (reader->tree->error == NULL) {
        reader->tree->error = error;
    }
    return 0;
}

/* It cannot be had; whether it is of ECMA-262 is still to be found out. */
static inline void spbe_regex_beyond(spbe_regex_reader_t *reader,
                                     const char *what)
{
    if (reader->tree->beyond == NULL) {
        reader->tree->beyond = what;
    }
}

/* Takes prefix off the front of rest: 1. */
static inline int spbe_regex_take(spbe_regex_reader_t *reader,
                                  spbe_span_t prefix)
{
    if (!spbe_span_starts(reader->rest, prefix)) {
        return 0;
    }
    reader->rest = spbe_span_slice(reader->rest, prefix.len, reader->rest.len);
    return 1;
}

#endif
