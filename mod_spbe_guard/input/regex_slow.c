/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_slow.c - try a pattern on texts made to take long. See
 * regex_tree.h.
 *
 * For each repeat of the pattern: what leads to it, then what it repeats over
 * and over, then something that does not fit. A pattern that goes over its
 * limit of steps there will do so for a visitor as well.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "input/regex_tree.h"

#define STEPS 100000
#define PUMPED 300      /* bytes at least */
#define PUMPED_MAX 6000 /* bytes at most, with what stands before */
#define ROUNDS 30       /* at least: two ways each make 2^30 */
#define WAYS 3          /* through the alternatives within */
#define REPEATS 40      /* tried; beyond that, the first ones */
#define SETS 4000       /* characters looked up for one pattern */

typedef struct trial {
    const spbe_regex_tree_t *tree;
    const pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    spbe_span_t sample;
    spbe_span_t misfit; /* ends a text; has what PCRE2 looks for beforehand */
    unsigned way, repeats, sets;
    int found;
} trial_t;

static void put_text(trial_t *t, const spbe_regex_node_t *node,
                     spbe_buf_t *out);

/* The first character of the sample that a set has. */
static void put_character(trial_t *t, spbe_span_t set, spbe_buf_t *out)
{
    PCRE2_SIZE where, *range = pcre2_get_ovector_pointer(t->data);
    int number;
    pcre2_code *code;

    if (t->sets == 0) {
        return;
    }
    t->sets--;
    code = pcre2_compile((PCRE2_SPTR)set.ptr, set.len, SPBE_REGEX_OPTIONS,
                         &number, &where, NULL);
    if (code != NULL && pcre2_match(code, (PCRE2_SPTR)t->sample.ptr,
                                    t->sample.len, 0, 0, t->data, NULL) >= 0) {
        spbe_buf_add(out, spbe_span_slice(t->sample, range[0], range[1]));
    }
    pcre2_code_free(code);
}

static const spbe_regex_node_t *choose(const trial_t *t,
                                       const spbe_regex_node_t *choice)
{
    const spbe_regex_node_t *child = choice->first;
    unsigned i;

    for (i = 0; i < t->way && child->next != NULL; i++) {
        child = child->next;
    }
    return child;
}

static void put_times(trial_t *t, const spbe_regex_node_t *node, unsigned times,
                      spbe_buf_t *out)
{
    spbe_buf_t once;
    unsigned i;

    spbe_buf_init(&once, 32, t->tree->pool);
    put_text(t, node, &once);
    for (i = 0; i < times && out->len + once.len < PUMPED_MAX; i++) {
        spbe_buf_add(out, spbe_buf_span(&once));
    }
}

/* A text that node matches, as far as it is made of sets and repeats. */
static void put_text(trial_t *t, const spbe_regex_node_t *node, spbe_buf_t *out)
{
    const spbe_regex_node_t *child;

    switch (node->kind) {
    case SPBE_RE_SET:
        put_character(t, node->text, out);
        break;
    case SPBE_RE_CHOICE:
        put_text(t, choose(t, node), out);
        break;
    case SPBE_RE_REPEAT:
        put_times(t, node->first, node->min > 0 ? node->min : 1, out);
        break;
    case SPBE_RE_GROUP:
    case SPBE_RE_SEQUENCE:
        for (child = node->first; child != NULL; child = child->next) {
            put_text(t, child, out);
        }
        break;
    default:
        break;
    }
}

static int over_limit(const trial_t *t, spbe_buf_t *text, spbe_span_t tail)
{
    size_t len = text->len;
    int rc;

    spbe_buf_add(text, tail);
    rc = pcre2_match(t->code, (PCRE2_SPTR)text->ptr, text->len, 0,
                     PCRE2_ANCHORED | PCRE2_NO_JIT | PCRE2_NO_UTF_CHECK,
                     t->data, t->context);
    text->len = len;
    return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
           rc == PCRE2_ERROR_HEAPLIMIT;
}

