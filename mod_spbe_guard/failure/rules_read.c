/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/rules_read.c - leak rules from JSON text, checked member by member.
 *
 * What is wrong is told with file, line and column, and with what is allowed.
 * The format is described in conf/rules/README.md.
 */
#include "failure/ruleset.h"

#include <math.h>
#include <string.h>
#include <apr_strings.h>

#include "failure/place.h"

#define BACK_MAX 8192
#define AHEAD_MAX 32768
#define LITERALS_MAX 32
#define MACRO_DEPTH 8
#define REGEX_MAX 65536

typedef struct reader {
    spbe_rules_t *rules;
    const char *name;
    spbe_span_t json;
    cJSON *root;
    const cJSON *define;
    const cJSON *object; /* the rule that is being read */
    const char *error;   /* the first one; NULL: none yet */
} reader_t;

typedef struct member {
    const char *name;
    int type;
    int required;
} member_t;

static const member_t root_members[] = {
    { "version", cJSON_Number, 1 },
    { "define", cJSON_Object, 0 },
    { "rules", cJSON_Array, 1 },
    { NULL, 0, 0 }
};

static const member_t rule_members[] = {
    { "id", cJSON_String, 1 },
    { "runtime", cJSON_String, 1 },
    { "kind", cJSON_String, 1 },
    { "severity", cJSON_String, 1 },
    { "literals", cJSON_Array, 1 },
    { "nocase", cJSON_True, 0 },
    { "regex", cJSON_String, 0 },
    { "back", cJSON_Number, 0 },
    { "ahead", cJSON_Number, 0 },
    { "weight", cJSON_Number, 0 },
    { "min_status", cJSON_Number, 0 },
    { "quoted_counts", cJSON_True, 0 },
    { "match", cJSON_Array, 1 },
    { "miss", cJSON_Array, 1 },
    { NULL, 0, 0 }
};

static const char *const kinds[] = { "trace", "exception", "debug-page",
                                     "database", "notice", "server-page",
                                     NULL };
static const char *const severities[] = { "fatal", "notice", NULL };

static void fail(reader_t *rd, const cJSON *item, int name, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));

/* Keeps the first error: the later ones are often its consequences. */
static void fail(reader_t *rd, const cJSON *item, int name, const char *fmt,
                 ...)
{
    apr_pool_t *pool = rd->rules->pool;
    va_list ap;

    if (rd->error != NULL) {
        return;
    }
    va_start(ap, fmt);
    rd->error = apr_pstrcat(
        pool, rd->name, ":",
        spbe_place_find(rd->json, rd->root, item, name, pool), ": ",
        apr_pvsprintf(pool, fmt, ap), NULL);
    va_end(ap);
}

static const char *list_names(reader_t *rd, const char *const *names)
{
    const char *all = "";

    for (; *names != NULL; names++) {
        all = apr_pstrcat(rd->rules->pool, all, *all ? ", " : "", *names,
                          NULL);
    }
    return all;
}

static const char *list_members(reader_t *rd, const member_t *members)
{
    const char *all = "";

    for (; members->name != NULL; members++) {
        all = apr_pstrcat(rd->rules->pool, all, *all ? ", " : "",
                          members->name, NULL);
    }
    return all;
}

static const char *type_name(int type)
{
    switch (type) {
    case cJSON_Number:
        return "a number";
    case cJSON_String:
        return "a string";
    case cJSON_Array:
        return "an array";
    case cJSON_Object:
        return "an object";
    default:
        return "true or false";
    }
}

static int has_type(const cJSON *item, int type)
{
    return type == cJSON_True ? cJSON_IsBool(item)
                              : (item->type & 0xff) == type;
}

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void check_member(reader_t *rd, const cJSON *object, const cJSON *item,
                         const member_t *members)
{
    const member_t *m = members;

    while (m->name != NULL && strcmp(m->name, item->string) != 0) {
        m++;
    }
    if (m->name == NULL) {
        fail(rd, item, 1, "unknown member \"%s\"; allowed: %s", item->string,
             list_members(rd, members));
    }
    else if (get(object, item->string) != item) {
        fail(rd, item, 1, "member \"%s\" stands here twice", item->string);
    }
    else if (!has_type(item, m->type)) {
        fail(rd, item, 0, "\"%s\" must be %s", item->string,
             type_name(m->type));
    }
}

/* 1 when object has the members it may and must have. */
static int check_object(reader_t *rd, const cJSON *object,
                        const member_t *members)
{
    const member_t *m;
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        check_member(rd, object, item, members);
    }
    for (m = members; m->name != NULL; m++) {
        if (m->required && get(object, m->name) == NULL) {
            fail(rd, object, 0, "member \"%s\" is missing", m->name);
        }
    }
    return rd->error == NULL;
}

