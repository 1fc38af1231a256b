/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/collapse.h - a flood of the same is one record and a number.
 *
 * Of what is the same in application, route, findings, client and outcome the
 * first in a minute is written with everything. A reference that was shown
 * must be found: the others get a line that points to the first, as long as
 * there are not too many (record/flood.h); the rest is counted and written
 * when the minute is over, by the next of its kind or by the parent.
 */
#ifndef SPBE_HTTPD_COLLAPSE_H
#define SPBE_HTTPD_COLLAPSE_H

#include <httpd.h>

#include "record/record.h"

typedef enum spbe_collapse {
    SPBE_COLLAPSE_FULL = 0, /* write the record with its details */
    SPBE_COLLAPSE_LINE = 1, /* write the index part; record->of is set */
    SPBE_COLLAPSE_NONE = 2  /* counted */
} spbe_collapse_t;

/*
 * What is to be done with this record of kind anomaly or access, whose index
 * part is filled in. same: what besides the index part makes two the same.
 * shown: the visitor has its reference.
 */
spbe_collapse_t spbe_collapse(request_rec *r, spbe_record_t *record,
                              spbe_span_t same, int shown);

/* In the parent, now and then: writes what has ended; all: everything. */
void spbe_collapse_sweep(server_rec *s, int all, apr_pool_t *pool);

#endif
