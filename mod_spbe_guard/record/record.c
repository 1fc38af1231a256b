/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/record.c - a record as the two JSON texts h and d. See record.h.
 *
 * The only place where text of visitors and applications turns into text of a
 * record: whatever is put in passes through redaction here.
 */
#include "record/record.h"

#include <string.h>
#include <apr_strings.h>
#include "record/anomaly.h"
#include "record/detail.h"
#include "text/jsonout.h"
#include "text/stamp.h"

#define H_MAX 1500
#define FIELDS_MAX 40
#define MESSAGE_MAX (16 * 1024)
#define LINE_MAX_BYTES (16 * 1024)
#define WORDS_MAX 1024
#define FRAME_PART_MAX 400

typedef struct field {
    const char *name;
    const char *value;
    size_t max;  /* bytes of JSON at full size */
    int foreign; /* comes from a visitor or an application */
} field_t;

/* A time as text; NULL where there is none. */
static const char *stamp(apr_time_t time, apr_pool_t *pool)
{
    char out[SPBE_STAMP_SIZE];

    if (time == 0) {
        return NULL;
    }
    spbe_stamp_write(time, out);
    return apr_pstrdup(pool, out);
}

static size_t list_fields(const spbe_record_t *r, const char *ts,
                          field_t fields[FIELDS_MAX], apr_pool_t *pool)
{
    const field_t all[] = {
        {"id", r->id, 64, 0},
        {"ref", r->ref, 40, 0},
        {"ts", ts, 40, 0},
        {"kind", r->kind, 24, 0},
        {"severity", r->severity, 24, 0},
        {"class", r->class_name, 24, 0},
        {"responsible", r->responsible, 40, 0},
        {"assignee", r->assignee, 64, 0},
        {"owner", r->owner, 64, 0},
        {"data", r->data, 64, 0},
        {"fingerprint", r->fingerprint, 40, 0},
        {"title", r->title, 260, 1},
        {"node", r->node, 80, 0},
        {"application", r->application, 80, 0},
        {"vhost", r->vhost, 110, 0},
        {"host", r->host, 110, 1},
        {"client", r->client, 64, 0},
        {"route", r->route, 260, 1},
        {"method", r->method, 24, 1},
        {"exception", r->exception, 140, 1},
        {"frame", r->frame, 260, 1},
        {"rule", r->rule, 100, 0},
        {"action", r->action, 24, 0},
        {"event", r->event, 80, 0},
        {"of", r->of, 64, 0},
        {"reason", r->reason, 40, 0},
        {"keyword", r->keyword, 40, 0},
        {"place", r->place, 16, 0},
        {"field", r->field, 110, 1},
        {"wanted", r->wanted, 16, 0},
        {"first", stamp(r->first, pool), 40, 0},
        {"last", stamp(r->last, pool), 40, 0},
        {"day", r->day, 16, 0},
        {"config", r->config, 72, 0},
        {"rules", r->rules, 72, 0},
        {"policies", r->policies, 72, 0},
    };

    memcpy(fields, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]);
}

