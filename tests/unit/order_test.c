/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/order_test.c - what an operator orders, as lines and back; legal
 * holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/hold.h"

static apr_pool_t *pool;

#define ID "01a1ff81-1a3b-7fce-b924-bdd08d196330"
#define TS apr_time_from_sec(1709540000)

static int same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What is written is read again. */
static void order_round(void **state)
{
    static const struct {
        const char *name;
        spbe_order_t order;
    } tests[] = {
        {"purge",
         {.what = SPBE_ORDER_PURGE,
          .by = "Sri",
          .text = "SK 12/2026 \"arsip\"\n",
          .all = 1,
          .from = 1,
          .to = 900,
          .first = 0,
          .behind = 123456789012,
          .before = TS}},
        {"details",
         {.what = SPBE_ORDER_PURGE,
          .by = "Sri",
          .text = "t",
          .from = 5,
          .to = 5,
          .first = 7,
          .behind = 8,
          .before = TS}},
        {"hold",
         {.what = SPBE_ORDER_HOLD,
          .by = "B",
          .text = "perkara",
          .since = TS,
          .until = TS + 5,
          .ref = "0000-0000-000"}},
        {"hold without end",
         {.what = SPBE_ORDER_HOLD, .by = "B", .text = "perkara", .since = TS}},
        {"release",
         {.what = SPBE_ORDER_RELEASE,
          .by = "B",
          .text = "selesai",
          .hold = ID}},
        {"read",
         {.what = SPBE_ORDER_READ,
          .by = "B",
          .object = "export",
          .records = 12}},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_order_t a = tests[i].order, b;
        spbe_span_t text;
        spbe_line_t line;
        const char *why;
        int ok;

        a.id = ID;
        a.ts = TS + 1;
        a.node = "kota1";
        text = spbe_order_lines(&a, "kota1:ctl-1:2", 1, pool);
        assert_int_equal(text.ptr[text.len - 1], '\n');
        assert_int_equal(spbe_line_parse(spbe_span_slice(text, 0, text.len - 1),
                                         &line, &why, pool),
                         SPBE_OK);
        ok = spbe_order_parse(spbe_span_from(line.h), &b, &why, pool) ==
                 SPBE_OK &&
             a.what == b.what && a.ts == b.ts && a.all == b.all &&
             a.from == b.from && a.to == b.to && a.first == b.first &&
             a.behind == b.behind && a.before == b.before &&
             a.since == b.since && a.until == b.until &&
             a.records == b.records && same(a.id, b.id) && same(a.by, b.by) &&
             same(a.text, b.text) && same(a.ref, b.ref) &&
             same(a.hold, b.hold) && same(a.object, b.object) &&
             same(a.node, b.node) &&
             spbe_order_is_order(spbe_span_from(line.h), pool) ==
                 (a.what != SPBE_ORDER_READ);
        if (!ok) {
            fail_msg("%s: %s", tests[i].name, line.h);
        }
    }
}

#define HEAD                                                                   \
    "{\"id\":\"" ID "\",\"ts\":\"2026-03-04T10:00:00Z\",\"kind\":\"action\","
#define RANGE                                                                  \
    "\"from\":1,\"to\":2,\"first\":0,\"behind\":9,\"before\":\"2026-03-04\""
#define PURGE                                                                  \
    "\"what\":\"purge\",\"mode\":\"all\",\"by\":\"a\",\"text\":\"b\"," RANGE

