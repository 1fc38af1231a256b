/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog_work.h - the process that reads httpd's error log and writes
 * it again, filtered. Never stops reading: httpd would stand still.
 */
#ifndef SPBE_LOGGER_ERRORLOG_WORK_H
#define SPBE_LOGGER_ERRORLOG_WORK_H

#include "logger/errorlog_keep.h"
#include "record/errfilter.h"

/* In memory of both processes. */
typedef struct spbe_errlog_shared {
    apr_uint64_t taken; /* lines read */
    apr_uint64_t left;  /* lines written, or reported as lost */
    int idle;           /* nothing that was read waits */
    int hurry;          /* httpd waits: what can be decided later is now */
    int dismissed;      /* the process that httpd knows ends as it should */
    int cut;            /* what was read ends in the middle of a line */
} spbe_errlog_shared_t;

typedef struct spbe_errlog_job {
    const char *path;
    int socket; /* see errorlog_open.h */
    const spbe_rules_t *rules;
    spbe_errlog_keep_t *keep; /* NULL: nothing is kept */
    spbe_errlog_shared_t *shared;
} spbe_errlog_job_t;

/* Returns at the end of standard input, or when the process at the other end of
 * the socket is gone without having dismissed this one: httpd starts another,
 * and two must not read one pipe. */
void spbe_errlog_work(const spbe_errlog_job_t *job, apr_pool_t *pool);

/* Takes some of standard input while there is no such process; the next one
 * reports the lines as lost. */
void spbe_errlog_discard(spbe_errlog_shared_t *shared);

#endif
