/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/segment_head.c - the first entry of a segment, and what it ends with.
 * See segment.h.
 */
#include "store/segment.h"

#include "store/body.h"
#include "text/base64url.h"
#include "text/json.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK ((size_t)1 << 20)
#define WINDOW ((apr_uint64_t)8192)

static void add_bytes(spbe_buf_t *buf, const char *name,
                      const unsigned char *bytes, size_t len)
{
    spbe_buf_adds(buf, name);
    spbe_base64url_encode(buf, (spbe_span_t){(const char *)bytes, len});
    spbe_buf_addc(buf, '"');
}

void spbe_segment_add(spbe_buf_t *buf, const spbe_segment_t *segment)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_write(segment->time, stamp);
    spbe_buf_printf(
        buf,
        "{\"t\":\"%s\",\"segment\":{\"v\":1,\"offset\":%" APR_UINT64_T_FMT
        ",\"node\":",
        stamp, segment->offset);
    spbe_jsonout_string(buf, spbe_span_from(segment->node));
    add_bytes(buf, ",\"first\":\"", segment->first, sizeof(segment->first));
    spbe_buf_printf(buf, ",\"group\":%" APR_UINT64_T_FMT, segment->group);
    add_bytes(buf, ",\"prev\":\"", segment->before, sizeof(segment->before));
    spbe_buf_adds(buf, "}}\n");
}

/* What reading it has found so far. */
typedef struct members {
    spbe_segment_t *segment;
    unsigned seen;
} members_t;

static int read_number(const spbe_json_token_t *token, apr_uint64_t *number)
{
    unsigned long long n;

    if (token->type != SPBE_JSON_NUMBER ||
        !spbe_json_unsigned(token->text, APR_INT64_MAX, &n)) {
        return 0;
    }
    *number = n;
    return 1;
}

static int read_bytes(const spbe_json_token_t *token, unsigned char *out)
{
    return token->type == SPBE_JSON_STRING &&
           spbe_base64url_exact(token->text, out, SPBE_HASH_SIZE) == SPBE_OK;
}

static int read_node(const spbe_json_token_t *token, char *node)
{
    if (token->type != SPBE_JSON_STRING ||
        token->text.len >= SPBE_SEGMENT_NODE) {
        return 0;
    }
    memcpy(node, token->text.ptr, token->text.len);
    node[token->text.len] = '\0';
    return 1;
}

static int read_member(members_t *m, spbe_span_t name,
                       const spbe_json_token_t *token)
{
    static const char *const names[] = {"v",     "offset", "node",
                                        "first", "group",  "prev"};
    apr_uint64_t version;
    size_t i = 0;

    while (i < 6 && !spbe_span_eq(name, spbe_span_from(names[i]))) {
        i++;
    }
    if (i == 6 || (m->seen & 1u << i) != 0) {
        return 0;
    }
    m->seen |= 1u << i;
    switch (i) {
    case 0:
        return read_number(token, &version) && version == 1;
    case 1:
        return read_number(token, &m->segment->offset);
    case 2:
        return read_node(token, m->segment->node);
    case 3:
        return read_bytes(token, m->segment->first);
    case 4:
        return read_number(token, &m->segment->group);
    default:
        return read_bytes(token, m->segment->before);
    }
}

static spbe_rc_t read_members(spbe_span_t text, spbe_segment_t *segment)
{
    members_t m = {segment, 0};
    spbe_json_token_t name, value;
    spbe_json_t json;

    spbe_json_init(&json, text);
    if (spbe_json_next(&json, &name) != SPBE_OK ||
        name.type != SPBE_JSON_OBJECT) {
        return SPBE_BAD;
    }
    while (spbe_json_next(&json, &name) == SPBE_OK &&
           name.type == SPBE_JSON_NAME) {
        if (spbe_json_next(&json, &value) != SPBE_OK ||
            !read_member(&m, name.text, &value)) {
            return SPBE_BAD;
        }
    }
    return m.seen == 0x3f && spbe_json_next(&json, &value) == SPBE_END
               ? SPBE_OK
               : SPBE_BAD;
}

spbe_rc_t spbe_segment_parse(spbe_span_t text, spbe_segment_t *segment)
{
    static const char middle[] = ",\"segment\":";
    spbe_entry_t entry;
    size_t from;

    memset(segment, 0, sizeof(*segment));
    if (spbe_entry_parse(text, &entry) != SPBE_OK ||
        entry.kind != SPBE_ENTRY_SEGMENT) {
        return SPBE_NONE;
    }
    segment->time = entry.received;
    from = spbe_span_find(text, SPBE_SPAN(",\"segment\":"));
    return read_members(
        spbe_span_slice(text, from + sizeof(middle) - 1, text.len - 1),
        segment);
}

