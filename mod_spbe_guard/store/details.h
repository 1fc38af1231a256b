/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/details.h - the details of a record, out of the archive.
 */
#ifndef SPBE_STORE_DETAILS_H
#define SPBE_STORE_DETAILS_H

#include "store/archive.h"
#include "store/database.h"

#define SPBE_DETAILS_MAX ((apr_uint64_t)16 << 20)

/*
 * *d: the JSON text in pool; empty when the record has no details. APR_SUCCESS;
 * APR_EINCOMPLETE: parts are missing, and *d ends where the first one is;
 * anything else: the archive cannot be read.
 */
apr_status_t spbe_details_read(spbe_archive_t *archive, const spbe_row_t *row,
                               spbe_span_t *d, apr_pool_t *pool);

#endif
