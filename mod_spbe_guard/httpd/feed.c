/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/feed.c - the bytes of a response to the scanner, decoded where they
 * are compressed or UTF-16. Holds nothing back and sends nothing on.
 */
#include "httpd/flow.h"

#include "httpd/thread.h"

static void note_text(void *baton, spbe_span_t text)
{
    spbe_flow_t *flow = baton;

    spbe_scan_feed(flow->scan, spbe_thread_scratch(), text, 0);
    flow->text_in += text.len;
}

static void feed_decoded(spbe_flow_t *flow, spbe_span_t raw, int last)
{
    spbe_mark_t *mark;

    if (spbe_decode_feed(flow->decode, raw, last, note_text, flow)
        == SPBE_TOO_BIG) {
        flow->bomb = 1;
    }
    mark = &APR_ARRAY_PUSH(flow->marks, spbe_mark_t);
    mark->raw = flow->raw_in + raw.len;
    mark->text = flow->text_in;
    if (last) {
        spbe_scan_feed(flow->scan, spbe_thread_scratch(), SPBE_SPAN_EMPTY, 1);
    }
}

/* ASCII text in UTF-16 has a NUL in every second place. */
static const char *utf16_kind(spbe_span_t raw)
{
    const unsigned char *b = (const unsigned char *)raw.ptr;

    if (raw.len < 4) {
        return NULL;
    }
    if (b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0) {
        return "utf-16le";
    }
    return b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0 ? "utf-16be" : NULL;
}

/* A body may be UTF-16 or gzip without saying so, or gzip under another
 * label: the first bytes tell. */
static void look_at_begin(spbe_flow_t *flow, spbe_span_t raw)
{
    spbe_span_t label = spbe_span_from(flow->encoding);

    if (spbe_span_starts(raw, SPBE_SPAN("\x1f\x8b\x08"))
        && spbe_span_ifind(label, SPBE_SPAN("gzip")) == SPBE_NPOS) {
        flow->encoding = "gzip";
        spbe_begin_decode(flow);
    }
    else if (flow->decode == NULL && spbe_decode_is_utf16(raw)) {
        flow->charset = "utf-16";
        spbe_begin_decode(flow);
    }
    else if (flow->decode == NULL && utf16_kind(raw) != NULL) {
        flow->charset = utf16_kind(raw);
        spbe_begin_decode(flow);
    }
}

static void feed_all(spbe_flow_t *flow, spbe_span_t raw, int last)
{
    if (flow->decode != NULL) {
        feed_decoded(flow, raw, last);
    }
    else {
        spbe_scan_feed(flow->scan, spbe_thread_scratch(), raw, last);
        flow->text_in += raw.len;
    }
    flow->raw_in += raw.len;
    flow->last_fed = (unsigned)last & 1;
}

void spbe_feed(spbe_flow_t *flow, spbe_span_t raw, int last)
{
    size_t room = sizeof(flow->lead) - flow->lead_len;

    if (flow->begun) {
        feed_all(flow, raw, last);
        return;
    }
    if (flow->lead_len == 0 && (raw.len >= sizeof(flow->lead) || last)) {
        flow->begun = 1;
        look_at_begin(flow, raw);
        feed_all(flow, raw, last);
        return;
    }
    /* One byte at a time: wait until there are enough to look at. */
    room = raw.len < room ? raw.len : room;
    memcpy(flow->lead + flow->lead_len, raw.ptr, room);
    flow->lead_len += room;
    if (flow->lead_len == sizeof(flow->lead) || last) {
        spbe_span_t lead = { flow->lead, flow->lead_len };

        flow->begun = 1;
        look_at_begin(flow, lead);
        raw = spbe_span_slice(raw, room, raw.len);
        feed_all(flow, lead, last && raw.len == 0);
        if (raw.len > 0) {
            feed_all(flow, raw, last);
        }
    }
}
