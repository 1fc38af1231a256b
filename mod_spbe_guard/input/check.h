/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/check.h - is this request what the policy says? Procedure step V3.
 *
 * Judges a reading against settings->policy and settings->params and adds to
 * the verdict. Allocates from the request's pool, compiles nothing, takes no
 * lock. A request without a body, or with one that is not read, is judged as a
 * whole by spbe_check_head; spbe_check_body then adds nothing.
 */
#ifndef SPBE_INPUT_CHECK_H
#define SPBE_INPUT_CHECK_H

#include "input/policy.h"
#include "input/reading.h"

typedef struct spbe_check_tools { /* of one thread */
    spbe_regex_scratch_t *regex;
    struct spbe_magic *magic; /* libmagic, opened at the first file; or NULL */
} spbe_check_tools_t;

/* What the policy says about the head: does the path exist, the method, the
 * media type? Adds findings of path, query, headers and cookies. *match may be
 * kept for the body. */
void spbe_check_head(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool);

/* Does an operation, or the parameter lines, want this body read? By its media
 * type; else only the built-in kinds of reading.h are. */
int spbe_check_wants_body(const spbe_settings_t *settings,
                          const spbe_match_t *match, spbe_span_t content_type);

/*
 * May this name come more than once there (QUERY, FORM, FILE, COOKIE), because
 * the policy or a SpbeGuardParam line has a list of it? reading->view must be
 * set, nothing else of it is looked at; the answer to where method and path
 * lead is kept in reading->match.
 */
int spbe_check_allows_many(const spbe_settings_t *settings,
                           spbe_reading_t *reading, spbe_place_t place,
                           spbe_span_t name, apr_pool_t *pool);

/* Body, files, unknown fields, comparisons. */
void spbe_check_body(const spbe_settings_t *settings,
                     const spbe_reading_t *reading, const spbe_match_t *match,
                     const spbe_check_tools_t *tools, spbe_verdict_t *verdict,
                     apr_pool_t *pool);

#endif
