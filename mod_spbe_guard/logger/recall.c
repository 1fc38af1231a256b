/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/recall.c - what is in the archive already. See recall.h.
 */
#include "logger/recall.h"

#include <apr_strings.h>
#include "record/line.h"

#define FILE_NAME "/seen"
#define SLICE apr_time_from_msec(20)
#define NOT_BEGUN ((apr_uint64_t)-1)

struct spbe_recall {
    const char *path;
    spbe_seen_t *seen;
    spbe_archive_reader_t *reader; /* NULL: nothing is left to read */
    apr_uint64_t at, end;          /* to be read; at NOT_BEGUN: not known */
    int from_start;
    apr_uint64_t saved; /* the offset of the last check-point */
    apr_pool_t *pool;   /* of reader */
    apr_pool_t *scratch;
};

spbe_recall_t *spbe_recall_create(const char *home, spbe_seen_t *seen,
                                  apr_pool_t *pool)
{
    spbe_recall_t *recall = apr_pcalloc(pool, sizeof(*recall));

    recall->path = apr_pstrcat(pool, home, FILE_NAME, NULL);
    recall->seen = seen;
    recall->at = NOT_BEGUN;
    apr_pool_create(&recall->pool, pool);
    apr_pool_create(&recall->scratch, pool);
    return recall;
}

/* A check-point of another archive, or of one that was cut, says nothing. */
static void load(spbe_recall_t *recall, const spbe_archive_t *archive)
{
    apr_uint64_t offset;

    recall->end = spbe_archive_end(archive);
    if (spbe_seen_load(recall->seen, recall->path, &offset, recall->scratch) !=
            APR_SUCCESS ||
        offset > recall->end) {
        spbe_seen_empty(recall->seen);
        recall->from_start = 1;
        offset = 0;
    }
    recall->at = recall->saved = offset;
    apr_pool_clear(recall->scratch);
}

void spbe_recall_archive(spbe_recall_t *recall, spbe_archive_t *archive)
{
    apr_pool_clear(recall->pool);
    recall->reader = NULL;
    if (recall->at == NOT_BEGUN) {
        load(recall, archive);
    }
    if (recall->at < recall->end) {
        recall->reader = spbe_archive_reader(archive, recall->at, recall->pool);
    }
}

static void note(spbe_recall_t *recall, const spbe_entry_t *entry)
{
    spbe_line_t line;
    const char *why;

    if (entry->kind == SPBE_ENTRY_LINE) {
        if (spbe_line_parse(entry->line, &line, &why, recall->scratch) ==
            SPBE_OK) {
            spbe_seen_add(recall->seen, &line);
        }
        apr_pool_clear(recall->scratch);
    }
    else if (entry->kind == SPBE_ENTRY_LOST && entry->writer.len > 0) {
        spbe_seen_account(recall->seen, entry->writer, entry->from, entry->to);
    }
}

int spbe_recall_step(spbe_recall_t *recall)
{
    apr_time_t begin = apr_time_now();
    spbe_entry_t entry;

    if (recall->reader == NULL) {
        return 0;
    }
    do {
        if (spbe_archive_next(recall->reader, &entry) != APR_SUCCESS ||
            entry.offset >= recall->end) {
            recall->at = recall->end;
            recall->reader = NULL;
            return 0;
        }
        note(recall, &entry);
        recall->at = entry.next;
    } while (apr_time_now() - begin < SLICE);
    return 1;
}

int spbe_recall_knows(const spbe_recall_t *recall)
{
    return recall->at != NOT_BEGUN && recall->at >= recall->end;
}

int spbe_recall_from_start(const spbe_recall_t *recall)
{
    return recall->from_start;
}

apr_status_t spbe_recall_save(spbe_recall_t *recall, spbe_archive_t *archive)
{
    apr_uint64_t end = spbe_archive_end(archive);
    apr_status_t rv;

    if (!spbe_recall_knows(recall) || end == recall->saved) {
        return APR_SUCCESS;
    }
    rv = spbe_seen_save(recall->seen, recall->path, end, recall->scratch);
    apr_pool_clear(recall->scratch);
    if (rv == APR_SUCCESS) {
        recall->saved = end;
    }
    return rv;
}
