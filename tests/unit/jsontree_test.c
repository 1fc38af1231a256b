/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/jsontree_test.c - text/jsontree.c and text/jsonnode.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <apr_time.h>
#include "text/buf.h"
#include "text/json.h"
#include "text/jsontree.h"

#define BIT(fault) (1u << SPBE_JSON_##fault)

static apr_pool_t *pool;

static spbe_node_t *tree(const char *text)
{
    spbe_json_report_t report;
    spbe_node_t *root =
        spbe_json_tree(spbe_span_from(text), NULL, &report, pool);

    if (root == NULL) {
        fail_msg("%s: fault %d", text, (int)report.fault);
    }
    return root;
}

static void jsontree_faults(void **state)
{
    static const struct {
        const char *text;
        spbe_json_fault_t fault;
        unsigned seen;
        size_t offset;
        int has_tree;
    } tests[] = {
        {"{}", SPBE_JSON_FINE, 0, 0, 1},
        {" [ 1 , {\"a\":null} ] ", SPBE_JSON_FINE, 0, 0, 1},
        {"\"x\"", SPBE_JSON_FINE, 0, 0, 1},
        {"", SPBE_JSON_SYNTAX, BIT(SYNTAX), 0, 0},
        {"  ", SPBE_JSON_SYNTAX, BIT(SYNTAX), 2, 0},
        {"[1,]", SPBE_JSON_SYNTAX, BIT(SYNTAX), 3, 0},
        {"[1", SPBE_JSON_SYNTAX, BIT(SYNTAX), 1, 0},
        {"{\"a\":1}}", SPBE_JSON_SYNTAX, BIT(SYNTAX), 7, 0},
        {"[1]]", SPBE_JSON_SYNTAX, BIT(SYNTAX), 3, 0},
        {"\xef\xbb\xbf{}", SPBE_JSON_UTF8, BIT(UTF8), 0, 0},
        {"[\"abcdefgh\xff\"]", SPBE_JSON_UTF8, BIT(UTF8), 10, 0},
        {"[\"\xc0\xaf\"]", SPBE_JSON_UTF8, BIT(UTF8), 2, 0},
        {"[\"\xed\xa0\x80\"]", SPBE_JSON_UTF8, BIT(UTF8), 2, 0},
        {"[\"\xe2\x82\"]", SPBE_JSON_UTF8, BIT(UTF8), 2, 0},
        {"[1,\xff", SPBE_JSON_UTF8, BIT(UTF8), 3, 0},
        {"{\"a\":1,\"a\":2}", SPBE_JSON_DUPLICATE, BIT(DUPLICATE), 11, 1},
        {"{\"a\":1,\"\\u0061\":1}", SPBE_JSON_DUPLICATE, BIT(DUPLICATE), 16, 1},
        {"{\"\":1,\"\":1}", SPBE_JSON_DUPLICATE, BIT(DUPLICATE), 9, 1},
        {"[{\"a\":1},{\"a\":1}]", SPBE_JSON_FINE, 0, 0, 1},
        {"{\"a\":1,\"A\":1}", SPBE_JSON_FINE, 0, 0, 1},
        {"{\"a\":{\"a\":{\"a\":1}}}", SPBE_JSON_FINE, 0, 0, 1},
        {"{\"0\":0,\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,"
         "\"8\":8,\"3\":9}",
         SPBE_JSON_DUPLICATE, BIT(DUPLICATE), 59, 1},
        {"[\"\\ud800\"]", SPBE_JSON_SURROGATE, BIT(SURROGATE), 2, 1},
        {"[\"x\\udc00\"]", SPBE_JSON_SURROGATE, BIT(SURROGATE), 3, 1},
        {"[\"\\ud800\\ud800\\udc00\"]", SPBE_JSON_SURROGATE, BIT(SURROGATE), 2,
         1},
        {"[\"\\ud83d\\udc32\"]", SPBE_JSON_FINE, 0, 0, 1},
        {"[\"\\\\ud800\"]", SPBE_JSON_FINE, 0, 0, 1},
        {"[\"\\\\\\ud800\"]", SPBE_JSON_SURROGATE, BIT(SURROGATE), 4, 1},
        {"{\"\\udead\":1}", SPBE_JSON_SURROGATE, BIT(SURROGATE), 2, 1},
        {"[1e400]", SPBE_JSON_INEXACT, BIT(INEXACT), 1, 1},
        {"[0,9007199254740993]", SPBE_JSON_INEXACT, BIT(INEXACT), 3, 1},
        {"[1e-400,\"\\ud800\",{\"a\":1,\"a\":2}]", SPBE_JSON_INEXACT,
         BIT(INEXACT) | BIT(SURROGATE) | BIT(DUPLICATE), 1, 1},
        {"[1e400,}", SPBE_JSON_SYNTAX, BIT(INEXACT) | BIT(SYNTAX), 7, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_json_report_t report;
        spbe_node_t *root =
            spbe_json_tree(spbe_span_from(tests[i].text), NULL, &report, pool);

        if (report.fault != tests[i].fault || report.seen != tests[i].seen ||
            (report.fault != SPBE_JSON_FINE &&
             report.offset != tests[i].offset) ||
            (root != NULL) != tests[i].has_tree) {
            fail_msg("%s: fault %d, seen %x, at %d", tests[i].text,
                     (int)report.fault, report.seen, (int)report.offset);
        }
    }
}

static void jsontree_name(void **state)
{
    spbe_json_report_t report;

    spbe_json_tree(SPBE_SPAN("[{\"x\\u0079\":1,\"xy\":2},{\"z\":1,\"z\":1}]"),
                   NULL, &report, pool);
    assert_true(spbe_span_eq(report.name, SPBE_SPAN("xy")));
}

static void jsontree_limits(void **state)
{
    static const struct {
        const char *text;
        unsigned depth, nodes;
        spbe_json_fault_t fault;
        size_t offset;
    } tests[] = {
        {"[[1]]", 2, 0, SPBE_JSON_FINE, 0},
        {"[[[1]]]", 2, 0, SPBE_JSON_TOO_DEEP, 2},
        {"[{\"a\":{}}]", 2, 0, SPBE_JSON_TOO_DEEP, 6},
        {"1", 1, 0, SPBE_JSON_FINE, 0},
        {"[1,2]", 0, 3, SPBE_JSON_FINE, 0},
        {"[1,2,3]", 0, 3, SPBE_JSON_TOO_MANY, 5},
        {"{\"a\":1}", 0, 1, SPBE_JSON_TOO_MANY, 5},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_json_limits_t limits = {tests[i].depth, tests[i].nodes};
        spbe_json_report_t report;

        spbe_json_tree(spbe_span_from(tests[i].text), &limits, &report, pool);
        if (report.fault != tests[i].fault ||
            report.offset != tests[i].offset) {
            fail_msg("%s: fault %d at %d", tests[i].text, (int)report.fault,
                     (int)report.offset);
        }
    }
}

/* The parser's own depth; a bracket where none may stand is bad syntax. */
static void jsontree_deepest(void **state)
{
    char text[SPBE_JSON_DEPTH + 8];
    spbe_json_limits_t limits = {1000, 0};
    spbe_json_report_t report;

    memset(text, '[', sizeof(text));
    spbe_json_tree((spbe_span_t){text, SPBE_JSON_DEPTH + 1}, &limits, &report,
                   pool);
    assert_int_equal(report.fault, SPBE_JSON_TOO_DEEP);
    assert_int_equal(report.offset, SPBE_JSON_DEPTH);
    spbe_json_tree((spbe_span_t){text, SPBE_JSON_DEPTH}, NULL, &report, pool);
    assert_int_equal(report.fault, SPBE_JSON_SYNTAX);
    text[SPBE_JSON_DEPTH] = '1';
    spbe_json_tree((spbe_span_t){text, SPBE_JSON_DEPTH + 2}, NULL, &report,
                   pool);
    assert_int_equal(report.fault, SPBE_JSON_SYNTAX);
}

static void jsontree_values(void **state)
{
    const char *source = "{\"a\\n\": [true, false, null, -1.50, \"x\\u00e9\"],"
                         "\n \"b\": {}}";
    const spbe_node_t *root = tree(source), *list, *node;

    assert_int_equal(root->type, SPBE_NODE_OBJECT);
    assert_int_equal(root->count, 2);
    list = SPBE_NODE_MEMBER(root, "a\n");
    assert_non_null(list);
    assert_int_equal(list->type, SPBE_NODE_ARRAY);
    assert_int_equal(list->count, 5);
    assert_int_equal(list->offset, 8);
    node = list->first;
    assert_true(node->type == SPBE_NODE_BOOLEAN && node->truth);
    node = node->next;
    assert_true(node->type == SPBE_NODE_BOOLEAN && !node->truth);
    node = node->next;
    assert_int_equal(node->type, SPBE_NODE_NULL);
    node = node->next;
    assert_true(spbe_span_eq(node->text, SPBE_SPAN("-1.50")));
    assert_int_equal(node->offset, 28);
    node = node->next;
    assert_true(spbe_span_eq(node->text, SPBE_SPAN("x\u00e9")));
    assert_int_equal(node->offset, 35);
    assert_null(node->next);
    assert_ptr_equal(list->last, node);
    assert_int_equal(SPBE_NODE_MEMBER(root, "b")->type, SPBE_NODE_OBJECT);
    assert_null(SPBE_NODE_MEMBER(root, "c"));
    assert_null(SPBE_NODE_MEMBER(list, "b"));
    assert_null(SPBE_NODE_MEMBER(NULL, "b"));
}

static void jsontree_equal(void **state)
{
    static const struct {
        const char *a, *b;
        int equal;
    } tests[] = {
        {"1", "1.0", 1},
        {"[1]", "[1.0e0]", 1},
        {"0", "false", 0},
        {"1", "true", 0},
        {"1", "\"1\"", 0},
        {"null", "null", 1},
        {"null", "false", 0},
        {"true", "false", 0},
        {"\"a\"", "\"\\u0061\"", 1},
        {"\"a\"", "\"A\"", 0},
        {"[1,2]", "[2,1]", 0},
        {"[1,2]", "[1,2,3]", 0},
        {"[]", "{}", 0},
        {"[[]]", "[]", 0},
        {"{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}", 1},
        {"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", 0},
        {"{\"a\":1}", "{\"b\":1}", 0},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", 0},
        {"{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":0}",
         "{\"b\":0,\"a\":{\"x\":[1,{\"y\":2}]}}", 1},
        {"{\"0\":0,\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,"
         "\"8\":8}",
         "{\"8\":8,\"7\":7,\"6\":6,\"5\":5,\"4\":4,\"3\":3,\"2\":2,\"1\":1,"
         "\"0\":0}",
         1},
        {"9007199254740993", "9007199254740992", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const spbe_node_t *a = tree(tests[i].a), *b = tree(tests[i].b);

        if (spbe_node_equal(a, b) != tests[i].equal ||
            spbe_node_equal(b, a) != tests[i].equal ||
            (spbe_node_hash(a) == spbe_node_hash(b)) != tests[i].equal) {
            fail_msg("%s and %s", tests[i].a, tests[i].b);
        }
    }
}

static void jsontree_by_hand(void **state)
{
    spbe_node_t *root = spbe_node_make(SPBE_NODE_OBJECT, SPBE_SPAN_EMPTY, pool);
    spbe_node_t *list = spbe_node_make(SPBE_NODE_ARRAY, SPBE_SPAN_EMPTY, pool);

    spbe_node_add(root, SPBE_SPAN("list"), list);
    spbe_node_add(root, SPBE_SPAN("n"),
                  spbe_node_make(SPBE_NODE_NUMBER, SPBE_SPAN("2"), pool));
    spbe_node_add(list, SPBE_SPAN_EMPTY,
                  spbe_node_make(SPBE_NODE_STRING, SPBE_SPAN("x"), pool));
    assert_true(spbe_node_equal(root, tree("{\"n\":2.0,\"list\":[\"x\"]}")));
    assert_int_equal(root->count, 2);
}

/* {"0":0,"1":1,...} of count members, the other way round when down. */
static spbe_span_t big_object(unsigned count, int down)
{
    spbe_buf_t buf;
    unsigned i;

    spbe_buf_init(&buf, 16 * count, pool);
    spbe_buf_addc(&buf, '{');
    for (i = 0; i < count; i++) {
        unsigned n = down ? count - 1 - i : i;

        spbe_buf_printf(&buf, "%s\"%u\":%u", i > 0 ? "," : "", n, n);
    }
    spbe_buf_addc(&buf, '}');
    return spbe_buf_span(&buf);
}

/* Each pair of members compared would take minutes. */
static void jsontree_big(void **state)
{
    enum { COUNT = 100000 };
    apr_time_t began = apr_time_now();
    spbe_json_report_t report;
    spbe_node_t *a, *b;
    unsigned i;

    a = spbe_json_tree(big_object(COUNT, 0), NULL, &report, pool);
    assert_int_equal(report.fault, SPBE_JSON_FINE);
    b = spbe_json_tree(big_object(COUNT, 1), NULL, &report, pool);
    assert_int_equal(report.fault, SPBE_JSON_FINE);
    assert_true(spbe_node_equal(a, b));
    assert_int_equal(spbe_node_hash(a), spbe_node_hash(b));
    for (i = 0; i < COUNT; i += 7) {
        const char *name = apr_psprintf(pool, "%u", i);
        const spbe_node_t *node = spbe_node_member(a, spbe_span_from(name));

        assert_true(spbe_span_eq(node->text, spbe_span_from(name)));
    }
    assert_null(SPBE_NODE_MEMBER(a, "100000"));
    spbe_node_add(a, SPBE_SPAN("late"),
                  spbe_node_make(SPBE_NODE_NULL, SPBE_SPAN_EMPTY, pool));
    assert_non_null(SPBE_NODE_MEMBER(a, "late"));
    spbe_node_index(a, pool);
    assert_non_null(SPBE_NODE_MEMBER(a, "late"));
    assert_true(apr_time_now() - began < apr_time_from_sec(20));
}

static void jsontree_place(void **state)
{
    static const struct {
        size_t offset;
        unsigned line, column;
    } tests[] = {
        {0, 1, 1}, {1, 1, 2}, {2, 2, 1}, {4, 2, 3}, {5, 3, 1}, {99, 3, 2},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        unsigned line, column;

        spbe_json_place(SPBE_SPAN("a\nbc\nd"), tests[i].offset, &line, &column);
        assert_int_equal(line, tests[i].line);
        assert_int_equal(column, tests[i].column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jsontree_faults),  cmocka_unit_test(jsontree_name),
        cmocka_unit_test(jsontree_limits),  cmocka_unit_test(jsontree_deepest),
        cmocka_unit_test(jsontree_values),  cmocka_unit_test(jsontree_equal),
        cmocka_unit_test(jsontree_by_hand), cmocka_unit_test(jsontree_big),
        cmocka_unit_test(jsontree_place),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
