/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/verify_numbers.c - numbers of writers: which never came? See verify.h.
 *
 * Threads overtake each other, and a spill file comes late: beside numbers of
 * the last minute of an archive others may still be on their way. These are
 * not asked for.
 */
#include "store/verify_int.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>

#define RECENT 32768 /* beyond, the oldest is judged at once */
#define RECENT_TIME apr_time_from_sec(60)
#define WRITER 128
#define LOOKS 1000    /* gaps of a writer that are looked at for one report */
#define REPORTS 65536 /* of losses, to know one that comes again */
#define JUDGED                                                                 \
    262144 /* places; beyond three quarters a writer that comes back           \
            * is asked for from its first number on */

/* A number that came, and how far its writer had come before. */
typedef struct number {
    char writer[WRITER + 1];
    apr_uint64_t before;
    apr_time_t received;
} number_t;

/* A writer for whom there was no room any more: everything up to there has been
 * judged. By a hash that nobody can make collide. */
typedef struct judged {
    unsigned char name[16];
    apr_uint64_t highest; /* 0: free */
} judged_t;

typedef struct spbe_verify_recent {
    number_t *numbers; /* a ring */
    unsigned first, count;
    apr_hash_t *highest; /* of writers with recent ones: the highest old one */
    apr_hash_t *reports; /* "writer from to" of losses */
    judged_t *judged;    /* JUDGED of them */
    unsigned judges;
} spbe_verify_recent_t;

static int see_gap(void *baton, spbe_span_t writer, apr_uint64_t from,
                   apr_uint64_t to);
static void see_drop(void *baton, const spbe_seen_t *seen, spbe_span_t writer);

static spbe_verify_recent_t *recent_of(spbe_verify_t *verify)
{
    if (verify->recent == NULL) {
        verify->recent = apr_pcalloc(verify->pool, sizeof(*verify->recent));
        verify->recent->numbers =
            apr_palloc(verify->pool, RECENT * sizeof(number_t));
        verify->recent->highest = apr_hash_make(verify->pool);
        verify->recent->reports = apr_hash_make(verify->pool);
        spbe_seen_on_drop(verify->seen, see_drop, verify);
    }
    return verify->recent;
}

/* Its place, or a free one. */
static judged_t *judged_at(spbe_verify_recent_t *recent, spbe_span_t writer)
{
    unsigned char hash[SPBE_HASH_SIZE] = {0};
    unsigned at;

    spbe_group_hash(writer, hash);
    memcpy(&at, hash + 16, sizeof(at));
    while (recent->judged[at % JUDGED].highest != 0 &&
           memcmp(recent->judged[at % JUDGED].name, hash, 16) != 0) {
        at++;
    }
    memcpy(recent->judged[at % JUDGED].name, hash, 16);
    return &recent->judged[at % JUDGED];
}

static void see_drop(void *baton, const spbe_seen_t *seen, spbe_span_t writer)
{
    spbe_verify_t *verify = baton;
    spbe_verify_recent_t *recent = recent_of(verify);
    apr_uint64_t highest = spbe_seen_highest(seen, writer);
    judged_t *judged;

    spbe_seen_gaps(seen, writer, 0, see_gap, verify);
    if (recent->judged == NULL) {
        recent->judged = apr_pcalloc(verify->pool, JUDGED * sizeof(judged_t));
    }
    if (highest == 0 || recent->judges >= JUDGED / 4 * 3) {
        return;
    }
    judged = judged_at(recent, writer);
    recent->judges += judged->highest == 0;
    judged->highest = highest > judged->highest ? highest : judged->highest;
}

/* How far it has come; of one that comes back, what was judged is done. */
static apr_uint64_t highest_of(spbe_verify_t *verify, spbe_span_t writer,
                               int *is_back)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    apr_uint64_t highest = spbe_seen_highest(verify->seen, writer);

    *is_back = 0;
    if (highest == 0 && recent->judged != NULL) {
        highest = judged_at(recent, writer)->highest;
        *is_back = highest > 0;
    }
    if (*is_back) {
        spbe_seen_account(verify->seen, writer, 1, highest);
    }
    return highest;
}

static number_t *number_at(const spbe_verify_recent_t *recent, unsigned i)
{
    return &recent->numbers[(recent->first + i) % RECENT];
}

