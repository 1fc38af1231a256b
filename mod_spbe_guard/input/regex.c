/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex.c - compile and match. See regex.h.
 */
#include "input/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <apr_strings.h>
#include <time.h>

#include "input/regex_tree.h"

/* Steps of one attempt: so many, and so many more for each byte of text. */
#define STEPS 100000
#define STEPS_BYTE 8
#define HEAP_KB 8192
#define STACK_FIRST (32 * 1024)
#define STACK_MAX (1024 * 1024)
/* PCRE2 counts anew wherever in the text it tries again. So it is let try at
 * few places at once, and stopped when that took too long. */
#define PLACES 256
#define QUICK_NS 1000000LL
#define BUDGET_NS 250000000LL

struct spbe_regex {
    spbe_span_t source;
    pcre2_code *code;
    unsigned anchored : 1;
    unsigned slow : 1;
    unsigned at_start : 1; /* can match at the text's beginning only */
};

struct spbe_regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static apr_status_t free_code(void *code)
{
    pcre2_code_free(code);
    return APR_SUCCESS;
}

static const char *sentence(apr_pool_t *pool, const char *what)
{
    return apr_psprintf(pool, "The pattern has %s.", what);
}

static const char *pcre_sentence(apr_pool_t *pool, int number)
{
    PCRE2_UCHAR text[200];

    pcre2_get_error_message(number, text, sizeof(text));
    return apr_psprintf(pool, "The pattern cannot be had: %s.",
                        (const char *)text);
}

int spbe_regex_valid(spbe_span_t pattern, apr_pool_t *pool)
{
    spbe_regex_tree_t tree;

    return spbe_regex_parse(pattern, &tree, pool);
}

static pcre2_code *compile(spbe_span_t text, const char **error,
                           apr_pool_t *pool)
{
    PCRE2_SIZE where;
    int number;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.ptr, text.len,
                                     SPBE_REGEX_OPTIONS, &number, &where, NULL);

    if (code == NULL) {
        *error = pcre_sentence(pool, number);
    }
    return code;
}

spbe_regex_t *spbe_regex_compile(spbe_span_t pattern, const char **error,
                                 apr_pool_t *pool)
{
    spbe_regex_tree_t tree;
    spbe_regex_t *regex;
    pcre2_code *code;

    if (!spbe_regex_parse(pattern, &tree, pool)) {
        *error = sentence(pool, tree.error);
        return NULL;
    }
    if (tree.beyond != NULL) {
        *error = apr_psprintf(pool, "The pattern has %s, which cannot be had.",
                              tree.beyond);
        return NULL;
    }
    code = compile(spbe_regex_emit(&tree), error, pool);
    if (code == NULL) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, code, free_code, apr_pool_cleanup_null);
    regex = apr_pcalloc(pool, sizeof(*regex));
    regex->source =
        (spbe_span_t){apr_pmemdup(pool, pattern.ptr, pattern.len), pattern.len};
    regex->code = code;
    regex->at_start = spbe_regex_begins(tree.root) ? 1 : 0;
    regex->anchored = regex->at_start && spbe_regex_ends(tree.root);
    regex->slow = spbe_regex_slow(&tree, code) ? 1 : 0;
    /* Where memory may not be made executable the interpreter serves. */
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return regex;
}

static void close_scratch(spbe_regex_scratch_t *scratch)
{
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
}

static apr_status_t free_scratch(void *scratch)
{
    close_scratch(scratch);
    return APR_SUCCESS;
}

/* 0: out of memory. Without a stack of its own PCRE2 uses 32 KB. */
static int open_scratch(spbe_regex_scratch_t *scratch)
{
    scratch->data = pcre2_match_data_create(1, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    scratch->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MAX, NULL);
    if (scratch->data == NULL || scratch->context == NULL) {
        close_scratch(scratch);
        return 0;
    }
    pcre2_set_heap_limit(scratch->context, HEAP_KB);
    if (scratch->stack != NULL) {
        pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    }
    return 1;
}