static void write_numbers(spbe_buf_t *buf, const spbe_record_t *r)
{
    if (r->total != 0) {
        spbe_jsonout_number(buf, "count", (apr_int64_t)r->count);
        spbe_jsonout_number(buf, "total", (apr_int64_t)r->total);
    }
    if (r->tally != NULL) {
#define X(name, text)                                                          \
    spbe_jsonout_number(buf, #name, (apr_int64_t)r->tally->name);
        SPBE_TALLIES_COUNTS(X)
#undef X
    }
}

/* As many as there is room for: the details have all of them. */
static void write_also(spbe_buf_t *buf, const apr_array_header_t *also)
{
    size_t start = buf->len;
    int i;

    if (also == NULL || also->nelts == 0) {
        return;
    }
    spbe_jsonout_name(buf, "also");
    spbe_buf_addc(buf, '[');
    for (i = 0; i < also->nelts; i++) {
        spbe_span_t text = APR_ARRAY_IDX(also, i, spbe_span_t);

        if (buf->len + spbe_jsonout_length(text) + sizeof("],}") > H_MAX) {
            break;
        }
        spbe_jsonout_comma(buf);
        spbe_jsonout_string(buf, text);
    }
    spbe_buf_addc(buf, ']');
    if (i == 0) {
        buf->len = start;
    }
}

/* scale: of 8; the ids and the short words keep their size at any scale. */
static void write_h(spbe_buf_t *buf, const field_t *fields, size_t n,
                    const spbe_record_t *r, const apr_array_header_t *also,
                    size_t scale)
{
    size_t i;

    buf->len = 0;
    spbe_buf_addc(buf, '{');
    for (i = 0; i < n; i++) {
        size_t max = fields[i].max;

        if (fields[i].value == NULL) {
            continue;
        }
        max = max > 64 ? max * scale / 8 : max;
        spbe_jsonout_span(
            buf, fields[i].name,
            spbe_jsonout_fit(spbe_span_from(fields[i].value), max));
    }
    if (r->status_in != 0) {
        spbe_jsonout_number(buf, "status_in", r->status_in);
    }
    if (r->status_out != 0) {
        spbe_jsonout_number(buf, "status_out", r->status_out);
    }
    if (r->leak_sent != 0) {
        spbe_jsonout_number(buf, "leak_sent", (apr_int64_t)r->leak_sent);
    }
    write_numbers(buf, r);
    write_also(buf, also);
    spbe_buf_addc(buf, '}');
}

static const char *redacted(const spbe_redact_t *redact, const char *text,
                            size_t limit, apr_pool_t *pool)
{
    if (text == NULL) {
        return NULL;
    }
    return spbe_span_dup(
        spbe_redact_text(redact, spbe_span_from(text), limit, pool), pool);
}

/* spbe_span_t of each. */
static apr_array_header_t *redacted_also(const apr_array_header_t *also,
                                         const spbe_redact_t *redact,
                                         apr_pool_t *pool)
{
    apr_array_header_t *out;
    int i;

    if (also == NULL) {
        return NULL;
    }
    out = apr_array_make(pool, also->nelts, sizeof(spbe_span_t));
    for (i = 0; i < also->nelts; i++) {
        APR_ARRAY_PUSH(out, spbe_span_t) = spbe_redact_text(
            redact, spbe_span_from(APR_ARRAY_IDX(also, i, const char *)), 300,
            pool);
    }
    return out;
}

static const char *make_h(const spbe_record_t *r, const spbe_redact_t *redact,
                          apr_pool_t *pool)
{
    field_t fields[FIELDS_MAX];
    const apr_array_header_t *also;
    char ts[SPBE_STAMP_SIZE];
    size_t n, i, scale = 8;
    spbe_buf_t buf;

    spbe_stamp_write(r->ts, ts);
    n = list_fields(r, ts, fields, pool);
    also = redacted_also(r->also, redact, pool);
    for (i = 0; i < n; i++) {
        if (fields[i].foreign) {
            fields[i].value = redacted(redact, fields[i].value, 600, pool);
        }
    }
    spbe_buf_init(&buf, H_MAX, pool);
    do {
        write_h(&buf, fields, n, r, also, scale);
    } while (buf.len > H_MAX && --scale > 0);
    return spbe_buf_cstr(&buf);
}

static const char *frame_json(const spbe_frame_t *frame,
                              const spbe_redact_t *redact, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 256, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "file",
                      redacted(redact, frame->file, FRAME_PART_MAX, pool));
    spbe_jsonout_text(&buf, "function",
                      redacted(redact, frame->function, FRAME_PART_MAX, pool));
    spbe_jsonout_number(&buf, "line", frame->line);
    spbe_jsonout_raw(&buf, "vendor", frame->vendor ? "true" : "false");
    spbe_buf_addc(&buf, '}');
    return spbe_buf_cstr(&buf);
}

