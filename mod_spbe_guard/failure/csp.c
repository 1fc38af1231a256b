/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/csp.c - the Content-Security-Policy of an error page. See csp.h.
 */
#include "failure/csp.h"

#include <apr_strings.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#define DENY "default-src 'none'; "
#define CLOSE "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const char *spbe_csp_nothing(void)
{
    return DENY CLOSE;
}

static const char *source_of(spbe_span_t text, apr_pool_t *pool)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    unsigned char base64[SHA256_DIGEST_LENGTH * 2];

    SHA256((const unsigned char *)text.ptr, text.len, hash);
    EVP_EncodeBlock(base64, hash, sizeof(hash));
    return apr_psprintf(pool, " 'sha256-%s'", (const char *)base64);
}

static const char *complain(const char *name, spbe_span_t html, size_t at,
                            const char *what, apr_pool_t *pool)
{
    unsigned line = 1;
    size_t i;

    for (i = 0; i < at; i++) {
        line += html.ptr[i] == '\n';
    }
    return apr_psprintf(pool, "%s:%u: %s", name, line, what);
}

/* Is it the tag and not, say, <styled-part>? */
static int is_tag(spbe_span_t at_tag, size_t len)
{
    char c = at_tag.len > len ? at_tag.ptr[len] : '\0';

    return c == '>' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
           || c == '/';
}

/* Browsers see "\n" where the file has "\r\n": the hash would not fit. */
static const char *judge(const char *name, spbe_span_t text, apr_pool_t *pool)
{
    if (spbe_span_find(text, SPBE_SPAN("{{")) != SPBE_NPOS) {
        return apr_psprintf(pool, "a variable inside <%s>: the page's security "
                            "policy allows a %s only by the hash of its text",
                            name, name);
    }
    if (spbe_span_chr(text, '\r') != SPBE_NPOS) {
        return apr_psprintf(pool, "<%s> has Windows line ends (CRLF); save the "
                            "file with plain ones (LF)", name);
    }
    return NULL;
}

/* The hashes of all elements of that name, each with a blank before it. */
static const char *sources(const char *file, spbe_span_t html,
                           const char *name, const char **error,
                           apr_pool_t *pool)
{
    spbe_span_t begin = spbe_span_from(apr_pstrcat(pool, "<", name, NULL));
    spbe_span_t finish = spbe_span_from(apr_pstrcat(pool, "</", name, NULL));
    const char *found = "", *wrong;
    size_t at = 0, next, open, close;
    spbe_span_t rest, text;

    while ((next = spbe_span_ifind(spbe_span_slice(html, at, html.len), begin))
           != SPBE_NPOS) {
        at += next;
        rest = spbe_span_slice(html, at, html.len);
        open = spbe_span_chr(rest, '>');
        if (!is_tag(rest, begin.len) || open == SPBE_NPOS) {
            at += begin.len;
            continue;
        }
        rest = spbe_span_slice(rest, open + 1, rest.len);
        close = spbe_span_ifind(rest, finish);
        text = spbe_span_slice(rest, 0, close);
        wrong = close != SPBE_NPOS
                    ? judge(name, text, pool)
                    : apr_psprintf(pool, "<%s> without </%s>", name, name);
        if (wrong != NULL) {
            *error = complain(file, html, at, wrong, pool);
            return "";
        }
        found = apr_pstrcat(pool, found, source_of(text, pool), NULL);
        at += open + 1 + close;
    }
    return found;
}

const char *spbe_csp_build(const char *name, spbe_span_t html, int images,
                           const char **error, apr_pool_t *pool)
{
    const char *styles, *scripts;

    *error = NULL;
    styles = sources(name, html, "style", error, pool);
    scripts = *error == NULL ? sources(name, html, "script", error, pool) : "";
    if (*error != NULL) {
        return NULL;
    }
    return apr_pstrcat(pool, DENY, styles[0] == '\0' ? "" : "style-src",
                       styles, styles[0] == '\0' ? "" : "; ",
                       scripts[0] == '\0' ? "" : "script-src", scripts,
                       scripts[0] == '\0' ? "" : "; ",
                       images ? "img-src 'self' data:; " : "", CLOSE, NULL);
}
