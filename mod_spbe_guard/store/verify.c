/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify.c - reads an archive from beginning to end. See verify.h; a
 * group is judged in verify_group.c, what entries say in verify_entry.c.
 */
#include "store/verify_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

static const struct {
    const char *name;
    spbe_verify_weight_t weight;
} kinds[] = {
    [SPBE_VERIFY_EMPTY] = {"empty", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_WRONG_KEY] = {"wrong-key", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_NO_START] = {"no-start", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_SIGNATURE] = {"signature", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_BODY] = {"body", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_SIGNER] = {"signer", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_MISSING] = {"missing", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_CHAIN] = {"chain", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_REPEATED] = {"repeated", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_SEGMENT] = {"segment", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_PURGED] = {"purged", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_HELD] = {"held", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_HEAD_OTHER] = {"head-other", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_HEAD_MISSING] = {"head-missing", SPBE_VERIFY_BROKEN},
    [SPBE_VERIFY_CLOCK_BACK] = {"clock-back", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_CLOCK_AHEAD] = {"clock-ahead", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_UPTIME] = {"uptime", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_LOST] = {"lost", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_FUTURE] = {"future", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_NOT_LOST] = {"not-lost", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_NO_HEAD] = {"no-head", SPBE_VERIFY_ASK},
    [SPBE_VERIFY_TORN] = {"torn", SPBE_VERIFY_NOTE},
    [SPBE_VERIFY_REPORTED] = {"reported", SPBE_VERIFY_NOTE},
    [SPBE_VERIFY_ORDERED] = {"ordered", SPBE_VERIFY_NOTE},
};

spbe_verify_weight_t spbe_verify_weight(spbe_verify_kind_t kind)
{
    return kinds[kind].weight;
}

const char *spbe_verify_name(spbe_verify_kind_t kind)
{
    return kinds[kind].name;
}

