/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/detail.h - the details of a record within a size. Private to
 * record.c, which has redacted everything before it comes here.
 *
 * Collects members, then writes them as one JSON object. When they are too
 * long together the longest are shortened first, and the member "cut" names
 * them.
 */
#ifndef SPBE_RECORD_DETAIL_H
#define SPBE_RECORD_DETAIL_H

#include <apr_tables.h>
#include "text/span.h"

#define SPBE_DETAIL_MIN 256 /* so much is written whatever the limit is */

typedef struct spbe_detail spbe_detail_t;

spbe_detail_t *spbe_detail_create(apr_pool_t *pool);

void spbe_detail_add_text(spbe_detail_t *detail, const char *name,
                          spbe_span_t text);
void spbe_detail_add_number(spbe_detail_t *detail, const char *name,
                            apr_int64_t value);
/* items: const char *, each JSON. */
void spbe_detail_add_list(spbe_detail_t *detail, const char *name,
                          const apr_array_header_t *items);
/* json: of spbe_trigger_json; its fields are what can be left out. */
void spbe_detail_add_input(spbe_detail_t *detail, const char *name,
                           const char *json);

/* NULL when nothing was added. */
const char *spbe_detail_json(spbe_detail_t *detail, size_t limit);

#endif
