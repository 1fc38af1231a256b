/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify_read.c - classification rules from JSON.
 *
 * Every mistake is told with file, line and column; an unknown member is one.
 */
#include "failure/classify_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "failure/place.h"

/* A rule that needs more steps than this on one text does not match. */
#define MATCH_LIMIT 200000
#define ERROR_MAX_LEN 128

typedef struct reader {
    const char *name;
    spbe_span_t json;
    const cJSON *root;
    const char *error; /* the first mistake */
    apr_pool_t *pool;
} reader_t;

static const char *const PLACES[] = {"exception", "log", "trace", "body",
                                     "status"};

const char *spbe_class_place_name(spbe_class_place_t place)
{
    return PLACES[place];
}

/* Notes the first mistake; returns 0 for "return fail(...)". */
static int fail(reader_t *reader, const cJSON *item, const char *text)
{
    if (reader->error == NULL) {
        reader->error = apr_pstrcat(
            reader->pool, reader->name, ":",
            spbe_place_find(reader->json, reader->root, item, 0, reader->pool),
            ": ", text, NULL);
    }
    return 0;
}

static int is_known(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (strcmp(name, *known) == 0) {
            return 1;
        }
    }
    return 0;
}

static int check_members(reader_t *reader, const cJSON *object,
                         const char *const *known)
{
    const cJSON *item;

    if (!cJSON_IsObject(object)) {
        return fail(reader, object, "an object is expected here");
    }
    cJSON_ArrayForEach(item, object)
    {
        if (!is_known(item->string, known)) {
            return fail(reader, item,
                        apr_psprintf(reader->pool, "unknown member \"%s\"",
                                     item->string));
        }
    }
    return 1;
}

static int read_class(reader_t *reader, const cJSON *object,
                      spbe_class_rule_t *rule)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "class");
    int i;

    for (i = 0; cJSON_IsString(item) && i <= SPBE_CLASS_RESOURCE; i++) {
        if (strcmp(item->valuestring, spbe_class_name((spbe_class_t)i)) == 0) {
            rule->class = (spbe_class_t)i;
            return 1;
        }
    }
    return fail(reader, item != NULL ? item : object,
                "\"class\" must be code, configuration, database, upstream, "
                "resource or unknown");
}

static int read_where(reader_t *reader, const cJSON *object,
                      spbe_class_rule_t *rule)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "where");
    const cJSON *item;
    unsigned i;

    if (list == NULL) {
        rule->where = (1u << SPBE_CLASS_STATUS) - 1;
        return 1;
    }
    cJSON_ArrayForEach(item, list)
    {
        unsigned before = rule->where;

        for (i = 0; cJSON_IsString(item) && i < SPBE_CLASS_PLACES; i++) {
            if (strcmp(item->valuestring, PLACES[i]) == 0) {
                rule->where |= 1u << i;
            }
        }
        if (rule->where == before) {
            return fail(reader, item,
                        "\"where\" is a list of exception, log, trace, body, "
                        "status, each once");
        }
    }
    return rule->where != 0 ||
           fail(reader, list, "\"where\" must name a place");
}

/* "regex" is one expression, or a list of which any may match. */
static const char *regex_text(reader_t *reader, const cJSON *item)
{
    const char *text = NULL;
    const cJSON *part;

    if (cJSON_IsString(item)) {
        return apr_pstrdup(reader->pool, item->valuestring);
    }
    cJSON_ArrayForEach(part, item)
    {
        if (!cJSON_IsString(part) || part->valuestring[0] == '\0') {
            return NULL;
        }
        text = apr_pstrcat(reader->pool, text != NULL ? text : "",
                           text != NULL ? "|" : "", part->valuestring, NULL);
    }
    return text;
}

