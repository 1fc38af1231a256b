/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_group.c - one group: is it what was signed, by whom, and in its
 * place? See verify.h.
 *
 * Behind a break the chain goes on with what is there, so that every later
 * break is found too; what merely follows from the first is not said again.
 */
#include "store/verify_int.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

static spbe_verify_finding_t *find(spbe_verify_t *verify,
                                   spbe_verify_kind_t kind, apr_uint64_t from,
                                   apr_uint64_t upto, apr_time_t time)
{
    spbe_verify_finding_t finding = {.kind = kind,
                                     .from = from,
                                     .upto = upto,
                                     .segment = verify->segment,
                                     .offset = verify->begin,
                                     .time = time};
    apr_array_header_t *all = verify->report->findings;
    int n = all->nelts;

    spbe_verify_find(verify, &finding);
    return all->nelts > n ? &APR_ARRAY_IDX(all, n, spbe_verify_finding_t)
                          : NULL;
}

/* Was it signed by the signer that it names? */
static int is_signed(spbe_verify_t *verify, spbe_span_t line,
                     const spbe_group_t *group)
{
    spbe_buf_t message;

    apr_pool_clear(verify->scratch);
    spbe_buf_init(&message, SPBE_GROUP_LINE, verify->scratch);
    spbe_group_add_message(&message, line);
    return spbe_checker_check(verify->checker, group->signer,
                              spbe_buf_span(&message), group->signature);
}

/* A line that is no signature, or not that of its signer: it stands for the
 * group that should have come. */
static void take_bad_line(spbe_verify_t *verify, spbe_span_t line)
{
    spbe_verify_link_t *link = &verify->link;

    find(verify, SPBE_VERIFY_SIGNATURE, link->number + 1, link->number + 1,
         link->time);
    link->number++;
    link->is_bad = 1;
    spbe_group_hash(line, link->hash);
    spbe_verify_heads(verify, link->number, NULL, link->time);
}

static int is_successor(const spbe_verify_link_t *link,
                        const spbe_group_t *group)
{
    return memcmp(group->signer, link->signer, SPBE_SIGNER_SIZE) == 0 ||
           memcmp(group->signer, link->next, SPBE_SIGNER_SIZE) == 0;
}

/* Groups that come again, or too late: one finding for a row of them. */
static void take_repeated(spbe_verify_t *verify, const spbe_group_t *group)
{
    apr_array_header_t *all = verify->report->findings;
    spbe_verify_finding_t *last =
        all->nelts == 0
            ? NULL
            : &APR_ARRAY_IDX(all, all->nelts - 1, spbe_verify_finding_t);

    if (last != NULL && last->kind == SPBE_VERIFY_REPEATED &&
        last->upto + 1 == group->number &&
        strcmp(last->segment, verify->segment) == 0) {
        last->upto++;
        return;
    }
    find(verify, SPBE_VERIFY_REPEATED, group->number, group->number,
         group->time);
}

/* The first group that there is. 1: it can be relied on. */
static int check_start(spbe_verify_t *verify, const spbe_group_t *group)
{
    static const unsigned char nothing[SPBE_HASH_SIZE];

    if (memcmp(group->signer, verify->first, SPBE_SIGNER_SIZE) == 0 &&
        group->number == 1) {
        if (memcmp(group->before, nothing, sizeof(nothing)) == 0) {
            return 1;
        }
        find(verify, SPBE_VERIFY_CHAIN, 1, 1, group->time);
        return 0;
    }
    if (group->number > 1) {
        find(verify, SPBE_VERIFY_NO_START, 1, group->number - 1, group->time);
    }
    /* Where the start is gone the segment's entry still names its key. */
    if (group->number == 1 || (verify->head_rc == SPBE_OK &&
                               memcmp(verify->head_entry.first, verify->first,
                                      SPBE_SIGNER_SIZE) != 0)) {
        find(verify, SPBE_VERIFY_WRONG_KEY, group->number, group->number,
             group->time);
    }
    return 0;
}

