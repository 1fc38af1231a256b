/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/faults/tally.c - what of each writer is in an archive. See tally.h.
 */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "content.h"
#include "made.h"

#define SAID 5 /* differences of a kind that are told one by one */

tally_t *tally_create(spbe_unseal_t *unseal, apr_pool_t *pool)
{
    tally_t *tally = apr_pcalloc(pool, sizeof(*tally));

    tally->pool = pool;
    tally->unseal = unseal;
    tally->writers = apr_hash_make(pool);
    tally->refs = apr_hash_make(pool);
    apr_pool_create(&tally->scratch, pool);
    return tally;
}

static tally_writer_t *writer_of(tally_t *tally, const char *name)
{
    tally_writer_t *writer =
        apr_hash_get(tally->writers, name, APR_HASH_KEY_STRING);

    if (writer == NULL) {
        writer = apr_pcalloc(tally->pool, sizeof(*writer));
        writer->name = apr_pstrdup(tally->pool, name);
        apr_hash_set(tally->writers, writer->name, APR_HASH_KEY_STRING, writer);
    }
    return writer;
}

void tally_truth(tally_t *tally, const truth_t *truth)
{
    apr_uint32_t i;

    for (i = 0; i < truth->writers && i < TRUTH_WRITERS; i++) {
        const truth_writer_t *from = &truth->writer[i];

        writer_of(tally, from->name)->truth = from;
        tally->counts.spilled += from->spilled;
        if (from->longest > tally->counts.longest) {
            tally->counts.longest = from->longest;
        }
    }
}

static tally_number_t *number_of(tally_writer_t *writer, apr_uint64_t seq)
{
    if (seq >= writer->size) {
        apr_uint64_t size = seq + seq / 2 + 1024;

        writer->number =
            realloc(writer->number, size * sizeof(*writer->number));
        if (writer->number == NULL) {
            perror("reckon");
            exit(2);
        }
        memset(writer->number + writer->size, 0,
               (size - writer->size) * sizeof(*writer->number));
        writer->size = size;
    }
    writer->highest = seq > writer->highest ? seq : writer->highest;
    return &writer->number[seq];
}

static void say(apr_uint64_t *count, const char *what, const char *writer,
                apr_uint64_t seq)
{
    if (++*count <= SAID) {
        fprintf(stderr, "%s: %s %" APR_UINT64_T_FMT "\n", what, writer, seq);
    }
}

static spbe_span_t keep_bytes(spbe_span_t text)
{
    char *copy = malloc(text.len + 1);

    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return (spbe_span_t){copy, text.len};
}

static void add_part(tally_t *tally, tally_writer_t *writer,
                     const spbe_line_t *line, spbe_span_t text)
{
    tally_number_t *number = number_of(writer, line->seq);
    spbe_span_t *there;

    if (number->line == NULL) {
        number->parts = line->parts;
        number->line = calloc(line->parts, sizeof(*number->line));
    }
    if (line->parts != number->parts) {
        say(&tally->counts.altered, "altered: other parts", writer->name,
            line->seq);
        return;
    }
    there = &number->line[line->part - 1];
    if (there->len == 0) {
        *there = keep_bytes(text);
        number->seen++;
        return;
    }
    tally->counts.duplicate++;
    if (!spbe_span_eq(*there, text) && !content_is_thin(*there) &&
        !content_is_thin(text)) {
        say(&tally->counts.altered, "altered: twice, and not the same",
            writer->name, line->seq);
    }
}

/* The logger's own, or the tool's. */
static int is_of_log(const char *writer)
{
    return strstr(writer, ":log-") != NULL || strstr(writer, ":ctl-") != NULL;
}

static void keep_ref(tally_t *tally, const char *h)
{
    static const char before[] = "\"ref\":\"";
    const char *ref = h == NULL ? NULL : strstr(h, before);
    size_t len;

    if (ref != NULL) {
        ref += sizeof(before) - 1;
        len = strcspn(ref, "\"");
        ref = apr_pstrmemdup(tally->pool, ref, len);
        apr_hash_set(tally->refs, ref, (apr_ssize_t)len, ref);
    }
}

static void add_line(tally_t *tally, spbe_span_t text)
{
    spbe_line_t line;
    const char *why;
    tally_writer_t *writer;

    apr_pool_clear(tally->scratch);
    if (spbe_line_parse(text, &line, &why, tally->scratch) != SPBE_OK) {
        fprintf(stderr, "malformed: %s: %.*s\n", why, (int)text.len, text.ptr);
        tally->counts.malformed++;
        return;
    }
    writer = writer_of(tally, line.writer);
    if (writer->truth == NULL && !is_of_log(line.writer)) {
        say(&tally->counts.altered, "altered: nobody wrote this", line.writer,
            line.seq);
    }
    keep_ref(tally, line.h);
    add_part(tally, writer, &line, text);
}