static void add_frames(spbe_detail_t *detail, const spbe_record_t *r,
                       const spbe_redact_t *redact, apr_pool_t *pool)
{
    apr_array_header_t *items;
    int i;

    if (r->frames == NULL || r->frames->nelts == 0) {
        return;
    }
    items = apr_array_make(pool, r->frames->nelts, sizeof(const char *));
    for (i = 0; i < r->frames->nelts && i < SPBE_TRACE_FRAMES; i++) {
        APR_ARRAY_PUSH(items, const char *) = frame_json(
            &APR_ARRAY_IDX(r->frames, i, spbe_frame_t), redact, pool);
    }
    spbe_detail_add_list(detail, "frames", items);
}

static void add_strings(spbe_detail_t *detail, const char *name,
                        const apr_array_header_t *strings, size_t max,
                        const spbe_redact_t *redact, apr_pool_t *pool)
{
    apr_array_header_t *items;
    int i;

    if (strings == NULL || strings->nelts == 0) {
        return;
    }
    items = apr_array_make(pool, strings->nelts, sizeof(const char *));
    for (i = 0; i < strings->nelts; i++) {
        spbe_buf_t buf;
        const char *text = APR_ARRAY_IDX(strings, i, const char *);

        spbe_buf_init(&buf, 128, pool);
        spbe_jsonout_string(
            &buf, spbe_redact_text(redact, spbe_span_from(text), max, pool));
        APR_ARRAY_PUSH(items, const char *) = spbe_buf_cstr(&buf);
    }
    spbe_detail_add_list(detail, name, items);
}

/* Fingerprints would be taken for secrets. */
static void add_facts(spbe_detail_t *detail, const apr_array_header_t *facts,
                      apr_pool_t *pool)
{
    apr_array_header_t *items;
    spbe_buf_t buf;
    int i;

    if (facts == NULL || facts->nelts == 0) {
        return;
    }
    items = apr_array_make(pool, facts->nelts, sizeof(const char *));
    for (i = 0; i < facts->nelts; i++) {
        spbe_buf_init(&buf, 128, pool);
        spbe_jsonout_string(
            &buf, spbe_span_from(APR_ARRAY_IDX(facts, i, const char *)));
        APR_ARRAY_PUSH(items, const char *) = spbe_buf_cstr(&buf);
    }
    spbe_detail_add_list(detail, "facts", items);
}

static void add_text(spbe_detail_t *detail, const char *name, spbe_span_t text,
                     size_t max, const spbe_redact_t *redact, apr_pool_t *pool)
{
    if (text.len > 0) {
        spbe_detail_add_text(detail, name,
                             spbe_redact_text(redact, text, max, pool));
    }
}

static const char *make_d(const spbe_record_t *r, const spbe_redact_t *redact,
                          size_t limit, apr_pool_t *pool)
{
    spbe_detail_t *detail = spbe_detail_create(pool);

    add_text(detail, "message", spbe_span_from(r->message), MESSAGE_MAX, redact,
             pool);
    add_text(detail, "why", spbe_span_from(r->why), WORDS_MAX, redact, pool);
    add_text(detail, "hint", spbe_span_from(r->hint), WORDS_MAX, redact, pool);
    add_frames(detail, r, redact, pool);
    if (r->findings != NULL && r->findings->nelts > 0) {
        spbe_detail_add_list(detail, "findings",
                             spbe_anomaly_items(r, redact, pool));
    }
    if (r->input != NULL) {
        spbe_detail_add_input(detail, "input", r->input);
    }
    add_strings(detail, "log_lines", r->log_lines, LINE_MAX_BYTES, redact,
                pool);
    add_strings(detail, "leaks", r->leaks, WORDS_MAX, redact, pool);
    add_facts(detail, r->facts, pool);
    add_text(detail, "trace", r->trace, 0, redact, pool);
    if (r->seams > 0) {
        spbe_detail_add_number(detail, "seams", r->seams);
    }
    return spbe_detail_json(detail, limit);
}

spbe_encoded_t spbe_record_encode(const spbe_record_t *record,
                                  const spbe_redact_t *redact, size_t limit,
                                  apr_pool_t *pool)
{
    spbe_encoded_t encoded = {.id = record->id};
    size_t used;

    encoded.h = make_h(record, redact, pool);
    used = strlen(encoded.h);
    encoded.d = make_d(record, redact, limit > used ? limit - used : 0, pool);
    return encoded;
}