/* The group that follows the last one, by its number. */
static int check_next(spbe_verify_t *verify, const spbe_group_t *group)
{
    const spbe_verify_link_t *link = &verify->link;

    /* What was found wrong with the one before breaks this link too. */
    if (link->is_bad) {
        return 1;
    }
    if (!is_successor(link, group)) {
        find(verify, SPBE_VERIFY_SIGNER, group->number, group->number,
             group->time);
        return 0;
    }
    if (memcmp(group->before, link->hash, SPBE_HASH_SIZE) != 0) {
        find(verify, SPBE_VERIFY_CHAIN, group->number, group->number,
             group->time);
        return 0;
    }
    return 1;
}

static void go_on(spbe_verify_t *verify, const spbe_group_t *group,
                  spbe_span_t line, int is_good)
{
    spbe_verify_link_t *link = &verify->link;

    link->number = group->number;
    link->time = group->time;
    link->is_bad = !is_good;
    spbe_group_hash(line, link->hash);
    memcpy(link->signer, group->signer, SPBE_SIGNER_SIZE);
    memcpy(link->next, group->next, SPBE_SIGNER_SIZE);
}

/* 1: it is in its place, or the first of what follows a gap. */
static int check_place(spbe_verify_t *verify, const spbe_group_t *group,
                       spbe_span_t line)
{
    const spbe_verify_link_t *link = &verify->link;
    int is_good = 1;

    if (link->number == 0) {
        is_good = check_start(verify, group);
        verify->report->from = group->number;
        verify->report->since = group->time;
        memcpy(verify->report->first, group->signer, SPBE_SIGNER_SIZE);
    }
    else if (group->number <= link->number) {
        take_repeated(verify, group);
        return 0;
    }
    else if (group->number == link->number + 1) {
        is_good = check_next(verify, group);
    }
    else {
        find(verify, SPBE_VERIFY_MISSING, link->number + 1, group->number - 1,
             link->time);
    }
    go_on(verify, group, line, is_good);
    return 1;
}

/* The entry that a segment begins with agrees with where it stands. */
static void check_head(spbe_verify_t *verify, const spbe_group_t *group)
{
    const spbe_segment_t *head = &verify->head_entry;
    int is_right =
        verify->head_rc == SPBE_OK && head->offset == verify->head_at &&
        head->offset == verify->begin && head->group == group->number &&
        memcmp(head->before, group->before, SPBE_HASH_SIZE) == 0;

    if (verify->head_rc == SPBE_NONE && !verify->is_first) {
        return;
    }
    spbe_verify_part_begin(verify, verify->begin);
    if (verify->head_rc == SPBE_OK) {
        verify->report->node = apr_pstrdup(verify->pool, head->node);
    }
    if (!is_right) {
        find(verify, SPBE_VERIFY_SEGMENT, group->number, group->number,
             group->time);
    }
}

/* Nothing is left of it but the entry that its segment begins with. */
static int is_bare(const spbe_verify_t *verify, const spbe_group_t *group)
{
    apr_uint64_t heads = verify->head_rc == SPBE_OK;

    return verify->entries == heads && group->entries > heads;
}

static void check_body(spbe_verify_t *verify, const spbe_group_t *group)
{
    unsigned char hash[SPBE_HASH_SIZE];
    int bare = is_bare(verify, group);

    if (!bare && (!spbe_body_end(verify->body, hash) ||
                  verify->entries != group->entries ||
                  memcmp(hash, group->body, sizeof(hash)) != 0)) {
        find(verify, SPBE_VERIFY_BODY, group->number, group->number,
             group->time);
        return;
    }
    spbe_verify_part(verify, group, bare);
}

static void set_clock(spbe_verify_clock_t *clock, const spbe_group_t *group)
{
    memcpy(clock->boot, group->boot, sizeof(clock->boot));
    clock->shift = group->time - (apr_int64_t)group->up;
}

static void find_clock(spbe_verify_t *verify, spbe_verify_kind_t kind,
                       const spbe_group_t *group, apr_int64_t by)
{
    spbe_verify_finding_t *finding =
        find(verify, kind, group->number, group->number, group->time);

    if (finding != NULL) {
        finding->n = (apr_uint64_t)apr_time_sec(by < 0 ? -by : by);
    }
}

/* The clock of the wall against the age of the machine; over a start, against
 * itself. */
