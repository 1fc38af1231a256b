/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_work.h - the process that reads httpd's error log and writes
 * it again, filtered. Never stops reading: httpd would stand still.
 */
#ifndef SPBE_LOGGER_ERRORLOG_WORK_H
#define SPBE_LOGGER_ERRORLOG_WORK_H

#include "record/errfilter.h"

/* In memory of both processes. */
typedef struct spbe_errlog_shared {
    apr_uint64_t taken; /* lines read */
    apr_uint64_t left;  /* lines written, or reported as lost */
    int idle;           /* nothing that was read waits */
    int hurry;          /* httpd waits: what can be decided later is now */
} spbe_errlog_shared_t;

/* Returns at the end of standard input. socket: see errorlog_open.h. */
void spbe_errlog_work(const char *path, int socket, const spbe_rules_t *rules,
                      spbe_errlog_shared_t *shared, apr_pool_t *pool);

#endif
