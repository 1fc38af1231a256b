/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/hidefile.h - SpbeGuardHideFile.
 */
#ifndef SPBE_HTTPD_HIDEFILE_H
#define SPBE_HTTPD_HIDEFILE_H

#include <apr_pools.h>

void spbe_hidefile_hooks(apr_pool_t *p);

#endif
