/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/headers.c - response headers that tell, and those that may stay beside
 * a replaced body.
 */
#include "httpd/flow.h"

#include <apr_strings.h>
#include <http_log.h>

#include "httpd/report.h"
#include "httpd/thread.h"

static const char *const strip_builtin[] = {
    "X-Powered-By", "X-AspNet*", "X-Debug-*", "X-Generator", "X-Runtime",
    "X-ChromeLogger-Data", "X-ChromePhp-Data", "X-Wf-*", NULL
};

/* Beside our page: what controls caching of credentials, access and
 * transport; nothing that describes the body that was. */
static const char *const keep[] = {
    "Allow", "WWW-Authenticate", "Proxy-Authenticate", "Authentication-Info",
    "Retry-After", "Location", "Set-Cookie", "Set-Cookie2",
    "Access-Control-*", "Strict-Transport-Security", "Vary", "Date", "Upgrade",
    "Connection", "Alt-Svc", "Cross-Origin-*", "Referrer-Policy",
    "Permissions-Policy", "X-Frame-Options", "X-Request-Id",
    "X-Correlation-Id", "RateLimit-*", "X-RateLimit-*", NULL
};

/* Short, or of a form that cannot hold a trace: not searched. */
static const char *const plain[] = {
    "Accept-*", "Access-Control-*", "Age", "Allow", "Cache-Control",
    "Connection", "Content-*", "Date", "ETag", "Expires", "Keep-Alive",
    "Last-Modified", "Link", "Location", "P3P", "Permissions-Policy",
    "Pragma", "Referrer-Policy", "Server", "Set-Cookie",
    "Strict-Transport-Security", "Vary", "Via", "WWW-Authenticate",
    "X-Content-*", "X-Frame-Options", "X-XSS-Protection", NULL
};

static int is_like(const char *pattern, const char *name)
{
    size_t len = strlen(pattern);

    if (pattern[len - 1] == '*') {
        return strncasecmp(pattern, name, len - 1) == 0;
    }
    return strcasecmp(pattern, name) == 0;
}

static int is_in(const char *const *patterns, const char *name)
{
    for (; *patterns != NULL; patterns++) {
        if (is_like(*patterns, name)) {
            return 1;
        }
    }
    return 0;
}

static int is_stripped(const spbe_list_t *list, const char *name)
{
    int i;

    if (!list->fresh && is_in(strip_builtin, name)) {
        return 1;
    }
    for (i = 0; list->items != NULL && i < list->items->nelts; i++) {
        if (is_like(APR_ARRAY_IDX(list->items, i, const char *), name)) {
            return 1;
        }
    }
    return 0;
}

/* The rule that a header's value matches, or NULL. */
static const spbe_rule_t *tells(spbe_flow_t *flow, const char *name,
                                const char *value)
{
    size_t len = strlen(value);

    if (len < 12 || is_in(plain, name)) {
        return NULL;
    }
    return spbe_scan_once(spbe_conf_server(flow->r->server)->rules,
                          spbe_thread_scratch(), flow->r->status,
                          (spbe_span_t){ value, len });
}

static void strip_table(spbe_flow_t *flow, apr_table_t *table)
{
    const apr_array_header_t *all = apr_table_elts(table);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)all->elts;
    apr_array_header_t *gone = NULL;
    const spbe_rule_t *rule;
    int i;

    for (i = 0; i < all->nelts; i++) {
        rule = NULL;
        if (!is_stripped(&flow->conf->strip_headers, entry[i].key)) {
            rule = tells(flow, entry[i].key, entry[i].val);
            if (rule == NULL) {
                continue;
            }
            spbe_report_header(flow, entry[i].key, entry[i].val, rule);
        }
        if (gone == NULL) {
            gone = apr_array_make(flow->r->pool, 4, sizeof(const char *));
        }
        APR_ARRAY_PUSH(gone, const char *) = entry[i].key;
    }
    for (i = 0; gone != NULL && i < gone->nelts; i++) {
        apr_table_unset(table, APR_ARRAY_IDX(gone, i, const char *));
    }
}

void spbe_headers_strip(spbe_flow_t *flow)
{
    strip_table(flow, flow->r->headers_out);
    strip_table(flow, flow->r->err_headers_out);
}

void spbe_headers_strip_trailers(spbe_flow_t *flow)
{
    if (!flow->observe) {
        strip_table(flow, flow->r->trailers_out);
    }
}

void spbe_headers_body_changed(request_rec *r)
{
    static const char *const names[] = { "Content-Length", "Content-MD5",
                                         "ETag", "Last-Modified",
                                         "Accept-Ranges", "Digest",
                                         "Content-Digest", "Repr-Digest",
                                         NULL };
    int i;

    for (i = 0; names[i] != NULL; i++) {
        apr_table_unset(r->headers_out, names[i]);
        apr_table_unset(r->err_headers_out, names[i]);
    }
    r->clength = 0;
}

static apr_table_t *kept(const apr_table_t *table, apr_pool_t *pool)
{
    const apr_array_header_t *all = apr_table_elts(table);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)all->elts;
    apr_table_t *out = apr_table_make(pool, 8);
    int i;

    for (i = 0; i < all->nelts; i++) {
        if (is_in(keep, entry[i].key)) {
            apr_table_addn(out, entry[i].key, entry[i].val);
        }
    }
    return out;
}

void spbe_headers_clear(request_rec *r)
{
    r->headers_out = kept(r->headers_out, r->pool);
    r->err_headers_out = kept(r->err_headers_out, r->pool);
    apr_table_clear(r->trailers_out);
    r->content_encoding = NULL;
    r->content_languages = NULL;
    r->clength = 0;
    r->chunked = 0;
}
