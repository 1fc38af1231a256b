/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/retention.h - how long records are to be kept: home/retention.json.
 *
 * Nothing is purged by it; it says what was decided, so that the tool can
 * remind of it.
 */
#ifndef SPBE_CTL_RETENTION_H
#define SPBE_CTL_RETENTION_H

#include <apr_errno.h>
#include <apr_time.h>

#define SPBE_RETENTION_FILE "retention.json"

typedef struct spbe_retention {
    int is_set;
    long days;        /* 0: for ever */
    const char *text; /* "90d" or "none" */
    apr_time_t set;
    const char *by;
} spbe_retention_t;

/* "90d", "5y" (years of 365 days), "none". 0: it is none of these. */
int spbe_retention_parse(const char *text, long *days);

/* What cannot be read is not set. */
void spbe_retention_read(const char *home, spbe_retention_t *retention,
                         apr_pool_t *pool);

apr_status_t spbe_retention_write(const char *home, const char *text,
                                  const char *by, apr_pool_t *pool);

#endif
