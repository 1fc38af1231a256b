/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/candidates.h - every record that claims to be a certain key.
 *
 * The index knows one place of a key, the newest; anybody who writes records
 * may have written that one.
 */
#ifndef SPBE_CTL_CANDIDATES_H
#define SPBE_CTL_CANDIDATES_H

#include "store/query.h"
#include "store/source.h"

typedef struct spbe_candidates spbe_candidates_t;

/* Reads the source from its beginning to its end. */
apr_status_t spbe_candidates_create(spbe_candidates_t **candidates,
                                    const spbe_source_t *source,
                                    apr_pool_t *pool);

/* Rows of kind "key" with this id, in the order of the archive: who does not
 * know an id yet cannot have written a key under it. row: as of a query. */
void spbe_candidates_each(const spbe_candidates_t *candidates, const char *key,
                          spbe_query_row_t *row, void *baton, apr_pool_t *pool);

#endif
