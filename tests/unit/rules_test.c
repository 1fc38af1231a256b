/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/rules_test.c - reading and compiling rules, and every example of
 * every rule of conf/rules/leak-*.json and log-*.json. Runs where make runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glob.h>
#include <cmocka.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>

#include "failure/leak.h"

#define HEAD "{\"version\":1,\"rules\":[{\n"
#define GOOD                                                                   \
    "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\n"                   \
    "\"severity\":\"fatal\",\"literals\":[\"abcd\"],\n"                        \
    "\"match\":[\"abcd\"],\"miss\":[\"x\"]"
#define TAIL "}]}"

static void rules_errors(void **state)
{
    static const struct {
        const char *json, *error;
    } tests[] = {
        {HEAD GOOD TAIL, NULL},
        {"\xef\xbb\xbf" HEAD GOOD TAIL " \n", NULL},
        {HEAD GOOD
         ",\"back\":8192,\"ahead\":32768,\"weight\":1,"
         "\"min_status\":599,\"nocase\":true,\"quoted_counts\":false" TAIL,
         NULL},
        {HEAD GOOD ",\"regex\":\"abcd{1,3}\"" TAIL, NULL},
        {"", "t:1:1: not JSON"},
        {"[", "t:1:"},
        {"{}", "t:1:1: member \"version\" is missing"},
        {"[]", "t:1:1: the file must be one JSON object"},
        {"{\"version\":1,\"rules\":[]} x", "t:1:26: not JSON"},
        {"{\"version\":1,\"rules\":[]}", NULL},
        {"{\"version\":2,\"rules\":[]}", "t:1:12: \"version\" must be 1"},
        {"{\"version\":1}", "t:1:1: member \"rules\" is missing"},
        {"{\"version\":1,\n \"rule\":[]}", "t:2:2: unknown member \"rule\"; "
                                           "allowed: version, define, rules"},
        {"{\"version\":1,\"rules\":{}}", "t:1:22: \"rules\" must be an array"},
        {"{\"version\":1,\"rules\":[3]}", "t:1:23: a rule must be an object"},
        {"{\"version\":1,\"rules\":[{\"id\":\"a\"}]}",
         "t:1:23: member \"runtime\" is missing"},
        {HEAD GOOD ",\n\"bakc\":1" TAIL, "t:5:1: unknown member \"bakc\""},
        {HEAD GOOD ",\n\"id\":\"b\"" TAIL, "t:5:1: member \"id\" stands here "
                                           "twice"},
        {HEAD GOOD ",\n  \"back\":\"1\"" TAIL, "t:5:10: \"back\" must be a "
                                               "number"},
        {HEAD GOOD ",\n  \"back\":8193" TAIL, "t:5:10: \"back\" must be a "
                                              "whole number from 0 to 8192"},
        {HEAD GOOD ",\"ahead\":-1" TAIL, "from 0 to 32768"},
        {HEAD GOOD ",\"weight\":0" TAIL, "from 1 to 100"},
        {HEAD GOOD ",\"weight\":101" TAIL, "from 1 to 100"},
        {HEAD GOOD ",\"weight\":1.5" TAIL, "from 1 to 100"},
        {HEAD GOOD ",\"min_status\":600" TAIL, "from 0 to 599"},
        {HEAD GOOD ",\"nocase\":1" TAIL, "\"nocase\" must be true or false"},
        {HEAD GOOD ",\n\"regex\":\"a(b\"" TAIL,
         "t:5:9: \"regex\" of rule \"a\": missing closing parenthesis at "
         "offset 3"},
        {HEAD GOOD ",\"regex\":\"(?<=.{2000})abcd\"" TAIL, "lookbehind"},
        {HEAD GOOD ",\"regex\":\"(*UTF)abcd\"" TAIL, "at offset"},
        {HEAD GOOD ",\"regex\":\"{{NL}}\"" TAIL, "{{NL}} is not in"},
        {"{\"version\":1,\"define\":{\"A\":1},\"rules\":[]}",
         "t:1:28: a macro of \"define\" must be a string"},
        {"{\"version\":1,\"define\":{\"A\":\"{{A}}\"},\"rules\":[{" GOOD
         ",\"regex\":\"{{A}}\"" TAIL,
         "nested deeper"},
        {HEAD "\"id\":\"A\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
              ":\"fatal\",\"literals\":[\"abcd\"],\"match\":[\"\"],\"miss\":"
              "[\"\"]" TAIL,
         "t:2:6: \"id\" must be"},
        {HEAD "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"tracy\",\"severity\""
              ":\"fatal\",\"literals\":[\"abcd\"],\"match\":[\"\"],\"miss\":"
              "[\"\"]" TAIL,
         "t:2:33: \"kind\" is \"tracy\"; allowed: trace, exception"},
        {HEAD "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
              ":\"bad\",\"literals\":[\"abcd\"],\"match\":[\"\"],\"miss\":"
              "[\"\"]" TAIL,
         "allowed: fatal, notice"},
        {HEAD "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
              ":\"fatal\",\"literals\":[\"abc\"],\"match\":[\"\"],\"miss\":"
              "[\"\"]" TAIL,
         "literal \"abc\" has 3 bytes; allowed: 4 to 64"},
        {HEAD
         "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
         ":\"fatal\",\"literals\":[],\"match\":[\"\"],\"miss\":[\"\"]" TAIL,
         "\"literals\" must be 1 to 32 strings"},
        {HEAD
         "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
         ":\"fatal\",\"literals\":[\"abcd\"],\"match\":[],\"miss\":[\"\"]" TAIL,
         "\"match\" needs at least one example"},
        {HEAD "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
              ":\"fatal\",\"literals\":[\"abcd\"],\"match\":[\"\"],\"miss\":"
              "[1]" TAIL,
         "an example must be a string"},
        {HEAD "\"id\":\"a\",\"runtime\":\"php\",\"kind\":\"trace\",\"severity\""
              ":\"notice\",\"literals\":[\"abcd\"],\"match\":[\"\"],\"miss\":"
              "[\"\"],\"weight\":50" TAIL,
         "a weight below 100 needs"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *got, *expected = tests[i].error;
        apr_pool_t *pool;

        apr_pool_create(&pool, NULL);
        got = spbe_rules_add(spbe_rules_create(pool), "t",
                             spbe_span_from(tests[i].json));
        if ((got == NULL) != (expected == NULL) ||
            (got != NULL && strstr(got, expected) == NULL)) {
            fail_msg("%s\n\"%s\", not \"%s\"", tests[i].json,
                     got ? got : "no error", expected ? expected : "none");
        }
        apr_pool_destroy(pool);
    }
}

static void rules_values(void **state)
{
    apr_pool_t *pool;
    spbe_rules_t *rules;
    const spbe_rule_t *rule;

    apr_pool_create(&pool, NULL);
    rules = spbe_rules_create(pool);
    assert_null(spbe_scratch_create(rules));
    assert_string_equal(spbe_rules_matcher(rules), "none");
    assert_null(spbe_rules_add(rules, "t", SPBE_SPAN(HEAD GOOD TAIL)));
    assert_non_null(
        strstr(spbe_rules_add(rules, "u", SPBE_SPAN(HEAD GOOD TAIL)),
               "u:2:6: rule id \"a\" is used already"));
    assert_int_equal(spbe_rules_count(rules), 1);
    rule = spbe_rules_at(rules, 0);
    assert_string_equal(rule->id, "a");
    assert_string_equal(rule->runtime, "php");
    assert_string_equal(rule->kind, "trace");
    assert_int_equal(rule->severity, SPBE_SEV_FATAL);
    assert_int_equal(rule->weight, 100);
    assert_int_equal(rule->min_status, 0);
    assert_int_equal(rule->quoted_counts, 0);
    assert_int_equal(rule->back, 256);
    assert_int_equal(rule->ahead, 4096);
    assert_null(spbe_rules_compile(rules, 1));
    assert_string_equal(spbe_rules_matcher(rules), "portable");
    assert_non_null(spbe_rules_compile(rules, 1));
    spbe_scratch_destroy(NULL);
    apr_pool_destroy(pool);
}

static void rules_macro(void **state)
{
    static const char json[] =
        "{\"version\":1,\"define\":{\"NL\":\"(?:\\\\n|<br>)\",\"AT\":"
        "\"{{NL}}at \"},\"rules\":[{" GOOD
        ",\"regex\":\"abcd{{AT}}{1,2}x\"" TAIL;
    apr_pool_t *pool;
    spbe_rules_t *rules;
    spbe_scratch_t *scratch;

    apr_pool_create(&pool, NULL);
    rules = spbe_rules_create(pool);
    assert_null(spbe_rules_add(rules, "t", SPBE_SPAN(json)));
    assert_null(spbe_rules_compile(rules, 0));
    scratch = spbe_scratch_create(rules);
    assert_non_null(
        spbe_scan_once(rules, scratch, 200, SPBE_SPAN("abcd<br>at x")));
    assert_null(spbe_scan_once(rules, scratch, 200, SPBE_SPAN("abcdat x")));
    spbe_scratch_destroy(scratch);
    apr_pool_destroy(pool);
}

/* A rule set out of one JSON text, ready to scan. */
typedef struct set {
    apr_pool_t *pool;
    spbe_rules_t *rules;
    spbe_scratch_t *scratch;
} set_t;

static set_t open_set(void)
{
    set_t set;

    apr_pool_create(&set.pool, NULL);
    set.rules = spbe_rules_create(set.pool);
    set.scratch = NULL;
    return set;
}

static int add_text(set_t *set, const char *name, const char *json)
{
    const char *error = spbe_rules_add(set->rules, name, spbe_span_from(json));

    if (error != NULL) {
        print_error("%s\n", error);
    }
    return error == NULL;
}

static void compile(set_t *set, int slow)
{
    assert_null(spbe_rules_compile(set->rules, slow));
    set->scratch = spbe_scratch_create(set->rules);
    assert_non_null(set->scratch);
}

static void close_set(set_t *set)
{
    spbe_scratch_destroy(set->scratch);
    apr_pool_destroy(set->pool);
}

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;

    assert_non_null(in);
    if (getdelim(&text, &size, '\0', in) == -1) {
        fail_msg("%s is empty", path);
    }
    fclose(in);
    return text;
}

