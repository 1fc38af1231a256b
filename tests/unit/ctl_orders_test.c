/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/ctl_orders_test.c - what the operator orders, and the running
 * logger that carries it out, or refuses.
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
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/hold.h"

static apr_pool_t *pool;

#define CTL "build/spbe-guardctl"
#define LOG "build/spbe-guardlog"
#define REF "0000-0000-000"
#define ID "01a1ff81-1a3b-7fce-b924-bdd08d19633"

static char home[64];
static FILE *logger;

static const char *output(const char *command, int *code)
{
    static char text[1 << 16];
    FILE *pipe =
        popen(apr_pstrcat(pool, command, " 2>&1 </dev/null", NULL), "r");
    size_t n = fread(text, 1, sizeof(text) - 1, pipe);

    text[n] = '\0';
    *code = WEXITSTATUS(pclose(pipe));
    return text;
}

static const char *ctl(const char *args, int *code)
{
    return output(apr_pstrcat(pool, CTL " --home ", home, " ", args, NULL),
                  code);
}

/* Until the command says it; the logger looks once a second. */
static void wait_for(const char *command, const char *says)
{
    int i, code;

    for (i = 0; i < 100; i++) {
        if (strstr(output(command, &code), says) != NULL) {
            return;
        }
        usleep(100000);
    }
    fail_msg("%s: never says %s", command, says);
}

static void pour(const spbe_encoded_t *encoded)
{
    apr_array_header_t *lines = spbe_line_split(encoded, "n:1:1", 1, pool);
    spbe_span_t line = APR_ARRAY_IDX(lines, 0, spbe_span_t);

    fwrite(line.ptr, 1, line.len, logger);
    fflush(logger);
}

static int start(void **state)
{
    spbe_encoded_t record = {.id = ID "0",
                             .h = "{\"id\":\"" ID "0\",\"ref\":\"" REF
                                  "\",\"kind\":\"error\","
                                  "\"ts\":\"2026-03-04T10:00:00Z\"}"};

    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(home, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(home));
    logger =
        popen(apr_pstrcat(pool, LOG " --no-syslog --home ", home, NULL), "w");
    pour(&record);
    wait_for(apr_pstrcat(pool, CTL " --home ", home, " list", NULL), REF);
    return 0;
}

