/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/client.c - GET .../spbe-guard-client?path=/page: script, words and
 * rules in one answer, so that a page's policy needs no connect-src for it.
 *
 * The rules are those of the place that /page lies in, and only given to who
 * may open /page: its access checks are run.
 */
#include "httpd/client.h"

#include <apr_strings.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_md5.h>

#include "failure/builtin.h"
#include "httpd/input.h"
#include "input/publicrules.h"
#include "text/buf.h"
#include "text/form.h"
#include "text/json.h"
#include "text/percent.h"

#define HANDLER "spbe-guard-client"
#define PATH_MAX_BYTES 2048

/* The page's path from the query; NULL when there is none that can be. */
static const char *page_path(request_rec *r)
{
    spbe_form_t form;
    spbe_pair_t pair;

    spbe_form_init(&form, spbe_span_from(r->args), 16);
    while (spbe_form_next(&form, &pair) == SPBE_OK) {
        spbe_span_t path;

        if (!spbe_span_eq(pair.name, SPBE_SPAN("path"))) {
            continue;
        }
        if (spbe_percent_decode(pair.value, 0, &path, r->pool) != SPBE_OK ||
            path.len == 0 || path.len > PATH_MAX_BYTES || *path.ptr != '/' ||
            spbe_span_chr(path, '\0') != SPBE_NPOS ||
            spbe_span_chr(path, '?') != SPBE_NPOS) {
            return NULL;
        }
        return spbe_span_dup(path, r->pool);
    }
    return NULL;
}

static const char *rules_of(request_rec *r, const char *path)
{
    request_rec *page = ap_sub_req_lookup_uri(path, r, NULL);
    const spbe_dir_conf_t *conf = spbe_conf_dir(page);
    const char *json = NULL;

    if (page->status == HTTP_OK && conf != NULL &&
        spbe_dir_input(conf) == SPBE_MODE_ON) {
        const spbe_settings_t *settings = spbe_input_settings(conf, r->pool);

        json = spbe_public_rules(settings->policy, settings->params,
                                 spbe_span_from(path), r->pool);
    }
    ap_destroy_sub_req(page);
    return json == NULL ? "{\"v\":1,\"forms\":[]}" : json;
}

/* Is this sentence one that the rules can call for? */
static int is_used(spbe_span_t format, const char *rules, apr_pool_t *pool)
{
    return strstr(rules, apr_psprintf(pool, "\"format\":\"%.*s\"",
                                      (int)format.len, format.ptr)) != NULL
           /* what stands in for every kind of text */
           || spbe_span_eq(format, SPBE_SPAN("teks_bebas"));
}

/* Behind '{': copies the members; only those of the formats in use when rules
 * is given. */
static void add_sentences(spbe_buf_t *out, spbe_json_t *walk, const char *rules)
{
    spbe_json_token_t name, value;
    int n = 0;

    while (spbe_json_next(walk, &name) == SPBE_OK &&
           name.type == SPBE_JSON_NAME &&
           spbe_json_next(walk, &value) == SPBE_OK &&
           value.type == SPBE_JSON_STRING) {
        if (rules != NULL && !is_used(name.text, rules, out->pool)) {
            continue;
        }
        spbe_buf_printf(out, "%s\"%.*s\":\"%.*s\"", n++ > 0 ? ",\n" : "",
                        (int)name.text.len, name.text.ptr, (int)value.text.len,
                        value.text.ptr);
    }
}

/* The groups of a language's messages that a field can need. */
static void add_words(spbe_buf_t *out, const char *file, const char *rules)
{
    spbe_json_t walk;
    spbe_json_token_t name, value;
    int n = 0;

    spbe_json_init(&walk, spbe_builtin_get(file));
    spbe_json_next(&walk, &name);
    spbe_buf_addc(out, '{');
    while (spbe_json_next(&walk, &name) == SPBE_OK &&
           name.type == SPBE_JSON_NAME &&
           spbe_json_next(&walk, &value) == SPBE_OK) {
        int format = spbe_span_eq(name.text, SPBE_SPAN("format"));

        if (!format && !spbe_span_eq(name.text, SPBE_SPAN("expect")) &&
            !spbe_span_eq(name.text, SPBE_SPAN("type")) &&
            !spbe_span_eq(name.text, SPBE_SPAN("media"))) {
            spbe_json_skip(&walk, &value);
            continue;
        }
        spbe_buf_printf(out, "%s\"%.*s\":{", n++ > 0 ? "," : "",
                        (int)name.text.len, name.text.ptr);
        add_sentences(out, &walk, format ? rules : NULL);
        spbe_buf_addc(out, '}');
    }
    spbe_buf_addc(out, '}');
}

static const char *compose(request_rec *r, const char *rules)
{
    static const char *const scripts[] = {
        "web/spbe-guard-check.js", "web/spbe-guard-words.js",
        "web/spbe-guard-form.js", "web/spbe-guard-client.js"};
    spbe_buf_t out;
    size_t i;

    spbe_buf_init(&out, 64 * 1024, r->pool);
    for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        spbe_buf_add(&out, spbe_builtin_get(scripts[i]));
    }
    spbe_buf_adds(&out, "spbeGuardClient.start(");
    spbe_buf_adds(&out, rules);
    spbe_buf_adds(&out, ",\n{\"id\":");
    add_words(&out, "messages/id.json", rules);
    spbe_buf_adds(&out, ",\n\"en\":");
    add_words(&out, "messages/en.json", rules);
    spbe_buf_adds(&out, "});\n");
    return spbe_buf_cstr(&out);
}

static void set_headers(request_rec *r, const char *body)
{
    unsigned char *bytes = (unsigned char *)apr_pstrdup(r->pool, body);

    ap_set_content_type(r, "text/javascript; charset=utf-8");
    apr_table_setn(r->headers_out, "ETag",
                   apr_pstrcat(r->pool, "\"",
                               ap_md5_binary(r->pool, bytes, (int)strlen(body)),
                               "\"", NULL));
    apr_table_setn(r->headers_out, "Cache-Control", "private, max-age=300");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Cross-Origin-Resource-Policy",
                   "same-origin");
}

static int on_request(request_rec *r)
{
    const char *path, *body;
    int status;

    if (r->handler == NULL || strcmp(r->handler, HANDLER) != 0) {
        return DECLINED;
    }
    if (r->method_number != M_GET) {
        r->allowed |= AP_METHOD_BIT << M_GET;
        return HTTP_METHOD_NOT_ALLOWED;
    }
    path = page_path(r);
    if (path == NULL) {
        return HTTP_NOT_FOUND;
    }
    body = compose(r, rules_of(r, path));
    set_headers(r, body);
    status = ap_meets_conditions(r);
    if (status != OK) {
        return status;
    }
    ap_set_content_length(r, (apr_off_t)strlen(body));
    ap_rputs(body, r);
    return OK;
}

void spbe_client_hooks(apr_pool_t *p)
{
    ap_hook_handler(on_request, NULL, NULL, APR_HOOK_MIDDLE);
}
