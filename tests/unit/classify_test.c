/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/classify_test.c - the shipped classification rules: their
 * examples, the labelled corpus of tests/data/classify with its confusion
 * matrix, and what is said of broken rule files.
 *
 * Files that begin with "held-" were not looked at while the rules were made;
 * their share is counted apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "failure/classify.h"

#define CORPUS "tests/data/classify"
#define RULES "conf/rules/class.json"
#define CLASSES (SPBE_CLASS_RESOURCE + 1)
#define CORPUS_MIN 180
#define RIGHT_MIN 95

static apr_pool_t *pool;

static spbe_span_t slurp(const char *path, apr_pool_t *p)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len;
    char *text;

    assert_int_equal(apr_file_open(&file, path, APR_READ, 0, p), APR_SUCCESS);
    assert_int_equal(apr_file_info_get(&info, APR_FINFO_SIZE, file),
                     APR_SUCCESS);
    len = (apr_size_t)info.size;
    text = apr_palloc(p, len + 1);
    assert_int_equal(apr_file_read_full(file, text, len, &len), APR_SUCCESS);
    apr_file_close(file);
    return (spbe_span_t){text, len};
}

static const spbe_class_rules_t *shipped(void)
{
    const char *error;
    spbe_class_rules_t *rules =
        spbe_class_rules_load("class.json", slurp(RULES, pool), &error, pool);

    if (rules == NULL) {
        fail_msg("%s", error);
    }
    return rules;
}

static void test_examples(void **state)
{
    const char *error = spbe_class_rules_check(shipped(), pool);

    (void)state;
    if (error != NULL) {
        fail_msg("%s", error);
    }
}

typedef struct sample {
    spbe_class_t class;
    int status, log;
    spbe_span_t text;
} sample_t;

static spbe_class_t class_of(spbe_span_t name)
{
    int i;

    for (i = 0; i < CLASSES; i++) {
        if (spbe_span_eq(name, spbe_span_from(spbe_class_name(i)))) {
            return (spbe_class_t)i;
        }
    }
    fail_msg("no class: %.*s", (int)name.len, name.ptr);
    return SPBE_CLASS_UNKNOWN;
}

static sample_t read_sample(const char *path, apr_pool_t *p)
{
    sample_t sample = {0};
    spbe_span_t rest = slurp(path, p), line, name;

    while ((line = spbe_span_line(&rest)).len > 0) {
        name = spbe_span_cut(&line, ':');
        line = spbe_span_trim(line);
        if (spbe_span_eq(name, SPBE_SPAN("class"))) {
            sample.class = class_of(line);
        }
        else if (spbe_span_eq(name, SPBE_SPAN("where"))) {
            sample.log = spbe_span_eq(line, SPBE_SPAN("log"));
        }
        else if (spbe_span_eq(name, SPBE_SPAN("status"))) {
            sample.status = atoi(spbe_span_dup(line, p));
        }
    }
    sample.text = rest;
    return sample;
}

static spbe_verdict_class_t judge(const spbe_class_rules_t *rules,
                                  const sample_t *sample, apr_pool_t *p)
{
    spbe_trace_t trace;
    spbe_class_input_t input = {
        .body = sample->log ? SPBE_SPAN_EMPTY : sample->text,
        .log = sample->log ? sample->text : SPBE_SPAN_EMPTY,
        .status = sample->status,
        .by_server = 0,
    };

    if (spbe_trace_parse(sample->text, NULL, &trace, p)) {
        input.trace = &trace;
    }
    return spbe_classify(rules, &input, p);
}

typedef struct count {
    int matrix[CLASSES][CLASSES];
    int all, right, held, held_right;
} count_t;

static void add(count_t *count, const char *name, const sample_t *sample,
                const spbe_verdict_class_t *verdict)
{
    int held = strncmp(name, "held-", 5) == 0;
    int right = sample->class == verdict->class;

    count->matrix[sample->class][verdict->class]++;
    count->all++;
    count->right += right;
    count->held += held;
    count->held_right += held && right;
    if (!right && (!held || getenv("SPBE_SHOW_HELD") != NULL)) {
        print_message("  %s is %s, not %s: rule %s, %s\n", name,
                      spbe_class_name(sample->class),
                      spbe_class_name(verdict->class), verdict->rule,
                      verdict->why);
    }
}

static void print_matrix(const count_t *count)
{
    int i, k;

    print_message("%15s", "");
    for (i = 0; i < CLASSES; i++) {
        print_message("%15s", spbe_class_name(i));
    }
    for (i = 0; i < CLASSES; i++) {
        print_message("\n%15s", spbe_class_name(i));
        for (k = 0; k < CLASSES; k++) {
            print_message("%15d", count->matrix[i][k]);
        }
    }
    print_message("\nright: %d of %d (%.1f %%), of those held back %d of %d\n",
                  count->right, count->all, 100.0 * count->right / count->all,
                  count->held_right, count->held);
}