static int compile(reader_t *reader, const cJSON *item, uint32_t options,
                   spbe_class_rule_t *rule)
{
    PCRE2_SIZE offset;
    PCRE2_UCHAR text[ERROR_MAX_LEN];
    int number;

    rule->code = pcre2_compile((PCRE2_SPTR)rule->regex, PCRE2_ZERO_TERMINATED,
                               options, &number, &offset, NULL);
    if (rule->code == NULL) {
        pcre2_get_error_message(number, text, sizeof(text));
        return fail(reader, item,
                    apr_psprintf(reader->pool, "\"regex\", near \"%.24s\": %s",
                                 rule->regex + (offset > 12 ? offset - 12 : 0),
                                 (const char *)text));
    }
    /* Without JIT the interpreter does the same more slowly. */
    pcre2_jit_compile(rule->code, PCRE2_JIT_COMPLETE);
    return 1;
}

static int read_regex(reader_t *reader, const cJSON *object,
                      spbe_class_rule_t *rule)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "regex");
    const cJSON *nocase = cJSON_GetObjectItemCaseSensitive(object, "nocase");
    uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;

    if (item == NULL) {
        return rule->where == 1u << SPBE_CLASS_STATUS ||
               fail(reader, object,
                    "\"regex\" is missing (only \"where\": [\"status\"] "
                    "goes without)");
    }
    rule->regex = regex_text(reader, item);
    if (rule->regex == NULL) {
        return fail(reader, item,
                    "\"regex\" must be a string or a list of strings");
    }
    if (nocase != NULL && !cJSON_IsBool(nocase)) {
        return fail(reader, nocase, "\"nocase\" must be true or false");
    }
    options |= cJSON_IsTrue(nocase) ? PCRE2_CASELESS : 0;
    return compile(reader, item, options, rule);
}

static int read_status(reader_t *reader, const cJSON *object,
                       spbe_class_rule_t *rule)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "status");
    const cJSON *server = cJSON_GetObjectItemCaseSensitive(object, "by_server");
    const cJSON *item;

    rule->by_server = -1;
    if (server != NULL) {
        if (!cJSON_IsBool(server)) {
            return fail(reader, server, "\"by_server\" must be true or false");
        }
        rule->by_server = cJSON_IsTrue(server);
    }
    if (list == NULL) {
        return rule->code != NULL ||
               fail(reader, object, "\"regex\" or \"status\" is needed");
    }
    rule->status = apr_array_make(reader->pool, 4, sizeof(int));
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsNumber(item) || item->valueint < 100 ||
            item->valueint > 599) {
            return fail(reader, item,
                        "\"status\" is a list of numbers from 100 to 599");
        }
        APR_ARRAY_PUSH(rule->status, int) = item->valueint;
    }
    return 1;
}

static int read_examples(reader_t *reader, const cJSON *object,
                         const char *name, apr_array_header_t **list)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, name);
    const cJSON *item;

    *list = apr_array_make(reader->pool, 2, sizeof(const char *));
    cJSON_ArrayForEach(item, array)
    {
        if (!cJSON_IsString(item)) {
            return fail(reader, item, "an example must be a string");
        }
        APR_ARRAY_PUSH(*list, const char *) =
            apr_pstrdup(reader->pool, item->valuestring);
    }
    return 1;
}

static int read_level(reader_t *reader, const cJSON *object,
                      spbe_class_rule_t *rule)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "level");

    if (!cJSON_IsNumber(item) || item->valueint < 1 ||
        item->valueint > SPBE_CLASS_LEVELS) {
        return fail(reader, item != NULL ? item : object,
                    "\"level\" must be a number from 1 to 9");
    }
    rule->level = item->valueint;
    return 1;
}

static int read_rule(reader_t *reader, const cJSON *object,
                     spbe_class_rule_t *rule)
{
    static const char *const KNOWN[] = {
        "id",     "class",     "level", "where", "regex", "nocase",
        "status", "by_server", "match", "miss",  NULL};
    const cJSON *id;

    if (!check_members(reader, object, KNOWN)) {
        return 0;
    }
    id = cJSON_GetObjectItemCaseSensitive(object, "id");
    if (!cJSON_IsString(id) || id->valuestring[0] == '\0') {
        return fail(reader, object, "\"id\" is missing");
    }
    rule->id = apr_pstrdup(reader->pool, id->valuestring);
    return read_class(reader, object, rule) &&
           read_level(reader, object, rule) &&
           read_where(reader, object, rule) &&
           read_regex(reader, object, rule) &&
           read_status(reader, object, rule) &&
           read_examples(reader, object, "match", &rule->match) &&
           read_examples(reader, object, "miss", &rule->miss);
}