static apr_status_t read_at(int fd, apr_uint64_t at, char *out, size_t size,
                            size_t *got)
{
    ssize_t n;

    do {
        n = pread(fd, out, size, (off_t)at);
    } while (n == -1 && errno == EINTR);
    *got = n == -1 ? 0 : (size_t)n;
    return n == -1 ? errno : APR_SUCCESS;
}

/* The state of reading one to its end. */
typedef struct reading {
    spbe_segment_end_t *end;
    spbe_body_t *body;
    apr_uint64_t begin; /* of the group that is being read */
    int has_nul;
} reading_t;

static int is_intact(reading_t *r, const spbe_group_t *group)
{
    unsigned char hash[SPBE_HASH_SIZE];

    return (spbe_body_end(r->body, hash) &&
            spbe_body_entries(r->body) == group->entries &&
            memcmp(hash, group->body, sizeof(hash)) == 0) ||
           !r->has_nul;
}

static void take_group(reading_t *r, spbe_span_t line, apr_uint64_t behind)
{
    spbe_group_t group;

    r->end->hidden += spbe_body_hidden(r->body);
    if (spbe_group_parse(line, &group) == SPBE_OK && is_intact(r, &group)) {
        r->end->group = group;
        r->end->begin = r->begin;
        r->end->end = behind;
        spbe_group_hash(line, r->end->hash);
    }
    r->begin = behind;
    r->has_nul = 0;
    spbe_body_start(r->body);
}

static void take_line(reading_t *r, spbe_span_t line, apr_uint64_t offset)
{
    if (spbe_group_is(line)) {
        take_group(r, line, offset + line.len + 1);
        return;
    }
    if (offset == 0) {
        r->end->has_head = spbe_segment_parse(line, &r->end->head) == SPBE_OK;
    }
    r->has_nul |= spbe_span_chr(line, '\0') != SPBE_NPOS;
    spbe_body_add(r->body, line);
}

apr_status_t spbe_segment_read_end(int fd, spbe_segment_end_t *end,
                                   apr_pool_t *pool)
{
    reading_t r = {.end = end, .body = spbe_body_create(pool)};
    spbe_lines_t *lines = spbe_lines_create(pool);
    char *block = apr_palloc(pool, BLOCK);
    apr_status_t rv;
    size_t got;

    memset(end, 0, sizeof(*end));
    if (r.body == NULL) {
        return APR_ENOMEM;
    }
    while ((rv = read_at(fd, end->size, block, BLOCK, &got)) == APR_SUCCESS &&
           got > 0) {
        apr_uint64_t offset;
        spbe_span_t line;
        int whole;

        spbe_lines_feed(lines, (spbe_span_t){block, got}, end->size);
        while (spbe_lines_next(lines, &line, &offset, &whole)) {
            take_line(&r, line, offset);
        }
        end->size += got;
    }
    return rv;
}

/* Behind the last whole line in text that ends a group; 0: none does. */
static size_t find_last(spbe_span_t text, spbe_group_t *group,
                        unsigned char hash[SPBE_HASH_SIZE])
{
    spbe_span_t rest = text;
    size_t end;

    while ((end = spbe_span_rchr(rest, '\n')) != SPBE_NPOS) {
        size_t before = spbe_span_rchr(spbe_span_slice(rest, 0, end), '\n');
        size_t from = before == SPBE_NPOS ? 0 : before + 1;
        spbe_span_t line = spbe_span_slice(rest, from, end);

        if (spbe_group_is(line) && spbe_group_parse(line, group) == SPBE_OK) {
            spbe_group_hash(line, hash);
            return end + 1;
        }
        rest = spbe_span_slice(rest, 0, from);
    }
    memset(group, 0, sizeof(*group));
    return 0;
}

apr_status_t spbe_segment_last(int fd, spbe_group_t *group,
                               unsigned char hash[SPBE_HASH_SIZE],
                               apr_uint64_t *behind, apr_pool_t *pool)
{
    apr_uint64_t window = WINDOW, size;
    struct stat st;

    memset(group, 0, sizeof(*group));
    *behind = 0;
    if (fstat(fd, &st) == -1) {
        return errno;
    }
    size = (apr_uint64_t)st.st_size;
    for (;;) {
        apr_uint64_t length = window < size ? window : size;
        char *text = apr_palloc(pool, (size_t)length + 1);
        apr_status_t rv;
        size_t got, at;

        rv = read_at(fd, size - length, text, (size_t)length, &got);
        at = find_last((spbe_span_t){text, got}, group, hash);
        *behind = at > 0 ? size - length + at : 0;
        if (rv != APR_SUCCESS || at > 0 || length == size) {
            return rv;
        }
        window *= 16;
    }
}
