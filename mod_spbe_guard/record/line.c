/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/line.c - records as lines on a pipe. See line.h.
 */
#include "record/line.h"

#include <string.h>
#include <apr_strings.h>
#include "text/base64url.h"
#include "text/json.h"
#include "text/jsonout.h"
#include "text/percent.h"

#define PARTS_MAX 4096
#define WRITER_MAX 128
#define KEY_MAX 64

static const char *key_of(const spbe_encoded_t *encoded)
{
    return encoded->key == NULL ? "" : encoded->key;
}

/* Everything of a line but h and d, at its longest for this record. */
static size_t overhead(const spbe_encoded_t *encoded, const char *writer)
{
    static const char frame[] =
        "{\"v\":1,\"w\":\"\",\"s\":18446744073709551615,"
        "\"id\":\"\",\"p\":4096,\"n\":4096,"
        "\"k\":\"\",\"h\":,\"d\":\"\"}\n";

    return sizeof(frame) + spbe_jsonout_length(spbe_span_from(writer)) +
           strlen(encoded->id) + strlen(key_of(encoded));
}

/* How many bytes of d fit beside that many others. */
static size_t room(size_t used)
{
    return used >= SPBE_LINE_MAX ? 0 : (SPBE_LINE_MAX - used) / 4 * 3;
}

static spbe_span_t make_line(const spbe_encoded_t *encoded, const char *writer,
                             apr_uint64_t seq, unsigned part, unsigned parts,
                             spbe_span_t slice, apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, SPBE_LINE_MAX, pool);
    spbe_buf_adds(&buf, "{\"v\":1");
    spbe_jsonout_text(&buf, "w", writer);
    spbe_buf_printf(&buf, ",\"s\":%" APR_UINT64_T_FMT, seq);
    spbe_jsonout_text(&buf, "id", encoded->id);
    spbe_buf_printf(&buf, ",\"p\":%u,\"n\":%u", part, parts);
    spbe_jsonout_text(&buf, "k", key_of(encoded));
    if (part == 1) {
        spbe_jsonout_raw(&buf, "h", encoded->h);
    }
    spbe_buf_adds(&buf, ",\"d\":\"");
    spbe_base64url_encode(&buf, slice);
    spbe_buf_adds(&buf, "\"}\n");
    return spbe_buf_span(&buf);
}

apr_array_header_t *spbe_line_split(const spbe_encoded_t *encoded,
                                    const char *writer, apr_uint64_t seq,
                                    apr_pool_t *pool)
{
    spbe_span_t d = encoded->key == NULL ? spbe_span_from(encoded->d)
                                         : encoded->sealed;
    size_t used = overhead(encoded, writer);
    size_t first = room(used + strlen(encoded->h)), later = room(used);
    apr_array_header_t *lines;
    unsigned part, parts = 1;
    size_t from = 0;

    /* A caller with a writer name of kilobytes gets no details. */
    if (later > 0 && d.len > first) {
        parts += (unsigned)((d.len - first + later - 1) / later);
    }
    parts = parts > PARTS_MAX ? PARTS_MAX : parts;
    lines = apr_array_make(pool, (int)parts, sizeof(spbe_span_t));
    for (part = 1; part <= parts; part++) {
        size_t size = part == 1 ? first : later;

        APR_ARRAY_PUSH(lines, spbe_span_t) =
            make_line(encoded, writer, seq, part, parts,
                      spbe_span_slice(d, from, from + size), pool);
        from += size;
    }
    return lines;
}

/* What is still missing while a line is read. */
typedef struct reading {
    spbe_line_t *line;
    apr_pool_t *pool;
    unsigned seen; /* bit per member */
} reading_t;

static int is_uuid(spbe_span_t s)
{
    size_t i;

    if (s.len != SPBE_ID_SIZE - 1) {
        return 0;
    }
    for (i = 0; i < s.len; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? s.ptr[i] != '-' : spbe_percent_hex(s.ptr[i]) < 0) {
            return 0;
        }
    }
    return 1;
}

static int is_word(spbe_span_t s, size_t max)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == '\\' ||
            s.ptr[i] == '"') {
            return 0;
        }
    }
    return s.len <= max;
}

static int read_int(const spbe_json_token_t *token, unsigned long long max,
                    unsigned long long *value)
{
    return token->type == SPBE_JSON_NUMBER &&
           spbe_json_unsigned(token->text, max, value);
}

static const char *read_v(reading_t *r, const spbe_json_token_t *token)
{
    unsigned long long v;

    return read_int(token, 1, &v) && v == 1 ? NULL : "version is not 1";
}

static const char *read_w(reading_t *r, const spbe_json_token_t *token)
{
    if (token->type != SPBE_JSON_STRING || token->text.len == 0 ||
        !is_word(token->text, WRITER_MAX)) {
        return "bad writer";
    }
    r->line->writer = spbe_span_dup(token->text, r->pool);
    return NULL;
}

