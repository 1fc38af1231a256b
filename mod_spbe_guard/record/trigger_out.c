/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/trigger_out.c - fields of a request as JSON. See trigger_out.h.
 */
#include "record/trigger_out.h"

#include "record/redact_scan.h"
#include "text/jsonout.h"
#include "text/percent.h"

#define NAME_MAX_BYTES 128
#define PATH_MAX_BYTES 512
#define TYPE_MAX_BYTES 128

spbe_trigger_out_t *spbe_trigger_out_create(const spbe_redact_t *redact,
                                            apr_pool_t *pool)
{
    spbe_trigger_out_t *out = apr_pcalloc(pool, sizeof(*out));

    out->redact = redact;
    out->pool = pool;
    out->complete = 1;
    spbe_buf_init(&out->fields, 1024, pool);
    return out;
}

static int is_integer(spbe_span_t s)
{
    size_t i = s.len > 1 && s.ptr[0] == '-' ? 1 : 0;

    for (; i < s.len; i++) {
        if (!spbe_hide_digit(s.ptr[i])) {
            return 0;
        }
    }
    return s.len > 0;
}

static int is_decimal(spbe_span_t s)
{
    size_t dot = spbe_span_chr(s, '.');

    return dot != SPBE_NPOS && dot > 0 &&
           is_integer(spbe_span_slice(s, 0, dot)) &&
           is_integer(spbe_span_slice(s, dot + 1, s.len)) &&
           s.ptr[dot + 1] != '-';
}

/* 2026-03-04 and what may follow it. */
static int is_date(spbe_span_t s)
{
    return s.len >= 10 && s.len <= 35 && s.ptr[4] == '-' && s.ptr[7] == '-' &&
           is_integer(spbe_span_slice(s, 0, 4)) &&
           is_integer(spbe_span_slice(s, 5, 7)) &&
           is_integer(spbe_span_slice(s, 8, 10)) &&
           (s.len == 10 || s.ptr[10] == 'T' || s.ptr[10] == ' ');
}

static int is_uuid(spbe_span_t s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? s.ptr[i] != '-' : spbe_percent_hex(s.ptr[i]) < 0) {
            return 0;
        }
    }
    return s.len == 36;
}

static int is_email(spbe_span_t s)
{
    size_t at = spbe_span_chr(s, '@');

    return at != SPBE_NPOS && at > 0 && spbe_span_rchr(s, '@') == at &&
           spbe_span_chr(spbe_span_slice(s, at, s.len), '.') != SPBE_NPOS &&
           spbe_span_chr(s, ' ') == SPBE_NPOS;
}

static const char *type_of(spbe_span_t s)
{
    if (s.len == 0) {
        return "empty";
    }
    if (is_integer(s)) {
        return "integer";
    }
    if (is_decimal(s)) {
        return "decimal";
    }
    if (spbe_span_eq(s, SPBE_SPAN("true")) ||
        spbe_span_eq(s, SPBE_SPAN("false"))) {
        return "boolean";
    }
    if (is_date(s)) {
        return "date";
    }
    if (is_uuid(s)) {
        return "uuid";
    }
    return is_email(s) ? "email" : "text";
}

static void add(spbe_trigger_out_t *out, const char *in, spbe_span_t name,
                const char *type, size_t length, const char *masked)
{
    spbe_buf_t *buf = &out->fields;

    if (out->n >= SPBE_TRIGGER_FIELDS) {
        out->dropped++;
        return;
    }
    out->n++;
    spbe_buf_adds(buf, buf->len == 0 ? "{" : ",{");
    spbe_jsonout_text(buf, "in", in);
    spbe_jsonout_span(
        buf, "name",
        spbe_redact_text(out->redact, name, NAME_MAX_BYTES, out->pool));
    spbe_jsonout_text(buf, "type", type);
    spbe_jsonout_number(buf, "length", (apr_int64_t)length);
    if (masked == NULL) {
        spbe_jsonout_raw(buf, "masked", "null");
    }
    else {
        spbe_jsonout_text(buf, "masked", masked);
    }
    spbe_buf_addc(buf, '}');
}

void spbe_trigger_add_typed(spbe_trigger_out_t *out, const char *in,
                            spbe_span_t name, const char *type,
                            spbe_span_t value)
{
    add(out, in, name, type, value.len,
        spbe_sensitive_is_secret(out->sensitive, name)
            ? NULL
            : spbe_redact_mask(out->redact, name, value, out->pool));
}

void spbe_trigger_add(spbe_trigger_out_t *out, const char *in, spbe_span_t name,
                      spbe_span_t value)
{
    spbe_trigger_add_typed(out, in, name, type_of(value), value);
}

void spbe_trigger_add_name(spbe_trigger_out_t *out, const char *in,
                           spbe_span_t name, size_t length)
{
    add(out, in, name, length == 0 ? "empty" : "text", length, NULL);
}

void spbe_trigger_add_file(spbe_trigger_out_t *out, spbe_span_t name,
                           spbe_span_t type, size_t length)
{
    spbe_span_t shown =
        spbe_redact_text(out->redact, type, TYPE_MAX_BYTES, out->pool);

    add(out, "file", name,
        shown.len == 0 ? "file" : spbe_span_dup(shown, out->pool), length,
        NULL);
}

const char *spbe_trigger_out_json(spbe_trigger_out_t *out,
                                  const spbe_trigger_input_t *in)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, out->fields.len + 1024, out->pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "method", in->method);
    spbe_jsonout_span(&buf, "path",
                      spbe_redact_text(out->redact, spbe_span_from(in->path),
                                       PATH_MAX_BYTES, out->pool));
    if (in->content_type != NULL) {
        spbe_jsonout_span(&buf, "content_type",
                          spbe_redact_text(out->redact,
                                           spbe_span_from(in->content_type),
                                           TYPE_MAX_BYTES, out->pool));
    }
    spbe_jsonout_number(&buf, "body_length", (apr_int64_t)in->body_length);
    spbe_jsonout_raw(&buf, "complete", out->complete ? "true" : "false");
    spbe_jsonout_number(&buf, "dropped", out->dropped);
    spbe_jsonout_name(&buf, "fields");
    spbe_buf_addc(&buf, '[');
    spbe_buf_add(&buf, spbe_buf_span(&out->fields));
    spbe_buf_adds(&buf, "]}");
    return spbe_buf_cstr(&buf);
}
