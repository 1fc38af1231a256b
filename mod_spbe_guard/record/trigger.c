/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/trigger.c - Input Pemicu Error: names, types, lengths and masked
 * values of what a request carried. See trigger.h.
 *
 * Values are looked at here and nowhere else on the way to a record; what is
 * written of them is made by spbe_redact_mask.
 */
#include "record/trigger.h"

#include <apr_strings.h>
#include "record/nameless.h"
#include "record/trigger_out.h"
#include "text/cookie.h"
#include "text/form.h"
#include "text/multipart.h"
#include "text/percent.h"

static spbe_span_t decoded(spbe_span_t s, spbe_trigger_out_t *out)
{
    spbe_percent_decode(s, 1, &s, out->pool);
    return s;
}

static void add_form(spbe_trigger_out_t *out, const char *in, spbe_span_t text)
{
    spbe_form_t form;
    spbe_pair_t pair;
    spbe_rc_t rc;

    spbe_form_init(&form, text, SPBE_TRIGGER_FIELDS);
    while ((rc = spbe_form_next(&form, &pair)) == SPBE_OK) {
        spbe_span_t name = decoded(pair.name, out);

        if (spbe_nameless_is(&pair, text)) {
            name = spbe_nameless_shown(out->redact, out->sensitive, name,
                                       out->pool);
        }
        spbe_trigger_add(out, in, name, decoded(pair.value, out));
    }
    while (form.rest.len > 0) {
        spbe_span_cut(&form.rest, '&');
        out->dropped++;
    }
}

static void add_cookies(spbe_trigger_out_t *out, const char *field)
{
    spbe_form_t cookies;
    spbe_pair_t pair;

    spbe_form_init(&cookies, spbe_span_from(field), SPBE_TRIGGER_FIELDS);
    while (spbe_cookie_next(&cookies, &pair) == SPBE_OK) {
        spbe_trigger_add_name(out, "cookie", pair.name, pair.value.len);
    }
}

static int add_header(void *baton, const char *name, const char *value)
{
    spbe_trigger_add_name(baton, "header", spbe_span_from(name),
                          spbe_span_from(value).len);
    return 1;
}

static void add_multipart(spbe_trigger_out_t *out, spbe_span_t type,
                          spbe_span_t body)
{
    spbe_multipart_t mp;
    spbe_part_t part;
    spbe_rc_t rc = spbe_multipart_init(&mp, type, body, SPBE_TRIGGER_FIELDS);

    while (rc == SPBE_OK && (rc = spbe_multipart_next(&mp, &part)) == SPBE_OK) {
        if (part.is_file) {
            spbe_trigger_add_file(out, part.name, part.type, part.data.len);
        }
        else {
            spbe_trigger_add(out, "form", part.name, part.data);
        }
        out->complete = out->complete && part.complete;
    }
    out->complete = out->complete && rc == SPBE_END;
}

/* The parts of the path that vary; their name is the position, from 1. */
static void add_path(spbe_trigger_out_t *out, const char *path)
{
    spbe_span_t rest = spbe_span_from(path);
    unsigned n = 0;

    spbe_span_cut(&rest, '/');
    while (rest.len > 0 && n < 64) {
        spbe_span_t part = spbe_span_cut(&rest, '/');

        n++;
        if (spbe_trigger_is_id(part)) {
            spbe_trigger_add(out, "path",
                             spbe_span_from(apr_psprintf(out->pool, "%u", n)),
                             part);
        }
    }
}

static void add_body(spbe_trigger_out_t *out, const spbe_trigger_input_t *in)
{
    spbe_span_t type = spbe_span_from(in->content_type);
    spbe_span_t rest = type, name;

    name = spbe_span_trim(spbe_span_cut(&rest, ';'));
    out->complete = in->body.len >= in->body_length;
    if (spbe_span_ieq(name, SPBE_SPAN("application/x-www-form-urlencoded"))) {
        add_form(out, "form", in->body);
    }
    else if (spbe_span_istarts(name, SPBE_SPAN("multipart/form-data"))) {
        add_multipart(out, type, in->body);
    }
    else if (spbe_span_ieq(name, SPBE_SPAN("application/json")) ||
             spbe_span_ends(name, SPBE_SPAN("+json"))) {
        spbe_trigger_add_json(out, in->body);
    }
}

const char *spbe_trigger_json(const spbe_redact_t *redact,
                              const spbe_trigger_input_t *in, apr_pool_t *pool)
{
    spbe_trigger_out_t *out = spbe_trigger_out_create(redact, pool);

    out->sensitive = in->sensitive;
    /* What a developer looks for first comes first: the list may be cut. */
    if (in->query != NULL) {
        add_form(out, "query", spbe_span_from(in->query));
    }
    if (in->path != NULL) {
        add_path(out, in->path);
    }
    add_body(out, in);
    if (in->cookie != NULL) {
        add_cookies(out, in->cookie);
    }
    if (in->headers != NULL) {
        apr_table_do(add_header, out, in->headers, NULL);
    }
    return spbe_trigger_out_json(out, in);
}
