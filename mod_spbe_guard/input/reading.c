/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading.c - one reading of a request: the order of the steps.
 */
#include "input/reading_int.h"
#include "text/percent.h"
#include "text/utf8.h"

void spbe_reading_add_value(const spbe_reader_t *reader, spbe_reason_t reason,
                            spbe_place_t place, spbe_span_t field,
                            spbe_span_t value, const char *detail)
{
    const spbe_finding_t finding = {
        .reason = reason,
        .action = spbe_settings_action(reader->settings, reason, field),
        .place = place,
        .field = field,
        .value = value,
        .detail = detail};

    spbe_verdict_add(reader->verdict, &finding);
}

void spbe_reading_add(const spbe_reader_t *reader, spbe_reason_t reason,
                      spbe_place_t place, spbe_span_t field, const char *detail)
{
    spbe_reading_add_value(reader, reason, place, field, SPBE_SPAN_EMPTY,
                           detail);
}

spbe_reading_t *spbe_reading_head(const spbe_view_t *view,
                                  const spbe_settings_t *settings,
                                  spbe_verdict_t *verdict, apr_pool_t *pool)
{
    spbe_reading_t *reading = apr_pcalloc(pool, sizeof(*reading));
    const spbe_reader_t reader = {reading, settings, verdict, pool};

    reading->view = view;
    reading->query = apr_array_make(pool, 8, sizeof(spbe_field_t));
    reading->cookies = apr_array_make(pool, 8, sizeof(spbe_field_t));
    reading->form = apr_array_make(pool, 16, sizeof(spbe_field_t));
    reading->media_type = SPBE_SPAN_EMPTY;
    spbe_reading_path(&reader);
    spbe_reading_headers(&reader);
    spbe_reading_cookies(&reader);
    spbe_reading_type(&reader);
    spbe_reading_fields(&reader, view->query, SPBE_IN_QUERY, 0, reading->query);
    spbe_reading_names(&reader, reading->query);
    return reading;
}

/* Bytes that are no UTF-8, in a body that is text as a whole. */
static void check_utf8(const spbe_reader_t *reader)
{
    const spbe_view_t *view = reader->reading->view;

    /* What is put without a type is a file, which may be of any kind. */
    if (!view->body_cut && reader->reading->media_type.len > 0 &&
        !spbe_utf8_valid(view->body)) {
        spbe_reading_add(reader, SPBE_REASON_UTF8, SPBE_IN_REQUEST,
                         SPBE_SPAN_EMPTY, "the body is no UTF-8");
    }
}

/* %80 and above: encoded in a charset that only the sender knows. */
static int is_ascii_form(spbe_span_t body)
{
    size_t i;

    for (i = 0; i + 1 < body.len; i++) {
        if (body.ptr[i] == '%' && spbe_percent_hex(body.ptr[i + 1]) >= 8) {
            return 0;
        }
    }
    return 1;
}

/* Says another charset than UTF-8, which makes no difference to ASCII. */
static void check_ascii(const spbe_reader_t *reader)
{
    const spbe_view_t *view = reader->reading->view;
    spbe_span_t charset = spbe_reading_parameter(
        spbe_view_header(view, "Content-Type", NULL), "charset");

    if (!spbe_reading_is_ascii_like(charset)) {
        return;
    }
    if (!spbe_reading_is_ascii(view->body) ||
        (reader->reading->kind == SPBE_BODY_FORM &&
         !is_ascii_form(view->body))) {
        spbe_reading_add(reader, SPBE_REASON_CHARSET, SPBE_IN_REQUEST,
                         SPBE_SPAN_EMPTY, "a charset other than UTF-8");
    }
}

static void read_form(const spbe_reader_t *reader)
{
    spbe_reading_t *reading = reader->reading;

    spbe_reading_fields(reader, reading->view->body, SPBE_IN_FORM,
                        reading->view->body_cut, reading->form);
}

static void read_body(const spbe_reader_t *reader)
{
    switch (reader->reading->kind) {
    case SPBE_BODY_FORM:
        check_ascii(reader);
        read_form(reader);
        break;
    case SPBE_BODY_MULTIPART:
        spbe_reading_multipart(reader);
        break;
    case SPBE_BODY_JSON:
        check_ascii(reader);
        spbe_reading_json(reader);
        break;
    case SPBE_BODY_XML:
        check_ascii(reader);
        spbe_reading_xml(reader);
        break;
    case SPBE_BODY_TEXT:
        check_ascii(reader);
        check_utf8(reader);
        break;
    case SPBE_BODY_NONE:
    case SPBE_BODY_OTHER:
    case SPBE_BODY_PARTS:
        break;
    }
}

void spbe_reading_body(spbe_reading_t *reading, const spbe_settings_t *settings,
                       spbe_verdict_t *verdict, apr_pool_t *pool)
{
    const spbe_reader_t reader = {reading, settings, verdict, pool};

    if (!reading->view->has_body || reading->kind == SPBE_BODY_OTHER) {
        return;
    }
    if (reading->view->body_cut) {
        verdict->partly = 1;
        reading->broken = 1;
    }
    if (spbe_reading_disguise(&reader)) {
        reading->broken = 1;
        return;
    }
    read_body(&reader);
    spbe_reading_names(&reader, reading->form);
    spbe_reading_places(&reader);
}
