/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/headers.c - response headers that tell, and those that may stay beside
 * a replaced body.
 */
#include "httpd/flow.h"

#include <stdlib.h>

#include <apr_strings.h>
#include <http_protocol.h>

#include "httpd/report.h"
#include "httpd/thread.h"
#include "text/percent.h"

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

/* Made by httpd itself, or of a form that cannot hold a message. */
static const char *const plain[] = {
    "Accept-Ranges", "Age", "Allow", "Cache-Control", "Connection",
    "Content-Encoding", "Content-Length", "Content-Security-Policy*",
    "Content-Type", "Date", "ETag", "Expires", "Keep-Alive", "Last-Modified",
    "Permissions-Policy", "Strict-Transport-Security", "Vary",
    "X-Content-Type-Options", "X-Frame-Options", NULL
};

/* Most names differ in their first letter already. */
static int begin_alike(const char *pattern, const char *name)
{
    return pattern[0] == '*' || (pattern[0] | 0x20) == (name[0] | 0x20);
}

static int is_like(const char *pattern, const char *name)
{
    size_t len;

    if (!begin_alike(pattern, name)) {
        return 0;
    }
    len = strlen(pattern);
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

/* In a reason phrase, or in a header that is named after errors, the word alone
 * is enough. */
static const spbe_rule_t exception_named = {
    .id = "header-exception", .runtime = "http", .kind = "exception",
    .severity = SPBE_SEV_FATAL
};

static int is_about_errors(const char *name)
{
    spbe_span_t span = spbe_span_from(name);

    return spbe_span_ifind(span, SPBE_SPAN("error")) != SPBE_NPOS
           || spbe_span_ifind(span, SPBE_SPAN("exception")) != SPBE_NPOS
           || spbe_span_ifind(span, SPBE_SPAN("trace")) != SPBE_NPOS
           || spbe_span_ifind(span, SPBE_SPAN("debug")) != SPBE_NPOS;
}

/* The rule that a header's value matches, percent-decoded where that makes a
 * difference, or NULL. */
static const spbe_rule_t *tells(const spbe_flow_t *flow, const char *name,
                                const char *value)
{
    const spbe_rules_t *rules = spbe_conf_server(flow->r->server)->rules;
    spbe_span_t text = spbe_span_from(value);
    const spbe_rule_t *rule;

    if (text.len < 12 || is_in(plain, name)) {
        return NULL;
    }
    rule = spbe_scan_once(rules, spbe_thread_scratch(), flow->r->status, text);
    if (rule == NULL && spbe_span_chr(text, '%') != SPBE_NPOS) {
        spbe_percent_decode(text, 1, &text, flow->r->pool);
        rule = spbe_scan_once(rules, spbe_thread_scratch(), flow->r->status,
                              text);
    }
    if (rule == NULL && is_about_errors(name)
        && strstr(value, "xception") != NULL) {
        rule = &exception_named;
    }
    return rule;
}

/* What is left of a value that tells, or NULL: a redirect still leads to its
 * page, without the message in its query. */
static const char *harmless(const spbe_flow_t *flow, const char *name,
                            const char *value)
{
    const char *query = strpbrk(value, "?#");
    const char *path;

    if (strcasecmp(name, "Location") != 0 || query == NULL) {
        return NULL;
    }
    path = apr_pstrmemdup(flow->r->pool, value, (apr_size_t)(query - value));
    return tells(flow, name, path) == NULL ? path : NULL;
}

/* The value that may go out, or NULL. */
static const char *checked(spbe_flow_t *flow, const char *name,
                           const char *value)
{
    const spbe_rule_t *rule;

    if (is_stripped(&flow->conf->strip_headers, name)) {
        return NULL;
    }
    rule = tells(flow, name, value);
    if (rule == NULL) {
        return value;
    }
    spbe_report_header(flow, name, value, rule);
    return harmless(flow, name, value);
}

/* Entry by entry: of many Set-Cookie only the one that tells goes. */
static apr_table_t *strip_table(spbe_flow_t *flow, apr_table_t *table)
{
    const apr_array_header_t *all = apr_table_elts(table);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)all->elts;
    apr_table_t *left = NULL;
    const char *value;
    int i, j;

    for (i = 0; i < all->nelts; i++) {
        value = checked(flow, entry[i].key, entry[i].val);
        if (value != entry[i].val && left == NULL) {
            left = apr_table_make(flow->r->pool, all->nelts);
            for (j = 0; j < i; j++) {
                apr_table_addn(left, entry[j].key, entry[j].val);
            }
        }
        if (left != NULL && value != NULL) {
            apr_table_addn(left, entry[i].key, value);
        }
    }
    return left == NULL ? table : left;
}

/* "404 java.lang.NullPointerException at ..." */
static void strip_status_line(spbe_flow_t *flow)
{
    request_rec *r = flow->r;
    const spbe_rule_t *rule;

    if (r->status_line == NULL) {
        return;
    }
    rule = tells(flow, "Status", r->status_line);
    if (rule == NULL && strstr(r->status_line, "xception") != NULL) {
        rule = &exception_named;
    }
    if (rule != NULL) {
        spbe_report_header(flow, "Status", r->status_line, rule);
        r->status_line = spbe_headers_status_line(r);
    }
}

const char *spbe_headers_status_line(const request_rec *r)
{
    const char *line = ap_get_status_line(r->status);

    return atoi(line) == r->status ? line
                                   : apr_psprintf(r->pool, "%d %s", r->status,
                                                  r->status < 400
                                                      ? "OK"
                                                  : r->status < 500
                                                      ? "Client Error"
                                                      : "Server Error");
}

void spbe_headers_strip(spbe_flow_t *flow)
{
    request_rec *r = flow->r;

    r->headers_out = strip_table(flow, r->headers_out);
    r->err_headers_out = strip_table(flow, r->err_headers_out);
    strip_status_line(flow);
}

void spbe_headers_strip_trailers(spbe_flow_t *flow)
{
    if (!flow->observe) {
        flow->r->trailers_out = strip_table(flow, flow->r->trailers_out);
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