static int compare_findings(const void *a, const void *b)
{
    const spbe_verify_finding_t *x = a, *y = b;
    spbe_verify_weight_t wx = kinds[x->kind].weight;
    spbe_verify_weight_t wy = kinds[y->kind].weight;

    if (wx != wy) {
        return wx < wy ? -1 : 1;
    }
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Stable, and of a few hundred: what is graver first, then by place. */
static void sort_findings(apr_array_header_t *findings)
{
    spbe_verify_finding_t *all = (spbe_verify_finding_t *)findings->elts;
    int i, k;

    for (i = 1; i < findings->nelts; i++) {
        spbe_verify_finding_t one = all[i];

        for (k = i; k > 0 && compare_findings(&all[k - 1], &one) > 0; k--) {
            all[k] = all[k - 1];
        }
        all[k] = one;
    }
}

void spbe_verify_find(spbe_verify_t *verify,
                      const spbe_verify_finding_t *finding)
{
    spbe_verify_report_t *report = verify->report;
    spbe_verify_weight_t weight = kinds[finding->kind].weight;
    apr_uint64_t *count = weight == SPBE_VERIFY_BROKEN ? &report->broken
                          : weight == SPBE_VERIFY_ASK  ? &report->ask
                                                       : &report->note;

    ++*count;
    /* Notes must not take the room of what is worse, and nothing that of a
     * purge: somebody answers for it by name. */
    if (finding->kind == SPBE_VERIFY_ORDERED
            ? ++report->orders <= SPBE_VERIFY_FINDINGS / 2
            : *count - (weight == SPBE_VERIFY_NOTE ? report->orders : 0) <=
                  (weight == SPBE_VERIFY_NOTE ? SPBE_VERIFY_FINDINGS / 4
                                              : SPBE_VERIFY_FINDINGS / 2)) {
        APR_ARRAY_PUSH(report->findings, spbe_verify_finding_t) = *finding;
    }
}

/* Bytes that no signature follows: a crash, or what is being written now. A
 * database is never left so. */
static void end_segment(spbe_verify_t *verify, spbe_lines_t *lines)
{
    spbe_verify_finding_t torn = {.kind = SPBE_VERIFY_TORN,
                                  .segment = verify->segment,
                                  .offset = verify->begin,
                                  .time = verify->link.time};

    spbe_lines_cut(lines);
    if (verify->segment != NULL && verify->end > verify->begin) {
        torn.n = verify->end - verify->begin;
        if (strcmp(verify->segment, SPBE_SOURCE_DATABASE) == 0) {
            torn.kind = SPBE_VERIFY_SIGNATURE;
            torn.from = torn.upto = verify->link.number + 1;
        }
        spbe_verify_find(verify, &torn);
    }
    spbe_body_start(verify->body);
    verify->entries = 0;
    verify->head_rc = SPBE_NONE;
    verify->ordered->nelts = 0;
    verify->key_lines = 0;
}

static void begin_segment(spbe_verify_t *verify,
                          const spbe_source_piece_t *piece)
{
    verify->segment = apr_pstrdup(verify->pool, piece->segment);
    verify->begin = verify->end = piece->offset;
    verify->is_first = 1;
    verify->report->segments++;
}

static void take_entry(spbe_verify_t *verify, spbe_span_t line,
                       apr_uint64_t offset)
{
    spbe_entry_t entry;

    spbe_body_add(verify->body, line);
    verify->entries++;
    if (spbe_entry_parse(line, &entry) != SPBE_OK) {
        return;
    }
    if (entry.kind == SPBE_ENTRY_SEGMENT) {
        verify->head_rc = verify->entries == 1
                              ? spbe_segment_parse(line, &verify->head_entry)
                              : SPBE_BAD;
        verify->head_at = offset;
        return;
    }
    spbe_verify_entry(verify, &entry);
}

static void take_line(spbe_verify_t *verify, spbe_span_t line,
                      apr_uint64_t offset, int whole)
{
    verify->report->entries++;
    if (!whole || !spbe_group_is(line)) {
        take_entry(verify, line, offset);
        return;
    }
    verify->report->entries--;
    spbe_verify_group(verify, line);
    verify->begin = offset + line.len + 1;
    verify->is_first = 0;
    verify->entries = 0;
    verify->head_rc = SPBE_NONE;
    verify->ordered->nelts = 0;
    verify->key_lines = 0;
    spbe_body_start(verify->body);
}

static void take_piece(spbe_verify_t *verify, spbe_lines_t *lines,
                       const spbe_source_piece_t *piece)
{
    apr_uint64_t offset;
    spbe_span_t line;
    int whole;

    if (verify->segment == NULL ||
        strcmp(verify->segment, piece->segment) != 0) {
        end_segment(verify, lines);
        begin_segment(verify, piece);
    }
    else if (piece->offset != verify->end && verify->begin == verify->end) {
        /* Groups out of a database: what lies between is not kept there. */
        verify->begin = piece->offset;
    }
    verify->end = piece->offset + piece->bytes.len;
    verify->report->bytes += piece->bytes.len;
    spbe_lines_feed(lines, piece->bytes, piece->offset);
    while (spbe_lines_next(lines, &line, &offset, &whole)) {
        take_line(verify, line, offset, whole);
    }
}

static int compare_heads(const void *a, const void *b)
{
    const spbe_head_t *x = a, *y = b;

    return x->group < y->group ? -1 : x->group > y->group;
}

static void sort_heads(spbe_verify_t *verify, const apr_array_header_t *heads)
{
    verify->heads = heads == NULL
                        ? apr_array_make(verify->pool, 1, sizeof(spbe_head_t))
                        : apr_array_copy(verify->pool, heads);
    qsort(verify->heads->elts, (size_t)verify->heads->nelts,
          sizeof(spbe_head_t), compare_heads);
}

static spbe_verify_t *create(const unsigned char first[SPBE_SIGNER_SIZE],
                             const apr_array_header_t *heads, apr_pool_t *pool)
{
    spbe_verify_t *verify = apr_pcalloc(pool, sizeof(*verify));

    verify->pool = pool;
    apr_pool_create(&verify->scratch, pool);
    verify->report = apr_pcalloc(pool, sizeof(*verify->report));
    verify->report->findings =
        apr_array_make(pool, 16, sizeof(spbe_verify_finding_t));
    verify->first = first;
    verify->now = apr_time_now();
    verify->head_rc = SPBE_NONE;
    verify->body = spbe_body_create(pool);
    verify->checker = spbe_checker_create(pool);
    apr_pool_create(&verify->key_pool, pool);
    spbe_keylines_init(&verify->keys, verify->key_pool);
    verify->parts = apr_array_make(pool, 16, sizeof(spbe_verify_part_t));
    verify->orders = apr_array_make(pool, 16, sizeof(spbe_verify_order_t));
    verify->ordered = apr_array_make(pool, 4, sizeof(spbe_verify_order_t));
    verify->seen = spbe_seen_create(pool);
    sort_heads(verify, heads);
    return verify;
}

static void judge(spbe_verify_t *verify)
{
    spbe_verify_finding_t finding = {.offset = verify->end,
                                     .segment = verify->segment,
                                     .time = verify->link.time};

    if (verify->report->groups == 0) {
        finding.kind = SPBE_VERIFY_EMPTY;
        spbe_verify_find(verify, &finding);
    }
    spbe_verify_heads_end(verify);
    if (!verify->has_heads) {
        finding.kind = SPBE_VERIFY_NO_HEAD;
        spbe_verify_find(verify, &finding);
    }
    spbe_verify_judge_purges(verify);
    spbe_verify_judge_numbers(verify);
    verify->report->head.group = verify->link.number;
    verify->report->head.time = verify->link.time;
    memcpy(verify->report->head.hash, verify->link.hash, SPBE_HASH_SIZE);
    sort_findings(verify->report->findings);
}

apr_status_t spbe_verify(const spbe_source_t *source,
                         const unsigned char first[SPBE_SIGNER_SIZE],
                         const apr_array_header_t *heads,
                         spbe_verify_report_t **report, apr_pool_t *pool)
{
    spbe_verify_t *verify = create(first, heads, pool);
    spbe_lines_t *lines = spbe_lines_create(pool);
    spbe_source_piece_t piece;
    apr_status_t rv;

    *report = verify->report;
    if (verify->body == NULL || verify->checker == NULL) {
        return APR_ENOMEM;
    }
    rv = source->seek(source->baton, 0);
    while (rv == APR_SUCCESS) {
        rv = source->next(source->baton, &piece);
        if (rv == APR_SUCCESS) {
            take_piece(verify, lines, &piece);
        }
    }
    end_segment(verify, lines);
    judge(verify);
    return rv == APR_EOF ? APR_SUCCESS : rv;
}