static const char *read_s(reading_t *r, const spbe_json_token_t *token)
{
    unsigned long long seq;

    if (!read_int(token, APR_INT64_MAX, &seq)) {
        return "bad sequence number";
    }
    r->line->seq = seq;
    return NULL;
}

static const char *read_id(reading_t *r, const spbe_json_token_t *token)
{
    if (token->type != SPBE_JSON_STRING || !is_uuid(token->text)) {
        return "bad id";
    }
    r->line->id = spbe_span_dup(token->text, r->pool);
    return NULL;
}

static const char *read_p(reading_t *r, const spbe_json_token_t *token)
{
    unsigned long long part;

    if (!read_int(token, PARTS_MAX, &part) || part == 0) {
        return "bad part number";
    }
    r->line->part = (unsigned)part;
    return NULL;
}

static const char *read_n(reading_t *r, const spbe_json_token_t *token)
{
    unsigned long long parts;

    if (!read_int(token, PARTS_MAX, &parts) || parts == 0) {
        return "bad number of parts";
    }
    r->line->parts = (unsigned)parts;
    return NULL;
}

static const char *read_k(reading_t *r, const spbe_json_token_t *token)
{
    if (token->type != SPBE_JSON_STRING || !is_word(token->text, KEY_MAX)) {
        return "bad key id";
    }
    r->line->key = spbe_span_dup(token->text, r->pool);
    return NULL;
}

static const char *read_d(reading_t *r, const spbe_json_token_t *token)
{
    if (token->type != SPBE_JSON_STRING ||
        spbe_base64url_decode(token->text, &r->line->d, r->pool) != SPBE_OK) {
        return "details are not base64url";
    }
    return NULL;
}

/* h is kept as text; the tokens inside have been checked by the skipping. */
static const char *read_h(reading_t *r, const spbe_json_token_t *token,
                          spbe_json_t *json)
{
    const char *from = token->text.ptr;

    if (token->type != SPBE_JSON_OBJECT ||
        spbe_json_skip(json, token) != SPBE_OK) {
        return "index part is not an object";
    }
    r->line->h = spbe_span_dup(
        (spbe_span_t){from, (size_t)(json->rest.ptr - from)}, r->pool);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*read)(reading_t *r, const spbe_json_token_t *token);
} members[] = {
    {"v", read_v}, {"w", read_w}, {"s", read_s}, {"id", read_id}, {"p", read_p},
    {"n", read_n}, {"k", read_k}, {"d", read_d}, {"h", NULL},
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))
#define SEEN_H (1u << (MEMBERS - 1))

static const char *read_member(reading_t *r, spbe_json_t *json,
                               spbe_span_t name)
{
    spbe_json_token_t token;
    size_t i = 0;

    while (i < MEMBERS &&
           !spbe_span_eq(name, spbe_span_from(members[i].name))) {
        i++;
    }
    if (i == MEMBERS) {
        return "unknown member";
    }
    if (r->seen & 1u << i) {
        return "member stands twice";
    }
    r->seen |= 1u << i;
    if (spbe_json_next(json, &token) != SPBE_OK) {
        return "not JSON";
    }
    return members[i].read == NULL ? read_h(r, &token, json)
                                   : members[i].read(r, &token);
}

static const char *read_all(reading_t *r, spbe_span_t text)
{
    spbe_json_t json;
    spbe_json_token_t token;
    const char *why = NULL;
    spbe_rc_t rc;

    spbe_json_init(&json, text);
    rc = spbe_json_next(&json, &token);
    if (rc != SPBE_OK || token.type != SPBE_JSON_OBJECT) {
        return "not a JSON object";
    }
    while (why == NULL) {
        rc = spbe_json_next(&json, &token);
        if (rc != SPBE_OK || token.type != SPBE_JSON_NAME) {
            break;
        }
        why = read_member(r, &json, token.text);
    }
    if (why == NULL &&
        (rc != SPBE_OK || spbe_json_next(&json, &token) != SPBE_END)) {
        return "not JSON";
    }
    return why;
}

static const char *check_whole(const reading_t *r)
{
    unsigned all = SEEN_H - 1;

    if ((r->seen & all) != all) {
        return "member missing";
    }
    if (r->line->part > r->line->parts) {
        return "part number above the number of parts";
    }
    if ((r->line->part == 1) != ((r->seen & SEEN_H) != 0)) {
        return "index part not in part 1";
    }
    return NULL;
}

spbe_rc_t spbe_line_parse(spbe_span_t text, spbe_line_t *line, const char **why,
                          apr_pool_t *pool)
{
    reading_t r = {line, pool, 0};

    memset(line, 0, sizeof(*line));
    line->d = SPBE_SPAN_EMPTY;
    *why = text.len > SPBE_LINE_MAX ? "longer than a line may be"
                                    : read_all(&r, text);
    if (*why == NULL) {
        *why = check_whole(&r);
    }
    return *why == NULL ? SPBE_OK : SPBE_BAD;
}
