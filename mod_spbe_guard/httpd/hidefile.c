/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/hidefile.c - files that are never a page are answered as if they were
 * not there.
 *
 * A pattern without '/' is held against every segment of the path, so that
 * .git hides /.git/config as well; one with '/' against the path's end.
 */
#include "httpd/hidefile.h"

#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <http_request.h>

#include "httpd/report.h"
#include "text/percent.h"

APLOG_USE_MODULE(spbe_guard);

static const char *const builtin[] = {
    ".env*", ".git", ".svn", "*.sql*", "*.bak", "*.old", "*~", "*.log",
    "composer.json", "composer.lock", "phpinfo.php", "wp-content/debug.log",
    NULL
};

/* A first character that means itself must be the name's first one. */
static int begin_alike(const char *pattern, const char *name)
{
    return pattern[0] == '*' || pattern[0] == '?' || pattern[0] == '[' ||
           pattern[0] == '\\' || (pattern[0] | 0x20) == (name[0] | 0x20);
}

static int fits(const char *pattern, spbe_span_t name)
{
    char copy[256];

    if (name.len >= sizeof(copy)) {
        return 0;
    }
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    return apr_fnmatch(pattern, copy, APR_FNM_CASE_BLIND) == APR_SUCCESS;
}

/* A plain word with a star before or behind it is compared without fnmatch:
 * this runs for every request. */
static int segment_matches(const char *pattern, spbe_span_t name)
{
    spbe_span_t word = spbe_span_from(pattern);
    int front = word.len > 0 && pattern[0] == '*';
    int back = word.len > 1 && pattern[word.len - 1] == '*';

    word = spbe_span_slice(word, (size_t)front, word.len - (size_t)back);
    if (strpbrk(pattern, "?[\\") != NULL ||
        spbe_span_chr(word, '*') != SPBE_NPOS) {
        return fits(pattern, name);
    }
    if (front && back) {
        return spbe_span_ifind(name, word) != SPBE_NPOS;
    }
    if (front && name.len > word.len) {
        name = spbe_span_slice(name, name.len - word.len, name.len);
    }
    return back ? spbe_span_istarts(name, word) : spbe_span_ieq(name, word);
}

/* spbe_span_t: the words between the slashes. */
static apr_array_header_t *segments_of(const char *path, apr_pool_t *pool)
{
    apr_array_header_t *segments =
        apr_array_make(pool, 8, sizeof(spbe_span_t));

    while (*path != '\0') {
        size_t len;

        path += *path == '/';
        /* "/.git;x/config": some backends take path parameters off. */
        len = strcspn(path, "/;");
        if (len > 0) {
            APR_ARRAY_PUSH(segments, spbe_span_t) = (spbe_span_t){ path, len };
        }
        path += len;
        path += *path == ';' ? strcspn(path, "/") : 0;
    }
    return segments;
}

static int any_segment(const char *pattern, const apr_array_header_t *segments)
{
    int i;

    for (i = 0; i < segments->nelts; i++) {
        spbe_span_t segment = APR_ARRAY_IDX(segments, i, spbe_span_t);

        if (begin_alike(pattern, segment.ptr)
            && segment_matches(pattern, segment)) {
            return 1;
        }
    }
    return 0;
}

static int path_ends(const char *pattern, const char *path)
{
    size_t plen = strlen(pattern), len = strlen(path);

    return len > plen && path[len - plen - 1] == '/'
           && strcasecmp(path + len - plen, pattern) == 0;
}

static int matches(const char *pattern, const char *path,
                   const apr_array_header_t *segments)
{
    return strchr(pattern, '/') == NULL ? any_segment(pattern, segments)
                                        : path_ends(pattern, path);
}

static const char *hidden_by(const spbe_list_t *list, const char *path,
                             apr_pool_t *pool)
{
    const apr_array_header_t *segments = segments_of(path, pool);
    int i;

    for (i = 0; !list->fresh && builtin[i] != NULL; i++) {
        if (matches(builtin[i], path, segments)) {
            return builtin[i];
        }
    }
    for (i = 0; list->items != NULL && i < list->items->nelts; i++) {
        const char *pattern = APR_ARRAY_IDX(list->items, i, const char *);

        if (matches(pattern, path, segments)) {
            return pattern;
        }
    }
    return NULL;
}

static int on_fixups(request_rec *r)
{
    const spbe_dir_conf_t *conf = spbe_conf_dir(r);
    spbe_mode_t mode = spbe_dir_failure(conf);
    const char *pattern;

    /* What a visitor asked for; not what a rewrite made of it. */
    if (mode == SPBE_MODE_OFF || r->main != NULL || r->prev != NULL
        || r->uri == NULL) {
        return DECLINED;
    }
    pattern = hidden_by(&conf->hide_files, r->uri, r->pool);
    if (pattern == NULL && strchr(r->uri, '%') != NULL) {
        /* AllowEncodedSlashes NoDecode leaves %2f to the backend. */
        spbe_span_t path;

        spbe_percent_decode(spbe_span_from(r->uri), 0, &path, r->pool);
        pattern = hidden_by(&conf->hide_files, spbe_span_dup(path, r->pool),
                            r->pool);
    }
    if (pattern == NULL) {
        return DECLINED;
    }
    spbe_report_hidden(r, pattern, mode == SPBE_MODE_ON);
    if (mode == SPBE_MODE_ON) {
        /* For fail2ban; nothing in it was chosen by the client. */
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                      "SG0020: refused a hidden file, client=%s ref=%s",
                      r->useragent_ip, spbe_state_get(r)->ref.ref);
    }
    return mode == SPBE_MODE_ON ? HTTP_NOT_FOUND : DECLINED;
}

void spbe_hidefile_hooks(apr_pool_t *p)
{
    ap_hook_fixups(on_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST);
}