static unsigned number(reader_t *rd, const char *name, unsigned fallback,
                       unsigned min, unsigned max)
{
    const cJSON *item = get(rd->object, name);

    if (item == NULL) {
        return fallback;
    }
    if (!(item->valuedouble >= min && item->valuedouble <= max)
        || item->valuedouble != floor(item->valuedouble)) {
        fail(rd, item, 0, "\"%s\" must be a whole number from %u to %u", name,
             min, max);
        return fallback;
    }
    return (unsigned)item->valuedouble;
}

static int boolean(reader_t *rd, const char *name, int fallback)
{
    const cJSON *item = get(rd->object, name);

    return item == NULL ? fallback : cJSON_IsTrue(item);
}

/* Index of the member's value in names; 0 and an error when not there. */
static unsigned choice(reader_t *rd, const char *name,
                       const char *const *names)
{
    const cJSON *item = get(rd->object, name);
    unsigned i;

    for (i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], item->valuestring) == 0) {
            return i;
        }
    }
    fail(rd, item, 0, "\"%s\" is \"%s\"; allowed: %s", name,
         item->valuestring, list_names(rd, names));
    return 0;
}

/* Lower case letters, digits and hyphens: it stands in records and on the
 * command line. */
static const char *identifier(reader_t *rd, const char *name)
{
    const cJSON *item = get(rd->object, name);
    const char *text = item->valuestring;

    if (*text == '\0' || strlen(text) > 64
        || text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")]
               != '\0') {
        fail(rd, item, 0,
             "\"%s\" must be 1 to 64 lower case letters, digits, hyphens",
             name);
    }
    return apr_pstrdup(rd->rules->pool, text);
}

static const char *unused_id(reader_t *rd)
{
    const char *id = identifier(rd, "id");
    size_t i;

    for (i = 0; i < spbe_rules_count(rd->rules); i++) {
        if (strcmp(spbe_rules_at(rd->rules, i)->id, id) == 0) {
            fail(rd, get(rd->object, "id"), 0,
                 "rule id \"%s\" is used already", id);
        }
    }
    return id;
}

static void add_literal(reader_t *rd, const cJSON *item)
{
    spbe_literal_t *literal;
    size_t len;

    if (!cJSON_IsString(item)) {
        fail(rd, item, 0, "a literal must be a string");
        return;
    }
    len = strlen(item->valuestring);
    if (len < SPBE_LITERAL_MIN || len > SPBE_LITERAL_MAX) {
        fail(rd, item, 0,
             "literal \"%s\" has %" APR_SIZE_T_FMT
             " bytes; allowed: %d to %d",
             item->valuestring, len, SPBE_LITERAL_MIN, SPBE_LITERAL_MAX);
        return;
    }
    literal = apr_array_push(rd->rules->literals);
    literal->text.ptr = apr_pstrmemdup(rd->rules->pool, item->valuestring,
                                       len);
    literal->text.len = len;
    literal->nocase = boolean(rd, "nocase", 0);
    literal->owner = (unsigned)rd->rules->patterns->nelts;
}

static void read_literals(reader_t *rd)
{
    const cJSON *list = get(rd->object, "literals"), *item;
    int n = cJSON_GetArraySize(list);

    if (n < 1 || n > LITERALS_MAX) {
        fail(rd, list, 0, "\"literals\" must be 1 to %d strings",
             LITERALS_MAX);
        return;
    }
    cJSON_ArrayForEach(item, list)
    {
        add_literal(rd, item);
    }
}

static void check_examples(reader_t *rd, const char *name)
{
    const cJSON *list = get(rd->object, name), *item;

    if (cJSON_GetArraySize(list) < 1) {
        fail(rd, list, 0, "\"%s\" needs at least one example", name);
    }
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item)) {
            fail(rd, item, 0, "an example must be a string");
        }
    }
}

/* The text of the macro whose name stands in braces, or NULL. */
static const char *macro(reader_t *rd, spbe_span_t name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, rd->define)
    {
        if (spbe_span_eq(name, spbe_span_from(item->string))) {
            return cJSON_IsString(item) ? item->valuestring : NULL;
        }
    }
    return NULL;
}

/* Replaces each {{NAME}} once; *found says whether there was one. */
static const char *expand_once(reader_t *rd, const char *text, int *found)
{
    apr_pool_t *pool = rd->rules->pool;
    const cJSON *item = get(rd->object, "regex");
    const char *out = "", *open, *close, *value;

    *found = 0;
    while ((open = strstr(text, "{{")) != NULL
           && (close = strstr(open, "}}")) != NULL) {
        spbe_span_t name = { open + 2, (size_t)(close - open) - 2 };

        value = macro(rd, name);
        if (value == NULL) {
            fail(rd, item, 0, "{{%s}} is not in \"define\"",
                 spbe_span_dup(name, pool));
            return "";
        }
        out = apr_pstrcat(pool, out, apr_pstrmemdup(pool, text, open - text),
                          value, NULL);
        text = close + 2;
        *found = 1;
        if (strlen(out) > REGEX_MAX) {
            fail(rd, item, 0, "\"regex\" is longer than %d bytes", REGEX_MAX);
            return "";
        }
    }
    return apr_pstrcat(pool, out, text, NULL);
}

