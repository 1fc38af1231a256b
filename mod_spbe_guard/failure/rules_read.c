/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/rules_read.c - leak rules from JSON text, checked member by member.
 *
 * What is wrong is told with file, line and column, and with what is allowed.
 * The format is described in conf/rules/README.md.
 */
#include "failure/ruleset.h"

#include <string.h>
#include <apr_strings.h>

#include "failure/macro.h"
#include "failure/member.h"

#define BACK_MAX 8192
#define AHEAD_MAX 32768
#define LITERALS_MAX 32

typedef struct rules_reader {
    spbe_reader_t json;
    spbe_rules_t *rules;
    const cJSON *define;
    const cJSON *object; /* the rule that is being read */
} rules_reader_t;

static const spbe_member_t root_members[] = {{"version", cJSON_Number, 1},
                                             {"define", cJSON_Object, 0},
                                             {"rules", cJSON_Array, 1},
                                             {NULL, 0, 0}};

static const spbe_member_t rule_members[] = {{"id", cJSON_String, 1},
                                             {"runtime", cJSON_String, 1},
                                             {"kind", cJSON_String, 1},
                                             {"severity", cJSON_String, 1},
                                             {"literals", cJSON_Array, 1},
                                             {"nocase", cJSON_True, 0},
                                             {"regex", cJSON_String, 0},
                                             {"back", cJSON_Number, 0},
                                             {"ahead", cJSON_Number, 0},
                                             {"weight", cJSON_Number, 0},
                                             {"min_status", cJSON_Number, 0},
                                             {"quoted_counts", cJSON_True, 0},
                                             {"match", cJSON_Array, 1},
                                             {"miss", cJSON_Array, 1},
                                             {NULL, 0, 0}};

static const char *const kinds[] = {"trace",    "exception", "debug-page",
                                    "database", "notice",    "server-page",
                                    NULL};
static const char *const severities[] = {"fatal", "notice", NULL};

/* Lower case letters, digits and hyphens: it stands in records and on the
 * command line. */
static const char *identifier(rules_reader_t *rd, const char *name)
{
    const cJSON *item = spbe_member_get(rd->object, name);
    const char *text = item->valuestring;

    if (*text == '\0' || strlen(text) > 64 ||
        text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0') {
        spbe_member_fail(
            &rd->json, item, 0,
            "\"%s\" must be 1 to 64 lower case letters, digits, hyphens", name);
    }
    return apr_pstrdup(rd->rules->pool, text);
}

static const char *unused_id(rules_reader_t *rd)
{
    const char *id = identifier(rd, "id");
    size_t i;

    for (i = 0; i < spbe_rules_count(rd->rules); i++) {
        if (strcmp(spbe_rules_at(rd->rules, i)->id, id) == 0) {
            spbe_member_fail(&rd->json, spbe_member_get(rd->object, "id"), 0,
                             "rule id \"%s\" is used already", id);
        }
    }
    return id;
}

static void add_literal(rules_reader_t *rd, const cJSON *item)
{
    spbe_literal_t *literal;
    size_t len;

    if (!cJSON_IsString(item)) {
        spbe_member_fail(&rd->json, item, 0, "a literal must be a string");
        return;
    }
    len = strlen(item->valuestring);
    if (len < SPBE_LITERAL_MIN || len > SPBE_LITERAL_MAX) {
        spbe_member_fail(
            &rd->json, item, 0,
            "literal \"%s\" has %" APR_SIZE_T_FMT " bytes; allowed: %d to %d",
            item->valuestring, len, SPBE_LITERAL_MIN, SPBE_LITERAL_MAX);
        return;
    }
    literal = apr_array_push(rd->rules->literals);
    literal->text.ptr = apr_pstrmemdup(rd->rules->pool, item->valuestring, len);
    literal->text.len = len;
    literal->nocase = spbe_member_flag(rd->object, "nocase", 0);
    literal->owner = (unsigned)rd->rules->patterns->nelts;
}

static void read_literals(rules_reader_t *rd)
{
    const cJSON *list = spbe_member_get(rd->object, "literals"), *item;
    int n = cJSON_GetArraySize(list);

    if (n < 1 || n > LITERALS_MAX) {
        spbe_member_fail(&rd->json, list, 0,
                         "\"literals\" must be 1 to %d strings", LITERALS_MAX);
        return;
    }
    cJSON_ArrayForEach(item, list)
    {
        add_literal(rd, item);
    }
}

static void check_examples(rules_reader_t *rd, const char *name)
{
    const cJSON *list = spbe_member_get(rd->object, name), *item;

    if (cJSON_GetArraySize(list) < 1) {
        spbe_member_fail(&rd->json, list, 0,
                         "\"%s\" needs at least one example", name);
    }
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item)) {
            spbe_member_fail(&rd->json, item, 0, "an example must be a string");
        }
    }
}

