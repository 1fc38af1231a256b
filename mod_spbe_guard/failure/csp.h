/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/csp.h - the Content-Security-Policy of an error page.
 *
 * Nothing may be loaded, framed or sent; the page's own <style> and <script>
 * are allowed by the hash of their bytes, so they must not hold anything that
 * changes.
 */
#ifndef SPBE_FAILURE_CSP_H
#define SPBE_FAILURE_CSP_H

#include "text/span.h"

/*
 * html: the template. images: allow pictures of the same origin and data:
 * ones, as an administrator's page may show a logo. NULL and *error when
 * one of them holds a variable or is not closed.
 */
const char *spbe_csp_build(const char *name, spbe_span_t html, int images,
                           const char **error, apr_pool_t *pool);

/* For formats that are no page. */
const char *spbe_csp_nothing(void);

#endif