static void test_corpus(void **state)
{
    const spbe_class_rules_t *rules = shipped();
    count_t count = {0};
    apr_finfo_t entry;
    apr_dir_t *dir;
    apr_pool_t *p;

    (void)state;
    apr_pool_create(&p, pool);
    assert_int_equal(apr_dir_open(&dir, CORPUS, pool), APR_SUCCESS);
    while (apr_dir_read(&entry, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        sample_t sample;
        spbe_verdict_class_t verdict;

        if (strstr(entry.name, ".txt") == NULL) {
            continue;
        }
        apr_pool_clear(p);
        sample = read_sample(apr_pstrcat(p, CORPUS "/", entry.name, NULL), p);
        verdict = judge(rules, &sample, p);
        assert_non_null(verdict.rule);
        assert_non_null(verdict.why);
        add(&count, entry.name, &sample, &verdict);
    }
    apr_dir_close(dir);
    print_matrix(&count);
    assert_true(count.all >= CORPUS_MIN);
    assert_true(count.right * 100 >= count.all * RIGHT_MIN);
    assert_true(count.held_right * 100 >= count.held * RIGHT_MIN);
}

static void test_evidence(void **state)
{
    static const struct {
        const char *body, *log;
        int status, by_server;
        spbe_class_t class;
        const char *why; /* a part of it */
    } rows[] = {
        {"", "", 500, 0, SPBE_CLASS_UNKNOWN, "nothing"},
        {"", "", 500, 1, SPBE_CLASS_UNKNOWN, "nothing"},
        {"", "", 502, 0, SPBE_CLASS_UPSTREAM, "status: 502"},
        {"", "", 503, 1, SPBE_CLASS_UPSTREAM, "status: 503 of the server"},
        {"", "", 404, 1, SPBE_CLASS_UNKNOWN, "nothing"},
        /* the log says more than the page and the status */
        {"<h1>Internal Server Error</h1>",
         "AH01071: Got error 'PHP message: PHP Fatal error:  Allowed memory "
         "size of 1048576 bytes exhausted (tried to allocate 64 bytes) in "
         "/srv/a.php on line 3'",
         500, 0, SPBE_CLASS_RESOURCE, "log: \"Allowed memory size of"},
        {"Bad Gateway",
         "AH01071: Got error 'PHP message: PHP Fatal error:  Uncaught "
         "PDOException: SQLSTATE[HY000] [2002] Connection refused in "
         "/srv/a.php:3'",
         502, 0, SPBE_CLASS_DATABASE, "log: \"SQLSTATE[HY000] [2002"},
        {"<b>Warning</b>: mysqli_connect(): (HY000/2002): Connection refused",
         "", 200, 0, SPBE_CLASS_DATABASE, "body: "},
    };
    const spbe_class_rules_t *rules = shipped();
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        spbe_class_input_t input = {
            .body = spbe_span_from(rows[i].body),
            .log = spbe_span_from(rows[i].log),
            .status = rows[i].status,
            .by_server = rows[i].by_server,
        };
        spbe_verdict_class_t verdict = spbe_classify(rules, &input, pool);

        if (verdict.class != rows[i].class ||
            strstr(verdict.why, rows[i].why) == NULL) {
            fail_msg("row %zu: %s, %s", i, spbe_class_name(verdict.class),
                     verdict.why);
        }
    }
}

static void test_broken(void **state)
{
    static const struct {
        const char *json, *error;
    } rows[] = {
        {"{", "x.json:1:"},
        {"[]", "x.json:1:1: an object"},
        {"{\"version\":2,\"rules\":[]}", "\"version\" must be 1"},
        {"{\"version\":1,\n \"rule\":[]}", "x.json:2:9: unknown member"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\"}]}", "\"class\" must be"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\",\"class\":\"code\","
         "\"level\":10,\"regex\":\"x\"}]}",
         "from 1 to 9"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\",\"class\":\"code\","
         "\"level\":1,\"regex\":\"(x\"}]}",
         "\"regex\", near"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\",\"class\":\"code\","
         "\"level\":1,\"where\":[\"page\"],\"regex\":\"x\"}]}",
         "\"where\" is a list"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\",\"class\":\"code\","
         "\"level\":1,\"regex\":\"x\",\"status\":[700]}]}",
         "from 100 to 599"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\",\"class\":\"code\","
         "\"level\":1}]}",
         "\"regex\" is missing"},
        {"{\"version\":1,\"rules\":["
         "{\"id\":\"a\",\"class\":\"code\",\"level\":1,\"regex\":\"x\"},"
         "{\"id\":\"a\",\"class\":\"code\",\"level\":1,\"regex\":\"x\"}]}",
         "used before"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *error = NULL;

        assert_null(spbe_class_rules_load(
            "x.json", spbe_span_from(rows[i].json), &error, pool));
        assert_non_null(error);
        if (strstr(error, rows[i].error) == NULL) {
            fail_msg("row %zu: %s", i, error);
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(spbe_class_name(SPBE_CLASS_RESOURCE), "resource");
    assert_string_equal(spbe_class_responsible(SPBE_CLASS_CODE), "Dev");
    assert_string_equal(spbe_class_responsible(SPBE_CLASS_DATABASE),
                        "Sys admin");
    assert_string_equal(spbe_class_responsible(SPBE_CLASS_UNKNOWN),
                        "Dev, Sys admin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples), cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_evidence), cmocka_unit_test(test_broken),
        cmocka_unit_test(test_names),
    };
    int failed;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
