/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/nameless.h - pieces of a query or a form that stand without a name.
 *
 * "?RESET-TOKEN", or what is left of a password behind its own '&': a parser
 * takes such a piece for a name, and the visitor meant a value. Names are
 * written in clear, so of these only the form is, unless the policy knows one.
 */
#ifndef SPBE_RECORD_NAMELESS_H
#define SPBE_RECORD_NAMELESS_H

#include "input/verdict.h"
#include "record/redact.h"
#include "record/sensitive.h"
#include "text/form.h"

typedef struct spbe_nameless spbe_nameless_t;

/* all: what the pair was cut from. No '=' stands in it but the padding of
 * base64, of which one alone tells only where nothing else is sent. */
int spbe_nameless_is(const spbe_pair_t *pair, spbe_span_t all);

/* What is written for the name of such a piece, decoded. sensitive: or NULL. */
spbe_span_t spbe_nameless_shown(const spbe_redact_t *redact,
                                const spbe_sensitive_t *sensitive,
                                spbe_span_t name, apr_pool_t *pool);

spbe_nameless_t *spbe_nameless_create(apr_pool_t *pool);

/* Takes the pieces without a name out of urlencoded text: max pieces of any
 * kind at most. */
void spbe_nameless_read(spbe_nameless_t *nameless, spbe_span_t text,
                        unsigned max);

/* verdict, or a copy whose findings show the form of what has no name. */
const spbe_verdict_t *spbe_nameless_veil(const spbe_nameless_t *nameless,
                                         const spbe_verdict_t *verdict,
                                         const spbe_redact_t *redact,
                                         const spbe_sensitive_t *sensitive,
                                         apr_pool_t *pool);

#endif
