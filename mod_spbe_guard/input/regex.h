/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex.h - patterns as ECMA-262 (flag u) writes them, run by PCRE2.
 *
 * Compiled once, immutable, shared by all threads. A match has limits: what
 * goes over them is refused, never skipped.
 */
#ifndef SPBE_INPUT_REGEX_H
#define SPBE_INPUT_REGEX_H

#include <apr_pools.h>

#include "text/span.h"

typedef struct spbe_regex spbe_regex_t;

/* Match data, stack and limits of one thread; see spbe_regex_scratch. */
typedef struct spbe_regex_scratch spbe_regex_scratch_t;

typedef enum spbe_regex_answer {
    SPBE_REGEX_NO = 0,
    SPBE_REGEX_YES = 1,
    SPBE_REGEX_LIMIT = 2 /* gave up: a refusal */
} spbe_regex_answer_t;

/*
 * NULL and *error (a sentence) when the pattern is not one of ECMA-262's, or
 * uses what cannot be had. Searches anywhere in the text, as JSON Schema has
 * it; freed with pool.
 */
spbe_regex_t *spbe_regex_compile(spbe_span_t pattern, const char **error,
                                 apr_pool_t *pool);

/* Is it one of ECMA-262's, had or not? Compiles nothing. */
int spbe_regex_valid(spbe_span_t pattern, apr_pool_t *pool);

/* text: valid UTF-8. scratch: of this thread, NULL makes one for the call. */
spbe_regex_answer_t spbe_regex_match(const spbe_regex_t *regex,
                                     spbe_span_t text,
                                     spbe_regex_scratch_t *scratch);

spbe_regex_scratch_t *spbe_regex_scratch_create(apr_pool_t *pool);

spbe_span_t spbe_regex_source(const spbe_regex_t *regex);
/* Begins with ^ and ends with $ in every alternative. */
int spbe_regex_is_anchored(const spbe_regex_t *regex);
/* Tried when compiled: runs into the limits on a repeated text made from the
 * pattern, or has a repeat within a repeat over the same characters. */
int spbe_regex_is_slow(const spbe_regex_t *regex);

#endif
