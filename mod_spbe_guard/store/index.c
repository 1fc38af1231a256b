/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/index.c - keeps the database up to date with the archive. See index.h.
 */
#include "store/index.h"

#include <string.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/anomalies.h"
#include "store/archive_int.h"
#include "store/assemble.h"
#include "store/database_int.h"
#include "store/groups.h"
#include "store/pieces.h"
#include "store/purges.h"
#include "store/row.h"

#define NOWHERE ((apr_uint64_t)-1)
#define LOOK apr_time_from_sec(5)

struct spbe_index {
    spbe_archive_t *archive;
    spbe_archive_reader_t *reader;
    spbe_database_t *database;
    spbe_assemble_t *assemble;
    spbe_groups_t *groups;
    apr_time_t look;       /* when to look for what was purged */
    int is_other;          /* this is not the archive that was indexed */
    apr_uint64_t position; /* what this process wrote last */
    apr_pool_t *scratch;
};

spbe_index_t *spbe_index_create(spbe_archive_t *archive,
                                spbe_database_t *database, apr_pool_t *pool)
{
    spbe_index_t *index = apr_pcalloc(pool, sizeof(*index));

    index->archive = archive;
    index->reader = spbe_archive_reader(archive, 0, pool);
    index->database = database;
    index->assemble = spbe_assemble_create(pool);
    index->groups = spbe_groups_create(database, archive->dir, pool);
    index->position = NOWHERE;
    apr_pool_create(&index->scratch, pool);
    /* Tried again when there is something to index. */
    spbe_groups_learn(index->groups);
    return index;
}

apr_uint64_t spbe_index_position(const spbe_index_t *index)
{
    return index->position == NOWHERE ? 0 : index->position;
}

apr_uint64_t spbe_index_reads(const spbe_index_t *index)
{
    return spbe_archive_tell(index->reader);
}

int spbe_index_waiting(const spbe_index_t *index)
{
    return spbe_assemble_oldest(index->assemble, NOWHERE) != NOWHERE;
}

/* Somebody else has moved the place, or this is the first time. */
static void start_at(spbe_index_t *index, apr_uint64_t position)
{
    spbe_assemble_clear(index->assemble);
    spbe_archive_seek(index->reader, position);
    index->position = position;
}

/* Sums only: a tally says nothing that one would look up. */
static apr_status_t put_tally(spbe_index_t *index, const spbe_row_t *row,
                              int *added)
{
    spbe_tally_row_t tally;

    *added = 0;
    return spbe_anomalies_read_tally(row, &tally, index->scratch)
               ? spbe_anomalies_add_tally(index->database, &tally, added)
               : APR_SUCCESS;
}

/* Another one under the same id changes nothing of the first. */
static apr_status_t put_record(spbe_index_t *index, const spbe_row_t *row,
                               int *added)
{
    apr_array_header_t *rows;
    apr_status_t rv = spbe_database_put(index->database, row, added);
    int i;

    if (rv != APR_SUCCESS || *added <= 0) {
        return rv;
    }
    rv = spbe_purges_note(index->database, row, index->scratch);
    rows = spbe_anomalies_read(row, index->scratch);
    for (i = 0; rows != NULL && rv == APR_SUCCESS && i < rows->nelts; i++) {
        rv = spbe_anomalies_put(index->database,
                                &APR_ARRAY_IDX(rows, i, spbe_anomaly_row_t));
    }
    return rv;
}

static apr_status_t put(spbe_index_t *index, const spbe_row_t *row,
                        spbe_index_counts_t *counts)
{
    int added = 0;
    apr_status_t rv;

    if (strcmp(row->kind, "tally") == 0) {
        rv = put_tally(index, row, &added);
    }
    else if (strcmp(row->kind, "more") == 0) {
        rv = spbe_database_put_more(index->database, row, &added);
    }
    else if (strcmp(row->kind, "key") == 0) {
        rv = spbe_database_put_key(index->database, row, &added);
    }
    else {
        rv = put_record(index, row, &added);
    }
    counts->records += added > 0;
    counts->duplicates += rv == APR_SUCCESS && added == 0;
    counts->incomplete += added > 0 && !row->complete;
    return rv;
}

/* Of one without its first line nothing is known but that it is there. */
static apr_status_t put_whole(spbe_index_t *index, spbe_whole_t *whole,
                              spbe_index_counts_t *counts)
{
    int held;
    apr_status_t rv =
        spbe_pieces_add(index->database, whole, &held, index->scratch);
    spbe_row_t row;

    if (rv != APR_SUCCESS || held || whole->h == NULL) {
        counts->duplicates += rv == APR_SUCCESS && held;
        counts->incomplete += rv == APR_SUCCESS && !held;
        return rv;
    }
    spbe_row_from_whole(&row, whole, index->scratch);
    return put(index, &row, counts);
}

static apr_status_t take_line(spbe_index_t *index, const spbe_entry_t *entry,
                              spbe_index_counts_t *counts)
{
    spbe_line_t line;
    spbe_whole_t whole;
    const char *why;

    if (spbe_line_parse(entry->line, &line, &why, index->scratch) != SPBE_OK) {
        counts->malformed++;
        return APR_SUCCESS;
    }
    if (!spbe_assemble_add(index->assemble, &line, entry, &whole,
                           index->scratch)) {
        return APR_SUCCESS;
    }
    return put_whole(index, &whole, counts);
}

