/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/verify_json.c - what verify found, for programs. See verify.h.
 */
#include "ctl/verify.h"

#include <stdio.h>
#include "store/firstkey.h"
#include "text/jsonout.h"
#include "text/stamp.h"

static void add_time(spbe_buf_t *buf, const char *name, apr_time_t time)
{
    char text[SPBE_STAMP_SIZE];

    if (time != 0) {
        spbe_stamp_write(time, text);
        spbe_jsonout_text(buf, name, text);
    }
}

static void add_number(spbe_buf_t *buf, const char *name, apr_uint64_t number)
{
    spbe_jsonout_number(buf, name, (apr_int64_t)number);
}

static void add_finding(spbe_buf_t *buf, const spbe_verify_finding_t *f)
{
    static const char *const weights[] = {"broken", "explain", "note"};

    spbe_jsonout_comma(buf);
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "weight", weights[spbe_verify_weight(f->kind)]);
    spbe_jsonout_text(buf, "kind", spbe_verify_name(f->kind));
    if (spbe_ctl_verify_is_loss(f->kind)) {
        spbe_jsonout_text(buf, "writer", f->writer);
    }
    if (f->from > 0) {
        add_number(buf, spbe_ctl_verify_is_loss(f->kind) ? "from" : "group",
                   f->from);
        add_number(buf, "to", f->upto);
    }
    if (f->segment != NULL) {
        spbe_jsonout_text(buf, "segment", f->segment);
        add_number(buf, "offset", f->offset);
    }
    add_time(buf, "time", f->time);
    if (f->n > 0) {
        add_number(buf, "n", f->n);
    }
    spbe_jsonout_text(buf, "order", f->id);
    spbe_jsonout_text(buf, f->kind == SPBE_VERIFY_REPORTED ? "why" : "by",
                      f->by);
    if (f->kind == SPBE_VERIFY_PURGED || f->kind == SPBE_VERIFY_ORDERED) {
        spbe_jsonout_text(buf, "mode", f->all ? "all" : "details");
    }
    spbe_jsonout_text(buf, "text", spbe_ctl_verify_say(f->kind));
    spbe_buf_addc(buf, '}');
}

static void add_head(spbe_buf_t *buf, const char *name, const spbe_head_t *head)
{
    char text[SPBE_HEAD_TEXT];

    spbe_head_write(head, text);
    spbe_jsonout_text(buf, name, text);
}

static void add_summary(spbe_buf_t *buf, const spbe_ctl_verified_t *verified)
{
    const spbe_verify_report_t *r = verified->report;
    char key[SPBE_FIRSTKEY_TEXT];

    spbe_jsonout_text(buf, "archive", verified->where);
    spbe_jsonout_text(buf, "node", r->node);
    add_number(buf, "segments", r->segments);
    add_number(buf, "groups", r->groups);
    add_number(buf, "entries", r->entries);
    add_number(buf, "bytes", r->bytes);
    add_number(buf, "first_group", r->from);
    add_time(buf, "first_time", r->since);
    add_time(buf, "last_time", r->head.time);
    if (r->head.group > 0) {
        add_head(buf, "head", &r->head);
        spbe_firstkey_print(r->first, key);
        spbe_jsonout_text(buf, "first_key", key);
    }
    spbe_jsonout_raw(buf, "first_key_given",
                     verified->is_own_key ? "false" : "true");
    add_number(buf, "heads_confirmed", r->heads);
    if (r->confirmed.group > 0) {
        add_head(buf, "last_confirmed", &r->confirmed);
    }
    add_number(buf, "duplicates", r->duplicates);
    add_number(buf, "lost", r->lost);
    add_number(buf, "reported", r->reported);
    add_number(buf, "purged", r->purged);
    add_number(buf, "broken", r->broken);
    add_number(buf, "explain", r->ask);
    add_number(buf, "notes", r->note);
}

void spbe_ctl_verify_json(const spbe_ctl_verified_t *verified, apr_pool_t *pool)
{
    const apr_array_header_t *all = verified->report->findings;
    int i, code = spbe_ctl_verify_code(verified);
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "result",
                      code == SPBE_CTL_FINE      ? "intact"
                      : code == SPBE_CTL_EXPLAIN ? "explain"
                                                 : "broken");
    spbe_jsonout_name(&buf, "first_bad");
    if (verified->report->broken > 0) {
        add_finding(&buf, &APR_ARRAY_IDX(all, 0, spbe_verify_finding_t));
    }
    else {
        spbe_buf_adds(&buf, "null");
    }
    add_summary(&buf, verified);
    spbe_jsonout_name(&buf, "findings");
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < all->nelts; i++) {
        add_finding(&buf, &APR_ARRAY_IDX(all, i, spbe_verify_finding_t));
    }
    spbe_buf_adds(&buf, "]}\n");
    fwrite(buf.ptr, 1, buf.len, stdout);
}