static apr_status_t free_rules(void *data)
{
    spbe_class_rules_t *rules = data;
    int i;

    for (i = 0; i < rules->rules->nelts; i++) {
        pcre2_code_free(APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t).code);
    }
    pcre2_match_context_free(rules->limits);
    return APR_SUCCESS;
}

/* Moves the rule just pushed in front of those of a higher level. */
static void sort_in(apr_array_header_t *rules)
{
    spbe_class_rule_t *all = (spbe_class_rule_t *)rules->elts;
    int i;

    for (i = rules->nelts - 1; i > 0 && all[i - 1].level > all[i].level; i--) {
        spbe_class_rule_t swap = all[i];

        all[i] = all[i - 1];
        all[i - 1] = swap;
    }
}

static int is_twice(const spbe_class_rules_t *rules, const char *id)
{
    int i;

    for (i = 0; i + 1 < rules->rules->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t).id, id) ==
            0) {
            return 1;
        }
    }
    return 0;
}

static void read_all(reader_t *reader, spbe_class_rules_t *rules)
{
    static const char *const KNOWN[] = {"version", "about", "rules", NULL};
    const cJSON *item, *list;

    if (!check_members(reader, reader->root, KNOWN)) {
        return;
    }
    item = cJSON_GetObjectItemCaseSensitive(reader->root, "version");
    if (!cJSON_IsNumber(item) || item->valueint != 1) {
        fail(reader, reader->root, "\"version\" must be 1");
        return;
    }
    list = cJSON_GetObjectItemCaseSensitive(reader->root, "rules");
    cJSON_ArrayForEach(item, list)
    {
        spbe_class_rule_t *rule = apr_array_push(rules->rules);

        memset(rule, 0, sizeof(*rule));
        if (!read_rule(reader, item, rule)) {
            return;
        }
        if (is_twice(rules, rule->id)) {
            fail(reader, item, "this \"id\" has been used before");
            return;
        }
        sort_in(rules->rules);
    }
}

/* Their order is final now. */
static void prepare(spbe_class_rules_t *rules, apr_pool_t *pool)
{
    int i;

    rules->find = spbe_class_find_create(pool);
    for (i = 0; i < rules->rules->nelts; i++) {
        const spbe_class_rule_t *rule =
            &APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t);

        if (rule->regex != NULL) {
            spbe_class_find_add(rules->find, spbe_span_from(rule->regex), i,
                                pool);
        }
    }
}

static const char *syntax_error(reader_t *reader, const char *end)
{
    size_t offset = end == NULL ? 0 : (size_t)(end - reader->json.ptr);

    return apr_pstrcat(reader->pool, reader->name, ":",
                       spbe_place_at(reader->json, offset, reader->pool),
                       ": not JSON from here on", NULL);
}

spbe_class_rules_t *spbe_class_rules_load(const char *name, spbe_span_t json,
                                          const char **error, apr_pool_t *pool)
{
    spbe_class_rules_t *rules = apr_pcalloc(pool, sizeof(*rules));
    reader_t reader = {name, json, NULL, NULL, pool};
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, 0);

    rules->rules = apr_array_make(pool, 256, sizeof(spbe_class_rule_t));
    rules->limits = pcre2_match_context_create(NULL);
    apr_pool_cleanup_register(pool, rules, free_rules, apr_pool_cleanup_null);
    *error = NULL;
    if (root == NULL) {
        *error = syntax_error(&reader, end);
        return NULL;
    }
    if (rules->limits != NULL) {
        pcre2_set_match_limit(rules->limits, MATCH_LIMIT);
    }
    reader.root = root;
    read_all(&reader, rules);
    prepare(rules, pool);
    cJSON_Delete(root);
    *error = reader.error;
    return reader.error == NULL ? rules : NULL;
}
