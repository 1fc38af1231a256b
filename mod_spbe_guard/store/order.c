/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/order.c - what an operator orders, as lines and back. See order.h.
 *
 * Reading is strict: an order that can be read in two ways is none.
 */
#include "store/order.h"

#include <apr_strings.h>
#include "record/line.h"
#include "text/jsonout.h"
#include "text/jsontree.h"
#include "text/stamp.h"

#define TITLE_LENGTH 300

static const struct {
    const char *name, *event;
} actions[] = {
    [SPBE_ORDER_PURGE] = {"purge", "sensitive_delete"},
    [SPBE_ORDER_HOLD] = {"hold", "sensitive_update"},
    [SPBE_ORDER_RELEASE] = {"release", "sensitive_update"},
    [SPBE_ORDER_READ] = {"read", "sensitive_read"},
};
#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

/* The members of "do", and which action has which: bit 1u << what. */
typedef enum type { TEXT = 0, NUMBER = 1, TIME = 2 } type_t;

#define OF(what) (1u << SPBE_ORDER_##what)
#define ALL (OF(PURGE) | OF(HOLD) | OF(RELEASE) | OF(READ))

typedef struct member {
    spbe_span_t name;
    type_t type;
    unsigned needed, allowed;
    void *value; /* const char *, apr_uint64_t or apr_time_t */
} member_t;

#define MEMBERS 11

static void list_members(spbe_order_t *a, member_t members[MEMBERS])
{
    const member_t all[MEMBERS] = {
        {SPBE_SPAN("by"), TEXT, ALL, ALL, &a->by},
        {SPBE_SPAN("text"), TEXT, OF(PURGE) | OF(HOLD) | OF(RELEASE), ALL,
         &a->text},
        {SPBE_SPAN("from"), NUMBER, OF(PURGE), OF(PURGE), &a->from},
        {SPBE_SPAN("to"), NUMBER, OF(PURGE), OF(PURGE), &a->to},
        {SPBE_SPAN("first"), NUMBER, OF(PURGE), OF(PURGE), &a->first},
        {SPBE_SPAN("behind"), NUMBER, OF(PURGE), OF(PURGE), &a->behind},
        {SPBE_SPAN("before"), TIME, OF(PURGE), OF(PURGE), &a->before},
        {SPBE_SPAN("since"), TIME, OF(HOLD), OF(HOLD), &a->since},
        {SPBE_SPAN("until"), TIME, 0, OF(HOLD), &a->until},
        {SPBE_SPAN("hold"), TEXT, OF(RELEASE), OF(RELEASE), &a->hold},
        {SPBE_SPAN("records"), NUMBER, 0, OF(READ), &a->records},
    };
    size_t i;

    for (i = 0; i < MEMBERS; i++) {
        members[i] = all[i];
    }
}

const char *spbe_order_name(spbe_order_what_t what)
{
    return actions[what].name;
}

/* writing */

static const char *title_of(const spbe_order_t *a, apr_pool_t *pool)
{
    switch (a->what) {
    case SPBE_ORDER_PURGE:
        return apr_psprintf(pool,
                            "purge %s: groups %" APR_UINT64_T_FMT
                            " to %" APR_UINT64_T_FMT,
                            a->all ? "all" : "details", a->from, a->to);
    case SPBE_ORDER_HOLD:
        return apr_pstrcat(pool, "hold ", a->ref == NULL ? "" : a->ref, NULL);
    case SPBE_ORDER_RELEASE:
        return apr_pstrcat(pool, "release ", a->hold, NULL);
    case SPBE_ORDER_READ:
        break;
    }
    return apr_psprintf(pool, "read %s: %" APR_UINT64_T_FMT " records",
                        a->object == NULL ? "" : a->object, a->records);
}

static void add_fit(spbe_buf_t *buf, const char *name, const char *text,
                    size_t max)
{
    if (text != NULL) {
        spbe_jsonout_span(buf, name,
                          spbe_jsonout_fit(spbe_span_from(text), max));
    }
}

static void add_member(spbe_buf_t *buf, const member_t *m)
{
    const char *name = m->name.ptr;
    char stamp[SPBE_STAMP_SIZE];

    if (m->type == TEXT) {
        add_fit(buf, name, *(const char *const *)m->value, SPBE_ORDER_LENGTH);
    }
    else if (m->type == NUMBER) {
        spbe_jsonout_number(buf, name,
                            (apr_int64_t) * (const apr_uint64_t *)m->value);
    }
    else if (*(const apr_time_t *)m->value != 0 || m->needed != 0) {
        spbe_stamp_write(*(const apr_time_t *)m->value, stamp);
        spbe_jsonout_text(buf, name, stamp);
    }
}

