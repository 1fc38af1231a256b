/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/inject.h - one script element at the end of HTML pages, which brings
 * the page's own rules to the browser (SpbeGuardClientScript).
 *
 * Only whole documents of places where the input is checked under On, and only
 * where the page's Content-Security-Policy lets the script run. Nothing in the
 * page is searched or changed; the element follows its last byte.
 */
#ifndef SPBE_HTTPD_INJECT_H
#define SPBE_HTTPD_INJECT_H

#include <httpd.h>

void spbe_inject_hooks(apr_pool_t *p);

#endif
