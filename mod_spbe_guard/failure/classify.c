/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/classify.c - whose fault is it? See classify.h.
 *
 * Level by level, and in each level place by place: the exception that is
 * named says more than a page around it, a log line more than a page. The
 * first rule that matches decides.
 */
#include "failure/classify_int.h"

#include <string.h>
#include <apr_strings.h>
#include "failure/trace_int.h"
#include "text/plain.h"

#define TEXT_MAX_LEN ((size_t)96 * 1024)
#define WORDS_MAX_LEN 120
/* A longer trace is a page with source, settings and libraries between. */
#define TRACE_MAX_LEN ((size_t)8 * 1024)

typedef struct evidence {
    spbe_span_t text[SPBE_CLASS_PLACES];
    unsigned char *candidate[SPBE_CLASS_PLACES]; /* by rule */
    const spbe_class_input_t *input;
} evidence_t;

const char *spbe_class_name(spbe_class_t class)
{
    static const char *const NAMES[] = {"unknown",  "code",     "configuration",
                                        "database", "upstream", "resource"};

    return NAMES[class <= SPBE_CLASS_RESOURCE ? class : 0];
}

const char *spbe_class_responsible(spbe_class_t class)
{
    if (class == SPBE_CLASS_CODE) {
        return "Dev";
    }
    return class == SPBE_CLASS_UNKNOWN ? "Dev, Sys admin" : "Sys admin";
}

/* Lines that name another exception of the same failure. */
static int names_cause(spbe_span_t line, spbe_span_t above)
{
    line = spbe_trace_ltrim(line);
    return spbe_span_starts(line, SPBE_SPAN("Caused by")) ||
           spbe_span_starts(line, SPBE_SPAN("---> ")) ||
           spbe_span_starts(line, SPBE_SPAN("[cause]")) ||
           spbe_span_starts(line, SPBE_SPAN("Next ")) ||
           spbe_span_starts(spbe_trace_ltrim(above), SPBE_SPAN("Root Cause"));
}

/* Frames with source, settings and libraries between them? */
static int is_page(const spbe_trace_t *trace)
{
    return trace->frames->nelts > 0 && trace->text.len > TRACE_MAX_LEN;
}

/* Where it was thrown: the driver's own file tells whose fault it is. */
static const char *thrown_at(const spbe_trace_t *trace, apr_pool_t *pool)
{
    const spbe_frame_t *f = (const spbe_frame_t *)trace->frames->elts;

    if (trace->frames->nelts == 0) {
        return "";
    }
    return apr_pstrcat(pool, "\nthrown at ",
                       f->function != NULL ? f->function : "", " ",
                       f->file != NULL ? f->file : "", NULL);
}

static spbe_span_t headline(const spbe_trace_t *trace, apr_pool_t *pool)
{
    const char *text;
    spbe_span_t rest, above = SPBE_SPAN_EMPTY;

    if (trace != NULL && is_page(trace) && trace->exception == NULL) {
        text = apr_pstrcat(pool, "frames alone", thrown_at(trace, pool), NULL);
        return spbe_span_from(text);
    }
    if (trace == NULL || (trace->exception == NULL && trace->message == NULL)) {
        return SPBE_SPAN_EMPTY;
    }
    text =
        apr_pstrcat(pool, trace->exception != NULL ? trace->exception : "",
                    ": ", trace->message != NULL ? trace->message : "",
                    thrown_at(trace, pool), NULL);
    rest = trace->text;
    while (rest.len > 0) {
        spbe_span_t line = spbe_span_line(&rest);

        if (names_cause(line, above)) {
            text =
                apr_pstrcat(pool, text, "\n", spbe_span_dup(line, pool), NULL);
        }
        above = line;
    }
    return spbe_span_from(text);
}

static spbe_span_t cap(spbe_span_t text)
{
    return spbe_span_slice(text, 0, TEXT_MAX_LEN);
}

/*
 * A debug page shows source, settings and the request besides: words that
 * decide nothing. Where its trace was read, that is enough, but for PHP, which
 * goes on after a warning: the reason may stand above the exception.
 */
static int needs_body(const spbe_trace_t *trace)
{
    return trace == NULL || (trace->exception == NULL && !is_page(trace)) ||
           trace->frames->nelts == 0 || trace->language == NULL ||
           strcmp(trace->language, "php") == 0;
}

/* The words between the frames of a debug page decide nothing either; Ruby's
 * pages have them from the second line on, its plain traces never. */
static spbe_span_t trace_text(const spbe_trace_t *trace)
{
    if (trace == NULL || is_page(trace) ||
        (trace->exception != NULL && trace->frames->nelts > 0 &&
         trace->language != NULL && strcmp(trace->language, "ruby") == 0)) {
        return SPBE_SPAN_EMPTY;
    }
    return cap(trace->text);
}

static evidence_t gather(const spbe_class_rules_t *rules,
                         const spbe_class_input_t *input, apr_pool_t *pool)
{
    evidence_t ev = {.input = input};
    int seams, place;

    ev.text[SPBE_CLASS_BODY] = SPBE_SPAN_EMPTY;
    ev.text[SPBE_CLASS_STATUS] = SPBE_SPAN_EMPTY;
    ev.text[SPBE_CLASS_EXCEPTION] = headline(input->trace, pool);
    ev.text[SPBE_CLASS_LOG] = cap(spbe_trace_undress(input->log, &seams, pool));
    ev.text[SPBE_CLASS_TRACE] = trace_text(input->trace);
    if (needs_body(input->trace)) {
        ev.text[SPBE_CLASS_BODY] = cap(spbe_plain_text(
            spbe_span_slice(input->body, 0, 4 * TEXT_MAX_LEN), pool));
    }
    for (place = 0; place < SPBE_CLASS_STATUS; place++) {
        ev.candidate[place] =
            apr_pcalloc(pool, (apr_size_t)rules->rules->nelts);
        spbe_class_find_run(rules->find, ev.text[place], ev.candidate[place]);
    }
    return ev;
}