static void add_do(spbe_buf_t *buf, const spbe_order_t *action)
{
    spbe_order_t copy = *action;
    member_t members[MEMBERS];
    size_t i;

    list_members(&copy, members);
    spbe_jsonout_name(buf, "do");
    spbe_buf_addc(buf, '{');
    spbe_jsonout_text(buf, "what", spbe_order_name(action->what));
    if (action->what == SPBE_ORDER_PURGE) {
        spbe_jsonout_text(buf, "mode", action->all ? "all" : "details");
    }
    if (action->what == SPBE_ORDER_HOLD) {
        spbe_jsonout_text(buf, "ref", action->ref);
    }
    if (action->what == SPBE_ORDER_READ) {
        add_fit(buf, "object", action->object, SPBE_ORDER_LENGTH);
    }
    for (i = 0; i < MEMBERS; i++) {
        if (members[i].allowed & 1u << action->what) {
            add_member(buf, &members[i]);
        }
    }
    spbe_buf_addc(buf, '}');
}

spbe_span_t spbe_order_lines(const spbe_order_t *action, const char *writer,
                             apr_uint64_t seq, apr_pool_t *pool)
{
    spbe_encoded_t encoded = {.id = action->id};
    apr_array_header_t *lines;
    char stamp[SPBE_STAMP_SIZE];
    spbe_buf_t buf;
    int i;

    spbe_stamp_write(action->ts, stamp);
    spbe_buf_init(&buf, 2048, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "id", action->id);
    spbe_jsonout_text(&buf, "ts", stamp);
    spbe_jsonout_text(&buf, "kind", "action");
    spbe_jsonout_text(&buf, "severity",
                      action->what == SPBE_ORDER_PURGE ? "warning" : "notice");
    add_fit(&buf, "title", title_of(action, pool), TITLE_LENGTH);
    add_fit(&buf, "node", action->node, 80);
    spbe_jsonout_text(&buf, "owner", "operator");
    spbe_jsonout_text(&buf, "action", spbe_order_name(action->what));
    spbe_jsonout_text(&buf, "event", actions[action->what].event);
    add_do(&buf, action);
    spbe_buf_addc(&buf, '}');
    encoded.h = spbe_buf_cstr(&buf);
    lines = spbe_line_split(&encoded, writer, seq, pool);
    spbe_buf_init(&buf, SPBE_LINE_MAX, pool);
    for (i = 0; i < lines->nelts; i++) {
        spbe_buf_add(&buf, APR_ARRAY_IDX(lines, i, spbe_span_t));
    }
    return spbe_buf_span(&buf);
}

/* reading */

static const char *text_of(const spbe_node_t *node, apr_pool_t *pool)
{
    return node == NULL || node->type != SPBE_NODE_STRING
               ? NULL
               : spbe_span_dup(node->text, pool);
}

static int is_text(const spbe_node_t *node, const char *text)
{
    return node != NULL && node->type == SPBE_NODE_STRING &&
           spbe_span_eq(node->text, spbe_span_from(text));
}

static int read_number(const spbe_node_t *node, apr_uint64_t *value)
{
    apr_uint64_t n = 0;
    size_t i;

    /* No sign, fraction or exponent; what a double cannot hold is refused as
     * inexact before. */
    for (i = 0; i < node->text.len; i++) {
        if (node->text.ptr[i] < '0' || node->text.ptr[i] > '9' || i >= 18) {
            return 0;
        }
        n = n * 10 + (apr_uint64_t)(node->text.ptr[i] - '0');
    }
    *value = n;
    return node->type == SPBE_NODE_NUMBER;
}

static int read_value(const member_t *m, const spbe_node_t *node,
                      apr_pool_t *pool)
{
    if (m->type == NUMBER) {
        return read_number(node, m->value);
    }
    if (node->type != SPBE_NODE_STRING) {
        return 0;
    }
    if (m->type == TIME) {
        return spbe_stamp_parse(node->text, m->value);
    }
    *(const char **)m->value = spbe_span_dup(node->text, pool);
    return 1;
}

/* The members that only one action has, and that are no plain values. */
static int read_own(spbe_order_t *a, const spbe_node_t *node, apr_pool_t *pool)
{
    if (spbe_span_eq(node->name, SPBE_SPAN("what"))) {
        return 1;
    }
    if (a->what == SPBE_ORDER_PURGE &&
        spbe_span_eq(node->name, SPBE_SPAN("mode"))) {
        a->all = is_text(node, "all");
        return a->all || is_text(node, "details");
    }
    if (a->what == SPBE_ORDER_HOLD &&
        spbe_span_eq(node->name, SPBE_SPAN("ref"))) {
        a->ref = text_of(node, pool);
        return a->ref != NULL;
    }
    if (a->what == SPBE_ORDER_READ &&
        spbe_span_eq(node->name, SPBE_SPAN("object"))) {
        a->object = text_of(node, pool);
        return a->object != NULL;
    }
    return 0;
}

