/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/pieces.h - what is there of records of which lines are missing.
 *
 * Lines of a record may come days apart: a spill file was left behind, the
 * logger was started again. What came first is kept here, so that the record
 * becomes whole whenever the rest comes.
 */
#ifndef SPBE_STORE_PIECES_H
#define SPBE_STORE_PIECES_H

#include "store/assemble.h"
#include "store/database.h"

/*
 * Adds to whole what came earlier (in pool). When nothing is missing then, it
 * is complete and forgotten here, else kept. *held: the database has the whole
 * record already, this is nothing new.
 */
apr_status_t spbe_pieces_add(spbe_database_t *database, spbe_whole_t *whole,
                             int *held, apr_pool_t *pool);

#endif