/* A macro may use others; eight levels are enough, and end any circle. */
static const char *expand(reader_t *rd, const char *text)
{
    int found = 1, depth;

    for (depth = 0; found && rd->error == NULL; depth++) {
        if (depth == MACRO_DEPTH) {
            fail(rd, get(rd->object, "regex"), 0,
                 "macros of \"define\" are nested deeper than %d",
                 MACRO_DEPTH - 1);
        }
        text = expand_once(rd, text, &found);
    }
    return text;
}

static void read_regex(reader_t *rd, spbe_pattern_t *pattern)
{
    const cJSON *item = get(rd->object, "regex");
    const char *problem;

    if (item == NULL) {
        return;
    }
    pattern->expression = expand(rd, item->valuestring);
    if (rd->error != NULL) {
        return;
    }
    problem = spbe_ruleset_regex(rd->rules, pattern);
    if (problem != NULL) {
        fail(rd, item, 0, "\"regex\" of rule \"%s\": %s", pattern->rule.id,
             problem);
    }
}

/* Pages that are made to be read by developers quote code themselves. */
static int counts_when_quoted(const char *kind)
{
    return strcmp(kind, "debug-page") == 0 || strcmp(kind, "server-page") == 0;
}

static void read_values(reader_t *rd, spbe_rule_t *rule)
{
    rule->id = unused_id(rd);
    rule->runtime = identifier(rd, "runtime");
    rule->kind = kinds[choice(rd, "kind", kinds)];
    rule->severity = choice(rd, "severity", severities) == 0
                         ? SPBE_SEV_FATAL : SPBE_SEV_NOTICE;
    rule->back = number(rd, "back", 256, 0, BACK_MAX);
    rule->ahead = number(rd, "ahead", 4096, 0, AHEAD_MAX);
    rule->weight = number(rd, "weight", 100, 1, 100);
    rule->min_status = number(rd, "min_status", 0, 0, 599);
    rule->quoted_counts = boolean(rd, "quoted_counts",
                                  counts_when_quoted(rule->kind));
    if (rule->weight < 100 && rule->severity != SPBE_SEV_FATAL) {
        fail(rd, get(rd->object, "weight"), 0,
             "a weight below 100 needs the severity fatal");
    }
}

static void read_rule(reader_t *rd, const cJSON *object)
{
    spbe_pattern_t *pattern;

    if (!cJSON_IsObject(object)) {
        fail(rd, object, 0, "a rule must be an object");
        return;
    }
    rd->object = object;
    if (!check_object(rd, object, rule_members)) {
        return;
    }
    pattern = apr_pcalloc(rd->rules->pool, sizeof(*pattern));
    read_values(rd, &pattern->rule);
    read_literals(rd);
    check_examples(rd, "match");
    check_examples(rd, "miss");
    if (rd->error == NULL) {
        read_regex(rd, pattern);
    }
    APR_ARRAY_PUSH(rd->rules->patterns, spbe_pattern_t *) = pattern;
}

static void read_define(reader_t *rd)
{
    const cJSON *item;

    rd->define = get(rd->root, "define");
    cJSON_ArrayForEach(item, rd->define)
    {
        if (!cJSON_IsString(item)) {
            fail(rd, item, 0, "a macro of \"define\" must be a string");
        }
    }
}

static void read_root(reader_t *rd)
{
    const cJSON *item;

    if (!cJSON_IsObject(rd->root)) {
        fail(rd, rd->root, 0, "the file must be one JSON object");
        return;
    }
    if (!check_object(rd, rd->root, root_members)) {
        return;
    }
    item = get(rd->root, "version");
    if (item->valuedouble != 1) {
        fail(rd, item, 0, "\"version\" must be 1");
    }
    read_define(rd);
    cJSON_ArrayForEach(item, get(rd->root, "rules"))
    {
        if (rd->error == NULL) {
            read_rule(rd, item);
        }
    }
}

const char *spbe_rules_add(spbe_rules_t *rules, const char *name,
                           spbe_span_t json)
{
    reader_t rd = { .rules = rules, .name = name, .json = json };
    const char *end = json.ptr;

    rd.root = cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, 0);
    if (rd.root != NULL) {
        spbe_span_t rest = { end, json.len - (size_t)(end - json.ptr) };

        end += rest.len - spbe_span_trim(rest).len;
        if (spbe_span_trim(rest).len == 0) {
            read_root(&rd);
            cJSON_Delete(rd.root);
            return rd.error;
        }
        cJSON_Delete(rd.root);
    }
    if (end == NULL || end < json.ptr || end > json.ptr + json.len) {
        end = json.ptr;
    }
    return apr_psprintf(rules->pool, "%s:%s: not JSON from here on", name,
                        spbe_place_at(json, (size_t)(end - json.ptr),
                                      rules->pool));
}
