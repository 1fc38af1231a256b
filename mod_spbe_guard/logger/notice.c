/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/notice.c - what the logger has to say of itself. See notice.h.
 */
#include "logger/notice.h"

#include <unistd.h>
#include <apr_strings.h>
#include "record/line.h"
#include "record/ref.h"
#include "text/jsonout.h"
#include "text/stamp.h"

#define WAITING 32

struct spbe_notice {
    const char *node, *writer;
    apr_uint64_t seq;
    apr_array_header_t *waiting; /* spbe_encoded_t, in pool */
    apr_pool_t *pool;
};

spbe_notice_t *spbe_notice_create(const char *node, apr_pool_t *pool)
{
    spbe_notice_t *notice = apr_pcalloc(pool, sizeof(*notice));

    notice->node = node;
    notice->writer = apr_psprintf(pool, "%s:log-%d:%" APR_TIME_T_FMT, node,
                                  (int)getpid(), apr_time_now());
    apr_pool_create(&notice->pool, pool);
    notice->waiting =
        apr_array_make(notice->pool, WAITING, sizeof(spbe_encoded_t));
    return notice;
}

static const char *make_h(const spbe_notice_t *notice, const char *id,
                          const char *event, const char *severity,
                          const char *title, const char *facts)
{
    char ts[SPBE_STAMP_SIZE];
    spbe_buf_t buf;

    spbe_stamp_write(apr_time_now(), ts);
    spbe_buf_init(&buf, 512, notice->pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "id", id);
    spbe_jsonout_text(&buf, "ts", ts);
    spbe_jsonout_text(&buf, "kind", "notice");
    spbe_jsonout_text(&buf, "severity", severity);
    spbe_jsonout_text(&buf, "owner", "logger");
    spbe_jsonout_text(&buf, "title", title);
    spbe_jsonout_text(&buf, "node", notice->node);
    spbe_jsonout_text(&buf, "event", event);
    if (facts != NULL) {
        spbe_jsonout_name(&buf, "facts");
        spbe_buf_addc(&buf, '{');
        spbe_buf_adds(&buf, facts);
        spbe_buf_addc(&buf, '}');
    }
    spbe_buf_addc(&buf, '}');
    return spbe_buf_cstr(&buf);
}

void spbe_notice_add(spbe_notice_t *notice, const char *event,
                     const char *severity, const char *title, const char *facts)
{
    spbe_encoded_t encoded = {0};
    spbe_ref_t ref;

    if (notice->waiting->nelts == WAITING ||
        !spbe_ref_make(&ref, apr_time_now())) {
        return;
    }
    encoded.id = apr_pstrdup(notice->pool, ref.id);
    encoded.h = make_h(notice, encoded.id, event, severity, title, facts);
    APR_ARRAY_PUSH(notice->waiting, spbe_encoded_t) = encoded;
}

int spbe_notice_waits(const spbe_notice_t *notice)
{
    return notice->waiting->nelts > 0;
}

static void take(const spbe_notice_t *notice, spbe_intake_t *intake, int i)
{
    apr_array_header_t *lines = spbe_line_split(
        &APR_ARRAY_IDX(notice->waiting, i, spbe_encoded_t), notice->writer,
        notice->seq + 1 + (apr_uint64_t)i, notice->pool);
    int k;

    for (k = 0; k < lines->nelts; k++) {
        spbe_intake_take(intake, SPBE_INTAKE_OWN,
                         APR_ARRAY_IDX(lines, k, spbe_span_t), 1);
    }
}

/* A number is given when it is in the archive. */
void spbe_notice_write(spbe_notice_t *notice, spbe_intake_t *intake,
                       spbe_shelf_t *shelf)
{
    int i;

    if (notice->waiting->nelts == 0) {
        return;
    }
    for (i = 0; i < notice->waiting->nelts; i++) {
        take(notice, intake, i);
    }
    if (spbe_shelf_commit(shelf, intake)) {
        notice->seq += (apr_uint64_t)notice->waiting->nelts;
        apr_pool_clear(notice->pool);
        notice->waiting =
            apr_array_make(notice->pool, WAITING, sizeof(spbe_encoded_t));
    }
}
