/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/entry.c - one line of the archive. See entry.h.
 */
#include "store/entry.h"

#include "text/base64url.h"
#include "text/json.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include <string.h>

#define LINE ",\"l\":"
#define BAD ",\"bad\":\""
#define WHY "\",\"why\":\""
#define DETAILS ",\"d\":\""
#define BEHIND_DETAILS "\"}}"
#define EMPTIED ",\"x\":\""

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
    spbe_buf_adds(buf, LINE);
    spbe_buf_add(buf, line);
    spbe_buf_adds(buf, "}\n");
}

static int is_base64url(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* 1 and where the value of "d" stands, the last member of an object that is
 * followed by that; 0: no such thing. */
static int find_details(spbe_span_t text, spbe_span_t behind, size_t *from,
                        size_t *to)
{
    if (!spbe_span_ends(text, behind)) {
        return 0;
    }
    *to = text.len - behind.len;
    for (*from = *to; *from > 0 && is_base64url(text.ptr[*from - 1]);) {
        --*from;
    }
    return spbe_span_ends(spbe_span_slice(text, 0, *from), SPBE_SPAN(DETAILS));
}

void spbe_entry_add_thin(spbe_buf_t *buf, apr_time_t now, apr_uint64_t n,
                         spbe_span_t line)
{
    size_t from = line.len, to = line.len;

    find_details(line, SPBE_SPAN("\"}"), &from, &to);
    begin(buf, now);
    spbe_jsonout_number(buf, "thin", (apr_int64_t)n);
    spbe_buf_adds(buf, LINE);
    spbe_buf_add(buf, spbe_span_slice(line, 0, from));
    spbe_buf_add(buf, spbe_span_slice(line, to, line.len));
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

static void add_range(spbe_buf_t *buf, spbe_span_t writer, apr_uint64_t from,
                      apr_uint64_t to)
{
    spbe_jsonout_span(buf, "w", writer);
    spbe_jsonout_number(buf, "from", (apr_int64_t)from);
    spbe_jsonout_number(buf, "to", (apr_int64_t)to);
    spbe_buf_adds(buf, "}\n");
}

void spbe_entry_add_gap(spbe_buf_t *buf, apr_time_t now, spbe_span_t writer,
                        apr_uint64_t from, apr_uint64_t to, const char *why)
{
    begin(buf, now);
    spbe_jsonout_number(buf, "lost", (apr_int64_t)(to - from + 1));
    spbe_jsonout_text(buf, "why", why);
    add_range(buf, writer, from, to);
}

void spbe_entry_add_purged(spbe_buf_t *buf, apr_time_t now, spbe_span_t writer,
                           apr_uint64_t from, apr_uint64_t to)
{
    begin(buf, now);
    spbe_jsonout_number(buf, "purged", (apr_int64_t)(to - from + 1));
    add_range(buf, writer, from, to);
}

static int take(spbe_span_t *rest, spbe_span_t expected)
{
    if (!spbe_span_starts(*rest, expected)) {
        return 0;
    }
    *rest = spbe_span_slice(*rest, expected.len, rest->len);
    return 1;
}

static int take_number(spbe_span_t *rest, apr_uint64_t *number)
{
    unsigned long long n;
    size_t end = 0;

    while (end < rest->len && rest->ptr[end] >= '0' && rest->ptr[end] <= '9') {
        end++;
    }
    if ((end > 1 && rest->ptr[0] == '0') ||
        !spbe_json_unsigned(spbe_span_slice(*rest, 0, end), APR_INT64_MAX,
                            &n)) {
        return 0;
    }
    *number = n;
    *rest = spbe_span_slice(*rest, end, rest->len);
    return 1;
}

/* Where the string that begins at s ends: the offset of its mark, or s.len. */
static size_t string_end(spbe_span_t s)
{
    size_t i = 0;

    while (i < s.len && s.ptr[i] != '"') {
        i += s.ptr[i] == '\\' ? 2 : 1;
    }
    return i < s.len ? i : s.len;
}

static void take_string(spbe_span_t *rest, spbe_span_t *text)
{
    size_t end = string_end(*rest);

    *text = spbe_span_slice(*rest, 0, end);
    *rest = spbe_span_slice(*rest, end + 1, rest->len);
}

/* ,"w":writer,"from":a,"to":b} and nothing else. */
static spbe_rc_t parse_range(spbe_span_t rest, spbe_entry_t *entry)
{
    if (!take(&rest, SPBE_SPAN(",\"w\":\""))) {
        return SPBE_BAD;
    }
    take_string(&rest, &entry->writer);
    if (!take(&rest, SPBE_SPAN(",\"from\":")) ||
        !take_number(&rest, &entry->from) ||
        !take(&rest, SPBE_SPAN(",\"to\":")) ||
        !take_number(&rest, &entry->to) ||
        !spbe_span_eq(rest, SPBE_SPAN("}")) || entry->from > entry->to) {
        return SPBE_BAD;
    }
    return SPBE_OK;
}

static spbe_rc_t parse_lost(spbe_span_t rest, spbe_entry_t *entry)
{
    spbe_rc_t rc = SPBE_OK;

    if (!take_number(&rest, &entry->lost)) {
        return SPBE_BAD;
    }
    if (take(&rest, SPBE_SPAN(",\"why\":\""))) {
        take_string(&rest, &entry->why);
    }
    if (!spbe_span_eq(rest, SPBE_SPAN("}"))) {
        rc = parse_range(rest, entry);
    }
    entry->kind = rc == SPBE_OK ? SPBE_ENTRY_LOST : SPBE_ENTRY_BAD;
    return rc;
}

static spbe_rc_t parse_purged(spbe_span_t rest, spbe_entry_t *entry)
{
    if (!take_number(&rest, &entry->lost) ||
        parse_range(rest, entry) != SPBE_OK) {
        return SPBE_BAD;
    }
    entry->kind = SPBE_ENTRY_PURGED;
    return SPBE_OK;
}

static spbe_rc_t parse_bad(spbe_span_t rest, spbe_entry_t *entry)
{
    spbe_span_t text;

    take_string(&rest, &text);
    if (take(&rest, SPBE_SPAN(",\"why\":\""))) {
        take_string(&rest, &entry->why);
    }
    return SPBE_OK;
}

spbe_rc_t spbe_entry_parse(spbe_span_t text, spbe_entry_t *entry)
{
    spbe_span_t rest = text, stamp, hash;

    *entry = (spbe_entry_t){.kind = SPBE_ENTRY_BAD,
                            .line = SPBE_SPAN_EMPTY,
                            .writer = SPBE_SPAN_EMPTY,
                            .why = SPBE_SPAN_EMPTY};
    if (!take(&rest, SPBE_SPAN("{\"t\":\"")) ||
        !spbe_span_ends(rest, SPBE_SPAN("}"))) {
        return SPBE_BAD;
    }
    stamp = spbe_span_cut(&rest, '"');
    if (!spbe_stamp_parse(stamp, &entry->received)) {
        return SPBE_BAD;
    }
    if (take(&rest, SPBE_SPAN(EMPTIED))) {
        take_string(&rest, &hash);
        entry->is_emptied = 1;
    }
    if (take(&rest, SPBE_SPAN(",\"thin\":")) &&
        !take_number(&rest, &entry->thin)) {
        return SPBE_BAD;
    }
    if (take(&rest, SPBE_SPAN(LINE))) {
        entry->kind = SPBE_ENTRY_LINE;
        entry->line = spbe_span_slice(rest, 0, rest.len - 1);
        return SPBE_OK;
    }
    if (take(&rest, SPBE_SPAN(",\"lost\":"))) {
        return parse_lost(rest, entry);
    }
    if (take(&rest, SPBE_SPAN(",\"purged\":"))) {
        return parse_purged(rest, entry);
    }
    if (take(&rest, SPBE_SPAN(",\"segment\":"))) {
        entry->kind = SPBE_ENTRY_SEGMENT;
        return SPBE_OK;
    }
    return take(&rest, SPBE_SPAN(BAD)) ? parse_bad(rest, entry) : SPBE_BAD;
}

/* 1 and where the hidden value of rest (all but "t" and "x") stands. */
static int find_hidden(spbe_span_t rest, size_t *from, size_t *to)
{
    if (spbe_span_starts(rest, SPBE_SPAN(BAD))) {
        *from = sizeof(BAD) - 1;
        *to = *from + string_end(spbe_span_slice(rest, *from, rest.len));
        return spbe_span_starts(spbe_span_slice(rest, *to, rest.len),
                                SPBE_SPAN(WHY));
    }
    return spbe_span_starts(rest, SPBE_SPAN(LINE)) &&
           find_details(rest, SPBE_SPAN(BEHIND_DETAILS), from, to);
}

/* The hash off the front of rest. */
static int take_hash(spbe_span_t *rest, unsigned char hash[32])
{
    spbe_span_t after = *rest, text;

    if (!take(&after, SPBE_SPAN(EMPTIED))) {
        return 0;
    }
    take_string(&after, &text);
    if (spbe_base64url_exact(text, hash, 32) != SPBE_OK) {
        return 0;
    }
    *rest = after;
    return 1;
}

void spbe_entry_split(spbe_span_t text, spbe_entry_split_t *split)
{
    static const size_t stamp_at = sizeof("{\"t\":\"") - 1;
    spbe_span_t rest, bare;
    size_t from, to;

    *split = (spbe_entry_split_t){
        text, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, SPBE_SPAN_EMPTY, 0, {0}};
    if (!spbe_span_starts(text, SPBE_SPAN("{\"t\":\""))) {
        return;
    }
    from = spbe_span_chr(spbe_span_slice(text, stamp_at, text.len), '"');
    if (from == SPBE_NPOS) {
        return;
    }
    from += stamp_at + 1;
    rest = bare = spbe_span_slice(text, from, text.len);
    split->front = spbe_span_slice(text, 0, from);
    split->middle = rest;
    if (take_hash(&bare, split->hash) && find_hidden(bare, &from, &to) &&
        from == to) {
        split->is_emptied = 1;
        rest = bare;
    }
    else if (!find_hidden(rest, &from, &to)) {
        return;
    }
    split->middle = spbe_span_slice(rest, 0, from);
    split->hidden = spbe_span_slice(rest, from, to);
    split->back = spbe_span_slice(rest, to, rest.len);
}

void spbe_entry_add_emptied(spbe_buf_t *buf, const spbe_entry_split_t *split,
                            const unsigned char hash[32])
{
    spbe_buf_add(buf, split->front);
    spbe_buf_adds(buf, EMPTIED);
    spbe_base64url_encode(buf, (spbe_span_t){(const char *)hash, 32});
    spbe_buf_addc(buf, '"');
    spbe_buf_add(buf, split->middle);
    spbe_buf_add(buf, split->back);
    spbe_buf_addc(buf, '\n');
}