static apr_status_t take_entry(spbe_index_t *index, const spbe_entry_t *entry,
                               spbe_index_counts_t *counts)
{
    spbe_row_t row;

    switch (entry->kind) {
    case SPBE_ENTRY_LINE:
        return take_line(index, entry, counts);
    case SPBE_ENTRY_LOST:
        counts->lost += entry->lost;
        spbe_row_from_lost(&row, entry, index->scratch);
        return put(index, &row, counts);
    default:
        counts->malformed++;
        return APR_SUCCESS;
    }
}

static apr_status_t expire(spbe_index_t *index, apr_time_t patience,
                           spbe_index_counts_t *counts)
{
    spbe_whole_t whole;
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && spbe_assemble_expire(index->assemble, patience,
                                                     &whole, index->scratch)) {
        rv = put_whole(index, &whole, counts);
    }
    return rv;
}

static apr_status_t take_batch(spbe_index_t *index, long max,
                               apr_time_t patience, int *more,
                               spbe_index_counts_t *counts)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && max-- > 0) {
        spbe_entry_t entry;

        rv = spbe_archive_next(index->reader, &entry);
        if (rv == APR_SUCCESS) {
            rv = take_entry(index, &entry, counts);
        }
    }
    *more = rv == APR_SUCCESS;
    /* While entries are left, what is missing may be among them. */
    if (rv == APR_SUCCESS || rv == APR_EOF) {
        rv = expire(index, *more ? 0 : patience, counts);
    }
    return rv;
}

/* Rows up to where the reader stands, and the groups they came from. */
static apr_status_t take_all(spbe_index_t *index, long max, apr_time_t patience,
                             int *more, spbe_index_counts_t *counts)
{
    apr_uint64_t size = spbe_archive_size(index->archive), position;
    int fits;
    apr_status_t rv = spbe_groups_follow(index->groups, 0, size, &fits);

    if (rv == APR_SUCCESS && fits) {
        spbe_database_position(index->database, &position);
        if (position != index->position) {
            start_at(index, position);
        }
        rv = take_batch(index, max, patience, more, counts);
    }
    if (rv == APR_SUCCESS && fits) {
        rv = spbe_groups_follow(index->groups, spbe_archive_tell(index->reader),
                                size, &fits);
    }
    index->is_other = rv == APR_SUCCESS && !fits;
    return index->is_other ? APR_EGENERAL : rv;
}

static apr_status_t batch(spbe_index_t *index, long max, apr_time_t patience,
                          int *more, spbe_index_counts_t *counts)
{
    apr_uint64_t position;
    apr_status_t rv = take_all(index, max, patience, more, counts);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    position =
        spbe_assemble_oldest(index->assemble, spbe_archive_tell(index->reader));
    rv = spbe_database_set_position(index->database, position);
    if (rv == APR_SUCCESS) {
        rv = spbe_database_commit(index->database);
    }
    index->position = rv == APR_SUCCESS ? position : NOWHERE;
    return rv;
}

/*
 * A file is gone through from the front again, with what it has been told of
 * the other archive; the shared database keeps what it knows, and nothing is
 * added until somebody has looked.
 */
static apr_status_t note_other(spbe_index_t *index)
{
    spbe_database_t *database = index->database;
    const char *why =
        apr_pstrdup(index->scratch, spbe_database_error(database));
    apr_status_t rv = spbe_database_begin(database);

    if (rv == APR_SUCCESS) {
        rv = spbe_database_is_shared(database)
                 ? spbe_node_blame(database, why)
                 : spbe_node_start_over(database, why);
    }
    if (rv == APR_SUCCESS) {
        rv = spbe_database_commit(database);
    }
    if (rv != APR_SUCCESS) {
        spbe_database_rollback(database);
        return rv;
    }
    return spbe_database_is_shared(database)
               ? spbe_database_say(database, APR_EGENERAL, "%s", why)
               : APR_SUCCESS;
}

static apr_status_t look_for_purged(spbe_index_t *index)
{
    apr_time_t now = apr_time_now();

    if (now < index->look) {
        return APR_SUCCESS;
    }
    index->look = now + LOOK;
    return spbe_purges_look(index->database, index->archive->dir,
                            index->scratch);
}

static apr_status_t try_batch(spbe_index_t *index, long max,
                              apr_time_t patience, int *more,
                              spbe_index_counts_t *counts)
{
    apr_status_t rv = spbe_database_begin(index->database);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = batch(index, max, patience, more, counts);
    if (rv != APR_SUCCESS) {
        spbe_database_rollback(index->database);
        /* What this batch had assembled is not in: begin again. */
        index->position = NOWHERE;
    }
    return rv;
}

apr_status_t spbe_index_follow(spbe_index_t *index, long max,
                               apr_time_t patience, int *more,
                               spbe_index_counts_t *counts)
{
    spbe_index_counts_t now = *counts;
    apr_status_t rv;

    *more = 0;
    index->is_other = 0;
    apr_pool_clear(index->scratch);
    rv = spbe_groups_learn(index->groups);
    if (rv != APR_SUCCESS) {
        return rv == APR_EOF ? APR_SUCCESS : rv;
    }
    rv = try_batch(index, max, patience, more, &now);
    if (rv != APR_SUCCESS) {
        *more = 0;
        if (!index->is_other) {
            return rv;
        }
        rv = note_other(index);
        *more = rv == APR_SUCCESS;
        return rv;
    }
    *counts = now;
    return *more ? APR_SUCCESS : look_for_purged(index);
}
