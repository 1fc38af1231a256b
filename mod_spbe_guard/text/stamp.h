/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/stamp.h - points in time as text.
 *
 * Records and files hold RFC 3339 in UTC with microseconds; people read local
 * time with its zone (TZ, else that of the machine).
 */
#ifndef SPBE_TEXT_STAMP_H
#define SPBE_TEXT_STAMP_H

#include <apr_time.h>
#include "text/span.h"

#define SPBE_STAMP_SIZE 32

/* "2026-03-04T10:22:33.123456Z". */
void spbe_stamp_write(apr_time_t time, char out[SPBE_STAMP_SIZE]);

/*
 * RFC 3339, also with an offset, without the seconds' fraction, or a date
 * alone (its first moment in UTC). 1, or 0 when it is not that.
 */
int spbe_stamp_parse(spbe_span_t text, apr_time_t *time);

/* Also "90s", "15m", "2h", "3d": so long before now. What says no zone is local
 * time, a date alone its first moment there. */
int spbe_stamp_since(spbe_span_t text, apr_time_t now, apr_time_t *time);

/* "04-03-2026 17:22:33 WIB". */
void spbe_stamp_local(apr_time_t time, char out[SPBE_STAMP_SIZE]);

/* "2026-03-04T17:22:33", local, as spbe_stamp_since takes it. */
void spbe_stamp_plain(apr_time_t time, char out[SPBE_STAMP_SIZE]);

/* "2026-03-04", local. */
void spbe_stamp_day(apr_time_t time, char out[SPBE_STAMP_SIZE]);

/* The first moment of the local day that is so many days after that of time. */
apr_time_t spbe_stamp_midnight(apr_time_t time, int days);

#endif