static int stop(void **state)
{
    int code;

    assert_int_equal(pclose(logger), 0);
    output(apr_pstrcat(pool, "rm -rf ", home, NULL), &code);
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

static void orders_hold(void **state)
{
    apr_array_header_t *holds;
    const spbe_hold_t *hold;
    const char *id;
    int code;

    assert_non_null(
        strstr(ctl("hold add " REF " --reason 'perkara 7' --by Sri", &code),
               "ditahan"));
    assert_int_equal(code, 0);
    ctl("hold add --since 2024-03-04 --until 2024-03-05 --reason x --json",
        &code);
    assert_int_equal(code, 0);
    assert_int_equal(spbe_hold_read(home, &holds, pool), APR_SUCCESS);
    assert_int_equal(holds->nelts, 2);
    hold = &APR_ARRAY_IDX(holds, 0, spbe_hold_t);
    assert_string_equal(hold->ref, REF);
    assert_string_equal(hold->by, "Sri");
    /* It came now, whatever time it says of itself. */
    assert_non_null(spbe_hold_find(holds, apr_time_now(), apr_time_now()));
    id = hold->id;
    ctl(apr_pstrcat(pool, "hold release ", id, " --reason selesai", NULL),
        &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(
        ctl(apr_pstrcat(pool, "hold release ", id, " --reason selesai", NULL),
            &code),
        "there is no hold with this id"));
    assert_int_equal(code, 1);
    assert_non_null(strstr(ctl("hold list", &code), "1 penahanan"));
    wait_for(
        apr_pstrcat(pool, CTL " --home ", home, " list --kind action", NULL),
        "release ");
}

static void put(const char *name, spbe_span_t text)
{
    const char *path = apr_pstrcat(pool, home, "/drop/", name, NULL);
    const char *aside = apr_pstrcat(pool, path, ".new", NULL);
    FILE *file = fopen(aside, "w");

    fwrite(text.ptr, 1, text.len, file);
    fclose(file);
    assert_int_equal(rename(aside, path), 0);
}

static spbe_order_t purge_order(void)
{
    return (spbe_order_t){.what = SPBE_ORDER_PURGE,
                          .id = ID "1",
                          .ts = apr_time_now(),
                          .node = "n",
                          .by = "penyusup",
                          .text = "x",
                          .all = 1,
                          .from = 1,
                          .to = 1,
                          .first = 0,
                          .behind = 1 << 20,
                          .before = apr_time_now()};
}

/* What the drop folder may not have is put aside, with the reason. */
static void orders_refused(void **state)
{
    spbe_order_t order = purge_order();
    const struct {
        const char *name;
        spbe_span_t text;
        const char *why;
    } tests[] = {
        {"a.lines", SPBE_SPAN("x\n"), "JSON"},
        {"b.lines", SPBE_SPAN(""), "is not one whole line"},
        {"c.lines", SPBE_SPAN("{}"), "is not one whole line"},
        {"d.lines", spbe_order_lines(&order, "n:1:1", 1, pool),
         "not of the tool"},
        {"e.lines", spbe_order_lines(&order, "n:ctl-1:1", 1, pool),
         "too young"},
        {"f.lines",
         SPBE_SPAN("{\"v\":1,\"w\":\"n:ctl-1:1\",\"s\":1,\"id\":\"" ID "2\","
                   "\"p\":1,\"n\":1,\"k\":\"\",\"h\":{\"kind\":\"error\"},"
                   "\"d\":\"\"}\n"),
         "not an order"},
    };
    size_t i;
    int code;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        put(tests[i].name, tests[i].text);
        wait_for(apr_pstrcat(pool, "cat ", home, "/drop/rejected/",
                             tests[i].name, ".why", NULL),
                 tests[i].why);
        assert_int_equal(access(apr_pstrcat(pool, home, "/drop/rejected/",
                                            tests[i].name, NULL),
                                F_OK),
                         0);
        assert_int_equal(
            access(apr_pstrcat(pool, home, "/drop/", tests[i].name, NULL),
                   F_OK),
            -1);
    }
    assert_null(
        strstr(output(apr_pstrcat(pool, "cat ", home, "/archive/*.jsonl", NULL),
                      &code),
               "penyusup"));
}

/* Who can write to the pipe can order nothing. */
static void orders_pipe(void **state)
{
    spbe_order_t order = purge_order();
    spbe_span_t line = spbe_order_lines(&order, "n:ctl-9:9", 1, pool);
    spbe_span_t other = spbe_order_lines(&order, "n:1:9", 1, pool);
    const char *state_file =
        apr_pstrcat(pool, "cat ", home, "/state.json", NULL);
    int code;

    fwrite(line.ptr, 1, line.len, logger);
    fwrite(other.ptr, 1, other.len, logger);
    fflush(logger);
    wait_for(state_file, "\"malformed\":2");
    assert_null(strstr(ctl("list --kind action", &code), "purge"));
    assert_int_equal(code, 0);
}

/* That details were read is recorded, and nothing else is done. */
static void orders_reading(void **state)
{
    int code;

    spbe_order_t order = {.what = SPBE_ORDER_READ,
                          .id = ID "3",
                          .ts = apr_time_now(),
                          .node = "n",
                          .by = "Sri",
                          .object = "export csv",
                          .records = 7};

    put("g.lines", spbe_order_lines(&order, "n:ctl-2:2", 1, pool));
    wait_for(
        apr_pstrcat(pool, CTL " --home ", home, " list --kind action", NULL),
        "read export csv: 7 records");
    wait_for(apr_pstrcat(pool, "ls ", home, "/drop", NULL), "rejected");
    assert_null(
        strstr(output(apr_pstrcat(pool, "ls ", home, "/drop", NULL), &code),
               "g.lines"));
    assert_non_null(
        strstr(ctl("show " ID "3 --json", &code), "\"object\":\"export csv\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_hold),
        cmocka_unit_test(orders_refused),
        cmocka_unit_test(orders_pipe),
        cmocka_unit_test(orders_reading),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
