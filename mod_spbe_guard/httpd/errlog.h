/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/errlog.h - lines written to the error log are kept with the request
 * they belong to.
 */
#ifndef SPBE_HTTPD_ERRLOG_H
#define SPBE_HTTPD_ERRLOG_H

#include <apr_pools.h>

void spbe_errlog_hooks(apr_pool_t *p);

#endif
