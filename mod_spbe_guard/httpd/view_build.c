/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/view_build.c - the view of a request for the check. See view_build.h.
 */
#include "httpd/view_build.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>

/* Behind "http://host" of an absolute-form target. */
static spbe_span_t without_authority(spbe_span_t target)
{
    size_t colon = spbe_span_find(target, SPBE_SPAN("://"));
    size_t slash;

    if (target.len == 0 || target.ptr[0] == '/' || colon == SPBE_NPOS ||
        spbe_span_chr(target, '?') < colon ||
        spbe_span_chr(target, '/') != colon + 1) {
        return target;
    }
    target = spbe_span_slice(target, colon + 3, target.len);
    slash = spbe_span_chr(target, '/');
    if (slash > spbe_span_chr(target, '?')) {
        slash = spbe_span_chr(target, '?');
    }
    return slash == SPBE_NPOS ? SPBE_SPAN("/")
                              : spbe_span_slice(target, slash, target.len);
}

static void set_target(spbe_view_t *view, spbe_span_t target)
{
    view->has_query = spbe_span_chr(target, '?') != SPBE_NPOS;
    view->path = spbe_span_cut(&target, '?');
    view->query = view->has_query ? target : SPBE_SPAN_EMPTY;
    if (view->path.len == 0) {
        view->path = SPBE_SPAN("/");
    }
}

static const apr_array_header_t *headers(const request_rec *r)
{
    const apr_array_header_t *table = apr_table_elts(r->headers_in);
    apr_array_header_t *out =
        apr_array_make(r->pool, table->nelts + 1, sizeof(spbe_header_t));
    int i;

    for (i = 0; i < table->nelts; i++) {
        const apr_table_entry_t *entry =
            &APR_ARRAY_IDX(table, i, apr_table_entry_t);
        spbe_header_t *header = apr_array_push(out);

        header->name = spbe_span_from(entry->key);
        header->value = spbe_span_from(entry->val);
    }
    return out;
}

/* A length that httpd cannot read counts as one: it will say so itself. */
static int has_body(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return r->kept_body != NULL ||
           apr_table_get(r->headers_in, "Transfer-Encoding") != NULL ||
           (length != NULL && length[strspn(length, "0")] != '\0');
}

void spbe_view_build(spbe_view_t *view, const spbe_state_t *state)
{
    const request_rec *r = state->r;

    *view = (spbe_view_t){.method = spbe_span_from(state->method),
                          .headers = headers(r),
                          .body = SPBE_SPAN_EMPTY,
                          .has_body = has_body(r) != 0,
                          .both_lengths = state->both_lengths,
                          .now = r->request_time,
                          .http_1_0 = r->proto_num < HTTP_VERSION(1, 1)};
    set_target(view, without_authority(spbe_span_from(r->unparsed_uri)));
}

void spbe_view_build_target(spbe_view_t *view, const spbe_view_t *sent,
                            request_rec *r)
{
    *view = *sent;
    view->path = spbe_span_from(ap_os_escape_path(r->pool, r->uri, 1));
    view->has_query = r->args != NULL;
    view->query = spbe_span_from(r->args);
    spbe_view_find_file(view, r);
}

/* A handler runs the file, whatever stands behind it. Where there is none, a
 * part of the path says nothing. */
void spbe_view_find_file(spbe_view_t *view, request_rec *r)
{
    size_t len = r->uri == NULL ? 0 : strlen(r->uri);
    size_t behind = r->path_info == NULL ? 0 : strlen(r->path_info);

    view->file = SPBE_SPAN_EMPTY;
    if (!spbe_view_was_rewritten(view, r) && r->finfo.filetype == APR_REG &&
        behind > 0 && behind < len &&
        strcmp(r->uri + len - behind, r->path_info) == 0) {
        view->file = spbe_span_from(ap_os_escape_path(
            r->pool, apr_pstrmemdup(r->pool, r->uri, len - behind), 1));
    }
}

int spbe_view_was_rewritten(const spbe_view_t *sent, request_rec *r)
{
    return r->uri != NULL &&
           !spbe_span_eq(sent->path, spbe_span_from(r->uri)) &&
           !spbe_span_eq(sent->path,
                         spbe_span_from(ap_os_escape_path(r->pool, r->uri, 1)));
}
