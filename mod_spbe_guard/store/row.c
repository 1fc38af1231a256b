/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/row.c - from an assembled record to a row of the index. See row.h.
 */
#include "store/row.h"

#include <limits.h>
#include <string.h>
#include <apr_strings.h>
#include "text/json.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/utf8.h"
#include "text/visible.h"

#define COUNT_MAX 1000000000

/* Where the values of a row's columns go. */
typedef struct target {
    spbe_row_t *row;
    const char *ts;
    long long status_in, status_out, leak_sent, count, total;
    apr_pool_t *pool;
} target_t;

/*
 * A writer may be out of its mind: what is searched for is short, since an
 * index refuses long keys, and has no bytes that a database refuses.
 */
const char *spbe_row_text(spbe_span_t escaped, apr_pool_t *pool)
{
    spbe_span_t text = spbe_json_unescape(escaped, pool);
    spbe_buf_t out;

    if (memchr(text.ptr, '\0', text.len) == NULL && spbe_utf8_valid(text)) {
        return spbe_span_dup(spbe_utf8_cut(text, SPBE_ROW_TEXT), pool);
    }
    spbe_buf_init(&out, text.len + 16, pool);
    spbe_visible_add(&out, text, 0);
    return spbe_span_dup(spbe_utf8_cut(spbe_buf_span(&out), SPBE_ROW_TEXT),
                         pool);
}

static const char **text_column(target_t *t, spbe_span_t name)
{
    const struct {
        spbe_span_t name;
        const char **value;
    } columns[] = {
        {SPBE_SPAN("ref"), &t->row->ref},
        {SPBE_SPAN("ts"), &t->ts},
        {SPBE_SPAN("kind"), &t->row->kind},
        {SPBE_SPAN("severity"), &t->row->severity},
        {SPBE_SPAN("class"), &t->row->class_name},
        {SPBE_SPAN("responsible"), &t->row->responsible},
        {SPBE_SPAN("application"), &t->row->application},
        {SPBE_SPAN("route"), &t->row->route},
        {SPBE_SPAN("fingerprint"), &t->row->fingerprint},
        {SPBE_SPAN("action"), &t->row->action},
    };
    size_t i;

    for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (spbe_span_eq(name, columns[i].name)) {
            return columns[i].value;
        }
    }
    return NULL;
}

static void take_number(target_t *t, spbe_span_t name, spbe_span_t text)
{
    const struct {
        spbe_span_t name;
        long long max;
        long long *value;
    } numbers[] = {
        {SPBE_SPAN("status_in"), 999, &t->status_in},
        {SPBE_SPAN("status_out"), 999, &t->status_out},
        {SPBE_SPAN("leak_sent"), LLONG_MAX, &t->leak_sent},
        {SPBE_SPAN("count"), COUNT_MAX, &t->count},
        {SPBE_SPAN("total"), COUNT_MAX, &t->total},
    };
    unsigned long long value;
    size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (spbe_span_eq(name, numbers[i].name) &&
            spbe_json_unsigned(text, (unsigned long long)numbers[i].max,
                               &value)) {
            *numbers[i].value = (long long)value;
        }
    }
}

static void take_member(target_t *t, spbe_span_t name,
                        const spbe_json_token_t *token)
{
    const char **column;

    if (token->type == SPBE_JSON_NUMBER) {
        take_number(t, name, token->text);
    }
    column = token->type == SPBE_JSON_STRING ? text_column(t, name) : NULL;
    if (column != NULL) {
        *column = spbe_row_text(token->text, t->pool);
    }
}

static void read_h(target_t *t, const char *h)
{
    spbe_json_t json;
    spbe_json_token_t name, token;

    spbe_json_init(&json, spbe_span_from(h));
    if (spbe_json_next(&json, &token) != SPBE_OK) {
        return;
    }
    while (spbe_json_next(&json, &name) == SPBE_OK &&
           name.type == SPBE_JSON_NAME &&
           spbe_json_next(&json, &token) == SPBE_OK) {
        take_member(t, name.text, &token);
        if (spbe_json_skip(&json, &token) != SPBE_OK) {
            return;
        }
    }
}

void spbe_row_from_whole(spbe_row_t *row, const spbe_whole_t *whole,
                         apr_pool_t *pool)
{
    target_t t = {.row = row, .pool = pool};

    *row = (spbe_row_t){.id = whole->id,
                        .h = whole->h,
                        .writer = whole->writer,
                        .seq = whole->seq,
                        .offset = whole->offset,
                        .length = whole->next - whole->offset,
                        .complete = whole->complete,
                        .key = whole->key,
                        .purged = whole->purged};
    if (whole->h != NULL) {
        read_h(&t, whole->h);
    }
    row->h = row->h == NULL ? "{}" : row->h;
    row->kind = row->kind == NULL ? "unknown" : row->kind;
    row->status_in = (int)t.status_in;
    row->status_out = (int)t.status_out;
    row->leak_sent = (apr_uint64_t)t.leak_sent;
    row->n = t.total > 0 ? t.count : 1;
    if (t.ts == NULL || !spbe_stamp_parse(spbe_span_from(t.ts), &row->ts)) {
        row->ts = whole->received;
    }
}

static const char *title_of(const spbe_entry_t *entry, apr_pool_t *pool)
{
    if (entry->writer.len == 0) {
        return apr_psprintf(
            pool, "%" APR_UINT64_T_FMT " baris log tidak dapat disimpan",
            entry->lost);
    }
    return apr_psprintf(pool,
                        "%" APR_UINT64_T_FMT
                        " catatan dari %s hilang (nomor %" APR_UINT64_T_FMT
                        "-%" APR_UINT64_T_FMT ")",
                        entry->lost, spbe_span_dup(entry->writer, pool),
                        entry->from, entry->to);
}

void spbe_row_from_lost(spbe_row_t *row, const spbe_entry_t *entry,
                        apr_pool_t *pool)
{
    char ts[SPBE_STAMP_SIZE];
    spbe_buf_t h;

    /* Named after its place, so that it is the same whenever indexed. */
    *row = (spbe_row_t){
        .id = apr_psprintf(pool, "lost-%" APR_UINT64_T_FMT, entry->offset),
        .ts = entry->received,
        .kind = "notice",
        .severity = "critical",
        .writer = "logger",
        .seq = entry->offset,
        .offset = entry->offset,
        .length = entry->next - entry->offset,
        .complete = 1,
        .n = 1};
    spbe_stamp_write(entry->received, ts);
    spbe_buf_init(&h, 256, pool);
    spbe_buf_addc(&h, '{');
    spbe_jsonout_text(&h, "id", row->id);
    spbe_jsonout_text(&h, "ts", ts);
    spbe_jsonout_text(&h, "kind", row->kind);
    spbe_jsonout_text(&h, "severity", row->severity);
    spbe_jsonout_text(&h, "rule", "log-lost");
    spbe_jsonout_text(&h, "title", title_of(entry, pool));
    spbe_buf_addc(&h, '}');
    row->h = spbe_buf_cstr(&h);
}