static const char *read_members(spbe_order_t *a, const spbe_node_t *order,
                                apr_pool_t *pool)
{
    const spbe_node_t *node;
    member_t members[MEMBERS];
    unsigned bit = 1u << a->what;
    size_t i;

    list_members(a, members);
    for (node = order->first; node != NULL; node = node->next) {
        for (i = 0; i < MEMBERS; i++) {
            if ((members[i].allowed & bit) &&
                spbe_span_eq(node->name, members[i].name)) {
                break;
            }
        }
        if (i == MEMBERS ? !read_own(a, node, pool)
                         : !read_value(&members[i], node, pool)) {
            return apr_psprintf(pool, "member %.40s is wrong",
                                spbe_span_dup(node->name, pool));
        }
    }
    for (i = 0; i < MEMBERS; i++) {
        if ((members[i].needed & bit) &&
            spbe_node_member(order, members[i].name) == NULL) {
            return apr_pstrcat(pool, "member ", members[i].name.ptr,
                               " is missing", NULL);
        }
    }
    return a->what == SPBE_ORDER_PURGE &&
                   SPBE_NODE_MEMBER(order, "mode") == NULL
               ? "member mode is missing"
               : NULL;
}

static const char *check_sense(const spbe_order_t *a)
{
    if (a->what == SPBE_ORDER_PURGE &&
        (a->from == 0 || a->from > a->to || a->first >= a->behind ||
         a->before == 0)) {
        return "a range that is empty or turned round";
    }
    if (a->what == SPBE_ORDER_HOLD && a->until != 0 && a->until < a->since) {
        return "a time that ends before it begins";
    }
    return a->by[0] == '\0' ? "nobody has signed for it" : NULL;
}

static int what_of(const spbe_node_t *order, spbe_order_what_t *what)
{
    const spbe_node_t *node = SPBE_NODE_MEMBER(order, "what");
    size_t i;

    for (i = 0; i < ACTIONS; i++) {
        if (is_text(node, actions[i].name)) {
            *what = (spbe_order_what_t)i;
            return 1;
        }
    }
    return 0;
}

static const char *read_order(const spbe_node_t *h, const spbe_node_t *body,
                              spbe_order_t *action, apr_pool_t *pool)
{
    const char *why;
    const spbe_node_t *ts = SPBE_NODE_MEMBER(h, "ts");

    action->id = text_of(SPBE_NODE_MEMBER(h, "id"), pool);
    action->node = text_of(SPBE_NODE_MEMBER(h, "node"), pool);
    if (action->id == NULL || ts == NULL || ts->type != SPBE_NODE_STRING ||
        !spbe_stamp_parse(ts->text, &action->ts)) {
        return "no id or time";
    }
    why = read_members(action, body, pool);
    return why == NULL ? check_sense(action) : why;
}

static const spbe_node_t *tree_of(spbe_span_t h, spbe_json_report_t *report,
                                  apr_pool_t *pool)
{
    static const spbe_json_limits_t limits = {.depth = 8, .nodes = 500};

    return spbe_json_tree(h, &limits, report, pool);
}

static int is_action(const spbe_node_t *tree)
{
    return is_text(SPBE_NODE_MEMBER(tree, "kind"), "action");
}

spbe_rc_t spbe_order_parse(spbe_span_t h, spbe_order_t *order, const char **why,
                           apr_pool_t *pool)
{
    spbe_json_report_t report;
    const spbe_node_t *tree = tree_of(h, &report, pool);
    const spbe_node_t *body = SPBE_NODE_MEMBER(tree, "do");

    *order = (spbe_order_t){.what = SPBE_ORDER_READ};
    *why = NULL;
    if (!is_action(tree) || body == NULL) {
        return SPBE_NONE;
    }
    if (body->type != SPBE_NODE_OBJECT || report.fault != SPBE_JSON_FINE) {
        *why = "not to be read in one way alone";
        return SPBE_BAD;
    }
    if (!what_of(body, &order->what)) {
        return SPBE_NONE;
    }
    *why = read_order(tree, body, order, pool);
    return *why == NULL ? SPBE_OK : SPBE_BAD;
}

int spbe_order_is_order(spbe_span_t h, apr_pool_t *scratch)
{
    spbe_json_report_t report;
    const spbe_node_t *tree, *body;
    spbe_order_what_t what;

    /* The name may be written with escapes. */
    if (spbe_span_find(h, SPBE_SPAN("\"do\"")) == SPBE_NPOS &&
        spbe_span_chr(h, '\\') == SPBE_NPOS) {
        return 0;
    }
    tree = tree_of(h, &report, scratch);
    body = SPBE_NODE_MEMBER(tree, "do");
    if (tree == NULL || (body != NULL && report.fault != SPBE_JSON_FINE)) {
        return 1;
    }
    return body != NULL && is_action(tree) &&
           (!what_of(body, &what) || what != SPBE_ORDER_READ);
}

const char *spbe_order_result_json(const spbe_order_result_t *result,
                                   apr_pool_t *pool)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 256, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "id", result->id);
    spbe_jsonout_raw(&buf, "done", result->done ? "true" : "false");
    spbe_jsonout_text(&buf, "why", result->why);
    spbe_jsonout_number(&buf, "segments", (apr_int64_t)result->segments);
    spbe_jsonout_number(&buf, "bytes", (apr_int64_t)result->bytes);
    spbe_buf_addc(&buf, '}');
    return spbe_buf_cstr(&buf);
}