static void add_lost(tally_t *tally, const spbe_entry_t *entry)
{
    tally_writer_t *writer;
    apr_uint64_t seq;

    if (entry->writer.len == 0) {
        tally->counts.unnumbered += entry->lost;
        return;
    }
    writer = writer_of(tally, spbe_span_dup(entry->writer, tally->pool));
    if (entry->from == 0 || entry->to < entry->from ||
        entry->to - entry->from + 1 != entry->lost ||
        (writer->truth != NULL && entry->to > writer->truth->tried)) {
        say(&tally->counts.altered, "altered: lost that was never given",
            writer->name, entry->to);
        return;
    }
    for (seq = entry->from; seq <= entry->to; seq++) {
        number_of(writer, seq)->lost = 1;
    }
}

void tally_entry(tally_t *tally, const spbe_entry_t *entry)
{
    switch (entry->kind) {
    case SPBE_ENTRY_LINE:
        add_line(tally, entry->line);
        break;
    case SPBE_ENTRY_LOST:
        add_lost(tally, entry);
        break;
    case SPBE_ENTRY_BAD:
        tally->counts.malformed++;
        break;
    default:
        break;
    }
}

void tally_row(tally_t *tally, const char *writer, apr_uint64_t seq)
{
    number_of(writer_of(tally, writer), seq)->indexed = 1;
    tally->counts.indexed++;
}

void tally_ref(tally_t *tally, const char *ref)
{
    if (apr_hash_get(tally->refs, ref, APR_HASH_KEY_STRING) == NULL) {
        say(&tally->counts.unread, "no record has the reference", ref, 0);
    }
}

static int is_whole(const tally_number_t *number)
{
    return number->line != NULL && number->seen == number->parts;
}

/* ---- the end ---- */

/* Records of kind key have no application. */
static int belongs_in_index(const tally_number_t *number)
{
    return spbe_span_find(number->line[0],
                          SPBE_SPAN("\"application\":\"muat\"")) != SPBE_NPOS;
}

static void finish_number(tally_t *tally, tally_writer_t *writer,
                          apr_uint64_t seq)
{
    tally_number_t *number = &writer->number[seq];

    if (is_whole(number)) {
        tally->counts.found++;
        apr_pool_clear(tally->scratch);
        if (writer->truth->is_made &&
            !content_is_as_made(tally, writer, seq, tally->scratch)) {
            say(&tally->counts.altered, "altered", writer->name, seq);
        }
        if (tally->wants_index && writer->truth->is_made && !number->indexed &&
            belongs_in_index(number)) {
            say(&tally->counts.unindexed, "not in the index", writer->name,
                seq);
        }
        if (number->lost) {
            say(&tally->counts.both, "reported lost but found", writer->name,
                seq);
        }
    }
    else if (number->lost) {
        tally->counts.lost++;
    }
    else {
        say(&tally->counts.missing, "missing", writer->name, seq);
    }
}

/* A writer that was killed may have got numbers for records that it could not
 * count any more. */
static apr_uint64_t accepted_of(const tally_writer_t *writer)
{
    const truth_writer_t *truth = writer->truth;

    if (writer->highest > truth->given && writer->highest <= truth->tried) {
        return writer->highest;
    }
    return truth->given;
}

static void finish_writer(tally_t *tally, tally_writer_t *writer)
{
    apr_uint64_t seq, accepted = accepted_of(writer);

    number_of(writer, accepted);
    writer->made = calloc(writer->truth->tried + TALLY_THREADS + 1, 1);
    tally->counts.accepted += accepted;
    for (seq = 1; seq <= accepted; seq++) {
        finish_number(tally, writer, seq);
    }
    for (; seq <= writer->highest; seq++) {
        say(&tally->counts.altered, "altered: a number never given",
            writer->name, seq);
    }
}

static void for_each(tally_t *tally,
                     void (*what)(tally_t *tally, tally_writer_t *writer))
{
    apr_hash_index_t *at;

    for (at = apr_hash_first(tally->pool, tally->writers); at != NULL;
         at = apr_hash_next(at)) {
        tally_writer_t *writer = apr_hash_this_val(at);

        if (writer->truth != NULL) {
            what(tally, writer);
        }
    }
}

static void learn_writer(tally_t *tally, tally_writer_t *writer)
{
    apr_uint64_t seq;

    for (seq = 1; seq <= writer->highest; seq++) {
        if (is_whole(&writer->number[seq])) {
            apr_pool_clear(tally->scratch);
            content_learn(tally, &writer->number[seq]);
        }
    }
}

void tally_finish(tally_t *tally)
{
    if (tally->unseal != NULL) {
        for_each(tally, learn_writer);
    }
    for_each(tally, finish_writer);
}