static void read_regex(rules_reader_t *rd, spbe_pattern_t *pattern)
{
    const cJSON *item = spbe_member_get(rd->object, "regex");
    const char *problem;

    if (item == NULL) {
        return;
    }
    pattern->expression = spbe_macro_expand(&rd->json, rd->define, item);
    if (rd->json.error != NULL) {
        return;
    }
    problem = spbe_ruleset_regex(rd->rules, pattern);
    if (problem != NULL) {
        spbe_member_fail(&rd->json, item, 0, "\"regex\" of rule \"%s\": %s",
                         pattern->rule.id, problem);
    }
}

/* Pages that are made to be read by developers quote code themselves. */
static int counts_when_quoted(const char *kind)
{
    return strcmp(kind, "debug-page") == 0 || strcmp(kind, "server-page") == 0;
}

static void read_values(rules_reader_t *rd, spbe_rule_t *rule)
{
    rule->id = unused_id(rd);
    rule->runtime = identifier(rd, "runtime");
    rule->kind =
        kinds[spbe_member_choice(&rd->json, rd->object, "kind", kinds)];
    rule->severity =
        spbe_member_choice(&rd->json, rd->object, "severity", severities) == 0
            ? SPBE_SEV_FATAL
            : SPBE_SEV_NOTICE;
    rule->back =
        spbe_member_number(&rd->json, rd->object, "back", 256, 0, BACK_MAX);
    rule->ahead =
        spbe_member_number(&rd->json, rd->object, "ahead", 4096, 0, AHEAD_MAX);
    rule->weight =
        spbe_member_number(&rd->json, rd->object, "weight", 100, 1, 100);
    rule->min_status =
        spbe_member_number(&rd->json, rd->object, "min_status", 0, 0, 599);
    rule->quoted_counts = spbe_member_flag(rd->object, "quoted_counts",
                                           counts_when_quoted(rule->kind));
    if (rule->weight < 100 && rule->severity != SPBE_SEV_FATAL) {
        spbe_member_fail(&rd->json, spbe_member_get(rd->object, "weight"), 0,
                         "a weight below 100 needs the severity fatal");
    }
}

static void read_rule(rules_reader_t *rd, const cJSON *object)
{
    spbe_pattern_t *pattern;

    if (!cJSON_IsObject(object)) {
        spbe_member_fail(&rd->json, object, 0, "a rule must be an object");
        return;
    }
    rd->object = object;
    if (!spbe_member_check(&rd->json, object, rule_members)) {
        return;
    }
    pattern = apr_pcalloc(rd->rules->pool, sizeof(*pattern));
    read_values(rd, &pattern->rule);
    read_literals(rd);
    check_examples(rd, "match");
    check_examples(rd, "miss");
    if (rd->json.error == NULL) {
        read_regex(rd, pattern);
    }
    APR_ARRAY_PUSH(rd->rules->patterns, spbe_pattern_t *) = pattern;
}

static void read_define(rules_reader_t *rd)
{
    const cJSON *item;

    rd->define = spbe_member_get(rd->json.root, "define");
    cJSON_ArrayForEach(item, rd->define)
    {
        if (!cJSON_IsString(item)) {
            spbe_member_fail(&rd->json, item, 0,
                             "a macro of \"define\" must be a string");
        }
    }
}

static void read_root(rules_reader_t *rd)
{
    const cJSON *item;

    if (!cJSON_IsObject(rd->json.root)) {
        spbe_member_fail(&rd->json, rd->json.root, 0,
                         "the file must be one JSON object");
        return;
    }
    if (!spbe_member_check(&rd->json, rd->json.root, root_members)) {
        return;
    }
    item = spbe_member_get(rd->json.root, "version");
    if (item->valuedouble != 1) {
        spbe_member_fail(&rd->json, item, 0, "\"version\" must be 1");
    }
    read_define(rd);
    cJSON_ArrayForEach(item, spbe_member_get(rd->json.root, "rules"))
    {
        if (rd->json.error == NULL) {
            read_rule(rd, item);
        }
    }
}

/* A file counts whole or not at all. */
static void take_back(spbe_rules_t *rules, int patterns, int literals)
{
    while (rules->patterns->nelts > patterns) {
        spbe_pattern_t **pattern = apr_array_pop(rules->patterns);

        pcre2_code_free((*pattern)->code);
    }
    rules->literals->nelts = literals;
}

const char *spbe_rules_add(spbe_rules_t *rules, const char *name,
                           spbe_span_t json)
{
    rules_reader_t rd = {
        .rules = rules,
        .json = {.pool = rules->pool, .name = name, .json = json}};
    int patterns = rules->patterns->nelts, literals = rules->literals->nelts;

    if (rules->matcher != NULL) {
        return apr_pstrcat(rules->pool, name,
                           ":1:1: the rules are compiled already", NULL);
    }
    if (spbe_member_open(&rd.json)) {
        read_root(&rd);
        spbe_member_close(&rd.json);
    }
    if (rd.json.error != NULL) {
        take_back(rules, patterns, literals);
    }
    return rd.json.error;
}
