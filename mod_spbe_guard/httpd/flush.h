/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/flush.h - the parent writes down what was counted: windows of floods
 * that have ended, tallies once a minute, and all that is left at the end.
 */
#ifndef SPBE_HTTPD_FLUSH_H
#define SPBE_HTTPD_FLUSH_H

#include <httpd.h>

void spbe_flush_hooks(apr_pool_t *p);

#endif
