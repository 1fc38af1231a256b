/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/inject_element.h - the script element for one page.
 */
#ifndef SPBE_HTTPD_INJECT_ELEMENT_H
#define SPBE_HTTPD_INJECT_ELEMENT_H

#include <httpd.h>

/* For the page that a visitor has asked for, with the nonce that its
 * Content-Security-Policy wants; NULL when that would block it, or in doubt. */
const char *spbe_inject_element(request_rec *r);

#endif
