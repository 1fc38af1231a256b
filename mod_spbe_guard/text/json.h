/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/json.h - pull tokens out of JSON, strictly as RFC 8259 has it.
 *
 * Works on bytes the caller owns; allocates nothing except in
 * spbe_json_unescape. Does not look for duplicate names: a caller that must
 * refuse them sees every name.
 */
#ifndef SPBE_TEXT_JSON_H
#define SPBE_TEXT_JSON_H

#include "text/rc.h"
#include "text/span.h"

#define SPBE_JSON_DEPTH 64

typedef enum spbe_json_type {
    SPBE_JSON_OBJECT = 0,
    SPBE_JSON_OBJECT_END = 1,
    SPBE_JSON_ARRAY = 2,
    SPBE_JSON_ARRAY_END = 3,
    SPBE_JSON_NAME = 4,
    SPBE_JSON_STRING = 5,
    SPBE_JSON_NUMBER = 6,
    SPBE_JSON_TRUE = 7,
    SPBE_JSON_FALSE = 8,
    SPBE_JSON_NULL = 9
} spbe_json_type_t;

typedef struct spbe_json {
    spbe_span_t rest;
    spbe_span_t all;
    unsigned depth;
    char open[SPBE_JSON_DEPTH]; /* '{' or '[' */
    char want;                  /* what may come next; see json.c */
    char too_deep;              /* SPBE_BAD for that reason */
    char is_utf8;               /* set by a caller who has checked the input */
} spbe_json_t;

typedef struct spbe_json_token {
    spbe_json_type_t type;
    spbe_span_t text; /* string or name: between the marks, still escaped */
} spbe_json_token_t;

void spbe_json_init(spbe_json_t *json, spbe_span_t input);

/*
 * SPBE_OK: *token is set. SPBE_END: the document is complete and nothing but
 * white space follows. SPBE_BAD: not JSON from here on, or deeper than
 * SPBE_JSON_DEPTH. SPBE_NONE: the input ends inside the document. After
 * anything but SPBE_OK the same is returned again.
 */
spbe_rc_t spbe_json_next(spbe_json_t *json, spbe_json_token_t *token);

/* Bytes taken so far: the text of a value is between two of these. */
size_t spbe_json_offset(const spbe_json_t *json);

/* Reads past the value whose first token was just returned. */
spbe_rc_t spbe_json_skip(spbe_json_t *json, const spbe_json_token_t *first);

/* The characters of a string token; text itself where nothing is escaped. A
 * lone surrogate becomes U+FFFD. */
spbe_span_t spbe_json_unescape(spbe_span_t text, apr_pool_t *pool);

/* Offset in a string token of half a surrogate pair (\ud800 alone), or
 * SPBE_NPOS. */
size_t spbe_json_lone(spbe_span_t text);

/* A number token without fraction, exponent or sign that fits: 1. */
int spbe_json_unsigned(spbe_span_t text, unsigned long long max,
                       unsigned long long *value);

#endif
