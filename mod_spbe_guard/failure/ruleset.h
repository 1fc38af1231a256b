/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/ruleset.h - the inside of a rule set, for the files that read,
 * compile and run rules. Everybody else uses failure/rules.h.
 */
#ifndef SPBE_FAILURE_RULESET_H
#define SPBE_FAILURE_RULESET_H

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <apr_tables.h>
#include <pcre2.h>

#include "failure/matcher.h"
#include "failure/rules.h"

#define SPBE_STATUSES 600

/*
 * PCRE2's match limit at one place of a text, and a smaller one. The shipped
 * rules stay below it on any text of the tests; what goes over is treated as
 * found (confirm.h).
 */
#define SPBE_MATCH_LIMIT 250000
#define SPBE_MATCH_BRIEF 5000

typedef struct spbe_pattern {
    spbe_rule_t rule;
    const char *expression; /* macros replaced; NULL: the literal is enough */
    pcre2_code *code;       /* NULL without expression */
    unsigned cut;           /* number of the group "cut", or 0 */
    size_t lookbehind;      /* bytes before the region the regex looks at */
} spbe_pattern_t;

struct spbe_rules {
    apr_pool_t *pool;
    apr_array_header_t *patterns; /* spbe_pattern_t * */
    apr_array_header_t *literals; /* spbe_literal_t; owner: pattern index */
    spbe_matcher_t *matcher;      /* NULL until compiled */
    size_t overlap;               /* longest literal - 1 */
    size_t hold[SPBE_STATUSES];   /* by status: longest literal - 1 + back */
    uint32_t pairs;               /* the largest number of groups + 1 */
};

struct spbe_scratch {
    spbe_matcher_scratch_t *matcher;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static inline spbe_pattern_t *spbe_ruleset_at(const spbe_rules_t *rules,
                                              size_t i)
{
    return APR_ARRAY_IDX(rules->patterns, i, spbe_pattern_t *);
}

/* Compiles pattern->expression; NULL or an error text with offset. */
const char *spbe_ruleset_regex(spbe_rules_t *rules, spbe_pattern_t *pattern);

#endif