spbe_regex_scratch_t *spbe_regex_scratch_create(apr_pool_t *pool)
{
    spbe_regex_scratch_t *scratch = apr_pcalloc(pool, sizeof(*scratch));

    if (!open_scratch(scratch)) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, scratch, free_scratch,
                              apr_pool_cleanup_null);
    return scratch;
}

static void set_limits(const spbe_regex_scratch_t *scratch, size_t len)
{
    size_t more = len < 10000000 ? len * STEPS_BYTE : 80000000;
    uint32_t steps = (uint32_t)(STEPS + more);

    pcre2_set_match_limit(scratch->context, steps);
    pcre2_set_depth_limit(scratch->context, steps);
}

/* From places in [from, to] on. */
static spbe_regex_answer_t try_places(const spbe_regex_t *regex,
                                      spbe_span_t text, size_t from, size_t to,
                                      const spbe_regex_scratch_t *scratch)
{
    int rc;

    pcre2_set_offset_limit(scratch->context, to);
    rc = pcre2_match(regex->code, (PCRE2_SPTR)text.ptr, text.len, from,
                     PCRE2_NO_UTF_CHECK, scratch->data, scratch->context);
    if (rc >= 0) {
        return SPBE_REGEX_YES;
    }
    return rc == PCRE2_ERROR_NOMATCH ? SPBE_REGEX_NO : SPBE_REGEX_LIMIT;
}

static apr_int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (apr_int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The beginning of a character at or behind offset. */
static size_t next_character(spbe_span_t text, size_t offset)
{
    while (offset < text.len &&
           ((unsigned char)text.ptr[offset] & 0xc0) == 0x80) {
        offset++;
    }
    return offset;
}

static spbe_regex_answer_t search(const spbe_regex_t *regex, spbe_span_t text,
                                  const spbe_regex_scratch_t *scratch)
{
    size_t from = 0, places = PLACES;
    apr_int64_t began = now_ns(), last = began;

    while (from <= text.len) {
        size_t to = from + places < text.len ? from + places : text.len;
        spbe_regex_answer_t answer = try_places(regex, text, from, to, scratch);
        apr_int64_t now;

        if (answer != SPBE_REGEX_NO || to == text.len) {
            return answer;
        }
        now = now_ns();
        if (now - began > BUDGET_NS) {
            return SPBE_REGEX_LIMIT;
        }
        places = now - last < QUICK_NS ? places * 4 : PLACES;
        last = now;
        from = next_character(text, to + 1);
    }
    return SPBE_REGEX_NO;
}

static spbe_regex_answer_t match(const spbe_regex_t *regex, spbe_span_t text,
                                 const spbe_regex_scratch_t *scratch)
{
    set_limits(scratch, text.len);
    if (regex->at_start || text.len <= PLACES) {
        return try_places(regex, text, 0, text.len, scratch);
    }
    return search(regex, text, scratch);
}

spbe_regex_answer_t spbe_regex_match(const spbe_regex_t *regex,
                                     spbe_span_t text,
                                     spbe_regex_scratch_t *scratch)
{
    spbe_regex_scratch_t own;
    spbe_regex_answer_t answer;

    if (text.len == 0) {
        text = SPBE_SPAN_EMPTY;
    }
    if (scratch != NULL) {
        return match(regex, text, scratch);
    }
    if (!open_scratch(&own)) {
        return SPBE_REGEX_LIMIT;
    }
    answer = match(regex, text, &own);
    close_scratch(&own);
    return answer;
}

spbe_span_t spbe_regex_source(const spbe_regex_t *regex)
{
    return regex->source;
}

int spbe_regex_is_anchored(const spbe_regex_t *regex)
{
    return regex->anchored;
}

int spbe_regex_is_slow(const spbe_regex_t *regex)
{
    return regex->slow;
}
