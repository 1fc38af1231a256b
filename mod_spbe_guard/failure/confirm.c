/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/confirm.c - run one rule's expression around one hit. See confirm.h.
 */
#include "failure/confirm.h"

/* What PCRE2 is given: a part of the text, and where in it a match may be. */
typedef struct subject {
    spbe_span_t text;
    size_t base;       /* offset of text in the region's text */
    size_t from;       /* in text: first byte a match may begin at */
    size_t start, end; /* in text: the hit */
    int complete;      /* no byte to come belongs to the region */
    uint32_t options;
} subject_t;

static size_t minus(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

/*
 * The subject begins before the region, so that \b, ^ and lookbehind see what
 * stands there. Its length depends on the rule alone; so does NOTEOL, since
 * whether the region's end is also the response's may not be known yet.
 */
static subject_t make_subject(const spbe_pattern_t *pattern,
                              const spbe_region_t *region)
{
    size_t from = minus(region->start, pattern->rule.back);
    size_t end = region->end + pattern->rule.ahead;
    subject_t s = {.options = 0};

    if (from < region->floor) {
        from = region->floor;
    }
    s.complete = region->last;
    if (end <= region->text.len) {
        s.complete = 1;
        s.options = PCRE2_NOTEOL;
    }
    s.base = minus(from, pattern->lookbehind);
    s.text = spbe_span_slice(region->text, s.base, end);
    s.from = from - s.base;
    s.start = region->start - s.base;
    s.end = region->end - s.base;
    return s;
}

static spbe_answer_t found_at(const subject_t *s, size_t start, size_t end,
                              size_t cut_start, size_t cut_end,
                              spbe_found_t *found)
{
    *found = (spbe_found_t){.start = s->base + cut_start,
                            .end = s->base + cut_end,
                            .whole_start = s->base + start,
                            .whole = s->base + end};
    return SPBE_ANSWER_YES;
}

static spbe_answer_t hit_itself(const subject_t *s, spbe_found_t *found)
{
    return found_at(s, s->start, s->end, s->start, s->end, found);
}

static spbe_answer_t matched(const spbe_pattern_t *pattern, const subject_t *s,
                             const PCRE2_SIZE *pairs, int rc,
                             spbe_found_t *found)
{
    unsigned cut = pattern->cut;

    if (cut > 0 && rc > (int)cut && pairs[2 * cut] != PCRE2_UNSET &&
        pairs[2 * cut] < pairs[2 * cut + 1]) {
        return found_at(s, pairs[0], pairs[1], pairs[2 * cut],
                        pairs[2 * cut + 1], found);
    }
    return found_at(s, pairs[0], pairs[1], pairs[0], pairs[1], found);
}

/*
 * Over a limit or out of memory. On an incomplete region that says nothing of
 * the complete one, and the answer must not depend on where bytes were cut.
 */
static spbe_answer_t gave_up(const subject_t *s, spbe_found_t *found)
{
    return s->complete ? hit_itself(s, found) : SPBE_ANSWER_MORE;
}

static spbe_answer_t search(const spbe_pattern_t *pattern,
                            spbe_scratch_t *scratch, const subject_t *s,
                            spbe_found_t *found)
{
    const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(scratch->data);
    uint32_t options = s->options | (s->complete ? 0 : PCRE2_PARTIAL_HARD);
    size_t at = s->from;
    int rc;

    /* A match that begins behind the hit cannot overlap it. */
    pcre2_set_offset_limit(scratch->context, s->end - 1);
    while (at < s->end) {
        rc = pcre2_match(pattern->code, (PCRE2_SPTR)s->text.ptr, s->text.len,
                         at, options, scratch->data, scratch->context);
        if (rc == PCRE2_ERROR_NOMATCH) {
            return SPBE_ANSWER_NO;
        }
        if (rc == PCRE2_ERROR_PARTIAL) {
            return SPBE_ANSWER_MORE;
        }
        if (rc <= 0) {
            return gave_up(s, found);
        }
        if (pairs[0] < pairs[1] && pairs[1] > s->start && pairs[0] < s->end) {
            return matched(pattern, s, pairs, rc, found);
        }
        at = pairs[1] > at ? pairs[1] : at + 1;
    }
    return SPBE_ANSWER_NO;
}

spbe_answer_t spbe_confirm(const spbe_pattern_t *pattern,
                           spbe_scratch_t *scratch, const spbe_region_t *region,
                           spbe_found_t *found)
{
    subject_t s = make_subject(pattern, region);

    if (pattern->code == NULL) {
        return hit_itself(&s, found);
    }
    pcre2_set_match_limit(scratch->context,
                          region->brief ? SPBE_MATCH_BRIEF : SPBE_MATCH_LIMIT);
    return search(pattern, scratch, &s, found);
}