static void order_parse(void **state)
{
    static const struct {
        const char *name, *h;
        spbe_rc_t rc;
        int order;
    } tests[] = {
        {"no action", "{\"kind\":\"notice\"}", SPBE_NONE, 0},
        {"no action, but do", "{\"kind\":\"notice\",\"do\":{}}", SPBE_NONE, 0},
        {"action without do", HEAD "\"x\":1}", SPBE_NONE, 0},
        {"whole", HEAD "\"do\":{" PURGE "}}", SPBE_OK, 1},
        {"escaped name", HEAD "\"\\u0064o\":{" PURGE "}}", SPBE_OK, 1},
        {"escaped kind",
         "{\"id\":\"" ID "\",\"ts\":\"2026-03-04\",\"kind\":\"\\u0061ction\","
         "\"do\":{" PURGE "}}",
         SPBE_OK, 1},
        {"unknown what", HEAD "\"do\":{\"what\":\"x\"}}", SPBE_NONE, 1},
        {"two kinds", "{\"kind\":\"notice\",\"kind\":\"action\",\"do\":{}}",
         SPBE_NONE, 1},
        {"two do", HEAD "\"do\":{" PURGE "},\"do\":{}}", SPBE_BAD, 1},
        {"do is text", HEAD "\"do\":\"purge\"}", SPBE_BAD, 1},
        {"member twice", HEAD "\"do\":{" PURGE ",\"to\":3}}", SPBE_BAD, 1},
        {"unknown member", HEAD "\"do\":{" PURGE ",\"x\":3}}", SPBE_BAD, 1},
        {"member of another", HEAD "\"do\":{" PURGE ",\"hold\":\"x\"}}",
         SPBE_BAD, 1},
        {"no mode",
         HEAD "\"do\":{\"what\":\"purge\",\"by\":\"a\",\"text\":\"b\"," RANGE
              "}}",
         SPBE_BAD, 1},
        {"wrong mode",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"some\",\"by\":\"a\","
              "\"text\":\"b\"," RANGE "}}",
         SPBE_BAD, 1},
        {"nobody",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"all\",\"by\":\"\","
              "\"text\":\"b\"," RANGE "}}",
         SPBE_BAD, 1},
        {"no order",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"all\",\"by\":\"a\"," RANGE
              "}}",
         SPBE_BAD, 1},
        {"turned round",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"all\",\"by\":\"a\","
              "\"text\":\"b\",\"from\":3,\"to\":2,\"first\":0,\"behind\":9,"
              "\"before\":\"2026-03-04\"}}",
         SPBE_BAD, 1},
        {"no group 0",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"all\",\"by\":\"a\","
              "\"text\":\"b\",\"from\":0,\"to\":2,\"first\":0,\"behind\":9,"
              "\"before\":\"2026-03-04\"}}",
         SPBE_BAD, 1},
        {"negative",
         HEAD "\"do\":{\"what\":\"purge\",\"mode\":\"all\",\"by\":\"a\","
              "\"text\":\"b\",\"from\":-1,\"to\":2,\"first\":0,\"behind\":9,"
              "\"before\":\"2026-03-04\"}}",
         SPBE_BAD, 1},
        {"time is no time",
         HEAD "\"do\":{\"what\":\"hold\",\"by\":\"a\",\"text\":\"b\","
              "\"since\":\"gestern\"}}",
         SPBE_BAD, 1},
        {"hold backwards",
         HEAD "\"do\":{\"what\":\"hold\",\"by\":\"a\",\"text\":\"b\","
              "\"since\":\"2026-03-04\",\"until\":\"2026-03-03\"}}",
         SPBE_BAD, 1},
        {"no id", "{\"kind\":\"action\",\"do\":{" PURGE "}}", SPBE_BAD, 1},
        {"read is no order",
         HEAD "\"do\":{\"what\":\"read\",\"by\":\"a\",\"object\":\"show\"}}",
         SPBE_OK, 0},
        {"not JSON", "{\"do\"", SPBE_NONE, 1},
        {"empty", "", SPBE_NONE, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_order_t order;
        const char *why;
        spbe_span_t h = spbe_span_from(tests[i].h);
        spbe_rc_t rc = spbe_order_parse(h, &order, &why, pool);

        if (rc != tests[i].rc || (rc == SPBE_BAD) != (why != NULL) ||
            spbe_order_is_order(h, pool) != tests[i].order) {
            fail_msg("%s: %d %s", tests[i].name, rc, why == NULL ? "" : why);
        }
    }
}

/* Long words of an operator still make one line. */
static void order_long(void **state)
{
    char *text = apr_palloc(pool, 20001);
    spbe_order_t order = {.what = SPBE_ORDER_HOLD,
                          .id = ID,
                          .ts = TS,
                          .node = text,
                          .by = text,
                          .text = text,
                          .ref = "0000-0000-000",
                          .since = TS};
    spbe_span_t lines;

    memset(text, '\x01', 20000);
    text[20000] = '\0';
    lines = spbe_order_lines(&order, "n:ctl-1:1", 1, pool);
    assert_true(lines.len < SPBE_LINE_MAX);
    assert_int_equal(spbe_span_chr(lines, '\n'), lines.len - 1);
}

static spbe_order_t hold_order(const char *id, apr_time_t since,
                               apr_time_t until)
{
    return (spbe_order_t){.what = SPBE_ORDER_HOLD,
                          .id = id,
                          .ts = TS,
                          .by = "a \"b\"",
                          .text = "c\n",
                          .since = since,
                          .until = until};
}

static void hold_file(void **state)
{
    static const struct {
        const char *name;
        apr_time_t from, to;
        const char *id;
    } tests[] = {
        {"before", 10, 99, NULL},     {"touches", 10, 100, "h1"},
        {"inside", 120, 130, "h1"},   {"around", 10, 900, "h1"},
        {"last", 200, 300, "h1"},     {"behind", 201, 300, NULL},
        {"endless", 999, 1001, "h2"},
    };
    char dir[] = "/tmp/spbe-test-XXXXXX";
    apr_array_header_t *holds;
    spbe_order_t one = hold_order("h1", 100, 200),
                 two = hold_order("h2", 1000, 0);
    spbe_order_t out = {.what = SPBE_ORDER_RELEASE, .hold = "h1"};
    const char *path;
    FILE *file;
    size_t i;

    assert_non_null(mkdtemp(dir));
    assert_int_equal(spbe_hold_read(dir, &holds, pool), APR_SUCCESS);
    assert_int_equal(holds->nelts, 0);
    assert_null(spbe_hold_apply(holds, &one, pool));
    assert_null(spbe_hold_apply(holds, &two, pool));
    assert_null(spbe_hold_apply(holds, &one, pool));
    assert_int_equal(spbe_hold_write(dir, holds, pool), APR_SUCCESS);
    assert_int_equal(spbe_hold_read(dir, &holds, pool), APR_SUCCESS);
    assert_int_equal(holds->nelts, 2);
    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const spbe_hold_t *hold =
            spbe_hold_find(holds, tests[i].from, tests[i].to);

        if (!same(hold == NULL ? NULL : hold->id, tests[i].id)) {
            fail_msg("%s: %s", tests[i].name, hold == NULL ? "" : hold->id);
        }
    }
    assert_null(spbe_hold_apply(holds, &out, pool));
    assert_non_null(spbe_hold_apply(holds, &out, pool));
    assert_int_equal(holds->nelts, 1);
    assert_string_equal(APR_ARRAY_IDX(holds, 0, spbe_hold_t).id, "h2");
    assert_string_equal(APR_ARRAY_IDX(holds, 0, spbe_hold_t).text, "c\n");

    path = apr_pstrcat(pool, dir, "/" SPBE_HOLD_FILE, NULL);
    file = fopen(path, "w");
    fputs("{\"v\":1,\"holds\":[{\"id\":\"x\"}]}", file);
    fclose(file);
    assert_int_equal(spbe_hold_read(dir, &holds, pool), APR_EINVAL);
    unlink(path);
    assert_int_equal(rmdir(dir), 0);
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_round),
        cmocka_unit_test(order_parse),
        cmocka_unit_test(order_long),
        cmocka_unit_test(hold_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
