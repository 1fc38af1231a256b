/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/entry.c - one line of the archive. See entry.h.
 */
#include "store/entry.h"

#include "text/json.h"
#include "text/jsonout.h"
#include "text/stamp.h"

static void begin(spbe_buf_t *buf, apr_time_t now)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(now, stamp);
    spbe_buf_adds(buf, "{\"t\":\"");
    spbe_buf_adds(buf, stamp);
    spbe_buf_addc(buf, '"');
}

void spbe_entry_add_line(spbe_buf_t *buf, apr_time_t now, spbe_span_t line)
{
    begin(buf, now);
    spbe_buf_adds(buf, ",\"l\":");
    spbe_buf_add(buf, line);
    spbe_buf_adds(buf, "}\n");
}

void spbe_entry_add_bad(spbe_buf_t *buf, apr_time_t now, spbe_span_t text,
                        const char *why)
{
    begin(buf, now);
    spbe_jsonout_span(buf, "bad", text);
    spbe_jsonout_text(buf, "why", why);
    spbe_buf_adds(buf, "}\n");
}

void spbe_entry_add_lost(spbe_buf_t *buf, apr_time_t now, apr_uint64_t n,
                         const char *why)
{
    begin(buf, now);
    spbe_jsonout_number(buf, "lost", (apr_int64_t)n);
    spbe_jsonout_text(buf, "why", why);
    spbe_buf_adds(buf, "}\n");
}

static int take(spbe_span_t *rest, spbe_span_t expected)
{
    if (!spbe_span_starts(*rest, expected)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, expected.len, rest->len);
    return 1;
}

static spbe_rc_t parse_lost(spbe_span_t rest, spbe_entry_t *entry)
{
    unsigned long long n;
    size_t end = 0;

    while (end < rest.len && rest.ptr[end] >= '0' && rest.ptr[end] <= '9') {
        end++;
    }
    if (!spbe_json_unsigned(spbe_span_slice(rest, 0, end), APR_INT64_MAX, &n)) {
        return SPBE_BAD;
    }
    entry->kind = SPBE_ENTRY_LOST;
    entry->lost = n;
    return SPBE_OK;
}

spbe_rc_t spbe_entry_parse(spbe_span_t text, spbe_entry_t *entry)
{
    spbe_span_t rest = text, stamp;

    *entry = (spbe_entry_t){.kind = SPBE_ENTRY_BAD, .line = SPBE_SPAN_EMPTY};
    if (!take(&rest, SPBE_SPAN("{\"t\":\"")) ||
        !spbe_span_ends(rest, SPBE_SPAN("}"))) {
        return SPBE_BAD;
    }
    stamp = spbe_span_cut(&rest, '"');
    if (!spbe_stamp_parse(stamp, &entry->received)) {
        return SPBE_BAD;
    }
    if (take(&rest, SPBE_SPAN(",\"l\":"))) {
        entry->kind = SPBE_ENTRY_LINE;
        entry->line = spbe_span_slice(rest, 0, rest.len - 1);
        return SPBE_OK;
    }
    if (take(&rest, SPBE_SPAN(",\"lost\":"))) {
        return parse_lost(rest, entry);
    }
    return take(&rest, SPBE_SPAN(",\"bad\":")) ? SPBE_OK : SPBE_BAD;
}
