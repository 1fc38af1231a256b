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

static const char *source_of(spbe_span_t style, apr_pool_t *pool)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    unsigned char base64[SHA256_DIGEST_LENGTH * 2];

    SHA256((const unsigned char *)style.ptr, style.len, hash);
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
static int is_style_tag(spbe_span_t at_tag)
{
    char c = at_tag.len > 6 ? at_tag.ptr[6] : '\0';

    return c == '>' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
           || c == '/';
}

/* Browsers see "\n" where the file has "\r\n": the hash would not fit. */
static const char *judge(spbe_span_t style)
{
    if (spbe_span_find(style, SPBE_SPAN("{{")) != SPBE_NPOS) {
        return "a variable inside <style>: the page's security policy allows "
               "a style only by the hash of its text";
    }
    if (spbe_span_chr(style, '\r') != SPBE_NPOS) {
        return "<style> has Windows line ends (CRLF); save the file with "
               "plain ones (LF)";
    }
    return NULL;
}

const char *spbe_csp_build(const char *name, spbe_span_t html, int images,
                           const char **error, apr_pool_t *pool)
{
    const char *styles = "", *wrong;
    size_t at = 0, found, open, close;
    spbe_span_t rest, style;

    *error = NULL;
    while ((found = spbe_span_ifind(spbe_span_slice(html, at, html.len),
                                    SPBE_SPAN("<style"))) != SPBE_NPOS) {
        at += found;
        rest = spbe_span_slice(html, at, html.len);
        open = spbe_span_chr(rest, '>');
        if (!is_style_tag(rest) || open == SPBE_NPOS) {
            at += 6;
            continue;
        }
        rest = spbe_span_slice(rest, open + 1, rest.len);
        close = spbe_span_ifind(rest, SPBE_SPAN("</style"));
        style = spbe_span_slice(rest, 0, close);
        wrong = close == SPBE_NPOS ? "<style> without </style>" : judge(style);
        if (wrong != NULL) {
            *error = complain(name, html, at, wrong, pool);
            return NULL;
        }
        styles = apr_pstrcat(pool, styles, source_of(style, pool), NULL);
        at += open + 1 + close;
    }
    return apr_pstrcat(pool, DENY, styles[0] == '\0' ? "" : "style-src",
                       styles, styles[0] == '\0' ? "" : "; ",
                       images ? "img-src 'self' data:; " : "", CLOSE, NULL);
}