/* The rule alone, with a weight that is enough alone. */
static char *alone(const cJSON *file, const cJSON *rule)
{
    cJSON *root = cJSON_CreateObject(), *copy = cJSON_Duplicate(rule, 1);
    const cJSON *define = cJSON_GetObjectItem(file, "define");
    cJSON *list;
    char *text;

    cJSON_AddNumberToObject(root, "version", 1);
    if (define != NULL) {
        cJSON_AddItemToObject(root, "define", cJSON_Duplicate(define, 1));
    }
    list = cJSON_AddArrayToObject(root, "rules");
    cJSON_DeleteItemFromObject(copy, "weight");
    cJSON_AddItemToArray(list, copy);
    text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

static size_t leaks_of(set_t *set, const char *text)
{
    unsigned min = spbe_rules_at(set->rules, 0)->min_status;
    apr_pool_t *pool;
    spbe_scan_t *scan;
    size_t n;

    apr_pool_create(&pool, set->pool);
    scan = spbe_scan_create(set->rules, min > 200 ? (int)min : 200, pool);
    spbe_scan_feed(scan, set->scratch, spbe_span_from(text), 1);
    spbe_scan_leaks(scan, &n);
    apr_pool_destroy(pool);
    return n;
}

static int check_list(set_t *set, const char *path, const cJSON *rule,
                      const char *list, int expected)
{
    const cJSON *example;
    int wrong = 0;

    cJSON_ArrayForEach(example, cJSON_GetObjectItem(rule, list))
    {
        if ((leaks_of(set, example->valuestring) > 0) != expected) {
            print_error("%s: rule %s (%s): wrong for %s example: %.300s\n",
                        path, spbe_rules_at(set->rules, 0)->id,
                        spbe_rules_matcher(set->rules), list,
                        example->valuestring);
            wrong++;
        }
    }
    return wrong;
}

static int check_rule(const char *path, const cJSON *file, const cJSON *rule)
{
    char *text = alone(file, rule);
    int wrong = 0, slow;

    for (slow = 0; slow < 2; slow++) {
        set_t set = open_set();

        if (!add_text(&set, path, text)) {
            wrong++;
        }
        else {
            compile(&set, slow);
            wrong += check_list(&set, path, rule, "match", 1);
            wrong += check_list(&set, path, rule, "miss", 0);
        }
        close_set(&set);
    }
    cJSON_free(text);
    return wrong;
}

static void find_files(glob_t *found)
{
    if (glob("conf/rules/leak-*.json", 0, NULL, found) != 0) {
        fail_msg("no conf/rules/leak-*.json here");
    }
    if (glob("conf/rules/log-*.json", GLOB_APPEND, NULL, found) != 0) {
        fail_msg("no conf/rules/log-*.json here");
    }
}

static void rules_examples(void **state)
{
    int wrong = 0, rules = 0;
    glob_t found;
    size_t i;

    find_files(&found);
    for (i = 0; i < found.gl_pathc; i++) {
        char *text = read_file(found.gl_pathv[i]);
        cJSON *file = cJSON_Parse(text);
        const cJSON *rule;

        cJSON_ArrayForEach(rule, cJSON_GetObjectItem(file, "rules"))
        {
            wrong += check_rule(found.gl_pathv[i], file, rule);
            rules++;
        }
        cJSON_Delete(file);
        free(text);
    }
    globfree(&found);
    print_message("%d rules\n", rules);
    assert_true(rules > 0);
    assert_int_equal(wrong, 0);
}

static set_t open_all(const glob_t *found, int slow)
{
    set_t set = open_set();
    size_t i;

    for (i = 0; i < found->gl_pathc; i++) {
        char *text = read_file(found->gl_pathv[i]);

        assert_true(add_text(&set, found->gl_pathv[i], text));
        free(text);
    }
    compile(&set, slow);
    return set;
}

static const char *describe(const spbe_scan_t *scan, apr_pool_t *pool)
{
    const char *out = "";
    const spbe_leak_t *leaks;
    size_t n, i;

    leaks = spbe_scan_leaks(scan, &n);
    for (i = 0; i < n; i++) {
        out = apr_psprintf(pool, "%s %s %d-%d%s", out, leaks[i].rule->id,
                           (int)leaks[i].start, (int)leaks[i].end,
                           &leaks[i] == spbe_scan_fatal(scan) ? "!" : "");
    }
    return out;
}

/* at: where to cut; 0: not at all; SPBE_NPOS: behind each byte. */
static const char *scan_cut(set_t *set, spbe_span_t text, size_t at,
                            apr_pool_t *pool)
{
    spbe_scan_t *scan = spbe_scan_create(set->rules, 599, pool);
    size_t i;

    if (at == SPBE_NPOS) {
        for (i = 0; i < text.len; i++) {
            spbe_scan_feed(scan, set->scratch, spbe_span_slice(text, i, i + 1),
                           0);
        }
        at = text.len;
    }
    else if (at > 0) {
        spbe_scan_feed(scan, set->scratch, spbe_span_slice(text, 0, at), 0);
    }
    spbe_scan_feed(scan, set->scratch, spbe_span_slice(text, at, text.len), 1);
    return describe(scan, pool);
}

static int check_cuts(set_t *fast, set_t *slow, const char *example)
{
    spbe_span_t text = spbe_span_from(example);
    const char *expected, *got = "";
    apr_pool_t *pool;
    size_t at, step = text.len / 400 + 1;
    int wrong = 0;

    apr_pool_create(&pool, fast->pool);
    expected = scan_cut(fast, text, 0, pool);
    for (at = 1; at < text.len && !wrong; at += step) {
        got = scan_cut(fast, text, at, pool);
        wrong = strcmp(got, expected) != 0;
    }
    wrong = wrong || strcmp(scan_cut(fast, text, SPBE_NPOS, pool), expected) ||
            strcmp(scan_cut(slow, text, SPBE_NPOS, pool), expected) ||
            strcmp(scan_cut(slow, text, 0, pool), expected);
    if (wrong) {
        print_error("%s or so, not %s, when cut: %.300s\n", got, expected,
                    example);
    }
    apr_pool_destroy(pool);
    return wrong;
}

/* All rules together, each example, cut everywhere, by both engines. */
static void rules_examples_cut(void **state)
{
    static const char *const lists[] = {"match", "miss"};
    set_t fast, slow;
    int wrong = 0;
    glob_t found;
    size_t i, k;

    find_files(&found);
    fast = open_all(&found, 0);
    slow = open_all(&found, 1);
    for (i = 0; i < found.gl_pathc; i++) {
        char *text = read_file(found.gl_pathv[i]);
        cJSON *file = cJSON_Parse(text);
        const cJSON *rule, *example;

        cJSON_ArrayForEach(rule, cJSON_GetObjectItem(file, "rules"))
        {
            for (k = 0; k < 2; k++) {
                cJSON_ArrayForEach(example, cJSON_GetObjectItem(rule, lists[k]))
                {
                    wrong += check_cuts(&fast, &slow, example->valuestring);
                }
            }
        }
        cJSON_Delete(file);
        free(text);
    }
    close_set(&fast);
    close_set(&slow);
    globfree(&found);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_errors),       cmocka_unit_test(rules_values),
        cmocka_unit_test(rules_macro),        cmocka_unit_test(rules_examples),
        cmocka_unit_test(rules_examples_cut),
    };
    int failed;

    apr_initialize();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    apr_terminate();
    return failed;
}
