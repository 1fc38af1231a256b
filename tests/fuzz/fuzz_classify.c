/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_classify.c - a rule file from outside, and texts to judge.
 *
 * Input that begins with '{' is tried as a rule file as well; every input is
 * judged by a few rules, as body and as log.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>

#include "failure/classify.h"

static const char RULES[] =
    "{\"version\":1,\"rules\":["
    "{\"id\":\"a\",\"class\":\"database\",\"level\":1,"
    "\"regex\":[\"SQLSTATE\\\\[\",\"(?:x+x+)+y\"]},"
    "{\"id\":\"b\",\"class\":\"code\",\"level\":2,\"where\":[\"exception\","
    "\"trace\"],\"regex\":\"\\\\w+Error\",\"nocase\":true},"
    "{\"id\":\"c\",\"class\":\"upstream\",\"level\":3,\"where\":[\"status\"],"
    "\"status\":[502]}]}";

static void judge(const spbe_class_rules_t *rules, spbe_span_t text,
                  apr_pool_t *pool)
{
    spbe_trace_t trace;
    spbe_class_input_t input = {.body = text, .log = text, .status = 502};
    spbe_verdict_class_t verdict;

    input.trace = spbe_trace_parse(text, NULL, &trace, pool) ? &trace : NULL;
    verdict = spbe_classify(rules, &input, pool);
    if (verdict.rule == NULL || verdict.why == NULL ||
        strlen(verdict.why) > 200) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    spbe_span_t text = {(const char *)data, size};
    const spbe_class_rules_t *rules;
    const char *error;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    rules = spbe_class_rules_load("rules", SPBE_SPAN(RULES), &error, pool);
    judge(rules, text, pool);
    if (size > 0 && data[0] == '{') {
        rules = spbe_class_rules_load("x", text, &error, pool);
        if (rules == NULL && error == NULL) {
            abort();
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
