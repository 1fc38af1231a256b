/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz_check.c - a whole request, read and judged by a policy and by
 * parameter lines. All of it is a visitor's.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/check.h"
#include "input/check_raw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"1\"},"
    "\"paths\":{\"/a/{m}/{l}.{s}\":{\"parameters\":["
    "{\"name\":\"m\",\"in\":\"path\",\"required\":true,\"style\":\"matrix\","
    "\"explode\":true,\"schema\":{\"type\":\"object\"}},"
    "{\"name\":\"l\",\"in\":\"path\",\"required\":true,\"style\":\"label\","
    "\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
    "{\"name\":\"s\",\"in\":\"path\",\"required\":true,\"schema\":"
    "{\"type\":\"string\",\"format\":\"nik\"}},"
    "{\"name\":\"q\",\"in\":\"query\",\"style\":\"pipeDelimited\",\"schema\":"
    "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}},"
    "{\"name\":\"d\",\"in\":\"query\",\"style\":\"deepObject\",\"schema\":"
    "{\"type\":\"object\",\"properties\":{\"k\":{\"type\":\"array\",\"items\":"
    "{\"type\":\"integer\"}}}}},"
    "{\"name\":\"j\",\"in\":\"query\",\"content\":{\"application/json\":"
    "{\"schema\":{\"type\":\"object\",\"required\":[\"a\"]}}}},"
    "{\"name\":\"c\",\"in\":\"cookie\",\"schema\":{\"type\":[\"integer\","
    "\"string\"],\"maxLength\":3}},"
    "{\"name\":\"X-H\",\"in\":\"header\",\"explode\":true,\"schema\":"
    "{\"type\":\"object\"}}],"
    "\"post\":{\"requestBody\":{\"content\":{"
    "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/S\"}},"
    "\"multipart/form-data\":{\"schema\":{\"$ref\":\"#/components/schemas/S\"}"
    ",\"encoding\":{\"o\":{\"style\":\"deepObject\"}}},"
    "\"*/*\":{\"schema\":{\"$ref\":\"#/components/schemas/S\"}}}}}}},"
    "\"components\":{\"schemas\":{\"S\":{\"type\":\"object\",\"required\":"
    "[\"n\"],\"properties\":{\"n\":{\"type\":\"string\",\"format\":\"nama\"},"
    "\"t\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"u\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"a\":{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":"
    "\"object\",\"properties\":{\"x\":{\"type\":\"integer\"}}}},"
    "\"o\":{\"type\":\"object\",\"additionalProperties\":false},"
    "\"f\":{\"type\":\"array\",\"items\":{\"format\":\"binary\"},"
    "\"x-spbe-file\":{\"maxSize\":\"1K\",\"types\":[\"pdf\"]}}},"
    "\"patternProperties\":{\"^p\":{\"type\":\"boolean\"}},"
    "\"x-spbe-compare\":[{\"left\":\"t\",\"op\":\"<\",\"right\":\"/u\"}]}}}}";

typedef struct fixture {
    apr_pool_t *pool; /* NULL: not made yet */
    spbe_settings_t settings;
} fixture_t;

/* Made once: a policy is compiled at start, not for each request. */
static const spbe_settings_t *settings_of(fixture_t *fixture)
{
    static char *line[] = {(char *)"n", (char *)"nama", (char *)"required"};
    spbe_param_lines_t *lines;
    spbe_problems_t *problems;
    const char *error;

    if (fixture->pool != NULL) {
        return &fixture->settings;
    }
    apr_initialize();
    atexit(apr_terminate);
    apr_pool_create(&fixture->pool, NULL);
    problems = spbe_problems_create("fuzz.json", spbe_span_from(document),
                                    fixture->pool);
    lines = spbe_param_lines_create(fixture->pool);
    fixture->settings.policy = spbe_policy_read(problems, fixture->pool);
    if (fixture->settings.policy == NULL ||
        spbe_param_lines_add(lines, 3, line) != NULL) {
        abort();
    }
    fixture->settings.params =
        spbe_param_lines_compile(lines, &error, fixture->pool);
    return &fixture->settings;
}

static spbe_verdict_t *judge(const spbe_settings_t *settings,
                             const spbe_view_t *view, apr_pool_t *pool)
{
    spbe_check_tools_t tools = {NULL, NULL};
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_reading_t *reading = spbe_reading_head(view, settings, verdict, pool);
    spbe_match_t match;

    spbe_check_head(settings, reading, &match, &tools, verdict, pool);
    if (view->has_body) {
        spbe_reading_body(reading, settings, verdict, pool);
        spbe_check_body(settings, reading, &match, &tools, verdict, pool);
    }
    return verdict;
}

/* A refusal has a finding and a status; a status a refusal. */
static void check_verdict(const spbe_verdict_t *verdict)
{
    int i, rejected = 0;

    for (i = 0; i < verdict->findings->nelts; i++) {
        const spbe_finding_t *finding =
            &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t);

        rejected |= finding->action == SPBE_ACTION_REJECT;
        if (spbe_reason_name(finding->reason)[0] == '\0' ||
            (finding->pointer != NULL && finding->pointer[0] != '\0' &&
             finding->pointer[0] != '/')) {
            abort();
        }
    }
    if ((verdict->status != 0) != (verdict->worst != SPBE_REASON_NONE) ||
        (rejected && verdict->status == 0)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fixture_t fixture;
    const spbe_settings_t *settings = settings_of(&fixture);
    spbe_span_t raw = {(const char *)data, size};
    spbe_view_t view;
    apr_pool_t *pool;

    apr_pool_create(&pool, fixture.pool);
    if (spbe_check_raw(raw, 0, &view, pool) == NULL) {
        check_verdict(judge(settings, &view, pool));
    }
    apr_pool_destroy(pool);
    return 0;
}
