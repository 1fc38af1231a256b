/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/syslog.h - write messages as RFC 5424 has them.
 */
#ifndef SPBE_TEXT_SYSLOG_H
#define SPBE_TEXT_SYSLOG_H

#include <apr_time.h>
#include "text/buf.h"

#define SPBE_SYSLOG_MAX 8192 /* bytes of a message that every receiver takes   \
                              */

typedef enum spbe_syslog_severity {
    SPBE_SYSLOG_CRITICAL = 2,
    SPBE_SYSLOG_ERROR = 3,
    SPBE_SYSLOG_WARNING = 4,
    SPBE_SYSLOG_NOTICE = 5
} spbe_syslog_severity_t;

/* "<PRI>1 TIME HOST APP - MSGID " with facility authpriv. NULL or empty words
 * are "-"; what a word may not have becomes '?'. */
void spbe_syslog_begin(spbe_buf_t *buf, spbe_syslog_severity_t severity,
                       apr_time_t time, const char *host, const char *app,
                       const char *msgid);

/* Structured data: an element with its parameters; nothing for a parameter
 * that is NULL or empty. */
void spbe_syslog_element(spbe_buf_t *buf, const char *id);
void spbe_syslog_param(spbe_buf_t *buf, const char *name, const char *value);
void spbe_syslog_element_end(spbe_buf_t *buf);

/* The message in UTF-8, on one line; cut where the whole, which began at from,
 * would become longer than SPBE_SYSLOG_MAX. */
void spbe_syslog_text(spbe_buf_t *buf, spbe_span_t text, size_t from);

#endif
