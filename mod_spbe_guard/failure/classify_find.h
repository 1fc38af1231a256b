/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify_find.h - which rules can match a text at all?
 *
 * Every alternative of an expression has, as a rule, a run of plain letters.
 * One pass over the text looks for all of them at once; only rules whose
 * letters were seen are asked. Case is never minded here. Built once, then
 * immutable and shared by all threads.
 */
#ifndef SPBE_FAILURE_CLASSIFY_FIND_H
#define SPBE_FAILURE_CLASSIFY_FIND_H

#include "text/span.h"

typedef struct spbe_class_find spbe_class_find_t;

spbe_class_find_t *spbe_class_find_create(apr_pool_t *pool);

/* Learns the letters of rule number rule. A rule with an alternative that has
 * none is always a candidate. Returns 1 if it is not. */
int spbe_class_find_add(spbe_class_find_t *find, spbe_span_t regex, int rule,
                        apr_pool_t *pool);

/* Sets candidate[rule] for every rule that may match text. */
void spbe_class_find_run(const spbe_class_find_t *find, spbe_span_t text,
                         unsigned char *candidate);

/* The longest run of plain letters in one alternative, lower-cased; empty if
 * it has none of three letters. */
spbe_span_t spbe_class_find_letters(spbe_span_t alternative, apr_pool_t *pool);

#endif