static void check_clock(spbe_verify_t *verify, const spbe_group_t *group)
{
    spbe_verify_clock_t *clock = &verify->clock;
    int is_same = strcmp(clock->boot, group->boot) == 0;
    apr_int64_t moved =
        is_same ? group->time - (apr_int64_t)group->up - clock->shift
                : group->time - clock->time;

    if (clock->boot[0] == '\0') {
        set_clock(clock, group);
    }
    else if (is_same && group->up + apr_time_from_sec(1) < clock->up) {
        find_clock(verify, SPBE_VERIFY_UPTIME, group,
                   (apr_int64_t)(clock->up - group->up));
        set_clock(clock, group);
    }
    else if (moved < -SPBE_VERIFY_CLOCK) {
        find_clock(verify, SPBE_VERIFY_CLOCK_BACK, group, moved);
        set_clock(clock, group);
    }
    else if (is_same && moved > SPBE_VERIFY_CLOCK) {
        find_clock(verify, SPBE_VERIFY_CLOCK_AHEAD, group, moved);
        set_clock(clock, group);
    }
    else if (!is_same) {
        set_clock(clock, group);
    }
    clock->up = group->up;
    clock->time = group->time;
}

/* Whoever signs can date a group as he likes, but not make it tomorrow. */
static void check_now(spbe_verify_t *verify, const spbe_group_t *group)
{
    if (group->time > verify->now + SPBE_VERIFY_NOW && !verify->has_future) {
        verify->has_future = 1;
        find_clock(verify, SPBE_VERIFY_FUTURE, group,
                   group->time - verify->now);
    }
}

void spbe_verify_group(spbe_verify_t *verify, spbe_span_t line)
{
    spbe_group_t group;

    verify->report->groups++;
    if (spbe_group_parse(line, &group) != SPBE_OK ||
        !is_signed(verify, line, &group)) {
        take_bad_line(verify, line);
        return;
    }
    if (!check_place(verify, &group, line)) {
        return;
    }
    check_head(verify, &group);
    check_body(verify, &group);
    check_clock(verify, &group);
    check_now(verify, &group);
    spbe_verify_heads(verify, group.number, verify->link.hash, group.time);
}

/* --- what is known elsewhere ---------------------------------------------- */

static void find_other(spbe_verify_t *verify, const spbe_head_t *head,
                       apr_time_t time)
{
    if (!verify->has_other) {
        find(verify, SPBE_VERIFY_HEAD_OTHER,
             verify->report->confirmed.group + 1, head->group, time);
    }
    verify->has_other = 1;
}

/* Central logs have those of many machines. */
static int is_of_another(const spbe_verify_t *verify, const spbe_head_t *head)
{
    return head->node != NULL &&
           (verify->report->node == NULL ||
            strcmp(head->node, verify->report->node) != 0);
}

static void check_known(spbe_verify_t *verify, const spbe_head_t *head,
                        const unsigned char *hash, apr_time_t time)
{
    if (memcmp(head->hash, hash, SPBE_HASH_SIZE) != 0) {
        find_other(verify, head, time);
        return;
    }
    verify->report->heads++;
    verify->report->confirmed = *head;
    verify->report->confirmed.time = time;
}

void spbe_verify_heads(spbe_verify_t *verify, apr_uint64_t number,
                       const unsigned char *hash, apr_time_t time)
{
    while (verify->head < verify->heads->nelts) {
        const spbe_head_t *head =
            &APR_ARRAY_IDX(verify->heads, verify->head, spbe_head_t);

        if (head->group > number) {
            return;
        }
        verify->head++;
        if (is_of_another(verify, head)) {
            continue;
        }
        verify->has_heads = 1;
        /* Of a missing or broken group enough has been said. */
        if (head->group == number && hash != NULL) {
            check_known(verify, head, hash, time);
        }
    }
}

void spbe_verify_heads_end(spbe_verify_t *verify)
{
    apr_uint64_t last = 0;

    for (; verify->head < verify->heads->nelts; verify->head++) {
        const spbe_head_t *head =
            &APR_ARRAY_IDX(verify->heads, verify->head, spbe_head_t);

        if (!is_of_another(verify, head)) {
            last = head->group;
        }
    }
    if (last > 0) {
        verify->has_heads = 1;
        verify->begin = verify->end;
        find(verify, SPBE_VERIFY_HEAD_MISSING, verify->link.number + 1, last,
             verify->link.time);
    }
}