static int status_fits(const spbe_class_rule_t *rule,
                       const spbe_class_input_t *input)
{
    int i;

    if (rule->by_server >= 0 && rule->by_server != (input->by_server != 0)) {
        return 0;
    }
    for (i = 0; rule->status != NULL && i < rule->status->nelts; i++) {
        if (APR_ARRAY_IDX(rule->status, i, int) == input->status) {
            return 1;
        }
    }
    return rule->status == NULL;
}

/* Returns 1 and where in text the words are. */
static int search(const spbe_class_rules_t *rules,
                  const spbe_class_rule_t *rule, spbe_span_t text,
                  pcre2_match_data *data, spbe_span_t *words)
{
    const PCRE2_SIZE *at;

    if (text.len == 0 || pcre2_match(rule->code, (PCRE2_SPTR)text.ptr, text.len,
                                     0, 0, data, rules->limits) < 0) {
        return 0;
    }
    at = pcre2_get_ovector_pointer(data);
    *words = spbe_span_slice(text, at[0], at[1]);
    return 1;
}

static const char *because(spbe_class_place_t place, spbe_span_t words,
                           apr_pool_t *pool)
{
    char *text;
    size_t i;

    words = spbe_span_slice(spbe_span_trim(words), 0, WORDS_MAX_LEN);
    text = spbe_span_dup(words, pool);
    for (i = 0; text[i] != '\0'; i++) {
        text[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
    }
    return apr_pstrcat(pool, spbe_class_place_name(place), ": \"", text, "\"",
                       NULL);
}

static int by_status(const spbe_class_rule_t *rule, const evidence_t *ev,
                     spbe_verdict_class_t *verdict, apr_pool_t *pool)
{
    if (rule->code != NULL || !status_fits(rule, ev->input)) {
        return 0;
    }
    verdict->class = rule->class;
    verdict->rule = rule->id;
    verdict->why = apr_psprintf(pool, "status: %d%s", ev->input->status,
                                ev->input->by_server ? " of the server" : "");
    return 1;
}

static int ask_place(const spbe_class_rules_t *rules, int from, int to,
                     spbe_class_place_t place, const evidence_t *ev,
                     pcre2_match_data *data, spbe_verdict_class_t *verdict,
                     apr_pool_t *pool)
{
    spbe_span_t words;
    int i;

    for (i = from; i < to; i++) {
        const spbe_class_rule_t *rule =
            &APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t);

        if (!(rule->where & 1u << place)) {
            continue;
        }
        if (place == SPBE_CLASS_STATUS) {
            if (by_status(rule, ev, verdict, pool)) {
                return 1;
            }
            continue;
        }
        if (ev->candidate[place][i] && status_fits(rule, ev->input) &&
            search(rules, rule, ev->text[place], data, &words)) {
            verdict->class = rule->class;
            verdict->rule = rule->id;
            verdict->why = because(place, words, pool);
            return 1;
        }
    }
    return 0;
}

/* The index of the first rule of a higher level than that of rule i. */
static int level_end(const spbe_class_rules_t *rules, int i)
{
    int level = APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t).level;

    while (i < rules->rules->nelts &&
           APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t).level == level) {
        i++;
    }
    return i;
}

spbe_verdict_class_t spbe_classify(const spbe_class_rules_t *rules,
                                   const spbe_class_input_t *input,
                                   apr_pool_t *pool)
{
    spbe_verdict_class_t verdict = {SPBE_CLASS_UNKNOWN, "none",
                                    "nothing in body, log, trace or status "
                                    "matched a rule"};
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    evidence_t ev = gather(rules, input, pool);
    int from, to, place, done = data == NULL;

    for (from = 0; !done && from < rules->rules->nelts; from = to) {
        to = level_end(rules, from);
        for (place = 0; !done && place < SPBE_CLASS_PLACES; place++) {
            done = ask_place(rules, from, to, (spbe_class_place_t)place, &ev,
                             data, &verdict, pool);
        }
    }
    pcre2_match_data_free(data);
    return verdict;
}

/* Does the rule's expression match the example? */
static int example(const spbe_class_rules_t *rules,
                   const spbe_class_rule_t *rule, const char *text,
                   pcre2_match_data *data)
{
    spbe_span_t words;

    return rule->code != NULL &&
           search(rules, rule, spbe_span_from(text), data, &words);
}

const char *spbe_class_rules_check(const spbe_class_rules_t *rules,
                                   apr_pool_t *pool)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    const char *error = NULL;
    int i, k;

    for (i = 0; error == NULL && i < rules->rules->nelts; i++) {
        const spbe_class_rule_t *rule =
            &APR_ARRAY_IDX(rules->rules, i, spbe_class_rule_t);

        if (rule->code != NULL && rule->match->nelts == 0) {
            error = apr_pstrcat(pool, rule->id, ": has no example", NULL);
        }
        for (k = 0; error == NULL && k < rule->match->nelts; k++) {
            const char *text = APR_ARRAY_IDX(rule->match, k, const char *);

            if (!example(rules, rule, text, data)) {
                error = apr_pstrcat(pool, rule->id, ": does not match ", text,
                                    NULL);
            }
        }
        for (k = 0; error == NULL && k < rule->miss->nelts; k++) {
            const char *text = APR_ARRAY_IDX(rule->miss, k, const char *);

            if (example(rules, rule, text, data)) {
                error = apr_pstrcat(pool, rule->id, ": matches ", text, NULL);
            }
        }
    }
    pcre2_match_data_free(data);
    return error;
}
