/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/crash.h - the death of a child is recorded with signal, backtrace and
 * the requests it was working on.
 *
 * The signal handler only stores numbers in the thread's slot and goes on to
 * the handler that was there before; the parent, which outlives the child,
 * writes the record.
 */
#ifndef SPBE_HTTPD_CRASH_H
#define SPBE_HTTPD_CRASH_H

#include <apr_pools.h>

/* In child_init. */
void spbe_crash_arm(void);

/* A notice of the parent's error log: "AH00052: child pid N exit signal ...". */
void spbe_crash_hear(const char *text);

void spbe_crash_hooks(apr_pool_t *p);

#endif
