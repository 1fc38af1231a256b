/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_keep.h - what was taken out of the error log although no
 * request is known for it becomes a record of its own, sealed, in the spill
 * folder. What belongs to a request is in that request's record.
 */
#ifndef SPBE_LOGGER_ERRORLOG_KEEP_H
#define SPBE_LOGGER_ERRORLOG_KEEP_H

#include "record/errfilter.h"

typedef struct spbe_errlog_keep spbe_errlog_keep_t;

/*
 * recipients: file of public keys; spill: folder that the logger looks into,
 * which must be there. NULL: nothing can be kept, and *why says so.
 */
spbe_errlog_keep_t *spbe_errlog_keep_create(const char *recipients,
                                            const char *spill, const char **why,
                                            apr_pool_t *pool);

/* Whether this process, with the rights that it has, can add to the folder. */
int spbe_errlog_keep_can(const spbe_errlog_keep_t *keep);

/* In the process that filters, before its first line. */
void spbe_errlog_keep_start(spbe_errlog_keep_t *keep);

/* For spbe_errfilter_set_keep. */
spbe_errfilter_keep_t spbe_errlog_keep_of(spbe_errlog_keep_t *keep);

/* Once a second or more often: writes a text that has come to its end. */
void spbe_errlog_keep_tick(spbe_errlog_keep_t *keep, apr_time_t now);

/* Writes what there is. */
void spbe_errlog_keep_end(spbe_errlog_keep_t *keep);

#endif
