/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/inject_element.c - what is added to a page. See inject_element.h.
 *
 * Nothing of the request stands in it as it came: the path is encoded, the
 * nonce is of characters that need no escaping.
 */
#include "httpd/inject_element.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "httpd/conf.h"
#include "httpd/state.h"
#include "text/cspread.h"

/* Longer paths would not come back to us. */
#define PATH_MAX_BYTES 2048

/* Every byte that is not plain in a query is percent-encoded: the result can
 * stand in an attribute as it is. NULL when it is too long. */
static const char *path_of_page(request_rec *r)
{
    const request_rec *first = spbe_state_first(r);
    const char *from = first->unparsed_uri, *c;
    char *out, *to;
    size_t len;

    from = from != NULL && *from == '/' ? from : first->uri;
    len = strcspn(from, "?#");
    if (len == 0 || len > PATH_MAX_BYTES) {
        return NULL;
    }
    to = out = apr_palloc(r->pool, 3 * len + 1);
    for (c = from; c < from + len; c++) {
        if (apr_isalnum(*c) || strchr("/-._~", *c) != NULL) {
            *to++ = *c;
        }
        else {
            to += apr_snprintf(to, 4, "%%%02X", (unsigned char)*c);
        }
    }
    *to = '\0';
    return out;
}

/* A nonce is base64; anything else would have to be escaped. */
static int is_plain_nonce(spbe_span_t nonce)
{
    size_t i;

    for (i = 0; i < nonce.len; i++) {
        if (!apr_isalnum(nonce.ptr[i]) &&
            strchr("+/=-_", nonce.ptr[i]) == NULL) {
            return 0;
        }
    }
    return nonce.len <= 256;
}

/* Both tables can hold policies, and each counts. */
static int may_run(const request_rec *r, spbe_span_t *nonce)
{
    const apr_table_t *tables[] = {r->headers_out, r->err_headers_out};
    const char *all = "";
    int i;

    for (i = 0; i < 2; i++) {
        const char *value =
            apr_table_getm(r->pool, tables[i], "Content-Security-Policy");

        if (value != NULL) {
            all = apr_pstrcat(r->pool, all, *all ? "," : "", value, NULL);
        }
    }
    return spbe_cspread_script(spbe_span_from(all), nonce) &&
           is_plain_nonce(*nonce);
}

const char *spbe_inject_element(request_rec *r)
{
    const char *path = path_of_page(r), *attribute = "";
    spbe_span_t nonce;

    if (path == NULL || !may_run(r, &nonce)) {
        return NULL;
    }
    if (nonce.len > 0) {
        attribute =
            apr_psprintf(r->pool, " nonce=\"%.*s\"", (int)nonce.len, nonce.ptr);
    }
    return apr_psprintf(r->pool,
                        "<script src=\"%s?path=%s\" defer%s></script>\n",
                        spbe_dir_client_url(spbe_conf_dir(r)), path, attribute);
}
