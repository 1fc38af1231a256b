/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/client.h - handler spbe-guard-client: the script that helps a person
 * to fill in a form, with the rules of the page that asks for it.
 */
#ifndef SPBE_HTTPD_CLIENT_H
#define SPBE_HTTPD_CLIENT_H

#include <httpd.h>

void spbe_client_hooks(apr_pool_t *p);

#endif
