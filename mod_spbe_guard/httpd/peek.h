/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/peek.h - the first bytes of a request's body, as the handler reads
 * them, for Input Pemicu Error. Reads nothing itself and delays nothing.
 */
#ifndef SPBE_HTTPD_PEEK_H
#define SPBE_HTTPD_PEEK_H

#include <apr_pools.h>

void spbe_peek_hooks(apr_pool_t *p);

#endif