/* before: what leads to the repeat. */
static int try_repeat(trial_t *t, const spbe_regex_node_t *repeat,
                      const spbe_buf_t *before)
{
    for (t->way = 0; t->way < WAYS; t->way++) {
        spbe_buf_t text, once;
        unsigned i;

        spbe_buf_init(&once, 32, t->tree->pool);
        put_text(t, repeat->first, &once);
        spbe_buf_init(&text, 512, t->tree->pool);
        spbe_buf_add(&text, spbe_buf_span(before));
        for (i = 0; (i < ROUNDS || text.len < PUMPED) && once.len > 0 &&
                    text.len + once.len < PUMPED_MAX;
             i++) {
            spbe_buf_add(&text, spbe_buf_span(&once));
        }
        if (over_limit(t, &text, SPBE_SPAN_EMPTY) ||
            over_limit(t, &text, SPBE_SPAN("\x01")) ||
            over_limit(t, &text, t->misfit)) {
            return 1;
        }
    }
    t->way = 0;
    return 0;
}

/* Visits every repeat; text grows by what leads past each node. */
static void visit(trial_t *t, const spbe_regex_node_t *node, spbe_buf_t *text)
{
    const spbe_regex_node_t *child;
    size_t len = text->len;

    if (spbe_regex_is_big(node) && t->repeats > 0) {
        t->repeats--;
        t->found = t->found || try_repeat(t, node, text);
    }
    for (child = node->first; child != NULL && !t->found; child = child->next) {
        visit(t, child, text);
        if (node->kind == SPBE_RE_CHOICE || node->kind == SPBE_RE_LOOK) {
            text->len = len;
        }
        else if (node->kind == SPBE_RE_SEQUENCE && text->len < PUMPED_MAX) {
            put_text(t, child, text);
        }
    }
    /* The caller adds what node itself leads to. */
    text->len = len;
}

static spbe_span_t make_sample(const spbe_regex_tree_t *tree)
{
    spbe_buf_t sample;
    int c;

    spbe_buf_init(&sample, tree->sample.len + 256, tree->pool);
    spbe_buf_adds(&sample, "a0A ");
    spbe_buf_add(&sample, spbe_buf_span(&tree->sample));
    for (c = 1; c < 0x7f; c++) {
        spbe_buf_addc(&sample, (char)c);
    }
    spbe_buf_adds(&sample, "\u00e9\u00c9\u00a0\u0660\u4e2d");
    return spbe_buf_span(&sample);
}

static spbe_span_t make_misfit(const spbe_regex_tree_t *tree)
{
    spbe_buf_t misfit;

    spbe_buf_init(&misfit, tree->sample.len + 2, tree->pool);
    spbe_buf_addc(&misfit, '\x01');
    spbe_buf_add(&misfit, spbe_buf_span(&tree->sample));
    spbe_buf_addc(&misfit, '\x01');
    return spbe_buf_span(&misfit);
}

static int run_trial(trial_t *t)
{
    spbe_buf_t text;

    pcre2_set_match_limit(t->context, STEPS);
    pcre2_set_depth_limit(t->context, STEPS);
    t->sample = make_sample(t->tree);
    t->misfit = make_misfit(t->tree);
    spbe_buf_init(&text, 64, t->tree->pool);
    visit(t, t->tree->root, &text);
    return t->found;
}

int spbe_regex_slow(const spbe_regex_tree_t *tree,
                    const struct pcre2_real_code_8 *code)
{
    trial_t t = {.tree = tree, .code = code, .repeats = REPEATS, .sets = SETS};
    int slow = spbe_regex_edge_ambiguous(tree);

    if (slow) {
        return 1;
    }
    t.data = pcre2_match_data_create(1, NULL);
    t.context = pcre2_match_context_create(NULL);
    if (t.data != NULL && t.context != NULL) {
        slow = run_trial(&t);
    }
    pcre2_match_data_free(t.data);
    pcre2_match_context_free(t.context);
    return slow;
}
