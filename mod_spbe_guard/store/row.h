/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/row.h - from an assembled record to a row of the index.
 */
#ifndef SPBE_STORE_ROW_H
#define SPBE_STORE_ROW_H

#include "store/assemble.h"
#include "store/database.h"

#define SPBE_ROW_TEXT 400 /* bytes of a text that can be searched for */

/* A JSON string, still escaped, as such a text: made visible where it is none,
 * and cut. */
const char *spbe_row_text(spbe_span_t escaped, apr_pool_t *pool);

/*
 * The members of h that are columns. h came from a writer that is not trusted:
 * what is missing or of another type stays NULL; a record without h is of kind
 * "unknown". Strings are in pool.
 */
void spbe_row_from_whole(spbe_row_t *row, const spbe_whole_t *whole,
                         apr_pool_t *pool);

/* A row that says that lines were lost. */
void spbe_row_from_lost(spbe_row_t *row, const spbe_entry_t *entry,
                        apr_pool_t *pool);

#endif
