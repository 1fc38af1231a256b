/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/detail.c - the details of a record within a size. See detail.h.
 */
#include "record/detail.h"

#include <string.h>
#include "text/jsonout.h"

#define CUT " [terpotong]"
#define NEXT_FIELD ",{\"in\":"
#define MEMBERS 16
#define MEMBER_FRAME 24 /* comma, name, colon, brackets */
#define CUT_FRAME 120   /* the member that names what was cut */

typedef struct member {
    const char *name;
    spbe_span_t text;                /* a text, or the input's JSON */
    const apr_array_header_t *items; /* a list */
    int is_input;
    int is_number;
    apr_int64_t number;
    size_t length; /* as JSON, whole */
} member_t;

struct spbe_detail {
    member_t members[MEMBERS];
    size_t n;
    apr_pool_t *pool;
};

spbe_detail_t *spbe_detail_create(apr_pool_t *pool)
{
    spbe_detail_t *detail = apr_pcalloc(pool, sizeof(*detail));

    detail->pool = pool;
    return detail;
}

static void add(spbe_detail_t *detail, member_t member)
{
    if (detail->n < MEMBERS) {
        detail->members[detail->n++] = member;
    }
}

void spbe_detail_add_text(spbe_detail_t *detail, const char *name,
                          spbe_span_t text)
{
    add(detail, (member_t){.name = name,
                           .text = text,
                           .length = spbe_jsonout_length(text)});
}

void spbe_detail_add_number(spbe_detail_t *detail, const char *name,
                            apr_int64_t value)
{
    add(detail, (member_t){.name = name, .is_number = 1, .number = value});
}

void spbe_detail_add_input(spbe_detail_t *detail, const char *name,
                           const char *json)
{
    add(detail, (member_t){.name = name,
                           .text = spbe_span_from(json),
                           .is_input = 1,
                           .length = strlen(json)});
}

void spbe_detail_add_list(spbe_detail_t *detail, const char *name,
                          const apr_array_header_t *items)
{
    member_t member = {.name = name, .items = items, .length = 2};
    int i;

    for (i = 0; i < items->nelts; i++) {
        member.length += strlen(APR_ARRAY_IDX(items, i, const char *)) + 1;
    }
    add(detail, member);
}

/* What all members need together when none may be longer than max. */
static size_t total(const spbe_detail_t *detail, size_t max)
{
    size_t i, sum = 2;

    for (i = 0; i < detail->n; i++) {
        size_t length = detail->members[i].length;

        sum += MEMBER_FRAME + (length < max ? length : max);
    }
    return sum;
}

/* The largest size of a member with which all fit. */
static size_t largest(const spbe_detail_t *detail, size_t limit)
{
    size_t low = 0, high = limit;

    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;

        if (total(detail, middle) <= limit) {
            low = middle;
        }
        else {
            high = middle - 1;
        }
    }
    return low;
}

static void write_text(spbe_buf_t *buf, const member_t *member, size_t max)
{
    spbe_span_t text = member->text;
    spbe_buf_t cut;

    if (member->length <= max) {
        spbe_jsonout_string(buf, text);
        return;
    }
    text = spbe_jsonout_fit(text, max > sizeof(CUT) ? max - sizeof(CUT) : 0);
    spbe_buf_init(&cut, text.len + sizeof(CUT), buf->pool);
    spbe_buf_add(&cut, text);
    spbe_buf_adds(&cut, CUT);
    spbe_jsonout_string(buf, spbe_buf_span(&cut));
}

/* The items from the front that fit. */
static void write_list(spbe_buf_t *buf, const member_t *member, size_t max)
{
    size_t used = 2;
    int i;

    spbe_buf_addc(buf, '[');
    for (i = 0; i < member->items->nelts; i++) {
        const char *item = APR_ARRAY_IDX(member->items, i, const char *);

        used += strlen(item) + 1;
        if (used > max && member->length > max) {
            break;
        }
        spbe_jsonout_comma(buf);
        spbe_buf_adds(buf, item);
    }
    spbe_buf_addc(buf, ']');
}

/*
 * The text is ours: between two fields stands NEXT_FIELD and nowhere else,
 * since marks inside strings are escaped.
 */
static void write_input(spbe_buf_t *buf, const member_t *member, size_t max)
{
    spbe_span_t next = SPBE_SPAN(NEXT_FIELD), text = member->text;
    size_t at = 0, hit, last = 0;

    if (member->length <= max) {
        spbe_buf_add(buf, text);
        return;
    }
    while ((hit = spbe_span_find(spbe_span_slice(text, at, text.len), next)) !=
               SPBE_NPOS &&
           at + hit + sizeof("],\"cut\":true}") < max) {
        last = at + hit;
        at = last + next.len;
    }
    if (last == 0) {
        spbe_buf_adds(buf, "{\"cut\":true}");
        return;
    }
    spbe_buf_add(buf, spbe_span_slice(text, 0, last));
    spbe_buf_adds(buf, "],\"cut\":true}");
}

static void write_member(spbe_buf_t *buf, const member_t *member, size_t max)
{
    if (member->is_number) {
        spbe_jsonout_number(buf, member->name, member->number);
        return;
    }
    spbe_jsonout_name(buf, member->name);
    if (member->is_input) {
        write_input(buf, member, max);
    }
    else if (member->items != NULL) {
        write_list(buf, member, max);
    }
    else {
        write_text(buf, member, max);
    }
}

static void write_cut(spbe_buf_t *buf, const spbe_detail_t *detail, size_t max)
{
    size_t i;

    spbe_jsonout_name(buf, "cut");
    spbe_buf_addc(buf, '[');
    for (i = 0; i < detail->n; i++) {
        if (detail->members[i].length > max) {
            spbe_jsonout_comma(buf);
            spbe_jsonout_string(buf, spbe_span_from(detail->members[i].name));
        }
    }
    spbe_buf_addc(buf, ']');
}

const char *spbe_detail_json(spbe_detail_t *detail, size_t limit)
{
    size_t i, max = (size_t)-1;
    int cut;
    spbe_buf_t buf;

    if (detail->n == 0) {
        return NULL;
    }
    limit = limit < SPBE_DETAIL_MIN ? SPBE_DETAIL_MIN : limit;
    cut = total(detail, max) > limit;
    if (cut) {
        max = largest(detail, limit - CUT_FRAME);
    }
    spbe_buf_init(&buf, cut ? limit : total(detail, max), detail->pool);
    spbe_buf_addc(&buf, '{');
    for (i = 0; i < detail->n; i++) {
        write_member(&buf, &detail->members[i], max);
    }
    if (cut) {
        write_cut(&buf, detail, max);
    }
    spbe_buf_addc(&buf, '}');
    return spbe_buf_cstr(&buf);
}
