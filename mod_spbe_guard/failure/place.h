/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/place.h - line and column for messages about a JSON text.
 *
 * cJSON does not keep positions; they are found again by walking text and tree
 * side by side. Only for texts that cJSON has accepted, and only for messages:
 * it is slow.
 */
#ifndef SPBE_FAILURE_PLACE_H
#define SPBE_FAILURE_PLACE_H

#include <cjson/cJSON.h>

#include "text/span.h"

/* "line:column", both from 1, of a byte offset. */
const char *spbe_place_at(spbe_span_t json, size_t offset, apr_pool_t *pool);

/* Of item's value inside root's text; with name, of the member's name. */
const char *spbe_place_find(spbe_span_t json, const cJSON *root,
                            const cJSON *item, int name, apr_pool_t *pool);

#endif
