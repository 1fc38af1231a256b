/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/rules.c - the life of a rule set: made, compiled, asked, freed.
 *
 * Reading the JSON is in rules_read.c; running it in matcher.c and confirm.c.
 */
#include "failure/ruleset.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

#define HEAP_LIMIT_KIB 4096
#define LOOKBEHIND_MAX 1024
#define JIT_STACK_START (32 * 1024)
#define JIT_STACK_MAX (512 * 1024)

static apr_status_t free_patterns(void *data)
{
    spbe_rules_t *rules = data;
    size_t i;

    for (i = 0; i < spbe_rules_count(rules); i++) {
        pcre2_code_free(spbe_ruleset_at(rules, i)->code);
        spbe_ruleset_at(rules, i)->code = NULL;
    }
    return APR_SUCCESS;
}

spbe_rules_t *spbe_rules_create(apr_pool_t *pool)
{
    spbe_rules_t *rules = apr_pcalloc(pool, sizeof(*rules));

    rules->pool = pool;
    rules->patterns = apr_array_make(pool, 64, sizeof(spbe_pattern_t *));
    rules->literals = apr_array_make(pool, 256, sizeof(spbe_literal_t));
    rules->pairs = 1;
    apr_pool_cleanup_register(pool, rules, free_patterns,
                              apr_pool_cleanup_null);
    return rules;
}

static const char *regex_error(spbe_rules_t *rules,
                               const spbe_pattern_t *pattern, int code,
                               size_t offset)
{
    PCRE2_UCHAR text[256];
    spbe_span_t near = spbe_span_slice(spbe_span_from(pattern->expression),
                                       offset, offset + 24);

    pcre2_get_error_message(code, text, sizeof(text));
    return apr_psprintf(
        rules->pool,
        "%s at offset %" APR_SIZE_T_FMT " (macros replaced), before \"%s\"",
        (const char *)text, offset, spbe_span_dup(near, rules->pool));
}

static void read_facts(spbe_rules_t *rules, spbe_pattern_t *pattern)
{
    uint32_t lookbehind = 0, groups = 0;
    int cut;

    pcre2_pattern_info(pattern->code, PCRE2_INFO_MAXLOOKBEHIND, &lookbehind);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    cut = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR) "cut");
    pattern->cut = cut > 0 ? (unsigned)cut : 0;
    /* At least one, so that \A and ^ see that the text began earlier. */
    pattern->lookbehind = lookbehind > 1 ? lookbehind : 1;
    if (groups + 1 > rules->pairs) {
        rules->pairs = groups + 1;
    }
}

/* Line ends are LF whatever PCRE2 was built with: rules must not change their
 * meaning with the distribution. */
const char *spbe_ruleset_regex(spbe_rules_t *rules, spbe_pattern_t *pattern)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_SIZE offset = 0;
    int error = 0;

    if (context == NULL) {
        return "memory is short";
    }
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pattern->code = pcre2_compile(
        (PCRE2_SPTR)pattern->expression, PCRE2_ZERO_TERMINATED,
        PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_USE_OFFSET_LIMIT, &error,
        &offset, context);
    pcre2_compile_context_free(context);
    if (pattern->code == NULL) {
        return regex_error(rules, pattern, error, offset);
    }
    /* Without JIT (a hardened kernel may forbid it) it is slower, no more. */
    pcre2_jit_compile(pattern->code,
                      PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
    read_facts(rules, pattern);
    if (pattern->lookbehind > LOOKBEHIND_MAX) {
        return apr_psprintf(rules->pool, "lookbehind over %d bytes",
                            LOOKBEHIND_MAX);
    }
    return NULL;
}

static void measure(spbe_rules_t *rules, const spbe_literal_t *literal)
{
    const spbe_rule_t *rule = spbe_rules_at(rules, literal->owner);
    size_t overlap = literal->text.len - 1, status;

    if (overlap > rules->overlap) {
        rules->overlap = overlap;
    }
    for (status = rule->min_status; status < SPBE_STATUSES; status++) {
        if (overlap + rule->back > rules->hold[status]) {
            rules->hold[status] = overlap + rule->back;
        }
    }
}

const char *spbe_rules_compile(spbe_rules_t *rules, int force_slow)
{
    const spbe_literal_t *literals = (const void *)rules->literals->elts;
    int i;

    if (rules->matcher != NULL) {
        return "the rules are compiled already";
    }
    for (i = 0; i < rules->literals->nelts; i++) {
        measure(rules, &literals[i]);
    }
    rules->matcher = spbe_matcher_create(
        literals, (size_t)rules->literals->nelts, force_slow, rules->pool);
    return NULL;
}

const char *spbe_rules_matcher(const spbe_rules_t *rules)
{
    return rules->matcher == NULL ? "none" : spbe_matcher_name(rules->matcher);
}

size_t spbe_rules_count(const spbe_rules_t *rules)
{
    return (size_t)rules->patterns->nelts;
}

const spbe_rule_t *spbe_rules_at(const spbe_rules_t *rules, size_t i)
{
    return &spbe_ruleset_at(rules, i)->rule;
}

static int make_regex_part(spbe_scratch_t *scratch, const spbe_rules_t *rules)
{
    scratch->data = pcre2_match_data_create(rules->pairs, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    scratch->stack =
        pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (scratch->data == NULL || scratch->context == NULL) {
        return 0;
    }
    pcre2_set_match_limit(scratch->context, SPBE_MATCH_LIMIT);
    pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
    /* Without JIT there is no such stack, and none is needed. */
    if (scratch->stack != NULL) {
        pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    }
    return 1;
}

spbe_scratch_t *spbe_scratch_create(const spbe_rules_t *rules)
{
    spbe_scratch_t *scratch;

    if (rules->matcher == NULL) {
        return NULL;
    }
    scratch = calloc(1, sizeof(*scratch));
    if (scratch == NULL) {
        return NULL;
    }
    scratch->matcher = spbe_matcher_scratch_create(rules->matcher);
    if (scratch->matcher == NULL || !make_regex_part(scratch, rules)) {
        spbe_scratch_destroy(scratch);
        return NULL;
    }
    return scratch;
}

void spbe_scratch_destroy(spbe_scratch_t *scratch)
{
    if (scratch == NULL) {
        return;
    }
    spbe_matcher_scratch_destroy(scratch->matcher);
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    free(scratch);
}