void spbe_verify_number(spbe_verify_t *verify, const spbe_line_t *line,
                        apr_time_t received)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    number_t *number;
    int is_back;

    while (recent->count == RECENT ||
           (recent->count > 0 &&
            number_at(recent, 0)->received + RECENT_TIME <= received)) {
        recent->first = (recent->first + 1) % RECENT;
        recent->count--;
    }
    number = number_at(recent, recent->count++);
    apr_cpystrn(number->writer, line->writer, sizeof(number->writer));
    number->before = highest_of(verify, spbe_span_from(line->writer), &is_back);
    number->received = received;
    spbe_seen_add(verify->seen, line);
}

/* A report of losses against what is there. */
typedef struct against {
    apr_uint64_t from, to, missing;
    int looks;
} against_t;

static int count_missing(void *baton, spbe_span_t writer, apr_uint64_t from,
                         apr_uint64_t to)
{
    against_t *against = baton;

    from = from > against->from ? from : against->from;
    to = to < against->to ? to : against->to;
    against->missing += from <= to ? to - from + 1 : 0;
    return ++against->looks == LOOKS;
}

/* Comes again after a crash, word for word. */
static int is_known(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    char name[WRITER + 64];
    const char *copy;

    apr_snprintf(name, sizeof(name),
                 "%.*s %" APR_UINT64_T_FMT " %" APR_UINT64_T_FMT,
                 (int)(entry->writer.len < WRITER ? entry->writer.len : WRITER),
                 entry->writer.ptr, entry->from, entry->to);
    if (apr_hash_get(recent->reports, name, APR_HASH_KEY_STRING) != NULL) {
        return 1;
    }
    if (apr_hash_count(recent->reports) < REPORTS) {
        copy = apr_pstrdup(verify->pool, name);
        apr_hash_set(recent->reports, copy, APR_HASH_KEY_STRING, copy);
    }
    return 0;
}

void spbe_verify_loss(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    against_t against = {.from = entry->from, .to = entry->to};
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_NOT_LOST,
                                     .from = entry->from,
                                     .upto = entry->to,
                                     .segment = verify->segment,
                                     .offset = verify->begin,
                                     .time = entry->received};
    int is_back;

    if (is_known(verify, entry)) {
        return;
    }
    highest_of(verify, entry->writer, &is_back);
    spbe_seen_gaps(verify->seen, entry->writer, entry->to, count_missing,
                   &against);
    if (against.looks < LOOKS &&
        against.missing < entry->to - entry->from + 1) {
        finding.n = entry->to - entry->from + 1 - against.missing;
        if (verify->report->ask < SPBE_VERIFY_FINDINGS / 2) {
            finding.writer = spbe_span_dup(entry->writer, verify->pool);
        }
        spbe_verify_find(verify, &finding);
    }
    spbe_seen_account(verify->seen, entry->writer, entry->from, entry->to);
}

void spbe_verify_account(spbe_verify_t *verify, const spbe_entry_t *entry)
{
    int is_back;

    highest_of(verify, entry->writer, &is_back);
    spbe_seen_account(verify->seen, entry->writer, entry->from, entry->to);
}

/* How far each writer had come a minute before the end. */
static void look_back(spbe_verify_t *verify)
{
    spbe_verify_recent_t *recent = recent_of(verify);
    unsigned i;

    for (i = 0; i < recent->count; i++) {
        number_t *number = number_at(recent, i);

        if (apr_hash_get(recent->highest, number->writer,
                         APR_HASH_KEY_STRING) == NULL) {
            apr_hash_set(recent->highest, number->writer, APR_HASH_KEY_STRING,
                         &number->before);
        }
    }
}

static int see_gap(void *baton, spbe_span_t writer, apr_uint64_t from,
                   apr_uint64_t to)
{
    spbe_verify_t *verify = baton;
    const apr_uint64_t *highest = apr_hash_get(
        verify->recent->highest, writer.ptr, (apr_ssize_t)writer.len);
    spbe_verify_finding_t finding = {.kind = SPBE_VERIFY_LOST, .from = from};

    if (highest != NULL && *highest < from) {
        return 0;
    }
    to = highest != NULL && *highest < to ? *highest : to;
    finding.upto = to;
    finding.n = to - from + 1;
    verify->report->lost += finding.n;
    if (verify->report->ask < SPBE_VERIFY_FINDINGS / 2) {
        finding.writer = spbe_span_dup(writer, verify->pool);
    }
    spbe_verify_find(verify, &finding);
    return 0;
}

void spbe_verify_judge_numbers(spbe_verify_t *verify)
{
    /* Of an archive that ended long ago nothing is on its way. */
    if (verify->link.time + SPBE_VERIFY_NOW > verify->now) {
        look_back(verify);
    }
    spbe_seen_all_gaps(verify->seen, see_gap, verify);
    verify->report->duplicates = spbe_seen_duplicates(verify->seen);
}
